from datetime import date
from itertools import chain

import pytest

from ingestion.demo.catalogue import catalogue
from ingestion.demo.plan import Plan
from ingestion.demo.portfolio import build

HOY = date(2026, 3, 1)
PLAN = Plan(1500, 7, HOY)


class Portfolio:
    """The rows of a whole demo, in memory."""

    def __init__(self, plan):
        self.plan = plan
        sold = catalogue({})
        self.batches = [build(plan, sold, number) for number in range(plan.batches)]

    def __getitem__(self, model):
        return list(chain.from_iterable(batch.rows[model] for batch in self.batches))

    def by(self, model, attname):
        found = {}
        for row in self[model]:
            found.setdefault(getattr(row, attname), []).append(row)
        return found


@pytest.fixture(scope="session")
def portfolio():
    return Portfolio(PLAN)
