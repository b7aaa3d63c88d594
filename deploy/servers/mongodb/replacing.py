"""How a function of mongoeco gives way to one of ours."""

# mypy: ignore-errors

import functools


def replace(name, *owners, by):
    """Put `by` in the place of `name` in every owner; its first argument is the function replaced.

    There are several owners where a module imported the function by its name.
    """
    original = getattr(owners[0], name)

    @functools.wraps(original)
    def replacement(*args, **kwargs):
        return by(original, *args, **kwargs)

    for owner in owners:
        setattr(owner, name, replacement)
