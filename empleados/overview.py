"""How empleados are found."""

from core.overview import Finder

FINDERS = [
    Finder(
        "empleados.Empleado", icon="badge", order=90, exact=("codigo",), detail=("rol", "oficina")
    ),
]
