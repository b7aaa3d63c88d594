from typing import Any

from core.rights import Limit
from empleados.models import Empleado


def su_oficina(user: Any) -> Limit | None:
    """Limit the account of an empleado to the agentes of their oficina, where they are so set."""
    suyas = Empleado.objects.filter(cuenta=user.pk, solo_su_oficina=True)
    oficina = suyas.values_list("oficina", flat=True).first()
    return None if oficina is None else Limit("oficina", oficina)
