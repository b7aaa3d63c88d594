from datetime import date, timedelta
from random import Random

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ingestion.demo.catalogue import OFERTAS, catalogue, codigo, unique_names
from ingestion.demo.people import PAISES
from ingestion.demo.plan import BATCH, Plan, dia_entre, en_jornada, momento, uno
from ingestion.tests.demo.conftest import HOY, PLAN
from polizas.models import Aseguradora, Producto, TipoCobertura

plans = st.builds(
    Plan,
    clientes=st.integers(1, 5000),
    seed=st.integers(0, 99_999),
    hoy=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)


@given(plans)
def test_batches_hold_every_cliente_once(plan):
    numbers = [number for batch in range(plan.batches) for number in plan.numbers(batch)]
    assert numbers == list(range(plan.clientes))
    assert all(1 <= len(plan.numbers(batch)) <= BATCH for batch in range(plan.batches))


@given(plans, st.data())
def test_clientes_come_in_order_while_the_house_is_open(plan, data):
    number = data.draw(st.integers(0, plan.clientes - 1))
    dia = plan.registro(number).date()
    assert plan.apertura <= dia <= plan.ayer
    assert number == 0 or plan.registro(number - 1).date() <= dia
    assert plan.registro(plan.clientes - 1).date() == plan.ayer


@given(plans, st.text(), st.text())
def test_a_key_is_always_the_same_and_another_for_another_row(plan, one, other):
    moment = plan.registro(0)
    assert plan.key(one, moment) == plan.key(one, moment)
    assert (plan.key(one, moment) == plan.key(other, moment)) == (one == other)


def test_another_demo_has_other_keys():
    moment = PLAN.registro(0)
    others = [Plan(1501, 7, HOY), Plan(1500, 8, HOY), Plan(1500, 7, HOY - timedelta(days=1))]
    assert len({plan.key("x", moment) for plan in [PLAN, *others]}) == 4


@given(plans, st.text())
def test_a_key_is_a_uuid_that_sorts_by_its_moment(plan, what):
    early, late = en_jornada(plan.ayer, 0), en_jornada(plan.ayer, 1)
    key = plan.key(what, early)
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert key < plan.key(what, late)


@given(st.integers(), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 900))
def test_a_drawn_day_falls_between_both(seed, desde, days):
    chance = Random(seed)
    hasta = desde + timedelta(days=days)
    assert desde <= dia_entre(chance, desde, hasta) <= hasta


@given(st.integers(), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_moment_falls_on_its_day_here_too(seed, dia):
    assert timezone.localdate(momento(Random(seed), dia)) == dia


@given(st.integers(), st.lists(st.integers(), min_size=1))
def test_one_of_several_is_one_of_them(seed, options):
    assert uno(Random(seed), options) in options


# The catalogue.


def rows_of(made):
    return {model: {row.pk: row for row in rows} for model, rows in made.nuevas.items()}


def test_every_oferta_is_sold_in_every_country():
    made = catalogue({})
    rows = rows_of(made)
    assert len(made.productos) == len(rows[Producto]) == len(OFERTAS) * len(PAISES)
    for (pais, clave), key in made.productos.items():
        producto = rows[Producto][key]
        assert producto.codigo == f"{clave}-{pais}"
        assert rows[Aseguradora][producto.aseguradora_id].pais_documento == pais
        assert producto.prima_base > 0


def test_every_producto_says_what_it_covers():
    rows = rows_of(catalogue({}))
    covered = {tipo.producto_id for tipo in rows[TipoCobertura].values()}
    assert covered == set(rows[Producto])


def test_the_catalogue_is_the_same_for_every_demo():
    assert {m: set(r) for m, r in rows_of(catalogue({})).items()} == {
        m: set(r) for m, r in rows_of(catalogue({})).items()
    }


def test_what_is_known_is_taken_as_it_is():
    mine = PLAN.key("mine", PLAN.registro(0))
    unique = codigo(PAISES[0], OFERTAS[0])
    made = catalogue({(Producto, unique): mine})
    rows = rows_of(made)
    assert made.productos[PAISES[0].codigo, OFERTAS[0].clave] == mine
    assert unique not in {row.codigo for row in rows[Producto].values()}
    assert mine not in {tipo.producto_id for tipo in rows[TipoCobertura].values()}


def test_known_rows_are_looked_for_by_all_that_the_catalogue_holds():
    made = rows_of(catalogue({}))
    for model, name, values in unique_names():
        assert sorted(values) == sorted(getattr(row, name) for row in made[model].values())
