"""Whether somebody has decided about each field that may hold personal data, before the lake reads it."""

from collections.abc import Iterator, Mapping, Sequence

from django.apps import apps
from django.db import models

from core.datasets import Personal
from core.entities import Entity
from ingestion.schema import LakeTable

SAYING = (models.CharField, models.TextField, models.DateField, models.JSONField)


def undecided(tables: Sequence[LakeTable], declared: Mapping[str, Personal]) -> Iterator[str]:
    """Yield a sentence for each decision about personal data that is missing."""
    for model in {table.model: None for table in tables if table.model}:
        yield from _of_model(model, declared.get(model._meta.label))
    for label in declared:
        yield from _names_that_are_none(declared[label])
    for table in tables:
        for column in table.columns:
            field = column.field
            if field is None or column.name in table.dataset.personal:
                continue
            personal = declared.get(field.model._meta.label)
            if personal and field.name in personal.fields:
                yield (
                    f"{table.path}: {column.name} lee {field}, un dato personal: su dataset debe decir "
                    "en `personal` qué recibe el lago (plain, masked, pseudonym o dropped)."
                )


def _of_model(model: type[models.Model], personal: Personal | None) -> Iterator[str]:
    decided = {*personal.fields, *personal.others} if personal else set()
    every_entity = {field.name for field in Entity._meta.local_fields}
    for field in model._meta.concrete_fields:
        if not isinstance(field, SAYING) or field.choices or field.name in every_entity:
            continue
        if field.name not in decided:
            yield f"{field} puede ser un dato personal: PERSONAL de su app debe decir si lo es."


def _names_that_are_none(personal: Personal) -> Iterator[str]:
    model = apps.get_model(personal.model)
    fields = {field.name for field in model._meta.concrete_fields}
    for name in (*personal.fields, *personal.others):
        if name not in fields:
            yield f"PERSONAL: {personal.model} no tiene el campo {name}."
    if twice := sorted({*personal.fields} & {*personal.others}):
        yield f"PERSONAL: {personal.model} dice de {', '.join(twice)} que es y que no es personal."
