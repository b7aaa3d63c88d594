"""What a process of ours pays for pyarrow."""

import subprocess
import sys

from django.conf import settings


def said_by(code):
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_pandas_is_not_imported_until_it_is_asked_for():
    code = """
import sys, pyarrow as pa
values = pa.array(["a"])
print("pandas" in sys.modules, values.to_pandas().tolist(), "pandas" in sys.modules)
"""
    assert said_by(code) == "False ['a'] True"


def test_neither_pyiceberg_is():
    assert said_by("import sys; print('pyiceberg' in sys.modules)") == "False"


def test_memory_is_of_the_pool_that_gives_it_back():
    assert (
        said_by("import pyarrow as pa; print(pa.default_memory_pool().backend_name)") == "jemalloc"
    )
