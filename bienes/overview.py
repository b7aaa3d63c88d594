"""What bienes show in the page of a cliente and in the search."""

from django.utils.translation import gettext_lazy as _

from core.overview import Finder, Section

SECTIONS = [
    Section(
        "bienes.Bien",
        of=("cliente",),
        columns=("bien", "tipo", "valor", "creado"),
        add="cliente",
        add_label=_("Nuevo bien"),
        order=50,
    ),
]

FINDERS = [Finder("bienes.Bien", icon="home_work", order=30, detail=("tipo", "valor"))]
