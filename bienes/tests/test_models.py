from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from bienes.models import Bien, participa
from bienes.tests.factories import BienFactory
from clientes.tests.factories import ClienteFactory
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases=["clientes", "polizas", "bienes"])


@pytest.fixture
def poliza():
    return PolizaFactory()


@pytest.mark.parametrize("tipo", Bien.Tipo)
def test_a_bien_of_each_tipo_is_valid(tipo):
    BienFactory(tipo=tipo).full_clean()


def test_its_datos_are_judged_by_its_tipo_and_kept_clean():
    bien = BienFactory.build(
        cliente=ClienteFactory(), datos={"placa": "xy-9", "marca": "Kia", "modelo": "Rio"}
    )
    bien.full_clean()
    assert bien.datos["placa"] == "XY9"
    bien.tipo = Bien.Tipo.VIDA
    with pytest.raises(ValidationError) as refusal:
        bien.full_clean()
    assert "«placa»" in " ".join(refusal.value.message_dict["datos"])


def test_an_unknown_tipo_is_refused_at_tipo_alone():
    bien = BienFactory.build(cliente=ClienteFactory(), tipo="barco", datos={"eslora": 8})
    with pytest.raises(ValidationError) as refusal:
        bien.full_clean()
    assert set(refusal.value.message_dict) == {"tipo"}


def test_a_valor_below_zero_is_refused():
    bien = BienFactory.build(cliente=ClienteFactory(), valor=Decimal("-0.01"))
    with pytest.raises(ValidationError, match="negativo"):
        bien.full_clean()


@pytest.mark.parametrize("papel", ["cliente", "asegurado", "pagador"])
def test_a_bien_may_be_insured_by_a_poliza_in_which_its_cliente_takes_part(papel):
    cliente = ClienteFactory()
    poliza = PolizaFactory(**{papel: cliente})
    assert participa(cliente.pk, poliza.pk)
    BienFactory(cliente=cliente, poliza=poliza).full_clean()


def test_the_poliza_of_a_stranger_is_refused(poliza):
    bien = BienFactory(poliza=poliza)
    with pytest.raises(ValidationError) as refusal:
        bien.full_clean()
    assert set(refusal.value.message_dict) == {"poliza"}


def test_a_poliza_that_is_not_there_is_refused_and_not_thrown(poliza):
    bien = BienFactory(poliza=poliza)
    bien.poliza_id = bien.pk
    with pytest.raises(ValidationError) as refusal:
        bien.full_clean()
    assert "poliza" in refusal.value.message_dict


def test_it_is_called_as_the_cliente_calls_it_or_by_its_datos():
    assert str(BienFactory(descripcion="El coche de Ana")) == "El coche de Ana"
    assert str(BienFactory()) == "Toyota Yaris 2021 ABC123"
    assert str(BienFactory(tipo="otro")) == "Un velero de ocho metros"
    assert str(BienFactory(tipo="otro", datos={})) == "Otro"


def test_it_is_found_by_what_its_datos_say():
    bien = BienFactory(tipo="hogar")
    assert Bien.objects.get(busqueda__contains="avila") == bien


def test_asegurados_and_sin_asegurar_are_all():
    poliza = PolizaFactory()
    con, sin = BienFactory(poliza=poliza, cliente=poliza.cliente), BienFactory()
    assert list(Bien.objects.asegurados()) == [con]
    assert list(Bien.objects.sin_asegurar()) == [sin]


def test_the_cliente_of_a_bien_is_not_deleted():
    bien = BienFactory()
    with pytest.raises(ProtectedError, match="Toyota"):
        bien.cliente.delete()


def test_the_history_keeps_the_datos_of_each_moment():
    bien = BienFactory()
    bien.datos = {**bien.datos, "color": "rojo"}
    bien.save()
    despues, antes = bien.history.all()
    assert (antes.datos.get("color"), despues.datos["color"]) == (None, "rojo")
