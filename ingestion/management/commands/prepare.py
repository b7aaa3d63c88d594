import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand

from clientes.models import Cliente
from ingestion.lake import lake
from ingestion.snapshots.manifest import current_id

ADMINISTRATOR = "admin"
CLIENTES = 500
SEED = 1


class Command(BaseCommand):
    help = (
        "Deja Cartera lista para servir: almacenes, administrador y, la primera vez, una cartera de "
        "muestra y un snapshot. Repetirlo conserva lo que hay."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate_stores", verbosity=0)
        password = administrator()
        self._fill()
        if current_id(lake()) is None:
            call_command("export_snapshot", wait=True, stdout=self.stdout)
        self.stdout.write(
            self.style.SUCCESS("Cartera está lista.")
            + f"\n  Usuario:     {ADMINISTRATOR}\n  Contraseña:  {password}\n"
        )

    def _fill(self) -> None:
        """Write the demo into empty stores, and finish one that was cut short."""
        unfinished = Path(settings.VAR_DIR) / "demo_en_curso"
        if Cliente.objects.exists() and not unfinished.exists():
            return
        unfinished.touch()
        call_command("demo", clientes=CLIENTES, seed=SEED, cuentas=True, stdout=self.stdout)
        unfinished.unlink()


def administrator() -> str:
    """Return the administrator's password, made on the first start and kept under var/."""
    kept = Path(settings.VAR_DIR) / "administrador"
    user = User.objects.filter(username=ADMINISTRATOR).first()
    if user is None:
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(9))
        User.objects.create_superuser(ADMINISTRATOR, password=kept.read_text())
    elif not kept.exists() or not user.check_password(kept.read_text()):
        return "la que usted eligió"
    return kept.read_text()
