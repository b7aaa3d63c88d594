"""References from one store to another: what must hold whichever way somebody tries to break them."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import Count, F, ProtectedError, Q
from django.test.utils import isolate_apps
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from agentes.models import Agente
from agentes.tests.factories import AgenteFactory
from bienes.tests.factories import BienFactory
from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core import lookups, references
from core.checks import (
    references_across_stores_are_declared,
    stores_have_addresses_of_their_own,
)
from core.lookups import TooManyKeys
from core.references import StoreForeignKey, holders_of, references_to
from core.stores import atomic
from core.testing import queries
from polizas.models import Poliza, Recibo
from polizas.tests.factories import PolizaFactory, ReciboFactory
from siniestros.models import Reclamo
from siniestros.tests.factories import ReclamoFactory

pytestmark = pytest.mark.django_db(databases="__all__")


class TestOnSave:
    def test_a_reference_to_nothing_is_refused_by_its_field(self):
        poliza = PolizaFactory()
        poliza.cliente_id = uuid4()
        with pytest.raises(ValidationError) as refusal:
            poliza.save()
        assert set(refusal.value.message_dict) == {"cliente"}

    def test_it_is_refused_in_bulk_too_and_nothing_is_written(self):
        good, bad = PolizaFactory.build_batch(
            2, cliente=ClienteFactory(), producto=PolizaFactory().producto
        )
        for poliza in (good, bad):
            poliza.agente = None
            poliza.asegurado_id = poliza.pagador_id = poliza.cliente_id
        bad.pagador_id = uuid4()
        before = Poliza.objects.count()
        with pytest.raises(ValidationError) as refusal:
            Poliza.objects.bulk_create([good, bad])
        assert set(refusal.value.message_dict) == {"pagador"}
        assert Poliza.objects.count() == before

    def test_many_rows_are_checked_in_one_query_a_model(self):
        polizas = PolizaFactory.create_batch(5)
        with queries() as asked:
            references.check_references_of(polizas)
        assert asked.total == 2  # clientes (three fields of each póliza) and agentes

    def test_full_clean_tells_it_as_a_form_would(self):
        poliza = PolizaFactory()
        poliza.agente_id = uuid4()
        with pytest.raises(ValidationError) as refusal:
            poliza.full_clean()
        assert "agente" in refusal.value.message_dict


class TestAccess:
    def test_the_row_is_brought_from_its_own_store(self):
        poliza = Poliza.objects.get(pk=PolizaFactory(cliente__nombres="Ana").pk)
        assert poliza.cliente.nombres == "Ana"
        assert poliza.cliente._state.db == "clientes"

    def test_prefetch_asks_each_store_once_whatever_the_rows(self):
        PolizaFactory.create_batch(7)
        with queries() as asked:
            names = [p.cliente.nombres for p in Poliza.objects.prefetch_related("cliente")]
        assert len(names) == 7
        assert {alias: len(sql) for alias, sql in asked.by_store.items() if sql} == {
            "polizas": 1,
            "clientes": 1,
        }

    def test_prefetch_works_the_other_way_round(self):
        cliente = PolizaFactory().cliente
        PolizaFactory(cliente=cliente)
        accessor = Poliza._meta.get_field("cliente").remote_field.get_accessor_name()
        with queries() as asked:
            (found,) = Cliente.objects.filter(pk=cliente.pk).prefetch_related(accessor)
            assert len(getattr(found, accessor).all()) == 2
        assert asked.total == 2


class TestLookups:
    """filter() across stores is a semi-join: the other store's keys first, then IN."""

    def test_forward(self):
        ana, _eva = PolizaFactory(cliente__nombres="Ana"), PolizaFactory(cliente__nombres="Eva")
        assert list(Poliza.objects.filter(cliente__nombres="Ana")) == [ana]

    def test_excluded(self):
        _ana, eva = PolizaFactory(cliente__nombres="Ana"), PolizaFactory(cliente__nombres="Eva")
        assert list(Poliza.objects.exclude(cliente__nombres="Ana")) == [eva]

    def test_an_empty_reference_is_not_excluded(self):
        directa = PolizaFactory(agente=None)
        PolizaFactory(agente__codigo="A-1")
        assert list(Poliza.objects.exclude(agente__codigo="A-1")) == [directa]

    def test_backward(self):
        held, _other = PolizaFactory(numero="P-1").cliente, PolizaFactory(numero="P-2").cliente
        name = Poliza._meta.get_field("cliente").related_query_name()
        assert list(Cliente.objects.filter(**{f"{name}__numero": "P-1"})) == [held]

    def test_through_a_relation_inside_the_store(self):
        recibo = ReciboFactory(poliza__cliente__nombres="Ana")
        ReciboFactory(poliza__cliente__nombres="Eva")
        assert list(Recibo.objects.filter(poliza__cliente__nombres="Ana")) == [recibo]

    def test_into_a_relation_inside_the_other_store(self):
        agente = AgenteFactory(supervisor=AgenteFactory(codigo="JEFE"))
        mine = PolizaFactory(agente=agente)
        PolizaFactory()
        assert list(Poliza.objects.filter(agente__supervisor__codigo="JEFE")) == [mine]

    def test_conditions_that_stand_together_speak_of_one_row(self):
        """One cliente with two pólizas: no single one of them meets both conditions."""
        cliente = PolizaFactory(numero="P-1", moneda="USD").cliente
        PolizaFactory(cliente=cliente, numero="P-2", moneda="EUR")
        name = Poliza._meta.get_field("cliente").related_query_name()
        both = {f"{name}__numero": "P-1", f"{name}__moneda": "EUR"}
        assert not Cliente.objects.filter(**both).exists()
        apart = Cliente.objects.filter(**{f"{name}__numero": "P-1"})
        assert list(apart.filter(**{f"{name}__moneda": "EUR"})) == [cliente]

    def test_or_and_not_keep_their_meaning(self):
        ana, eva, zoe = (PolizaFactory(cliente__nombres=name) for name in ("Ana", "Eva", "Zoe"))
        either = Q(cliente__nombres="Ana") | Q(numero=eva.numero)
        assert set(Poliza.objects.filter(either)) == {ana, eva}
        assert set(Poliza.objects.filter(~either)) == {zoe}

    def test_the_key_itself_needs_no_other_store(self):
        poliza = PolizaFactory()
        with queries() as asked:
            for lookup in ("cliente", "cliente_id", "cliente__pk", "cliente__id"):
                assert Poliza.objects.filter(**{lookup: poliza.cliente_id}).exists()
            assert Poliza.objects.filter(cliente__in=[poliza.cliente]).exists()
            assert not Poliza.objects.filter(cliente__isnull=True).exists()
        assert not asked.by_store["clientes"]

    def test_a_queryset_of_another_store_is_taken_as_its_keys(self):
        ana, _eva = PolizaFactory(cliente__nombres="Ana"), PolizaFactory(cliente__nombres="Eva")
        clientes = Cliente.objects.filter(nombres="Ana")
        assert list(Poliza.objects.filter(cliente__in=clientes)) == [ana]
        assert list(Poliza.objects.filter(cliente__in=clientes.values("pk"))) == [ana]
        assert list(Poliza.objects.filter(cliente_id__in=clientes.values_list("id"))) == [ana]

    def test_a_queryset_of_the_same_store_stays_a_subquery(self):
        recibo = ReciboFactory()
        with queries() as asked:
            found = list(Recibo.objects.filter(poliza__in=Poliza.objects.all()))
        assert found == [recibo]
        assert asked.total == 1

    def test_rows_that_point_back_are_found_by_their_keys(self):
        bien = BienFactory()
        name = type(bien)._meta.get_field("cliente").related_query_name()
        assert list(Cliente.objects.filter(**{f"{name}__in": [bien.pk]})) == [bien.cliente]
        with pytest.raises(FieldError, match="another store"):
            Cliente.objects.filter(**{f"{name}__isnull": True})

    def test_rows_of_an_account_are_found(self):
        agente = AgenteFactory(cuenta=User.objects.create_user("ana"))
        AgenteFactory()
        assert list(Agente.objects.filter(cuenta__username="ana")) == [agente]

    def test_too_many_keys_are_refused_with_a_sentence(self, monkeypatch):
        monkeypatch.setattr(lookups, "MAX_KEYS", 2)
        PolizaFactory.create_batch(3, cliente__nombres="Ana")
        with pytest.raises(TooManyKeys, match="afine"):
            Poliza.objects.filter(cliente__nombres="Ana")

    def test_a_smuggled_connector_is_not_taken_for_one(self):
        with pytest.raises(FieldError):
            Poliza.objects.filter(**{"_connector": "OR 1=1 OR", "cliente__nombres": "x"})

    @pytest.mark.parametrize(
        "query",
        [
            lambda: Poliza.objects.order_by("cliente__nombres"),
            lambda: Poliza.objects.select_related("cliente"),
            lambda: Poliza.objects.values("cliente__nombres"),
            lambda: Poliza.objects.annotate(nombre=F("cliente__nombres")),
            lambda: Poliza.objects.filter(numero=F("cliente__nombres")),
            lambda: Cliente.objects.annotate(
                n=Count(Poliza._meta.get_field("cliente").related_query_name())
            ),
        ],
    )
    def test_what_would_be_a_join_is_refused_with_a_sentence_not_an_sql_error(self, query):
        PolizaFactory()
        with pytest.raises(FieldError, match="never joined"):
            list(query())


class TestAnyLookup(HypothesisTestCase):
    """Whatever the condition, the semi-join answers as plain Python would."""

    databases = "__all__"

    names = st.sampled_from(["Ana", "Eva", "Zoe"])
    leaves = st.one_of(
        names.map(lambda n: (Q(cliente__nombres=n), lambda p: p.cliente.nombres == n)),
        names.map(lambda n: (Q(asegurado__nombres=n), lambda p: p.asegurado.nombres == n)),
        st.sampled_from(["USD", "EUR"]).map(lambda m: (Q(moneda=m), lambda p: p.moneda == m)),
    )

    @staticmethod
    def combined(parts):
        both = st.tuples(parts, parts)
        return st.one_of(
            parts.map(lambda c: (~c[0], lambda p: not c[1](p))),
            both.map(lambda c: (c[0][0] & c[1][0], lambda p: c[0][1](p) and c[1][1](p))),
            both.map(lambda c: (c[0][0] | c[1][0], lambda p: c[0][1](p) or c[1][1](p))),
        )

    @given(condition=st.recursive(leaves, combined, max_leaves=6))
    @settings(max_examples=60, deadline=None)
    def test_answers_as_python_would(self, condition):
        people = [ClienteFactory(nombres=name) for name in ("Ana", "Eva", "Zoe")]
        producto = PolizaFactory(cliente=people[0], asegurado=people[1], moneda="USD").producto
        for holder, insured, currency in ((0, 0, "EUR"), (1, 2, "USD"), (2, 1, "EUR")):
            PolizaFactory(
                cliente=people[holder],
                asegurado=people[insured],
                moneda=currency,
                producto=producto,
                agente=None,
            )
        query, meant = condition
        expected = {p.pk for p in Poliza.objects.all() if meant(p)}
        assert set(Poliza.objects.filter(query).values_list("pk", flat=True)) == expected


class TestOnDelete:
    def test_a_held_row_is_refused_naming_who_holds_it(self):
        poliza = PolizaFactory(numero="P-77")
        BienFactory(cliente=poliza.cliente, poliza=None)
        with pytest.raises(ProtectedError) as refusal:
            poliza.cliente.delete()
        sentence = str(refusal.value.args[0])
        assert "P-77" in sentence
        assert "bien" in sentence
        assert Cliente.objects.filter(pk=poliza.cliente_id).exists()

    def test_a_queryset_is_refused_whole(self):
        held, free = PolizaFactory().cliente, ClienteFactory()
        with pytest.raises(ProtectedError), atomic(Cliente):
            Cliente.objects.filter(pk__in=[held.pk, free.pk]).delete()
        assert Cliente.objects.filter(pk__in=[held.pk, free.pk]).count() == 2

    def test_a_free_row_goes(self):
        cliente = ClienteFactory()
        cliente.delete()
        assert not Cliente.objects.filter(pk=cliente.pk).exists()

    def test_history_holds_nothing_back(self):
        poliza = PolizaFactory(agente=AgenteFactory())
        agente = poliza.agente
        poliza.agente = None
        poliza.save()
        agente.delete()
        assert not Agente.objects.filter(pk=agente.pk).exists()

    def test_an_account_that_an_agente_uses_stays(self):
        agente = AgenteFactory(cuenta=User.objects.create_user("ana"))
        with pytest.raises(ProtectedError):
            agente.cuenta.delete()

    def test_every_reference_to_a_model_is_asked(self):
        fields = {f"{f.model._meta.label}.{f.name}" for f in references_to(Cliente)}
        assert {
            "polizas.Poliza.cliente",
            "polizas.Poliza.asegurado",
            "polizas.Poliza.pagador",
            "bienes.Bien.cliente",
            "pedidos.Pedido.cliente",
        } <= fields

    def test_holders_of_many_rows_are_asked_once_a_reference(self):
        clientes = [PolizaFactory().cliente for _ in range(4)]
        with queries() as asked:
            assert holders_of(clientes)
        assert asked.total == len(references_to(Cliente))


class TestReclamos:
    def test_a_bien_of_a_reclamo_is_protected_from_another_store(self):
        reclamo = ReclamoFactory(bien=BienFactory())
        with pytest.raises(ProtectedError):
            reclamo.bien.delete()
        assert Reclamo.objects.get(pk=reclamo.pk).bien is not None


class TestAddresses:
    @staticmethod
    def check(monkeypatch, **databases):
        monkeypatch.setattr("core.checks.settings", SimpleNamespace(DATABASES=databases))
        return stores_have_addresses_of_their_own(None)

    def test_two_stores_at_one_address_are_refused_by_their_variables(self, monkeypatch):
        one = {"ENGINE": "django.db.backends.postgresql", "HOST": "db", "PORT": "", "NAME": "x"}
        other = one | {"NAME": "y"}
        (error,) = self.check(monkeypatch, default=one, polizas=dict(one), bienes=other)
        assert "DATABASE_URL y POLIZAS_URL" in error.msg

    def test_stores_of_their_own_are_fine(self, monkeypatch):
        engine = {"ENGINE": "django.db.backends.sqlite3"}
        databases = {name: engine | {"NAME": name} for name in ("default", "polizas")}
        assert self.check(monkeypatch, **databases) == []


class TestChecks:
    @isolate_apps("core")
    def test_the_project_as_it_stands_is_clean(self):
        assert references_across_stores_are_declared(None) == []

    def test_a_plain_foreign_key_across_stores_is_refused(self, monkeypatch):
        field = models.ForeignKey(Cliente, models.PROTECT)
        with isolate_apps("polizas"):
            model = type(
                "Suelta",
                (models.Model,),
                {
                    "__module__": "polizas.models",
                    "cliente": field,
                    "Meta": type("Meta", (), {"app_label": "polizas"}),
                },
            )
        monkeypatch.setattr("core.checks.apps.get_models", lambda **kwargs: [model])
        assert [found.id for found in references_across_stores_are_declared(None)] == ["core.E001"]

    def test_a_store_foreign_key_that_stays_home_is_refused(self, monkeypatch):
        with isolate_apps("polizas"):
            model = type(
                "Casera",
                (models.Model,),
                {
                    "__module__": "polizas.models",
                    "poliza": StoreForeignKey(Poliza),
                    "Meta": type("Meta", (), {"app_label": "polizas"}),
                },
            )
        monkeypatch.setattr("core.checks.apps.get_models", lambda **kwargs: [model])
        assert [found.id for found in references_across_stores_are_declared(None)] == ["core.E002"]
