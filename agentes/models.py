"""Who sells: the agente, whom they answer to, and what they earn in each ramo."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import rights
from core.documentos import Documentado
from core.entities import Entity, EntityQuerySet
from core.references import StoreForeignKey
from core.stores import atomic
from especialidades.models import Especialidad, Ramo


class AgenteQuerySet(EntityQuerySet["Agente"]):
    def con_registro_vencido(self, dia: date) -> Self:
        return self.filter(registro_vence__lt=dia)

    def con_especialidad(self, especialidad_id: UUID) -> Self:
        """Those who have it, as their principal one or among the others."""
        also = Agente.otras_especialidades.through.objects.filter(especialidad_id=especialidad_id)
        principal = Q(especialidad_id=especialidad_id)
        return self.filter(principal | Q(pk__in=also.values("agente_id")))


class Agente(Documentado):
    """Who sells pólizas for the house."""

    portfolio = rights.ITSELF
    search_terms = (
        "codigo",
        "nombres",
        "apellidos",
        "numero_documento",
        "documento",
        "email",
        "telefono",
    )

    codigo = models.CharField(
        _("código"),
        max_length=32,
        unique=True,
        help_text=_("El que figura en las pólizas y las liquidaciones."),
        error_messages={"unique": _("Ya hay un agente con este código.")},
    )
    nombres = models.CharField(_("nombres"), max_length=120)
    apellidos = models.CharField(_("apellidos"), max_length=120, blank=True, default="")
    email = models.EmailField(_("correo"), blank=True, default="")
    telefono = models.CharField(_("teléfono"), max_length=40, blank=True, default="")
    oficina = models.CharField(_("oficina"), max_length=80, blank=True, default="", db_index=True)
    registro = models.CharField(
        _("registro"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("Su número en el registro de mediadores de seguros."),
    )
    registro_vence = models.DateField(
        _("vencimiento del registro"),
        null=True,
        blank=True,
        help_text=_("Después de este día ya no puede vender."),
    )
    especialidad = models.ForeignKey(
        Especialidad,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agentes",
        verbose_name=_("especialidad principal"),
    )
    otras_especialidades = models.ManyToManyField(
        Especialidad,
        blank=True,
        related_name="otros_agentes",
        verbose_name=_("otras especialidades"),
    )
    supervisor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervisados",
        verbose_name=_("supervisor"),
        help_text=_("El agente ante quien responde."),
    )
    activo = models.BooleanField(
        _("activo"), default=True, help_text=_("Quien deja de vender se desactiva; no se borra.")
    )
    cuenta = StoreForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        related_name="agentes",
        verbose_name=_("cuenta"),
        help_text=_("Con la que entra en la aplicación y ve su cartera."),
    )

    objects: ClassVar = AgenteQuerySet.as_manager()
    _history_m2m_fields = [otras_especialidades]

    class Meta:
        verbose_name = _("agente")
        verbose_name_plural = _("agentes")
        ordering = ("codigo",)
        constraints = [
            *Documentado.Meta.constraints,
            models.CheckConstraint(
                name="agente_con_codigo_y_nombre",
                condition=~Q(codigo="") & ~Q(nombres=""),
                violation_error_message=_("El agente necesita código y nombre."),
            ),
            models.CheckConstraint(
                name="agente_no_es_su_supervisor",
                condition=Q(supervisor__isnull=True) | ~Q(supervisor=F("id")),
                violation_error_message=_("Nadie es su propio supervisor."),
            ),
            models.UniqueConstraint(
                name="agente_una_cuenta",
                fields=["cuenta"],
                violation_error_message=_("Esta cuenta ya es de otro agente."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codigo} · {self.nombre_completo}"

    @property
    def nombre_completo(self) -> str:
        return f"{self.nombres} {self.apellidos}".strip()

    def clean(self) -> None:
        super().clean()
        self._refuse_cycle(Agente.objects.all())

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Two people may each make one agente the supervisor of the other at the same moment.
        with atomic(Agente):
            self._refuse_cycle(Agente.objects.select_for_update())
            super().save(*args, **kwargs)

    def _refuse_cycle(self, agentes: models.QuerySet["Agente"]) -> None:
        """Raise ValidationError if this agente would answer, in the end, to themselves."""
        seen, above = {self.pk}, self.supervisor_id
        while above is not None:
            if above in seen:
                raise ValidationError(
                    {"supervisor": _("Este supervisor ya responde, en su cadena, ante el agente.")}
                )
            seen.add(above)
            above = agentes.filter(pk=above).values_list("supervisor_id", flat=True).first()


class Comision(Entity):
    """What an agente earns of each prima of a ramo."""

    portfolio = ("agente",)

    agente = models.ForeignKey(
        Agente, models.CASCADE, related_name="comisiones", verbose_name=_("agente")
    )
    ramo = models.CharField(_("ramo"), max_length=24, choices=Ramo)
    porcentaje = models.DecimalField(
        _("comisión (%)"),
        max_digits=5,
        decimal_places=2,
        help_text=_("Sobre la prima neta, de 0 a 100."),
    )

    class Meta:
        verbose_name = _("comisión")
        verbose_name_plural = _("comisiones")
        ordering = ("agente", "ramo")
        constraints = [
            models.UniqueConstraint(
                name="comision_una_por_ramo",
                fields=["agente", "ramo"],
                violation_error_message=_("El agente ya tiene una comisión en este ramo."),
            ),
            models.CheckConstraint(
                name="comision_de_0_a_100",
                condition=Q(porcentaje__gte=Decimal(0), porcentaje__lte=Decimal(100)),
                violation_error_message=_("La comisión va de 0 a 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ramo_display()}: {self.porcentaje} %"
