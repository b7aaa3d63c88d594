"""What the first start leaves ready; the commands that it calls have tests of their own."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from clientes.tests.factories import ClienteFactory
from ingestion.management.commands import prepare

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def called(monkeypatch):
    """The commands that it calls, by name, with what it asks of each."""
    found = {}
    monkeypatch.setattr(
        prepare, "call_command", lambda name, **options: found.setdefault(name, options)
    )
    return found


def ready():
    out = StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue()


def test_the_first_start_fills_the_stores_and_opens_an_account_for_each_role(called):
    ready()
    assert list(called) == ["migrate_stores", "demo", "export_snapshot"]
    asked = called["demo"]
    assert (asked["clientes"], asked["seed"], asked["cuentas"]) == (500, 1, True)


def test_stores_with_clientes_are_left_alone(called):
    ClienteFactory()
    ready()
    assert "demo" not in called


def test_a_demo_that_was_cut_short_is_asked_for_again(called, own_var):
    ClienteFactory()
    (own_var / "demo_en_curso").touch()
    ready()
    assert "demo" in called
    assert not (own_var / "demo_en_curso").exists()


def test_a_demo_that_fails_is_asked_for_the_next_time(monkeypatch, own_var):
    def fail(name, **options):
        if name == "demo":
            raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "call_command", fail)
    with pytest.raises(KeyboardInterrupt):
        ready()
    assert (own_var / "demo_en_curso").exists()


@pytest.mark.usefixtures("called")
def test_the_administrator_signs_in_with_what_it_says(own_var):
    said = ready()
    kept = Path(own_var / "administrador").read_text()
    assert kept in said
    assert User.objects.get(username="admin").check_password(kept)


@pytest.mark.usefixtures("called")
def test_a_second_start_says_the_same_password():
    assert ready() == ready()
    assert User.objects.filter(username="admin").count() == 1


@pytest.mark.usefixtures("called")
def test_a_password_that_somebody_chose_is_not_said():
    ready()
    admin = User.objects.get(username="admin")
    admin.set_password("la mía")
    admin.save()
    said = ready()
    assert "la que usted eligió" in said
    assert "la mía" not in said
