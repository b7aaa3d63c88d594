from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import F, ProtectedError, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clientes.models.cliente import Cliente, no_futura
from clientes.reglas import es_menor
from core.documentos import Documentado
from core.entities import Entity, EntityQuerySet
from core.paises import paises

# What is of a cliente is in the portfolios that have the cliente.
DEL_CLIENTE = tuple(f"cliente__{path}" for path in Cliente.portfolio)


class Contacto(Entity):
    """Another way of reaching a cliente, besides their own phone and e-mail."""

    portfolio = DEL_CLIENTE
    search_terms = ("valor",)

    class Tipo(models.TextChoices):
        MOVIL = "movil", _("Móvil")
        FIJO = "fijo", _("Teléfono fijo")
        WHATSAPP = "whatsapp", _("WhatsApp")
        EMAIL = "email", _("Correo")
        OTRO = "otro", _("Otro")

    cliente = models.ForeignKey(
        Cliente, models.CASCADE, related_name="contactos", verbose_name=_("cliente")
    )
    tipo = models.CharField(_("tipo"), max_length=8, choices=Tipo, default=Tipo.MOVIL)
    valor = models.CharField(_("número o dirección"), max_length=200)
    nota = models.CharField(
        _("nota"), max_length=120, blank=True, default="", help_text=_("«Solo tardes», «su hija».")
    )

    class Meta:
        verbose_name = _("contacto")
        verbose_name_plural = _("contactos")
        ordering = ("cliente_id", "tipo", "id")
        constraints = [
            models.UniqueConstraint(
                name="contacto_sin_repetir",
                fields=["cliente", "tipo", "valor"],
                violation_error_message=_("El cliente ya tiene este contacto."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()}: {self.valor}"

    def clean(self) -> None:
        super().clean()
        if self.tipo == self.Tipo.EMAIL:
            try:
                validate_email(self.valor)
            except ValidationError as refusal:
                raise ValidationError({"valor": refusal}) from refusal


class Direccion(Entity):
    """Where a cliente lives, works or receives their post."""

    portfolio = DEL_CLIENTE

    class Tipo(models.TextChoices):
        DOMICILIO = "domicilio", _("Domicilio")
        FISCAL = "fiscal", _("Fiscal")
        CORRESPONDENCIA = "correspondencia", _("Correspondencia")
        TRABAJO = "trabajo", _("Trabajo")
        OTRA = "otra", _("Otra")

    cliente = models.ForeignKey(
        Cliente, models.CASCADE, related_name="direcciones", verbose_name=_("cliente")
    )
    tipo = models.CharField(_("tipo"), max_length=16, choices=Tipo, default=Tipo.DOMICILIO)
    linea = models.CharField(_("calle y número"), max_length=200)
    ciudad = models.CharField(_("ciudad"), max_length=80, blank=True, default="")
    provincia = models.CharField(_("provincia"), max_length=80, blank=True, default="")
    codigo_postal = models.CharField(_("código postal"), max_length=16, blank=True, default="")
    pais = models.CharField(_("país"), max_length=2, choices=paises, blank=True, default="")

    class Meta:
        verbose_name = _("dirección")
        verbose_name_plural = _("direcciones")
        ordering = ("cliente_id", "tipo", "id")

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.linea, self.codigo_postal, self.ciudad)))


class ConsentimientoQuerySet(EntityQuerySet["Consentimiento"]):
    def vigentes(self, dia: date) -> Self:
        return self.filter(
            Q(retirado__isnull=True) | Q(retirado__gt=dia), otorgado=True, fecha__lte=dia
        )


class Consentimiento(Entity):
    """What a cliente answered when asked what their data may be used for: proof, so it is kept."""

    portfolio = DEL_CLIENTE

    class Finalidad(models.TextChoices):
        GESTION = "gestion", _("Gestión de sus seguros")
        SALUD = "salud", _("Uso de datos de salud")
        COMERCIAL = "comercial", _("Comunicaciones comerciales")
        PERFILADO = "perfilado", _("Elaboración de perfiles")
        CESION = "cesion", _("Cesión a terceros")

    class Medio(models.TextChoices):
        PAPEL = "papel", _("Documento firmado")
        WEB = "web", _("Página web")
        CORREO = "correo", _("Correo electrónico")
        TELEFONO = "telefono", _("Llamada grabada")

    cliente = models.ForeignKey(
        Cliente, models.PROTECT, related_name="consentimientos", verbose_name=_("cliente")
    )
    finalidad = models.CharField(_("finalidad"), max_length=16, choices=Finalidad)
    otorgado = models.BooleanField(
        _("otorgado"), default=True, help_text=_("Sin marcar: se le pidió y no lo dio.")
    )
    fecha = models.DateField(_("fecha"), default=timezone.localdate, validators=[no_futura])
    medio = models.CharField(_("medio"), max_length=12, choices=Medio)
    retirado = models.DateField(
        _("retirado"), null=True, blank=True, help_text=_("Desde este día ya no vale.")
    )

    objects: ClassVar = ConsentimientoQuerySet.as_manager()

    class Meta:
        verbose_name = _("consentimiento")
        verbose_name_plural = _("consentimientos")
        ordering = ("-fecha", "-id")
        indexes = [models.Index(name="consentimiento_por_fecha", fields=["fecha", "id"])]
        constraints = [
            models.CheckConstraint(
                name="consentimiento_retirado_despues",
                condition=Q(retirado__isnull=True) | Q(otorgado=True, retirado__gte=F("fecha")),
                violation_error_message=_(
                    "Solo se retira un consentimiento otorgado, y no antes de su fecha."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_finalidad_display()} ({self.fecha:%d/%m/%Y})"

    def vigente(self, dia: date) -> bool:
        return (
            self.otorgado and self.fecha <= dia and (self.retirado is None or self.retirado > dia)
        )


@receiver(pre_delete, sender=Consentimiento)
def conservar_consentimientos(instance: Consentimiento, **kwargs: Any) -> None:
    """Consentimientos are retirados, never deleted, by whatever door; nor is, then, their cliente.

    Who uses the data of others must be able to prove that they agreed (RGPD, art. 7.1), and the right
    to be forgotten yields to what a claim may need (art. 17.3.e): the proof is kept, and with it whose
    it is.
    """
    raise ProtectedError(
        str(
            _("No se puede borrar el consentimiento «%(consentimiento)s»: es una prueba. Retírelo.")
            % {"consentimiento": instance}
        ),
        {instance},
    )


class Parentesco(models.TextChoices):
    """What a beneficiario is to the cliente or the asegurado."""

    CONYUGE = "conyuge", _("Cónyuge")
    HIJO = "hijo", _("Hijo")
    HIJA = "hija", _("Hija")
    PADRE = "padre", _("Padre")
    MADRE = "madre", _("Madre")
    HERMANO = "hermano", _("Hermano")
    HERMANA = "hermana", _("Hermana")
    OTRO = "otro", _("Otro")


class Beneficiario(Documentado):
    """Whom a cliente names to receive what their pólizas pay."""

    portfolio = DEL_CLIENTE
    search_terms = ("nombres", "apellidos", "numero_documento", "documento")

    cliente = models.ForeignKey(
        Cliente, models.CASCADE, related_name="beneficiarios", verbose_name=_("cliente")
    )
    nombres = models.CharField(_("nombres"), max_length=160)
    apellidos = models.CharField(_("apellidos"), max_length=120, blank=True, default="")
    parentesco = models.CharField(_("parentesco"), max_length=8, choices=Parentesco)
    nacimiento = models.DateField(
        _("fecha de nacimiento"),
        null=True,
        blank=True,
        validators=[no_futura],
        help_text=_("Por un menor cobra su representante legal."),
    )

    class Meta:
        verbose_name = _("beneficiario")
        verbose_name_plural = _("beneficiarios")
        ordering = ("-creado", "-id")
        indexes = [models.Index(name="beneficiario_por_fecha", fields=["creado", "id"])]
        constraints = [
            *Documentado.Meta.constraints,
            models.CheckConstraint(
                name="beneficiario_con_nombre",
                condition=~Q(nombres=""),
                violation_error_message=_("El beneficiario necesita un nombre."),
            ),
        ]

    def __str__(self) -> str:
        return self.nombre_completo

    @property
    def nombre_completo(self) -> str:
        return f"{self.nombres} {self.apellidos}".strip()

    def es_menor(self, dia: date) -> bool:
        return es_menor(self.nacimiento, dia)


class ServicioContratado(Entity):
    """What a cliente has hired besides insurance, as the customer service tells it."""

    portfolio = DEL_CLIENTE
    search_terms = ("descripcion",)

    cliente = models.ForeignKey(
        Cliente, models.CASCADE, related_name="servicios", verbose_name=_("cliente")
    )
    descripcion = models.CharField(_("descripción"), max_length=200)
    fecha = models.DateField(_("fecha de contratación"), default=timezone.localdate)

    class Meta:
        verbose_name = _("servicio contratado")
        verbose_name_plural = _("servicios contratados")
        ordering = ("-fecha", "-id")
        indexes = [models.Index(name="servicio_por_fecha", fields=["fecha", "id"])]
        constraints = [
            models.CheckConstraint(
                name="servicio_con_descripcion",
                condition=~Q(descripcion=""),
                violation_error_message=_("El servicio necesita una descripción."),
            )
        ]

    def __str__(self) -> str:
        return self.descripcion
