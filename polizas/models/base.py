"""What the models of pólizas share."""

from collections.abc import Callable, Iterable
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.entities import Entity


def importe(nombre: Any, **opciones: Any) -> "models.DecimalField[Any, Any]":
    """An amount of money, to the cent."""
    return models.DecimalField(nombre, max_digits=14, decimal_places=2, **opciones)


def en_el_calendario(momento: datetime) -> None:
    """Raise ValidationError for a moment that falls off the calendar in another time zone."""
    if not MINYEAR < momento.year < MAXYEAR:
        raise ValidationError(_("Esta fecha no cabe en el calendario."), code="calendario")


def momento(nombre: Any) -> "models.DateTimeField[Any, Any]":
    """When something happened: now, unless somebody says otherwise."""
    return models.DateTimeField(nombre, default=timezone.now, validators=[en_el_calendario])


def en_el_dia(campo: str, dia: date) -> Q:
    """What has the moment of `campo` on `dia`, by the clock of the house."""
    desde, hasta = (
        timezone.make_aware(datetime.combine(uno, time.min)) for uno in (dia, dia + timedelta(1))
    )
    return Q((f"{campo}__gte", desde), (f"{campo}__lt", hasta))


def no_negativos(modelo: str, *campos: str) -> models.CheckConstraint:
    """No amount of `campos` is below zero."""
    return models.CheckConstraint(
        name=f"{modelo}_importes_no_negativos",
        condition=Q(**{f"{campo}__gte": 0 for campo in campos}),
        violation_error_message=_("Los importes no pueden ser negativos."),
    )


def estado_conocido(modelo: str, estados: type[models.TextChoices]) -> models.CheckConstraint:
    """The estado is one of `estados`: verbs write it, so no form has judged it."""
    return models.CheckConstraint(
        name=f"{modelo}_estado_conocido",
        condition=Q(estado__in=estados.values),
        violation_error_message=_("Ese estado no existe."),
    )


def columnas(fila: Entity, campos: Iterable[str]) -> dict[str, str]:
    """Return the column of each of `campos`: a reference is compared by its key."""
    pedidos = set(campos)
    return {f.name: f.attname for f in fila._meta.concrete_fields if f.name in pedidos}


def guardada(fila: Entity, campos: Iterable[str]) -> dict[str, Any]:
    """Return what the store holds in the columns of `campos`; {} if the row is not there."""
    rows = type(fila)._base_manager.filter(pk=fila.pk)
    return rows.values(*columnas(fila, campos).values()).first() or {}


def prohibir_cambios(fila: Entity, campos: Iterable[str], motivo: str | Promise) -> None:
    """Raise ValidationError, by field, if `fila` differs in `campos` from what its store holds."""
    antes = guardada(fila, campos)
    cambiados = [
        campo
        for campo, columna in columnas(fila, campos).items()
        if columna in antes and getattr(fila, columna) != antes[columna]
    ]
    if cambiados:
        raise ValidationError(dict.fromkeys(cambiados, motivo))


class Numeracion(models.Model):
    """How far the automatic numbers of an ejercicio have come; its row is their lock."""

    ejercicio = models.PositiveSmallIntegerField(_("ejercicio"), primary_key=True)
    ultimo = models.PositiveIntegerField(_("último número"), default=0)

    class Meta:
        verbose_name = _("numeración")
        verbose_name_plural = _("numeraciones")
        ordering = ("ejercicio",)

    def __str__(self) -> str:
        return str(self.ejercicio)

    @classmethod
    def siguiente(cls, ejercicio: int, *, ocupado: Callable[[str], bool]) -> str:
        """Return the next number that is not `ocupado`; call it in the transaction that uses it."""
        fila, _nueva = cls.objects.select_for_update().get_or_create(ejercicio=ejercicio)
        numero = ""
        while not numero or ocupado(numero):
            fila.ultimo += 1
            numero = f"{ejercicio}-{fila.ultimo:06}"
        fila.save()
        return numero
