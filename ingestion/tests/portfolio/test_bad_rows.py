"""Bad lines: each is told with its reason, and none is brought in."""

import pytest
from django.core.management import CommandError

from clientes.models import Usuario
from clientes.tests.factories import UsuarioFactory
from ingestion.portfolio.loading import SHIPPED
from ingestion.tests.portfolio.made_up import contents, pagado, poliza, reclamo
from polizas.models import Poliza, Recibo
from siniestros.models import Reclamo

pytestmark = pytest.mark.django_db(databases="__all__")

OTHER = {"customerno": "502", "nationalid": "460-61-4123"}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (
            "policyeffectivedate",
            "28/11/2022",
            "inicio: No es una fecha: se espera como 2001/12/31.",
        ),
        ("policyeffectivedate", "", "inicio: Falta el valor."),
        ("policyeffectivedate", "2038/01/01", "no puede terminar antes de empezar"),
        ("customerdob", "1964/02/30", "nacimiento: No es una fecha"),
        ("customerdob", "2999/01/01", "todavía no ha llegado"),
        ("sex", "X", "«X» no tiene traducción: hay F, M."),
        ("maritalstatus", "", "estado civil: «» no tiene traducción"),
        ("policystatus", "Z", "estado: «Z» no tiene traducción"),
        ("yearlypremium", "1,34", "No es un número: se espera como 1234.56."),
        ("yearlypremium", "-134", "no pueden ser negativos"),
        ("yearlypremium", "1.005", "2 "),
        ("yearlypremium", "0", "debe ser mayor que cero"),
        ("sumassured", "9" * 15, "suma asegurada"),
        ("emailid", "nobody", "correo"),
        ("nationalid", "000-00-0000", "no vale como SSN"),
        ("beneficiarypct", "50", "suman 50 % y deben sumar 100 %"),
        ("beneficiarypct", "101", "no pasar de 100"),
        ("beneficiaryrelationship", "Friend", "parentesco"),
        ("uwclass", "12", "datos"),
        ("customerno", "", "Falta la clave de usuario"),
        ("policyid", "x" * 41, "número"),
        ("city", "x" * 81, "ciudad"),
        ("firstname", "a\0b", "nulo"),
    ],
)
def test_a_bad_cell_is_told_with_its_line_column_and_reason(portfolio, column, value, reason):
    portfolio.files([poliza(1), poliza(2, **OTHER | {column: value})])
    with pytest.raises(CommandError, match=r"Líneas malas: 1\. No se ha escrito nada"):
        portfolio.run()
    found = portfolio.found()
    assert {(row["archivo"], row["linea"]) for row in found} == {("polizas.csv", "3")}
    assert [row for row in found if reason in row["motivo"]], found
    by_cell = [row for row in found if column in row["columna"].split(" + ")]
    assert all(value in row["valor"] for row in by_cell)
    assert not any(contents().values())


def test_every_fault_of_a_line_is_told_at_once(portfolio):
    portfolio.files([poliza(sex="X", yearlypremium="mucho", customerdob="ayer")])
    with pytest.raises(CommandError):
        portfolio.run()
    assert {"sex", "yearlypremium", "customerdob"} <= {row["columna"] for row in portfolio.found()}


def test_the_report_says_where_it_is_and_only_its_owner_reads_it(portfolio):
    portfolio.files([poliza(sex="X")])
    with pytest.raises(CommandError):
        portfolio.run()
    assert f"Informe: {portfolio.report}" in portfolio.capsys.readouterr().out
    assert portfolio.report.stat().st_mode & 0o077 == 0
    assert portfolio.report.read_text(encoding="utf-8").startswith(
        "archivo,linea,columna,valor,motivo\n"
    )


def test_the_good_lines_come_in_where_asked(portfolio):
    portfolio.files(
        [poliza(1), poliza(2, sex="X", **OTHER), poliza(3, customerno="503")],
        [reclamo(1, policyid="1"), reclamo(2, policyid="2"), reclamo(3, policyid="3")],
    )
    said = portfolio.run("--on-error", "rest")
    assert "Líneas: 6, malas: 2," in said
    assert set(Poliza.objects.values_list("numero", flat=True)) == {"1", "3"}
    assert set(Reclamo.objects.values_list("numero", flat=True)) == {"1", "3"}
    assert not Usuario.objects.filter(username="502").exists()
    told = [row for row in portfolio.found() if row["archivo"] == "reclamos.csv"]
    assert {(row["linea"], row["columna"], row["valor"]) for row in told} == {
        ("3", "policyid", "2")
    }
    assert {row["motivo"] for row in told} == {
        "No se trae ni existe: póliza.",
        "No se trae ni existe: bien.",
    }


def test_corrected_files_complete_what_was_missing(portfolio):
    portfolio.files([poliza(1), poliza(2, sex="X", **OTHER)])
    portfolio.run("--on-error", "rest")
    portfolio.files([poliza(1), poliza(2, **OTHER)])
    said = portfolio.run()
    assert "pólizas: 1 nuevas, 1 iguales" in said


def test_a_cliente_whose_first_line_is_bad_comes_with_the_next(portfolio):
    portfolio.files([poliza(1, yearlypremium="x"), poliza(2, city="Bismarck")])
    portfolio.run("--on-error", "rest")
    assert Usuario.objects.get().ciudad == "Bismarck"


@pytest.fixture
def cuotas(tmp_path):
    """A mapping of files that have one line a recibo."""
    text = (SHIPPED / "insurancelake_vida.toml").read_text(encoding="utf-8")
    text = text.replace('[recibo]\nclave = ["policyid"]', '[recibo]\nclave = ["policyid", "cuota"]')
    text = text.replace("numero = { valor = 1 }", 'numero = "cuota"')
    path = tmp_path / "cuotas.toml"
    path.write_text(text.replace('importe = "yearlypremium"', 'importe = "importe"'))
    return str(path)


def cuota(number: int, importe: str, **changes: str) -> dict[str, str]:
    return poliza(**{"policyid": "1"} | changes) | {"cuota": str(number), "importe": importe}


def test_a_poliza_may_take_several_lines(portfolio, cuotas):
    portfolio.files([cuota(1, "100"), cuota(2, "34")])
    portfolio.run(mapping=cuotas)
    assert list(Recibo.objects.order_by("numero").values_list("importe", flat=True)) == [100, 34]


def test_lines_that_only_the_whole_shows_bad_take_theirs_with_them(portfolio, cuotas):
    other = {"policyid": "2"} | OTHER
    portfolio.files(
        [cuota(1, "100"), cuota(2, "30"), cuota(1, "134", **other)],
        [reclamo(1, policyid="1"), reclamo(2, policyid="2")],
    )
    said = portfolio.run("--on-error", "rest", mapping=cuotas)
    assert "Líneas: 5, malas: 3," in said
    assert Poliza.objects.get().numero == "2"
    assert Recibo.objects.get().importe == 134
    assert Usuario.objects.get().username == "502"
    told = {(row["archivo"], row["linea"]): row["motivo"] for row in portfolio.found()}
    assert set(told) == {("polizas.csv", "2"), ("polizas.csv", "3"), ("reclamos.csv", "2")}
    assert told["polizas.csv", "3"] == ("Los recibos de la póliza suman 130 y su prima es 134.")


def test_a_recibo_too_many_is_refused(portfolio, cuotas):
    portfolio.files([cuota(1, "134"), cuota(2, "1")])
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        portfolio.run(mapping=cuotas)
    told = {(row["linea"], row["motivo"]) for row in portfolio.found()}
    assert told == {("3", "Sobra: sin esta línea, las demás ya suman lo que deben.")}


def test_two_lines_that_tell_one_poliza_in_two_ways_are_refused(portfolio):
    portfolio.files([poliza(1), poliza(1, sumassured="1")])
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        portfolio.run()
    told = {(row["linea"], row["columna"], row["motivo"]) for row in portfolio.found()}
    assert ("3", "sumassured", "La línea 2 dice otra cosa de lo mismo (póliza).") in told


def test_a_reclamo_of_no_poliza_is_refused(portfolio):
    portfolio.files([poliza(1)], [reclamo(policyid="404")])
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        portfolio.run()
    assert {row["valor"] for row in portfolio.found()} == {"404"}


def test_a_paid_reclamo_without_what_was_paid_is_refused(portfolio):
    portfolio.files([poliza()], [pagado(policyid="1001", paidamount="")])
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        portfolio.run()
    assert "pago, monto: Falta el valor." in {row["motivo"] for row in portfolio.found()}


def test_a_username_of_another_origin_is_not_taken_over(portfolio):
    UsuarioFactory(username="501")
    portfolio.files([poliza()])
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        portfolio.run()
    (found,) = portfolio.found()
    assert (found["columna"], found["valor"]) == ("customerno", "501")
    assert found["motivo"] == "usuario: ya existe, de otro origen."


def test_a_line_with_cells_missing_is_told(portfolio):
    portfolio.files([poliza()])
    path = portfolio.folder / "polizas.csv"
    path.write_text(path.read_text() + "1,2,3\n")
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        portfolio.run()
    assert portfolio.found()[0]["motivo"].startswith("La línea tiene 3 celdas")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"polizas": "no.csv"}, r"no\.csv no existe"),
        ({"mapping": "no_hay"}, "No existe el mapeo «no_hay»"),
    ],
)
def test_what_is_not_there_is_one_sentence(portfolio, options, sentence):
    portfolio.files([poliza()])
    if "polizas" in options:
        portfolio.options = ["--polizas", options["polizas"]]
    with pytest.raises(CommandError, match=sentence):
        portfolio.run(mapping=options.get("mapping", "insurancelake_vida"))
    assert not any(contents().values())


def test_a_header_without_a_column_is_one_sentence(portfolio):
    row = poliza()
    del row["producer"], row["city"]
    portfolio.files([row])
    with pytest.raises(CommandError, match="le faltan las columnas producer, city"):
        portfolio.run()


def test_a_file_that_is_not_utf_8_leaves_nothing_behind(portfolio):
    portfolio.files([poliza()])
    path = portfolio.folder / "polizas.csv"
    path.write_bytes(path.read_bytes() + b"\xff\n")
    with pytest.raises(CommandError, match="no está escrito en utf-8"):
        portfolio.run()
    assert not any(contents().values())


def test_a_mapping_without_reclamos_takes_no_reclamos(portfolio, tmp_path):
    mapping = tmp_path / "solo.toml"
    mapping.write_text('nombre = "solo"\n[archivos.polizas]\n')
    portfolio.files([poliza()], [reclamo()])
    with pytest.raises(CommandError, match="no describe el archivo de reclamos"):
        portfolio.run(mapping=str(mapping))
