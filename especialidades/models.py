"""What the market is divided into, and what an agente is good at."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import rights
from core.entities import Entity
from core.text import normalizar


class Ramo(models.TextChoices):
    """The line of business of a producto, a comisión or an especialidad."""

    VIDA = "VIDA", _("Vida")
    SALUD = "SALUD", _("Salud")
    AUTO = "AUTO", _("Auto")
    HOGAR = "HOGAR", _("Hogar")
    COMERCIO = "COMERCIO", _("Comercio")
    TRANSPORTE = "TRANSPORTE", _("Transporte")
    RESPONSABILIDAD_CIVIL = "RESPONSABILIDAD_CIVIL", _("Responsabilidad civil")
    CAUCION = "CAUCION", _("Caución")
    VIAJE = "VIAJE", _("Viaje")
    DECESOS = "DECESOS", _("Decesos")
    OTRO = "OTRO", _("Otro")


class Especialidad(Entity):
    """What an agente is good at: narrower than a ramo, within one."""

    portfolio = rights.EVERYONE
    search_terms = ("nombre", "descripcion")

    nombre = models.CharField(
        _("nombre"),
        max_length=80,
        unique=True,
        help_text=_("Como la dice la oficina: «Flotas», «Vida ahorro»."),
        error_messages={"unique": _("Ya hay una especialidad con este nombre.")},
    )
    ramo = models.CharField(_("ramo"), max_length=24, choices=Ramo)
    descripcion = models.TextField(
        _("descripción"),
        blank=True,
        default="",
        help_text=_("Qué se le puede pedir a quien la tiene."),
    )

    class Meta:
        verbose_name = _("especialidad")
        verbose_name_plural = _("especialidades")
        ordering = ("nombre",)
        constraints = [
            models.CheckConstraint(
                name="especialidad_con_nombre",
                condition=~Q(nombre=""),
                violation_error_message=_("La especialidad necesita un nombre."),
            )
        ]

    def __str__(self) -> str:
        return self.nombre

    def clean(self) -> None:
        super().clean()
        others = Especialidad.objects.exclude(pk=self.pk).values_list("nombre", flat=True)
        # The database tells «Vida Ahorro» from «vida ahorro»; people choosing from a list do not.
        same = {normalizar(nombre): nombre for nombre in others}.get(normalizar(self.nombre))
        if same and same != self.nombre:
            raise ValidationError(
                {"nombre": _("Ya hay una especialidad llamada «%(nombre)s».") % {"nombre": same}}
            )
