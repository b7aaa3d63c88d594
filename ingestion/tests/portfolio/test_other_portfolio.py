"""A portfolio of another kind, described without a line of code."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError

from agentes.models import Agente
from bienes.models import Bien
from clientes.models import Cliente
from especialidades.models import Especialidad
from ingestion.tests.portfolio.made_up import contents
from polizas.models import BeneficiarioPoliza, Cobertura, Poliza

pytestmark = pytest.mark.django_db(databases="__all__")

MAPPING = """
nombre = "autos_del_sur"
decimal = ","
miles = "."

[archivos.polizas]
separador = ";"
codificacion = "latin-1"
[archivos.polizas.fechas]
"Alta" = "%d/%m/%Y %H:%M"
"Desde" = "%d-%m-%y"
"Hasta" = "%d-%m-%y"

[especialidad]
clave = []
[especialidad.campos]
nombre = { valor = "Autos" }
ramo = { valor = "AUTO" }

[aseguradora]
clave = ["Compañía"]
[aseguradora.campos]
nombre = "Compañía"

[producto]
clave = ["Compañía", "Plan"]
[producto.campos]
codigo = { columnas = ["Compañía", "Plan"], union = "/" }
nombre = "Plan"
aseguradora = { entidad = "aseguradora", clave = ["Compañía"] }
ramo = { valor = "AUTO" }
prima_base = { valor = "1.250,50" }
moneda = { valor = "ARS" }

[agente]
clave = ["Productor"]
cuando = { "Productor" = ["*"] }
[agente.campos]
codigo = "Productor"
nombres = "Productor"
especialidad = { entidad = "especialidad", clave = [] }

[[cliente]]
clave = ["Tomador"]
[cliente.campos]
nombres = "Nombre tomador"
tipo = { columna = "Tipo", valores = { F = "persona", J = "empresa" } }

[[cliente]]
clave = ["Asegurado"]
cuando = { "Asegurado" = ["*"] }
[cliente.campos]
nombres = "Nombre asegurado"

[poliza]
clave = ["Póliza"]
[poliza.campos]
numero = "Póliza"
cliente = { entidad = "cliente", clave = ["Tomador"] }
agente = { entidad = "agente", clave = ["Productor"] }
producto = { entidad = "producto", clave = ["Compañía", "Plan"] }
inicio = "Desde"
fin = "Hasta"
prima_neta = "Neta"
impuestos = "Impuestos"
suma_asegurada = "Suma"
estado = { valor = "vigente" }
creado = "Alta"

[[cobertura]]
clave = ["Póliza"]
[cobertura.campos]
poliza = { entidad = "poliza", clave = ["Póliza"] }
nombre = { valor = "Casco" }
limite = "Suma"
deducible = { columna = "Franquicia", valores = { "" = 0, "*" = { columna = "Franquicia" } } }

[[beneficiario]]
clave = ["Póliza", "Beneficiario 1"]
cuando = { "Beneficiario 1" = ["*"] }
[beneficiario.campos]
poliza = { entidad = "poliza", clave = ["Póliza"] }
nombre_completo = "Beneficiario 1"
parentesco = { valor = "otro" }
porcentaje = "% 1"

[[beneficiario]]
clave = ["Póliza", "Beneficiario 2"]
cuando = { "Beneficiario 2" = ["*"] }
[beneficiario.campos]
poliza = { entidad = "poliza", clave = ["Póliza"] }
nombre_completo = "Beneficiario 2"
parentesco = { valor = "otro" }
porcentaje = "% 2"

[bien]
clave = ["Placa"]
[bien.campos]
cliente = { entidad = "cliente", clave = ["Tomador"] }
poliza = { entidad = "poliza", clave = ["Póliza"] }
tipo = { valor = "auto" }
valor = "Suma"
[bien.campos.datos]
placa = "Placa"
marca = "Marca"
modelo = "Modelo"
ejercicio = "Año"
"""

HEADER = (
    "Póliza;Alta;Compañía;Plan;Productor;Tomador;Nombre tomador;Tipo;Asegurado;Nombre asegurado;"
    "Desde;Hasta;Neta;Impuestos;Suma;Franquicia;Beneficiario 1;% 1;Beneficiario 2;% 2;"
    "Placa;Marca;Modelo;Año;Observaciones"
)
FIRST = (
    "A-1;31/12/2025 23:30;La Austral;Terceros completo;GÓMEZ;20;Íñigo Núñez;F;;;"
    "01-01-26;31-12-26;1.000,50;210,11;2.500.000;;Ana;60,5;Luis;39,5;"
    'abc 123;Fiat;Cronos;2024;"con ; y\ncon renglón"'
)
SECOND = (
    "A-2;02/01/2026 08:00;La Austral;Terceros completo;;30;Transportes SRL;J;20;Íñigo Núñez;"
    "02-01-26;01-01-27;900;0;1.000.000;50.000;;;;;"
    "AD456EF;Ford;Ka;2019;"
)


@pytest.fixture
def autos(portfolio, tmp_path):
    mapping = tmp_path / "autos.toml"
    mapping.write_text(MAPPING, encoding="utf-8")

    def run(*lines: str, options: tuple[str, ...] = ()) -> str:
        path = tmp_path / "autos.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="latin-1")
        portfolio.options = ["--polizas", str(path)]
        return portfolio.run(*options, mapping=str(mapping))

    return run


def test_dates_amounts_and_letters_are_read_as_the_mapping_says(autos):
    autos(FIRST, SECOND)
    one = Poliza.objects.get(numero="A-1")
    assert (one.inicio, one.fin) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (one.prima_neta, one.impuestos, one.prima) == (
        Decimal("1000.50"),
        Decimal("210.11"),
        Decimal("1210.61"),
    )
    assert one.moneda == "ARS"
    assert one.producto.codigo == "La Austral/Terceros completo"
    assert one.producto.prima_base == Decimal("1250.50")
    assert Agente.objects.get().especialidad == Especialidad.objects.get()


def test_a_person_in_two_roles_is_one_cliente(autos):
    autos(FIRST, SECOND)
    assert Cliente.objects.count() == 2
    assert {c.nombres: c.tipo for c in Cliente.objects.all()} == {
        "Íñigo Núñez": "persona",
        "Transportes SRL": "empresa",
    }


def test_a_poliza_without_agente_has_none(autos):
    autos(FIRST, SECOND)
    assert Poliza.objects.get(numero="A-2").agente is None
    assert Agente.objects.count() == 1


def test_a_table_that_is_repeated_makes_several_rows_of_a_line(autos):
    autos(FIRST, SECOND)
    shares = BeneficiarioPoliza.objects.values_list("nombre_completo", "porcentaje")
    assert dict(shares) == {"Ana": Decimal("60.50"), "Luis": Decimal("39.50")}
    deducibles = Cobertura.objects.values_list("poliza__numero", "deducible")
    assert dict(deducibles) == {"A-1": 0, "A-2": 50000}


def test_a_document_of_another_kind_is_cleaned_by_its_own_schema(autos):
    autos(FIRST)
    assert Bien.objects.get().datos == {
        "placa": "ABC123",
        "marca": "Fiat",
        "modelo": "Cronos",
        "ejercicio": 2024,
    }


def test_a_second_run_of_it_changes_nothing(autos):
    autos(FIRST, SECOND)
    before = contents()
    assert "cambios: 0" in autos(FIRST, SECOND)
    assert contents() == before


def test_shares_that_do_not_add_up_are_refused(autos, portfolio):
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        autos(FIRST.replace("39,5", "39"), SECOND)
    (found,) = portfolio.found()
    assert found["linea"] == "2"
    assert found["motivo"] == "Los beneficiarios de la póliza suman 99.5 % y deben sumar 100 %."


def test_a_line_after_a_cell_of_two_lines_keeps_its_number(autos, portfolio):
    with pytest.raises(CommandError):
        autos(FIRST, SECOND.replace("02-01-26", "2026-01-02"))
    assert {row["linea"] for row in portfolio.found()} == {"4"}


def test_two_portfolios_of_other_names_do_not_meet(autos, portfolio, tmp_path):
    autos(FIRST)
    mapping = tmp_path / "otros.toml"
    mapping.write_text(MAPPING.replace("autos_del_sur", "autos_del_norte"), encoding="utf-8")
    with pytest.raises(CommandError, match="Líneas malas: 1"):
        portfolio.run(mapping=str(mapping))
    assert {row["motivo"] for row in portfolio.found()} == {"póliza: ya existe, de otro origen."}
    assert Poliza.objects.count() == 1
