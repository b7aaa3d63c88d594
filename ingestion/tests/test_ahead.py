"""Work that other threads do while what came before it is used."""

import pytest

from ingestion.extractors.batches import ahead


def test_what_is_made_comes_in_the_order_of_its_items():
    assert list(ahead(lambda n: n * 2, range(20), 3)) == [n * 2 for n in range(20)]


def test_without_items_nothing_is_made():
    assert list(ahead(lambda n: n, [], 2)) == []


def test_items_are_asked_for_as_threads_take_them():
    asked = []

    def items():
        for n in range(100):
            asked.append(n)
            yield n

    made = ahead(lambda n: n, items(), 2)
    assert asked == []
    assert next(made) == 0
    assert asked == [0, 1, 2]
    assert next(made) == 1
    assert asked == [0, 1, 2, 3]
    made.close()
    assert asked == [0, 1, 2, 3]


def test_what_fails_is_told_in_its_turn_and_nothing_after_it_is_made():
    done = []

    def work(n):
        if n == 2:
            raise ValueError(n)
        done.append(n)
        return n

    made = ahead(work, range(100), 1)
    assert [next(made), next(made)] == [0, 1]
    with pytest.raises(ValueError, match="2"):
        next(made)
    assert len(done) < 100
    assert list(made) == []
