"""What is recorded of a bien of each tipo."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from bienes.documento import Esquema, SiNoField, decimal, entero, fecha, opcion, parrafo, texto
from clientes.models import EstadoCivil, Sexo

EJERCICIOS = (1900, 2100)

# I, O and Q are not used, so that nobody takes them for 1 and 0. Old chasis are shorter.
CHASIS = RegexValidator(
    r"^[A-HJ-NPR-Z0-9]{5,17}$",
    _("El chasis lleva de 5 a 17 letras y cifras, sin I, O ni Q."),
)


class TipoBien(TextChoices):
    AUTO = "auto", _("Auto")
    HOGAR = "hogar", _("Hogar")
    VIDA = "vida", _("Vida")
    COMERCIO = "comercio", _("Comercio")
    OTRO = "otro", _("Otro")


class Clase(TextChoices):
    AUTOMOVIL = "automovil", _("Automóvil")
    CAMIONETA = "camioneta", _("Camioneta o todoterreno")
    FURGON = "furgon", _("Furgón")
    CAMION = "camion", _("Camión")
    AUTOBUS = "autobus", _("Autobús")
    MOTO = "moto", _("Motocicleta")
    REMOLQUE = "remolque", _("Remolque")
    OTRA = "otra", _("Otra")


class UsoAuto(TextChoices):
    PARTICULAR = "particular", _("Particular")
    COMERCIAL = "comercial", _("Comercial")
    CARGA = "carga", _("Transporte de carga")
    PASAJEROS = "pasajeros", _("Taxi o transporte de pasajeros")
    ALQUILER = "alquiler", _("Alquiler")
    OFICIAL = "oficial", _("Oficial o de emergencia")


class Combustible(TextChoices):
    GASOLINA = "gasolina", _("Gasolina o nafta")
    DIESEL = "diesel", _("Diésel")
    GAS = "gas", _("Gas")
    HIBRIDO = "hibrido", _("Híbrido")
    ELECTRICO = "electrico", _("Eléctrico")


class TipoVivienda(TextChoices):
    DEPARTAMENTO = "departamento", _("Departamento o piso")
    CASA = "casa", _("Casa")
    RURAL = "rural", _("Casa rural")
    OTRA = "otra", _("Otra")


class UsoVivienda(TextChoices):
    HABITUAL = "habitual", _("Vivienda habitual")
    SEGUNDA = "segunda", _("Segunda residencia")
    ALQUILADA = "alquilada", _("Alquilada a otros")
    DESOCUPADA = "desocupada", _("Desocupada")


class Ocupante(TextChoices):
    PROPIETARIO = "propietario", _("Propietario")
    INQUILINO = "inquilino", _("Inquilino")


class Material(TextChoices):
    HORMIGON = "hormigon", _("Hormigón o material noble")
    LADRILLO = "ladrillo", _("Ladrillo")
    MADERA = "madera", _("Madera")
    ADOBE = "adobe", _("Adobe")
    METALICA = "metalica", _("Metálica")
    MIXTA = "mixta", _("Mixta")


class EsquemaAuto(Esquema):
    titulo = ("marca", "modelo", "ejercicio", "placa")

    placa = texto(_("Placa"), 15, required=False, help_text=_("Falta en un auto nuevo."))
    marca = texto(_("Marca"), 60)
    modelo = texto(_("Modelo"), 80)
    ejercicio = entero(
        _("Año del modelo"),
        *EJERCICIOS,
        required=False,
        help_text=_("El de la tarjeta de propiedad."),
    )
    clase = opcion(_("Clase"), Clase, required=False)
    uso = opcion(_("Uso"), UsoAuto, required=False)
    chasis = texto(_("Número de chasis"), 17, required=False)
    motor = texto(_("Número de motor"), 40, required=False)
    combustible = opcion(_("Combustible"), Combustible, required=False)
    color = texto(_("Color"), 40, required=False)
    plazas = entero(_("Plazas"), 1, 200, required=False)
    accesorios = parrafo(
        _("Accesorios"),
        required=False,
        help_text=_("Los que se aseguran aparte de los de fábrica."),
    )

    def clean_placa(self) -> str:
        # People write «abc-123», «ABC 123» and «ABC123» of one and the same auto.
        return "".join(c for c in self.cleaned_data["placa"].upper() if c.isalnum())

    def clean_chasis(self) -> str:
        chasis = "".join(self.cleaned_data["chasis"].upper().split())
        if chasis:
            CHASIS(chasis)
        return chasis

    def clean(self) -> dict[str, Any]:
        datos = self.cleaned_data
        if not self.errors and not (datos["placa"] or datos["chasis"]):
            raise ValidationError(_("Indique la placa o el número de chasis."))
        return datos


class EsquemaHogar(Esquema):
    titulo = ("direccion", "ciudad")

    direccion = texto(_("Dirección"), 200)
    ciudad = texto(_("Ciudad"), required=False)
    codigo_postal = texto(_("Código postal"), 12, required=False)
    tipo_vivienda = opcion(_("Tipo de vivienda"), TipoVivienda, required=False)
    uso = opcion(_("Uso"), UsoVivienda, required=False)
    ocupante = opcion(_("El cliente es"), Ocupante, required=False)
    construccion = entero(_("Año de construcción"), 1500, 2100, required=False)
    material = opcion(_("Material"), Material, required=False)
    metros = decimal(_("Superficie (m²)"), required=False)
    contenido = decimal(
        _("Valor del contenido"),
        required=False,
        help_text=_("Muebles y enseres; el valor del bien es el del edificio."),
    )
    alarma = SiNoField(label=_("Alarma conectada"), required=False)


class EsquemaVida(Esquema):
    titulo = ("asegurado",)

    asegurado = texto(_("Asegurado"), 200, help_text=_("Nombre y apellidos."))
    nacimiento = fecha(_("Fecha de nacimiento"), required=False)
    sexo = opcion(_("Sexo"), Sexo, required=False)
    fumador = SiNoField(label=_("Fumador"), required=False)
    clase_riesgo = entero(
        _("Clase de riesgo"),
        0,
        9,
        required=False,
        help_text=_("La que da la aseguradora: de 0, el menor, a 9."),
    )
    estado_civil = opcion(_("Estado civil"), EstadoCivil, required=False)
    ocupacion = texto(_("Ocupación"), required=False)


class EsquemaComercio(Esquema):
    titulo = ("nombre", "actividad", "direccion")

    nombre = texto(_("Nombre comercial"), required=False)
    actividad = texto(_("Actividad"), help_text=_("A qué se dedica: «ferretería», «restaurante»."))
    direccion = texto(_("Dirección"), 200)
    ciudad = texto(_("Ciudad"), required=False)
    codigo_postal = texto(_("Código postal"), 12, required=False)
    ocupante = opcion(_("El cliente es"), Ocupante, required=False)
    construccion = entero(_("Año de construcción"), 1500, 2100, required=False)
    material = opcion(_("Material"), Material, required=False)
    metros = decimal(_("Superficie (m²)"), required=False)
    empleados = entero(_("Empleados"), 0, 1_000_000, required=False)
    facturacion = decimal(_("Facturación anual"), required=False)
    contenido = decimal(_("Valor de instalaciones y maquinaria"), required=False)
    existencias = decimal(_("Valor de las existencias"), required=False)
    alarma = SiNoField(label=_("Alarma conectada"), required=False)
    rociadores = SiNoField(label=_("Extinción automática"), required=False)


class EsquemaOtro(Esquema):
    titulo = ("marca", "modelo", "detalle")

    detalle = parrafo(_("Detalle"), help_text=_("Qué es y cómo se reconoce."))
    marca = texto(_("Marca"), 60, required=False)
    modelo = texto(_("Modelo"), 80, required=False)
    serie = texto(_("Número de serie"), 60, required=False)
    ejercicio = entero(_("Año de fabricación"), *EJERCICIOS, required=False)
    ubicacion = texto(_("Ubicación"), 200, required=False)


ESQUEMAS: dict[str, type[Esquema]] = {
    TipoBien.AUTO: EsquemaAuto,
    TipoBien.HOGAR: EsquemaHogar,
    TipoBien.VIDA: EsquemaVida,
    TipoBien.COMERCIO: EsquemaComercio,
    TipoBien.OTRO: EsquemaOtro,
}
