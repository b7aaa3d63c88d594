"""The staff of the house."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import rights
from core.entities import Entity, EntityQuerySet
from core.references import StoreForeignKey


class EmpleadoQuerySet(EntityQuerySet["Empleado"]):
    def activos(self) -> Self:
        return self.filter(activo=True)


class Empleado(Entity):
    """Who works in the house and attends to what clientes ask for."""

    portfolio = rights.EVERYONE

    class Rol(models.TextChoices):
        OPERARIO = "operario", _("Operario")
        EJECUTIVO = "ejecutivo", _("Ejecutivo de cuentas")
        SUSCRIPTOR = "suscriptor", _("Suscriptor")
        LIQUIDADOR = "liquidador", _("Liquidador de reclamos")
        COBRADOR = "cobrador", _("Cobrador")
        SUPERVISOR = "supervisor", _("Supervisor")
        GERENTE = "gerente", _("Gerente")

    search_terms = ("codigo", "nombres", "apellidos", "email")

    codigo = models.CharField(
        _("código"),
        max_length=32,
        unique=True,
        help_text=_("El que figura en los pedidos y los informes."),
        error_messages={"unique": _("Ya hay un empleado con este código.")},
    )
    nombres = models.CharField(_("nombres"), max_length=120)
    apellidos = models.CharField(_("apellidos"), max_length=120, blank=True, default="")
    rol = models.CharField(_("rol"), max_length=12, choices=Rol, default=Rol.OPERARIO)
    oficina = models.CharField(_("oficina"), max_length=80, blank=True, default="", db_index=True)
    solo_su_oficina = models.BooleanField(
        _("solo su oficina"),
        default=False,
        help_text=_("Su cuenta ve únicamente la cartera de los agentes de su oficina."),
    )
    email = models.EmailField(_("correo"), blank=True, default="")
    telefono = models.CharField(_("teléfono"), max_length=40, blank=True, default="")
    activo = models.BooleanField(
        _("activo"),
        default=True,
        help_text=_("Quien se va se desactiva; no se borra. Uno inactivo no toma pedidos."),
    )
    cuenta = StoreForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("cuenta"),
        related_name="empleados",
        null=True,
        blank=True,
        help_text=_("Con la que entra en la aplicación."),
    )

    objects: ClassVar = EmpleadoQuerySet.as_manager()

    class Meta:
        verbose_name = _("empleado")
        verbose_name_plural = _("empleados")
        ordering = ("codigo",)
        constraints = [
            models.CheckConstraint(
                name="empleado_con_codigo_y_nombre",
                condition=~Q(codigo="") & ~Q(nombres=""),
                violation_error_message=_("El empleado necesita código y nombre."),
            ),
            models.CheckConstraint(
                name="empleado_limitado_con_oficina",
                condition=Q(solo_su_oficina=False) | ~Q(oficina=""),
                violation_error_message=_("Para ver solo su oficina, hay que decir cuál es."),
            ),
            models.UniqueConstraint(
                name="empleado_una_cuenta",
                fields=["cuenta"],
                violation_error_message=_("Esta cuenta ya es de otro empleado."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codigo} · {self.nombre_completo}"

    @property
    def nombre_completo(self) -> str:
        return f"{self.nombres} {self.apellidos}".strip()
