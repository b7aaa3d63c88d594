"""The rows of so many clientes, as they are gathered."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from core.bulk import Stage
from core.entities import Entity
from ingestion.demo.catalogue import Catalogue
from ingestion.demo.plan import MOTIVO, Plan

# Where a UUIDv7 has its moment, and where the rest.
TIME, ALL_BUT_TIME = 80, (1 << 80) - 1

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
        row._history_user, row._change_reason = None, MOTIVO  # type: ignore[attr-defined]
        row.stages = [self._stage(row, 1, creado)]
        rows.append(row)
        return row

    def change(self, row: Entity, moment: datetime, **values: Any) -> None:
        """Have something happen to a row, never before what happened to it last."""
        before = {name: getattr(row, name) for name in values}
        for stage in row.stages:
            for name, value in before.items():
                stage.was.setdefault(name, value)
        for name, value in values.items():
            setattr(row, name, value)
        last = row.stages[-1].moment
        row.stages = [*row.stages, self._stage(row, len(row.stages) + 1, max(moment, last))]

    def _stage(self, row: Entity, version: int, moment: datetime) -> Stage:
        """Return a stage with the key of its row at another moment, so that keys grow batch by batch."""
        key = UUID(int=row.pk.int & ALL_BUT_TIME | self._written + version << TIME)
        return Stage(key, moment, {})

    @cached_property
    def _written(self) -> int:
        """When the history of the batch says that it was written, in milliseconds."""
        return int(self.plan.registro(self.plan.numbers(self.number)[0]).timestamp() * 1000)
