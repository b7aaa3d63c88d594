"""Figures as a page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.formats import money
from core.overview import Text, Tone

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Card:
    """A figure of the page: how many, of how much, and the list that shows them."""

    label: Text
    value: str
    details: Sequence[str] = ()
    url: str = ""
    tone: Tone = ""
    icon: str = ""
    problem: str = ""


def amounts(of: Mapping[str, Decimal], label: Text = "") -> list[str]:
    return [f"{money(amount, currency)} {label}".strip() for currency, amount in of.items()]
