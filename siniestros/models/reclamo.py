"""What clientes claim, and what they are paid for it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, ProtectedError, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bienes.models import Bien, participa
from core.entities import Entity, EntityQuerySet
from core.references import StoreForeignKey
from core.stores import atomic
from polizas.models import Poliza
from polizas.models.base import guardada, importe, momento, no_negativos, prohibir_cambios
from siniestros import reglas
from siniestros.reglas import ABIERTOS, CERO, Cuenta, EstadoReclamo


class Causa(models.TextChoices):
    ACCIDENTE = "accidente", _("Accidente")
    ROBO = "robo", _("Robo o hurto")
    INCENDIO = "incendio", _("Incendio")
    AGUA = "agua", _("Daños por agua")
    CRISTALES = "cristales", _("Rotura de cristales")
    NATURALEZA = "naturaleza", _("Fenómeno de la naturaleza")
    ELECTRICOS = "electricos", _("Daños eléctricos")
    VANDALISMO = "vandalismo", _("Vandalismo")
    TERCEROS = "terceros", _("Daños a terceros")
    ENFERMEDAD = "enfermedad", _("Enfermedad")
    INVALIDEZ = "invalidez", _("Invalidez")
    FALLECIMIENTO = "fallecimiento", _("Fallecimiento")
    ASISTENCIA = "asistencia", _("Asistencia")
    OTRA = "otra", _("Otra")


class ReclamoQuerySet(EntityQuerySet["Reclamo"]):
    def bulk_create(  # type: ignore[override]
        self, objs: Iterable["Reclamo"], batch_size: int | None = None, **unsupported: Any
    ) -> list["Reclamo"]:
        with atomic(Reclamo):
            reclamos = list(objs)
            dados = {reclamo.numero for reclamo in reclamos}
            for reclamo in reclamos:
                reclamo.numerar(dados)
                dados.add(reclamo.numero)
            return super().bulk_create(reclamos, batch_size=batch_size, **unsupported)

    def abiertos(self) -> Self:
        """Those that somebody still has to decide."""
        return self.filter(estado__in=ABIERTOS)

    def en_revision(self) -> Self:
        return self.filter(estado=EstadoReclamo.EN_REVISION)

    def por_pagar(self) -> Self:
        return self.filter(estado=EstadoReclamo.APROBADO)


class Reclamo(Entity):
    """What is claimed under a póliza for one thing that happened."""

    portfolio = ("poliza__agente",)

    Estado = EstadoReclamo
    Causa = Causa
    search_terms = ("numero", "descripcion")
    # What was decided on: another amount or another day is another decision.
    FIJOS_TRAS_DECIDIR = ("poliza", "fecha_ocurrencia", "fecha_reclamo", "monto", "reserva")

    numero = models.CharField(
        _("número"),
        max_length=60,
        unique=True,
        blank=True,
        help_text=_("El de la aseguradora. En blanco, el siguiente de su póliza."),
        error_messages={"unique": _("Ya existe un reclamo con ese número.")},
    )
    poliza = models.ForeignKey(
        Poliza, models.PROTECT, verbose_name=_("póliza"), related_name="reclamos"
    )
    bien = StoreForeignKey(
        Bien,
        verbose_name=_("bien"),
        related_name="reclamos",
        null=True,
        blank=True,
        help_text=_("El dañado, si consta entre los del cliente."),
    )
    fecha_ocurrencia = models.DateField(
        _("fecha de ocurrencia"),
        null=True,
        blank=True,
        help_text=_("Hace falta para aprobarlo: la póliza debía cubrir ese día."),
    )
    fecha_reclamo = momento(_("fecha del reclamo"))
    causa = models.CharField(_("causa"), max_length=20, choices=Causa, default=Causa.OTRA)
    descripcion = models.TextField(_("descripción"), blank=True, default="")
    monto = importe(_("monto reclamado"))
    reserva = importe(
        _("reserva"),
        default=CERO,
        help_text=_("Lo apartado para pagarlo en total. Hasta que se aprueba, una estimación."),
    )
    pagado = importe(_("pagado"), default=CERO, editable=False)
    estado = models.CharField(
        _("estado"),
        max_length=12,
        choices=EstadoReclamo,
        default=EstadoReclamo.PENDIENTE,
        editable=False,
    )
    motivo = models.TextField(
        _("motivo"),
        blank=True,
        default="",
        editable=False,
        help_text=_("El de la última decisión que lo pedía."),
    )

    objects: ClassVar = ReclamoQuerySet.as_manager()

    class Meta:
        verbose_name = _("reclamo")
        verbose_name_plural = _("reclamos")
        ordering = ("-fecha_reclamo", "-id")
        permissions = (
            ("resolver_reclamo", _("Puede revisar, aprobar, rechazar, cerrar y reabrir reclamos")),
            ("pagar_reclamo", _("Puede pagar reclamos")),
        )
        indexes = [
            models.Index(name="reclamo_por_fecha", fields=("-fecha_reclamo", "-id")),
            models.Index(name="reclamo_por_estado", fields=("estado", "-fecha_reclamo")),
        ]
        constraints = [
            no_negativos("reclamo", "monto", "reserva", "pagado"),
            models.CheckConstraint(
                name="reclamo_pagado_dentro_de_la_reserva",
                condition=Q(pagado__lte=F("reserva")),
                violation_error_message=_("Lo pagado no puede pasar de la reserva."),
            ),
            models.CheckConstraint(
                name="reclamo_en_un_estado_conocido",
                condition=Q(estado__in=EstadoReclamo.values),
                violation_error_message=_("Ese estado no existe."),
            ),
        ]

    def __str__(self) -> str:
        return self.numero or str(_("sin número"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        with atomic(Reclamo):
            self.numerar()
            super().save(*args, **kwargs)

    def numerar(self, dados: Collection[str] = ()) -> None:
        """Give the next number of its póliza, none of `dados`, to a reclamo that has none."""
        if self.numero:
            return
        # The póliza's row is the lock: two reclamos of one póliza don't take one number.
        poliza = Poliza.objects.select_for_update().get(pk=self.poliza_id)
        prefijo = f"{poliza.numero}-R"
        # Whatever their póliza: a reclamo may have moved to another, or its number been typed by hand.
        suyos = Reclamo.objects.filter(numero__startswith=prefijo)
        usados = set(suyos.values_list("numero", flat=True))
        orden = len(usados) + 1
        usados.update(dados)
        while (numero := f"{prefijo}{orden}") in usados:
            orden += 1
        self.numero = numero

    def clean(self) -> None:
        super().clean()
        antes: dict[str, Any] = {}
        if not self._state.adding:
            antes = guardada(self, ("estado", "pagado", "poliza", "bien", "fecha_ocurrencia"))
            prohibir_cambios(
                self, ("estado", "pagado"), _("No se cambia a mano: tiene su propia acción.")
            )
        if antes and antes["estado"] not in ABIERTOS:
            prohibir_cambios(
                self, self.FIJOS_TRAS_DECIDIR, _("No se cambia: el reclamo ya está decidido.")
            )
        if antes and antes["pagado"] > 0:
            prohibir_cambios(self, ("poliza",), _("No se cambia: el reclamo ya tiene pagos."))
        cambia = {campo for campo, valor in antes.items() if getattr(self, campo) != valor}
        if not antes or cambia & {"poliza_id", "fecha_ocurrencia"}:
            self.exigir_cobertura()
        if not antes or cambia & {"poliza_id", "bien_id"}:
            self._exigir_bien_de_la_poliza()

    def exigir_cobertura(self) -> None:
        """Raise ValidationError if the póliza didn't cover what happened, as far as is known."""
        dia: date | None = self.fecha_ocurrencia
        poliza = Poliza.objects.filter(pk=self.poliza_id).first()
        if dia is None or poliza is None or self.fecha_reclamo is None:
            return
        try:
            reglas.exigir_aviso_posterior(dia, timezone.localdate(self.fecha_reclamo))
            reglas.exigir_cobertura(
                poliza.estado, poliza.inicio, poliza.fin, poliza.anulada_el, dia
            )
        except ValidationError as refusal:
            raise ValidationError({"fecha_ocurrencia": refusal}) from refusal

    def _exigir_bien_de_la_poliza(self) -> None:
        bien = Bien.objects.filter(pk=self.bien_id).first() if self.bien_id else None
        if bien and self.poliza_id and not participa(bien.cliente_id, self.poliza_id):
            raise ValidationError({"bien": _("El bien no es de ningún cliente de la póliza.")})

    @property
    def cuenta(self) -> Cuenta:
        return Cuenta(self.estado, self.monto, self.reserva, self.pagado)

    @cuenta.setter
    def cuenta(self, cuenta: Cuenta) -> None:
        self.estado, self.reserva, self.pagado = cuenta.estado, cuenta.reserva, cuenta.pagado

    @property
    def decidido(self) -> bool:
        return self.estado not in ABIERTOS


@receiver(pre_delete, sender=Reclamo)
def conservar_reclamos(instance: Reclamo, **kwargs: Any) -> None:
    """Only a reclamo that nobody has looked at is deleted, by whatever door."""
    if instance.estado != EstadoReclamo.PENDIENTE:
        raise ProtectedError(
            str(
                _("No se puede borrar el reclamo %(numero)s: ya se ha tramitado.")
                % {"numero": instance}
            ),
            {instance},
        )
