"""How the columns of these pages show money, days and rows of other pages."""

from decimal import Decimal

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html

from core.formats import money
from core.overview import page


def dinero(monto: Decimal | None, moneda: str) -> str:
    """Return an amount with its currency, or "" where there is none."""
    if monto is None:
        return ""
    return money(monto, moneda)


def enlace(fila: Model | None) -> str:
    """Return a link to the page of a row, or "" where there is none."""
    if fila is None:
        return ""
    opts = fila._meta
    url = page(opts.model, fila.pk) or reverse(
        f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(fila.pk)]
    )
    return format_html('<a href="{}" class="underline">{}</a>', url, fila)
