"""How the columns of these pages show money, days and rows of other pages."""

from decimal import Decimal

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html


def dinero(monto: Decimal | None, moneda: str) -> str:
    """Return an amount with its currency, or "" where there is none."""
    if monto is None:
        return ""
    return f"{number_format(monto, decimal_pos=2, use_l10n=True, force_grouping=True)} {moneda}"


def enlace(fila: Model | None) -> str:
    """Return a link to the page of a row, or "" where there is none."""
    if fila is None:
        return ""
    opts = fila._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(fila.pk)])
    return format_html('<a href="{}" class="underline">{}</a>', url, fila)
