import logging
from io import StringIO

import structlog

from analitica import api
from config.logs import configure


def test_a_failure_is_logged_without_what_its_variables_held(capsys):
    configure()

    def fail(password):
        raise ValueError("no va")

    try:
        fail("-".join(("muy", "secreta")))
    except ValueError:
        structlog.get_logger().exception("job_failed", job="1")
    line = capsys.readouterr().err
    assert "event=job_failed" in line
    assert "no va" in line
    assert "muy-secreta" not in line


def test_a_line_says_when_how_grave_and_what(capsys):
    configure()
    structlog.get_logger().info("snapshot_published", rows=3)
    line = capsys.readouterr().err
    assert line.startswith("timestamp=")
    assert "level=info event=snapshot_published rows=3" in line


def test_a_page_that_fails_leaves_its_trace_also_when_nobody_debugs(client, monkeypatch, settings):
    def fail(self, request):
        raise RuntimeError("no va")

    settings.OPEN_INTERFACES = ["analytics"]
    monkeypatch.setattr(api.Health, "get", fail)
    handlers = logging.getLogger("django").handlers
    (handler,) = (handler for handler in handlers if type(handler) is logging.StreamHandler)
    written = StringIO()
    monkeypatch.setattr(handler, "stream", written)
    client.raise_request_exception = False
    answer = client.get("/health")
    assert answer.status_code == 500
    assert "Algo ha fallado" in answer.content.decode()
    assert "RuntimeError: no va" in written.getvalue()
