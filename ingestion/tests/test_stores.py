"""A store that fails is asked again; one that changed under our feet is told, and not read."""

from types import SimpleNamespace

import pyarrow as pa
import pytest
from django.db import connections, models

from clientes.models import Usuario
from clientes.tests.factories import UsuarioFactory
from ingestion.catalog import catalog
from ingestion.jobs import JobFailed
from ingestion.models import Job
from ingestion.snapshots import drift, stores
from ingestion.snapshots.drift import refuse_changed_types, refuse_drift
from ingestion.snapshots.manifest import current, current_id

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("portfolio")]


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """How long was waited, by nobody."""
    waited = []
    monkeypatch.setattr(stores, "sleep", waited.append)
    return waited


@pytest.fixture
def failing(monkeypatch):
    """Have the reading of a table raise, as often as asked; each opening of a store is counted."""

    def fail(path, times, failure=None):
        reading, opened, left = stores.reading, [], [times]

        def counted(store):
            opened.append(store)
            return reading(store)

        rows_of = stores.rows_of

        def broken(table):
            yield from ()
            raise failure or OSError("conexión cortada")

        def rows(held, table):
            if table.path == path and left[0]:
                left[0] -= 1
                held = SimpleNamespace(batches=broken)
            return rows_of(held, table)

        monkeypatch.setattr(stores, "reading", counted)
        monkeypatch.setattr(stores, "rows_of", rows)
        return opened

    return fail


# Asked again.


def test_a_table_that_fails_once_is_read_again_at_the_same_moment(run, lago, failing, pauses):
    opened = failing("mysql/users", 1)
    run(databases=["mysql"])
    assert opened == ["clientes"]
    assert pauses == [stores.PAUSES[0]]
    assert {table.files[0].key[-18:] for table in current(lago).tables.values()} == {
        "part-00000.parquet"
    }


def test_one_that_fails_twice_has_its_store_opened_anew_and_read_whole(run, lago, failing, pauses):
    opened = failing("mysql/users", 2)
    run(databases=["mysql"])
    assert opened == ["clientes", "clientes"]
    assert pauses == list(stores.PAUSES)
    # No attempt writes over the files of another.
    assert {table.files[0].key[-18:] for table in current(lago).tables.values()} == {
        "part-01000.parquet"
    }
    assert current(lago).tables["mysql/users"].rows == Usuario.objects.count()


def test_one_that_goes_on_failing_is_named_and_current_stays(run, export, lago, failing, pauses):
    first = export()
    failing("mongodb/bienes", 9)
    with pytest.raises(JobFailed, match=r"No se pudo leer mongodb/bienes .*'bienes'.*cortada"):
        run()
    assert len(pauses) == 2
    assert current_id(lago) == first.id
    job = Job.objects.filter(de=None).latest("creado")
    assert job.estado == Job.Estado.FALLIDO
    assert "mongodb/bienes" in job.error


def test_what_is_not_worth_asking_again_fails_at_once(run, failing, pauses):
    failing("mysql/users", 1, JobFailed("mysql/users: un valor de id no es string."))
    with pytest.raises(JobFailed, match="un valor de id"):
        run(databases=["mysql"])
    assert pauses == []


def test_a_store_that_can_not_be_opened_is_asked_again_and_then_named(
    run, lago, monkeypatch, pauses
):
    def refuse(store):
        raise OSError("sin conexión")

    monkeypatch.setattr(stores, "reading", refuse)
    with pytest.raises(JobFailed, match=r"No se pudo leer cassandra .*'bitacora'.*sin conexión"):
        run()
    assert pauses == list(stores.PAUSES)
    assert current_id(lago) is None


def test_a_store_that_comes_back_is_read(run, lago, monkeypatch, pauses):
    reading, answers = stores.reading, [OSError("sin conexión"), None]

    def slow_to_wake(store):
        if store == "bienes" and (failure := answers.pop(0)):
            raise failure
        return reading(store)

    monkeypatch.setattr(stores, "reading", slow_to_wake)
    run(databases=["mongodb"])
    assert pauses == [stores.PAUSES[0]]
    assert current(lago).tables["mongodb/bienes"].rows == 1


def test_each_run_of_a_part_has_numbers_of_its_own():
    read = stores.StoreRead.__new__(stores.StoreRead)
    parts = []
    for intentos in (1, 2, 3):
        read.running = SimpleNamespace(job=SimpleNamespace(intentos=intentos))
        for read.opened in range(1, stores.ANEW + 1):
            parts.append(read.part)
    assert parts == [0, 1000, 2000, 3000, 4000, 5000]


# What the stores have.


SQL = [table for table in catalog() if table.model is not None]


@pytest.fixture
def users():
    return next(table for table in SQL if table.path == "mysql/users")


def described(monkeypatch, change):
    """Have the store of the users describe its table with `change` made to each column."""
    introspection = connections["clientes"].introspection
    describe = introspection.get_table_description

    def changed(cursor, name):
        return [c for c in map(change, describe(cursor, name)) if c is not None]

    monkeypatch.setattr(introspection, "get_table_description", changed)


def test_the_stores_have_what_the_models_say():
    refuse_drift(SQL)


def test_a_column_that_appeared_is_told(users, monkeypatch):
    described(monkeypatch, lambda c: c._replace(name="apodo") if c.name == "email" else c)
    with pytest.raises(JobFailed, match=r"mysql/users.*ha aparecido la columna apodo"):
        refuse_drift([users])


def test_a_column_that_went_is_told(users, monkeypatch):
    described(monkeypatch, lambda column: None if column.name == "email" else column)
    with pytest.raises(JobFailed, match=r"mysql/users: .*falta la columna email"):
        refuse_drift([users])


def test_a_column_of_another_type_is_told_and_nothing_is_read(run, lago, monkeypatch):
    creado = {}

    def retyped(column):
        if column.name == "creado":
            creado["type"] = column.type_code
        return column

    described(monkeypatch, retyped)
    refuse_drift([table for table in SQL if table.path == "mysql/users"])
    described(
        monkeypatch,
        lambda c: c._replace(type_code=creado["type"]) if c.name == "username" else c,
    )
    with pytest.raises(JobFailed, match=r"la columna username ha cambiado de tipo"):
        run(databases=["mysql"])
    assert current_id(lago) is None


@pytest.mark.parametrize(
    ("precision", "scale", "holds"),
    [(12, 2, True), (12, 4, False), (14, 2, False), (None, None, True)],
)
def test_a_decimal_keeps_its_digits(precision, scale, holds):
    column = SimpleNamespace(type_code=1, precision=precision, scale=scale)
    introspection = SimpleNamespace(get_field_type=lambda code, column: "DecimalField")
    field = models.DecimalField(max_digits=12, decimal_places=2)
    assert drift._holds(column, field, introspection) is holds


def test_a_type_that_nobody_knows_is_a_change():
    def unknown(code, column):
        raise KeyError(code)

    column = SimpleNamespace(type_code="punto", precision=None, scale=None)
    introspection = SimpleNamespace(get_field_type=unknown)
    assert not drift._holds(column, models.TextField(), introspection)


# What was promised.


def retyped(manifest, path, column, kind):
    for known in manifest.tables[path].schema:
        if known["name"] == column:
            known["type"] = kind
    return manifest


def test_a_type_that_changes_within_a_version_is_refused(export, users):
    published = retyped(export(), "mysql/users", "email", "int64")
    with pytest.raises(JobFailed, match=r"mysql/users: email era int64 y ahora string; solo otra"):
        refuse_changed_types([users], published)


def test_another_version_may_change_it(export, users, settings):
    published = retyped(export(), "mysql/users", "email", "int64")
    settings.VERSION = "9.9.9"
    refuse_changed_types([users], published)


def test_a_column_that_is_taken_away_within_a_version_is_refused(export, users):
    published = export()
    published.tables["mysql/users"].schema.append({"name": "edad", "type": "int64"})
    with pytest.raises(JobFailed, match=r"edad era int64 y ahora no está"):
        refuse_changed_types([users], published)


def test_columns_and_tables_may_be_added(export, users):
    published = export()
    published.tables["mysql/users"].schema.pop()
    refuse_changed_types([users], published)
    refuse_changed_types([users], None)
    del published.tables["mysql/users"]
    refuse_changed_types([users], published)


def test_an_export_stops_where_the_type_changed(export, run, lago, monkeypatch):
    UsuarioFactory()
    first = export()
    monkeypatch.setattr(
        "ingestion.snapshots.export._published",
        lambda *args, **kwargs: retyped(first, "mysql/users", "email", "int64"),
    )
    with pytest.raises(JobFailed, match="email era int64"):
        run()
    assert current_id(lago) == first.id
    assert pa.string() == next(t for t in SQL if t.path == "mysql/users").schema.field("email").type
