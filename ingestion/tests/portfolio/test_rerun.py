"""Run again: what is there is found equal, what people did stays, what was cut short is finished."""

import pytest
from django.core.management import CommandError

from bienes.models import Bien
from clientes.models import Cliente, Usuario
from core.entities import EntityQuerySet
from core.testing import undone
from ingestion.tests.portfolio.made_up import contents, histories, pagado, poliza, reclamo
from polizas.models import Poliza, Recibo
from siniestros.models import Pago, Reclamo

pytestmark = pytest.mark.django_db(databases="__all__")

MANY = [
    poliza(n, customerno=str(500 + n % 4), producer=f"P{n % 3}", nationalid=f"648-28-205{n % 4}")
    for n in range(1, 8)
]
CLAIMS = [pagado(1, policyid="1"), reclamo(2, policyid="2"), pagado(3, policyid="3")]


class Killed(BaseException):
    """As a kill does, nothing catches it."""


def test_a_second_run_changes_nothing(portfolio, small_batches):
    portfolio.files(MANY, CLAIMS)
    portfolio.run()
    rows, changes = contents(), histories()
    said = portfolio.run()
    assert "cambios: 0" in said
    assert "pólizas: 7 iguales" in said
    assert (contents(), histories()) == (rows, changes)


@pytest.mark.parametrize("after", range(1, 28, 2))
@pytest.mark.parametrize("written", [False, True])
def test_killed_anywhere_the_next_run_ends_the_same(
    portfolio, small_batches, monkeypatch, after, written
):
    portfolio.files(MANY, CLAIMS)
    with undone():
        portfolio.run()
        expected, changes = contents(), histories()
    assert not any(contents().values())
    create, calls = EntityQuerySet.bulk_create, []

    def killed(self, rows, **options):
        calls.append(rows)
        if len(calls) == after and not written:
            raise Killed
        made = create(self, rows, **options)
        if len(calls) == after:
            raise Killed
        return made

    with monkeypatch.context() as patch:
        patch.setattr(EntityQuerySet, "bulk_create", killed)
        with pytest.raises(Killed):
            portfolio.run()
    portfolio.run()
    assert contents() == expected
    assert histories() == changes


def test_what_the_origin_changed_is_changed_once(portfolio):
    portfolio.files([poliza(1), poliza(2)], [reclamo(policyid="1")])
    portfolio.run()
    dead = {"policystatus": "D", "policyterminationreason": "Deceased"}
    portfolio.files([poliza(1, **dead), poliza(2)], [pagado(policyid="1")])
    said = portfolio.run()
    assert "pólizas: 1 cambiadas, 1 iguales" in said
    anulada = Poliza.objects.get(numero="1")
    assert (anulada.estado, anulada.motivo_anulacion, anulada.version) == (
        "anulada",
        "fallecimiento",
        2,
    )
    assert Recibo.objects.get(poliza=anulada).estado == "anulado"
    assert (Reclamo.objects.get().estado, Pago.objects.count()) == ("pagado", 1)
    assert "cambios: 0" in portfolio.run()


def test_a_dry_run_tells_what_would_change(portfolio):
    portfolio.files([poliza(1), poliza(2)])
    portfolio.run()
    portfolio.files([poliza(1), poliza(2, sumassured="97000"), poliza(3)])
    before = contents()
    said = portfolio.run("--dry-run")
    assert "pólizas: 1 nuevas, 1 cambiadas, 1 iguales" in said
    assert contents() == before


def test_the_origin_may_change_the_same_row_again(portfolio):
    for amount in ("1000", "2000", "3000"):
        portfolio.files([poliza(sumassured=amount)])
        portfolio.run()
    assert (Poliza.objects.get().suma_asegurada, Bien.objects.get().valor) == (3000, 3000)
    assert Poliza.objects.get().version == 3


def test_what_a_person_changed_here_stays_and_is_told(portfolio):
    portfolio.files([poliza()])
    portfolio.run()
    cliente = Cliente.objects.get()
    cliente.telefono = "999"
    cliente.save()
    said = portfolio.run()
    assert "clientes: 1 respetadas" in said
    assert "cambios: 0" in said
    assert Cliente.objects.get().telefono == "999"
    (found,) = portfolio.found()
    assert found["motivo"] == (
        "Aviso: cliente «Lance Jones» se cambió aquí y se deja como está (teléfono)."
    )


def test_what_a_person_changed_here_stays_though_the_origin_changes_too(portfolio):
    portfolio.files([poliza()])
    portfolio.run()
    usuario = Usuario.objects.get()
    usuario.ciudad = "Lima"
    usuario.save()
    portfolio.files([poliza(city="Bismarck", phoneno="1")])
    portfolio.run()
    assert (Usuario.objects.get().ciudad, Usuario.objects.get().telefono) == (
        "Lima",
        "850-535-8715",
    )
    assert Cliente.objects.get().telefono == "1"


def test_a_prima_does_not_change_away_from_a_recibo_that_stays(portfolio):
    portfolio.files([poliza()])
    portfolio.run()
    recibo = Recibo.objects.get()
    recibo.estado = "cobrado"
    recibo.save()
    portfolio.files([poliza(yearlypremium="150")])
    said = portfolio.run()
    assert "pólizas: 1 respetadas" in said
    assert "recibos: 1 respetadas" in said
    assert Poliza.objects.get().prima == Recibo.objects.get().importe == 134


def test_a_recibo_does_not_change_away_from_a_poliza_that_stays(portfolio):
    portfolio.files([poliza()])
    portfolio.run()
    mine = Poliza.objects.get()
    mine.suma_asegurada = 1
    mine.save()
    portfolio.files([poliza(yearlypremium="150")])
    portfolio.run()
    assert Poliza.objects.get().prima == Recibo.objects.get().importe == 134


def test_a_row_changed_during_the_import_is_left_alone(portfolio, monkeypatch):
    portfolio.files([poliza()])
    portfolio.run()
    portfolio.files([poliza(sumassured="97000")])
    from ingestion.portfolio import write

    known = write.current

    def meanwhile(kind, keys):
        found = known(kind, keys)
        if kind.name == "poliza":
            other = Poliza.objects.get()
            other.impuestos = 0
            other.save()
        return found

    monkeypatch.setattr(write, "current", meanwhile)
    said = portfolio.run()
    assert "pólizas: 1 respetadas" in said
    assert Poliza.objects.get().suma_asegurada == 96000


def test_two_imports_at_once_end_with_a_sentence_and_no_half_rows(portfolio, monkeypatch):
    from ingestion.portfolio import write

    portfolio.files([poliza()])
    portfolio.run()
    monkeypatch.setattr(write, "current", lambda kind, keys: {})
    with pytest.raises(CommandError, match="Repita la orden"):
        portfolio.run()
    assert Poliza.objects.count() == 1
