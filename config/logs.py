"""What goes to the log, a line an event; never the values that a failing function held."""

import sys
from typing import Any

import structlog


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,  # plain: the pretty one prints local variables
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=standard_error,
    )


def standard_error(*args: Any) -> structlog.PrintLogger:
    """A logger on the standard error of this moment, not of the one when it was configured."""
    return structlog.PrintLogger(sys.stderr)
