"""Dates short enough for a column: the rest is Django's own Spanish."""

DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "d/m/Y H:i"
