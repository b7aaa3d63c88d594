from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clientes.models import Cliente
from ingestion.demo.write import plan_for, write_demo

pytestmark = pytest.mark.django_db(databases="__all__")


def demo(*args, **options):
    out = StringIO()
    call_command("demo", *args, stdout=out, **options)
    return out.getvalue()


def test_it_tells_how_far_it_has_come():
    told = demo("--clientes", "12", "--seed", "5", "--hoy", "2026-03-01")
    assert "12 de 12 clientes" in told
    assert "Cartera de muestra al 2026-03-01: 12 clientes." in told
    assert Cliente.objects.count() == 12


def test_it_tells_what_was_there_already(monkeypatch):
    monkeypatch.setattr("ingestion.demo.plan.BATCH", 5)
    first = write_demo(plan_for(12, 1, None, today=timezone.localdate()))
    next(first)
    first.close()
    assert "12 de 12 clientes" in (told := demo("--clientes", "12"))
    assert "5 ya estaban" in told


def test_it_tells_of_each_batch_that_takes_long(monkeypatch):
    monkeypatch.setattr("ingestion.demo.plan.BATCH", 5)
    monkeypatch.setattr("ingestion.management.commands.demo.EVERY", 0)
    assert [line.split()[0] for line in demo("--clientes", "12").splitlines()][:3] == [
        "5",
        "10",
        "12",
    ]


def test_today_is_the_day_unless_another_is_given():
    assert f"al {timezone.localdate()}" in demo(clientes=3, seed=8)


@pytest.mark.parametrize("clientes", ["0", "-4", "10000000"])
def test_the_number_of_clientes_has_limits(clientes):
    with pytest.raises(CommandError, match=r"--clientes va de 1 a 9\.999\.999"):
        demo(f"--clientes={clientes}")


@pytest.mark.parametrize("seed", ["-1", "100000"])
def test_the_seed_has_limits(seed):
    with pytest.raises(CommandError, match=r"--seed va de 0 a 99\.999"):
        demo("--clientes=1", f"--seed={seed}")


@pytest.mark.parametrize("days", [1, 400])
def test_a_day_that_has_not_come_is_refused(days):
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(CommandError, match=f"no puede ser {day}"):
        demo("--clientes=1", f"--hoy={day}")


def test_a_day_before_the_trade_kept_computers_is_refused():
    with pytest.raises(CommandError, match="--hoy va de 2000-01-01"):
        demo("--clientes=1", "--hoy=1999-12-31")


def test_what_is_no_number_is_told():
    with pytest.raises(CommandError, match="«muchos» no es un número entero"):
        demo("--clientes=muchos")


def test_what_is_no_day_is_told():
    with pytest.raises(CommandError, match="«ayer» no es un día: escriba AAAA-MM-DD"):
        demo("--clientes=1", "--hoy=ayer")


def test_doing_it_twice_is_refused_with_a_sentence():
    demo("--clientes=3")
    with pytest.raises(CommandError, match="Los 3 clientes de esta demostración ya están"):
        demo("--clientes=3")
