"""What stops the start: a reference that no database could hold, a setting that makes no sense."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db.models import ForeignKey, ManyToManyField

from core.access import INTERFACES
from core.history import is_history
from core.references import StoreForeignKey
from core.stores import store_of


@register()
def references_across_stores_are_declared(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A plain relation across stores would be joined; a StoreForeignKey inside one guards less."""
    found: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if not isinstance(field, ForeignKey | ManyToManyField):
                continue
            here, there = (store_of(m._meta.app_label) for m in (model, field.remote_field.model))
            if here != there and not isinstance(field, StoreForeignKey):
                found.append(
                    Error(
                        f"{field} apunta del almacén {here!r} al almacén {there!r}: "
                        "declárelo como StoreForeignKey.",
                        id="core.E001",
                    )
                )
            if here == there and isinstance(field, StoreForeignKey) and not is_history(model):
                found.append(
                    Error(
                        f"{field} no sale del almacén {here!r}: declárelo como ForeignKey.",
                        id="core.E002",
                    )
                )
    return found


@register()
def stores_have_addresses_of_their_own(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Two stores at one address would take each other's migrations for their own."""
    found: list[CheckMessage] = []
    seen: dict[tuple[str, ...], str] = {}
    for alias, database in settings.DATABASES.items():
        address = tuple(str(database.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "NAME"))
        variable = "DATABASE_URL" if alias == "default" else f"{alias.upper()}_URL"
        other = seen.setdefault(address, variable)
        if other != variable:
            found.append(
                Error(
                    f"{other} y {variable} nombran la misma base de datos: dé una a cada almacén.",
                    id="core.E011",
                )
            )
    return found


@register()
def open_interfaces_are_known(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    unknown = sorted(set(settings.OPEN_INTERFACES) - set(INTERFACES))
    return [
        Error(f"OPEN_INTERFACES: {name!r} no existe; hay {', '.join(INTERFACES)}.", id="core.E010")
        for name in unknown
    ]
