"""The API of reclamos and pagos: the contract, and the verbs that take a reclamo from one estado to the next."""

import pytest
from django.utils import timezone

from agentes.tests.factories import AgenteFactory
from bienes.tests.factories import BienFactory
from core.api.testing import ApiContract, of_role, signed_in
from polizas.tests.factories import PolizaFactory
from siniestros.api import PagoViewSet, ReclamoViewSet
from siniestros.models import Pago, Reclamo
from siniestros.tests.factories import AVISO, AprobadoFactory, PagoFactory, ReclamoFactory

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/reclamos/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The day of the factories: what is decided by the day does not hang on the real one."""
    monkeypatch.setattr(timezone, "now", lambda: AVISO)


def url(reclamo, verb=""):
    return f"{LIST}{reclamo.pk}/" + (f"{verb}/" if verb else "")


def post(address, body=None, user=None, **headers):
    return signed_in(user).post(address, body or {}, format="json", headers=headers)


def body_of(poliza, **others):
    return {
        "poliza": str(poliza.pk),
        "fecha_ocurrencia": "2026-04-01",
        "fecha_reclamo": "2026-04-02T09:30:00-05:00",
        "monto": "1000.00",
    } | others


class TestReclamoApi(ApiContract):
    collection, viewset, factory = "reclamos", ReclamoViewSet, ReclamoFactory


class TestPagoApi(ApiContract):
    collection, viewset, factory = "pagos", PagoViewSet, PagoFactory


@pytest.fixture
def vigente():
    return PolizaFactory(estado="vigente")


class TestWritten:
    def test_it_takes_the_next_number_of_its_poliza(self, vigente):
        numbers = [post(LIST, body_of(vigente)).data["numero"] for _ in range(2)]
        assert numbers == [f"{vigente.numero}-R1", f"{vigente.numero}-R2"]

    def test_what_the_poliza_did_not_cover_is_refused_by_its_day(self, vigente):
        answer = post(LIST, body_of(vigente, fecha_ocurrencia="2026-02-28"))
        assert answer.status_code == 400
        assert set(answer.data) == {"fecha_ocurrencia"}
        assert "no cubría el 28/02/2026" in answer.data["fecha_ocurrencia"][0]

    def test_a_bien_of_somebody_else_is_refused(self, vigente):
        answer = post(LIST, body_of(vigente, bien=str(BienFactory().pk)))
        assert answer.data == {"bien": ["El bien no es de ningún cliente de la póliza."]}

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00"])
    def test_a_moment_off_the_calendar_is_refused_by_its_field(self, vigente, moment):
        answer = post(LIST, body_of(vigente, fecha_reclamo=moment))
        assert (answer.status_code, set(answer.data)) == (400, {"fecha_reclamo"})

    @pytest.mark.parametrize("name", ["estado", "pagado", "motivo"])
    def test_what_verbs_write_is_not_written_by_hand(self, vigente, name):
        made = post(LIST, body_of(vigente, **{name: "1.00" if name == "pagado" else "pagado"}))
        assert made.status_code == 201
        said = [made.data[it] for it in ("estado", "pagado", "motivo")]
        assert said == ["pendiente", "0.00", ""]

    def test_what_was_decided_on_does_not_change(self):
        aprobado = AprobadoFactory()
        answer = signed_in().patch(url(aprobado), {"monto": "1.00"}, format="json")
        assert answer.data == {"monto": ["No se cambia: el reclamo ya está decidido."]}

    def test_one_that_was_looked_at_is_not_deleted(self):
        answer = signed_in().delete(url(AprobadoFactory()))
        assert answer.status_code == 409
        assert "ya se ha tramitado" in answer.data["detail"]


class TestVerbos:
    def test_the_whole_way_of_a_reclamo(self, vigente):
        reclamo = Reclamo.objects.get(pk=post(LIST, body_of(vigente)).data["id"])
        for verb, body, estado in (
            ("revisar", {}, "en_revision"),
            ("aprobar", {"reserva": "900.00"}, "aprobado"),
            ("cerrar", {}, "cerrado"),
            ("reabrir", {"motivo": "Llegó la factura"}, "reabierto"),
            ("rechazar", {"motivo": "No es del mismo auto"}, "rechazado"),
        ):
            answer = post(url(reclamo, verb), body)
            assert (answer.status_code, answer.data["estado"]) == (200, estado), verb
            assert answer["ETag"] == f'"{answer.data["version"]}"'
        assert answer.data["motivo"] == "No es del mismo auto"

    @pytest.mark.parametrize(
        ("verb", "body", "sentence"),
        [
            ("aprobar", {}, "Un reclamo pendiente no se aprueba: antes se revisa."),
            ("cerrar", {}, "Un reclamo pendiente no se cierra: antes se aprueba o se rechaza."),
            ("reabrir", {"motivo": "x"}, "Un reclamo pendiente no se reabre."),
            ("pagar", {"metodo": "efectivo"}, "Un reclamo pendiente no se paga: antes se aprueba."),
        ],
    )
    def test_what_comes_too_early_is_refused_in_words(self, verb, body, sentence):
        answer = post(url(ReclamoFactory(), verb), body)
        assert (answer.status_code, answer.data) == (400, {"detail": [sentence]})

    @pytest.mark.parametrize("verb", ["rechazar", "reabrir"])
    @pytest.mark.parametrize("body", [{}, {"motivo": " "}, {"motivo": "x" * 1001}])
    def test_the_cliente_is_owed_a_reason(self, verb, body):
        answer = post(url(ReclamoFactory(), verb), body)
        assert (answer.status_code, set(answer.data)) == (400, {"motivo"})

    @pytest.mark.parametrize("reserva", ["-1", "NaN", "0", "50000.01", "1.001"])
    def test_a_reserva_that_can_t_be_is_refused_by_its_field(self, reserva):
        reclamo = ReclamoFactory(estado="en_revision")
        answer = post(url(reclamo, "aprobar"), {"reserva": reserva})
        assert (answer.status_code, set(answer.data)) == (400, {"reserva"})

    @pytest.mark.parametrize(
        ("verb", "role", "enters"),
        [
            ("revisar", "Siniestros", True),
            ("aprobar", "Siniestros", True),
            ("pagar", "Siniestros", True),
            ("pagar", "Suscripción", False),
            ("rechazar", "Agente", False),
            ("cerrar", "Cobros", False),
            ("reabrir", "Consulta", False),
        ],
    )
    def test_each_takes_its_own_right(self, verb, role, enters):
        answer = post(url(ReclamoFactory(), verb), {"nada": 1}, of_role(role))
        assert (answer.status_code == 403) != enters

    def test_who_decides_need_not_be_who_pays(self):
        user = of_role()
        permissions = user.user_permissions.model
        user.user_permissions.set(permissions.objects.filter(codename="resolver_reclamo"))
        address = url(AprobadoFactory(), "pagar")
        assert post(address, {"metodo": "efectivo"}, user).status_code == 403


class TestPagar:
    def test_part_by_part_until_nothing_is_left(self):
        reclamo = AprobadoFactory()
        part = post(url(reclamo, "pagar"), {"metodo": "efectivo", "monto": "400.00"})
        assert (part.status_code, part.data["monto"]) == (201, "400.00")
        assert signed_in().get(url(reclamo)).data["estado"] == "aprobado"
        rest = post(url(reclamo, "pagar"), {"metodo": "cheque", "beneficiario": "Taller Núñez"})
        assert (rest.data["monto"], rest.data["beneficiario"]) == ("600.00", "Taller Núñez")
        told = signed_in().get(url(reclamo), {"expand": "pagos"}).data
        assert (told["estado"], told["pagado"]) == ("pagado", "1000.00")
        assert len(told["pagos"]) == 2

    def test_sent_twice_with_one_key_pays_once(self):
        reclamo, user = AprobadoFactory(), of_role("Siniestros")
        body, key = {"metodo": "efectivo", "monto": "400.00"}, {"Idempotency-Key": "pago-1"}
        answers = [post(url(reclamo, "pagar"), body, user, **key) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {201}
        assert Pago.objects.count() == 1
        assert post(url(reclamo, "pagar"), body | {"monto": "1"}, user, **key).status_code == 422

    @pytest.mark.parametrize("monto", ["0", "1000.01", "-5", "x", "1e3000"])
    def test_a_monto_that_can_t_be_is_refused_by_its_field(self, monto):
        reclamo = AprobadoFactory()
        answer = post(url(reclamo, "pagar"), {"metodo": "efectivo", "monto": monto})
        assert (answer.status_code, set(answer.data)) == (400, {"monto"})
        assert not Pago.objects.exists()

    def test_on_an_older_version_nothing_is_paid(self):
        reclamo = AprobadoFactory()
        reclamo.save()
        answer = post(url(reclamo, "pagar"), {"metodo": "efectivo"}, **{"If-Match": '"1"'})
        assert answer.status_code == 412
        assert not Pago.objects.exists()

    def test_a_pago_is_never_written_by_hand(self):
        pago = PagoFactory()
        client = signed_in()
        address = f"/api/v1/pagos/{pago.pk}/"
        for send in (client.put, client.patch, client.delete):
            assert send(address, {}, format="json").status_code == 405


class TestAskedFor:
    def found(self, address, **asked):
        answer = signed_in().get(address, asked)
        assert answer.status_code == 200, answer.data
        return {row["id"] for row in answer.data["results"]}

    def test_by_what_they_are_of(self):
        reclamo, _other = AprobadoFactory(pagado=1), ReclamoFactory()
        pago, poliza = PagoFactory(reclamo=reclamo, monto=1), reclamo.poliza
        for asked in (
            {"poliza": poliza.pk},
            {"cliente": poliza.cliente_id},
            {"agente": poliza.agente_id},
            {"estado": "aprobado"},
            {"estado__in": "aprobado,pagado"},
            {"search": reclamo.numero},
        ):
            assert self.found(LIST, **asked) == {str(reclamo.pk)}, asked
        for asked in ({"poliza": poliza.pk}, {"cliente": poliza.cliente_id}, {"search": "op-17"}):
            assert self.found("/api/v1/pagos/", **asked) == {str(pago.pk)}, asked

    def test_by_the_words_of_the_cliente(self):
        reclamo, _other = ReclamoFactory(), ReclamoFactory()
        reclamo.poliza.cliente.apellidos = "Zárate"
        reclamo.poliza.cliente.save()
        assert self.found(LIST, search="zarate") == {str(reclamo.pk)}

    def test_between_days(self):
        reclamo = ReclamoFactory()
        one_day = {"fecha_reclamo__gte": "2026-04-02", "fecha_reclamo__lt": "2026-04-03"}
        assert self.found(LIST, **one_day) == {str(reclamo.pk)}
        assert self.found(LIST, fecha_ocurrencia="2026-04-01") == {str(reclamo.pk)}
        assert self.found(LIST, fecha_ocurrencia__isnull="true") == set()


class TestAnAgente:
    @pytest.fixture
    def mine(self):
        return AgenteFactory(cuenta=of_role("Agente"))

    def test_gives_notice_of_what_happened_to_their_clientes_alone(self, mine, vigente):
        suya = PolizaFactory(agente=mine, estado="vigente")
        assert post(LIST, body_of(suya), mine.cuenta).status_code == 201
        answer = post(LIST, body_of(vigente), mine.cuenta)
        assert (answer.status_code, set(answer.data)) == (400, {"poliza"})
        rows = signed_in(mine.cuenta).get(LIST).data["results"]
        assert [str(row["poliza"]) for row in rows] == [str(suya.pk)]

    def test_sees_no_pago_of_others(self, mine):
        PagoFactory()
        suyo = PagoFactory(reclamo__poliza__agente=mine)
        rows = signed_in(mine.cuenta).get("/api/v1/pagos/").data["results"]
        assert [row["id"] for row in rows] == [str(suyo.pk)]
