"""Whatever is asked of the API, what it answers is what it says that it answers.

Four requests for each operation; API_EXAMPLES says how many others. They are the same each time.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.signals import request_finished, request_started
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings

from agentes.tests.factories import AgenteFactory
from bienes.tests.factories import BienFactory
from clientes.tests.factories import ClienteFactory, UsuarioFactory
from config.tests.cast import portfolio
from config.tests.fuzz import REFERENCES, Operation, World, cases, described, operations
from core import tokens
from core.entities import Entity
from core.models import Token
from core.testing import undone
from empleados.tests.factories import EmpleadoFactory
from especialidades.tests.factories import EspecialidadFactory
from pedidos.tests.factories import PedidoFactory, TomadoFactory
from polizas.tests.factories import (
    AseguradoraFactory,
    EmitidaFactory,
    ProductoFactory,
    TipoCoberturaFactory,
)
from siniestros.tests.factories import ReclamoFactory

pytestmark = pytest.mark.django_db(databases="__all__")

TODAY = datetime(2026, 3, 1, 15, tzinfo=UTC)
EXAMPLES = int(os.environ.get("API_EXAMPLES", "4"))
OPERATIONS = operations()
VERBS = [each for each in OPERATIONS if each.of_a_row and each.method == "POST"]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """A house on a day of 2026, made once for all that is asked of it: each request is undone."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), undone():
        patch.setattr(timezone, "now", lambda: TODAY)
        # As Django's own test client does: who opened the transaction keeps its connections.
        patch.setattr(request_started, "receivers", [])
        patch.setattr(request_finished, "receivers", [])
        request_started.sender_receivers_cache.clear()
        request_finished.sender_receivers_cache.clear()
        yield house()


def house() -> World:
    user = User.objects.create_user("api")
    user.groups.add(Group.objects.get(name="Administración"))
    token, secret = tokens.issue(
        user, nombre="api", alcance=Token.Alcance.ESCRITURA, vence=date(2026, 12, 31), by=user
    )
    keys: dict[type[Any], list[Any]] = defaultdict(list)
    for row in rows():
        keys[type(row)].append(row.pk)
    collections = {
        operation.collection: keys[operation.view.serializer_class.Meta.model]
        for operation in OPERATIONS
    }
    return World(keys, collections | {"tokens": [token.pk]}, secret)


def rows() -> list[Entity]:
    """One of everything, and several of what passes through estados."""
    uno = portfolio("Amparo")
    emitida = EmitidaFactory(cliente=uno.cliente, agente=uno.agente)
    return [
        *uno.rows.values(),
        emitida,
        *emitida.recibos.all(),
        *(
            ReclamoFactory(poliza=emitida, estado=estado, reserva=100)
            for estado in ("pendiente", "en_revision", "pagado")
        ),
        ClienteFactory(),
        PedidoFactory(cliente=uno.cliente),
        TomadoFactory(cliente=uno.cliente),
        BienFactory(),
        EmpleadoFactory(),
        AgenteFactory(activo=False),
        EspecialidadFactory(),
        UsuarioFactory(),
        AseguradoraFactory(),
        ProductoFactory(),
        TipoCoberturaFactory(),
    ]


def test_every_operation_is_described_and_nothing_else_is() -> None:
    told = {
        f"{each.ok().method.upper()} {each.ok().path}" for each in described().get_all_operations()
    }
    assert told == {str(operation) for operation in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_answer_is_one_of_those_described(operation: Operation, world: World) -> None:
    seen: dict[int, int] = defaultdict(int)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation, world))
    def ask(case: Any) -> None:
        seen[world.ask(case).status_code] += 1

    ask()
    assert seen.keys() - {401, 404}, "none of them got as far as what it does"


@pytest.mark.parametrize("operation", VERBS, ids=str)
def test_the_example_of_each_verb_can_be_done_to_some_row(
    operation: Operation, world: World
) -> None:
    body = operation.example
    for name in body.keys() & REFERENCES.keys():
        body[name] = str(world.keys[REFERENCES[name]][0])
    answers = {}
    for key in world.collections[operation.collection]:
        with undone():
            answers[key] = world.client.post(operation.path.format(id=key), body, format="json")
    assert any(answer.status_code in (200, 201) for answer in answers.values()), [
        answer.data for answer in answers.values()
    ]
