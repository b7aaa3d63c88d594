"""The tables of one source, as one person may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
from ibis.expr.types import Table
from sqlglot import exp

from analitica.engines import Engine
from analitica.failures import ColumnNotFound
from analitica.sources import Source
from analitica.tables import ALL, TABLES
from analitica.tables import Table as LakeTable

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a question says: `as_of` is now, in UTC and without a zone."""

    as_of: datetime
    months: int = 12
    hours: int = 168

    @property
    def moment(self) -> str:
        """Return `as_of` as answers write it."""
        return f"{self.as_of:%Y-%m-%dT%H:%M:%SZ}"


class Reading:
    """What an endpoint reads: `reading["mysql/users"]` is an expression over the rows that may be seen.

    `agents` are those whose portfolio it is, and `account` who asks; None sees the whole house.
    """

    def __init__(
        self,
        engine: Engine,
        source: Source,
        asked: Asked,
        *,
        agents: Collection[str] | None = None,
        account: str = "",
    ) -> None:
        self.engine, self.source, self.asked = engine, source, asked
        self.agents, self.account = agents, account

    def require(self, paths: Sequence[str]) -> None:
        """Raise Unanswered for a table that is not there, or lacks a column that it must have."""
        for table in (TABLES[path] for path in paths):
            self.source.held(table)
        for table in (TABLES[path] for path in paths):
            there = self.engine.columns(table, self.source)
            for column in table.required:
                if column not in there:
                    raise ColumnNotFound(table.name, column)

    def has(self, path: str, column: str) -> bool:
        """Whether the lake has an optional column."""
        return column in self.engine.columns(TABLES[path], self.source)

    def __getitem__(self, path: str) -> Table:
        table = TABLES[path]
        whole = ibis.table(dict(table.columns), name=_name(table))
        if path == "mysql/clients" and not self.has(path, "id"):
            whole = whole.mutate(id=whole.user_id)
        return whole if self.agents is None else self._of_the_portfolio(path, whole)

    def _of_the_portfolio(self, path: str, whole: Table) -> Table:
        """Return the rows of `path` that hang from the policies of these agents; products are a catalogue."""
        match path:
            case "mysql/agents":
                return whole.filter(whole.id.isin(self.agents))
            case "postgresql/policies":
                return whole.filter(whole.agent_id.isin(self.agents))
            case "postgresql/policy_coverage" | "postgresql/beneficiaries":
                return whole.filter(whole.policy_id.isin(self["postgresql/policies"].id))
            case "cassandra/reclamos" | "cassandra/pagos":
                numbers = self["postgresql/policies"].policy_number
                return whole.filter(whole.policy_number.isin(numbers))
            case "mysql/clients":
                return whole.filter(whole.id.isin(self["postgresql/policies"].customer_id))
            case "mysql/users":
                return whole.filter(whole.id.isin(self["mysql/clients"].user_id))
            case "mysql/beneficiaries":
                return whole.filter(whole.client_id.isin(self["mysql/clients"].id))
            case "cassandra/transaction_audit":
                return whole.filter(whole.user_id == self.account)
        return whole

    def sql(self, wanted: Table) -> str:
        """Return the expression in the words of the engine."""
        compiler = self.engine.compiler
        query = compiler.to_sqlglot(wanted)
        relations: dict[str, Any] = {
            table.name: self.engine.relation(NAMES[table.name], self.source)
            for table in query.find_all(exp.Table)
            if table.name in NAMES
        }
        return exp.expand(query, relations, dialect=compiler.dialect).sql(compiler.dialect)

    def rows(self, wanted: Table) -> list[Row]:
        """Return the rows of an expression."""
        found = self.engine.rows(self.sql(wanted))
        return [dict(zip(wanted.columns, row, strict=True)) for row in found]

    def row(self, wanted: Table) -> Row:
        """Return the only row of an expression."""
        [row] = self.rows(wanted)
        return row


def _name(table: LakeTable) -> str:
    return f"{table.database}_{table.name}"


NAMES = {_name(table): table for table in ALL}
