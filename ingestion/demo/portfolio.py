"""One batch of clientes with all that is theirs, built in memory from nothing but its numbers."""

from django.utils.translation import override

from ingestion.demo.batch import Batch
from ingestion.demo.catalogue import Catalogue
from ingestion.demo.clients import titular, visitante
from ingestion.demo.office import staff
from ingestion.demo.petitions import pedir
from ingestion.demo.plan import Plan
from ingestion.demo.policies import contratar


def build(plan: Plan, catalogue: Catalogue, number: int) -> Batch:
    made = Batch(plan, catalogue, number)
    with override("es"):  # some texts hold labels, which speak the language of who asks
        staff(made)
        for cliente in plan.numbers(number):
            visitante(made, cliente)
            quien = titular(made, cliente)
            pedir(quien, contratar(quien))
    return made
