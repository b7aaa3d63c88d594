"""Published snapshots as tables of a catalogue: the same files, and a tag to go back to each."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.exceptions import ImproperlyConfigured

from ingestion.snapshots.iceberg import catalogue, register
from ingestion.snapshots.manifest import File, Manifest, TableEntry, current_id, manifest_key

FIRST, SECOND = "20260101T000000Z", "20260102T000000Z"
POLICIES = "postgresql.policies"
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("premium", pa.decimal128(14, 2)),
        ("start_date", pa.date32()),
        ("created_at", pa.timestamp("us", tz="UTC")),
        ("units", pa.int64()),
        ("active", pa.bool_()),
    ]
)
MOMENT = datetime(2026, 1, 1, 3, 15, 0, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def catalogued(settings, tmp_path):
    settings.ICEBERG_CATALOG_URL = f"sqlite:///{tmp_path}/iceberg.sqlite3"


@pytest.fixture
def snapshot(lago):
    """Write a snapshot with those tables, each of so many rows, as an export would."""

    def take(snapshot_id, carried=None, schema=SCHEMA, **rows):
        tables = dict(carried.tables) if carried else {}
        for name, count in rows.items():
            tables[f"postgresql/{name}"] = _written(lago, snapshot_id, name, count, schema)
        made = Manifest(snapshot_id, "0", {"postgresql": "2026-01-01T00:00:00Z"}, 0.0, tables, {})
        with lago.write(manifest_key(snapshot_id)) as file:
            file.write(made.dumps())
        return made

    return take


def _written(lago, snapshot_id, name, count, schema):
    key = f"snapshots/{snapshot_id}/postgresql/{name}/part-00000.parquet"
    values = {
        "id": [f"ñ-{n}" for n in range(count)],
        "premium": [Decimal("1234.56")] * count,
        "start_date": [date(2026, 1, 2)] * count,
        "created_at": [MOMENT] * count,
        "units": [2**40] * count,
        "active": [None] * count,
        "nota": ["«,»"] * count,
    }
    with lago.write(key) as file:
        pq.write_table(pa.table({n: values[n] for n in schema.names}, schema=schema), file)
    columns = [{"name": f.name, "type": str(f.type), "treatment": "plain"} for f in schema]
    return TableEntry(
        columns, ["id"], count, [File(key, count, 1, "")], File("x.csv", count, 1, "")
    )


def read(lago, tag, table=POLICIES):
    found = catalogue(lago).load_table(table)
    return found.scan(snapshot_id=found.snapshot_by_name(tag).snapshot_id).to_arrow()


def test_the_tables_of_a_snapshot_are_there_value_for_value(lago, snapshot):
    register(lago, snapshot(FIRST, policies=3, clients=2))
    assert sorted(catalogue(lago).list_tables("postgresql")) == [
        ("postgresql", "clients"),
        ("postgresql", "policies"),
    ]
    assert read(lago, FIRST).to_pylist()[2] == {
        "id": "ñ-2",
        "premium": Decimal("1234.56"),
        "start_date": date(2026, 1, 2),
        "created_at": MOMENT,
        "units": 2**40,
        "active": None,
    }


def test_no_row_is_written_again(lago, snapshot):
    manifest = snapshot(FIRST, policies=3)
    before = [key for key in lago.objects() if key.endswith(".parquet")]
    register(lago, manifest)
    assert [key for key in lago.objects() if key.endswith(".parquet")] == before


def test_a_query_goes_back_in_time_by_the_id_of_a_snapshot(lago, snapshot):
    register(lago, snapshot(FIRST, policies=3))
    register(lago, snapshot(SECOND, policies=5))
    assert (read(lago, FIRST).num_rows, read(lago, SECOND).num_rows) == (3, 5)
    assert catalogue(lago).load_table(POLICIES).scan().count() == 5


def test_a_table_with_no_rows_is_a_table(lago, snapshot):
    register(lago, snapshot(FIRST, policies=0))
    assert read(lago, FIRST).num_rows == 0
    assert read(lago, FIRST).schema.names == SCHEMA.names


def test_what_an_export_of_one_store_carries_over_is_tagged_as_it_is(lago, snapshot):
    first = snapshot(FIRST, policies=3, clients=2)
    register(lago, first)
    before = len(catalogue(lago).load_table(POLICIES).snapshots())
    register(lago, snapshot(SECOND, carried=first, clients=4))
    assert len(catalogue(lago).load_table(POLICIES).snapshots()) == before
    assert read(lago, SECOND).num_rows == 3
    assert read(lago, SECOND, "postgresql.clients").num_rows == 4


def test_registering_twice_changes_nothing(lago, snapshot):
    manifest = snapshot(FIRST, policies=3)
    register(lago, manifest)
    before = catalogue(lago).load_table(POLICIES).metadata
    register(lago, manifest)
    assert catalogue(lago).load_table(POLICIES).metadata == before


def test_one_that_was_cut_half_way_is_finished(lago, snapshot):
    whole = snapshot(FIRST, policies=3, clients=2)
    register(
        lago, replace(whole, tables={"postgresql/clients": whole.tables["postgresql/clients"]})
    )
    register(lago, whole)
    assert read(lago, FIRST).num_rows == 3


def test_a_column_that_comes_or_goes_leaves_the_past_as_it_was(lago, snapshot):
    grown = SCHEMA.append(pa.field("nota", pa.string())).remove(SCHEMA.get_field_index("units"))
    register(lago, snapshot(FIRST, policies=3))
    register(lago, snapshot(SECOND, schema=grown, policies=2))
    assert read(lago, FIRST).schema.names == SCHEMA.names
    assert read(lago, SECOND).schema.names == grown.names
    assert read(lago, SECOND)["nota"].to_pylist() == ["«,»"] * 2


def test_a_snapshot_that_left_the_lake_leaves_the_catalogue(lago, snapshot):
    first = snapshot(FIRST, policies=3)
    register(lago, first)
    lago.remove(manifest_key(FIRST))
    lago.remove(first.tables["postgresql/policies"].files[0].key)
    register(lago, snapshot(SECOND, policies=5))
    assert set(catalogue(lago).load_table(POLICIES).refs()) == {"main", SECOND}
    assert read(lago, SECOND).num_rows == 5


def test_what_described_it_leaves_too(lago, snapshot):
    counted = []
    for day in range(1, 5):
        manifest = snapshot(f"2026010{day}T000000Z", policies=day)
        register(lago, manifest)
        lago.remove(manifest_key(manifest.id))
        described = [key for key in lago.keys("iceberg") if key.endswith(".avro")]
        counted.append((len(catalogue(lago).load_table(POLICIES).snapshots()), len(described)))
    assert counted[1:] == [counted[1]] * 3


def test_no_value_of_a_row_describes_its_file(lago, snapshot):
    register(lago, snapshot(FIRST, policies=3))
    [file] = catalogue(lago).load_table(POLICIES).inspect.files().to_pylist()
    assert file["record_count"] == 3
    assert (file["lower_bounds"], file["upper_bounds"]) == ([], [])


def test_files_that_another_snapshot_carries_stay_when_theirs_leaves(lago, snapshot):
    first = snapshot(FIRST, policies=3)
    register(lago, first)
    lago.remove(manifest_key(FIRST))
    register(lago, snapshot(SECOND, carried=first, clients=1))
    assert read(lago, SECOND).num_rows == 3


def test_a_tag_of_somebody_else_stays(lago, snapshot):
    register(lago, snapshot(FIRST, policies=3))
    table = catalogue(lago).load_table(POLICIES)
    table.manage_snapshots().create_tag(table.current_snapshot().snapshot_id, "cierre").commit()
    register(lago, snapshot(SECOND, policies=5))
    assert read(lago, "cierre").num_rows == 3


def test_without_a_catalogue_nothing_is_registered(lago, snapshot, settings):
    settings.ICEBERG_CATALOG_URL = ""
    register(lago, snapshot(FIRST, policies=3))
    assert not lago.keys("iceberg")


def test_an_address_that_names_no_catalogue_is_told_by_its_variable(lago, settings):
    settings.ICEBERG_CATALOG_URL = "mysql://somewhere"
    with pytest.raises(ImproperlyConfigured, match="ICEBERG_CATALOG_URL"):
        catalogue(lago)


@pytest.mark.django_db(databases="__all__")
def test_an_export_registers_what_it_publishes(export, lago, portfolio):
    manifest = export()
    counted = {
        path: read(lago, manifest.id, path.replace("/", ".")).num_rows for path in manifest.tables
    }
    assert counted == {path: table.rows for path, table in manifest.tables.items()}


@pytest.mark.django_db(databases="__all__")
def test_a_catalogue_that_fails_is_told_and_the_snapshot_is_published(
    run, lago, portfolio, settings
):
    settings.ICEBERG_CATALOG_URL = "sqlite:////nowhere/at/all.sqlite3"
    job = run()
    assert job.estado == job.Estado.TERMINADO
    assert current_id(lago) == job.resultado["snapshot"]
    assert "Iceberg" in job.resultado["catalogo"]
