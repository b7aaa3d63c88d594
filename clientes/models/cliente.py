from datetime import date
from typing import ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agentes.models import Agente
from clientes.models.usuario import Usuario
from clientes.reglas import edad
from core.documentos import Documentado
from core.entities import EntityQuerySet


def no_futura(dia: date) -> None:
    """Raise ValidationError for a day that has not come."""
    if dia > timezone.localdate():
        raise ValidationError(_("Esta fecha todavía no ha llegado."), code="futura")


class Sexo(models.TextChoices):
    MUJER = "mujer", _("Mujer")
    HOMBRE = "hombre", _("Hombre")
    OTRO = "otro", _("Otro")


class EstadoCivil(models.TextChoices):
    SOLTERO = "soltero", _("Soltero/a")
    CASADO = "casado", _("Casado/a")
    PAREJA = "pareja", _("Pareja de hecho")
    SEPARADO = "separado", _("Separado/a")
    DIVORCIADO = "divorciado", _("Divorciado/a")
    VIUDO = "viudo", _("Viudo/a")


class ClienteQuerySet(EntityQuerySet["Cliente"]):
    def del_servicio(self) -> Self:
        """Those whom the customer service knows, by the name that it has for each."""
        return self.filter(nombre_sky__isnull=False).order_by("nombre_sky")

    def con_documento_repetido(self) -> Self:
        return self.filter(self._otro_lo_tiene())

    def sin_documento(self) -> Self:
        return self.filter(numero_documento="")

    def marcando_repetidos(self) -> Self:
        """Tell of each row, in `repetido`, whether another cliente has its document."""
        return self.annotate(repetido=self._otro_lo_tiene())

    def que_consienten(self, finalidad: str, dia: date) -> Self:
        """Those whose data may be used for `finalidad` on `dia`."""
        given = apps.get_model("clientes", "Consentimiento").objects.vigentes(dia)
        vigentes = given.filter(finalidad=finalidad)
        return self.filter(pk__in=vigentes.values("cliente_id"))

    def marcando_consentimientos(self, dia: date) -> Self:
        """Tell of each row, in `consiente_X`, whether its data may be used for each finalidad on `dia`."""
        consentimiento = apps.get_model("clientes", "Consentimiento")
        vigentes = consentimiento.objects.vigentes(dia).filter(cliente=OuterRef("pk"))
        return self.annotate(
            **{
                f"consiente_{finalidad}": Exists(vigentes.filter(finalidad=finalidad))
                for finalidad in consentimiento.Finalidad.values
            }
        )

    @staticmethod
    def _otro_lo_tiene() -> Q:
        others = Cliente._base_manager.exclude(pk=OuterRef("pk")).filter(
            numero_documento=OuterRef("numero_documento"),
            pais_documento=OuterRef("pais_documento"),
        )
        return ~Q(numero_documento="") & Q(Exists(others))


class Cliente(Documentado):
    """A person or a company that insures something, or may."""

    portfolio = (
        "agente",
        "polizas__agente",
        "polizas_como_asegurado__agente",
        "polizas_como_pagador__agente",
    )

    class Tipo(models.TextChoices):
        PERSONA = "persona", _("Persona")
        EMPRESA = "empresa", _("Empresa")

    search_terms = (
        "nombres",
        "apellidos",
        "numero_documento",
        "documento",
        "email",
        "telefono",
        "nombre_sky",
    )

    tipo = models.CharField(_("tipo"), max_length=8, choices=Tipo, default=Tipo.PERSONA)
    nombres = models.CharField(
        _("nombres o razón social"), max_length=160, help_text=_("De una empresa, su razón social.")
    )
    apellidos = models.CharField(_("apellidos"), max_length=120, blank=True, default="")
    nacimiento = models.DateField(
        _("fecha de nacimiento"), null=True, blank=True, validators=[no_futura]
    )
    sexo = models.CharField(_("sexo"), max_length=8, choices=Sexo, blank=True, default="")
    estado_civil = models.CharField(
        _("estado civil"), max_length=12, choices=EstadoCivil, blank=True, default=""
    )
    ocupacion = models.CharField(
        _("ocupación o actividad"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("La piden las aseguradoras para tarificar."),
    )
    expuesto = models.BooleanField(
        _("persona expuesta políticamente"),
        default=False,
        help_text=_("Ocupa u ocupó un cargo público relevante: exige un examen reforzado."),
    )
    email = models.EmailField(_("correo"), blank=True, default="")
    telefono = models.CharField(_("teléfono"), max_length=40, blank=True, default="")
    agente = models.ForeignKey(
        Agente,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clientes",
        verbose_name=_("agente"),
        help_text=_("Quien lo atiende y lo tiene en su cartera."),
    )
    usuario = models.ForeignKey(
        Usuario,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clientes",
        verbose_name=_("usuario"),
        help_text=_("Quien se registró, si lo hizo."),
    )
    nombre_sky = models.CharField(
        _("nombre en el servicio de atención"),
        max_length=200,
        null=True,
        blank=True,
        unique=True,
        help_text=_("La clave con que lo conoce ese servicio, exacta a la letra."),
        error_messages={"unique": _("Ya hay un cliente con este nombre en el servicio.")},
    )
    notas = models.TextField(_("notas"), blank=True, default="")

    objects: ClassVar = ClienteQuerySet.as_manager()

    class Meta:
        verbose_name = _("cliente")
        verbose_name_plural = _("clientes")
        ordering = ("-creado", "-id")
        indexes = [models.Index(name="cliente_por_fecha", fields=["creado", "id"])]
        constraints = [
            *Documentado.Meta.constraints,
            models.CheckConstraint(
                name="cliente_con_nombre",
                condition=~Q(nombres=""),
                violation_error_message=_("El cliente necesita un nombre o una razón social."),
            ),
            models.CheckConstraint(
                name="cliente_empresa_sin_datos_de_persona",
                condition=~Q(tipo="empresa")
                | Q(apellidos="", sexo="", estado_civil="", nacimiento__isnull=True),
                violation_error_message=_(
                    "Una empresa no lleva apellidos, nacimiento, sexo ni estado civil."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.nombre_completo

    @property
    def nombre_completo(self) -> str:
        return f"{self.nombres} {self.apellidos}".strip()

    @property
    def contacto(self) -> str:
        """How they are reached first."""
        return self.email or self.telefono

    def edad(self, dia: date) -> int | None:
        return edad(self.nacimiento, dia) if self.nacimiento else None

    def otros_con_su_documento(self) -> ClienteQuerySet:
        """The other clientes with this number in this country, whatever each calls the document."""
        if not self.numero_documento:
            return Cliente.objects.none()
        return Cliente.objects.exclude(pk=self.pk).filter(
            numero_documento=self.numero_documento, pais_documento=self.pais_documento
        )

    def clean(self) -> None:
        super().clean()
        # Only null repeats under a unique constraint.
        self.nombre_sky = self.nombre_sky or None
