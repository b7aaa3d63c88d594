"""The page of agentes, and how people name one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agentes.api import AgenteSerializer, AgenteViewSet
from core.pages import Column, EntityPage, Group, NamedField, PageSerializer
from especialidades.pages import EspecialidadField


class AgenteField(NamedField):
    column = "codigo"
    help = _("Su código, o su identificador.")
    unknown = _("No hay ningún agente con código %(name)s.")


class AgentePageSerializer(PageSerializer, AgenteSerializer):
    named = {
        "especialidad": EspecialidadField,
        "otras_especialidades": EspecialidadField,
        "supervisor": AgenteField,
    }


class AgentePage(EntityPage, AgenteViewSet):
    serializer_class = AgentePageSerializer
    brings = ("especialidad", "otras_especialidades")
    filters = {"especialidad": _("Especialidad principal"), "activo": _("Activo")}
    columns = (
        Column(_("Código"), lambda agente: agente.codigo),
        Column(_("Nombre"), lambda agente: agente.nombre_completo),
        Column(_("Oficina"), lambda agente: agente.oficina),
        Column(_("Especialidades"), lambda agente: _especialidades(agente)),
        Column(_("Teléfono"), lambda agente: agente.telefono),
        Column(_("Correo"), lambda agente: agente.email),
        Column(_("Activo"), lambda agente: agente.activo, "etiqueta"),
    )
    form = (
        Group("", ("codigo", "nombres", "apellidos", "oficina", "email", "telefono")),
        Group(_("Especialidades"), ("especialidad", "otras_especialidades")),
        Group(
            _("Documento y registro"),
            (
                "tipo_documento",
                "pais_documento",
                "numero_documento",
                "registro",
                "registro_vence",
                "supervisor",
            ),
            folded=True,
        ),
    )


def _especialidades(agente: Any) -> str:
    """Return the names of the especialidades that were brought with `agente`, the principal one first."""
    principal = getattr(agente, "expanded_especialidad", None)
    others = getattr(agente, "expanded_otras_especialidades", [])
    return ", ".join(dict.fromkeys(one.nombre for one in (principal, *others) if one))
