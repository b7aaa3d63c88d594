"""Sums that must still agree after what people did here: those that would not, of a whole batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from decimal import Decimal
from typing import Any
from uuid import UUID

from ingestion.portfolio.balances import BALANCES, CERO, Balance, SumKey, Told
from ingestion.portfolio.kinds import KINDS
from ingestion.portfolio.store import current, deleted, pointing_at, written_by

NOTHING = Told()


def unbalanced(
    number: int,
    parents: Iterable[UUID],
    told: Mapping[SumKey, Told],
    *,
    reason: str,
    kept: Set[UUID],
) -> set[UUID]:
    """Return the parents whose sum would not agree if the files were written.

    `told` is what all of the files say, whatever batch it comes in; of what somebody changed, added or
    removed here, and of the rows in `kept`, the store's word stays.
    """
    balance = BALANCES[number]
    there: dict[UUID, Any] = dict(current(KINDS[balance.parent], parents))
    said = {key: told.get((number, key), NOTHING) for key in there}
    totals = _totals(balance, said, reason, kept)
    other = [
        row
        for key, row in there.items()
        if said[key].limit is not None and said[key].limit != balance.limit(row)
    ]
    ours = written_by(reason, KINDS[balance.parent], other) - kept
    return {
        key
        for key, row in there.items()
        if not balance.agrees(totals[key], said[key].limit if key in ours else balance.limit(row))
    }


def _totals(
    balance: Balance, said: Mapping[UUID, Told], reason: str, kept: Set[UUID]
) -> dict[UUID, Decimal]:
    """Return what the rows of each parent would add up to."""
    child = KINDS[balance.child]
    rows: list[Any] = list(pointing_at(child, balance.pointer, said))
    amounts = {key: amount for one in said.values() for key, amount in one.amounts.items()}
    new = amounts.keys() - {row.pk for row in rows}
    gone = deleted(child, new) | kept
    other = [row for row in rows if amounts.get(row.pk) not in (None, getattr(row, balance.amount))]
    ours = written_by(reason, child, other) - kept
    totals: dict[UUID, Decimal] = defaultdict(Decimal)
    for row in rows:
        amount = amounts[row.pk] if row.pk in ours else getattr(row, balance.amount)
        totals[getattr(row, balance.pointer)] += amount
    for parent, one in said.items():
        totals[parent] += sum((one.amounts[key] for key in one.amounts.keys() & (new - gone)), CERO)
    return totals
