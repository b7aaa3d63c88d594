import json
import os
import random
from dataclasses import asdict

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clientes.tests.factories import UsuarioFactory
from ingestion.jobs import JobFailed
from ingestion.models import Job
from ingestion.snapshots.files import digest
from ingestion.snapshots.integrity import REFERENCES, verify
from ingestion.snapshots.manifest import Manifest, claim_key, current, load, manifest_key

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("portfolio")]

USERS = "mysql/users"


@pytest.fixture
def manifest(export):
    return export()


def problems(lago, manifest):
    return [problem for _path, found in verify(lago, manifest) for problem in found]


def key_of(manifest, path=USERS):
    return manifest.tables[path].files[0].key


def spoil(lago, key, change):
    path = lago.path(key)
    path.write_bytes(change(path.read_bytes()))


def flip(content, at=None):
    place = len(content) // 2 if at is None else at
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def rewritten(lago, manifest, change, path=USERS):
    """Write other rows in place of the table's, and a manifest that owns up to them."""
    key = key_of(manifest, path)
    with lago.open(key) as source:
        table = change(pq.read_table(source))
    pq.write_table(table, lago.path(key))
    data = asdict(manifest)
    entry = data["tables"][path]
    with lago.open(key) as source:
        sha256 = digest(source)
    entry["files"][0] |= {"bytes": lago.size(key), "sha256": sha256, "rows": table.num_rows}
    entry["rows"] = table.num_rows
    return Manifest.loads(json.dumps(data).encode())


def test_a_snapshot_that_nobody_touched_is_sound(lago, manifest):
    assert problems(lago, manifest) == []
    assert [path for path, _found in verify(lago, manifest)] == [*manifest.tables, REFERENCES]


def test_verification_survives_what_comes_after(lago, manifest, export):
    UsuarioFactory()
    export()
    assert problems(lago, manifest) == []


@pytest.mark.parametrize("at", [0, None, -1], ids=["first", "middle", "last"])
def test_a_flipped_byte_is_found_and_its_file_named(lago, manifest, at):
    for path in (USERS, "cassandra/reclamos", "postgresql/empleados"):
        key = key_of(manifest, path)
        content = lago.read(key)
        spoil(lago, key, lambda c: flip(c, len(c) - 1 if at == -1 else at))
        assert problems(lago, manifest) == [
            f"{key}: su contenido no es el que se escribió (SHA-256 distinto)."
        ]
        spoil(lago, key, lambda c, content=content: content)
    assert problems(lago, manifest) == []


def test_a_file_cut_short_is_named(lago, manifest):
    spoil(lago, key_of(manifest), lambda content: content[:-10])
    [problem] = problems(lago, manifest)
    assert problem.startswith(f"{key_of(manifest)}: mide ")


def test_a_file_that_is_gone_is_named(lago, manifest):
    lago.remove(key_of(manifest))
    assert problems(lago, manifest) == [f"{key_of(manifest)}: no está."]


def test_every_bad_file_is_named_not_the_first_alone(lago, manifest):
    for path in (USERS, "mongodb/bienes"):
        lago.remove(key_of(manifest, path))
    assert len(problems(lago, manifest)) == 2


def test_a_flat_csv_that_is_not_the_published_one_is_named(lago, manifest):
    spoil(lago, "mysql/users/users.csv", flip)
    [problem] = problems(lago, manifest)
    assert problem.startswith("mysql/users/users.csv: ")


def test_the_flat_csvs_are_those_of_current_alone(lago, manifest, export):
    UsuarioFactory()
    later = export()
    spoil(lago, "mysql/users/users.csv", flip)
    assert problems(lago, manifest) == []
    assert len(problems(lago, later)) == 1


def test_a_key_that_repeats_is_told(lago, manifest):
    changed = rewritten(lago, manifest, lambda table: pa.concat_tables([table, table.slice(0, 2)]))
    assert problems(lago, changed) == [f"{USERS}: 2 filas con la clave repetida o vacía."]


def test_a_key_that_is_missing_is_told(lago, manifest):
    def without_first_key(table):
        keys = pa.array([None, *table["id"].to_pylist()[1:]], pa.string())
        return table.set_column(table.schema.get_field_index("id"), "id", keys)

    changed = rewritten(lago, manifest, without_first_key)
    assert problems(lago, changed) == [f"{USERS}: 1 filas con la clave repetida o vacía."]


def test_rows_that_do_not_add_up_are_told(lago, manifest):
    changed = rewritten(lago, manifest, lambda table: table)
    data = asdict(changed)
    data["tables"][USERS]["rows"] += 1
    changed = Manifest.loads(json.dumps(data).encode())
    assert problems(lago, changed) == [
        f"{USERS}: sus archivos no suman las {changed.tables[USERS].rows} filas del manifiesto."
    ]
    data["tables"][USERS]["files"][0]["rows"] += 1
    changed = Manifest.loads(json.dumps(data).encode())
    [problem] = problems(lago, changed)
    assert "filas y el manifiesto dice" in problem


def test_other_columns_than_the_manifest_says_are_told(lago, manifest):
    changed = rewritten(lago, manifest, lambda table: table.drop_columns(["email"]))
    [problem] = problems(lago, changed)
    assert problem == f"{key_of(manifest)}: sus columnas no son las del manifiesto."


def test_another_count_of_references_than_the_manifest_says_is_told(lago, manifest):
    changed = rewritten(lago, manifest, lambda table: table.slice(0, 0), path="mysql/clients")
    found = problems(lago, changed)
    assert any(
        problem.startswith("postgresql/policies.customer_id -> mysql/clients.id: ")
        for problem in found
    )
    assert all("el manifiesto dice 0" in problem for problem in found)


# As a job.


def test_the_job_ends_well_on_a_sound_snapshot(run, manifest):
    job = run(Job.Kind.VERIFICACION, snapshot=manifest.id)
    assert job.estado == Job.Estado.TERMINADO
    assert job.resultado == {"snapshot": manifest.id, "problems": []}
    assert job.percent == 100


def test_the_job_fails_naming_the_bad_file(run, lago, manifest):
    spoil(lago, key_of(manifest), flip)
    with pytest.raises(JobFailed, match=key_of(manifest)):
        run(Job.Kind.VERIFICACION, snapshot=manifest.id)
    job = Job.objects.latest("creado")
    assert (job.estado, job.error.count("\n")) == (Job.Estado.FALLIDO, 0)


def test_the_job_refuses_a_snapshot_that_is_not_there(run):
    with pytest.raises(JobFailed, match="No hay ningún snapshot"):
        run(Job.Kind.VERIFICACION, snapshot="20200101T000000Z")


def test_the_manifest_itself_may_be_gone(lago, manifest):
    lago.remove(manifest_key(manifest.id))
    with pytest.raises(JobFailed, match=manifest.id):
        current(lago)


def test_one_flipped_byte_in_any_file_is_found_and_the_file_named(lago, manifest):
    dice = random.Random(6)
    keys = [
        *lago.keys(f"snapshots/{manifest.id}"),
        *(table.csv.key for table in manifest.tables.values()),
    ]
    always = {claim_key(manifest.id), manifest_key(manifest.id)}
    for key in keys if os.environ.get("KILLS") else {*always, *dice.sample(keys, 6)}:
        whole = lago.read(key)
        place, other = dice.randrange(len(whole)), dice.randrange(1, 256)
        flipped = whole[:place] + bytes([whole[place] ^ other]) + whole[place + 1 :]
        lago.path(key).write_bytes(flipped)
        assert key in told(lago, manifest.id), place
        lago.path(key).write_bytes(whole)
    assert told(lago, manifest.id) == ""


def told(lago, snapshot_id):
    try:
        return " ".join(problems(lago, load(lago, snapshot_id)))
    except JobFailed as refusal:
        return str(refusal)


def test_every_byte_of_the_manifest_is_sealed(lago, manifest):
    key = manifest_key(manifest.id)
    whole, dice = lago.read(key), random.Random(7)
    for _time in range(200):
        place, other = dice.randrange(len(whole)), dice.randrange(1, 256)
        lago.path(key).write_bytes(
            whole[:place] + bytes([whole[place] ^ other]) + whole[place + 1 :]
        )
        with pytest.raises(JobFailed, match="no es el que se escribió"):
            load(lago, manifest.id)
