"""Whose figures a person may see."""

from dataclasses import dataclass
from typing import Any

from agentes.models import Agente
from core import rights


@dataclass(frozen=True)
class Scope:
    """The house, where `agents` is None; else the portfolio of these agentes, and what `account` did."""

    agents: tuple[str, ...] | None = None
    account: str = ""


HOUSE = Scope()


def scope_of(user: Any) -> Scope:
    if not rights.limits_of(user):
        return HOUSE
    agents = rights.visible(user, Agente._default_manager.all()).order_by("pk")
    return Scope(tuple(str(pk) for pk in agents.values_list("pk", flat=True)), str(user.pk))
