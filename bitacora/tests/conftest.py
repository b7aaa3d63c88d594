import shutil
import subprocess
from importlib.util import find_spec

import pytest

if find_spec("cassandra") is None:  # a machine with requirements/base.txt and dev.txt alone
    collect_ignore = ["test_address.py", "test_cassandra.py", "test_cassandra_server.py"]


@pytest.fixture
def certificate(tmp_path):
    """A certificate that signs itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=cassandra", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*made, "-out", cert, "-keyout", key], check=True, capture_output=True)
    return cert, key
