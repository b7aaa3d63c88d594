"""What clientes own and insure: the documents of their bienes, as their schemas keep them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from bienes.documento import Documento
from bienes.esquemas import (
    Clase,
    Combustible,
    Material,
    Ocupante,
    TipoBien,
    TipoVivienda,
    UsoAuto,
    UsoVivienda,
)
from especialidades.models import Ramo
from ingestion.demo.catalogue import Oferta
from ingestion.demo.clients import Titular
from ingestion.demo.people import relleno
from ingestion.demo.plan import uno

AUTOS = (
    ("Toyota", "Yaris"), ("Toyota", "Hilux"), ("Hyundai", "Accent"), ("Kia", "Rio"), ("Kia", "Sportage"),
    ("Nissan", "Versa"), ("Chevrolet", "Onix"), ("Volkswagen", "Gol"), ("Renault", "Duster"),
    ("Seat", "Ibiza"), ("Peugeot", "208"), ("Ford", "Ranger"), ("Suzuki", "Swift"), ("Mazda", "3"),
)  # fmt: skip
COLORES = ("Blanco", "Gris", "Negro", "Plata", "Rojo", "Azul", "Beige")
COMBUSTIBLES = (Combustible.GASOLINA, Combustible.GASOLINA, Combustible.DIESEL, Combustible.HIBRIDO)
MAQUINAS = (
    ("Horno industrial", "Zanolli"), ("Carretilla elevadora", "Hangcha"), ("Torno paralelo", "Pinacho"),
    ("Cámara frigorífica", "Intarcon"), ("Compresor de aire", "Josval"), ("Grupo electrógeno", "Genesal"),
)  # fmt: skip
CLASES = {"Hilux": Clase.CAMIONETA, "Ranger": Clase.CAMIONETA, "Sportage": Clase.CAMIONETA}
VIVIENDAS = (TipoVivienda.DEPARTAMENTO, TipoVivienda.DEPARTAMENTO, TipoVivienda.CASA)
USOS = (UsoVivienda.HABITUAL, UsoVivienda.HABITUAL, UsoVivienda.HABITUAL, UsoVivienda.SEGUNDA)
MATERIALES = (Material.HORMIGON, Material.LADRILLO, Material.MIXTA)
OCUPANTES = tuple(Ocupante)


@dataclass(frozen=True)
class Cosa:
    """Something to insure, before it is a bien."""

    tipo: TipoBien
    datos: Documento
    valor: Decimal


def cosa(titular: Titular, oferta: Oferta) -> Cosa | None:
    """Return what a póliza of this oferta insures; a seguro of health insures nothing that one owns."""
    make = COSAS.get(oferta.ramo)
    return make(titular, oferta) if make else None


def suma(titular: Titular, oferta: Oferta) -> Decimal:
    """Return a round suma asegurada, around that of the oferta, in the moneda of the country."""
    part = 50 + int(titular.chance.random() * 110)
    unit = max(1, oferta.suma // 100)
    return Decimal(part * unit * titular.pais.cambio)


def _entre(titular: Titular, bajo: int, alto: int) -> int:
    return bajo + int(titular.chance.random() * (alto - bajo + 1))


def _parte(titular: Titular, valor: Decimal, bajo: int, alto: int) -> str:
    """Return so many per cent of `valor`, as a document keeps an amount."""
    return str(int(valor) * _entre(titular, bajo, alto) // 100)


def _auto(titular: Titular, oferta: Oferta) -> Cosa:
    chance = titular.chance
    marca, modelo = uno(chance, AUTOS)
    valor = suma(titular, oferta)
    datos: Documento = {
        "placa": "".join(c for c in relleno(chance, titular.pais.placa) if c.isalnum()),
        "marca": marca,
        "modelo": modelo,
        "ejercicio": titular.registro.year - _entre(titular, 0, 11),
        "clase": str(CLASES.get(modelo, Clase.AUTOMOVIL)),
        "uso": str(UsoAuto.PARTICULAR if titular.persona else UsoAuto.COMERCIAL),
        "chasis": relleno(chance, "@@@##@#####@#####"),
        "combustible": str(uno(chance, COMBUSTIBLES)),
        "color": uno(chance, COLORES),
        "plazas": 5,
    }
    return Cosa(TipoBien.AUTO, datos, valor)


def _hogar(titular: Titular, oferta: Oferta) -> Cosa:
    chance = titular.chance
    valor = suma(titular, oferta)
    datos: Documento = {
        "direccion": titular.calle,
        "ciudad": titular.ciudad.nombre,
        "codigo_postal": titular.postal,
        "tipo_vivienda": str(uno(chance, VIVIENDAS)),
        "uso": str(uno(chance, USOS)),
        "ocupante": str(uno(chance, OCUPANTES)),
        "construccion": titular.registro.year - _entre(titular, 1, 60),
        "material": str(uno(chance, MATERIALES)),
        "metros": str(_entre(titular, 38, 260)),
        "contenido": _parte(titular, valor, 8, 30),
        "alarma": chance.random() < 0.3,
    }
    return Cosa(TipoBien.HOGAR, datos, valor)


def _comercio(titular: Titular, oferta: Oferta) -> Cosa:
    chance = titular.chance
    valor = suma(titular, oferta)
    if chance.random() < 0.15:
        return _maquina(titular, valor)
    datos: Documento = {
        "nombre": titular.cliente.nombres[:120],
        "actividad": titular.giro or "Servicios profesionales",
        "direccion": titular.calle,
        "ciudad": titular.ciudad.nombre,
        "codigo_postal": titular.postal,
        "ocupante": str(uno(chance, OCUPANTES)),
        "construccion": titular.registro.year - _entre(titular, 1, 60),
        "material": str(uno(chance, MATERIALES)),
        "metros": str(_entre(titular, 45, 900)),
        "empleados": _entre(titular, 1, 40),
        "facturacion": _parte(titular, valor, 120, 400),
        "contenido": _parte(titular, valor, 20, 50),
        "existencias": _parte(titular, valor, 5, 40),
        "alarma": chance.random() < 0.7,
        "rociadores": chance.random() < 0.2,
    }
    return Cosa(TipoBien.COMERCIO, datos, valor)


def _maquina(titular: Titular, valor: Decimal) -> Cosa:
    que, marca = uno(titular.chance, MAQUINAS)
    datos: Documento = {
        "detalle": que,
        "marca": marca,
        "serie": relleno(titular.chance, "@@######"),
        "ejercicio": titular.registro.year - _entre(titular, 0, 9),
        "ubicacion": f"{titular.calle}, {titular.ciudad.nombre}",
    }
    return Cosa(TipoBien.OTRO, datos, valor)


def _vida(titular: Titular, oferta: Oferta) -> Cosa | None:
    if titular.persona is None:
        return None
    datos: Documento = {
        "asegurado": titular.persona.nombre_completo,
        "nacimiento": titular.persona.nacimiento.isoformat(),
        "sexo": str(titular.persona.sexo),
        "fumador": titular.chance.random() < 0.18,
        "clase_riesgo": _entre(titular, 0, 5),
        "estado_civil": str(titular.cliente.estado_civil),
        "ocupacion": titular.cliente.ocupacion,
    }
    return Cosa(TipoBien.VIDA, datos, suma(titular, oferta))


COSAS: dict[Ramo, Callable[[Titular, Oferta], Cosa | None]] = {
    Ramo.AUTO: _auto,
    Ramo.HOGAR: _hogar,
    Ramo.COMERCIO: _comercio,
    Ramo.VIDA: _vida,
}
