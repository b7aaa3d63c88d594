"""Trino, where ANALYTICS_ENGINE is trino://user@host:port/catalog."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import trino
from django.utils.translation import gettext as _
from ibis.backends.sql.compilers.trino import compiler

from analitica.engines.iceberg import Iceberg
from analitica.failures import Unreachable


class Trino(Iceberg):
    compiler = compiler

    def __init__(self, url: str) -> None:
        self.where = urlsplit(url)

    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        password = self.where.password
        try:
            with trino.dbapi.connect(
                host=self.where.hostname,
                port=self.where.port or (443 if password else 8080),
                user=unquote(self.where.username or "cartera"),
                auth=password and trino.auth.BasicAuthentication(self.where.username, password),
                http_scheme="https" if password else "http",
                catalog=self.where.path.strip("/") or "iceberg",
                timezone="UTC",
            ) as connection:
                cursor = connection.cursor()
                cursor.execute(sql)
                return list(cursor.fetchall())
        except trino.exceptions.TrinoConnectionError as failure:
            raise Unreachable(_("El servidor de Trino no responde.")) from failure
