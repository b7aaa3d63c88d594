from datetime import date
from itertools import chain
from random import Random
from unittest.mock import Mock

import pytest
from django.core.exceptions import ValidationError

from agentes.models import Agente
from bitacora import relay
from clientes.models import Cliente
from core.models import Operacion
from especialidades.models import Especialidad, Ramo
from ingestion.demo import write
from ingestion.demo.asked import DemoRefused, plan_for
from ingestion.demo.catalogue import catalogue
from ingestion.demo.plan import MOTIVO, Plan
from ingestion.demo.write import ORDER, Written, write_demo
from ingestion.tests.demo.conftest import HOY
from pedidos.models import Pedido
from polizas.models import Aseguradora, Cobertura, Poliza, Producto, Recibo, TipoCobertura
from polizas.selectors import descuadres
from siniestros.models import Reclamo

pytestmark = pytest.mark.django_db(databases="__all__")

SMALL = Plan(60, 3, HOY)
CATALOGUE = (Especialidad, Aseguradora, Producto, TipoCobertura)
SAMPLE = 25


def counts():
    return {model: model.objects.count() for model in (*CATALOGUE, *ORDER)}


def kept():
    """Every row of the demo as its store has it, but for what the writing itself stamps."""
    return {
        model: sorted(
            (
                {k: v for k, v in row.items() if k not in ("modificado", "busqueda")}
                for row in model.objects.values()
            ),
            key=lambda row: row["id"],
        )
        for model in (*CATALOGUE, *ORDER)
    }


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr("ingestion.demo.plan.BATCH", 20)


def test_a_demo_writes_every_row_with_its_history():
    [written] = write_demo(SMALL)
    rows = sum(model.objects.count() for model in ORDER)
    assert written == Written(clientes=60, antes=0, filas=rows)
    assert Cliente.objects.count() == 60
    for model in (*CATALOGUE, *ORDER):
        created = model.history.filter(history_type="+")
        assert created.count() == model.objects.count()
        assert {reason for (reason,) in created.values_list("history_change_reason")} <= {MOTIVO}


def test_its_history_tells_when_each_row_would_have_come():
    list(write_demo(SMALL))
    for row in chain.from_iterable(model.objects.all() for model in ORDER):
        *_others, first = stages = list(row.history.order_by("-version"))
        assert first.history_date == row.creado
        assert [stage.version for stage in stages] == list(range(len(stages), 0, -1))
        assert {stage.history_type for stage in stages[:-1]} <= {"~"}
        assert row.version == len(stages)
        assert row.modificado == stages[0].history_date == stages[0].modificado


def test_the_last_of_its_history_is_the_row():
    list(write_demo(SMALL))
    for model in (*CATALOGUE, *ORDER):
        names = [field.attname for field in model.history.model.tracked_fields]
        stages = model.history.order_by("version").values(*names)
        rows = {row["id"]: row for row in model.objects.values(*names)}
        assert {stage["id"]: stage for stage in stages} == rows


def test_a_poliza_has_been_all_that_it_went_through():
    list(write_demo(Plan(300, 3, HOY)))
    poliza = Poliza.objects.filter(estado="vencida", anterior=None).first()
    told = poliza.history.order_by("version").values_list("estado", "history_type")
    assert told[0] == ("cotizada", "+")
    assert [estado for estado, _type in told][-2:] == ["vigente", "vencida"]


def test_each_model_judges_the_rows_that_the_stores_hold():
    list(write_demo(Plan(300, 3, HOY)))
    chance = Random(1)
    for model in (*CATALOGUE, *ORDER):
        rows = list(model.objects.all())
        for row in chance.sample(rows, min(SAMPLE, len(rows))):
            if isinstance(row, Cobertura) and not row.poliza.cotizada:
                # Judged as it is, for clean() only refuses to change it.
                row.clean_fields()
                row.validate_constraints()
            else:
                row.full_clean()


def test_each_reclamo_would_be_taken_if_it_came_now():
    list(write_demo(Plan(300, 3, HOY)))
    for reclamo in Reclamo.objects.all():
        reclamo.exigir_cobertura()
        reclamo._exigir_bien_de_la_poliza()


def test_nothing_is_out_of_balance():
    list(write_demo(Plan(300, 3, HOY)))
    assert list(descuadres()) == []
    assert not Poliza.objects.por_actualizar(HOY).exists()


def test_some_agentes_have_another_especialidad_and_its_history():
    list(write_demo(SMALL))
    agente = Agente.objects.filter(otras_especialidades__isnull=False).first()
    assert agente.history.exists()
    for stage in agente.history.all():
        assert stage.otras_especialidades.get().especialidad == agente.otras_especialidades.get()


def test_the_bitacora_takes_what_a_demo_did():
    relay.run()  # what was there before
    list(write_demo(Plan(15, 3, HOY)))
    changes = sum(model.history.count() for model in (*CATALOGUE, *ORDER))
    assert relay.run() == changes + 1  # the operation itself


def test_a_second_run_refuses_and_changes_nothing(small_batches):
    list(write_demo(SMALL))
    before = counts()
    with pytest.raises(DemoRefused, match="Los 60 clientes de esta demostración ya están"):
        list(write_demo(plan_for(60, 3, HOY, today=HOY)))
    assert counts() == before


@pytest.mark.parametrize("model", ORDER)
def test_an_interrupted_demo_goes_on_to_the_same_end(monkeypatch, small_batches, model):
    monkeypatch.setattr(write, "_write", _dies_before(model, monkeypatch))
    steps = write_demo(SMALL)
    next(steps)
    with pytest.raises(KeyboardInterrupt):
        next(steps)
    monkeypatch.undo()
    monkeypatch.setattr("ingestion.demo.plan.BATCH", 20)
    last = list(write_demo(SMALL))[-1]
    assert (last.clientes, last.antes) == (60, 20)
    found = kept()
    built = _built(SMALL)
    expected = {m: {r.pk for b in built for r in b.rows[m]} for m in ORDER}
    assert {m: {row["id"] for row in found[m]} for m in ORDER} == expected
    for one in ORDER:
        assert one.history.filter(history_type="+").count() == len(found[one])
    assert list(descuadres()) == []


def _dies_before(model, monkeypatch):
    """A writer that, at the second batch, dies with the rows of `model` and of those after it unwritten."""
    whole = write._write

    def write_some(batch):
        if not batch.number:
            return whole(batch)
        monkeypatch.setattr(write, "ORDER", ORDER[: ORDER.index(model)])
        if model is not ORDER[0]:
            whole(batch)
        raise KeyboardInterrupt

    return write_some


def _built(plan):
    sold = catalogue({})
    return [write.build(plan, sold, number) for number in range(plan.batches)]


def test_a_deleted_cliente_does_not_come_back(small_batches):
    list(write_demo(SMALL))
    held = {
        key for model in (Poliza, Pedido) for key in model.objects.values_list("cliente", flat=True)
    }
    free = Cliente.objects.exclude(pk__in=held).first()
    free.consentimientos.all()._raw_delete("clientes")  # proof, which would keep it
    free.delete()
    with pytest.raises(DemoRefused):
        list(write_demo(SMALL))
    assert Cliente.objects.count() == 59


def test_two_demos_share_the_catalogue():
    list(write_demo(SMALL))
    before = Producto.objects.count()
    list(write_demo(Plan(20, 4, HOY)))
    assert Producto.objects.count() == before
    assert Cliente.objects.count() == 80


def test_what_the_house_has_already_is_used():
    mine = Especialidad.objects.create(nombre="Flotas", ramo=Ramo.AUTO)
    list(write_demo(SMALL))
    assert Especialidad.objects.get(nombre="Flotas") == mine


def test_a_product_is_never_without_its_coberturas(monkeypatch):
    dead = Mock(bulk_create=Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setattr(TipoCobertura, "objects", dead)
    with pytest.raises(KeyboardInterrupt):
        list(write_demo(SMALL))
    monkeypatch.undo()
    dead.bulk_create.assert_called_once()
    assert not Producto.objects.exists()
    list(write_demo(SMALL))
    assert set(TipoCobertura.objects.values_list("producto_id", flat=True)) == set(
        Producto.objects.values_list("pk", flat=True)
    )


# Which demo it is.


def test_the_operation_is_told_once(small_batches):
    steps = write_demo(SMALL)
    next(steps)
    steps.close()
    list(write_demo(SMALL))
    told = Operacion.objects.get(operacion="demo")
    assert told.detalle == {"clientes": 60, "seed": 3, "hoy": "2026-03-01"}


def test_without_a_day_it_goes_on_at_the_day_it_began():
    list(write_demo(SMALL))
    assert plan_for(60, 3, None, today=date(2026, 9, 9)) == SMALL
    assert plan_for(60, 9, None, today=date(2026, 9, 9)).hoy == date(2026, 9, 9)


@pytest.mark.parametrize(("clientes", "hoy"), [(61, HOY), (60, date(2026, 2, 1))])
def test_one_seed_is_one_demo(clientes, hoy):
    list(write_demo(SMALL))
    with pytest.raises(
        DemoRefused, match="Con la semilla 3 ya hay una demostración de 60 clientes"
    ):
        plan_for(clientes, 3, hoy, today=HOY)


def test_codes_that_are_taken_are_told():
    Agente.objects.create(codigo="AG3-00000", nombres="Lucía")
    with pytest.raises(DemoRefused, match="códigos de la semilla 3"):
        list(write_demo(SMALL))
    assert not Operacion.objects.filter(operacion="demo").exists()


def test_a_recibo_of_a_demo_keeps_the_rules_of_any_other():
    list(write_demo(SMALL))
    recibo = Recibo.objects.first()
    recibo.importe += 1
    with pytest.raises(ValidationError, match="los recibos de la póliza suman su prima"):
        recibo.clean()
