"""No field that may hold personal data reaches the lake before somebody decided about it."""

from dataclasses import replace

import pyarrow as pa
import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from core.datasets import Personal
from ingestion import checks
from ingestion.catalog import catalog, declared_personal
from ingestion.personal import undecided
from ingestion.schema import pseudonyms

CLIENTE = "clientes.Cliente"


def clients(**changes):
    table = next(table for table in catalog() if table.path == "mysql/clients")
    return replace(table, dataset=replace(table.dataset, **changes))


def without(label, name):
    """What is declared, as if nobody had decided about a field."""
    declared = declared_personal()
    known = declared[label]
    rest = replace(
        known,
        fields=tuple(set(known.fields) - {name}),
        others=tuple(set(known.others) - {name}),
    )
    return declared | {label: rest}


def test_all_is_decided():
    assert list(undecided(catalog(), declared_personal())) == []
    assert [e for e in run_checks() if e.id == "ingestion.E003"] == []


@pytest.mark.parametrize("column", ["first_name", "birth_date", "document_number"])
def test_a_column_that_reads_a_personal_field_says_what_the_lake_gets(column):
    table = clients()
    personal = {k: v for k, v in table.dataset.personal.items() if k != column}
    [told] = undecided([clients(personal=personal)], declared_personal())
    assert told.startswith(f"mysql/clients: {column} lee clientes.Cliente.")


def test_plain_is_a_decision_too():
    personal = {name: "plain" for name in clients().dataset.personal}
    assert list(undecided([clients(personal=personal)], declared_personal())) == []


@pytest.mark.parametrize("name", ["nombres", "nacimiento", "notas"])
def test_a_text_or_date_that_nobody_decided_about_is_told(name):
    found = list(undecided([clients()], without(CLIENTE, name)))
    assert f"clientes.Cliente.{name} puede ser un dato personal" in found[0]


def test_a_new_field_of_a_model_is_told():
    with isolate_apps("ingestion"):

        class Persona(models.Model):
            apodo = models.CharField(max_length=20)
            tipo = models.CharField(max_length=2, choices=[("a", "A")])
            nacio = models.DateField()
            edad = models.IntegerField()

            class Meta:
                app_label = "ingestion"

            def __str__(self):
                return self.apodo

    told = [told.split(" ")[0] for told in undecided([replace(clients(), model=Persona)], {})]
    assert told == ["ingestion.Persona.apodo", "ingestion.Persona.nacio"]


def test_a_field_across_a_reference_counts_too():
    agents = next(table for table in catalog() if table.path == "mysql/agents")
    declared = declared_personal() | {
        "especialidades.Especialidad": Personal(
            "especialidades.Especialidad", fields=("nombre",), others=("descripcion",)
        )
    }
    [told] = undecided([agents], declared)
    assert told.startswith("mysql/agents: specialty lee especialidades.Especialidad.nombre")


def test_a_name_that_is_no_field_is_told():
    declared = {CLIENTE: replace(declared_personal()[CLIENTE], others=("apodo",))}
    assert "PERSONAL: clientes.Cliente no tiene el campo apodo." in undecided([clients()], declared)


def test_a_field_can_not_be_both():
    declared = {CLIENTE: replace(declared_personal()[CLIENTE], others=("nombres",))}
    [told] = undecided([clients()], declared)
    assert told == "PERSONAL: clientes.Cliente dice de nombres que es y que no es personal."


def test_the_check_stops_the_start(monkeypatch):
    monkeypatch.setattr(checks, "declared_personal", lambda: without(CLIENTE, "notas"))
    [error] = checks.personal_data_is_decided_on(None)
    assert error.id == "ingestion.E003" and "clientes.Cliente.notas" in error.msg


# Pseudonyms.


def test_pseudonyms_follow_from_their_own_key_or_from_secret_key(settings):
    def pseudonym():
        return pseudonyms(pa.array(["12345678"])).to_pylist()

    settings.PSEUDONYM_KEY = ""
    settings.SECRET_KEY = "una"
    first = pseudonym()
    settings.SECRET_KEY = "otra"
    assert pseudonym() != first
    settings.PSEUDONYM_KEY = "propia"
    own = pseudonym()
    settings.SECRET_KEY = "tercera"
    assert pseudonym() == own
    settings.PSEUDONYM_KEY = "una"
    assert pseudonym() == first
