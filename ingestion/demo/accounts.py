"""Accounts to try each role with: whose they are, and how to sign in the first time."""

import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group, User

from agentes.models import Agente
from agentes.selectors import ROL as AGENTE
from core.stores import atomic
from core.text import compactar
from empleados.models import Empleado
from ingestion.demo.office import ROLES as PUESTOS
from ingestion.demo.office import codigo_de_agente, codigo_de_empleado

# Who of the first oficina works in each role; nobody's account only looks, or is another system's.
DE_EMPLEADO = {
    "Administración": Empleado.Rol.GERENTE,
    "Suscripción": Empleado.Rol.SUSCRIPTOR,
    "Siniestros": Empleado.Rol.LIQUIDADOR,
    "Cobros": Empleado.Rol.COBRADOR,
}
SISTEMAS = "Integración"


class Account(NamedTuple):
    """An account of the demo; without a password when it was there already, and is left as it is."""

    username: str
    role: str
    owner: str
    password: str


def open_accounts(seed: int) -> Iterator[Account]:
    """Make an account for each role, and give it to who has that work in the demo of this seed."""
    for role in settings.ROLES:
        username = compactar(role)
        if User.objects.filter(username=username).exists():
            yield Account(username, role, "", "")
        else:
            yield _open(username, role, _owner(role, seed))


def _open(username: str, role: str, owner: Agente | Empleado | None) -> Account:
    password = secrets.token_urlsafe(9)
    names = {"first_name": owner.nombres, "last_name": owner.apellidos} if owner else {}
    with atomic(User):
        user = User.objects.create_user(
            username,
            f"{username}@example.com",
            password,
            is_staff=role != SISTEMAS,
            **names,
        )
        user.groups.add(Group.objects.get(name=role))
        if owner:
            owner.cuenta = user
            owner.save()
    return Account(username, role, str(owner or ""), password)


def _owner(role: str, seed: int) -> Any:
    """Return who of this demo has that work and no account yet."""
    if role == AGENTE:
        # The second of the first oficina: the first supervises the others.
        return Agente.objects.filter(codigo=codigo_de_agente(seed, 1), cuenta=None).first()
    if role in DE_EMPLEADO:
        codigo = codigo_de_empleado(seed, PUESTOS.index(DE_EMPLEADO[role]))
        return Empleado.objects.filter(codigo=codigo, cuenta=None).first()
    return None
