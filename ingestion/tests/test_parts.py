"""The stores of a snapshot as parts: shared out, kept by a rerun, ended with their whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clientes.tests.factories import UsuarioFactory
from core.models import Lease, Operacion
from ingestion import jobs, work
from ingestion.jobs import JobFailed
from ingestion.models import Job
from ingestion.snapshots import export as module
from ingestion.snapshots import parts, stores
from ingestion.snapshots.manifest import CURRENT, complete_ids, current, current_id, manifest_key

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("portfolio")]

Estado = Job.Estado


class Killed(BaseException):
    """What a test raises where a process would die."""


@pytest.fixture
def job():
    return jobs.pedir(Job.Kind.EXPORTACION)


def die_at(monkeypatch, place, name):
    """Have the process die where `place` calls `name`; undone by what is returned."""
    alive = getattr(place, name)

    def die(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(place, name, die)
    return lambda: monkeypatch.setattr(place, name, alive)


def killed(job):
    with pytest.raises(Killed):
        work.run(job.pk)
    bury()


def bury():
    Job.objects.filter(estado=Estado.EN_CURSO).update(heartbeat=timezone.now() - jobs.STALE * 2)
    Lease.objects.update(expires=timezone.now() - jobs.STALE)


def by_database(job):
    return {part.parametros["database"]: part for part in job.partes.all()}


def ended(job):
    job.refresh_from_db()
    return job.estado


# Taking turns.


def test_each_store_is_a_part_that_ends_with_its_tables(run):
    job = run()
    found = by_database(job)
    assert sorted(found) == ["cassandra", "mongodb", "mysql", "postgresql"]
    for database, part in found.items():
        assert part.estado == Estado.TERMINADO
        assert part.parametros["snapshot"] == job.resultado["snapshot"]
        as_of, tables = stores.result(part.resultado)
        assert as_of <= timezone.now()
        assert {path.split("/")[0] for path in tables} == {database}
        assert tables == {p: t for p, t in current_tables().items() if p.startswith(database)}


def current_tables():
    from ingestion.lake import lake

    return current(lake()).tables


def test_the_whole_takes_in_the_progress_of_its_parts(run):
    job = run()
    assert set(job.progreso) == set(current_tables())
    assert job.rows == sum(part.rows for part in job.partes.all())


def test_a_part_that_another_worker_did_is_not_read_again(job, lago, monkeypatch, settings):
    settings.REDIS_URL = "redis://nadie"
    monkeypatch.setattr(parts, "MOMENT", 10.0)
    monkeypatch.setattr(parts, "sleep", lambda seconds: pytest.fail("there is nobody to wait for"))
    monkeypatch.setattr(jobs, "wake", lambda key: work.run(key))  # a worker that is quick
    opened = []
    monkeypatch.setattr(parts, "StoreRead", lambda *args: opened.append(args) or taken(*args))
    taken = stores.StoreRead
    assert work.run(job.pk)
    assert ended(job) == Estado.TERMINADO
    # The bitácora is held first, before anybody is woken.
    assert [args[0].job.parametros["database"] for args in opened] == ["cassandra"]
    assert sorted(current(lago).as_of) == ["cassandra", "mongodb", "mysql", "postgresql"]


def test_nobody_is_woken_where_there_is_one_worker(job, woken, settings):
    settings.REDIS_URL = ""
    woken.clear()
    work.run(job.pk)
    assert woken == []


def test_what_a_dead_worker_had_in_hand_is_offered_to_the_others(job, woken, monkeypatch, settings):
    settings.REDIS_URL = "redis://nadie"
    revive = die_at(monkeypatch, parts.StoreRead, "write")
    killed(job)
    revive()
    woken.clear()
    assert work.run(job.pk)
    assert set(woken) == {
        part.pk for database, part in by_database(job).items() if database != "cassandra"
    }


def test_an_export_of_one_store_wakes_nobody(woken, settings):
    settings.REDIS_URL = "redis://nadie"
    job = jobs.pedir(Job.Kind.EXPORTACION, params={"databases": ["mysql"]})
    woken.clear()
    assert work.run(job.pk)
    assert woken == []


def test_readings_of_two_databases_run_at_once_and_of_one_in_turn():
    def part(database):
        return Job.objects.create(
            kind=Job.Kind.LECTURA, parametros={"snapshot": "x", "database": database}
        )

    with jobs.claim(part("mysql").pk), jobs.claim(part("mongodb").pk) as other:
        assert other is not None
        with jobs.claim(part("mysql").pk) as second:
            assert second is None


def test_the_whole_waits_for_a_part_in_other_hands_and_takes_it_if_they_die(job, lago, monkeypatch):
    revive = die_at(monkeypatch, parts.StoreRead, "write")
    killed(job)
    revive()
    mongodb = by_database(job)["mongodb"]
    with jobs.claim(mongodb.pk) as other:
        assert other is not None
        waits = []

        def time_passes(seconds):
            waits.append(seconds)
            if len(waits) == 2:
                bury_all_but(job)

        monkeypatch.setattr(parts, "sleep", time_passes)
        assert work.run(job.pk)
    assert len(waits) == 2
    assert ended(job) == Estado.TERMINADO
    mongodb.refresh_from_db()
    assert (mongodb.estado, mongodb.intentos) == (Estado.TERMINADO, 3)


def bury_all_but(job):
    dead = timezone.now() - jobs.STALE * 2
    Job.objects.filter(de=job, estado=Estado.EN_CURSO).update(heartbeat=dead)
    Lease.objects.filter(name__startswith="job:lectura").update(expires=dead)


def test_a_worker_that_comes_when_the_whole_has_ended_reads_nothing(job, lago):
    part = Job.objects.create(
        kind=Job.Kind.LECTURA, de=job, parametros={"snapshot": "x", "database": "mysql"}
    )
    Job.objects.filter(pk=job.pk).update(estado=Estado.TERMINADO)
    with pytest.raises(JobFailed, match="ya había acabado"):
        work.run(part.pk)
    assert lago.keys("snapshots") == []


# Reruns.


def test_a_rerun_keeps_its_id_and_what_was_read(job, lago, monkeypatch):
    revive = die_at(monkeypatch, module, "count_references")
    killed(job)
    job.refresh_from_db()
    claimed, read = job.resultado["snapshot"], by_database(job)
    assert {part.estado for part in read.values()} == {Estado.TERMINADO}
    UsuarioFactory()  # what comes later is for the next snapshot
    revive()
    assert work.run(job.pk)
    assert current_id(lago) == claimed
    assert {p.intentos for p in by_database(job).values()} == {1}
    users = current(lago).tables["mysql/users"]
    assert users == stores.result(read["mysql"].resultado)[1]["mysql/users"]


def test_a_rerun_reads_whole_what_was_not_finished(job, lago, monkeypatch):
    calls, write = [], stores.write_table

    def die_at_the_third(*args, **kwargs):
        calls.append(args[2].path)
        if args[2].path == "mysql/clients":
            raise Killed
        return write(*args, **kwargs)

    monkeypatch.setattr(stores, "write_table", die_at_the_third)
    killed(job)
    finished = {d for d, part in by_database(job).items() if part.estado == Estado.TERMINADO}
    assert finished < set(by_database(job)) and "mysql" not in finished
    monkeypatch.setattr(stores, "write_table", write)
    assert work.run(job.pk)
    for path, table in current(lago).tables.items():
        attempt = "part-00000" if path.split("/")[0] in finished else "part-02000"
        assert table.files[0].key.endswith(f"{attempt}.parquet"), path


def test_a_rerun_reads_all_again_where_what_is_kept_is_too_old(job, lago, monkeypatch, settings):
    revive = die_at(monkeypatch, module, "count_references")
    killed(job)
    revive()
    before = timezone.now()
    for part in job.partes.all():
        old = stores.iso(before - timedelta(seconds=settings.SNAPSHOT_MAX_SKEW + 1))
        part.resultado["as_of"] = old
        part.save()
    UsuarioFactory()
    assert work.run(job.pk)
    assert {part.intentos for part in job.partes.all()} == {2}
    assert min(current(lago).as_of.values()) >= stores.iso(before)


def test_a_rerun_publishes_the_manifest_that_was_written(job, lago, monkeypatch):
    revive = die_at(monkeypatch, module, "_publish")
    killed(job)
    [written] = complete_ids(lago)
    content = lago.read(manifest_key(written))
    revive()
    die_at(monkeypatch, module, "_take")
    assert work.run(job.pk)
    assert current_id(lago) == written
    assert lago.read(manifest_key(written)) == content


def test_a_rerun_brings_the_csv_that_were_left(job, lago, monkeypatch):
    copy = type(lago).copy
    copied = []

    def die_at_the_fifth(self, source, target, **kwargs):
        if len(copied) == 4:
            raise Killed
        copied.append(target)
        copy(self, source, target, **kwargs)

    monkeypatch.setattr(type(lago), "copy", die_at_the_fifth)
    killed(job)
    assert current_id(lago)
    monkeypatch.setattr(type(lago), "copy", copy)
    die_at(monkeypatch, module, "_take")
    assert work.run(job.pk)
    for path in current(lago).tables:
        assert lago.size(f"{path}/{path.split('/')[1]}.csv") is not None
    assert [k for k in lago.keys("snapshots") if k.endswith(".csv")] == []


def test_who_publishes_next_brings_the_csv_that_another_left(job, lago, monkeypatch, run):
    revive = die_at(monkeypatch, module, "publish_flat")
    killed(job)
    revive()
    run(databases=["mysql"])
    assert lago.size("mongodb/bienes/bienes.csv") is not None
    left = [key for key in lago.keys("snapshots") if key.endswith(".csv")]
    assert {key.split("/")[2] for key in left} == {"mysql"}  # of the snapshot before: to be swept


def test_a_rerun_that_finds_another_published_is_told(job, lago, monkeypatch, run):
    revive = die_at(monkeypatch, module, "_publish")
    killed(job)
    revive()
    run()
    published = current_id(lago)
    with pytest.raises(JobFailed, match="Otra exportación publicó"):
        work.run(job.pk)
    assert current_id(lago) == published


def test_an_id_that_may_have_been_swept_is_not_gone_on_with(job, lago):
    Job.objects.filter(pk=job.pk).update(
        resultado={"snapshot": "20260101T000000Z", "previous": None}
    )
    part = Job.objects.create(
        kind=Job.Kind.LECTURA,
        de=job,
        estado=Estado.TERMINADO,
        parametros={"snapshot": "20260101T000000Z", "database": "mysql"},
        resultado={"as_of": stores.iso(timezone.now()), "tables": {}},
    )
    assert work.run(job.pk)
    assert current_id(lago) > "20260101T000000Z"
    assert current(lago).tables["mysql/users"].rows
    assert not Job.objects.filter(pk=part.pk).exists()


def test_one_export_is_audited_once_however_often_it_is_killed(job, monkeypatch):
    revive = die_at(monkeypatch, module, "auditar")
    killed(job)
    revive()
    assert work.run(job.pk)
    Job.objects.filter(pk=job.pk).update(estado=Estado.PENDIENTE)  # killed before its last word
    assert work.run(job.pk)
    assert Operacion.objects.filter(servicio="ingestion").count() == 1


# Failing and cancelling.


def test_a_part_that_fails_ends_the_whole_and_the_others(job, monkeypatch):
    def refuse(held, table):
        if table.path == "mysql/users":
            raise JobFailed("mysql/users: un valor de id no es texto.")
        return iter(())

    monkeypatch.setattr(stores, "rows_of", lambda held, table: closable(refuse, held, table))
    with pytest.raises(JobFailed, match="mysql/users: un valor"):
        work.run(job.pk)
    assert ended(job) == Estado.FALLIDO
    states = {d: (part.estado, part.error) for d, part in by_database(job).items()}
    assert states["mysql"] == (Estado.FALLIDO, "mysql/users: un valor de id no es texto.")
    assert {state for d, (state, _e) in states.items() if d != "mysql"} <= {
        Estado.TERMINADO,
        Estado.CANCELADO,
    }
    assert all(error == "" for d, (_s, error) in states.items() if d != "mysql")
    assert not Job.objects.filter(estado__in=Job.ABIERTOS).exists()


def closable(work, held, table):
    yield from work(held, table)


def test_a_part_that_failed_elsewhere_fails_the_whole(job, monkeypatch, settings):
    settings.REDIS_URL = "redis://nadie"

    def fail(key):
        Job.objects.filter(pk=key).update(estado=Estado.FALLIDO, error="No se pudo leer mongodb.")

    monkeypatch.setattr(jobs, "wake", fail)
    with pytest.raises(JobFailed, match="No se pudo leer mongodb"):
        work.run(job.pk)
    assert ended(job) == Estado.FALLIDO


def test_cancelling_the_whole_cancels_its_parts(job, lago, monkeypatch):
    write = stores.write_table

    def cancel_meanwhile(*args, **kwargs):
        jobs.cancel(job.pk)
        monkeypatch.setattr(stores, "write_table", write)
        return write(*args, **kwargs)

    monkeypatch.setattr(stores, "write_table", cancel_meanwhile)
    work.run(job.pk)
    assert ended(job) == Estado.CANCELADO
    assert not Job.objects.filter(estado__in=Job.ABIERTOS).exists()
    assert current(lago) is None


def test_a_cancelled_part_fails_its_whole(job, monkeypatch, settings):
    settings.REDIS_URL = "redis://nadie"
    monkeypatch.setattr(jobs, "wake", jobs.cancel)
    with pytest.raises(JobFailed, match="Se canceló la lectura de"):
        work.run(job.pk)


def test_what_is_given_up_takes_its_parts_along(job, monkeypatch, woken):
    die_at(monkeypatch, parts.StoreRead, "write")
    for _ in range(jobs.ATTEMPTS):
        killed(job)
    assert jobs.wake_stale() == 0
    assert ended(job) == Estado.FALLIDO
    assert {part.estado for part in job.partes.all()} == {Estado.CANCELADO}


def test_parts_are_never_woken_by_themselves(job, monkeypatch, woken):
    die_at(monkeypatch, parts.StoreRead, "write")
    killed(job)
    woken.clear()
    assert jobs.wake_stale() == 1
    assert woken == [job.pk]


# Races.


def test_a_loser_leaves_no_manifest(run, lago, monkeypatch):
    run()
    count = module.count_references

    def other_publishes(*args):
        lago.change(CURRENT, b"20991231T000000Z", expected=current_id(lago).encode())
        return count(*args)

    monkeypatch.setattr(module, "count_references", other_publishes)
    before = list(complete_ids(lago))
    with pytest.raises(JobFailed, match="Otra exportación"):
        run()
    assert list(complete_ids(lago)) == before


def test_a_zombie_neither_publishes_nor_takes_away_what_its_heir_published(job, lago, monkeypatch):
    publish, heirs = module._publish, []

    def heir_first(running, *args):
        if not heirs:
            heirs.append(True)
            bury()
            assert work.run(job.pk)
        publish(running, *args)

    monkeypatch.setattr(module, "_publish", heir_first)
    assert work.run(job.pk)  # it did its part, and was stopped before the end
    assert ended(job) == Estado.TERMINADO
    assert current(lago).id == job.resultado["snapshot"]
