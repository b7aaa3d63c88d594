"""Answers that are kept: by source, address, parameters and scope, and never by time."""

import hashlib
import json
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock

import structlog
from django.conf import settings

from analitica.endpoints import Endpoint
from analitica.engines import engine
from analitica.reading import Asked, Reading
from analitica.scope import HOUSE, Scope
from analitica.sources import Source
from ingestion.jobs import JobFailed
from ingestion.lake import lake

FOLDER = "analytics"
KEPT = 2000  # in each process

log = structlog.get_logger()


@dataclass(frozen=True)
class Question:
    """All that an answer depends on."""

    endpoint: Endpoint
    source: Source
    asked: Asked
    scope: Scope = HOUSE

    @property
    def mark(self) -> str:
        """What changes whenever the answer may."""
        said = (
            settings.VERSION,
            settings.LAKE_URL,
            self.endpoint.path,
            self.source.id,
            self.asked,
            self.scope,
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @property
    def key(self) -> str | None:
        """Where the lake keeps the answer, for every process; None where it is for this one alone."""
        usual = Asked(self.source.moment.replace(tzinfo=None))
        if not self.source.published or self.scope != HOUSE or self.asked != usual:
            return None
        return f"{FOLDER}{self.endpoint.path}/{self.source.id}-{self.mark[:12]}.json"


class Answers:
    """What this process knows. Who asks what another is finding out waits for it."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, bytes] = OrderedDict()
        self._sought: dict[str, Future[bytes]] = {}
        self._lock = Lock()

    def to(self, question: Question) -> bytes:
        """Return the answer as JSON, or raise Unanswered."""
        mark = question.mark
        with self._lock:
            if mark in self._known:
                self._known.move_to_end(mark)
                return self._known[mark]
            sought = self._sought.get(mark)
            mine = sought is None
            sought = self._sought.setdefault(mark, Future())
        if mine:
            self._find(mark, question, sought)
        return sought.result()

    def forget(self) -> None:
        with self._lock:
            self._known.clear()

    def _find(self, mark: str, question: Question, sought: Future[bytes]) -> None:
        try:
            found = kept(question) or keep(question, computed(question))
        except BaseException as failure:
            sought.set_exception(failure)
        else:
            sought.set_result(found)
        with self._lock:
            if sought.exception() is None:
                self._known[mark] = sought.result()
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
            del self._sought[mark]


def computed(question: Question) -> bytes:
    scope = question.scope
    reading = Reading(
        engine(), question.source, question.asked, agents=scope.agents, account=scope.account
    )
    answer = question.endpoint.answer(reading)
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def kept(question: Question) -> bytes | None:
    """Return what the lake keeps of the answer, or None."""
    try:
        return lake().read(question.key) if question.key else None
    except (OSError, JobFailed):
        return None  # whether the lake answers is told by who reads its tables


def keep(question: Question, answer: bytes) -> bytes:
    """Leave the answer in the lake, where others of this source lie; it does no harm if it can't be."""
    try:
        if question.key:
            lake().create(question.key, answer)
    except (OSError, JobFailed) as failure:
        log.warning("answer_not_kept", key=question.key, error=type(failure).__name__)
    return answer


answers = Answers()
