"""How the operational report describes itself."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analitica.descripcion.document import Object, Part
from analitica.descripcion.openapi import content
from analitica.descripcion.shapes import COUNT, TEXT, maybe, record
from core.outages import StoreDown
from pedidos.models import Pedido
from reportes.operativo.informe import Fila, Informe
from reportes.operativo.views import INTERFACE

ABOUT: Final = gettext_lazy(
    "**El reporte operativo** cruza a los empleados con los pedidos que han atendido, en vivo: no sale del lago."
)
ROW: Final = record(
    {
        "empleado": maybe(TEXT),
        "rol": maybe(TEXT),
        "pedidos_realizados": COUNT,
        "estado": maybe(TEXT),
    }
)
ANSWER: Final = record(
    {
        "titulo": TEXT,
        "metricas_globales": record({"total_empleados": COUNT, "total_pedidos_procesados": COUNT}),
        "detalle_por_vendedor": {"type": "array", "items": ROW},
    }
)
REASON: Final = record({"detail": TEXT})
SENTENCES: Final[Object] = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": TEXT, "minItems": 1},
}


def operational_report() -> Part:
    """Return the description of the report, in the language of who asks."""
    operation = {
        "operationId": "reportes_dashboard",
        "tags": [_("Reporte operativo")],
        "summary": _("Pedidos por empleado"),
        "description": _(
            "Cuántos pedidos ha terminado cada empleado; los de nadie que se conozca van en una fila sin nombre."
            " Un navegador recibe una página con gráficos."
        ),
        "parameters": parameters(),
        "responses": {
            status: {"description": said, **content(schema, {"respuesta": example})}
            for status, said, schema, example in answers()
        },
    }
    return Part(INTERFACE, ABOUT, {"/reportes/dashboard": operation})


def parameters() -> list[Object]:
    day = {**TEXT, "format": "date"}
    estado = {"enum": list(Pedido.Estado.values), "default": Pedido.Estado.TERMINADO.value}
    return [
        {"name": name, "in": "query", "schema": schema, "description": description}
        for name, schema, description in (
            ("desde", day, _("Desde este día, por la fecha del pedido.")),
            ("hasta", day, _("Hasta este día, con él.")),
            ("estado", estado, _("Los pedidos en este estado, en vez de los terminados.")),
        )
    ]


def answers() -> Iterator[tuple[str, str, Object, Object]]:
    """Yield (status, description, schema, example) of each."""
    rows = [Fila("S-01", "operario", 2, "Activo"), Fila(None, None, 1, None)]
    yield "200", _("Lo que se pide."), ANSWER, Informe(settings.REPORT_TITLE, 1, rows).as_json()
    wrong = {"desde": [_("Introduzca una fecha válida.")]}
    yield "400", _("Un parámetro no vale: cuál y por qué."), SENTENCES, wrong
    outside = {"detail": _("Este token no vale.")}
    yield "401", _("Falta entrar, o el token no vale."), REASON, outside
    refused = {"detail": _("Usted no tiene permiso para realizar esta acción.")}
    yield "403", _("La cuenta no puede ver a los empleados o los pedidos."), REASON, refused
    down = {"detail": str(StoreDown("bienes"))}
    yield "503", _("Un almacén no responde: cuál."), REASON, down
