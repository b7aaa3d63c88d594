"""Pages of a list that may have a million rows."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

LIMIT = 10_000


class BoundedPaginator(Paginator):
    """Counts to 10,000 and no further: nobody pages past that, they search."""

    template_name = "core/pagination.html"

    @cached_property
    def count(self) -> int:
        return min(self._counted, LIMIT)

    @property
    def is_bounded(self) -> bool:
        """Whether there are more rows than the pages show."""
        return self._counted > LIMIT

    @cached_property
    def _counted(self) -> int:
        rows = cast("QuerySet[Any]", self.object_list)
        return rows[: LIMIT + 1].count()
