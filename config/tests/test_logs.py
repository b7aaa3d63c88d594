import structlog

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
