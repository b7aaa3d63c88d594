"""For tests: the export reads through connections of its own, which see no other's transaction."""

from contextlib import nullcontext
from typing import Any

from django.db import connections


def see_uncommitted(monkeypatch: Any) -> None:
    """Have the export see the rows of a store that a test holds in a transaction, while it does."""
    vendors = {connections[alias].vendor for alias in connections}
    if "postgresql" in vendors:
        _share_postgresql(monkeypatch)
    if "mysql" in vendors:
        _share_mysql(monkeypatch)


def _share_postgresql(monkeypatch: Any) -> None:
    from ingestion.extractors import postgresql

    own = postgresql.own
    monkeypatch.setattr(
        postgresql,
        "own",
        lambda alias: nullcontext(connections[alias]) if _held(alias) else own(alias),
    )


def _share_mysql(monkeypatch: Any) -> None:
    from ingestion.extractors import mysql

    own = mysql.own
    monkeypatch.setattr(
        mysql,
        "own",
        lambda alias: own(alias, isolation="read uncommitted") if _held(alias) else own(alias),
    )


def _held(alias: str) -> bool:
    return connections[alias].in_atomic_block
