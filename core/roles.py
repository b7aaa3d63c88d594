"""The roles of the house: groups whose permissions follow the table in settings.ROLES."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q

Grants = Mapping[str, Sequence[str]]


def keep_roles(using: str, **kwargs: Any) -> None:
    """Give each role the permissions that its grants name, no more and no fewer; harmless to repeat."""
    if using != DEFAULT_DB_ALIAS:
        return
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0, using=using)
    for role, grants in settings.ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.set(permissions(grants))


def permissions(grants: Grants) -> Iterable[Permission]:
    """Return what `grants` name: a verb, or "*" for all, of a model, or of "app.*" for its models.

    Raises LookupError for a grant that names nothing.
    """
    found: set[Permission] = set()
    for verb, labels in grants.items():
        for label in labels:
            app, model = label.split(".")
            wanted = Q() if verb == "*" else Q(codename__startswith=f"{verb}_")
            of_model = Q() if model == "*" else Q(content_type__model=model)
            named = set(Permission.objects.filter(wanted, of_model, content_type__app_label=app))
            if not named:
                raise LookupError(f"ROLES: {verb!r} of {label!r} names no permission")
            found |= named
    return found
