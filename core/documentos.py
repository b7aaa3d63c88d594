"""Identity documents: what kinds there are, and which numbers can be of one."""

from functools import cache
from types import ModuleType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from stdnum import exceptions, get_cc_module

from core.entities import Entity
from core.paises import es_pais, nombre_de_pais, paises


class TipoDocumento(models.TextChoices):
    DNI = "DNI", _("DNI · documento nacional de identidad")
    NIE = "NIE", _("NIE · identidad de extranjero")
    NIF = "NIF", _("NIF · identificación fiscal")
    CIF = "CIF", _("CIF · identificación de empresa")
    CI = "CI", _("CI · cédula de identidad")
    CC = "CC", _("CC · cédula de ciudadanía")
    CE = "CE", _("CE · carné o cédula de extranjería")
    RUC = "RUC", _("RUC · registro de contribuyente")
    RUT = "RUT", _("RUT · rol tributario")
    NIT = "NIT", _("NIT · identificación tributaria")
    RIF = "RIF", _("RIF · información fiscal")
    RNC = "RNC", _("RNC · registro de contribuyente")
    CUIT = "CUIT", _("CUIT · identificación tributaria")
    CURP = "CURP", _("CURP · registro de población")
    RFC = "RFC", _("RFC · registro de contribuyente")
    CPF = "CPF", _("CPF · persona física")
    CNPJ = "CNPJ", _("CNPJ · persona jurídica")
    SSN = "SSN", _("SSN · seguro social")
    ITIN = "ITIN", _("ITIN · contribuyente individual")
    EIN = "EIN", _("EIN · identificación de empleador")
    PASAPORTE = "PASAPORTE", _("Pasaporte")
    OTRO = "OTRO", _("Otro")


TIPOS = frozenset(TipoDocumento.values)

# What stdnum calls a document that people know by another name.
EN_STDNUM: dict[tuple[str, str], str] = {
    ("CL", TipoDocumento.CI): "rut",
    ("CR", TipoDocumento.CI): "cpf",
    ("CU", TipoDocumento.CI): "ni",
    ("DO", TipoDocumento.CI): "cedula",
    ("PE", TipoDocumento.DNI): "cui",
}

MOTIVOS: dict[type[Exception], Any] = {
    exceptions.InvalidLength: _("le faltan o le sobran caracteres"),
    exceptions.InvalidFormat: _("tiene caracteres que no le corresponden"),
    exceptions.InvalidChecksum: _("no coincide el dígito o la letra de control"),
    exceptions.InvalidComponent: _("una de sus partes no existe"),
}


def validar_documento(tipo: str, pais: str, numero: str) -> str:
    """Return the number as its country writes it, without separators.

    Raises ValidationError if it can't be one. A number of a kind that python-stdnum doesn't know in that
    country is only trimmed.
    """
    if tipo not in TIPOS:
        raise ValidationError(
            _("«%(tipo)s» no es un tipo de documento."), code="tipo", params={"tipo": tipo}
        )
    if not es_pais(pais):
        raise ValidationError(
            _("«%(pais)s» no es el código de un país."), code="pais", params={"pais": pais}
        )
    numero = numero.strip()
    if not numero:
        raise ValidationError(_("Falta el número del documento."), code="numero")
    if not (rules := _rules(pais, tipo)):
        return numero
    try:
        return str(rules.validate(numero))
    # ValueError: some rules take digits of other scripts for their own, and fail.
    except (exceptions.ValidationError, ValueError) as refusal:
        raise ValidationError(
            _("«%(numero)s» no vale como %(tipo)s de %(pais)s: %(motivo)s."),
            code="documento",
            params={
                "numero": numero,
                "tipo": tipo,
                "pais": nombre_de_pais(pais),
                "motivo": MOTIVOS.get(type(refusal), MOTIVOS[exceptions.InvalidFormat]),
            },
        ) from refusal


def normalizar_documento(tipo: str, pais: str, numero: str) -> str:
    """Return the number as validar_documento does, and one that it refuses only trimmed."""
    try:
        return validar_documento(tipo, pais, numero)
    except ValidationError:
        return numero.strip()


def formatear_documento(tipo: str, pais: str, numero: str) -> str:
    """Return a normalised number with the separators that its country writes, where they are known."""
    rules = _rules(pais, tipo)
    if rules and hasattr(rules, "format") and rules.is_valid(numero):
        return str(rules.format(numero))
    return numero


@cache
def _rules(pais: str, tipo: str) -> ModuleType | None:
    if not (pais and tipo):
        return None
    module = get_cc_module(pais, EN_STDNUM.get((pais, tipo), tipo.lower()))
    return module if isinstance(module, ModuleType) else None


class Documentado(Entity):
    """An entity known by an identity document, which it may lack and which others may repeat.

    A valid number is kept as validar_documento returns it, whatever door it comes by.
    """

    tipo_documento = models.CharField(
        _("tipo de documento"), max_length=12, choices=TipoDocumento, blank=True, default=""
    )
    pais_documento = models.CharField(
        _("país del documento"),
        max_length=2,
        choices=paises,
        blank=True,
        default="",
        help_text=_("El que lo expide."),
    )
    numero_documento = models.CharField(
        _("número de documento"),
        max_length=40,
        blank=True,
        default="",
        db_index=True,
        help_text=_("Con separadores o sin ellos. Se comprueba donde el país publica la regla."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_documento",
                condition=Q(tipo_documento="", numero_documento="")
                | ~Q(tipo_documento="") & ~Q(numero_documento=""),
                violation_error_message=_(
                    "El documento lleva tipo y número, o ninguno de los dos."
                ),
            )
        ]

    def prepare(self) -> None:
        self.numero_documento = normalizar_documento(
            self.tipo_documento, self.pais_documento, self.numero_documento
        )
        super().prepare()

    def clean(self) -> None:
        super().clean()
        if not (self.tipo_documento and self.numero_documento):
            return
        if not self.pais_documento:
            raise ValidationError({"pais_documento": _("Indique el país que expide el documento.")})
        try:
            self.numero_documento = validar_documento(
                self.tipo_documento, self.pais_documento, self.numero_documento
            )
        except ValidationError as refusal:
            raise ValidationError({"numero_documento": refusal}) from refusal

    @property
    def documento(self) -> str:
        """The document as people write it: its kind and its number with separators."""
        if not self.numero_documento:
            return ""
        numero = formatear_documento(
            self.tipo_documento, self.pais_documento, self.numero_documento
        )
        return f"{self.tipo_documento} {numero}"
