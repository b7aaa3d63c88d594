"""Records of the machinery itself, in the default store."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from axes.models import AccessAttempt
from django.conf import settings
from django.db import models
from django.db.models import F, Sum, Window
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken
from uuid_utils.compat import uuid7

from core.history import Outbox


class Operacion(Outbox):
    """Something audited that changed no row of a domain: a sign-in, an export, a report."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    momento = models.DateTimeField(_("momento"), default=timezone.now)
    servicio = models.CharField(_("servicio"), max_length=60)
    operacion = models.CharField(_("operación"), max_length=60)
    user_id = models.BigIntegerField(_("usuario"), null=True)
    detalle = models.JSONField(_("detalle"), default=dict)

    class Meta:
        verbose_name = _("operación")
        verbose_name_plural = _("operaciones")
        ordering = ("-momento",)

    def __str__(self) -> str:
        return f"{self.servicio} · {self.operacion}"


def auditar(
    servicio: str, operacion: str, *, user_id: int | None = None, **detalle: object
) -> None:
    """Record an operation for `transaction_audit`; `detalle` must be plain JSON."""
    Operacion(servicio=servicio, operacion=operacion, user_id=user_id, detalle=detalle).save()


class Lease(models.Model):
    """Who may do, until when, what only one process at a time may do."""

    name = models.CharField(max_length=100, primary_key=True)
    holder = models.UUIDField()
    expires = models.DateTimeField()

    class Meta:
        verbose_name = _("turno")
        verbose_name_plural = _("turnos")

    def __str__(self) -> str:
        return self.name


class Preferencias(models.Model):
    """What a person chose for themselves; it follows them to any machine."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="preferencias",
        verbose_name=_("cuenta"),
    )
    idioma = models.CharField(_("idioma"), max_length=10, blank=True, default="")

    class Meta:
        verbose_name = _("preferencias")
        verbose_name_plural = _("preferencias")

    def __str__(self) -> str:
        return str(self.user)


class LinkRequest(models.Model):
    """A link to set a password, asked for at the door or sent by who manages accounts."""

    moment = models.DateTimeField(_("momento"), default=timezone.now, db_index=True)
    email = models.CharField(_("correo"), max_length=254)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("cuenta"),
    )
    address = models.GenericIPAddressField(_("dirección"), null=True)
    origin = models.CharField(_("sitio"), max_length=300)
    language = models.CharField(_("idioma"), max_length=10)
    sent = models.DateTimeField(_("enviado"), null=True)

    class Meta:
        verbose_name = _("enlace pedido")
        verbose_name_plural = _("enlaces pedidos")

    def __str__(self) -> str:
        return self.email


class IntentoManager(models.Manager["Intento"]):
    def recientes(self, momento: Any = None) -> models.QuerySet["Intento"]:
        """Those that count towards a lock at `momento`, each with the sum of its address."""
        since = (momento or timezone.now()) - settings.AXES_COOLOFF_TIME
        of_address = Window(Sum("failures_since_start"), partition_by=[F("ip_address")])
        counting = self.filter(attempt_time__gte=since)
        recent: models.QuerySet[Intento] = counting.annotate(de_la_direccion=of_address)
        return recent


class Intento(AccessAttempt):
    """The failed tries to sign in of one person from one address, with words of ours."""

    objects = IntentoManager()

    class Meta:
        proxy = True
        verbose_name = _("intento fallido")
        verbose_name_plural = _("intentos fallidos")

    def __str__(self) -> str:
        return f"{self.username} · {self.ip_address}"


class Token(AbstractAuthToken, models.Model):
    """What a program signs in with: only its digest is kept, and it is good until a day."""

    class Alcance(models.TextChoices):
        LECTURA = "lectura", _("Solo lectura")
        ESCRITURA = "escritura", _("Lectura y escritura")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=128, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens", verbose_name=_("cuenta")
    )
    nombre = models.CharField(
        _("nombre"), max_length=80, help_text=_("Qué programa lo usa, y dónde.")
    )
    alcance = models.CharField(
        _("alcance"), max_length=10, choices=Alcance, default=Alcance.LECTURA
    )
    created = models.DateTimeField(_("creado"), auto_now_add=True)
    expiry = models.DateTimeField(_("vence"))
    ultimo_uso = models.DateField(_("último uso"), null=True, editable=False)

    objects: ClassVar[models.Manager["Token"]] = models.Manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ("-created", "-id")

    def __str__(self) -> str:
        return f"{self.nombre} ({self.empieza}…)"

    @property
    def empieza(self) -> str:
        """What its owner may know it by, in a file of settings."""
        return str(self.token_key[:8])

    @property
    def vence(self) -> date:
        """The last day on which it is good."""
        return timezone.localdate(self.expiry - timedelta(microseconds=1))

    def vencido(self, momento: datetime) -> bool:
        return self.expiry <= momento
