"""The page of clientes, and how people name one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from agentes.pages import AgenteField
from clientes.api import ClienteSerializer, ClienteViewSet
from core import rights
from core.documentos import TIPOS
from core.pages import Column, EntityPage, Group, NamedField, PageSerializer


class ClienteField(NamedField):
    column = "numero_documento"
    help = _("Su número de documento, o su identificador.")
    unknown = _("No hay ningún cliente con documento %(name)s.")
    several = _(
        "Varios clientes tienen el documento %(name)s: indique el identificador del suyo. %(rows)s."
    )

    def ways(self, name: str) -> Sequence[str]:
        """As it was typed, and without the kind and the separators that a list shows it with."""
        first, _blank, rest = name.replace("\x00", "").partition(" ")
        number = rest.strip() if first.upper() in TIPOS and rest.strip() else f"{first} {rest}"
        compact = "".join(sign for sign in number if sign.isalnum())
        ways = (number.strip(), compact)
        return [way for way in dict.fromkeys((*ways, *(way.upper() for way in ways))) if way]


class ClientePageSerializer(PageSerializer, ClienteSerializer):
    named = {"agente": AgenteField}


class ClientePage(EntityPage, ClienteViewSet):
    serializer_class = ClientePageSerializer
    brings = ("agente",)
    filters = {"tipo": _("Tipo"), "creado__gte": _("Registrado desde")}
    columns = (
        Column(_("Nombre"), lambda cliente: cliente.nombre_completo),
        Column(_("Tipo"), lambda cliente: cliente.get_tipo_display(), "etiqueta"),
        Column(_("Documento"), lambda cliente: cliente.documento),
        Column(_("Teléfono"), lambda cliente: cliente.telefono),
        Column(_("Correo"), lambda cliente: cliente.email),
        Column(_("Agente"), lambda cliente: getattr(cliente, "expanded_agente", None)),
    )
    form = (
        Group("", ("tipo", "nombres", "apellidos", "email", "telefono", "agente")),
        Group(_("Documento"), ("tipo_documento", "pais_documento", "numero_documento")),
        Group(
            _("Más datos"),
            ("nacimiento", "sexo", "estado_civil", "ocupacion", "expuesto", "notas"),
            folded=True,
        ),
    )

    def tell(self, row: Any) -> None:
        super().tell(row)
        if rights.visible(self.user, row.otros_con_su_documento()).exists():
            sentence = _now("Otro cliente tiene el mismo documento: %(documento)s.")
            messages.warning(self.request._request, sentence % {"documento": row.documento})
