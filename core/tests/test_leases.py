from datetime import timedelta

import pytest
from django.utils import timezone

from core.leases import LeaseLost, LeaseTaken, lease
from core.models import Lease

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_second_holder_is_refused_while_the_first_works():
    with lease("relevo"):
        with pytest.raises(LeaseTaken), lease("relevo"):
            pass
        with lease("otro"):
            pass


def test_a_finished_holder_leaves_the_way_free():
    with lease("relevo"):
        pass
    with lease("relevo"):
        pass
    assert not Lease.objects.exists()


def test_a_holder_that_fails_leaves_the_way_free():
    with pytest.raises(RuntimeError), lease("relevo"):
        raise RuntimeError
    assert not Lease.objects.exists()


def test_a_dead_holder_is_replaced_once_its_time_is_over():
    with lease("relevo") as renew:
        Lease.objects.update(expires=timezone.now() - timedelta(seconds=1))
        with lease("relevo"), pytest.raises(LeaseLost):
            renew()


def test_renewing_moves_the_end_forward():
    with lease("relevo", duration=timedelta(minutes=1)) as renew:
        Lease.objects.update(expires=timezone.now() + timedelta(seconds=1))
        renew()
        assert Lease.objects.get().expires > timezone.now() + timedelta(seconds=50)
