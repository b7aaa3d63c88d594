"""The entity: what every row that staff work on has, and how it is written."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from core.bulk import Stage, insert_with_history
from core.history import announced, history
from core.lookups import StoreQuerySet
from core.references import batched, check_references_of
from core.stores import atomic, store_for
from core.text import formas, indexar

EntityT = TypeVar("EntityT", bound="Entity", covariant=True)

BATCH = 1000
WORDS = 8  # of a search; who types more than these needs no more of them


class VersionConflict(ValidationError):
    """Somebody else saved the row after it was read: nothing was written."""


class WithoutHistory(TypeError):
    """A write that would leave no history."""


class EntityQuerySet(StoreQuerySet[EntityT]):
    """Rows that are never changed without their history."""

    def bulk_create(  # type: ignore[override]
        self, objs: Iterable[EntityT], batch_size: int | None = None, **unsupported: Any
    ) -> list[EntityT]:
        """Insert the rows and their history in one transaction, checking their references first.

        A row with `stages` brings its whole history: its version and its modificado follow from it.
        """
        if any(unsupported.values()):
            raise WithoutHistory("bulk_create of an entity can't ignore or update conflicts")
        rows = list(objs)
        for row in rows:
            row.prepare()
            if row.stages:
                row.version, row.modificado = len(row.stages), row.stages[-1].moment
        self._prepare_for_bulk_create(rows)  # type: ignore[attr-defined]
        with atomic(self.model):
            check_references_of(rows)
            for some in batched(rows, batch_size or BATCH):
                insert_with_history(some)
        return rows

    def matching(self, term: str, paths: Collection[str] = ("busqueda",)) -> Self:
        """Those that have every word of `term` in one of `paths`, without accents, case or separators."""
        said: list[Any] = []
        for word in term.split()[:WORDS]:
            ways = [(f"{path}__contains", form) for path in paths for form in formas(word)]
            # Conditions on another store that stand side by side are asked of it together.
            said += ways if len(ways) == 1 else [Q(*ways, _connector=Q.OR)]
        return self.filter(*said)

    def update(self, **kwargs: Any) -> NoReturn:
        raise WithoutHistory("update() would leave no history: save() each row")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WithoutHistory("bulk_update() would leave no history: save() each row")


class Entity(models.Model):
    """A row with a key that sorts by time, a version that tells conflicts, and its history.

    `save()` and `delete()` open the transaction of the row's own store, so the change and its history
    are committed together or not at all. `save()` raises VersionConflict when somebody else saved the
    row meanwhile, and ValidationError when a reference to another store points at nothing.
    """

    search_terms: ClassVar[tuple[str, ...]] = ()
    stages: Sequence[
        Stage
    ] = ()  # what a row that comes to bulk_create with a past was, oldest first
    _read_version: int | None = None

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(_("versión"), default=1, editable=False)
    creado = models.DateTimeField(_("creado"), default=timezone.now, editable=False)
    modificado = models.DateTimeField(_("modificado"), default=timezone.now, editable=False)
    busqueda = models.TextField(default="", blank=True, editable=False)
    history = history()

    objects = EntityQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        adding, read = self._state.adding, self.version
        self.prepare()
        if not adding:
            self.version += 1
            self._read_version = read
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *self._always_saved()}
        try:
            with atomic(type(self)):
                check_references_of([self])
                with self._told("+" if adding else "~"):
                    super().save(*args, **kwargs)
        except BaseException:
            self.version, self._state.adding = read, adding
            raise

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        read = self.version
        rows = type(self)._base_manager.filter(pk=self.pk, version=read)
        try:
            with atomic(type(self)):
                if not rows.select_for_update().exists():
                    raise self.conflict()
                # The removal is the last event of the row, whatever the clocks say.
                self.version += 1
                with self._told("-"):
                    return super().delete(*args, **kwargs)
        except BaseException:
            self.version = read
            raise

    def _told(self, history_type: str) -> AbstractContextManager[None]:
        """Where a transaction holds the row and its history together, the history follows by itself."""
        together = store_for(type(self)).supports_transactions
        return nullcontext() if together else announced(self, history_type)

    def prepare(self) -> None:
        """Set what the row derives from its own fields; called before each write."""
        self.modificado = timezone.now()
        terms = (getattr(self, name) for name in self.search_terms)
        self.busqueda = indexar(str(term) for term in terms if term)

    def _always_saved(self) -> Collection[str]:
        return ("version", "modificado", "busqueda")

    def _do_update(
        self,
        base_qs: models.QuerySet[Self],
        using: str | None,
        pk_val: Any,
        values: Collection[Any],
        update_fields: Iterable[str] | None,
        forced_update: bool,  # noqa: FBT001  (Django's own signature)
    ) -> bool:
        if self._read_version is None:  # a fixture, which writes what it holds
            return super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update)
        current = base_qs.filter(version=self._read_version)
        updated = super()._do_update(current, using, pk_val, values, update_fields, forced_update)
        if not updated:
            raise self.conflict()
        return True

    def conflict(self) -> VersionConflict:
        """Return what tells a person that somebody else was quicker."""
        return VersionConflict(
            _("Otra persona ha cambiado «%(row)s» mientras tanto: vuelva a abrirlo."),
            code="version",
            params={"row": self},
        )
