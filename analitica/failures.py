"""Why a question to the lake has no answer, in the words of the contract."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from ingestion.jobs import JobFailed

# What S3 answers while it has too much to do.
BUSY = {"500", "502", "503", "504", "InternalError", "ServiceUnavailable", "SlowDown"}


class Unanswered(Exception):
    """What is told instead of an answer: `sentence` to programs, with its status, and `words` to people."""

    status = 500

    def __init__(self, sentence: str, words: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.words = words or sentence


class Unreachable(Unanswered):
    """The store of the lake doesn't answer."""

    status = 503


class UnknownSnapshot(Unanswered):
    status = 404


class NoSuchTable(Unanswered):
    def __init__(self, key: str) -> None:
        words = _("En el lago falta %(key)s.") % {"key": key}
        super().__init__(f"Error: Could not load {key}: NoSuchKey", words)


class Unreadable(Unanswered):
    """A table is there, and isn't what it should be."""

    def __init__(self, table: str, why: str) -> None:
        words = _("No se puede leer la tabla %(table)s: %(why)s") % {"table": table, "why": why}
        super().__init__(f"Error analyzing {table}: {why}", words)


class ColumnNotFound(Unanswered):
    def __init__(self, table: str, column: str) -> None:
        words = _("A la tabla %(table)s le falta la columna «%(column)s».") % {
            "table": table,
            "column": column,
        }
        super().__init__(f"Error analyzing {table}: '{column}' column not found", words)


@contextmanager
def told() -> Iterator[None]:
    """Raise Unanswered for what the lake raises in the block when it can't be read."""
    try:
        yield
    except JobFailed as refusal:
        code = getattr(refusal, "code", None)  # S3's word for it; "" where nobody answered
        if code is None:
            raise Unanswered(str(refusal)) from refusal
        if not code or code in BUSY:
            raise Unreachable(str(refusal)) from refusal
        raise Unanswered(
            f"Error: An error occurred ({code}) when calling the GetObject operation", str(refusal)
        ) from refusal
    except OSError as failure:
        raise Unreachable(_("No se puede leer el lago.")) from failure
