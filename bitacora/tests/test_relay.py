"""From the outbox to the bitácora: each committed change once, none of those rolled back."""

from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bitacora import relay
from bitacora.datasets import DATASETS
from bitacora.stores import bitacora
from bitacora.tables import PAGOS, RECLAMOS, TRANSACTION_AUDIT
from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core.leases import lease
from core.models import Operacion, auditar
from core.stores import atomic
from polizas.models import Poliza
from polizas.tests.factories import CobroFactory, PolizaFactory
from siniestros.tests.factories import PagoFactory, ReclamoFactory

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

ALWAYS = datetime.max.replace(tzinfo=UTC)


def told(table):
    return list(bitacora().scan(table, until=ALWAYS))


def audited(model="cliente"):
    """How many times each (row, version, operation) of a model is in transaction_audit."""
    return Counter(
        (row["objeto_id"], row["version"], row["operacion"])
        for row in told(TRANSACTION_AUDIT)
        if row["modelo"] == model
    )


def committed():
    """The same, as the store's own history has it."""
    names = {"+": "crear", "~": "modificar", "-": "borrar"}
    rows = Cliente.history.values_list("id", "version", "history_type")
    return Counter((str(id_), version, names[kind]) for id_, version, kind in rows)


def test_every_committed_change_is_audited_once():
    cliente = ClienteFactory()
    cliente.save()
    cliente.delete()
    Cliente.objects.bulk_create(ClienteFactory.build_batch(3, usuario=None))
    relay.run()
    relay.run()
    assert audited() == committed()
    assert set(audited().values()) == {1}


def test_what_was_rolled_back_is_not_audited():
    with pytest.raises(RuntimeError), atomic(Cliente):
        ClienteFactory()
        raise RuntimeError
    relay.run()
    assert not audited()


def test_a_change_that_commits_late_is_not_missed():
    """Its history row is older than one that the relay has already passed."""
    late = ClienteFactory()
    history = Cliente.history.get(id=late.pk)
    history.delete()
    ClienteFactory()
    relay.run()
    history.save(force_insert=True)
    relay.run()
    assert audited()[str(late.pk), 1, "crear"] == 1


def test_it_says_who_did_what_where_and_when():
    ana = User.objects.create_user("ana")
    cliente = ClienteFactory.build(usuario=None)
    cliente._history_user = ana
    cliente.save()
    relay.run()
    (row,) = [row for row in told(TRANSACTION_AUDIT) if row["modelo"] == "cliente"]
    assert (row["servicio"], row["operacion"], row["user_id"]) == ("clientes", "crear", ana.pk)
    assert row["objeto_id"] == str(cliente.pk)
    assert row["dia"] == row["timestamp"].date().isoformat()
    assert timezone.now() - row["timestamp"] < timedelta(minutes=1)


def test_operations_that_change_no_row_are_audited_too(client):
    user = User.objects.create_user("ana", password="una-clave-larga", is_staff=True)
    for password in ("equivocada", "una-clave-larga"):
        client.post(reverse("admin:login"), {"username": "ana", "password": password})
    auditar("ingestion", "exportacion", user_id=user.pk, snapshot="20261122T031500Z")
    relay.run()
    rows = [row for row in told(TRANSACTION_AUDIT) if row["modelo"] is None]
    told_of = Counter(row["operacion"] for row in rows)
    assert {told_of[name] for name in ("entrada", "entrada_fallida", "exportacion")} == {1}
    assert "equivocada" not in str(rows)
    assert not Operacion.objects.filter(relay_seq=None).exists()


def test_rows_are_numbered_in_order_without_gaps():
    ClienteFactory.create_batch(5)
    relay.run()
    ClienteFactory.create_batch(2)
    relay.run()
    numbers = Cliente.history.order_by("history_id").values_list("relay_seq", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, 6, 7]


def test_a_store_whose_relay_runs_elsewhere_is_left_to_it():
    PolizaFactory()
    with lease("relay:clientes"):
        relay.run()
    assert not audited("cliente")
    assert audited("poliza")
    relay.run()
    assert audited("cliente")


def test_one_store_that_is_down_does_not_keep_the_others_waiting(monkeypatch):
    original = relay._relay

    def down(model, target, renew):
        if model is Cliente.history.model:
            raise OSError("store down")
        return original(model, target, renew)

    PolizaFactory()
    with monkeypatch.context() as broken:
        broken.setattr(relay, "_relay", down)
        with pytest.raises(OSError, match="store down"):
            relay.run()
    assert audited("poliza")
    assert not audited("cliente")
    relay.run()
    assert audited() == committed()


def test_who_lost_its_turn_numbers_nothing_again():
    ClienteFactory.create_batch(2)
    seen_before_standing_still = list(Cliente.history.filter(relay_seq=None))
    relay.run()
    numbered = list(Cliente.history.order_by("pk").values_list("relay_seq", flat=True))
    relay._number(Cliente.history.model, seen_before_standing_still)
    assert list(Cliente.history.order_by("pk").values_list("relay_seq", flat=True)) == numbered


@pytest.mark.parametrize(("page", "batch"), [(4, 3), (3, 3), (2, 3), (100, 1)])
def test_a_long_backlog_is_relayed_page_by_page(monkeypatch, page, batch):
    monkeypatch.setattr(relay, "PAGE", page)
    monkeypatch.setattr(relay, "BATCH", batch)
    ClienteFactory.create_batch(10)
    relay.run()
    assert audited() == committed()
    numbers = Cliente.history.order_by("pk").values_list("relay_seq", flat=True)
    assert list(numbers) == list(range(1, 11))


def test_with_the_bitacora_down_everything_waits_and_catches_up(monkeypatch):
    def down(self, table, rows):
        raise OSError("unreachable")

    with monkeypatch.context() as broken:
        broken.setattr(type(bitacora()), "append", down)
        ClienteFactory()
        with pytest.raises(OSError, match="unreachable"):
            relay.run()
    ClienteFactory()
    relay.run()
    assert audited() == committed()


@pytest.mark.parametrize("killed_at", ["append", "number", "renew"])
def test_killed_at_any_step_it_starts_over_and_writes_nothing_twice(monkeypatch, killed_at):
    class Killed(BaseException):
        pass

    def kill(*args, **kwargs):
        raise Killed

    ClienteFactory.create_batch(7)
    monkeypatch.setattr(relay, "BATCH", 3)
    with monkeypatch.context() as killing:
        if killed_at == "append":
            kind = type(bitacora())
            original, calls = kind.append, []

            def append_then_die(self, table, rows):
                original(self, table, rows)
                calls.append(table)
                if len(calls) == 2:
                    raise Killed

            killing.setattr(kind, "append", append_then_die)
        elif killed_at == "number":
            killing.setattr(relay, "_number", kill)
        else:
            killing.setattr(relay, "lease", lambda name: nullcontext(kill))
        with pytest.raises(Killed):
            relay.run()
    relay.run()
    assert audited() == committed()
    assert set(audited().values()) == {1}


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["create", "change", "delete", "roll back", "relay"]), st.integers(0, 5)
        ),
        max_size=25,
    )
)
@examples(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_people_do_the_audit_equals_the_history(steps):
    Cliente.objects.all().delete()
    for step, which in steps:
        alive = list(Cliente.objects.order_by("pk"))
        chosen = alive[which % len(alive)] if alive else None
        match step:
            case "create":
                ClienteFactory()
            case "change" if chosen:
                chosen.save()
            case "delete" if chosen:
                chosen.delete()
            case "roll back" if chosen:
                with pytest.raises(RuntimeError), atomic(Cliente):
                    chosen.save()
                    ClienteFactory()
                    raise RuntimeError
            case "relay":
                relay.run()
    relay.run()
    assert audited() == committed()


class TestWhatIsToldFurther:
    def test_each_event_of_a_reclamo(self):
        reclamo = ReclamoFactory(monto=Decimal("100.00"))
        reclamo.monto = Decimal("250.50")
        reclamo.save()
        relay.run()
        last, first = bitacora().read(RECLAMOS, {"id": reclamo.pk}, limit=5)
        assert (first["operacion"], first["monto"]) == ("crear", Decimal("100.00"))
        assert (last["operacion"], last["monto"]) == ("modificar", Decimal("250.50"))
        assert last["policy_number"] == reclamo.poliza.numero
        assert last["customer_id"] == reclamo.poliza.cliente_id

    def test_both_what_clientes_pay_and_what_reclamos_pay_out(self):
        cobro, pago = CobroFactory(), PagoFactory()
        relay.run()
        rows = {row["id"]: row for row in told(PAGOS)}
        assert rows[cobro.pk]["tipo"] == "prima"
        assert rows[cobro.pk]["customer_id"] == cobro.recibo.poliza.cliente_id
        assert rows[pago.pk]["tipo"] == "siniestro"
        assert rows[pago.pk]["policy_number"] == pago.reclamo.poliza.numero
        assert rows[pago.pk]["monto"] == pago.monto

    def test_a_batch_asks_for_its_polizas_once(self):
        ReclamoFactory.create_batch(4)
        assert Poliza.objects.count() >= 1
        relay.run()
        assert len(told(RECLAMOS)) == 4


class TestTheLakeReads:
    @staticmethod
    def rows(table, until=ALWAYS):
        dataset = next(dataset for dataset in DATASETS if dataset.table == table)
        return [dict(zip(dataset.columns, row, strict=True)) for row in dataset.rows(until=until)]

    def test_the_last_event_of_each_reclamo(self):
        reclamo, _other = ReclamoFactory(), ReclamoFactory()
        reclamo.monto = Decimal("7.00")
        reclamo.save()
        relay.run()
        found = {row["id"]: row for row in self.rows("reclamos")}
        assert len(found) == 2
        assert found[reclamo.pk]["monto"] == Decimal("7.00")
        assert isinstance(reclamo.pk, UUID)

    def test_the_event_that_was_last_at_a_moment(self):
        reclamo = ReclamoFactory(monto=Decimal("1.00"))
        moment = timezone.now()
        reclamo.monto = Decimal("2.00")
        reclamo.save()
        relay.run()
        assert [row["monto"] for row in self.rows("reclamos", moment)] == [Decimal("1.00")]

    def test_no_reclamo_that_was_removed(self):
        reclamo = ReclamoFactory()
        reclamo.delete()
        relay.run()
        assert self.rows("reclamos") == []

    def test_every_audited_operation(self):
        ClienteFactory().save()
        relay.run()
        operations = Counter(
            row["operacion"] for row in self.rows("transaction_audit") if row["modelo"] == "cliente"
        )
        assert operations == Counter(["crear", "modificar"])
