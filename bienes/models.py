"""What is insured."""

from decimal import Decimal
from typing import ClassVar, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bienes.documento import Documentable, DocumentoField
from bienes.esquemas import ESQUEMAS, TipoBien
from core.entities import Entity, EntityQuerySet
from core.references import StoreForeignKey
from polizas.models import Poliza
from polizas.models.poliza import de_cliente


def participa(cliente_id: UUID, poliza_id: UUID) -> bool:
    """Whether the cliente is tomador, asegurado or pagador of the póliza."""
    return Poliza.objects.filter(de_cliente(cliente_id), pk=poliza_id).exists()


def exigir_participacion(cliente_id: UUID | None, poliza_id: UUID | None) -> None:
    """Raise ValidationError, at the póliza, if the cliente takes no part in it."""
    if cliente_id and poliza_id and not participa(cliente_id, poliza_id):
        raise ValidationError(
            {"poliza": _("El cliente no es tomador, asegurado ni pagador de esta póliza.")}
        )


class BienQuerySet(EntityQuerySet["Bien"]):
    def asegurados(self) -> Self:
        return self.filter(poliza__isnull=False)

    def sin_asegurar(self) -> Self:
        return self.filter(poliza__isnull=True)


class Bien(Documentable, Entity):
    """What a cliente has and may insure: a car, a home, a life, a shop.

    Its store may have no constraints to give, so what would be one is a validator here.
    """

    portfolio = ("poliza__agente", "cliente__agente")

    Tipo = TipoBien
    search_terms = ("descripcion", "palabras")

    cliente = StoreForeignKey("clientes.Cliente", verbose_name=_("cliente"), related_name="bienes")
    poliza = StoreForeignKey(
        "polizas.Poliza",
        verbose_name=_("póliza"),
        related_name="bienes",
        null=True,
        blank=True,
        help_text=_("La que lo asegura hoy, si alguna."),
    )
    tipo = models.CharField(_("tipo"), max_length=10, choices=TipoBien)
    descripcion = models.CharField(
        _("descripción"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Cómo lo llama el cliente. En blanco, se dice por sus datos."),
    )
    datos = DocumentoField(_("datos"), esquemas=ESQUEMAS)
    valor = models.DecimalField(
        _("valor"),
        max_digits=14,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0), _("El valor no puede ser negativo."))],
        help_text=_("En la moneda de su póliza."),
    )

    objects: ClassVar = BienQuerySet.as_manager()

    class Meta:
        verbose_name = _("bien")
        verbose_name_plural = _("bienes")
        ordering = ("-creado", "-id")
        indexes = [models.Index(name="bien_por_fecha", fields=["creado", "id"])]

    def __str__(self) -> str:
        return self.descripcion or self.titulo or self.get_tipo_display()

    def clean(self) -> None:
        super().clean()
        exigir_participacion(self.cliente_id, self.poliza_id)
