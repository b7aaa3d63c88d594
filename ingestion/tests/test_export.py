import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bienes.models import Bien
from bitacora.relay import run as relay
from clientes.models import Cliente, Usuario
from clientes.tests.factories import UsuarioFactory
from core.models import Operacion
from ingestion import jobs, work
from ingestion.catalog import catalog
from ingestion.jobs import JobFailed
from ingestion.models import Job
from ingestion.snapshots import export as module
from ingestion.snapshots.manifest import (
    CURRENT,
    Manifest,
    claim_id,
    claim_key,
    complete_ids,
    current,
    current_id,
    ids,
    load,
    manifest_key,
)
from polizas.models import Poliza

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("portfolio")]


def parquet(lago, manifest, path):
    [file] = manifest.tables[path].files
    with lago.open(file.key) as source:
        return pq.read_table(source)


def flat(lago, path):
    text = lago.read(f"{path}/{path.split('/')[1]}.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


# What is published.


def test_a_snapshot_holds_every_table_of_the_catalog(export):
    assert list(export().tables) == [table.path for table in catalog()]


def test_the_rows_are_those_of_the_stores(export, lago):
    manifest = export()
    for path, model in {
        "mysql/users": Usuario,
        "mysql/clients": Cliente,
        "postgresql/policies": Poliza,
        "mongodb/bienes": Bien,
    }.items():
        keys = sorted(str(key) for key in model.objects.values_list("pk", flat=True))
        assert parquet(lago, manifest, path)["id"].to_pylist() == keys
        assert manifest.tables[path].rows == len(keys)


def test_what_the_relay_had_not_told_is_there_too(export, lago):
    manifest = export()
    assert manifest.tables["cassandra/reclamos"].rows == 1
    assert manifest.tables["cassandra/pagos"].rows == 1
    histories = sum(model.history.count() for model in (Usuario, Cliente, Poliza, Bien))
    assert manifest.tables["cassandra/transaction_audit"].rows >= histories


def test_the_flat_csv_says_what_the_parquet_holds(export, lago):
    manifest = export()
    for path in manifest.tables:
        found = flat(lago, path)
        expected = parquet(lago, manifest, path)
        assert len(found) == expected.num_rows
        for name in expected.schema.names:
            if str(expected.schema.field(name).type) in ("string", "decimal128(14, 2)"):
                values = [str(v) if v is not None else "" for v in expected[name].to_pylist()]
                assert [row[name] for row in found] == values


def test_personal_data_leaves_as_its_dataset_says(export, lago, portfolio):
    portfolio.descripcion = "El Yaris de Lucía"
    portfolio.save()
    manifest = export()
    [text] = parquet(lago, manifest, "mongodb/bienes")["descripcion"].to_pylist()
    assert text == "E***"
    columns = {c["name"]: c["treatment"] for c in manifest.tables["mongodb/bienes"].schema}
    assert columns["descripcion"] == "masked"


def test_an_empty_table_has_its_files_too(export, lago):
    manifest = export()
    entry = manifest.tables["postgresql/empleados"]
    assert (entry.rows, entry.files[0].min_key) == (0, None)
    assert parquet(lago, manifest, "postgresql/empleados").num_rows == 0
    assert flat(lago, "postgresql/empleados") == []
    header = lago.read("postgresql/empleados/empleados.csv").decode()
    assert header == ",".join(column["name"] for column in entry.schema) + "\n"


# The manifest.


def test_the_manifest_describes_each_file(export, lago):
    manifest = export()
    for path, entry in manifest.tables.items():
        table = parquet(lago, manifest, path)
        [file] = entry.files
        assert file.key == f"snapshots/{manifest.id}/{path}/part-00000.parquet"
        assert (file.rows, file.bytes) == (table.num_rows, lago.size(file.key))
        assert [(c["name"], c["type"]) for c in entry.schema] == [
            (field.name, str(field.type)) for field in table.schema
        ]
        if table.num_rows and entry.primary_key:
            keys = table[entry.primary_key[0]].to_pylist()
            assert (file.min_key, file.max_key) == (min(keys), max(keys))


def test_the_manifest_says_when_each_store_was_read(export, settings):
    before = timezone.now()
    manifest = export()
    moments = {name: datetime.fromisoformat(moment) for name, moment in manifest.as_of.items()}
    assert sorted(moments) == ["cassandra", "mongodb", "mysql", "postgresql"]
    assert all(before <= moment <= timezone.now() for moment in moments.values())
    assert all(moment.endswith("Z") for moment in manifest.as_of.values())
    assert min(moments.values()) == moments["cassandra"]
    apart = (max(moments.values()) - min(moments.values())).total_seconds()
    assert manifest.skew_seconds == pytest.approx(apart)
    assert manifest.moment == max(moments.values())


def test_the_manifest_names_the_release(export):
    assert export().code_version == "0.1.0"


def test_every_reference_resolves(export):
    manifest = export()
    assert len(manifest.references) > 10
    assert set(manifest.references.values()) == {0}


def test_what_points_at_nothing_is_counted_by_relation(export, portfolio):
    from django.db.models import QuerySet

    # Behind the back of the model, as somebody with a database client would.
    QuerySet(Cliente).using("clientes").filter(pk=portfolio.cliente_id)._raw_delete("clientes")
    assert export().references["mongodb/bienes.cliente_id -> mysql/clients.id"] == 1


def test_the_manifest_reads_back_as_it_was_written(export, lago):
    manifest = export()
    assert Manifest.loads(manifest.dumps()) == manifest
    data = json.loads(lago.read(manifest_key(manifest.id)))
    assert set(data) == {
        "id",
        "code_version",
        "as_of",
        "skew_seconds",
        "tables",
        "references",
        "claim",
        "sha256",
    }
    assert manifest.rows == sum(entry.rows for entry in manifest.tables.values())
    assert manifest.size == sum(entry.size for entry in manifest.tables.values())


def test_a_manifest_that_is_none_is_told_from_one_that_is_not_there(lago):
    with pytest.raises(JobFailed, match="No hay ningún snapshot"):
        load(lago, "20260101T000000Z")
    with pytest.raises(JobFailed, match="No hay ningún snapshot"):
        load(lago, "../../etc")
    lago.create(manifest_key("20260101T000000Z"), b'{"id": 1}')
    with pytest.raises(JobFailed, match="no es un manifiesto"):
        load(lago, "20260101T000000Z")


# Ids.


def test_current_names_the_newest(export, lago):
    assert current(lago) is None
    first = export()
    second = export()
    assert first.id < second.id == current_id(lago)
    assert lago.read(CURRENT).decode() == second.id
    assert list(complete_ids(lago)) == [second.id, first.id]


def test_a_published_file_is_never_written_again(export, lago):
    first = export()
    before = {key: lago.path(key).stat().st_mtime_ns for key in lago.keys(f"snapshots/{first.id}")}
    UsuarioFactory()
    export()
    after = {key: lago.path(key).stat().st_mtime_ns for key in lago.keys(f"snapshots/{first.id}")}
    assert before == after


def test_an_id_that_is_taken_is_left_for_the_next_second(lago):
    now = datetime(2026, 11, 22, 3, 15, 0, 999, tzinfo=UTC)
    assert claim_id(lago, now, "a") == "20261122T031500Z"
    assert claim_id(lago, now, "b") == "20261122T031501Z"
    assert lago.read(claim_key("20261122T031500Z")) == b"a"


def test_ids_grow_even_where_the_clock_goes_back(lago):
    now = datetime(2026, 11, 22, 3, 15, tzinfo=UTC)
    claim_id(lago, now, "a")
    assert claim_id(lago, now - timedelta(hours=1), "b") == "20261122T031501Z"


def test_one_of_two_who_claim_the_same_second_gets_the_next(lago, monkeypatch):
    now = datetime(2026, 11, 22, 3, 15, tzinfo=UTC)
    lago.create(claim_key("20261122T031500Z"), b"otro")
    monkeypatch.setattr(type(lago), "names", lambda self, prefix: [])  # not seen yet
    assert claim_id(lago, now, "a") == "20261122T031501Z"


# The job.


def test_the_job_tells_its_progress_and_its_result(run):
    job = run()
    assert job.estado == Job.Estado.TERMINADO
    assert set(job.progreso) == {table.path for table in catalog()}
    assert all(table["finished"] for table in job.progreso.values())
    assert job.resultado["rows"] == job.rows
    assert job.resultado["snapshot"]


def test_an_export_is_audited(lago):
    ana = User.objects.create(username="ana")
    job = jobs.pedir(Job.Kind.EXPORTACION, user_id=ana.pk)
    work.run(job.pk)
    operacion = Operacion.objects.get(servicio="ingestion")
    assert (operacion.operacion, operacion.user_id) == ("exportacion", ana.pk)
    assert operacion.detalle == {"snapshot": current_id(lago)}


def test_a_cancelled_export_publishes_nothing(lago, monkeypatch):
    job = jobs.pedir(Job.Kind.EXPORTACION)
    count = module.count_references

    def cancel_meanwhile(*args):
        jobs.cancel(job.pk)
        return count(*args)

    monkeypatch.setattr(module, "count_references", cancel_meanwhile)
    work.run(job.pk)
    job.refresh_from_db()
    assert job.estado == Job.Estado.CANCELADO
    assert current(lago) is None
    assert lago.size("mysql/users/users.csv") is None


# One store alone.


def test_one_store_carries_the_others_over(export, lago):
    first = export()
    UsuarioFactory(username="nueva")
    Bien.objects.get().delete()
    second = export("mysql")
    assert second.tables["mysql/users"].rows == first.tables["mysql/users"].rows + 1
    assert second.tables["mongodb/bienes"] == first.tables["mongodb/bienes"]
    assert second.as_of["mongodb"] == first.as_of["mongodb"]
    assert second.as_of["mysql"] > first.as_of["mysql"]
    assert list(second.tables) == list(first.tables)
    assert parquet(lago, second, "mongodb/bienes").num_rows == 1
    assert len(flat(lago, "mongodb/bienes")) == 1
    assert "nueva" in {row["username"] for row in flat(lago, "mysql/users")}


def test_a_chain_of_one_store_exports_still_names_every_file(export, lago):
    export()
    for database in ("mysql", "cassandra", "mongodb", "postgresql"):
        manifest = export(database)
    sources = {file.key.split("/")[1] for t in manifest.tables.values() for file in t.files}
    assert len(sources) == 4
    assert all(lago.size(f.key) for t in manifest.tables.values() for f in t.files)


def test_the_skew_of_carried_stores_is_told_and_not_refused(export, settings):
    settings.SNAPSHOT_MAX_SKEW = 2
    first = export()
    data = json.loads(first.dumps())
    assert data["skew_seconds"] < 2
    module_now = timezone.now()
    manifest = export("mysql")
    assert manifest.skew_seconds > 0
    assert datetime.fromisoformat(manifest.as_of["mysql"]) >= module_now


def test_references_to_a_carried_store_are_counted_again(export, portfolio):
    export()
    from django.db.models import QuerySet

    QuerySet(Cliente).using("clientes").filter(pk=portfolio.cliente_id)._raw_delete("clientes")
    assert export("mysql").references["mongodb/bienes.cliente_id -> mysql/clients.id"] == 1


def test_one_store_before_any_other_is_published_alone(export):
    manifest = export("postgresql")
    assert {path.split("/")[0] for path in manifest.tables} == {"postgresql"}
    assert list(manifest.as_of) == ["postgresql"]
    # Who they point at is not in the lake: each counts as unresolved.
    polizas = manifest.tables["postgresql/policies"].rows
    assert manifest.references.get("postgresql/policies.customer_id -> mysql/clients.id") == polizas


def test_a_database_that_the_lake_lacks_is_named(run, lago):
    with pytest.raises(JobFailed, match="no tiene la base oracle: hay cassandra, mongodb"):
        run(databases=["oracle", "mysql"])
    assert ids(lago) == []


# What goes wrong.


def test_stores_read_too_far_apart_are_not_published(export, run, lago, settings):
    first = export()
    settings.SNAPSHOT_MAX_SKEW = -1
    with pytest.raises(JobFailed, match="SNAPSHOT_MAX_SKEW"):
        run()
    assert current_id(lago) == first.id


def test_who_finds_that_another_published_meanwhile_does_not(export, run, lago, monkeypatch):
    first = export()
    count = module.count_references

    def other_publishes(*args):
        lago.change(CURRENT, b"20991231T000000Z", expected=first.id.encode())
        return count(*args)

    monkeypatch.setattr(module, "count_references", other_publishes)
    before = flat(lago, "mysql/users")
    UsuarioFactory()
    with pytest.raises(JobFailed, match="Otra exportación publicó"):
        run()
    assert lago.read(CURRENT) == b"20991231T000000Z"
    assert flat(lago, "mysql/users") == before


def test_a_second_export_waits_for_the_first(run, lago, monkeypatch):
    other = jobs.pedir(Job.Kind.EXPORTACION)
    count, busy = module.count_references, []

    def try_the_other(*args):
        busy.append(work.run(other.pk))
        return count(*args)

    monkeypatch.setattr(module, "count_references", try_the_other)
    run()
    assert busy == [False]
    assert work.run(other.pk)
    assert len(list(complete_ids(lago))) == 2


# The relay.


def test_a_late_event_does_not_hold_the_export(export):
    export()
    assert relay() >= 1  # the audit of the export itself
