"""What each line becomes, and what is not brought in."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.utils import timezone

from agentes.models import Agente
from bienes.models import Bien
from clientes.models import Cliente, Usuario
from core.models import Operacion
from ingestion.tests.portfolio.made_up import contents, histories, pagado, poliza, reclamo
from polizas.models import Aseguradora, Cobro, Poliza, Producto, Recibo
from siniestros.models import Pago, Reclamo

pytestmark = pytest.mark.django_db(databases="__all__")


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def test_one_line_makes_everything_that_it_speaks_of(portfolio):
    portfolio.files([poliza()])
    said = portfolio.run()
    made = Poliza.objects.get()
    assert (made.numero, made.inicio, made.fin) == ("1001", date(2022, 11, 28), date(2037, 11, 28))
    assert (made.prima, made.prima_neta, made.suma_asegurada) == (134, 134, 96000)
    assert (made.estado, made.motivo_anulacion, made.anulada_el) == ("vigente", "", None)
    assert made.cliente == made.asegurado == made.pagador == Cliente.objects.get()
    assert (made.agente.codigo, made.agente.nombres) == ("P1", "P1")
    assert (made.producto.codigo, made.producto.ramo) == ("A0001", "VIDA")
    assert local(made.creado) == datetime(2022, 9, 3)
    assert "pólizas: 1 nuevas" in said
    assert "Líneas: 1, malas: 0, avisos: 0, cambios: 9" in said
    assert not portfolio.report.exists()


def test_the_cliente_and_their_usuario(portfolio):
    portfolio.files([poliza()])
    portfolio.run()
    cliente = Cliente.objects.get()
    assert (cliente.nombres, cliente.apellidos, cliente.sexo) == ("Lance", "Jones", "hombre")
    assert (cliente.numero_documento, cliente.nacimiento) == ("648282059", date(1964, 5, 2))
    assert cliente.busqueda.startswith("lance jones")
    usuario = cliente.usuario
    assert (usuario.username, usuario.rol) == ("501", Usuario.Rol.USER)
    assert (usuario.provincia, usuario.ciudad) == ("ND", "Fargo")
    assert usuario.email == cliente.email == "nmorales@hotmail.com"


def test_the_life_insured_is_a_bien(portfolio):
    portfolio.files([poliza(smokingclass="N")])
    portfolio.run()
    bien = Bien.objects.get()
    assert (bien.tipo, bien.valor, bien.poliza.numero) == ("vida", 96000, "1001")
    assert bien.datos == {
        "asegurado": "Lance Jones",
        "nacimiento": "1964-05-02",
        "sexo": "hombre",
        "fumador": False,
        "clase_riesgo": 2,
        "estado_civil": "soltero",
    }


@pytest.mark.parametrize(
    ("letter", "reason", "estado", "motivo", "recibo"),
    [
        ("A", "", "vigente", "", "pendiente"),
        ("P", "", "emitida", "", "pendiente"),
        ("C", "Cancelled by policy holder request", "anulada", "solicitud", "anulado"),
        ("D", "Deceased", "anulada", "fallecimiento", "anulado"),
        ("T", "Cancelled due to non payment", "anulada", "impago", "anulado"),
        ("T", "", "vencida", "", "pendiente"),
        ("T", "End of term", "vencida", "", "pendiente"),
    ],
)
def test_each_letter_of_a_poliza_is_an_estado(portfolio, letter, reason, estado, motivo, recibo):
    portfolio.files([poliza(policystatus=letter, policyterminationreason=reason)])
    portfolio.run()
    made = Poliza.objects.get()
    assert (made.estado, made.motivo_anulacion, made.anulada_el) == (estado, motivo, None)
    one = Recibo.objects.get()
    assert (one.estado, one.numero, one.importe) == (recibo, 1, 134)
    assert one.vencimiento == made.inicio
    assert not Cobro.objects.exists()


def test_a_vigencia_that_starts_on_a_leap_day_ends_as_the_file_says(portfolio):
    portfolio.files([poliza(policyeffectivedate="2020/02/29", policyterminationdate="2035-02-28")])
    portfolio.run()
    assert Poliza.objects.get().fin == date(2035, 2, 28)


@pytest.mark.parametrize(
    ("letter", "estado"), [("A", "aprobado"), ("I", "en_revision"), ("R", "pendiente")]
)
def test_each_letter_of_a_reclamo_is_an_estado(portfolio, letter, estado):
    portfolio.files([poliza()], [reclamo(claimstatus=letter)])
    portfolio.run()
    made = Reclamo.objects.get()
    assert (made.estado, made.monto, made.reserva, made.pagado) == (estado, 96000, 96000, 0)
    assert made.bien == Bien.objects.get()
    # Claims are written month first.
    assert local(made.fecha_reclamo) == datetime(2023, 2, 3)
    assert not Pago.objects.exists()


def test_a_paid_reclamo_brings_its_pago(portfolio):
    portfolio.files([poliza()], [pagado()])
    portfolio.run()
    made, pago = Reclamo.objects.get(), Pago.objects.get()
    assert (made.estado, made.reserva, made.pagado) == ("pagado", 96000, 96000)
    assert (pago.reclamo, pago.monto, pago.metodo) == (made, 96000, "cheque")
    assert (pago.referencia, pago.beneficiario) == ("77", "Chad Nicholson")
    assert local(pago.fecha) == datetime(2023, 3, 4)


def test_a_cliente_with_two_polizas_is_one_and_dates_from_the_first(portfolio):
    portfolio.files([poliza(1), poliza(2, policyquotationdate="2020-01-02")])
    portfolio.run()
    assert Poliza.objects.count() == 2
    for model in (Cliente, Usuario, Agente):
        assert local(model.objects.get().creado) == datetime(2020, 1, 2)


def test_the_first_line_of_a_cliente_wins_and_the_other_is_told(portfolio):
    portfolio.files([poliza(1), poliza(2, city="Bismarck"), poliza(3)])
    said = portfolio.run()
    assert Usuario.objects.get().ciudad == "Fargo"
    assert "malas: 0, avisos: 1" in said
    (found,) = portfolio.found()
    assert (found["linea"], found["columna"], found["valor"]) == ("3", "city", "Bismarck")
    assert found["motivo"].startswith("Aviso: la línea 2 dice otra cosa de lo mismo (usuario)")


def test_two_clientes_with_one_document_are_told_and_not_refused(portfolio):
    portfolio.files([poliza(1), poliza(2, customerno="502")])
    portfolio.run()
    assert Cliente.objects.con_documento_repetido().count() == 2
    (found,) = portfolio.found()
    assert (found["columna"], found["valor"]) == ("nationalid", "648-28-2059")
    assert found["motivo"] == (
        "Aviso: la línea 2 tiene el mismo valor en estas columnas (cliente)."
    )


def test_a_line_that_is_there_twice_is_one(portfolio):
    portfolio.files([poliza(), poliza()])
    assert "1 nuevas" in portfolio.run()
    assert Poliza.objects.count() == 1


def test_an_agente_that_the_house_has_already_is_taken_as_they_are(portfolio):
    mine = Agente(codigo="P1", nombres="Rosa", apellidos="Quispe")
    mine.save()
    portfolio.files([poliza()])
    said = portfolio.run()
    assert "agentes: 1 ya existían" in said
    assert Poliza.objects.get().agente == Agente.objects.get() == mine
    assert Agente.objects.get().nombres == "Rosa"
    assert "cambios: 0" in portfolio.run()


def test_the_aseguradora_and_producto_of_the_house_are_kept(portfolio):
    house = Aseguradora(nombre="InsuranceLake Vida", web="https://example.org")
    house.save()
    Producto(codigo="A0001", nombre="Nuestro", aseguradora=house, ramo="VIDA", prima_base=9).save()
    portfolio.files([poliza()])
    portfolio.run()
    assert Poliza.objects.get().producto.nombre == "Nuestro"
    assert (Aseguradora.objects.count(), Producto.objects.count()) == (1, 1)


def test_every_row_leaves_one_change_that_names_the_import(portfolio):
    portfolio.files([poliza(1), poliza(2, customerno="502", producer="P2")], [pagado(policyid="1")])
    portfolio.run()
    rows = {kind: len(found) for kind, found in contents().items()}
    assert histories() == rows
    reasons = Poliza.history.values_list("history_change_reason", "history_type", "version")
    assert set(reasons) == {("import_portfolio insurancelake_vida", "+", 1)}


def test_the_import_itself_is_audited_with_its_counts(portfolio):
    portfolio.files([poliza()])
    portfolio.run()
    one = Operacion.objects.get(servicio="ingestion")
    assert (one.servicio, one.operacion) == ("ingestion", "importacion")
    assert one.detalle["mapeo"] == "insurancelake_vida"
    assert one.detalle["filas"]["poliza"] == {"nuevas": 1}


def test_a_dry_run_tells_and_writes_nothing(portfolio):
    portfolio.files([poliza(1), poliza(2, customerno="502")], [pagado(policyid="1")])
    said = portfolio.run("--dry-run")
    assert "Simulación: no se ha escrito nada." in said
    assert "pólizas: 2 nuevas" in said
    assert not any(contents().values())
    assert not any(histories().values())
    assert not Operacion.objects.filter(servicio="ingestion").exists()


def test_amounts_keep_their_cents(portfolio):
    portfolio.files([poliza(yearlypremium="134.07", sumassured="96000.50")])
    portfolio.run()
    assert Poliza.objects.get().prima == Recibo.objects.get().importe == Decimal("134.07")
    assert Bien.objects.get().valor == Decimal("96000.50")


def test_reclamos_may_come_later_than_their_polizas(portfolio):
    portfolio.files([poliza()])
    portfolio.run()
    portfolio.files([poliza(1002, customerno="502")], [reclamo(policyid="1001")])
    portfolio.run()
    assert Reclamo.objects.get().poliza.numero == "1001"


def test_progress_is_told_apart_from_the_result(portfolio, capsys):
    portfolio.files([poliza()])
    portfolio.capsys = capsys
    said = portfolio.run()
    assert "por segundo" not in said


def test_files_that_change_under_the_import_are_refused(portfolio, monkeypatch):
    from ingestion.portfolio.check import Checker

    settle = Checker.settle

    def touch(self):
        portfolio.files([poliza(), poliza(1002)])
        return settle(self)

    portfolio.files([poliza()])
    monkeypatch.setattr(Checker, "settle", touch)
    with pytest.raises(CommandError, match="cambió mientras se comprobaba"):
        portfolio.run()
    assert not any(contents().values())


def test_a_rule_of_the_row_that_names_no_field_is_told(portfolio, monkeypatch):
    def refuse(self):
        raise ValidationError("Hoy no.")

    monkeypatch.setattr(Usuario, "clean", refuse)
    portfolio.files([poliza()])
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        portfolio.run()
    assert [row["motivo"] for row in portfolio.found()] == ["usuario: Hoy no."]
