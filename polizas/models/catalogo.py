"""What there is to sell: aseguradoras, their productos and what each covers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import rights
from core.documentos import Documentado
from core.entities import Entity
from especialidades.models import Ramo
from polizas.models.base import importe, no_negativos


class Moneda(models.TextChoices):
    """ISO 4217 codes."""

    ARS = "ARS", _("Peso argentino")
    BOB = "BOB", _("Boliviano")
    BRL = "BRL", _("Real brasileño")
    CLP = "CLP", _("Peso chileno")
    COP = "COP", _("Peso colombiano")
    CRC = "CRC", _("Colón costarricense")
    DOP = "DOP", _("Peso dominicano")
    EUR = "EUR", _("Euro")
    GTQ = "GTQ", _("Quetzal")
    HNL = "HNL", _("Lempira")
    MXN = "MXN", _("Peso mexicano")
    NIO = "NIO", _("Córdoba")
    PAB = "PAB", _("Balboa")
    PEN = "PEN", _("Sol")
    PYG = "PYG", _("Guaraní")
    USD = "USD", _("Dólar estadounidense")
    UYU = "UYU", _("Peso uruguayo")
    VES = "VES", _("Bolívar")


class Aseguradora(Documentado):
    """A company whose pólizas are sold."""

    portfolio = rights.EVERYONE
    search_terms = ("nombre", "razon_social", "numero_documento")

    nombre = models.CharField(
        _("nombre"),
        max_length=120,
        unique=True,
        error_messages={"unique": _("Ya existe una aseguradora con ese nombre.")},
    )
    razon_social = models.CharField(_("razón social"), max_length=200, blank=True)
    email = models.EmailField(_("correo electrónico"), blank=True)
    telefono = models.CharField(_("teléfono"), max_length=40, blank=True)
    telefono_asistencia = models.CharField(
        _("teléfono de asistencia"),
        max_length=40,
        blank=True,
        help_text=_("El que se da al cliente para avisar de un siniestro."),
    )
    web = models.URLField(_("sitio web"), blank=True)
    activa = models.BooleanField(_("activa"), default=True)

    class Meta(Documentado.Meta):
        verbose_name = _("aseguradora")
        verbose_name_plural = _("aseguradoras")
        ordering = ("nombre",)

    def __str__(self) -> str:
        return self.nombre


class Producto(Entity):
    """What an aseguradora sells in one ramo."""

    portfolio = rights.EVERYONE
    search_terms = ("codigo", "nombre", "descripcion")

    codigo = models.CharField(
        _("código"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("Ya existe un producto con ese código.")},
    )
    nombre = models.CharField(_("nombre"), max_length=150)
    aseguradora = models.ForeignKey(
        Aseguradora,
        models.PROTECT,
        verbose_name=_("aseguradora"),
        related_name="productos",
    )
    ramo = models.CharField(_("ramo"), max_length=30, choices=Ramo, db_index=True)
    moneda = models.CharField(_("moneda"), max_length=3, choices=Moneda, default=Moneda.USD)
    prima_base = importe(
        _("prima base"),
        help_text=_("Prima neta con que se cotiza si no se indica otra."),
    )
    descripcion = models.TextField(_("descripción"), blank=True)
    activo = models.BooleanField(
        _("activo"),
        default=True,
        help_text=_("Uno inactivo no se cotiza más; sus pólizas siguen y se renuevan."),
    )

    class Meta:
        verbose_name = _("producto")
        verbose_name_plural = _("productos")
        ordering = ("nombre", "codigo")
        constraints = [no_negativos("producto", "prima_base")]

    def __str__(self) -> str:
        return f"{self.nombre} ({self.codigo})"


class TipoCobertura(Entity):
    """What a producto covers unless its póliza says otherwise."""

    portfolio = rights.EVERYONE
    search_terms = ("nombre",)

    producto = models.ForeignKey(
        Producto,
        models.CASCADE,
        verbose_name=_("producto"),
        related_name="tipos_cobertura",
    )
    nombre = models.CharField(_("nombre"), max_length=120)
    limite = importe(_("límite"))
    deducible = importe(_("deducible"), default=0)

    class Meta:
        verbose_name = _("tipo de cobertura")
        verbose_name_plural = _("tipos de cobertura")
        ordering = ("producto_id", "nombre")
        constraints = [
            models.UniqueConstraint(
                name="tipo_cobertura_una_vez_por_producto",
                fields=("producto", "nombre"),
                violation_error_message=_("El producto ya tiene esa cobertura."),
            ),
            no_negativos("tipo_cobertura", "limite", "deducible"),
        ]

    def __str__(self) -> str:
        return self.nombre
