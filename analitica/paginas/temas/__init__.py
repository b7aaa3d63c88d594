"""The pages of the section, in the order in which they are read."""

from collections.abc import Mapping
from typing import Final

from analitica.paginas.declarations import Tema
from analitica.paginas.temas.actividad import ACTIVIDAD, CALIDAD
from analitica.paginas.temas.personas import AGENTES, CLIENTES, CRECIMIENTO, RECORRIDO, USUARIOS
from analitica.paginas.temas.produccion import POLIZAS, PRODUCTOS
from analitica.paginas.temas.siniestros import PAGOS, SINIESTROS

TEMAS: Final[Mapping[str, Tema]] = {
    tema.slug: tema
    for tema in (
        USUARIOS,
        CRECIMIENTO,
        CLIENTES,
        RECORRIDO,
        PRODUCTOS,
        POLIZAS,
        SINIESTROS,
        PAGOS,
        AGENTES,
        ACTIVIDAD,
        CALIDAD,
    )
}
