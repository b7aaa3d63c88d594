"""Dates short enough for a column, day first as the documents have them; 24 hours."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y H:i"
