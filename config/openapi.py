"""How the API presents itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Cartera",
    "DESCRIPTION": _(
        "La API de la oficina. Se entra con la sesión, o con un token en «Authorization: Token …» o en "
        "«X-API-Key: …»; cada quien hace y ve lo mismo que en la oficina.\n\n"
        "**Páginas.** Las listas responden «next», «previous» y «results»; «next» lleva el cursor de la "
        "página siguiente, y «limit» dice cuántas filas trae cada una. No se cuentan.\n\n"
        "**Versiones.** Cada fila lleva su versión en «ETag». Con «If-Match» se cambia solo si nadie la "
        "ha cambiado antes: si no, 412.\n\n"
        "**Una sola vez.** Con «Idempotency-Key», lo que se envía dos veces se hace una, y responde lo "
        "mismo.\n\n"
        "**Rechazos.** Con 400, las frases por campo; con los demás, una en «detail»."
    ),
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["core.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "/static/img/cartera.svg",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "REDOC_DIST": "SIDECAR",
}
