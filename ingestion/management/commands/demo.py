import signal
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ingestion.demo.accounts import open_accounts
from ingestion.demo.asked import DemoRefused, NothingMissing, miles, plan_for
from ingestion.demo.plan import Plan
from ingestion.demo.write import Written, write_demo

EVERY = 5.0  # seconds between one line of progress and the next


def entero(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"«{text}» no es un número entero.") from None


def dia(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"«{text}» no es un día: escriba AAAA-MM-DD.") from None


class Command(BaseCommand):
    help = (
        "Escribe una cartera de muestra en todos los almacenes. Con los mismos argumentos, las mismas "
        "filas; interrumpida, la misma orden sigue donde quedó."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--clientes", type=entero, required=True, metavar="N", help="Cuántos clientes."
        )
        parser.add_argument(
            "--seed", type=entero, default=1, metavar="S", help="Otra semilla, otra cartera (1)."
        )
        parser.add_argument(
            "--hoy",
            type=dia,
            metavar="AAAA-MM-DD",
            help="El día al que está la cartera: si no se da, hoy.",
        )
        parser.add_argument(
            "--cuentas",
            action="store_true",
            help="Abre además una cuenta para probar cada rol, con una contraseña que se dice una vez.",
        )

    def handle(
        self, *args: Any, clientes: int, seed: int, hoy: date | None, cuentas: bool, **options: Any
    ) -> None:
        try:
            plan = plan_for(clientes, seed, hoy, today=timezone.localdate())
            self._write(plan)
        except NothingMissing as refusal:
            if not cuentas:
                raise CommandError(str(refusal)) from refusal
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            raise CommandError("Interrumpido: la misma orden sigue donde quedó.") from None
        if cuentas:
            self._open_accounts(seed)

    def _write(self, plan: Plan) -> None:
        with closing(write_demo(plan)) as steps, stoppable(self._tell_stopping) as stopped:
            last = self._follow(plan.clientes, steps, stopped)
        if last.clientes < plan.clientes:
            raise CommandError(
                f"Interrumpido con {miles(last.clientes)} de {miles(plan.clientes)} clientes "
                "escritos: la misma orden sigue donde quedó."
            )
        self.stdout.write(
            self.style.SUCCESS(
                f"Cartera de muestra al {plan.hoy}: {miles(plan.clientes)} clientes."
            )
        )

    def _follow(
        self, clientes: int, steps: Generator[Written], stopped: Callable[[], bool]
    ) -> Written:
        began = told = monotonic()
        for step in steps:
            now = monotonic()
            if now - told >= EVERY or step.clientes == clientes:
                self._progress(progress(step, clientes, now - began))
                told = now
            if stopped():
                break
        return step

    def _tell_stopping(self) -> None:
        self._progress("Se termina el lote que está a medias; otro Ctrl-C lo corta.")

    def _progress(self, text: str) -> None:
        self.stderr.write(text, lambda plain: plain)  # no error, so not in its colour

    def _open_accounts(self, seed: int) -> None:
        self.stdout.write("Cuentas para probar cada rol; las contraseñas no se vuelven a decir:")
        for account in open_accounts(seed):
            secret = account.password or "ya existía: conserva su contraseña"
            owner = f" · {account.owner}" if account.owner else ""
            self.stdout.write(f"  {account.username:<15} {secret:<14} · {account.role}{owner}")


def progress(step: Written, clientes: int, seconds: float) -> str:
    """Return how far it has come, how fast it goes, and when it should be done."""
    rate = (step.clientes - step.antes) / max(seconds, 0.001)
    left = round((clientes - step.clientes) / max(rate, 0.001))
    told = [
        f"{miles(step.clientes)} de {miles(clientes)} clientes",
        f"{miles(step.filas)} filas",
        f"{miles(round(rate))} clientes por segundo",
    ]
    if step.antes:
        told.append(f"{miles(step.antes)} ya estaban")
    if left:
        told.append(f"quedan {left // 60} min {left % 60:02} s")
    return " · ".join(told)


@contextmanager
def stoppable(tell: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Have the first Ctrl-C only ask to stop, told by the call that this yields; the second stops."""
    asked = False

    def ask(*args: Any) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)
        tell()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
