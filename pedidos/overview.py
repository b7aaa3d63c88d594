"""What pedidos show in the page of a cliente, the search and the home."""

from django.utils.translation import gettext_lazy as _

from core.overview import Figure, Finder, Section

SECTIONS = [
    Section(
        "pedidos.Pedido",
        of=("cliente",),
        columns=("pedido", "fecha", "en_estado"),
        newest=("-fecha", "-id"),
        add="cliente",
        add_label=_("Nuevo pedido"),
        order=60,
    ),
]

FINDERS = [Finder("pedidos.Pedido", icon="inbox", order=50, detail=("fecha", "en_estado"))]

FIGURES = [
    Figure(
        _("Clientes"),
        _("Pedidos sin tomar"),
        "pedidos.Pedido",
        rows=lambda pedidos, hoy: pedidos.sin_tomar(),
        query="tramite=sin_tomar",
        icon="inbox",
        tone="warning",
        order=40,
    ),
]
