"""What one demo is: so many clientes, a seed and a day; every value follows from these three."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import blake2b
from math import ceil
from random import Random
from typing import Any, TypeVar
from uuid import UUID

OptionT = TypeVar("OptionT")

BATCH = 1000
HISTORIA = timedelta(days=4 * 365)
UN_DIA = timedelta(days=1)
# Below one, more come each year: at 0.4 half of them came in the last of four.
CRECE = 0.4
MOTIVO = "Datos de muestra"

# From 13 to 21 hours UTC it is the same day from California to Greece: a moment and its day agree.
ABRE, JORNADA = 13, 8 * 3600


@dataclass(frozen=True)
class Plan:
    """A demo as somebody asked for it.

    The house opens four years before `hoy` and grows faster each year: clientes come in the order of their
    numbers, so rows and keys grow at their end. Nothing happens on `hoy` or later.
    """

    clientes: int
    seed: int
    hoy: date

    @property
    def ayer(self) -> date:
        return self.hoy - UN_DIA

    @property
    def apertura(self) -> date:
        return self.ayer - HISTORIA

    @property
    def batches(self) -> int:
        return ceil(self.clientes / BATCH)

    def numbers(self, batch: int) -> range:
        """Return the numbers of the clientes of a batch."""
        return range(batch * BATCH, min((batch + 1) * BATCH, self.clientes))

    def registro(self, number: int) -> datetime:
        """Return when the cliente came to the house."""
        days = round(HISTORIA.days * ((number + 1) / self.clientes) ** CRECE)
        return en_jornada(self.apertura + timedelta(days=days), number * 7919 % JORNADA)

    @cached_property
    def _begun(self) -> Any:
        return blake2b(f"{self.clientes}:{self.seed}:{self.hoy}:".encode(), digest_size=10)

    def key(self, what: str, moment: datetime) -> UUID:
        """Return a UUIDv7 of `moment` that this demo always gives to `what`."""
        told = self._begun.copy()
        told.update(what.encode())
        bits = int.from_bytes(told.digest()) >> 6
        milliseconds = int(moment.timestamp() * 1000)
        high, low = bits >> 62, bits & (1 << 62) - 1
        return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)

    def chance(self, what: str) -> Random:
        return Random(f"{self.clientes}:{self.seed}:{self.hoy}:{what}")


def en_jornada(dia: date, segundo: int) -> datetime:
    return datetime.combine(dia, time(ABRE), UTC) + timedelta(seconds=segundo)


def al_abrir(plan: Plan, dia: date) -> datetime:
    """Return when what `dia` itself brings was written down; what it brings today, the day before."""
    return en_jornada(min(dia, plan.ayer), 0)


def momento(chance: Random, dia: date) -> datetime:
    """Return some moment of working hours."""
    return en_jornada(dia, int(chance.random() * JORNADA))


def dia_entre(chance: Random, desde: date, hasta: date) -> date:
    """Return a day between both, both included."""
    return desde + timedelta(days=int(chance.random() * ((hasta - desde).days + 1)))


def uno(chance: Random, options: Sequence[OptionT]) -> OptionT:
    """Return one of `options`; several times faster than choice()."""
    return options[int(chance.random() * len(options))]
