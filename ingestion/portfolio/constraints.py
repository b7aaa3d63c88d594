"""A model's CheckConstraints, judged on a row in memory: no query a row."""

from collections.abc import Callable
from decimal import Decimal
from operator import add, ge, gt, le, lt, sub
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import CombinedExpression

from core.stores import store_for

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}


class NotInMemory(Exception):
    """The condition says more than is understood here: the store must be asked."""


def violations(row: models.Model) -> list[str]:
    """Return the sentence of each CheckConstraint that `row` breaks."""
    return [
        sentence
        for constraint in row._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and (sentence := _violation(constraint, row))
    ]


def _violation(constraint: models.CheckConstraint, row: models.Model) -> str:
    try:
        # As in SQL, a check that can't be told, for a null in it, is kept.
        broken = holds(constraint.condition, row) is False
        return str(constraint.get_violation_error_message()) if broken else ""
    except NotInMemory:
        return _asked(constraint, row)


def _asked(constraint: models.CheckConstraint, row: models.Model) -> str:
    check: Any = constraint
    try:
        check.validate(type(row), row, using=store_for(type(row)).alias)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def holds(condition: Any, row: models.Model) -> bool | None:
    """Return whether `row` meets a Q, None where a null leaves it open; NotInMemory if it can't tell."""
    if not isinstance(condition, Q):
        raise NotInMemory
    answers = [
        holds(child, row) if isinstance(child, Q) else _lookup(child, row)
        for child in condition.children
    ]
    deciding = {Q.AND: False, Q.OR: True}.get(condition.connector)
    if deciding is None:
        raise NotInMemory
    answer = deciding if deciding in answers else None if None in answers else not deciding
    return answer if answer is None or not condition.negated else not answer


def _lookup(child: Any, row: models.Model) -> bool | None:
    if not isinstance(child, tuple):
        raise NotInMemory
    name, _sep, lookup = child[0].partition(LOOKUP_SEP)
    left, right = _resolved(F(name), row), _resolved(child[1], row)
    if lookup == "isnull":
        return (left is None) is right
    if left is None or right is None:
        return None
    if lookup == "in":
        return left in [_resolved(option, row) for option in right]
    if lookup in ("", "exact"):
        return bool(left == right)
    if lookup not in COMPARISONS:
        raise NotInMemory
    return COMPARISONS[lookup](left, right)


def _resolved(expression: Any, row: models.Model) -> Any:
    if isinstance(expression, F):
        field: Any = row._meta.get_field(expression.name)
        return getattr(row, field.attname)
    if isinstance(expression, Value):
        return expression.value
    if isinstance(expression, CombinedExpression) and expression.connector in ARITHMETIC:
        sides = _resolved(expression.lhs, row), _resolved(expression.rhs, row)
        return None if None in sides else ARITHMETIC[expression.connector](*sides)
    if hasattr(expression, "resolve_expression"):
        raise NotInMemory
    # A TextChoices member compares as its text, and money is exact.
    return Decimal(str(expression)) if isinstance(expression, float) else expression
