import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext_lazy as _

from core.access import INTERFACES

ALONE = [name for name in INTERFACES if find_spec(f"config.interfaces.{name}")]


class Command(BaseCommand):
    help = str(_("Sirve una interfaz sola, en la raíz de un puerto suyo."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("interface", choices=ALONE, help=str(_("Cuál.")))
        parser.add_argument("--port", type=int, required=True, help=str(_("En qué puerto.")))
        parser.add_argument("--host", default="127.0.0.1", help=str(_("En qué dirección.")))

    def handle(self, *args: Any, **options: Any) -> None:
        os.environ["INTERFACE"] = options["interface"]
        # The ports that it takes over spoke plain HTTP.
        os.environ.setdefault("HTTPS", "False")
        if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)
        bind = f"{options['host']}:{options['port']}"
        serving = ["-m", "gunicorn", "config.wsgi", "--bind", bind, "--workers", "1", "--threads"]
        os.execv(sys.executable, [sys.executable, *serving, "8"])
