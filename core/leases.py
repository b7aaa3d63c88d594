"""One at a time, over every process: leases that a dead holder can't keep."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError
from django.utils import timezone

from core.models import Lease
from core.stores import atomic


class LeaseTaken(Exception):
    """Another process holds the lease."""


class LeaseLost(Exception):
    """The lease ran out and another process took it: what is under way must stop."""


@contextmanager
def lease(name: str, *, duration: timedelta = timedelta(minutes=1)) -> Iterator[Callable[[], None]]:
    """Hold `name` while the block runs, or raise LeaseTaken; yields the call that renews it.

    Work that lasts longer than `duration` calls it between its steps: LeaseLost means that another
    process has taken over.
    """
    holder = uuid4()
    now = timezone.now()
    free = Lease.objects.filter(name=name, expires__lt=now)
    if not free.update(holder=holder, expires=now + duration):
        try:
            with atomic(Lease):
                Lease.objects.create(name=name, holder=holder, expires=now + duration)
        except IntegrityError:
            raise LeaseTaken(name) from None
    mine = Lease.objects.filter(name=name, holder=holder)

    def renew() -> None:
        if not mine.update(expires=timezone.now() + duration):
            raise LeaseLost(name)

    try:
        yield renew
    finally:
        mine.delete()
