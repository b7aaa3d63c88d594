"""What a cliente says when asking for each tipo of pedido."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from bienes.documento import Esquema, decimal, fecha, opcion, parrafo, texto
from clientes.models import EstadoCivil
from especialidades.models import Ramo


class TipoPedido(TextChoices):
    COTIZACION = "cotizacion", _("Cotización")
    ENDOSO = "endoso", _("Endoso")
    CERTIFICADO = "certificado", _("Certificado")
    CAMBIO_DATOS = "cambio_datos", _("Cambio de datos")
    OTRO = "otro", _("Otro")


# Which say nothing without the póliza that they are about.
DE_UNA_POLIZA = frozenset({TipoPedido.ENDOSO, TipoPedido.CERTIFICADO})


class Endoso(TextChoices):
    ALTA_BIEN = "alta_bien", _("Incluir un bien")
    BAJA_BIEN = "baja_bien", _("Excluir un bien")
    SUMA_ASEGURADA = "suma_asegurada", _("Cambiar la suma asegurada")
    COBERTURA = "cobertura", _("Cambiar una cobertura")
    BENEFICIARIOS = "beneficiarios", _("Cambiar los beneficiarios")
    ASEGURADO = "asegurado", _("Cambiar el asegurado")
    CORRECCION = "correccion", _("Corregir un dato")
    OTRO = "otro", _("Otro")


class Certificado(TextChoices):
    VIGENCIA = "vigencia", _("De vigencia")
    COBERTURAS = "coberturas", _("De coberturas")
    PAGO = "pago", _("De estar al día en los pagos")
    SIN_RECLAMOS = "sin_reclamos", _("De no tener reclamos")


class EsquemaCotizacion(Esquema):
    titulo = ("ramo", "objeto")

    ramo = opcion(_("Ramo"), Ramo)
    objeto = texto(_("Qué quiere asegurar"), 200)
    suma_asegurada = decimal(_("Suma asegurada"), required=False)
    presupuesto = decimal(
        _("Presupuesto"), required=False, help_text=_("Lo que querría pagar al año.")
    )
    inicio = fecha(_("Desde cuándo"), required=False)
    aseguradora_actual = texto(_("Aseguradora actual"), required=False)
    vencimiento_actual = fecha(_("Vencimiento del seguro actual"), required=False)
    detalle = parrafo(_("Detalle"), required=False)


class EsquemaEndoso(Esquema):
    titulo = ("cambio",)

    cambio = opcion(_("Cambio"), Endoso)
    detalle = parrafo(_("Detalle"), help_text=_("Qué debe decir la póliza desde entonces."))
    efecto = fecha(_("Desde cuándo"), required=False)


class EsquemaCertificado(Esquema):
    titulo = ("certificado",)

    certificado = opcion(_("Certificado"), Certificado)
    destinatario = texto(
        _("Ante quién lo presenta"), 200, required=False, help_text=_("Un banco, un juzgado…")
    )
    entrega = forms.EmailField(label=_("Correo de entrega"), max_length=200, required=False)
    detalle = parrafo(_("Detalle"), required=False)


class EsquemaCambioDatos(Esquema):
    titulo = ("email", "telefono", "direccion", "nombre")

    nombre = texto(_("Nombre correcto"), 200, required=False)
    email = forms.EmailField(label=_("Correo nuevo"), max_length=200, required=False)
    telefono = texto(_("Teléfono nuevo"), 40, required=False)
    direccion = texto(_("Dirección nueva"), 200, required=False)
    estado_civil = opcion(_("Estado civil nuevo"), EstadoCivil, required=False)
    detalle = parrafo(_("Otro dato"), required=False)

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(self.cleaned_data.values()):
            raise ValidationError(_("Indique al menos un dato que cambia."))
        return self.cleaned_data


class EsquemaOtro(Esquema):
    titulo = ("detalle",)

    detalle = parrafo(_("Detalle"), help_text=_("Con las palabras del cliente."))


ESQUEMAS: dict[str, type[Esquema]] = {
    TipoPedido.COTIZACION: EsquemaCotizacion,
    TipoPedido.ENDOSO: EsquemaEndoso,
    TipoPedido.CERTIFICADO: EsquemaCertificado,
    TipoPedido.CAMBIO_DATOS: EsquemaCambioDatos,
    TipoPedido.OTRO: EsquemaOtro,
}
