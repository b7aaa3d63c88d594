"""What whoever types the command gets to see, and what it asks of the stores."""

import gc

import pytest
from django.core.management import CommandError, call_command

from core.testing import queries
from ingestion.portfolio import run
from ingestion.portfolio.run import Import
from ingestion.tests.portfolio.made_up import contents, poliza

pytestmark = pytest.mark.django_db(databases="__all__")


def customers(count: int) -> list[dict[str, str]]:
    return [
        poliza(n, customerno=str(n), producer=f"P{n}", nationalid=f"648-28-{1000 + n}")
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("missing", ["--polizas", "--mapping"])
def test_what_must_be_said_is_asked_for(missing):
    given = {"--polizas": "f.csv", "--mapping": "insurancelake_vida"}
    del given[missing]
    with pytest.raises(CommandError, match=missing):
        call_command("import_portfolio", *(text for pair in given.items() for text in pair))


def test_an_unknown_way_with_errors_is_refused(portfolio):
    portfolio.files([poliza()])
    with pytest.raises(CommandError, match="on-error"):
        portfolio.run("--on-error", "all")


def test_the_report_goes_by_default_where_the_house_keeps_its_things(
    portfolio, settings, tmp_path, capsys
):
    settings.VAR_DIR = tmp_path / "var"
    portfolio.files([poliza(sex="X")])
    with pytest.raises(CommandError):
        call_command("import_portfolio", *portfolio.options, "--mapping", "insurancelake_vida")
    (report,) = (settings.VAR_DIR / "importaciones").glob("insurancelake_vida-*.csv")
    assert f"Informe: {report}" in capsys.readouterr().out


@pytest.mark.parametrize("there", [True, False])
def test_a_report_never_takes_the_place_of_what_is_read(portfolio, tmp_path, there):
    portfolio.files([poliza(sex="X")])
    (tmp_path / "enlace.csv").symlink_to(tmp_path / "polizas.csv")
    portfolio.report = tmp_path / ("polizas.csv" if there else "enlace.csv")
    before = (tmp_path / "polizas.csv").read_bytes()
    with pytest.raises(CommandError, match="es un archivo que se lee"):
        call_command("import_portfolio", *portfolio.options, *_to(portfolio.report))
    assert (tmp_path / "polizas.csv").read_bytes() == before


def test_a_report_that_can_not_be_written_is_told(portfolio, tmp_path):
    portfolio.files([poliza(sex="X")])
    with pytest.raises(CommandError, match="No se puede escribir el informe"):
        call_command("import_portfolio", *portfolio.options, *_to(tmp_path))


def _to(report):
    return ("--mapping", "insurancelake_vida", "--report", str(report))


def test_progress_is_told_on_the_other_channel_while_it_works(portfolio, monkeypatch, capsys):
    monkeypatch.setattr(run, "EVERY", 0.0)
    portfolio.files(customers(3))
    call_command("import_portfolio", *portfolio.options, "--mapping", "insurancelake_vida")
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("Comprobación de polizas.csv: 3 líneas, ")
    assert told[-1].startswith("Importación: polizas.csv: 3 líneas, ")
    assert all(line.endswith(" por segundo") for line in told)


def test_who_interrupts_is_told_how_to_go_on(portfolio, monkeypatch):
    def interrupted(self, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(Import, "run", interrupted)
    portfolio.files([poliza()])
    with pytest.raises(CommandError, match="repita la orden"):
        portfolio.run()


def test_the_collector_is_left_as_it_was(portfolio):
    before = gc.get_threshold()
    portfolio.files([poliza(sex="X")])
    with pytest.raises(CommandError):
        portfolio.run()
    assert gc.get_threshold() == before


@pytest.mark.parametrize("again", [False, True])
def test_queries_do_not_grow_with_the_lines_of_a_batch(portfolio, again):
    def asked(count: int) -> int:
        portfolio.files(customers(count))
        if again:
            portfolio.run()
        with queries() as seen:
            portfolio.run()
        return sum(
            not query.startswith("INSERT") for found in seen.by_store.values() for query in found
        )

    few = asked(3)
    assert asked(9) <= few + 9
    assert contents()["poliza"]


def test_a_line_of_the_file_is_read_when_it_is_needed(portfolio, small_batches, monkeypatch):
    """Never the whole file at once."""
    alive: list[int] = []
    from ingestion.portfolio.build import Builder

    made = Builder.line

    def watched(self, source):
        alive.append(source.serial)
        return made(self, source)

    monkeypatch.setattr(Builder, "line", watched)
    portfolio.files(customers(6))
    portfolio.run()
    assert alive == [*range(6), *range(6)]
