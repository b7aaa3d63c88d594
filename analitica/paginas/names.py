"""How the keys of an answer are called: those of the contract in words, those that are stored as they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Names:
    """What a page calls a key, and what a file does."""

    shown: Callable[[str], str]
    filed: Callable[[str], str]


def stored(key: str) -> str:
    return key


def month(key: str) -> str:
    """Return "2026-03" as people write it."""
    year, number = key.split("-")
    return date_format(date(int(year), int(number), 1), "M Y")


def hour(key: str) -> str:
    return f"{key}:00"


def words(known: Mapping[str, str | Promise]) -> Names:
    """Return the names of `known`; a key that it lacks is called as it is stored."""

    def said(key: str) -> str:
        return str(known.get(key, key))

    return Names(said, said)


STORED = Names(stored, stored)
MONTHS = Names(month, stored)
HOURS = Names(hour, hour)
ROLES = words({"USER": _("Usuario"), "AGENT": _("Agente"), "ADMIN": _("Administrador")})
AGES = words({"<18": _("Menos de 18"), ">65": _("Más de 65")})
PREMIUMS = words({"< 100": _("Menos de 100"), ">= 1000": _("1000 o más")})
POLICIES = words({"6+": _("6 o más")})
DAYS = words(
    {
        "monday": _("lunes"),
        "tuesday": _("martes"),
        "wednesday": _("miércoles"),
        "thursday": _("jueves"),
        "friday": _("viernes"),
        "saturday": _("sábado"),
        "sunday": _("domingo"),
    }
)
STEPS = words(
    {
        "total_users": _("Usuarios"),
        "users_to_clients": _("Usuarios que son clientes"),
        "clients_to_policyholders": _("Clientes con póliza"),
    }
)
