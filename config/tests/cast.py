"""Two portfolios with a row of everything, and a person of each role."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db.models import Model

from agentes.models import Agente
from agentes.tests.factories import AgenteFactory, ComisionFactory
from bienes.tests.factories import BienFactory
from clientes.models import Cliente
from clientes.tests.factories import (
    BeneficiarioFactory,
    ClienteFactory,
    ConsentimientoFactory,
    ContactoFactory,
    DireccionFactory,
    ServicioContratadoFactory,
)
from core.entities import Entity
from pedidos.tests.factories import PedidoFactory
from polizas.tests.factories import (
    BeneficiarioPolizaFactory,
    CoberturaFactory,
    CobroFactory,
    PolizaFactory,
    ReciboFactory,
)
from siniestros.tests.factories import AprobadoFactory, PagoFactory

ROLES = (*settings.ROLES, "nobody")


@dataclass(frozen=True)
class Portfolio:
    """An agente and one row of each kind that is theirs, by model."""

    agente: Agente
    cliente: Cliente
    rows: dict[type[Model], Entity]


def portfolio(word: str, **agente: Any) -> Portfolio:
    """Make a portfolio whose texts hold `word`."""
    suyo = AgenteFactory(codigo=f"A-{word}", nombres=word, apellidos=f"Del {word}", **agente)
    cliente = ClienteFactory(
        nombres=word, apellidos=f"Y {word}", email=f"{word}@correo.test".lower(), agente=suyo
    )
    poliza = PolizaFactory(cliente=cliente, agente=suyo, numero=f"P-{word}")
    viva = PolizaFactory(cliente=cliente, agente=suyo, numero=f"V-{word}", estado="vigente")
    recibo = ReciboFactory(poliza=viva)
    reclamo = AprobadoFactory(poliza=viva, numero=f"R-{word}", pagado=1, descripcion=word)
    rows = [
        suyo,
        cliente,
        poliza,
        recibo,
        reclamo,
        ComisionFactory(agente=suyo),
        ContactoFactory(cliente=cliente, nota=word),
        DireccionFactory(cliente=cliente, ciudad=word),
        ConsentimientoFactory(cliente=cliente),
        BeneficiarioFactory(cliente=cliente, nombres=word),
        ServicioContratadoFactory(cliente=cliente, descripcion=word),
        CoberturaFactory(poliza=poliza, nombre=word),
        BeneficiarioPolizaFactory(poliza=poliza, nombre_completo=word),
        CobroFactory(recibo=recibo, referencia=word),
        PagoFactory(reclamo=reclamo, monto=1, beneficiario=word),
        BienFactory(cliente=cliente, poliza=viva, descripcion=word),
        PedidoFactory(cliente=cliente, datos={"ramo": "AUTO", "objeto": word}),
    ]
    for row in rows:
        row.save()  # a second state, so that there is a past to look at
    return Portfolio(suyo, cliente, {type(row): row for row in rows})


def person(role: str, **options: Any) -> User:
    """Make an account of `role`, or of none."""
    options = {"is_staff": role != "Integración"} | options
    user = User.objects.create_user(f"de-{role}".replace("ó", "o"), password="clave", **options)
    if role != "nobody":
        user.groups.add(Group.objects.get(name=role))
    return user
