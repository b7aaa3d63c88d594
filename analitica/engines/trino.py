"""Trino, where ANALYTICS_ENGINE is trino://user@host:port/catalog."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
import trino
from django.utils.translation import gettext as _
from ibis.backends.sql.compilers.trino import compiler
from trino.exceptions import (
    Http502Error,
    Http503Error,
    Http504Error,
    HttpError,
    TrinoConnectionError,
    TrinoQueryError,
)

from analitica.engines.iceberg import Iceberg
from analitica.failures import Unanswered, Unreachable

log = structlog.get_logger()

# What it says where its catalogue has no such table, or the table no such tag.
MISSING = {"CATALOG_NOT_FOUND", "SCHEMA_NOT_FOUND", "TABLE_NOT_FOUND", "INVALID_ARGUMENTS"}


class Trino(Iceberg):
    compiler = compiler

    def __init__(self, url: str) -> None:
        self.where = urlsplit(url)

    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        user, password = (
            unquote(part or "") for part in (self.where.username, self.where.password)
        )
        try:
            with trino.dbapi.connect(
                host=self.where.hostname,
                port=self.where.port or (443 if password else 8080),
                user=user or "cartera",
                auth=trino.auth.BasicAuthentication(user, password) if password else None,
                http_scheme="https" if password else "http",
                catalog=self.where.path.strip("/") or "iceberg",
                timezone="UTC",
            ) as connection:
                cursor = connection.cursor()
                cursor.execute(sql)
                return list(cursor.fetchall())
        except TrinoQueryError as failure:
            # It may quote a value.
            log.exception("question_failed", error=failure.error_name)
            raise _told(failure) from failure
        except (TrinoConnectionError, Http502Error, Http503Error, Http504Error) as failure:
            raise Unreachable(_("El servidor de Trino no responde.")) from failure
        except HttpError as failure:
            raise Unanswered(
                _("El servidor de Trino rechaza las preguntas: revise ANALYTICS_ENGINE.")
            ) from failure


def _told(failure: TrinoQueryError) -> Unanswered:
    name = {"name": failure.error_name}
    if failure.error_name in MISSING:
        return Unanswered(
            _(
                "El catálogo de Trino no tiene lo que se pide (%(name)s): ¿es el de las exportaciones?"
            )
            % name
        )
    kind = Unreachable if failure.error_type == "INSUFFICIENT_RESOURCES" else Unanswered
    return kind(_("Trino no pudo responder (%(name)s).") % name)
