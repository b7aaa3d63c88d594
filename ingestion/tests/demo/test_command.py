import signal
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from clientes.models import Cliente, Consentimiento
from core.leases import lease
from core.models import Lease
from ingestion.demo import write
from ingestion.demo.asked import plan_for
from ingestion.demo.write import ORDER, Written, write_demo
from ingestion.management.commands.demo import progress, stoppable

pytestmark = pytest.mark.django_db(databases="__all__")


def demo(*args, **options):
    """Return what the command says: what it did, and how it went on meanwhile."""
    out, err = StringIO(), StringIO()
    call_command("demo", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def batches_of_five(monkeypatch):
    monkeypatch.setattr("ingestion.demo.plan.BATCH", 5)


@pytest.fixture
def telling_all(monkeypatch):
    monkeypatch.setattr("ingestion.management.commands.demo.EVERY", 0)


def test_it_says_what_is_there_at_the_end():
    out, _err = demo("--clientes", "12", "--seed", "5", "--hoy", "2026-03-01")
    assert out == "Cartera de muestra al 2026-03-01: 12 clientes.\n"
    assert Cliente.objects.count() == 12


def test_today_is_the_day_unless_another_is_given():
    out, _err = demo(clientes=3, seed=8)
    assert f"al {timezone.localdate()}" in out


# How far it has come.


@pytest.mark.usefixtures("batches_of_five", "telling_all")
def test_it_tells_of_each_batch_apart_from_what_it_did():
    out, err = demo("--clientes", "12")
    lines = err.splitlines()
    assert [line.split()[0] for line in lines] == ["5", "10", "12"]
    assert all("de 12 clientes" in line and "filas" in line for line in lines)
    assert out.count("\n") == 1


def test_what_takes_no_time_is_told_once():
    _out, err = demo("--clientes", "12")
    assert err.count("\n") == 1


@pytest.mark.usefixtures("batches_of_five")
def test_it_tells_what_was_there_already():
    first = write_demo(plan_for(12, 1, None, today=timezone.localdate()))
    next(first)
    first.close()
    _out, err = demo("--clientes", "12")
    assert "12 de 12 clientes" in err
    assert "5 ya estaban" in err


@pytest.mark.parametrize(
    ("step", "seconds", "said"),
    [
        (
            Written(2_000, 0, 30_500),
            10,
            "2.000 de 12.000 clientes · 30.500 filas · 200 clientes por segundo · quedan 0 min 50 s",
        ),
        (
            Written(4_000, 2_000, 31_000),
            20,
            "4.000 de 12.000 clientes · 31.000 filas · 100 clientes por segundo · 2.000 ya estaban "
            "· quedan 1 min 20 s",
        ),
        (
            Written(12_000, 0, 180_000),
            60,
            "12.000 de 12.000 clientes · 180.000 filas · 200 clientes por segundo",
        ),
    ],
)
def test_progress_says_how_much_how_fast_and_how_long_it_still_takes(step, seconds, said):
    assert progress(step, 12_000, seconds) == said


@pytest.mark.parametrize("seconds", [0, 0.0000001, 10**9])
def test_progress_is_told_of_any_clock(seconds):
    assert progress(Written(1_000, 0, 1), 2_000, seconds).startswith("1.000 de 2.000")


# Somebody stops it.


@pytest.fixture(autouse=True)
def listened_to():
    """Ctrl-C is heard, also where whoever started the tests in the background ignored it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupting(monkeypatch, *, times, batch=1):
    """Press Ctrl-C so many times while a batch is being made."""
    whole = write.build

    def build(plan, sold, number):
        if number == batch:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
        return whole(plan, sold, number)

    monkeypatch.setattr(write, "build", build)


@pytest.mark.usefixtures("batches_of_five")
def test_ctrl_c_ends_the_batch_that_was_begun(monkeypatch):
    interrupting(monkeypatch, times=1)
    with pytest.raises(CommandError, match="Interrumpido con 10 de 18 clientes escritos"):
        demo("--clientes=18")
    given = Consentimiento.objects.filter(finalidad="gestion").values_list("cliente", flat=True)
    assert set(given) == set(Cliente.objects.values_list("pk", flat=True))
    assert Cliente.objects.count() == 10


@pytest.mark.usefixtures("batches_of_five")
def test_ctrl_c_says_what_it_waits_for(monkeypatch):
    interrupting(monkeypatch, times=1)
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("demo", "--clientes=18", stdout=StringIO(), stderr=err)
    assert "otro Ctrl-C lo corta" in err.getvalue()


@pytest.mark.usefixtures("batches_of_five")
def test_a_second_ctrl_c_cuts_it_short(monkeypatch):
    interrupting(monkeypatch, times=2)
    with pytest.raises(CommandError, match="Interrumpido: la misma orden sigue donde quedó"):
        demo("--clientes=18")
    assert Cliente.objects.count() == 5


@pytest.mark.usefixtures("batches_of_five")
@pytest.mark.parametrize("times", [1, 2])
def test_the_same_command_finishes_what_was_stopped(monkeypatch, times):
    with monkeypatch.context() as patch:
        interrupting(patch, times=times)
        with pytest.raises(CommandError):
            demo("--clientes=18")
    out, _err = demo("--clientes=18")
    assert "18 clientes" in out
    assert Cliente.objects.count() == 18
    plan = plan_for(18, 1, None, today=timezone.localdate())
    found = {model: set(model.objects.values_list("pk", flat=True)) for model in ORDER}
    assert found == {
        model: {
            row.pk
            for number in range(plan.batches)
            for row in write.build(plan, write.catalogue({}), number).rows[model]
        }
        for model in ORDER
    }


@pytest.mark.usefixtures("batches_of_five")
def test_ctrl_c_at_the_last_batch_comes_too_late(monkeypatch):
    interrupting(monkeypatch, times=1, batch=2)
    out, _err = demo("--clientes=12")
    assert "12 clientes" in out


def test_ctrl_c_is_what_it_was_once_the_command_is_done():
    before = signal.getsignal(signal.SIGINT)
    demo("--clientes=2")
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_is_what_it_was_after_a_failure():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(RuntimeError), stoppable(lambda: None):
        raise RuntimeError
    assert signal.getsignal(signal.SIGINT) is before


def test_nobody_asked_to_stop_unless_they_did():
    told = []
    with stoppable(lambda: told.append("told")) as stopped:
        assert not stopped()
        signal.raise_signal(signal.SIGINT)
        assert stopped()
        assert told == ["told"]


# Two at once.


def test_a_second_demo_at_the_same_time_is_refused_with_a_sentence():
    with lease("demo"), pytest.raises(CommandError, match="Otro proceso está escribiendo"):
        demo("--clientes=3")
    assert not Cliente.objects.exists()


def test_the_turn_is_given_back():
    demo("--clientes=3")
    with pytest.raises(CommandError):
        demo("--clientes=3")
    assert not Lease.objects.filter(name="demo").exists()


@pytest.mark.usefixtures("batches_of_five")
def test_who_lost_their_turn_stops():
    steps = write_demo(plan_for(12, 1, None, today=timezone.localdate()))
    next(steps)
    Lease.objects.filter(name="demo").delete()  # as if it had run out, and another had ended
    with pytest.raises(write.DemoRefused, match="Otro proceso"):
        next(steps)
    demo("--clientes=12")
    assert Cliente.objects.count() == 12


@pytest.mark.usefixtures("batches_of_five")
def test_the_turn_of_who_died_runs_out(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(write, "PATIENCE", timedelta(minutes=-1))
        dead = write_demo(plan_for(12, 1, None, today=timezone.localdate()))
        next(dead)
    demo("--clientes=12")
    assert Cliente.objects.count() == 12


# What is refused.


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


# With accounts.


def test_it_makes_no_accounts_unless_it_is_asked_to():
    demo("--clientes=3")
    assert not User.objects.exists()


def test_it_says_each_account_with_its_role_and_its_password():
    out, _err = demo("--clientes=3", "--cuentas")
    lines = {line.split()[0]: line.split() for line in out.splitlines() if line.startswith("  ")}
    assert set(lines) == set(User.objects.values_list("username", flat=True))
    for username, line in lines.items():
        assert User.objects.get(username=username).check_password(line[1])


def test_a_demo_that_is_there_already_may_still_be_given_accounts():
    demo("--clientes=3")
    out, _err = demo("--clientes=3", "--cuentas")
    assert "Cuentas para probar cada rol" in out
    assert User.objects.exists()
    assert Cliente.objects.count() == 3


def test_a_password_is_said_once():
    first, _err = demo("--clientes=3", "--cuentas")
    second, _err = demo("--clientes=3", "--cuentas")
    secrets = {line.split()[1] for line in first.splitlines() if line.startswith("  ")}
    assert not any(secret in second for secret in secrets)
    assert second.count("ya existía: conserva su contraseña") == len(secrets)
