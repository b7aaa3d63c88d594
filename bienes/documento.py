"""A document by type: what a row holds depends on its tipo, and one form for each tipo says what that is."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Documento = dict[str, str | int | bool]

SI, NO = "si", "no"
TITULO = 80

# One meaning in every language: «02/03/2026» is never the third of February.
FORMATOS_DE_FECHA = ("%Y-%m-%d", "%d/%m/%Y")


class Esquema(forms.Form):
    """What the documents of one tipo hold: fields, labels and rules, said once for every door.

    `titulo` names the fields that tell one document from another in a list.
    """

    use_required_attribute = False
    titulo: ClassVar[tuple[str, ...]] = ()


class SiNoField(forms.TypedChoiceField):
    """Yes, no, or not known: an unanswered question is not a no."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", "---------"), (SI, gettext_lazy("Sí")), (NO, gettext_lazy("No"))]
        super().__init__(choices=choices, coerce=SI.__eq__, empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (SI if value else NO) if isinstance(value, bool) else value

    def to_python(self, value: Any) -> str:
        return str(super().to_python(self.prepare_value(value)))


# The kinds of field that several schemas share.


def texto(label: "str | _StrPromise", maximo: int = 120, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=maximo, **kwargs)


def parrafo(label: "str | _StrPromise", maximo: int = 2000, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=maximo, widget=forms.Textarea(attrs={"rows": 3}), **kwargs
    )


def opcion(
    label: "str | _StrPromise", opciones: type[models.Choices], **kwargs: Any
) -> forms.ChoiceField:
    choices = [("", "---------"), *opciones.choices]
    return forms.ChoiceField(label=label, choices=choices, **kwargs)


def entero(
    label: "str | _StrPromise", minimo: int, maximo: int, **kwargs: Any
) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=minimo, max_value=maximo, **kwargs)


def decimal(label: "str | _StrPromise", **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=14, decimal_places=2, **kwargs)


def fecha(label: "str | _StrPromise", **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, input_formats=FORMATOS_DE_FECHA, **kwargs)


# Judged and kept.


def limpiar(esquema: type[Esquema], datos: object) -> Documento:
    """Return `datos` as they are kept, or raise ValidationError with a sentence for each fault.

    What is kept is plain JSON without blanks, its decimals and dates as text, and cleaning it again
    changes nothing.
    """
    formulario, ajenos = _juzgado(esquema, datos)
    if ajenos:
        raise ValidationError([*ajenos.values()])
    if not formulario.is_valid():
        raise ValidationError(list(_errores(formulario)))
    return como_documento(formulario)


def faltas(esquema: type[Esquema], datos: object) -> dict[str, list[str]]:
    """Return what `limpiar` refuses of `datos`, by field; what is of no field of them, as ""."""
    try:
        formulario, ajenos = _juzgado(esquema, datos)
    except ValidationError as refusal:
        return {"": refusal.messages}
    if ajenos:
        return {campo: [frase] for campo, frase in ajenos.items()}
    return {
        campo if campo in formulario.fields else "": [str(error) for error in errores]
        for campo, errores in formulario.errors.items()
    }


def _juzgado(esquema: type[Esquema], datos: object) -> tuple[Esquema, dict[str, str]]:
    """Return the form that judges `datos`, and what no form judges, by field."""
    if not isinstance(datos, Mapping):
        raise ValidationError(_("Los datos se dan por su nombre: {campo: valor}."))
    formulario = _juez(esquema)(data={campo: _tecleado(valor) for campo, valor in datos.items()})
    return formulario, {**_sobrantes(formulario, datos), **_ilegibles(formulario, datos)}


class _Compartidos(dict[str, forms.Field]):
    """The fields of a schema, for forms that only judge: these change none, so each needs no copy."""

    def __deepcopy__(self, memo: Any) -> "_Compartidos":
        return self


@cache
def _juez(esquema: type[Esquema]) -> type[Esquema]:
    # Django copies every field and choice for each form, which takes longer than judging.
    juez: Any = type(esquema.__name__, (esquema,), {"__module__": esquema.__module__})
    juez.base_fields = _Compartidos(esquema.base_fields)
    return juez  # type: ignore[no-any-return]


def como_documento(formulario: forms.Form) -> Documento:
    """Return what a valid form holds as JSON keeps it, leaving out what is blank."""
    limpios = formulario.cleaned_data
    # By the schema's own order: the same data always make the same text.
    return {
        campo: _como_json(limpios[campo])
        for campo in formulario.fields
        if limpios.get(campo) not in (None, "")
    }


def _como_json(valor: Any) -> str | int | bool:
    match valor:
        case bool() | int() | str():
            return valor
        case Decimal():
            return f"{valor:f}"
        case date():
            return valor.isoformat()
    raise TypeError(f"no schema field gives {type(valor).__name__}")


def _tecleado(valor: Any) -> Any:
    # A field expects what a person types; a date field breaks on a bare number.
    es_numero = isinstance(valor, int | float) and not isinstance(valor, bool)
    return str(valor) if es_numero else valor


def _sobrantes(formulario: forms.Form, datos: Mapping[str, Any]) -> dict[str, str]:
    conocidos = ", ".join(formulario.fields)
    return {
        campo: _("No hay ningún campo «%(campo)s»: los de este tipo son %(conocidos)s.")
        % {"campo": campo, "conocidos": conocidos}
        for campo in datos
        if campo not in formulario.fields
    }


def _ilegibles(formulario: forms.Form, datos: Mapping[str, Any]) -> dict[str, str]:
    # A form takes any object for text: a list would be kept as "['a']".
    return {
        nombre: _("%(campo)s: escriba un solo valor.") % {"campo": campo.label}
        for nombre, campo in formulario.fields.items()
        if isinstance(valor := datos.get(nombre), list | dict)
        or (isinstance(valor, bool) and not isinstance(campo, SiNoField))
    }


def _errores(formulario: forms.Form) -> Sequence[str]:
    return [
        f"{formulario.fields[campo].label}: {error}" if campo in formulario.fields else str(error)
        for campo, errores in formulario.errors.items()
        for error in errores
    ]


# Shown.


def leer(esquema: type[Esquema], datos: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kept values as Python's; one that the schema no longer takes stays as it is."""
    return {nombre: _leido(esquema.base_fields.get(nombre), v) for nombre, v in datos.items()}


def _leido(campo: forms.Field | None, valor: Any) -> Any:
    try:
        return campo.clean(valor) if campo else valor
    except ValidationError:
        return valor


def presentar(esquema: type[Esquema], datos: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return label and value of each datum as people read them, in the schema's order."""
    leidos = leer(esquema, datos)
    orden = [
        *(n for n in esquema.base_fields if n in leidos),
        *(leidos.keys() - esquema.base_fields),
    ]
    return [
        (_etiqueta(esquema, nombre), _legible(esquema, nombre, leidos[nombre])) for nombre in orden
    ]


def titular(esquema: type[Esquema], datos: Mapping[str, Any]) -> str:
    """Return in a few words which document it is; "" if it lacks what would tell."""
    leidos = leer(esquema, datos)
    partes = (_legible(esquema, n, leidos[n]) for n in esquema.titulo if n in leidos)
    return Truncator(" ".join(partes)).chars(TITULO)


def _etiqueta(esquema: type[Esquema], nombre: str) -> str:
    campo = esquema.base_fields.get(nombre)
    return str(campo.label) if campo else nombre


def _legible(esquema: type[Esquema], nombre: str, valor: Any) -> str:
    if isinstance(valor, bool):
        return _("Sí") if valor else _("No")
    campo = esquema.base_fields.get(nombre)
    if isinstance(campo, forms.ChoiceField):
        elegibles: Any = campo.choices
        return str(dict(elegibles).get(valor, valor))
    if isinstance(valor, date):
        return formats.date_format(valor, "SHORT_DATE_FORMAT")
    return formats.number_format(valor) if isinstance(valor, Decimal) else str(valor)


class DocumentoField(models.JSONField):
    """A document whose schema follows from the row's own `tipo`, judged wherever the row is."""

    def __init__(
        self, *args: Any, esquemas: Mapping[str, type[Esquema]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"default": dict, **kwargs})
        self.esquemas = esquemas or {}

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        # The schemas are code, not columns: a migration that named them would break when they move.
        return name, "django.db.models.JSONField", args, kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        esquema = self.esquemas.get(getattr(model_instance, "tipo", ""))
        # A tipo that does not exist is refused by its own field.
        return limpiar(esquema, value) if esquema else value


class Documentable:
    """A row of a `tipo` with its `datos`, which says of itself what they hold."""

    _meta: ClassVar[Any]
    tipo: Any
    datos: Any

    @property
    def esquema(self) -> type[Esquema]:
        esquema: type[Esquema] = self._meta.get_field("datos").esquemas.get(self.tipo, Esquema)
        return esquema

    @property
    def titulo(self) -> str:
        return titular(self.esquema, self.datos)

    @property
    def documento(self) -> list[tuple[str, str]]:
        return presentar(self.esquema, self.datos)

    @property
    def palabras(self) -> str:
        """The texts of the document, to be searched."""
        return " ".join(valor for valor in self.datos.values() if isinstance(valor, str))
