"""What is found out as soon as a snapshot is published, so that who asks first waits for nothing."""

import structlog

from analitica import sources
from analitica.answers import FOLDER, Question, answers
from analitica.failures import Unanswered
from analitica.metrics import ENDPOINTS
from analitica.reading import Asked
from ingestion.lake import lake
from ingestion.snapshots.manifest import ID, complete_ids

log = structlog.get_logger()


def warm() -> None:
    """Leave in the lake what each endpoint answers of the current snapshot; harmless to repeat."""
    source = sources.current()
    asked = Asked(source.moment.replace(tzinfo=None))
    for endpoint in ENDPOINTS.values():
        try:
            answers.to(Question(endpoint, source, asked))
        except Unanswered as failure:
            log.warning("answer_not_found", path=endpoint.path, reason=failure.sentence)
    sweep()


def sweep() -> None:
    """Remove the answers of snapshots that are gone."""
    place = lake()
    there = set(complete_ids(place))
    for key in place.keys(FOLDER):
        # What Athena and others leave beside them is theirs.
        snapshot_id, _dash, _mark = key.rpartition("/")[2].partition("-")
        if ID.fullmatch(snapshot_id) and snapshot_id not in there:
            place.remove(key)
