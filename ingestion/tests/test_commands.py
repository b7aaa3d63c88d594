import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from clientes.tests.factories import UsuarioFactory
from ingestion import work
from ingestion.jobs import JobFailed
from ingestion.management.commands import catalog as catalog_command
from ingestion.management.commands import export_snapshot
from ingestion.models import Job
from ingestion.snapshots.manifest import complete_ids, current, current_id

pytestmark = pytest.mark.django_db(databases="__all__")


def said(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


# export_snapshot.


def test_without_wait_it_leaves_the_job_and_says_who_will_do_it(lago):
    text = said("export_snapshot")
    job = Job.objects.get()
    assert job.estado == Job.Estado.PENDIENTE
    assert str(job.pk) in text and "--wait" in text
    assert current(lago) is None


def test_with_wait_it_does_it_here(lago):
    text = said("export_snapshot", "--wait")
    assert f"Publicado el snapshot {current_id(lago)}" in text


def test_it_takes_names_by_commas(lago):
    said("export_snapshot", "--wait", "--databases", "mysql, mongodb,")
    assert sorted(current(lago).as_of) == ["mongodb", "mysql"]
    assert Job.objects.get(de=None).parametros == {"databases": ["mysql", "mongodb"]}


def test_a_name_that_is_not_there_is_refused_before_anything_is_asked():
    with pytest.raises(CommandError, match="no tiene la base oracle"):
        said("export_snapshot", "--databases", "oracle")
    assert not Job.objects.exists()


def test_a_catalog_that_does_not_hold_is_told(monkeypatch):
    def refuse():
        raise ImproperlyConfigured("mysql/x: declarado dos veces para el lago.")

    monkeypatch.setattr(export_snapshot, "catalog", refuse)
    with pytest.raises(CommandError, match="declarado dos veces"):
        said("export_snapshot")


def test_a_failure_is_a_sentence_and_an_exit_code(monkeypatch):
    def fail(running):
        raise JobFailed("No se pudo leer mysql.")

    monkeypatch.setattr(work, "WORK", {Job.Kind.EXPORTACION: fail})
    with pytest.raises(CommandError, match=r"No se pudo leer mysql\."):
        said("export_snapshot", "--wait")


def test_it_waits_for_a_worker_that_was_quicker(monkeypatch):
    def worker_ends(seconds):
        job = Job.objects.get()
        job.estado = Job.Estado.TERMINADO
        job.resultado = {"snapshot": "20260101T000000Z", "rows": 1, "bytes": 2}
        job.save()

    monkeypatch.setattr(work, "run", lambda job_id, watch: False)
    monkeypatch.setattr(export_snapshot, "sleep", worker_ends)
    text = said("export_snapshot", "--wait")
    assert "Otro proceso está exportando" in text
    assert "Publicado el snapshot 20260101T000000Z: 1 filas, 2 bytes" in text


def test_with_wait_it_tells_how_it_goes(monkeypatch):
    def work_slowly(running):
        running.plan(["a/b"], expected={"a/b": 400})
        running.advance("a/b", rows=100, size=5)
        running.job.empezado -= timedelta(seconds=10)
        running.job.progreso["a/b"]["started"] = running.job.empezado.isoformat(timespec="seconds")
        running.step(now=True)
        running.job.resultado = {"snapshot": "x", "rows": 1, "bytes": 2}

    monkeypatch.setattr(work, "WORK", {Job.Kind.EXPORTACION: work_slowly})
    text = said("export_snapshot", "--wait")
    assert re.search(r"25 %: 100 filas, 5 bytes, \d+ filas/s, faltan \d+:\d\d:\d\d", text)


def test_a_job_cancelled_while_it_waits_is_told(monkeypatch):
    def somebody_cancels(seconds):
        Job.objects.update(estado=Job.Estado.CANCELADO)

    monkeypatch.setattr(work, "run", lambda job_id, watch: False)
    monkeypatch.setattr(export_snapshot, "sleep", somebody_cancels)
    with pytest.raises(CommandError, match="cancelado"):
        said("export_snapshot", "--wait")


@pytest.mark.parametrize("database", ["mysql", "postgresql", "mongodb", "cassandra"])
def test_each_old_name_exports_its_store_alone(lago, database):
    said(f"ingesta_{database}", "--wait")
    assert list(current(lago).as_of) == [database]
    assert Job.objects.get(de=None).parametros == {"databases": [database]}


# list_snapshots.


def test_list_marks_the_published_one(export, lago):
    assert "Aún no hay" in said("list_snapshots")
    first, second = export(), export()
    lines = said("list_snapshots").splitlines()
    assert [line[:18] for line in lines] == [f"* {second.id}", f"  {first.id}"]
    assert f"{second.rows} filas" in lines[0]


def test_list_goes_on_past_a_manifest_that_is_none(export, lago):
    first = export()
    lago.create("snapshots/20990101T000000Z/manifest.json", b"[]")
    lines = said("list_snapshots").splitlines()
    assert "no es un manifiesto" in lines[0]
    assert first.id in lines[1]


# hold_snapshot and release_snapshot.


def test_a_snapshot_is_held_and_released_by_name(export):
    first = export().id
    assert "retenido como «Cierre»" in said("hold_snapshot", first, "Cierre")
    assert "retenido: Cierre" in said("list_snapshots")
    assert "suelto" in said("release_snapshot", first)
    assert "retenido" not in said("list_snapshots")


@pytest.mark.parametrize("command", [("hold_snapshot", "ayer", "x"), ("release_snapshot", "ayer")])
def test_a_snapshot_that_is_not_there_is_a_sentence(command):
    with pytest.raises(CommandError, match="No hay ningún snapshot ayer"):
        said(*command)


# verify_snapshot.


def test_verify_reads_the_published_one_or_the_one_named(export):
    first, second = export(), export()
    assert f"El snapshot {second.id} está bien." in said("verify_snapshot")
    text = said("verify_snapshot", first.id)
    assert f"El snapshot {first.id} está bien." in text
    assert "mysql/users: bien" in text


def test_verify_names_the_bad_file(export, lago):
    UsuarioFactory()
    key = export().tables["mysql/users"].files[0].key
    lago.path(key).write_bytes(b"otra cosa")
    with pytest.raises(CommandError, match=key):
        said("verify_snapshot")


def test_verify_says_that_there_is_nothing_to_verify():
    with pytest.raises(CommandError, match="Aún no hay"):
        said("verify_snapshot")
    with pytest.raises(CommandError, match="No hay ningún snapshot ayer"):
        said("verify_snapshot", "ayer")


# catalog.


def test_catalog_tells_where_each_table_comes_from_and_lands():
    text = said("catalog")
    assert "mysql/clients ← clientes.Cliente, del almacén clientes" in text
    assert "cassandra/pagos ← eventos, del almacén bitacora" in text
    assert "postgresql/policies/policies.csv" in text
    assert "document_number (pseudonym)" in text
    assert "← especialidad__nombre" in text


def test_catalog_that_does_not_hold_is_a_sentence(monkeypatch):
    def refuse():
        raise ImproperlyConfigured("mysql/x: declarado dos veces para el lago.")

    monkeypatch.setattr(catalog_command, "catalog", refuse)
    with pytest.raises(CommandError, match="declarado dos veces"):
        said("catalog")


def test_the_list_of_complete_ones_is_read_as_it_goes(export, lago):
    export()
    first = next(complete_ids(lago))
    assert first == current_id(lago)
