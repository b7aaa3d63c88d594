"""How people read what code holds."""

from decimal import Decimal

from django.utils.formats import number_format


def money(amount: Decimal, currency: str) -> str:
    """Return an amount to the cent, with its currency."""
    return f"{number_format(amount, 2, use_l10n=True, force_grouping=True)} {currency}".strip()


def whole(number: int) -> str:
    """Return a whole number with its thousands apart."""
    return str(number_format(number, use_l10n=True, force_grouping=True))
