"""The API of pólizas: the contract of each collection, and the verbs and words that are theirs."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from agentes.tests.factories import AgenteFactory
from clientes.tests.factories import ClienteFactory
from core.api.testing import ApiContract, of_role, signed_in
from core.testing import queries
from polizas.api.catalogo import AseguradoraViewSet, ProductoViewSet, TipoCoberturaViewSet
from polizas.api.partes import BeneficiarioViewSet, CoberturaViewSet
from polizas.api.poliza import PolizaViewSet
from polizas.api.recibos import CobroViewSet, ReciboViewSet
from polizas.models import BeneficiarioPoliza, Cobertura, Cobro, Poliza, Recibo
from polizas.tests.factories import (
    AHORA,
    HOY,
    AseguradoraFactory,
    BeneficiarioPolizaFactory,
    CoberturaFactory,
    CobroFactory,
    EmitidaFactory,
    PolizaFactory,
    ProductoFactory,
    ReciboFactory,
    TipoCoberturaFactory,
)

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/polizas/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The day of the factories: what is decided by the day does not hang on the real one."""
    monkeypatch.setattr(timezone, "now", lambda: AHORA)


def url(row, verb=""):
    collection = {
        Poliza: "polizas",
        Recibo: "recibos",
        Cobertura: "coberturas",
        BeneficiarioPoliza: "beneficiarios-poliza",
    }[type(row)]
    return f"/api/v1/{collection}/{row.pk}/" + (f"{verb}/" if verb else "")


def post(address, body=None, user=None, **headers):
    return signed_in(user).post(address, body or {}, format="json", headers=headers)


def found(address, **asked):
    answer = signed_in().get(address, asked)
    assert answer.status_code == 200, answer.data
    return {row["id"] for row in answer.data["results"]}


def body_of(**others):
    poliza = PolizaFactory.build(cliente=None, agente=None, producto=None)
    cliente, producto = ClienteFactory(), ProductoFactory()
    return {
        "cliente": str(cliente.pk),
        "producto": str(producto.pk),
        "inicio": poliza.inicio.isoformat(),
        "fin": poliza.fin.isoformat(),
        "suma_asegurada": "50000.00",
    } | others


class TestAseguradoraApi(ApiContract):
    collection, viewset, factory = "aseguradoras", AseguradoraViewSet, AseguradoraFactory


class TestProductoApi(ApiContract):
    collection, viewset, factory = "productos", ProductoViewSet, ProductoFactory


class TestTipoCoberturaApi(ApiContract):
    collection, viewset, factory = "tipos-cobertura", TipoCoberturaViewSet, TipoCoberturaFactory


class TestPolizaApi(ApiContract):
    collection, viewset, factory = "polizas", PolizaViewSet, PolizaFactory


class TestCoberturaApi(ApiContract):
    collection, viewset, factory = "coberturas", CoberturaViewSet, CoberturaFactory


class TestBeneficiarioApi(ApiContract):
    collection, viewset = "beneficiarios-poliza", BeneficiarioViewSet
    factory = BeneficiarioPolizaFactory


class TestReciboApi(ApiContract):
    collection, viewset, factory = "recibos", ReciboViewSet, ReciboFactory


class TestCobroApi(ApiContract):
    collection, viewset, factory = "cobros", CobroViewSet, CobroFactory


class TestCotizar:
    def test_what_is_left_blank_is_filled_in(self):
        body = body_of()
        answer = post(LIST, body)
        assert answer.status_code == 201, answer.data
        made = answer.data
        assert str(made["asegurado"]) == str(made["pagador"]) == body["cliente"]
        assert (made["prima_neta"], made["prima"], made["moneda"]) == ("1000.00", "1000.00", "USD")
        assert (made["numero"], made["estado"]) == ("2026-000001", "cotizada")

    def test_money_is_text_of_two_decimals(self):
        made = post(LIST, body_of(prima_neta=1000.5, impuestos="180", recargos="20.1")).data
        money = [made[name] for name in ("prima_neta", "impuestos", "recargos", "prima")]
        assert money == ["1000.50", "180.00", "20.10", "1200.60"]

    @pytest.mark.parametrize("name", ["prima", "estado", "motivo_anulacion", "anulada_el"])
    def test_what_follows_from_the_rest_is_not_written(self, name):
        sent = {"prima": "1.00", "estado": "vigente", "motivo_anulacion": "otro"}
        made = post(LIST, body_of(**{name: sent.get(name, "2026-04-01")}))
        assert made.status_code == 201
        assert (made.data["estado"], made.data["prima"]) == ("cotizada", "1000.00")

    def test_the_prima_follows_its_parts_when_they_change(self):
        poliza = PolizaFactory()
        answer = signed_in().patch(url(poliza), {"prima_neta": "500.00"}, format="json")
        assert (answer.status_code, answer.data["prima"]) == (200, "700.00")

    def test_the_judge_is_the_model(self):
        answer = post(LIST, body_of(fin="2026-02-28"))
        assert answer.status_code == 400
        assert answer.data == {"detail": ["La póliza no puede terminar antes de empezar."]}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("cliente", str(UUID(int=7))),
            ("cliente", None),
            ("producto", "x"),
            ("inicio", "1/3/2026"),
            ("prima_neta", "-1"),
            ("prima_neta", None),
            ("forma_pago", "diaria"),
            ("moneda", "XXX"),
        ],
    )
    def test_what_can_t_be_is_refused_by_its_field(self, name, value):
        answer = post(LIST, body_of(**{name: value}))
        assert answer.status_code == 400
        assert set(answer.data) <= {name, "detail"}
        assert not Poliza.objects.exists()

    def test_a_number_that_is_taken_is_refused_by_its_field(self):
        PolizaFactory(numero="P-1")
        answer = post(LIST, body_of(numero="P-1"))
        assert answer.data == {"numero": ["Ya existe una póliza con ese número."]}

    def test_a_producto_that_is_no_longer_sold_is_refused(self):
        producto = ProductoFactory(activo=False)
        answer = post(LIST, body_of(producto=str(producto.pk)))
        assert answer.data == {"producto": ["El producto ya no se vende."]}


class TestEmitida:
    def test_what_was_signed_does_not_change(self):
        poliza = EmitidaFactory()
        answer = signed_in().patch(url(poliza), {"suma_asegurada": "1.00"}, format="json")
        assert answer.status_code == 400
        assert answer.data == {"suma_asegurada": ["No se cambia: la póliza ya está emitida."]}

    def test_who_pays_and_who_attends_may_change(self):
        poliza, otro = EmitidaFactory(), ClienteFactory()
        answer = signed_in().patch(url(poliza), {"pagador": str(otro.pk)}, format="json")
        assert (answer.status_code, str(answer.data["pagador"])) == (200, str(otro.pk))

    def test_it_is_not_deleted(self):
        poliza = EmitidaFactory()
        answer = signed_in().delete(url(poliza))
        assert answer.status_code == 409
        recibo = poliza.recibos.get()
        assert answer.data == {"detail": f"No se puede borrar: lo usan recibo {recibo}."}
        assert Poliza.objects.filter(pk=poliza.pk).exists()


class TestVerbos:
    def test_emitir_makes_its_recibos(self):
        poliza = PolizaFactory(forma_pago="mensual")
        answer = post(url(poliza, "emitir"))
        assert (answer.status_code, answer.data["estado"]) == (200, "vigente")
        assert answer["ETag"] == f'"{answer.data["version"]}"'
        assert poliza.recibos.count() == 12

    def test_emitir_twice_is_refused_in_words(self):
        poliza = EmitidaFactory()
        answer = post(url(poliza, "emitir"))
        assert (answer.status_code, answer.data) == (
            400,
            {"detail": ["Una póliza vigente no puede pasar a emitida."]},
        )

    def test_emitir_an_older_version_is_refused_and_does_nothing(self):
        poliza = PolizaFactory()
        poliza.save()
        answer = post(url(poliza, "emitir"), **{"If-Match": '"1"'})
        assert answer.status_code == 412
        assert not poliza.recibos.exists()

    def test_renovar_answers_the_one_that_follows(self):
        poliza = EmitidaFactory()
        answer = post(url(poliza, "renovar"), {"ajuste": "10", "hasta": "2028-02-29"})
        assert answer.status_code == 201, answer.data
        assert str(answer.data["anterior"]) == str(poliza.pk)
        assert (answer.data["inicio"], answer.data["fin"]) == ("2027-03-01", "2028-02-29")
        assert answer.data["prima"] == "1320.00"
        poliza.refresh_from_db()
        assert poliza.estado == "renovada"

    def test_renovar_sent_twice_with_one_key_renews_once(self):
        poliza = EmitidaFactory()
        first, second = (
            post(url(poliza, "renovar"), user=user, **{"Idempotency-Key": "k"})
            for user in [of_role("Suscripción")] * 2
        )
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.data == second.data
        assert Poliza.objects.filter(anterior=poliza).count() == 1

    def test_renovar_twice_without_a_key_is_refused(self):
        poliza = EmitidaFactory()
        assert post(url(poliza, "renovar")).status_code == 201
        assert post(url(poliza, "renovar")).status_code == 400

    @pytest.mark.parametrize("body", [{"ajuste": "1001"}, {"ajuste": "x"}, {"hasta": "hoy"}])
    def test_renovar_refuses_what_it_can_t_read(self, body):
        answer = post(url(EmitidaFactory(), "renovar"), body)
        assert (answer.status_code, set(answer.data)) == (400, set(body))

    def test_anular_ends_it_and_what_was_to_be_paid(self):
        poliza = EmitidaFactory(forma_pago="mensual")
        answer = post(url(poliza, "anular"), {"motivo": "venta", "fecha": "2026-09-01"})
        assert answer.status_code == 200, answer.data
        said = [answer.data[name] for name in ("estado", "motivo_anulacion", "anulada_el")]
        assert said == ["anulada", "venta", "2026-09-01"]
        assert set(poliza.recibos.values_list("estado", flat=True)) == {"anulado"}

    @pytest.mark.parametrize(
        ("body", "names"),
        [
            ({}, {"motivo", "fecha"}),
            ({"motivo": "capricho", "fecha": "2026-09-01"}, {"motivo"}),
            ({"motivo": "venta", "fecha": "2030-01-01"}, {"detail"}),
            ({"motivo": "venta", "fecha": "2026-09-01", "nota": "x"}, {"nota"}),
        ],
    )
    def test_anular_refuses_what_can_t_be(self, body, names):
        answer = post(url(EmitidaFactory(), "anular"), body)
        assert (answer.status_code, set(answer.data)) == (400, names)

    @pytest.mark.parametrize("verb", ["emitir", "renovar", "anular"])
    @pytest.mark.parametrize(("role", "enters"), [("Suscripción", True), ("Cobros", False)])
    def test_each_takes_its_own_right(self, verb, role, enters):
        answer = post(url(PolizaFactory(), verb), {"x": 1}, user=of_role(role))
        assert answer.status_code == (400 if enters else 403)


class TestRecibos:
    @pytest.fixture
    def recibo(self):
        return ReciboFactory(importe="100.00")

    def test_a_recibo_says_what_is_left_of_it(self, recibo):
        CobroFactory(recibo=recibo, monto="40.10")
        told = signed_in().get(url(recibo)).data
        assert (told["importe"], told["cobrado"], told["saldo"]) == ("100.00", "40.10", "59.90")

    def test_it_says_so_inside_its_poliza_too(self, recibo):
        CobroFactory(recibo=recibo, monto="40.10")
        told = signed_in().get(url(recibo.poliza), {"expand": "recibos"}).data
        assert [one["saldo"] for one in told["recibos"]] == ["59.90"]

    def test_cobrar_without_a_monto_takes_all_that_is_left(self, recibo):
        CobroFactory(recibo=recibo, monto="40.10")
        answer = post(url(recibo, "cobrar"), {"metodo": "efectivo"})
        assert (answer.status_code, answer.data["monto"]) == (201, "59.90")
        assert signed_in().get(url(recibo)).data["estado"] == "cobrado"

    def test_cobrar_sent_twice_with_one_key_collects_once(self, recibo):
        user, body = of_role("Cobros"), {"metodo": "tarjeta", "monto": "10.00"}
        answers = [
            post(url(recibo, "cobrar"), body, user, **{"Idempotency-Key": "k"}) for _ in "12"
        ]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].data == answers[1].data
        assert Cobro.objects.count() == 1
        other = post(
            url(recibo, "cobrar"), body | {"monto": "11.00"}, user, **{"Idempotency-Key": "k"}
        )
        assert other.status_code == 422

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ({"metodo": "trueque"}, "metodo"),
            ({"metodo": "efectivo", "monto": "100.01"}, "monto"),
            ({"metodo": "efectivo", "monto": "0"}, "monto"),
            ({"metodo": "efectivo", "fecha": "2026-03-02T00:00:00Z"}, "fecha"),
            ({"metodo": "efectivo", "fecha": "0001-01-01T00:00:00Z"}, "fecha"),
            ({"metodo": "efectivo", "referencia": "x" * 61}, "referencia"),
        ],
    )
    def test_cobrar_refuses_by_field_what_can_t_be(self, recibo, body, name):
        answer = post(url(recibo, "cobrar"), body)
        assert (answer.status_code, set(answer.data)) == (400, {name})
        assert not Cobro.objects.exists()

    def test_a_moment_of_when_clocks_went_by_the_sun_is_told_by_utc(self, recibo):
        body = {"metodo": "efectivo", "fecha": "1813-06-27T12:38:38-05:00"}
        assert post(url(recibo, "cobrar"), body).data["fecha"] == "1813-06-27T17:38:38Z"

    def test_cobrar_takes_its_own_right(self, recibo):
        body = {"metodo": "efectivo"}
        assert post(url(recibo, "cobrar"), body, of_role("Suscripción")).status_code == 403
        assert post(url(recibo, "cobrar"), body, of_role("Cobros")).status_code == 201

    def test_they_are_asked_for_by_what_they_are_of(self, recibo):
        ReciboFactory()
        poliza = recibo.poliza
        for asked in (
            {"poliza": poliza.pk},
            {"cliente": poliza.cliente_id},
            {"agente": poliza.agente_id},
            {"aseguradora": poliza.producto.aseguradora_id},
        ):
            assert found("/api/v1/recibos/", **asked) == {str(recibo.pk)}

    def test_those_unpaid_on_a_day_are_asked_for(self, recibo):
        assert found("/api/v1/recibos/", impago_el=HOY) == set()
        assert found("/api/v1/recibos/", impago_el=HOY + timedelta(1)) == {str(recibo.pk)}

    def test_cobros_are_asked_for_by_poliza_cliente_and_agente(self, recibo):
        cobro, _other = CobroFactory(recibo=recibo), CobroFactory()
        poliza = recibo.poliza
        for asked in (
            {"poliza": poliza.pk},
            {"cliente": poliza.cliente_id},
            {"agente": poliza.agente_id},
        ):
            assert found("/api/v1/cobros/", **asked) == {str(cobro.pk)}


class TestCoberturas:
    def body(self, poliza):
        return {"poliza": str(poliza.pk), "nombre": "Robo", "limite": "10.00"}

    def test_those_of_an_emitida_are_not_added_changed_or_removed(self):
        cobertura = CoberturaFactory()
        post(url(cobertura.poliza, "emitir"))
        client = signed_in()
        answers = [
            client.post("/api/v1/coberturas/", self.body(cobertura.poliza), format="json"),
            client.patch(url(cobertura), {"limite": "1.00"}, format="json"),
            client.delete(url(cobertura)),
        ]
        sentence = {"detail": ["Las coberturas de una póliza emitida no se cambian."]}
        assert [(answer.status_code, answer.data) for answer in answers] == [(400, sentence)] * 3
        assert Cobertura.objects.get() == cobertura

    def test_one_does_not_move_to_another_poliza(self):
        cobertura, otra = CoberturaFactory(), PolizaFactory()
        answer = signed_in().patch(url(cobertura), {"poliza": str(otra.pk)}, format="json")
        assert (answer.status_code, set(answer.data)) == (400, {"poliza"})

    def test_each_is_there_once(self):
        cobertura = CoberturaFactory(nombre="Robo")
        answer = post("/api/v1/coberturas/", self.body(cobertura.poliza))
        assert answer.data == {"detail": ["La póliza ya tiene esa cobertura."]}


class TestBeneficiarios:
    def body(self, poliza, porcentaje="50.00"):
        return {
            "poliza": str(poliza.pk),
            "nombre_completo": "Iñaki Peña",
            "parentesco": "hijo",
            "porcentaje": porcentaje,
        }

    def test_those_of_a_cotizada_need_not_add_up_yet(self):
        poliza = PolizaFactory()
        assert post("/api/v1/beneficiarios-poliza/", self.body(poliza)).status_code == 201
        refusal = post(url(poliza, "emitir"))
        assert refusal.status_code == 400
        assert "suman 50" in refusal.data["detail"][0]

    def test_those_of_an_emitida_always_add_up(self):
        uno = BeneficiarioPolizaFactory(porcentaje=60)
        BeneficiarioPolizaFactory(poliza=uno.poliza, porcentaje=40)
        post(url(uno.poliza, "emitir"))
        client = signed_in()
        for answer in (
            client.post("/api/v1/beneficiarios-poliza/", self.body(uno.poliza), format="json"),
            client.patch(url(uno), {"porcentaje": "50.00"}, format="json"),
            client.delete(url(uno)),
        ):
            assert answer.status_code == 400
            assert "deben sumar 100 %" in answer.data["detail"][0]
        renamed = client.patch(url(uno), {"nombre_completo": "Ana Peña"}, format="json")
        assert renamed.status_code == 200
        assert sorted(uno.poliza.beneficiarios.values_list("porcentaje", flat=True)) == [40, 60]

    def test_the_only_one_may_be_removed_for_the_heirs(self):
        uno = BeneficiarioPolizaFactory()
        post(url(uno.poliza, "emitir"))
        assert signed_in().delete(url(uno)).status_code == 204

    def test_those_of_one_that_ended_stay_as_they_were(self):
        uno = BeneficiarioPolizaFactory(poliza=PolizaFactory(estado="vencida"))
        answer = signed_in().patch(url(uno), {"nombre_completo": "Ana"}, format="json")
        assert answer.status_code == 400
        assert "ya no está viva" in answer.data["detail"][0]

    def test_designar_replaces_them_all_at_once(self):
        uno = BeneficiarioPolizaFactory()
        post(url(uno.poliza, "emitir"))
        nuevos = [self.body(uno.poliza, share) for share in ("60.00", "40.00")]
        for nuevo in nuevos:
            del nuevo["poliza"]
        answer = post(url(uno.poliza, "designar"), {"beneficiarios": nuevos})
        assert answer.status_code == 200, answer.data
        assert sorted(uno.poliza.beneficiarios.values_list("porcentaje", flat=True)) == [40, 60]
        nobody = post(url(uno.poliza, "designar"), {"beneficiarios": []})
        assert nobody.status_code == 200
        assert not uno.poliza.beneficiarios.exists()

    @pytest.mark.parametrize(
        ("beneficiarios", "name"),
        [
            (None, "beneficiarios"),
            ([{"nombre_completo": "Ana"}], "beneficiarios.0.parentesco"),
            ([3], "beneficiarios.0.detail"),
        ],
    )
    def test_designar_says_what_is_wrong_and_where(self, beneficiarios, name):
        answer = post(url(PolizaFactory(), "designar"), {"beneficiarios": beneficiarios})
        assert answer.status_code == 400
        assert name in answer.data

    def test_designar_is_for_who_may_add_and_delete_them(self):
        address, body = url(PolizaFactory(), "designar"), {"beneficiarios": []}
        assert post(address, body, of_role("Suscripción")).status_code == 200
        assert post(address, body, of_role("Integración")).status_code == 403
        assert post(address, body, of_role("Cobros")).status_code == 403


class TestAskedFor:
    @pytest.fixture
    def poliza(self):
        PolizaFactory(estado="vencida", inicio=date(2020, 1, 1), fin=date(2020, 12, 31))
        producto = ProductoFactory(ramo="VIDA")
        return PolizaFactory(numero="LP-7788", producto=producto, estado="vigente")

    def test_by_what_it_is_of(self, poliza):
        for asked in (
            {"cliente": poliza.cliente_id},
            {"agente": poliza.agente_id},
            {"producto": poliza.producto_id},
            {"aseguradora": poliza.producto.aseguradora_id},
            {"ramo": "VIDA"},
            {"ramo__in": "VIDA,HOGAR"},
            {"estado": "vigente"},
            {"estado__in": "vigente,anulada"},
            {"inicio__gte": HOY, "inicio__lt": HOY + timedelta(1)},
            {"vigente_el": HOY},
            {"numero": "LP-7788"},
            {"search": "7788"},
        ):
            assert found(LIST, **asked) == {str(poliza.pk)}, asked

    def test_by_any_part_that_a_cliente_takes(self, poliza):
        asegurado, pagador = ClienteFactory.create_batch(2)
        poliza.asegurado, poliza.pagador = asegurado, pagador
        poliza.save()
        for cliente in (poliza.cliente, asegurado, pagador):
            assert found(LIST, participa=cliente.pk) == {str(poliza.pk)}

    def test_by_the_words_of_its_cliente(self, poliza):
        poliza.cliente.nombres, poliza.cliente.apellidos = "Íñigo", "Zárate"
        poliza.cliente.save()
        assert found(LIST, search="zarate INIGO") == {str(poliza.pk)}
        assert found(LIST, search="zarate maria") == set()

    @pytest.mark.parametrize("asked", ["ramo=NAVAL", "vigente_el=ayer", "participa=yo", "prima=1"])
    def test_what_can_t_be_asked_is_refused_by_name(self, asked):
        answer = signed_in().get(f"{LIST}?{asked}")
        assert (answer.status_code, set(answer.data)) == (400, {asked.partition("=")[0]})


class TestExpand:
    def test_it_brings_other_stores_in_one_query_each(self):
        PolizaFactory.create_batch(3)
        client = signed_in()
        client.get(LIST)
        with queries() as plain:
            client.get(LIST)
        with queries() as expanded:
            answer = client.get(LIST, {"expand": "cliente,agente,producto,recibos"})
        assert expanded.total - plain.total <= 6, expanded.by_store
        row = answer.data["results"][0]
        assert row["cliente"]["nombres"] == "María"
        assert row["agente"]["nombres"] == "Lucía"
        assert row["producto"]["ramo"] == "AUTO"
        assert row["recibos"] == []

    @pytest.mark.parametrize("expand", ["cliente,", ",", "cobros", "cliente,nada"])
    def test_what_there_is_not_is_refused_by_name(self, expand):
        answer = signed_in().get(LIST, {"expand": expand})
        assert (answer.status_code, set(answer.data)) == (400, {"expand"})

    def test_what_may_not_be_viewed_stays_a_key(self):
        poliza = BeneficiarioPolizaFactory().poliza
        user = of_role()
        user.user_permissions.set(
            type(user.user_permissions.model.objects.first()).objects.filter(codename="view_poliza")
        )
        told = signed_in(user).get(url(poliza), {"expand": "cliente,beneficiarios"}).data
        assert str(told["cliente"]) == str(poliza.cliente_id)
        assert "beneficiarios" not in told


class TestAnAgente:
    @pytest.fixture
    def mine(self):
        return AgenteFactory(cuenta=of_role("Agente"))

    def test_quotes_for_their_clientes_under_their_own_name(self, mine):
        cliente = ClienteFactory(agente=mine)
        body = body_of(cliente=str(cliente.pk), agente=str(mine.pk))
        assert post(LIST, body, mine.cuenta).status_code == 201

    def test_quotes_for_nobody_else(self, mine):
        ajeno = ClienteFactory()
        answer = post(LIST, body_of(cliente=str(ajeno.pk), agente=str(mine.pk)), mine.cuenta)
        assert (answer.status_code, set(answer.data)) == (400, {"cliente"})

    def test_can_t_leave_it_to_another(self, mine):
        cliente = ClienteFactory(agente=mine)
        poliza = PolizaFactory(cliente=cliente, agente=mine)
        client = signed_in(mine.cuenta)
        for agente in (None, str(AgenteFactory().pk)):
            answer = client.patch(url(poliza), {"agente": agente}, format="json")
            assert answer.status_code == 400
        poliza.refresh_from_db()
        assert poliza.agente == mine

    def test_finds_only_their_own(self, mine):
        suya, ajena = PolizaFactory(agente=mine), PolizaFactory()
        client = signed_in(mine.cuenta)
        assert [row["id"] for row in client.get(LIST).data["results"]] == [str(suya.pk)]
        assert client.get(LIST, {"search": ajena.numero[:4]}).data["results"] == [
            client.get(url(suya)).data
        ]
        assert client.post(url(ajena, "emitir")).status_code == 403
        assert client.get(url(ajena)).status_code == 404

    def test_can_t_put_a_part_in_another_s_poliza(self, mine):
        ajena = PolizaFactory()
        body = {"poliza": str(ajena.pk), "nombre": "Robo", "limite": "10.00"}
        answer = post("/api/v1/coberturas/", body, mine.cuenta)
        assert (answer.status_code, set(answer.data)) == (400, {"poliza"})
