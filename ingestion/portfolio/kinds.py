"""What an import brings in, each kind after those it refers to."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models

from core.entities import Entity


@dataclass(frozen=True)
class Kind:
    """A kind of row that a mapping may describe.

    `shared`: many lines speak of the same row, and the first one wins; lines that tell one row of any
    other kind in two ways are refused. Its clean() is asked of each row; that of the others is for
    people at work, and asks the store about each row: its sums are checked for many lines at once
    (`Balance`), and whether the póliza could change or covered a reclamo was settled at the origin.
    `adopted`: a row that the store already has under the same unique value is taken as it is.
    `flagged`: columns that two rows should not share, and may.
    """

    name: str
    label: str
    shared: bool = False
    adopted: bool = False
    flagged: tuple[str, ...] = ()

    @cached_property
    def model(self) -> type[Entity]:
        model: Any = apps.get_model(self.label)
        return model  # type: ignore[no-any-return]

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def titles(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def field(self, name: str) -> "models.Field[Any, Any]":
        return self.fields[name]

    @cached_property
    def fields(self) -> dict[str, "models.Field[Any, Any]"]:
        """Return the fields that a mapping may give a value to."""
        derived = {"id", "version", "modificado", "busqueda"}
        return {f.name: f for f in self.model._meta.concrete_fields if f.name not in derived}

    @cached_property
    def unique_sets(self) -> list[tuple[str, ...]]:
        """Return the columns, alone or together, whose values no two rows may share."""
        alone = [
            (field.attname,)
            for field in self.fields.values()
            if field.unique and not field.primary_key
        ]
        together = [
            tuple(self.field(name).attname for name in constraint.fields)
            for constraint in self.model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
            and constraint.fields
            and constraint.condition is None
        ]
        return [*alone, *together]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("especialidad", "especialidades.Especialidad", shared=True, adopted=True),
        Kind("aseguradora", "polizas.Aseguradora", shared=True, adopted=True),
        Kind("producto", "polizas.Producto", shared=True, adopted=True),
        Kind("agente", "agentes.Agente", shared=True, adopted=True),
        Kind("usuario", "clientes.Usuario", shared=True),
        Kind(
            "cliente",
            "clientes.Cliente",
            shared=True,
            flagged=("numero_documento", "pais_documento"),
        ),
        Kind("poliza", "polizas.Poliza"),
        Kind("cobertura", "polizas.Cobertura"),
        Kind("beneficiario", "polizas.BeneficiarioPoliza"),
        Kind("recibo", "polizas.Recibo"),
        Kind("bien", "bienes.Bien"),
        Kind("reclamo", "siniestros.Reclamo"),
        Kind("pago", "siniestros.Pago"),
    )
}
