import pytest
from celery import current_app
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from core.models import Operacion, auditar
from ingestion import tasks
from ingestion.admin.schedules import in_words
from ingestion.models import Job
from ingestion.schedules import SCHEDULES, seed
from ingestion.snapshots.manifest import current

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_new_installation_has_its_schedules(settings):
    found = {task.name: task for task in PeriodicTask.objects.all()}
    assert {schedule.name for schedule in SCHEDULES} <= set(found)
    assert found["Relevo a la bitácora"].interval.every == 10
    assert found["Relevo a la bitácora"].expire_seconds == 30
    assert found["Trabajos interrumpidos"].interval.every == 60
    nightly = found["Exportación al lago"].crontab
    assert (nightly.hour, nightly.minute) == ("2", "0")
    assert str(nightly.timezone) == settings.TIME_ZONE


def test_each_schedule_sends_a_task_that_exists():
    current_app.loader.import_default_modules()
    for schedule in SCHEDULES:
        assert schedule.task in current_app.tasks


def test_what_people_edited_stays_as_they_have_it():
    nightly = PeriodicTask.objects.get(name="Exportación al lago")
    nightly.crontab = CrontabSchedule.objects.create(hour="5", minute="30")
    nightly.enabled = False
    nightly.save()
    seed()
    nightly.refresh_from_db()
    assert (nightly.crontab.hour, nightly.enabled) == ("5", False)


def test_seeding_twice_adds_nothing():
    counts = [model.objects.count() for model in (PeriodicTask, CrontabSchedule, IntervalSchedule)]
    seed()
    call_command("migrate", verbosity=0)
    after = [model.objects.count() for model in (PeriodicTask, CrontabSchedule, IntervalSchedule)]
    assert after == counts


def test_a_schedule_that_was_deleted_comes_back_with_the_next_migration():
    PeriodicTask.objects.all().delete()
    seed("clientes")
    assert not PeriodicTask.objects.exists()
    seed()
    assert PeriodicTask.objects.count() == len(SCHEDULES)


def test_the_folders_of_the_embedded_broker_are_made_at_start(settings, tmp_path):
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(tmp_path / "a" / "cola"),
        "control_folder": str(tmp_path / "a" / "control"),
    }
    apps.get_app_config("ingestion").ready()
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["cola", "control"]


# Tasks.


def test_the_nightly_task_asks_for_an_export():
    tasks.export()
    tasks.export(["mysql"])
    assert [job.parametros for job in Job.objects.order_by("creado")] == [
        {},
        {"databases": ["mysql"]},
    ]


def test_run_job_does_it_once_however_often_it_is_sent(lago):
    tasks.export()
    job = Job.objects.get()
    tasks.run_job(str(job.pk))
    first = current(lago).id
    tasks.run_job(str(job.pk))
    assert current(lago).id == first


def test_stale_jobs_are_woken(woken):
    tasks.export()
    tasks.wake_stale_jobs()
    assert woken == [Job.objects.get().pk]


def test_the_relay_task_relays():
    auditar("prueba", "una")
    tasks.relay()
    assert not Operacion.objects.filter(relay_seq=None).exists()


def test_every_schedule_names_a_task_that_exists():
    current_app.loader.import_default_modules()
    assert {schedule.task for schedule in SCHEDULES} <= set(current_app.tasks)


def test_a_daily_schedule_takes_nobody_elses_crontab(settings):
    weekly = {"minute": "0", "hour": "2", "day_of_week": "1", "timezone": settings.TIME_ZONE}
    CrontabSchedule.objects.create(**weekly)
    CrontabSchedule.objects.create(**weekly | {"day_of_week": "2"})
    export = next(s for s in SCHEDULES if s.task == "ingestion.tasks.export")
    assert export.when()["crontab"].day_of_week == "*"
    assert export.when() == export.when()


# Pages.


@pytest.mark.parametrize(
    "model",
    ["periodictask", "crontabschedule", "intervalschedule", "solarschedule", "clockedschedule"],
)
def test_the_schedule_pages_open(admin_client, model):
    for view in ("changelist", "add"):
        answer = admin_client.get(reverse(f"admin:django_celery_beat_{model}_{view}"))
        assert answer.status_code == 200


def test_staff_change_when_a_schedule_goes(admin_client):
    nightly = PeriodicTask.objects.get(name="Exportación al lago")
    early = CrontabSchedule.objects.create(hour="4", minute="15")
    url = reverse("admin:django_celery_beat_periodictask_change", args=[nightly.pk])
    answer = admin_client.get(url)
    assert "ingestion.tasks.export" in answer.content.decode()
    data = {
        "name": nightly.name,
        "regtask": "ingestion.tasks.export",
        "task": "",
        "enabled": "on",
        "crontab": early.pk,
        "args": "[]",
        "kwargs": '{"databases": ["mysql"]}',
        "headers": "{}",
    }
    saved = admin_client.post(url, data)
    assert saved.status_code == 302, saved.context["adminform"].form.errors
    nightly.refresh_from_db()
    assert (nightly.crontab, nightly.kwargs) == (early, data["kwargs"])


@pytest.mark.parametrize(
    ("crontab", "language", "said"),
    [
        ({"minute": "0", "hour": "2"}, "es", "A las 02:00 (UTC)"),
        ({"minute": "0", "hour": "2"}, "en", "At 02:00 (UTC)"),
    ],
)
def test_a_crontab_is_told_in_words(crontab, language, said):
    with translation.override(language):
        assert in_words(CrontabSchedule(**crontab)) == said


def test_a_crontab_that_can_not_be_told_is_shown_as_it_is():
    crontab = CrontabSchedule(minute="")
    assert in_words(crontab) == str(crontab)


def test_the_list_tells_when_each_schedule_goes(admin_client):
    url = reverse("admin:django_celery_beat_periodictask_changelist")
    page = admin_client.get(url, headers={"Accept-Language": "es"}).content.decode()
    assert "A las 02:00 (America/Lima)" in page


def test_a_crontab_page_shows_what_uses_it(admin_client):
    crontab = PeriodicTask.objects.get(name="Exportación al lago").crontab
    url = reverse("admin:django_celery_beat_crontabschedule_change", args=[crontab.pk])
    assert "Exportación al lago" in admin_client.get(url).content.decode()


def test_schedules_are_for_those_who_may(client):
    client.force_login(User.objects.create(username="ana", is_staff=True))
    url = reverse("admin:django_celery_beat_periodictask_changelist")
    assert client.get(url).status_code == 403
