"""Athena, over the tables of Glue; its results stay in the lake, under analytics/athena/."""

from collections.abc import Sequence
from typing import Any

import pyathena
from django.utils.translation import gettext as _
from ibis.backends.sql.compilers.athena import compiler
from pyathena.error import OperationalError

from analitica.engines.iceberg import Iceberg
from analitica.failures import Unreachable
from ingestion.lake import lake

RESULTS = "analytics/athena/"


class Athena(Iceberg):
    compiler = compiler

    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        try:
            with pyathena.connect(s3_staging_dir=lake().uri(RESULTS)) as connection:
                cursor = connection.cursor()
                cursor.execute(sql)
                return list(cursor.fetchall())
        except OperationalError as failure:
            raise Unreachable(_("Athena no pudo responder.")) from failure
