from typing import Any
from uuid import UUID

from agentes.models import Agente
from core.rights import Limit

ROL = "Agente"
NOBODY = UUID(int=0)


def su_cartera(user: Any) -> Limit | None:
    """Limit an account of the role Agente to the portfolio of the agente whose account it is.

    An account of that role which is no agente's sees no portfolio at all.
    """
    if not user.groups.filter(name=ROL).exists():
        return None
    own = Agente.objects.filter(cuenta=user.pk).values_list("pk", flat=True).first()
    return Limit("pk", own or NOBODY)  # a lookup of None would find the rows of no agente
