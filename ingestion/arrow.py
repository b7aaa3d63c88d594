"""How this process has pyarrow."""

import sys

import pyarrow as pa


class _NoPandas:
    """To who looks for pandas: it isn't installed."""

    @staticmethod
    def find_spec(name: str, *rest: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def spare_pandas() -> None:
    """Keep pyarrow from importing pandas, where it is installed, until something of pandas is asked of it.

    It would at the first value of Python's that it is given, to know whether it is one of pandas': a second, and 55 MB.
    """
    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.scalar("")
    finally:
        sys.meta_path.remove(_NoPandas)
