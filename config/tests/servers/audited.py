"""Hold what was audited against what was committed, from inside a house: python -m …; prints what differs as JSON."""

import json
import os
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from bitacora import relay  # noqa: E402
from bitacora.datasets import DATASETS  # noqa: E402
from bitacora.stores import bitacora  # noqa: E402
from bitacora.tables import TRANSACTION_AUDIT  # noqa: E402
from core.history import is_history, settled  # noqa: E402
from core.models import Lease  # noqa: E402
from polizas.models import Cobro  # noqa: E402
from siniestros.models import Pago, Reclamo  # noqa: E402

ALWAYS = datetime.max.replace(tzinfo=UTC)
KINDS = {"+": "crear", "~": "modificar", "-": "borrar"}


def committed() -> Counter[Any]:
    """Each change of each row, as the stores themselves tell it."""
    found: Counter[Any] = Counter()
    for models in relay.outboxes().values():
        for model in models:
            if is_history(model):
                rows = settled(model, model._base_manager.all())
                name = model.instance_type._meta.model_name  # type: ignore[attr-defined]
                found.update((name, str(r.id), r.version, KINDS[r.history_type]) for r in rows)
    return found


def audited() -> Counter[Any]:
    return Counter(
        (row["modelo"], row["objeto_id"], row["version"], row["operacion"])
        for row in bitacora().scan(TRANSACTION_AUDIT, until=ALWAYS)
        if row["modelo"]
    )


def versions() -> Counter[Any]:
    """The changes that each row there is must have had, by its version alone."""
    found: Counter[Any] = Counter()
    for models in relay.outboxes().values():
        for model in models:
            if is_history(model):
                entity = model.instance_type  # type: ignore[attr-defined]
                name = entity._meta.model_name
                for key, version in entity._base_manager.values_list("pk", "version"):
                    found.update((name, str(key), number) for number in range(1, version + 1))
    return found


def last_told(table: str) -> dict[str, str]:
    dataset = next(d for d in DATASETS if d.table == table)
    place = list(dataset.columns)
    which = "estado" if table == "reclamos" else "tipo"
    return {
        str(row[place.index("id")]): f"{row[place.index(which)]} {row[place.index('monto')]}"
        for row in dataset.rows(until=ALWAYS)
    }


def differences() -> dict[str, Any]:
    Lease.objects.all().delete()  # of processes that are all dead
    relay.run()
    made, told, alive = committed(), audited(), versions()
    reclamos = {str(r.pk): f"{r.estado} {r.monto}" for r in Reclamo.objects.all()}
    pagos = {str(p.pk): f"siniestro {p.monto}" for p in Pago.objects.all()}
    pagos |= {str(c.pk): f"prima {c.monto}" for c in Cobro.objects.all()}
    seen = Counter((name, key, version) for name, key, version, _kind in told.elements())
    return {
        "committed": sum(made.values()),
        "kinds": sorted({name for name, *_rest in made}),
        "not audited": [list(map(str, one)) for one in (made - told)],
        "audited without being committed": [list(map(str, one)) for one in (told - made)],
        "versions not audited once": [list(map(str, one)) for one in alive if seen[one] != 1],
        "reclamos": sorted(reclamos.items() ^ last_told("reclamos").items()),
        "pagos": sorted(pagos.items() ^ last_told("pagos").items()),
    }


if __name__ == "__main__":
    print(json.dumps(differences()))  # noqa: T201  (its one way to tell)
