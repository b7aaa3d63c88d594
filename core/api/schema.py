"""How the API describes itself, in OpenAPI 3.1: what each operation takes, answers and refuses."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from core.api.examples import example_of
from core.api.expand import PARAMETER, Expanding, expandable, resolved
from core.api.idempotency import HEADER

PREFIX = "/api/v1/"
SENTENCE = {
    "type": "object",
    "required": ["detail"],
    "properties": {"detail": {"type": "string"}},
}
BY_FIELD = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
    "minProperties": 1,
}
MEANINGS: dict[int, Any] = {
    304: gettext_lazy("No ha cambiado desde la versión de If-None-Match."),
    400: gettext_lazy("No vale lo que se envía: las frases, por campo o parámetro."),
    401: gettext_lazy("Falta entrar, o el token no vale."),
    403: gettext_lazy("La cuenta, o el token, no puede hacerlo."),
    404: gettext_lazy("No existe, o no está en su cartera."),
    409: gettext_lazy("Choca con lo que hay: otros lo usan, o alguien lo ha cambiado."),
    410: gettext_lazy("Lo que se hizo con esta Idempotency-Key se borró después."),
    412: gettext_lazy("Ya no es la versión de If-Match."),
    413: gettext_lazy("El cuerpo es demasiado grande."),
    415: gettext_lazy("El cuerpo no es JSON."),
    422: gettext_lazy("Esta Idempotency-Key ya se usó con otro cuerpo."),
    503: gettext_lazy("Un almacén no responde."),
}
ALWAYS, WITH_BODY, MAKING, ONE, CHANGING = (
    (400, 401, 403, 503),
    (413, 415),
    (409, 410, 422),
    (404,),
    (409, 412),
)
REFUSALS: Mapping[str, tuple[int, ...]] = {
    "list": ALWAYS,
    "retrieve": (*ALWAYS, *ONE, 304),
    "create": (*ALWAYS, *WITH_BODY, *MAKING),
    "update": (*ALWAYS, *WITH_BODY, *ONE, *CHANGING),
    "partial_update": (*ALWAYS, *WITH_BODY, *ONE, *CHANGING),
    "destroy": (*ALWAYS, *ONE, *CHANGING),
}
SUMMARIES = {
    "list": gettext_lazy("Lista de %(many)s"),
    "retrieve": gettext_lazy("Leer: %(one)s"),
    "create": gettext_lazy("Crear: %(one)s"),
    "update": gettext_lazy("Escribir entero: %(one)s"),
    "partial_update": gettext_lazy("Cambiar una parte: %(one)s"),
    "destroy": gettext_lazy("Borrar: %(one)s"),
}


def only_ours(endpoints: list[Any]) -> list[Any]:
    """Leave out what is not of this API."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "core.access.TokenSignIn"
    name = ["token", "clave"]

    def get_security_definition(self, auto_schema: Any) -> Any:
        said = _("El token de un programa: «Token » y lo que se vio al crearlo.")
        headers = {"Authorization": said, "X-API-Key": _("El token solo, sin más.")}
        return [
            {"type": "apiKey", "in": "header", "name": name, "description": description}
            for name, description in headers.items()
        ]

    def get_security_requirement(self, auto_schema: Any) -> Any:
        return [{"token": []}, {"clave": []}]


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "core.access.SignedIn"
    name = "sesion"

    def get_security_definition(self, auto_schema: Any) -> Any:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class DoorSchema(AutoSchema):
    """The operations of a view of the API."""

    view: Any

    @property
    def action(self) -> str:
        return str(self.view.action)

    @property
    def names(self) -> dict[str, Any]:
        opts = self.view.serializer_class.Meta.model._meta
        return {"one": opts.verbose_name, "many": opts.verbose_name_plural}

    def get_tags(self) -> list[str]:
        return [str(capfirst(self.names["many"]))]

    def get_summary(self) -> str:
        if self.action in SUMMARIES:
            return str(SUMMARIES[self.action] % self.names)
        return str(capfirst(self.view.name or self.action.replace("_", " ")))

    def get_description(self) -> str:  # type: ignore[override]
        """What a verb says of itself; what is everyone's is said once, at the beginning."""
        return str(self.view.description or "") if self.action not in SUMMARIES else ""

    def refusals(self) -> tuple[int, ...]:
        return REFUSALS[self.action]

    def answer(self) -> tuple[int, Any]:
        """The status and the serializer of what is answered when all goes well."""
        if self.action == "destroy":
            return 204, None
        return (201 if self.action == "create" else 200), self.view.serializer_class

    def get_response_serializers(self) -> Any:
        status, serializer = self.answer()
        answers: dict[Any, Any] = {status: serializer}
        for code in sorted(self.refusals()):
            schema = {400: self._ref("Rechazo", BY_FIELD), 304: None}.get(
                code, self._ref("Motivo", SENTENCE)
            )
            said = OpenApiResponse(response=schema, description=str(MEANINGS[code]))
            answers[(code, "application/json") if schema else code] = said
        return answers

    def _ref(self, name: str, schema: dict[str, Any]) -> dict[str, str]:
        told: dict[str, Any] = {"name": name, "schema": schema, "object": name}
        component: Any = ResolvedComponent(type=ResolvedComponent.SCHEMA, **told)  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def map_renderers(self, attribute: str) -> list[Any]:
        # The page for a browser is no format that a program asks for.
        return ["json"] if attribute == "format" else ["application/json"]

    def get_examples(self) -> list[OpenApiExample]:
        asked, (status, answered) = self.get_request_serializer(), self.answer()
        found = []
        if body := getattr(getattr(asked, "Meta", None), "example", None):
            found.append(OpenApiExample("cuerpo", value=body, request_only=True))
        if answered is not None and (row := example_of(answered)):
            found.append(
                OpenApiExample("fila", value=row, response_only=True, status_codes=[str(status)])
            )
        return found

    def _resolve_path_parameters(self, variables: Any) -> Any:
        found = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        return [parameter | {"description": _("El de la fila.")} for parameter in found]

    def _insert_field_validators(self, field: Any, schema: Any) -> None:
        super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]
        if "oneOf" in schema:  # empty or of a format: who does not look at formats finds both
            schema["anyOf"] = schema.pop("oneOf")

    def _map_serializer(self, serializer: Any, direction: Any, *args: Any, **kwargs: Any) -> Any:
        schema: Any = super()._map_serializer(serializer, direction, *args, **kwargs)  # type: ignore[no-untyped-call]
        schema.pop("description", None)  # of those who write serializers
        kind: Any = serializer if isinstance(serializer, type) else type(serializer)
        if direction == "response" and issubclass(kind, Expanding):
            for name, inner in expandable(kind).items():
                schema["properties"][name] = self._expanded(
                    schema["properties"].get(name), inner, kind.Meta.model._meta.get_field(name)
                )
        return schema

    def _expanded(self, key: Any, inner: type[serializers.Serializer], relation: Any) -> Any:
        """The schema of a relation that may come as its key or as the row itself."""
        ref = self.resolve_serializer(inner, "response").ref
        if key is None:
            said = _("Solo con ?expand=%(name)s.") % {"name": relation.name}
            return {"type": "array", "items": ref, "readOnly": True, "description": said}
        if relation.many_to_many:
            return key | {"items": {"oneOf": [key["items"], ref]}}
        described = {name: key.pop(name) for name in ("title", "description") if name in key}
        return {"oneOf": [key, ref], **described}


class EntitySchema(DoorSchema):
    """The operations of an entity: with versions, expansions and keys that make once."""

    def is_verb(self) -> bool:
        return self.action not in REFUSALS

    def get_operation_id(self) -> str:
        if self.is_verb():
            return "_".join(self._tokenize_path())
        return str(super().get_operation_id())

    def get_request_serializer(self) -> Any:
        return self.view.takes if self.is_verb() else self.view.serializer_class

    def refusals(self) -> tuple[int, ...]:
        if not self.is_verb():
            return super().refusals()
        made = MAKING if self.view.makes else ()
        return tuple({*ALWAYS, *WITH_BODY, *ONE, *CHANGING, *made})

    def answer(self) -> tuple[int, Any]:
        if self.is_verb() and self.view.makes:
            return 201, resolved(self.view.makes)
        return super().answer()

    def get_override_parameters(self) -> list[Any]:
        found = [self._expand()] if self.action != "destroy" else []
        if self.action == "retrieve":
            found.append(_header("If-None-Match", _('La versión que ya se tiene: «"3"».')))
        if set(CHANGING) <= set(self.refusals()):
            found.append(_header("If-Match", _('La versión que se cambia: «"3"».')))
        if set(MAKING) <= set(self.refusals()):
            said = _("De 1 a 200 caracteres: lo mismo, enviado otra vez, no se hace otra vez.")
            found.append(_header(HEADER, said))
        if self.action not in ("list", "destroy"):
            versions = _header("ETag", _("La versión de la fila."))
            versions.response = [200, 201]
            found.append(versions)
        return [parameter for parameter in found if parameter is not None]

    def _expand(self) -> OpenApiParameter | None:
        _status, serializer = self.answer()
        names = list(getattr(serializer.Meta, "expandable", {}))
        if not names:
            return None
        return OpenApiParameter(
            PARAMETER,
            {"type": "array", "items": {"type": "string", "enum": names}},
            OpenApiParameter.QUERY,
            description=_("Lo que ha de venir entero, entre comas."),
            style="form",
            explode=False,
        )


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)
