"""Who comes to the house: usuarios, clientes and what is known of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from clientes.models import (
    Beneficiario,
    Cliente,
    Consentimiento,
    Contacto,
    Direccion,
    EstadoCivil,
    Parentesco,
    ServicioContratado,
    Usuario,
)
from core.text import normalizar
from ingestion.demo.batch import Batch
from ingestion.demo.documents import Documento, de_empresa, de_persona
from ingestion.demo.people import (
    APELLIDOS,
    CALLES,
    GIROS,
    OCUPACIONES,
    PAISES,
    PESOS,
    Ciudad,
    Pais,
    Persona,
    familiar,
    persona,
    relleno,
)
from ingestion.demo.plan import Plan, dia_entre, momento, uno

SERVICIOS = (
    "Asistencia en carretera",
    "Asistencia al hogar",
    "Telemedicina",
    "Asesoría legal telefónica",
    "Gestor de multas",
    "Chequeo médico anual",
)
# How many clientes have an agente of their own; the rest came by themselves.
ATENDIDOS = 0.95
ESTADOS_CIVILES = tuple(EstadoCivil)
Medio, Finalidad = Consentimiento.Medio, Consentimiento.Finalidad
MEDIOS = tuple(Medio)


@dataclass
class Titular:
    """A cliente and what the rest of their rows is drawn from."""

    batch: Batch
    number: int
    chance: Random
    pais: Pais
    ciudad: Ciudad
    calle: str
    postal: str
    registro: datetime
    cliente: Cliente
    agente: UUID
    persona: Persona | None
    giro: str
    familia: list[tuple[Persona, Parentesco]]

    @property
    def plan(self) -> Plan:
        return self.batch.plan


def titular(batch: Batch, number: int) -> Titular:
    """Make a cliente with what is known of them."""
    chance = batch.plan.chance(f"cliente:{number}")
    pais = chance.choices(PAISES, PESOS)[0]
    registro = batch.plan.registro(number)
    quien = persona(chance, batch.plan.apertura) if chance.random() < 0.85 else None
    datos = _de_persona(chance, pais, quien) if quien else _de_empresa(chance, pais)
    ciudad = uno(chance, pais.ciudades)
    datos["telefono"] = relleno(chance, pais.movil)
    usuario = _usuario(batch, number, registro, datos, ciudad) if chance.random() < 0.9 else None
    agente = uno(chance, batch.office.agentes[pais.codigo])
    made = Titular(
        batch=batch,
        number=number,
        chance=chance,
        pais=pais,
        ciudad=ciudad,
        calle=f"{uno(chance, CALLES)} {1 + int(chance.random() * 1800)}",
        postal=relleno(chance, ciudad.postal),
        registro=registro,
        cliente=batch.make(
            Cliente,
            registro,
            usuario_id=usuario.id if usuario else None,
            agente_id=agente if chance.random() < ATENDIDOS else None,
            **datos,
        ),
        agente=agente,
        persona=quien,
        giro="" if quien else datos["ocupacion"],
        familia=_familia(chance, quien, registro),
    )
    _partes(made)
    return made


def visitante(batch: Batch, number: int) -> None:
    """Make, now and then, a usuario who registered and is no cliente yet."""
    chance = batch.plan.chance(f"visitante:{number}")
    if chance.random() < 0.08:
        pais = chance.choices(PAISES, PESOS)[0]
        quien = persona(chance, batch.plan.apertura)
        datos = _de_persona(chance, pais, quien) | {"telefono": relleno(chance, pais.movil)}
        registro = batch.plan.registro(number)
        _usuario(batch, number, registro, datos, uno(chance, pais.ciudades), "v")


def _de_persona(chance: Random, pais: Pais, quien: Persona) -> dict[str, Any]:
    documento = de_persona(chance, pais.codigo, quien)
    return {
        "tipo": Cliente.Tipo.PERSONA,
        "nombres": quien.nombres,
        "apellidos": quien.apellidos,
        "nacimiento": quien.nacimiento,
        "sexo": quien.sexo,
        "estado_civil": uno(chance, ESTADOS_CIVILES),
        "ocupacion": uno(chance, OCUPACIONES),
        "expuesto": chance.random() < 0.004,
        "email": f"{_apodo(quien.nombres, quien.paterno)}{int(chance.random() * 1000)}@example.com",
    } | _documento(documento)


def _de_empresa(chance: Random, pais: Pais) -> dict[str, Any]:
    giro, nombre = uno(chance, GIROS)
    socios = f"{uno(chance, APELLIDOS)} y {uno(chance, APELLIDOS)}"
    razon_social = f"{nombre} {socios} {pais.sociedad}"
    return {
        "tipo": Cliente.Tipo.EMPRESA,
        "nombres": razon_social,
        "ocupacion": giro,
        "email": f"{_apodo(nombre, socios)}@example.org",
    } | _documento(de_empresa(chance, pais.codigo, razon_social))


def _documento(documento: Documento) -> dict[str, str]:
    return {
        "tipo_documento": documento.tipo,
        "pais_documento": documento.pais,
        "numero_documento": documento.numero,
    }


def _apodo(nombre: str, apellido: str) -> str:
    """Return the first word of each, as an address spells them."""
    words = normalizar(f"{nombre.split()[0]}.{apellido.split()[0]}")
    return words.replace(" ", "")


def _usuario(
    batch: Batch,
    number: int,
    registro: datetime,
    datos: dict[str, Any],
    ciudad: Ciudad,
    sufijo: str = "",
) -> Usuario:
    apodo = _apodo(datos["nombres"], datos.get("apellidos") or "sa")
    return batch.make(
        Usuario,
        registro,
        username=f"{apodo}{number}-{batch.plan.seed}{sufijo}",
        email=datos["email"],
        telefono=datos["telefono"],
        ciudad=ciudad.nombre,
        provincia=ciudad.provincia,
    )


def _familia(
    chance: Random, quien: Persona | None, registro: datetime
) -> list[tuple[Persona, Parentesco]]:
    if quien is None or chance.random() < 0.3:
        return []
    found = [familiar(chance, quien, registro.date()) for _ in range(1 + int(chance.random() * 3))]
    casado = [uno for uno in found if uno[1] == Parentesco.CONYUGE][:1]
    return casado + [uno for uno in found if uno[1] != Parentesco.CONYUGE]


def _partes(titular: Titular) -> None:
    chance = titular.chance
    _direccion(titular)
    _consentir(titular)
    if chance.random() < 0.22:
        _contacto(titular)
    if titular.familia and chance.random() < 0.3:
        _beneficiario(titular)
    if chance.random() < 0.12:
        dia = dia_entre(chance, titular.registro.date(), titular.plan.ayer)
        titular.batch.make(
            ServicioContratado,
            momento(chance, dia),
            cliente_id=titular.cliente.id,
            descripcion=uno(chance, SERVICIOS),
            fecha=dia,
        )


def _direccion(titular: Titular) -> None:
    if titular.chance.random() < 0.85:
        titular.batch.make(
            Direccion,
            titular.registro,
            cliente_id=titular.cliente.id,
            tipo=Direccion.Tipo.DOMICILIO if titular.persona else Direccion.Tipo.FISCAL,
            linea=titular.calle,
            ciudad=titular.ciudad.nombre,
            provincia=titular.ciudad.provincia,
            codigo_postal=titular.postal,
            pais=titular.pais.codigo,
        )


def _contacto(titular: Titular) -> None:
    whatsapp = titular.chance.random() < 0.6
    titular.batch.make(
        Contacto,
        titular.registro,
        cliente_id=titular.cliente.id,
        tipo=Contacto.Tipo.WHATSAPP if whatsapp else Contacto.Tipo.EMAIL,
        valor=relleno(titular.chance, titular.pais.movil)
        if whatsapp
        else f"{_apodo(titular.cliente.nombres, 'otro')}{titular.number}@example.net",
    )


def _beneficiario(titular: Titular) -> None:
    quien, parentesco = titular.familia[0]
    documento = de_persona(titular.chance, titular.pais.codigo, quien)
    titular.batch.make(
        Beneficiario,
        titular.registro,
        cliente_id=titular.cliente.id,
        nombres=quien.nombres,
        apellidos=quien.apellidos,
        parentesco=parentesco,
        nacimiento=quien.nacimiento,
        **_documento(documento),
    )


def mark(number: int) -> str:
    """The name of the consentimiento that each cliente gives first: it is written last of all."""
    return f"gestion:{number}"


def _consentir(titular: Titular) -> None:
    chance, registro = titular.chance, titular.registro
    medio = uno(chance, MEDIOS)
    base: dict[str, Any] = {
        "cliente_id": titular.cliente.id,
        "fecha": registro.date(),
        "medio": medio,
    }
    titular.batch.make(
        Consentimiento, registro, name=mark(titular.number), finalidad=Finalidad.GESTION, **base
    )
    if chance.random() < 0.3:
        comercial = titular.batch.make(
            Consentimiento,
            registro,
            finalidad=Finalidad.COMERCIAL,
            otorgado=chance.random() < 0.8,
            **base,
        )
        if comercial.otorgado and chance.random() < 0.1:
            dia = min(registro.date() + timedelta(days=200), titular.plan.ayer)
            titular.batch.change(comercial, momento(chance, dia), retirado=dia)


def consentir_salud(titular: Titular, creado: datetime) -> None:
    """A seguro of life or health asks about health, and the law asks for leave to."""
    titular.batch.make(
        Consentimiento,
        creado,
        cliente_id=titular.cliente.id,
        finalidad=Finalidad.SALUD,
        fecha=creado.date(),
        medio=Medio.PAPEL,
    )
