"""The page of especialidades, and how people name one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from core.pages import Column, EntityPage, Group, NamedField, PageSerializer
from core.text import normalizar
from especialidades.api import EspecialidadSerializer, EspecialidadViewSet


class EspecialidadField(NamedField):
    column = "nombre"
    offers = True
    unknown = _("No hay ninguna especialidad llamada «%(name)s».")

    def named(self, rows: QuerySet[Any], names: Sequence[str]) -> Mapping[str, Sequence[Model]]:
        """As people say it, without accents or case: it is a catalogue, so all of it is read."""
        kept = list(rows)
        return {
            name: [row for row in kept if normalizar(row.nombre) == normalizar(name)]
            for name in names
        }


class EspecialidadPageSerializer(PageSerializer, EspecialidadSerializer):
    pass


class EspecialidadPage(EntityPage, EspecialidadViewSet):
    serializer_class = EspecialidadPageSerializer
    filters = {"ramo": _("Ramo")}
    columns = (
        Column(_("Nombre"), lambda especialidad: especialidad.nombre),
        Column(_("Ramo"), lambda especialidad: especialidad.get_ramo_display(), "etiqueta"),
        Column(_("Descripción"), lambda especialidad: especialidad.descripcion),
    )
    form = (Group("", ("nombre", "ramo", "descripcion")),)
