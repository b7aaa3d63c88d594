import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from core.testing import queries
from ingestion import jobs
from ingestion.models import Job
from ingestion.snapshots.manifest import manifest_key
from ingestion.snapshots.retention import held_as, hold

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "admin:ingestion_job_changelist"
EXPORT = "admin:ingestion_job_exportar"
SNAPSHOTS = "admin:ingestion_job_snapshots"


@pytest.fixture
def reader(client):
    """Somebody who may look and not ask."""
    user = User.objects.create(username="lector", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_job"))
    client.force_login(user)
    return client


@pytest.fixture
def operator(client):
    user = User.objects.create(username="operadora", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_job", "run_job"]))
    client.force_login(user)
    return client


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


# The list.


def test_the_list_tells_each_job_in_spanish(reader):
    done, failed = jobs.pedir(Job.Kind.EXPORTACION), jobs.pedir(Job.Kind.VERIFICACION)
    with jobs.claim(done.pk):
        pass
    with pytest.raises(jobs.JobFailed), jobs.claim(failed.pk):
        raise jobs.JobFailed("No se pudo leer mysql.")
    page = text(reader.get(reverse(LIST)))
    for said in ("Exportación al lago", "Terminado", "Fallido", "No se pudo leer mysql."):
        assert said in page


def test_the_list_asks_the_same_whatever_its_length(reader):
    def grow(count):
        for n in range(count):
            user = User.objects.create(username=f"u{uuid4()}{n}")
            jobs.pedir(Job.Kind.EXPORTACION, user_id=user.pk)
        with queries() as asked:
            text(reader.get(reverse(LIST)))
        return asked.total

    assert grow(2) == grow(9)


def test_nobody_adds_changes_or_deletes_a_job_by_hand(admin_client):
    job = jobs.pedir(Job.Kind.EXPORTACION)
    assert admin_client.get(reverse("admin:ingestion_job_add")).status_code == 403
    url = reverse("admin:ingestion_job_delete", args=[job.pk])
    assert admin_client.post(url, {"post": "yes"}).status_code == 403
    url = reverse("admin:ingestion_job_change", args=[job.pk])
    assert admin_client.post(url, {"estado": "terminado"}).status_code == 403


def test_a_job_s_page_tells_each_table(reader, run):
    job = run()
    page = text(reader.get(reverse("admin:ingestion_job_change", args=[job.pk])))
    assert "postgresql/policies" in page
    assert "terminada" in page


def test_a_long_error_is_cut_in_the_list_and_whole_on_its_page(reader):
    job = jobs.pedir(Job.Kind.VERIFICACION)
    Job.objects.update(estado="fallido", error="x" * 300 + "\nfin")
    page = text(reader.get(reverse(LIST)))
    assert "x" * 120 + "…" in page and "x" * 121 not in page
    page = text(reader.get(reverse("admin:ingestion_job_change", args=[job.pk])))
    assert "x" * 300 in page


def test_an_error_is_never_taken_for_markup(reader):
    jobs.pedir(Job.Kind.EXPORTACION)
    Job.objects.update(estado="fallido", error="<script>alert(1)</script>")
    assert "<script>alert" not in text(reader.get(reverse(LIST)))


# Progress.


def progress(client, *keys):
    return client.get(reverse("admin:ingestion_job_avance"), {"id": keys})


def test_progress_answers_for_what_is_asked(reader):
    job = jobs.pedir(Job.Kind.EXPORTACION)
    jobs.pedir(Job.Kind.EXPORTACION)
    with jobs.claim(job.pk) as running:
        running.plan(["a/b", "c/d"])
        running.advance("a/b", rows=1234, size=1, finished=True)
        running.step(now=True)
        answer = progress(reader, str(job.pk)).json()
    assert list(answer) == [str(job.pk)]
    assert answer[str(job.pk)]["estado"] == "en_curso"
    assert 'value="50"' in answer[str(job.pk)]["html"]


def test_progress_is_for_those_who_may_look(client):
    assert progress(client).status_code == 302
    client.force_login(User.objects.create(username="ana", is_staff=True))
    assert progress(client, str(uuid4())).status_code == 403


def test_progress_of_nonsense_is_refused(reader):
    assert progress(reader, "x").status_code == 400
    assert progress(reader, str(uuid4())).json() == {}


def test_open_jobs_are_marked_for_the_script_and_others_not(reader):
    job = jobs.pedir(Job.Kind.EXPORTACION)
    assert 'data-estado="pendiente"' in text(reader.get(reverse(LIST)))
    jobs.cancel(job.pk)
    page = text(reader.get(reverse(LIST)))
    assert "data-estado" not in page
    assert "ingestion/jobs.js" in page


# Export.


def test_exportar_asks_before_it_does(operator):
    page = text(operator.get(reverse(EXPORT)))
    assert "¿Tomar un snapshot" in page
    assert "Todos los almacenes" in page
    assert not Job.objects.exists()


def test_a_backup_is_asked_for_and_then_left_to_a_worker(operator):
    url = reverse("admin:ingestion_job_respaldar")
    assert "cifradas" in text(operator.get(url))
    assert not Job.objects.exists()
    operator.post(url)
    [job] = Job.objects.all()
    assert (job.kind, job.pedido_por.username) == (Job.Kind.RESPALDO, "operadora")


def test_nobody_without_the_right_asks_for_a_backup(reader):
    assert reader.post(reverse("admin:ingestion_job_respaldar")).status_code == 403
    assert not Job.objects.exists()


def test_exportar_leaves_a_job_of_the_person(operator):
    answer = operator.post(reverse(EXPORT), {"database": ""}, follow=True)
    assert "Pedido: el trabajador" in text(answer)
    job = Job.objects.get()
    assert (job.kind, job.parametros, job.pedido_por.username) == (
        Job.Kind.EXPORTACION,
        {},
        "operadora",
    )


def test_exportar_one_store_alone(operator):
    operator.post(reverse(EXPORT), {"database": "mongodb"})
    assert Job.objects.get().parametros == {"databases": ["mongodb"]}


def test_exportar_what_is_not_there_is_refused(operator):
    text(operator.post(reverse(EXPORT), {"database": "oracle"}))
    assert not Job.objects.exists()


def test_exportar_is_for_those_who_may(reader):
    assert "Exportar ahora" not in text(reader.get(reverse(LIST)))
    assert reader.get(reverse(EXPORT)).status_code == 403
    assert reader.post(reverse(EXPORT), {"database": ""}).status_code == 403
    assert not Job.objects.exists()


# Cancel.


def cancel(client, job, **extra):
    data = {"action": "cancelar", "_selected_action": [str(job.pk)]} | extra
    return client.post(reverse(LIST), data, follow=True)


def test_cancelar_asks_and_then_does(operator):
    job = jobs.pedir(Job.Kind.EXPORTACION)
    assert "¿Cancelar estos trabajos?" in text(cancel(operator, job))
    job.refresh_from_db()
    assert job.abierto
    assert "cancelado" in text(cancel(operator, job, _confirmado="1"))
    job.refresh_from_db()
    assert job.estado == Job.Estado.CANCELADO


def test_cancelar_what_has_ended_says_why_not(operator, run):
    job = run()
    assert "ya había acabado" in text(cancel(operator, job, _confirmado="1"))


def test_cancelar_is_for_those_who_may(reader):
    job = jobs.pedir(Job.Kind.EXPORTACION)
    cancel(reader, job, _confirmado="1")
    job.refresh_from_db()
    assert job.abierto


# Snapshots.


def test_the_page_of_an_empty_lake_says_what_to_do(reader):
    assert "pida una exportación" in text(reader.get(reverse(SNAPSHOTS)))


def test_the_page_lists_snapshots_and_marks_the_published(reader, export):
    first, second = export(), export()
    page = text(reader.get(reverse(SNAPSHOTS)))
    assert page.index(second.id) < page.index(">publicado<") < page.index(first.id)


def test_a_manifest_that_is_none_does_not_hide_the_others(reader, export, lago):
    first = export()
    lago.create(manifest_key("20990101T000000Z"), b"[]")
    page = text(reader.get(reverse(SNAPSHOTS)))
    assert "no es un manifiesto" in page
    assert first.id in page


def test_verificar_leaves_a_job(operator, export):
    manifest = export()
    Job.objects.all().delete()
    answer = operator.post(reverse(SNAPSHOTS), {"snapshot": manifest.id}, follow=True)
    assert "Pedido" in text(answer)
    job = Job.objects.get()
    assert (job.kind, job.parametros) == (Job.Kind.VERIFICACION, {"snapshot": manifest.id})


@pytest.mark.parametrize("snapshot", ["", "20200101T000000Z", "../../etc"])
def test_verificar_what_is_not_there_says_so(operator, snapshot):
    answer = operator.post(reverse(SNAPSHOTS), {"snapshot": snapshot}, follow=True)
    assert "No hay ningún snapshot" in text(answer)
    assert not Job.objects.exists()


def test_verificar_is_for_those_who_may(reader, export):
    manifest = export()
    Job.objects.all().delete()
    assert "Verificar" not in text(reader.get(reverse(SNAPSHOTS)))
    text(reader.post(reverse(SNAPSHOTS), {"snapshot": manifest.id}))
    assert not Job.objects.exists()


def test_the_snapshots_are_for_those_who_may_look(client):
    client.force_login(User.objects.create(username="ana", is_staff=True))
    assert client.get(reverse(SNAPSHOTS)).status_code == 403


# Held by name.


def ask_of(client, accion, snapshot, **extra):
    data = {"accion": accion, "snapshot": snapshot} | extra
    return text(client.post(reverse(SNAPSHOTS), data, follow=True))


def test_retener_keeps_a_snapshot_under_a_name_and_soltar_lets_it_go(operator, export, lago):
    first = export().id
    assert "retenido como «Cierre &lt;2026&gt;»" in ask_of(
        operator, "retener", first, nombre="Cierre <2026>"
    )
    assert held_as(lago, first) == "Cierre <2026>"
    page = text(operator.get(reverse(SNAPSHOTS)))
    assert "retenido: Cierre &lt;2026&gt;" in page and "Soltar" in page
    assert "suelto" in ask_of(operator, "soltar", first)
    assert held_as(lago, first) == ""


@pytest.mark.parametrize("nombre", ["", "x" * 81])
def test_retener_wants_a_name_that_can_be_read(operator, export, lago, nombre):
    first = export().id
    assert "Diga para qué se guarda" in ask_of(operator, "retener", first, nombre=nombre)
    assert held_as(lago, first) == ""


@pytest.mark.parametrize("accion", ["retener", "soltar"])
def test_what_is_not_there_is_neither_held_nor_released(operator, accion):
    page = ask_of(operator, accion, "20200101T000000Z", nombre="x")
    assert "No hay ningún snapshot" in page


@pytest.mark.parametrize("accion", ["retener", "soltar"])
def test_retener_and_soltar_are_for_those_who_may(reader, export, lago, accion):
    first = export().id
    hold(lago, first, "de antes")
    ask_of(reader, accion, first, nombre="otra")
    assert held_as(lago, first) == "de antes"


def test_the_page_says_how_long_snapshots_stay(reader, settings):
    settings.SNAPSHOT_KEEP, settings.SNAPSHOT_KEEP_DAYS = 7, 45
    page = text(reader.get(reverse(SNAPSHOTS)))
    assert "los 7 snapshots más nuevos, ninguno más de 45 días" in page


# Parts.


def test_parts_are_told_inside_their_whole_and_nowhere_else(reader, run):
    job = run()
    listed = text(reader.get(reverse(LIST)))
    assert listed.count("data-job=") == 1
    page = text(reader.get(reverse("admin:ingestion_job_change", args=[job.pk])))
    for database in ("mysql", "postgresql", "mongodb", "cassandra"):
        assert f">{database}</td>" in page
    part = job.partes.first()
    answer = reader.get(reverse("admin:ingestion_job_change", args=[part.pk]))
    assert answer.status_code == 302


def test_progress_says_how_fast_it_goes_and_what_is_left(reader):
    job = jobs.pedir(Job.Kind.EXPORTACION)
    with jobs.claim(job.pk) as running:
        running.plan(["a/b"], expected={"a/b": 4000})
        running.advance("a/b", rows=1000, size=2048)
        began = timezone.now() - timedelta(seconds=10)
        running.job.progreso["a/b"]["started"] = began.isoformat(timespec="seconds")
        running.step(now=True)
        Job.objects.update(empezado=began)
        html = progress(reader, str(job.pk)).json()[str(job.pk)]["html"]
    assert 'value="25"' in html
    assert re.search(r"1.?000 filas", html) and "2,0" in html
    assert "filas/s" in html
    assert "faltan 0:" in html
