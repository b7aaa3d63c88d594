"""The top of the page of a cliente: who they are, what to know before talking, what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientes.models import Cliente, Consentimiento
from core import rights
from core.overview import Text
from reportes import columnas
from reportes.almacenes import told
from reportes.ficha import Owner, Part


@dataclass(frozen=True)
class Button:
    label: Text
    url: str
    is_main: bool = False


@dataclass(frozen=True)
class Header:
    """Facts of the cliente, each with its label, and what to be warned of."""

    facts: list[tuple[str, str, str]]
    warnings: list[str]


def read(owner: Owner) -> tuple[Cliente | None, str]:
    """Return the cliente, if who asks may see them, and why not where the store does not say."""
    return told(Cliente, lambda: _row(owner))


def _row(owner: Owner) -> Cliente | None:
    seen = rights.visible(owner.user, Cliente.objects.filter(pk=owner.key))
    row: Cliente | None = (
        seen.select_related("agente")
        .marcando_repetidos()
        .marcando_consentimientos(owner.day)
        .first()
    )
    return row


def sees_without_header(owner: Owner) -> bool:
    """Whether who asks sees every cliente, also one whose store is silent."""
    limits, problem = told(Cliente, lambda: rights.limits_of(owner.user))
    return not limits and not problem


def header(cliente: Cliente, day: date) -> Header:
    return Header([fact for fact in _facts(cliente, day) if fact[1]], list(_warnings(cliente)))


def _facts(cliente: Cliente, day: date) -> Iterator[tuple[str, str, str]]:
    """Yield each fact: its label, what it says and, where it is one, the link to use it."""
    yield _("Tipo"), cliente.get_tipo_display(), ""
    yield _("Documento"), cliente.documento, ""
    yield _("Edad"), _age(cliente, day), ""
    yield _("Ocupación"), cliente.ocupacion, ""
    yield _("Teléfono"), cliente.telefono, f"tel:{cliente.telefono.replace(' ', '')}"
    yield _("Correo"), cliente.email, f"mailto:{cliente.email}"
    yield _("Agente"), str(cliente.agente or ""), ""
    yield _("Cliente desde"), date_format(cliente.creado, "DATE_FORMAT"), ""


def _age(cliente: Cliente, day: date) -> str:
    years = cliente.edad(day)
    if years is None or cliente.nacimiento is None:
        return ""
    age = ngettext("%(count)d año", "%(count)d años", years) % {"count": years}
    return f"{age} ({date_format(cliente.nacimiento, 'DATE_FORMAT')})"


def _warnings(cliente: Any) -> Iterator[str]:
    given = {
        finalidad: getattr(cliente, f"consiente_{finalidad}")
        for finalidad in Consentimiento.Finalidad.values
    }
    if cliente.repetido:
        yield _("Otro cliente tiene el mismo documento.")
    if not cliente.numero_documento:
        yield _("No consta su documento.")
    if cliente.expuesto:
        yield _("Persona expuesta políticamente: exige un examen reforzado.")
    if not given[Consentimiento.Finalidad.GESTION]:
        yield _("No consta su consentimiento para gestionar sus seguros.")
    if not given[Consentimiento.Finalidad.COMERCIAL]:
        yield _("No ha consentido que se le envíe publicidad.")


# What to do next.


def buttons(request: HttpRequest, found: Sequence[Part], owner: Owner) -> list[Button]:
    made = [
        Button(part.section.add_label, url)
        for part in found
        if part.section.add_label and (url := address_to_add(request, part, owner))
    ]
    if rights.may(owner.user, "change", Cliente):
        edit = reverse("admin:clientes_cliente_change", args=[owner.key])
        made.append(Button(_("Editar"), edit))
    return [Button(b.label, b.url, is_main=place == 0) for place, b in enumerate(made)]


def address_to_add(request: HttpRequest, part: Part, owner: Owner) -> str:
    """Return where a row of this section is begun for the cliente; "" for who may not."""
    page = admin.site._registry.get(part.model)
    offers = part.section.add or part.section.add_label
    if not (page and offers and page.has_add_permission(request)):
        return ""
    return columnas.address_to_add(
        part.model, urlencode({part.section.add: str(owner.key)}) if part.section.add else ""
    )
