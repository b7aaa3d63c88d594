"""Many at once over HTTP, on the real engines: one decides, the others are told, and nobody is lost."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import pytest

from config.tests.house import asked, house

SENDS, AT_ONCE = 1000, 16
TOKEN = """
import django; django.setup()
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from core import tokens
from core.models import Token
admin = User.objects.get(username="admin")
_token, secret = tokens.issue(
    admin,
    nombre="muchos",
    alcance=Token.Alcance.ESCRITURA,
    vence=timezone.localdate() + timedelta(days=30),
    by=admin,
)
print(secret)
"""


@dataclass(frozen=True)
class Program:
    url: str
    secret: str

    def ask(self, method, path, body=None, **headers):
        status, text = asked(
            f"{self.url}/api/v1/{path}",
            method,
            body,
            Authorization=f"Token {self.secret}",
            **{"Content-Type": "application/json"},
            **{name.replace("_", "-"): value for name, value in headers.items()},
        )
        return status, json.loads(text)

    def rows(self, path):
        return self.ask("GET", path)[1]["results"]


@pytest.fixture(scope="module")
def program(tmp_path_factory, django_db_blocker):
    with django_db_blocker.unblock(), house(tmp_path_factory.mktemp("juntos"), "juntos") as made:
        made.env["DJANGO_SETTINGS_MODULE"] = "config.settings"
        made.prepare(clientes=60)
        secret = made.python("-c", TOKEN).strip()
        with made.serve() as url:
            yield Program(url, secret)


def together(times, ask):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(ask, range(times)))


def a_cliente(program):
    return {"nombres": "Uno", "apellidos": "Solo", "nacimiento": "1980-02-29"}


def a_bien(program):
    cliente = program.rows("clientes/")[0]
    datos = {"detalle": "Un velero de ocho metros"}
    return {"cliente": cliente["id"], "tipo": "otro", "datos": datos, "valor": "100.00"}


@pytest.mark.parametrize(("path", "body"), [("clientes/", a_cliente), ("bienes/", a_bien)])
def test_one_key_sent_a_thousand_times_makes_one_row(program, path, body):
    key, sent = str(uuid4()), body(program)
    answers = together(SENDS, lambda _n: program.ask("POST", path, sent, Idempotency_Key=key))
    assert Counter(status for status, _body in answers) == {201: SENDS}, answers[0]
    assert len({made["id"] for _status, made in answers}) == 1
    history = program.ask("GET", f"{path}{answers[0][1]['id']}/")[1]
    assert history["version"] == 1


def test_of_many_who_edit_one_poliza_each_is_told_or_wins(program):
    poliza = program.rows("polizas/?estado=cotizada")[0]
    path = f"polizas/{poliza['id']}/"

    def edit(number):
        body = {"suma_asegurada": f"{1000 + number}.00"}
        return program.ask("PATCH", path, body, If_Match=f'"{poliza["version"]}"')[0]

    told = Counter(together(40, edit))
    assert told[200] == 1
    assert told.keys() <= {200, 412}
    assert program.ask("GET", path)[1]["version"] == poliza["version"] + 1


def test_without_a_version_no_edit_is_lost_in_silence(program):
    poliza = program.rows("polizas/?estado=cotizada")[1]
    path = f"polizas/{poliza['id']}/"
    told = Counter(
        status
        for status, _body in together(
            40, lambda n: program.ask("PATCH", path, {"suma_asegurada": f"{2000 + n}.00"})
        )
    )
    assert told.keys() <= {200, 409, 503}
    assert told[200] >= 1
    assert program.ask("GET", path)[1]["version"] == poliza["version"] + told[200]


def test_pagos_made_at_once_never_pass_the_reserva(program):
    poliza = program.rows("polizas/?estado=vigente")[0]
    asked = {
        "poliza": poliza["id"],
        "fecha_ocurrencia": poliza["inicio"],
        "causa": "accidente",
        "descripcion": "Choque en un cruce",
        "monto": "900.00",
    }
    _status, reclamo = program.ask("POST", "reclamos/", asked)
    for verb in ("revisar", "aprobar"):
        status, said = program.ask("POST", f"reclamos/{reclamo['id']}/{verb}/", {})
        assert status == 200, said
    monto = "300.00"

    def pay(_number):
        body = {"monto": monto, "metodo": "cheque"}
        return program.ask("POST", f"reclamos/{reclamo['id']}/pagar/", body)[0]

    told = Counter(together(20, pay))
    after = program.ask("GET", f"reclamos/{reclamo['id']}/")[1]
    assert told.keys() <= {200, 201, 400, 409, 503}
    assert float(after["pagado"]) <= float(after["reserva"])
    assert told[200] + told[201] == 3


def test_a_renewal_asked_for_many_times_is_made_once(program):
    poliza = program.rows("polizas/?estado=vigente")[0]
    told = Counter(
        status
        for status, _body in together(
            20, lambda _n: program.ask("POST", f"polizas/{poliza['id']}/renovar/", {})
        )
    )
    assert told.keys() <= {200, 201, 400, 409, 503}
    assert told[200] + told[201] == 1


def test_one_pedido_is_taken_by_one(program):
    asked = {
        "cliente": program.rows("clientes/")[0]["id"],
        "tipo": "otro",
        "datos": {"detalle": "Que lo llamen por la tarde"},
        "fecha": "2026-04-01T15:00:00Z",
    }
    _status, pedido = program.ask("POST", "pedidos/", asked)
    empleado = program.rows("empleados/")[0]
    told = Counter(
        status
        for status, _body in together(
            20,
            lambda _n: program.ask(
                "POST", f"pedidos/{pedido['id']}/tomar/", {"empleado": empleado["id"]}
            ),
        )
    )
    assert told[200] + told[201] == 1
    assert told.keys() <= {200, 201, 400, 409}
