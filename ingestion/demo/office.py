"""Who serves the clientes of a batch: its agentes and its empleados."""

from decimal import Decimal
from random import Random
from uuid import UUID

from agentes.models import Agente, Comision
from empleados.models import Empleado
from especialidades.models import Ramo
from ingestion.demo.batch import Batch
from ingestion.demo.documents import de_persona
from ingestion.demo.people import PAIS, Ciudad, persona, relleno
from ingestion.demo.plan import dia_entre, en_jornada, momento, uno

# Where the agentes of a batch work. The first supervises the rest; the last has left.
PUESTOS = ("PE", "PE", "PE", "PE", "ES", "ES", "MX", "MX", "CO", "CL", "AR", "EC", "PE")
ROLES = (
    Empleado.Rol.GERENTE,
    Empleado.Rol.SUPERVISOR,
    Empleado.Rol.SUSCRIPTOR,
    Empleado.Rol.LIQUIDADOR,
    Empleado.Rol.COBRADOR,
    Empleado.Rol.EJECUTIVO,
    Empleado.Rol.OPERARIO,
    Empleado.Rol.OPERARIO,
)
RAMOS = (Ramo.AUTO, Ramo.HOGAR, Ramo.COMERCIO, Ramo.VIDA, Ramo.SALUD)
COMISIONES = {Ramo.AUTO: 10, Ramo.HOGAR: 14, Ramo.COMERCIO: 12, Ramo.VIDA: 20, Ramo.SALUD: 8}


def staff(batch: Batch) -> None:
    """Make the agentes and empleados of a batch, and put them in its office."""
    chance = batch.plan.chance(f"oficina:{batch.number}")
    supervisor = _agente(batch, chance, 0, None)
    for puesto in range(1, len(PUESTOS)):
        _agente(batch, chance, puesto, supervisor)
    for puesto, rol in enumerate(ROLES):
        batch.office.empleados.append(_empleado(batch, chance, puesto, rol))


def codigo_de_agente(seed: int, number: int) -> str:
    return f"AG{seed}-{number:05}"


def codigo_de_empleado(seed: int, number: int) -> str:
    return f"EM{seed}-{number:05}"


def _oficina(ciudad: Ciudad, batch: Batch) -> str:
    return f"{ciudad.nombre} {('Centro', 'Norte', 'Sur')[batch.number % 3]}"


def _agente(batch: Batch, chance: Random, puesto: int, supervisor: UUID | None) -> UUID:
    pais = PAIS[PUESTOS[puesto]]
    quien = persona(chance, batch.plan.apertura)
    documento = de_persona(chance, pais.codigo, quien)
    principal = uno(chance, RAMOS)
    agente = batch.make(
        Agente,
        en_jornada(batch.plan.apertura, puesto),
        codigo=codigo_de_agente(batch.plan.seed, batch.number * len(PUESTOS) + puesto),
        nombres=quien.nombres,
        apellidos=quien.apellidos,
        tipo_documento=documento.tipo,
        pais_documento=documento.pais,
        numero_documento=documento.numero,
        email=f"agente{batch.number * len(PUESTOS) + puesto}@example.com",
        telefono=relleno(chance, pais.movil),
        oficina=_oficina(uno(chance, pais.ciudades), batch),
        especialidad_id=uno(chance, batch.catalogue.especialidades[principal]),
        supervisor_id=supervisor,
    )
    _comisiones(batch, chance, agente)
    if puesto < len(PUESTOS) - 1:
        batch.office.agentes.setdefault(pais.codigo, []).append(agente.id)
    else:
        salida = dia_entre(chance, batch.plan.apertura, batch.plan.ayer)
        batch.change(agente, momento(chance, salida), activo=False)
    if chance.random() < 0.4:
        otro = RAMOS[RAMOS.index(principal) - 1]
        batch.office.otras[agente.id] = batch.catalogue.especialidades[otro][0]
    return agente.id


def _comisiones(batch: Batch, chance: Random, agente: Agente) -> None:
    for ramo in RAMOS:
        batch.make(
            Comision,
            agente.creado,
            agente_id=agente.id,
            ramo=ramo,
            porcentaje=COMISIONES[ramo] + Decimal(int(chance.random() * 9)) / 2,
        )


def _empleado(batch: Batch, chance: Random, puesto: int, rol: Empleado.Rol) -> UUID:
    pais = PAIS["PE"]
    quien = persona(chance, batch.plan.apertura)
    number = batch.number * len(ROLES) + puesto
    return batch.make(
        Empleado,
        en_jornada(batch.plan.apertura, puesto),
        codigo=codigo_de_empleado(batch.plan.seed, number),
        nombres=quien.nombres,
        apellidos=quien.apellidos,
        rol=rol,
        oficina=_oficina(uno(chance, pais.ciudades), batch),
        email=f"empleado{number}@example.com",
        telefono=relleno(chance, pais.movil),
        activo=True,
    ).id
