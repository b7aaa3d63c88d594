"""The bitácora on a SQLite file: insert-only, exact, newest first."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from bitacora.sqlite import SQLiteBitacora
from bitacora.stores import bitacora
from bitacora.tables import PAGOS, RECLAMOS, TABLES, TRANSACTION_AUDIT

MOMENT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def payment(**changes):
    return {
        "id": uuid4(),
        "version": 1,
        "evento_id": uuid7(),
        "momento": MOMENT,
        "operacion": "crear",
        "tipo": "prima",
        "policy_number": "P-1",
        "customer_id": UUID(int=1),
        "monto": Decimal("10.10"),
        "metodo_pago": "efectivo",
        "fecha_pago": MOMENT,
    } | changes


def everything(table):
    return list(bitacora().scan(table, until=datetime.max.replace(tzinfo=UTC)))


def test_what_is_written_is_read_as_it_was():
    row = payment(customer_id=None, fecha_pago=MOMENT.astimezone(timezone(timedelta(hours=-5))))
    bitacora().append(PAGOS, [row])
    assert everything(PAGOS) == [row]


@given(
    monto=st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12
    ),
    text=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")),
    moment=st.datetimes(timezones=st.just(UTC)),
)
def test_amounts_times_and_text_stay_exact(tmp_path_factory, monto, text, moment):
    kept = SQLiteBitacora(str(tmp_path_factory.mktemp("bitacora") / "b.sqlite3"))
    kept.setup()
    row = payment(monto=monto, metodo_pago=text, fecha_pago=moment)
    kept.append(PAGOS, [row])
    assert list(kept.scan(PAGOS, until=MOMENT)) == [row]


def test_an_event_written_twice_is_there_once():
    row = payment()
    bitacora().append(PAGOS, [row, row])
    bitacora().append(PAGOS, [row, payment()])
    assert len(everything(PAGOS)) == 2


def test_an_event_is_never_changed():
    row = payment()
    bitacora().append(PAGOS, [row])
    bitacora().append(PAGOS, [row | {"monto": Decimal("99.99")}])
    assert everything(PAGOS) == [row]


def test_it_reads_by_policy_by_customer_and_by_id_newest_first():
    pago = payment()
    later = pago | {"version": 2, "evento_id": uuid7(), "operacion": "modificar"}
    bitacora().append(PAGOS, [later, pago, payment(policy_number="P-2", customer_id=UUID(int=2))])
    for key in ({"policy_number": "P-1"}, {"customer_id": UUID(int=1)}, {"id": pago["id"]}):
        assert bitacora().read(PAGOS, key, limit=10) == [later, pago]
        assert bitacora().read(PAGOS, key, limit=1) == [later]


def test_it_refuses_a_read_that_its_tables_are_not_made_for():
    with pytest.raises(ValueError, match="metodo_pago"):
        bitacora().read(PAGOS, {"metodo_pago": "efectivo"}, limit=1)


def test_a_scan_stops_at_its_moment():
    before, after = payment(), payment(momento=MOMENT + timedelta(microseconds=1))
    bitacora().append(PAGOS, [before, after])
    assert list(bitacora().scan(PAGOS, until=MOMENT)) == [before]


def test_a_scan_brings_the_events_of_a_partition_together_newest_first():
    ids = [uuid4() for _ in range(3)]
    rows = [
        payment(id=id_, version=version, evento_id=uuid7()) for version in (1, 2, 3) for id_ in ids
    ]
    bitacora().append(PAGOS, rows)
    found = [(row["id"], row["version"]) for row in everything(PAGOS)]
    assert found == [(id_, version) for id_ in sorted(ids, key=str) for version in (3, 2, 1)]


def test_setting_it_up_again_keeps_what_is_there():
    bitacora().append(PAGOS, [payment()])
    bitacora().setup()
    assert len(everything(PAGOS)) == 1


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_names_only_columns_that_it_has(table):
    named = {table.event, *table.partition, *table.order}
    named.update(*table.reads.values())
    assert named <= set(table.columns)
    assert table.event in table.order


def test_an_address_of_another_kind_is_refused_by_the_name_of_its_variable(settings):
    settings.BITACORA_URL = "mysql://127.0.0.1/x"
    with pytest.raises(ImproperlyConfigured, match="BITACORA_URL"):
        bitacora()


def test_an_empty_append_is_harmless():
    for table in (RECLAMOS, TRANSACTION_AUDIT):
        bitacora().append(table, [])
        assert everything(table) == []
