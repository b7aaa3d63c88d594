"""What the house sells: the same for every demo, so that two of them share it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from uuid import UUID, uuid5

from core.entities import Entity
from especialidades.models import Especialidad, Ramo
from ingestion.demo.documents import de_empresa
from ingestion.demo.people import PAISES, Pais, relleno
from polizas.models import Aseguradora, Producto, TipoCobertura

SPACE = UUID("6f0d4c1e-2b7a-5e39-9c58-1a0f3d6b7e21")
APERTURA = datetime(2015, 1, 5, 14, tzinfo=UTC)

# A row that is not the demo's own, by its model and the name that no two rows share.
Known = Mapping[tuple[type[Entity], str], UUID]

ESPECIALIDADES = (
    ("Autos particulares", Ramo.AUTO, "El auto de la familia, desde la placa hasta el taller."),
    ("Flotas", Ramo.AUTO, "Empresas con cinco vehículos o más."),
    ("Vida y ahorro", Ramo.VIDA, "Proteger a los suyos y ahorrar a largo plazo."),
    ("Salud familiar", Ramo.SALUD, "Planes de salud para personas y familias."),
    ("Vivienda", Ramo.HOGAR, "Propietarios, inquilinos y segundas residencias."),
    ("Comercios y pymes", Ramo.COMERCIO, "Locales, existencias y responsabilidad del negocio."),
)

# For each country: who insures things, and who insures people. None of them exists.
ASEGURADORAS = {
    "PE": ("Sillar Seguros", "Pariacaca Vida"),
    "ES": ("Alcor Seguros", "Valdehierro Vida"),
    "MX": ("Tezontle Seguros", "Cempasúchil Vida"),
    "CO": ("Frailejón Seguros", "Guayacán Vida"),
    "CL": ("Quillay Seguros", "Lonquén Vida"),
    "AR": ("Ñandubay Seguros", "Ceibal Vida"),
    "EC": ("Chuquiragua Seguros", "Arrayán Vida"),
}


@dataclass(frozen=True)
class Oferta:
    """A producto as every country has it; amounts in US dollars.

    Of each cobertura: its name, its límite as a share of the suma asegurada, and its deducible.
    """

    clave: str
    nombre: str
    ramo: Ramo
    prima: int
    suma: int
    descripcion: str
    coberturas: tuple[tuple[str, str, int], ...]


OFERTAS = (
    Oferta("AUT", "Auto todo riesgo", Ramo.AUTO, 620, 18_000, "Daños propios y a terceros.", (
        ("Daños propios", "1", 300), ("Responsabilidad civil", "2.5", 0),
    )),
    Oferta("TER", "Auto a terceros", Ramo.AUTO, 210, 9_000, "Lo que el auto causa a otros.", (
        ("Responsabilidad civil", "2.5", 0), ("Robo total", "1", 200),
    )),
    Oferta("HOG", "Hogar seguro", Ramo.HOGAR, 190, 85_000, "La vivienda y lo que hay en ella.", (
        ("Incendio y naturaleza", "1", 150), ("Robo de contenido", "0.15", 100),
        ("Daños por agua", "0.1", 80),
    )),
    Oferta("COM", "Multirriesgo comercio", Ramo.COMERCIO, 880, 140_000, "El local y el negocio.", (
        ("Incendio y naturaleza", "1", 500), ("Robo", "0.2", 300),
        ("Responsabilidad civil", "0.5", 250),
    )),
    Oferta("VID", "Vida temporal", Ramo.VIDA, 340, 60_000, "Un capital para los suyos.", (
        ("Fallecimiento", "1", 0), ("Invalidez total y permanente", "1", 0),
    )),
    Oferta("SAL", "Salud familiar", Ramo.SALUD, 720, 40_000, "Médicos, clínica y medicinas.", (
        ("Hospitalización", "1", 120), ("Atención ambulatoria", "0.2", 15),
    )),
)  # fmt: skip
DE_PERSONAS = frozenset({Ramo.VIDA, Ramo.SALUD})


@dataclass(frozen=True)
class Catalogue:
    """The rows to be written, and the keys of those that pólizas and agentes point at."""

    especialidades: dict[Ramo, list[UUID]] = field(default_factory=dict)
    productos: dict[tuple[str, str], UUID] = field(default_factory=dict)
    nuevas: dict[type[Entity], list[Entity]] = field(default_factory=dict)

    def _add(self, model: type[Entity], unique: str, known: Known, **values: object) -> UUID:
        """Return the key of a row: of the one that is `known`, or of a new one."""
        if found := known.get((model, unique)):
            return found
        key = uuid5(SPACE, f"{model.__name__}:{unique}")
        row = model(id=key, creado=APERTURA, **values)
        self.nuevas.setdefault(model, []).append(row)
        return key


def catalogue(known: Known) -> Catalogue:
    """Return the catalogue, taking what is `known` as it is."""
    made = Catalogue()
    for nombre, ramo, descripcion in ESPECIALIDADES:
        key = made._add(
            Especialidad, nombre, known, nombre=nombre, ramo=ramo, descripcion=descripcion
        )
        made.especialidades.setdefault(ramo, []).append(key)
    for pais in PAISES:
        _del_pais(made, pais, known)
    return made


def unique_names() -> Iterator[tuple[type[Entity], str, list[str]]]:
    """Yield, for each model that may be known already, its unique field and the values used here."""
    yield Especialidad, "nombre", [nombre for nombre, *_rest in ESPECIALIDADES]
    yield Aseguradora, "nombre", [nombre for pair in ASEGURADORAS.values() for nombre in pair]
    yield Producto, "codigo", [codigo(pais, oferta) for pais in PAISES for oferta in OFERTAS]


def codigo(pais: Pais, oferta: Oferta) -> str:
    return f"{oferta.clave}-{pais.codigo}"


def _del_pais(made: Catalogue, pais: Pais, known: Known) -> None:
    cosas, personas = (
        _aseguradora(made, pais, nombre, known) for nombre in ASEGURADORAS[pais.codigo]
    )
    for oferta in OFERTAS:
        aseguradora = personas if oferta.ramo in DE_PERSONAS else cosas
        _producto(made, pais, oferta, aseguradora, known)


def _aseguradora(made: Catalogue, pais: Pais, nombre: str, known: Known) -> UUID:
    chance = Random(nombre)
    documento = de_empresa(chance, pais.codigo, nombre)
    return made._add(
        Aseguradora,
        nombre,
        known,
        nombre=nombre,
        razon_social=f"{nombre} Compañía de Seguros",
        tipo_documento=documento.tipo,
        pais_documento=documento.pais,
        numero_documento=documento.numero,
        telefono=relleno(chance, pais.movil),
        telefono_asistencia=relleno(chance, pais.movil),
        email="atencion@example.com",
    )


def _producto(made: Catalogue, pais: Pais, oferta: Oferta, aseguradora: UUID, known: Known) -> None:
    unique = codigo(pais, oferta)
    key = made._add(
        Producto,
        unique,
        known,
        codigo=unique,
        nombre=oferta.nombre,
        aseguradora_id=aseguradora,
        ramo=oferta.ramo,
        moneda=pais.moneda,
        prima_base=Decimal(oferta.prima * pais.cambio),
        descripcion=oferta.descripcion,
    )
    made.productos[pais.codigo, oferta.clave] = key
    if (Producto, unique) in known:
        return
    for nombre, parte, deducible in oferta.coberturas:
        made._add(
            TipoCobertura,
            f"{unique}:{nombre}",
            known,
            producto_id=key,
            nombre=nombre,
            limite=oferta.suma * pais.cambio * Decimal(parte),
            deducible=Decimal(deducible * pais.cambio),
        )
