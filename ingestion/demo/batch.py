"""The rows of so many clientes, as they are gathered."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from core.entities import Entity
from ingestion.demo.catalogue import Catalogue
from ingestion.demo.plan import Plan, dated

EntityT = TypeVar("EntityT", bound=Entity)


@dataclass
class Office:
    """The keys of those who may be given work, and the other especialidades of each new agente."""

    agentes: dict[str, list[UUID]] = field(default_factory=dict)
    empleados: list[UUID] = field(default_factory=list)
    otras: dict[UUID, UUID] = field(default_factory=dict)


@dataclass
class Batch:
    """The rows of so many clientes and of the people who serve them, by model."""

    plan: Plan
    catalogue: Catalogue
    number: int
    office: Office = field(default_factory=Office)
    rows: dict[type[Entity], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def make(
        self, model: type[EntityT], creado: datetime, *, name: str = "", **values: Any
    ) -> EntityT:
        """Add a row; its key follows from its `name`, or from its place among those of its model."""
        rows = self.rows[model]
        what = name or f"{model.__name__}:{self.number}:{len(rows)}"
        row = model(id=self.plan.key(what, creado), creado=creado, **values)
        dated(row)
        rows.append(row)
        return row
