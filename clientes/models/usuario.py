from typing import ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.entities import Entity, EntityQuerySet


class UsuarioQuerySet(EntityQuerySet["Usuario"]):
    def con_cliente(self) -> Self:
        return self.filter(self._es_cliente())

    def sin_cliente(self) -> Self:
        return self.filter(~self._es_cliente())

    def marcando_clientes(self) -> Self:
        """Tell of each row, in `es_cliente`, whether some cliente is theirs."""
        return self.annotate(es_cliente=self._es_cliente())

    @staticmethod
    def _es_cliente() -> Exists:
        clientes = apps.get_model("clientes", "Cliente")
        return Exists(clientes._base_manager.filter(usuario=OuterRef("pk")))


class Usuario(Entity):
    """Who registered with the house: a cliente already, or not yet."""

    portfolio = ()

    class Rol(models.TextChoices):
        USER = "USER", _("Usuario")
        AGENT = "AGENT", _("Agente")
        ADMIN = "ADMIN", _("Administrador")

    search_terms = ("username", "email", "telefono", "ciudad")

    username = models.CharField(
        _("nombre de usuario"),
        max_length=150,
        unique=True,
        error_messages={"unique": _("Ya hay un usuario con este nombre.")},
    )
    email = models.EmailField(
        _("correo"),
        blank=True,
        default="",
        help_text=_("Varios usuarios pueden compartirlo: una familia, una empresa."),
    )
    rol = models.CharField(_("rol"), max_length=8, choices=Rol, default=Rol.USER)
    telefono = models.CharField(_("teléfono"), max_length=40, blank=True, default="")
    provincia = models.CharField(
        _("provincia"),
        max_length=80,
        blank=True,
        default="",
        help_text=_("Provincia, departamento o estado."),
    )
    ciudad = models.CharField(_("ciudad"), max_length=80, blank=True, default="")

    objects: ClassVar = UsuarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("usuario")
        verbose_name_plural = _("usuarios")
        ordering = ("-creado", "-id")
        indexes = [models.Index(name="usuario_por_fecha", fields=["creado", "id"])]
        constraints = [
            models.CheckConstraint(
                name="usuario_con_nombre",
                condition=~Q(username=""),
                violation_error_message=_("El usuario necesita un nombre."),
            )
        ]

    def __str__(self) -> str:
        return self.username
