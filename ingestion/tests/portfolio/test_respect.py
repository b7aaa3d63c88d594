"""What people did here is respected, and what must add up goes on adding up."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError

from bienes.models import Bien
from clientes.models import Cliente
from ingestion.portfolio.loading import SHIPPED
from ingestion.tests.portfolio.made_up import contents, histories, pagado, poliza, reclamo
from polizas.models import BeneficiarioPoliza, Poliza, Recibo
from polizas.services import Designacion, cobrar, designar_beneficiarios
from siniestros.models import Pago, Reclamo
from siniestros.services import pagar

pytestmark = pytest.mark.django_db(databases="__all__")

APROBADO = reclamo(1, policyid="1", claimstatus="A")


@pytest.fixture
def cuotas(tmp_path):
    """A mapping of files that have one line a recibo, with its importe."""
    text = (SHIPPED / "insurancelake_vida.toml").read_text(encoding="utf-8")
    text = text.replace('[recibo]\nclave = ["policyid"]', '[recibo]\nclave = ["policyid", "cuota"]')
    text = text.replace("numero = { valor = 1 }", 'numero = "cuota"')
    text = text.replace('importe = "yearlypremium"', 'importe = "importe"')
    path = tmp_path / "cuotas.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def in_cuotas(*amounts: str) -> list[dict[str, str]]:
    total = str(sum(map(int, amounts)))
    return [
        poliza(1, yearlypremium=total) | {"cuota": str(n), "importe": amount}
        for n, amount in enumerate(amounts, 1)
    ]


def importes() -> list[Decimal]:
    return list(Recibo.objects.order_by("numero").values_list("importe", flat=True))


def collect(numero: int) -> None:
    recibo = Recibo.objects.get(numero=numero)
    cobrar(recibo.pk, metodo="cheque", fecha=datetime(2023, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("monto", [None, Decimal(1000)])
def test_a_reclamo_paid_here_is_not_paid_again(portfolio, monto):
    portfolio.files([poliza(1)], [APROBADO])
    portfolio.run()
    paid = pagar(Reclamo.objects.get().pk, metodo="transferencia", monto=monto)
    portfolio.files([poliza(1)], [pagado(1, policyid="1")])
    said = portfolio.run()
    assert "pagos: 1 respetadas" in said
    assert "cambios: 0" in said
    assert Pago.objects.get() == paid
    assert Reclamo.objects.get().pagado == paid.monto
    motivos = [row["motivo"] for row in portfolio.found()]
    assert any("se respeta lo que hay" in m and m.endswith("(pago).") for m in motivos)


def test_beneficiarios_named_here_stay_alone(portfolio):
    portfolio.files([poliza(1)])
    portfolio.run()
    designar_beneficiarios(
        Poliza.objects.get().pk, [Designacion("Otra Persona", "hija", Decimal(100))]
    )
    said = portfolio.run()
    assert "beneficiarios de póliza: 1 respetadas" in said
    assert BeneficiarioPoliza.objects.get().nombre_completo == "Otra Persona"


def test_beneficiarios_added_here_do_not_hold_back_the_prima(portfolio):
    portfolio.files([poliza(1)])
    portfolio.run()
    mine = BeneficiarioPoliza.objects.get()
    mine.porcentaje = 50
    mine.save()
    BeneficiarioPoliza.objects.create(
        poliza=mine.poliza, nombre_completo="Otra", parentesco="hija", porcentaje=50
    )
    portfolio.files([poliza(1, yearlypremium="150")])
    assert "beneficiarios de póliza: 1 respetadas" in portfolio.run()
    assert Poliza.objects.get().prima == Recibo.objects.get().importe == 150


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize("collected", [1, 2, 3])
def test_recibos_go_on_adding_up_in_whatever_batch_they_come(
    portfolio, cuotas, monkeypatch, size, collected
):
    from ingestion.portfolio import check, write

    monkeypatch.setattr(check, "BATCH", size)
    monkeypatch.setattr(write, "BATCH", size)
    portfolio.files(in_cuotas("50", "50", "34"))
    portfolio.run(mapping=cuotas)
    collect(collected)
    portfolio.files(in_cuotas("60", "40", "44"))
    said = portfolio.run(mapping=cuotas)
    assert "pólizas: 1 respetadas" in said
    assert "recibos: 3 respetadas" in said
    assert (importes(), Poliza.objects.get().prima) == ([50, 50, 34], 134)


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_recibos_nobody_touched_change_in_whatever_batch_they_come(
    portfolio, cuotas, monkeypatch, size
):
    from ingestion.portfolio import check, write

    monkeypatch.setattr(check, "BATCH", size)
    monkeypatch.setattr(write, "BATCH", size)
    portfolio.files(in_cuotas("50", "50", "34"))
    portfolio.run(mapping=cuotas)
    collect(2)
    portfolio.files(in_cuotas("60", "50", "44"))
    portfolio.run(mapping=cuotas)
    assert (importes(), Poliza.objects.get().prima) == ([60, 50, 44], 154)
    portfolio.files(in_cuotas("60", "50", "24", "20"))
    portfolio.run(mapping=cuotas)
    assert importes() == [60, 50, 24, 20]


def test_what_was_removed_here_is_not_made_again(portfolio):
    portfolio.files([poliza(1), poliza(2)])
    portfolio.run()
    Bien.objects.get(poliza=Poliza.objects.get(numero="1")).delete()
    for _time in range(2):
        said = portfolio.run()
        assert (
            "bienes: 1 iguales, 1 respetadas" in said or "bienes: 1 respetadas, 1 iguales" in said
        )
        assert "cambios: 0" in said
    assert Bien.objects.count() == 1
    (found,) = portfolio.found()
    assert (found["linea"], found["motivo"]) == (
        "2",
        "Aviso: se borró aquí y se respeta: no se vuelve a traer (bien).",
    )


def test_what_refers_to_something_removed_here_is_left_out_and_told(portfolio):
    portfolio.files([poliza(1)], [reclamo(2, policyid="1")])
    portfolio.run()
    Reclamo.objects.get().delete()
    Bien.objects.get().delete()
    portfolio.files([poliza(1)], [pagado(1, policyid="1")])
    said = portfolio.run()
    assert "cambios: 0" in said
    assert not Reclamo.objects.exists()
    motivos = [row["motivo"] for row in portfolio.found() if row["archivo"] == "reclamos.csv"]
    assert [m[m.index("(") :] for m in motivos if "se refiere a algo que se borró" in m] == [
        "(reclamo).",
        "(pago).",
    ]


def test_a_dry_run_tells_of_what_was_removed_here(portfolio):
    portfolio.files([poliza(1)])
    portfolio.run()
    Bien.objects.get().delete()
    assert "bienes: 1 respetadas" in portfolio.run("--dry-run")


@pytest.mark.parametrize("column", ["claimsreporteddate", "paymentdate"])
def test_a_blank_date_is_told_and_never_today(portfolio, column):
    portfolio.files([poliza(1)], [pagado(1, policyid="1", **{column: ""})])
    with pytest.raises(CommandError):
        portfolio.run()
    assert {"Falta el valor."} <= {
        row["motivo"].split(": ")[-1] for row in portfolio.found() if row["columna"] == column
    }
    assert not any(contents().values())


@pytest.mark.parametrize("blank", [0, 1, 2])
def test_a_blank_is_not_the_smallest_of_several_dates(portfolio, tmp_path, blank):
    text = (SHIPPED / "insurancelake_vida.toml").read_text(encoding="utf-8")
    start = text.index("[cliente.campos]")
    smallest = 'nacimiento = { columna = "customerdob", repetida = "menor" }'
    text = text[:start] + text[start:].replace('nacimiento = "customerdob"', smallest, 1)
    path = tmp_path / "menor.toml"
    path.write_text(text, encoding="utf-8")
    dates = ["1970/01/01", "1965/01/01"]
    dates.insert(blank, "")
    portfolio.files([poliza(n, customerdob=day) for n, day in enumerate(dates, 1)])
    portfolio.run(mapping=str(path))
    assert str(Cliente.objects.get().nacimiento) == "1965-01-01"
    changes = histories()
    assert "cambios: 0" in portfolio.run(mapping=str(path))
    assert histories() == changes
