"""Operators of expressions that mongoeco lacks, or that it takes another way."""

# mypy: ignore-errors

import datetime
import math

from bson.decimal128 import Decimal128
from mongoeco.core.aggregation import date_expressions as dates
from mongoeco.core.aggregation.extensions import register_aggregation_expression_operator
from mongoeco.errors import OperationFailure

FUNCTIONS = {
    "$sin": math.sin,
    "$cos": math.cos,
    "$tan": math.tan,
    "$asin": math.asin,
    "$acos": math.acos,
    "$atan": math.atan,
    "$sinh": math.sinh,
    "$cosh": math.cosh,
    "$tanh": math.tanh,
    "$degreesToRadians": math.radians,
    "$radiansToDegrees": math.degrees,
}
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def install():
    register_aggregation_expression_operator("$not", negation)
    register_aggregation_expression_operator("$dateTrunc", truncated)
    for name, function in FUNCTIONS.items():
        register_aggregation_expression_operator(name, of_one_number(name, function))


def argument(name, spec, document, variables, context):
    """Evaluate the one argument of an operator, and give numbers as Python knows them."""
    if isinstance(spec, list):
        if len(spec) != 1:
            raise OperationFailure(f"Expression {name} takes exactly 1 arguments")
        [spec] = spec
    value = context.evaluate_expression(document, spec, variables)
    return value.to_decimal() if isinstance(value, Decimal128) else value


def negation(document, spec, variables, dialect, context):
    value = argument("$not", spec, document, variables, context)
    # Empty texts and lists are true to MongoDB; null, false and zero are not.
    return value is None or (not isinstance(value, (str, bytes, list, dict)) and not value)


def of_one_number(name, function):
    def operator(document, spec, variables, dialect, context):
        value = argument(name, spec, document, variables, context)
        return None if value is None else function(float(value))

    return operator


def truncated(document, spec, variables, dialect, context):
    """$dateTrunc in a time zone of its own."""
    if not isinstance(spec, dict) or not spec.keys() >= {"date", "unit"}:
        raise OperationFailure("$dateTrunc requires date and unit")
    values = {key: context.evaluate_expression(document, spec[key], variables) for key in spec}
    date = values["date"]
    if date is None:
        return None
    if not isinstance(date, datetime.datetime):
        raise OperationFailure("$dateTrunc requires a datetime value")
    zone = dates._resolve_timezone("$dateTrunc", values.get("timezone"))
    first = str(values.get("startOfWeek", "sunday")).lower()
    first = next((day for day in DAYS if day.startswith(first[:3])), first)  # "mon" will do
    result = dates._truncate_datetime(
        dates._localize_datetime(date, zone), values["unit"], values.get("binSize", 1), first
    )
    return dates._restore_datetime_timezone(result, date)
