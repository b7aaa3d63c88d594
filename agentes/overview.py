"""What agentes show in the search and at home."""

from django.utils.translation import gettext_lazy as _

from core.overview import Figure, Finder

FINDERS = [
    Finder(
        "agentes.Agente",
        icon="support_agent",
        order=70,
        exact=("codigo", "numero_documento"),
        detail=("oficina", "telefono"),
    ),
]

FIGURES = [
    Figure(
        _("Red comercial"),
        _("Agentes con el registro vencido"),
        "agentes.Agente",
        rows=lambda agentes, hoy: agentes.con_registro_vencido(hoy),
        query="registro=vencido",
        icon="badge",
        tone="danger",
        order=50,
    ),
]
