"""What each address is for, in the words of who reads it: its title, and what else is good to know."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Said(NamedTuple):
    title: Promise
    more: Promise


TAGS: Final[Mapping[str, Promise]] = {
    "": _("Servicio"),
    "mysql": _("Personas"),
    "postgresql": _("Productos y pólizas"),
    "cassandra": _("Reclamos, pagos y auditoría"),
    "cross": _("Cruces"),
    "claims": _("Resúmenes"),
    "payments": _("Resúmenes"),
    "audits": _("Resúmenes"),
}

SAID: Final[Mapping[str, Said]] = {
    "/": Said(
        _("Qué es esto"),
        _("La versión y de dónde salen los datos. Un navegador recibe la portada."),
    ),
    "/health": Said(
        _("Estado"),
        _("Qué tablas hay en el lago y cuánto ocupa: OK con todas, DEGRADED si falta alguna."),
    ),
    "/data/info": Said(
        _("Qué datos hay"), _("Las tablas que se leen, y la clave del CSV de cada una.")
    ),
    "/mysql/analytics/users": Said(
        _("Usuarios"),
        _(
            "Por rol, estado y ciudad; las altas de los 30 días hasta «as_of» y de cada mes, y lo que falta en"
            " sus datos. Un correo repetido lo es sin mirar mayúsculas ni blancos de los lados."
        ),
    ),
    "/mysql/analytics/clients/demographics": Said(
        _("Clientes: edades y documentos"),
        _("Las edades son años cumplidos en «as_of»; el estado es el del usuario del cliente."),
    ),
    "/mysql/analytics/agents/performance": Said(
        _("Agentes"),
        _("Activos e inactivos, por especialidad, y las altas de cada mes."),
    ),
    "/mysql/analytics/beneficiaries/relationships": Said(
        _("Beneficiarios de los clientes"),
        _("Por parentesco y edad; la media por cliente es de los clientes que tienen alguno."),
    ),
    "/mysql/analytics/growth-by-state": Said(
        _("Crecimiento por estado"),
        _(
            "Usuarios hasta «as_of» y los nuevos de los últimos meses; el crecimiento es lo que suponen los"
            " nuevos sobre los que ya había. Primero el estado con más nuevos."
        ),
    ),
    "/mysql/analytics/data-quality-report": Said(
        _("Calidad de los datos de personas"),
        _(
            "De cada columna obligatoria, lo que falta y cuántos valores distintos tiene; los repetidos, y"
            " las filas que nombran a quien no está."
        ),
    ),
    "/postgresql/analytics/products": Said(
        _("Productos"), _("Por tipo, y cómo se reparten sus primas de base.")
    ),
    "/postgresql/analytics/policies": Said(
        _("Pólizas"),
        _(
            "Por estado y por mes de emisión; las vigentes en «as_of», las que vencen en los 30 días"
            " siguientes, y lo que falta en sus datos."
        ),
    ),
    "/postgresql/analytics/coverages": Said(
        _("Coberturas"),
        _("Las 20 más frecuentes, sus límites y deducibles, y las pólizas que no tienen ninguna."),
    ),
    "/postgresql/analytics/product-profitability": Said(
        _("Rentabilidad de los productos"),
        _(
            "Los 10 productos con más pólizas y los 10 con más prima. De una póliza cuyo producto no está, el"
            " producto sale sin nombre."
        ),
    ),
    "/postgresql/analytics/policy-trends": Said(
        _("Pólizas mes a mes"),
        _(
            "Pólizas nuevas y su prima. El crecimiento es el del último mes entero sobre el anterior, se pidan"
            " los meses que se pidan."
        ),
    ),
    "/cassandra/analytics/claims": Said(
        _("Reclamos"),
        _("Por estado y por mes, sus montos, y las 10 pólizas que más han reclamado."),
    ),
    "/cassandra/analytics/payments": Said(
        _("Pagos y cobros"),
        _(
            "Por método y por mes, y los 10 clientes de mayor monto. Cuenta lo que se cobra por primas y lo que"
            " se paga por siniestros."
        ),
    ),
    "/cassandra/analytics/transaction-audit": Said(
        _("Auditoría"),
        _("Qué se ha hecho: por servicio, operación, hora y persona. Las horas son UTC."),
    ),
    "/cassandra/analytics/claims-payments-correlation": Said(
        _("Reclamos frente a pagos"),
        _(
            "Mes a mes, con la correlación de Pearson de los 12 meses, nula si un lado no varía, y el monto"
            " reclamado entre el pagado."
        ),
    ),
    "/cassandra/analytics/activity-patterns": Said(
        _("Ritmo de la actividad"),
        _("Por hora del día, día de la semana y servicio, en las últimas horas hasta «as_of»."),
    ),
    "/cross/analytics/customer-policy-profile": Said(
        _("Clientes y sus pólizas"),
        _(
            "Cuántas pólizas tiene cada cliente, y la prima por estado y edad de los que tienen alguna; los 10"
            " de más prima."
        ),
    ),
    "/cross/analytics/agent-performance": Said(
        _("Agentes y su prima"),
        _("Los 20 agentes de más prima, y qué parte de toda la prima llevan los 10 primeros."),
    ),
    "/cross/analytics/claims-vs-policies": Said(
        _("Siniestralidad"),
        _(
            "Qué parte de las pólizas tiene reclamos, y el monto reclamado sobre la prima: en total, por tipo"
            " de producto, y las 10 pólizas de más monto."
        ),
    ),
    "/cross/analytics/customer-journey": Said(
        _("De usuario a asegurado"),
        _(
            "Cuántos usuarios llegan a cliente y cuántos clientes a tener póliza, y en cuántos días de media;"
            " un plazo negativo no se cuenta."
        ),
    ),
    "/claims/stats": Said(_("Reclamos por estado"), _("Cuántos reclamos hay en cada estado.")),
    "/payments/avg": Said(_("Pago medio"), _("El monto medio de los pagos.")),
    "/audits/top-services": Said(
        _("Servicios más usados"), _("Los 5 servicios con más filas en la auditoría.")
    ),
}

ABOUT: Final = _(
    "Las cifras de la casa, calculadas sobre el lago de datos: un snapshot entero, o los CSV donde no hay"
    " ninguno. Quien solo ve su cartera recibe las cifras de su cartera.\n\n"
    "**Entrar.** Con la sesión, o con un token en «Authorization: Token …» o en «X-API-Key: …». Donde la"
    " interfaz está abierta no hace falta nada.\n\n"
    "**Tiempo.** «as_of» hace de ahora; sin él, lo es el momento de los datos. Todo es UTC. Lo fechado después"
    " cuenta en los totales y no en los plazos que acaban en «as_of».\n\n"
    "**Cifras.** Medias, tasas y dinero, con 2 decimales; las tasas, por ciento; lo que se dividiría entre cero"
    " es nulo. Las claves son textos, tal como están en el lago. Los repartos van de más a menos, y a igual"
    " cuenta por valor; lo que falta no está en ellos. Una parte de la respuesta que necesita una columna"
    " optativa que el lago no tiene es nula.\n\n"
    "**Otra vez lo mismo.** Cada respuesta lleva su «ETag»; con «If-None-Match», lo que no ha cambiado responde"
    " 304 sin leer nada. «X-Snapshot» dice de qué snapshot sale."
)
PARAMETERS: Final[Mapping[str, Promise]] = {
    "as_of": _(
        "El momento que hace de ahora, en ISO 8601: sin zona es UTC, y un día solo, sus 00:00. Si falta, el de"
        " los datos."
    ),
    "snapshot": _("Un snapshot anterior, por su identificador, en vez del actual."),
    "months": _("Cuántos meses, con el de «as_of»."),
    "hours": _("Cuántas horas hasta «as_of»."),
    "If-None-Match": _("El ETag de la respuesta que ya se tiene."),
}
HEADERS: Final[Mapping[str, Promise]] = {
    "ETag": _("Cambia cuando puede cambiar la respuesta."),
    "X-Snapshot": _("El snapshot del que sale la respuesta; de unos CSV, una marca suya."),
}
ANSWERS: Final[Mapping[int, Promise]] = {
    200: _("Lo que se pide."),
    304: _("No ha cambiado desde la de If-None-Match."),
    401: _("Falta entrar, o el token no vale."),
    403: _("La cuenta no puede ver las pólizas."),
    404: _("No hay tal snapshot."),
    422: _("Un parámetro no vale: cuál y por qué."),
    500: _("Una tabla o una columna obligatoria no está, o un archivo no se puede leer: cuál."),
    503: _("El lago no responde."),
}
SECURITY: Final[Mapping[str, Promise]] = {
    "token": _("El token de un programa: «Token » y lo que se vio al crearlo."),
    "clave": _("El token solo, sin más."),
    "sesion": _("La sesión de quien ha entrado en la oficina."),
}
