"""An interface alone, at the root of a port of its own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from analitica.tests import lakes
from config.tests.house import asked, free_port, stop, wait_for

pytestmark = pytest.mark.any_engine


@pytest.fixture
def analytics(tmp_path):
    """The analytics alone over somebody else's lake, with nothing else in their environment; their address."""
    lakes.write(tmp_path / "lago", lakes.bold(seed=1, rows=20))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = kept | {
        "LAKE_URL": (tmp_path / "lago").as_uri(),
        "OPEN_INTERFACES": "analytics",
        "VAR_DIR": str(tmp_path / "var"),
    }
    port = free_port()
    serve = [sys.executable, "manage.py", "serve_interface", "analytics", "--port", str(port)]
    process = subprocess.Popen(serve, cwd=settings.BASE_DIR, env=env, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    wait_for(f"{url}/health/live")
    yield url
    stop(process)


def told(url, **headers):
    status, text = asked(url, **headers)
    return status, json.loads(text)


def test_the_analytics_need_no_database(analytics, tmp_path):
    assert told(f"{analytics}/")[1]["message"] == "Cartera"
    assert told(f"{analytics}/health")[1]["status"] == "OK"
    assert told(f"{analytics}/mysql/analytics/users")[1]["total_users"] == 20
    assert told(f"{analytics}/openapi.json")[1]["openapi"].startswith("3.1")
    assert told(f"{analytics}/mysql/analytics/growth-by-state?months=0")[0] == 422
    assert told(f"{analytics}/admin/", Accept="application/json") == (404, {"detail": "Not Found"})
    for page in ("docs", "redoc"):
        assert asked(f"{analytics}/{page}")[0] == 200
    assert not list((tmp_path / "var").glob("*.sqlite3"))


def test_what_can_not_be_served_alone_is_told():
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("serve_interface", "nada", "--port", "1")
