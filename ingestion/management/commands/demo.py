from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ingestion.demo.write import DemoRefused, Written, miles, plan_for, write_demo

EVERY = 5.0


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

    def handle(
        self, *args: Any, clientes: int, seed: int, hoy: date | None, **options: Any
    ) -> None:
        try:
            plan = plan_for(clientes, seed, hoy, today=timezone.localdate())
            self._follow(plan.clientes, write_demo(plan))
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            self.style.SUCCESS(f"Cartera de muestra al {plan.hoy}: {miles(clientes)} clientes.")
        )

    def _follow(self, clientes: int, steps: Any) -> None:
        began = told = monotonic()
        for step in steps:
            now = monotonic()
            if now - told >= EVERY or step.clientes == clientes:
                self._tell(step, clientes, now - began)
                told = now

    def _tell(self, step: Written, clientes: int, seconds: float) -> None:
        rate = round((step.clientes - step.antes) / max(seconds, 0.001))
        antes = f", {miles(step.antes)} ya estaban" if step.antes else ""
        self.stdout.write(
            f"{miles(step.clientes)} de {miles(clientes)} clientes ({miles(rate)} por segundo{antes})"
        )
