import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from agentes.models import Agente
from agentes.tests.factories import AgenteFactory
from especialidades.tests.factories import EspecialidadFactory

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = reverse("admin:agentes_agente_changelist")


def shown(client: Client, **query: str) -> set[Agente]:
    answer = client.get(LIST, query)
    assert answer.status_code == 200, query
    return set(answer.context["cl"].result_list)


def test_the_list_filters_by_any_especialidad(admin_client: Client) -> None:
    flotas, agente = EspecialidadFactory(), AgenteFactory()
    agente.otras_especialidades.add(flotas)
    AgenteFactory()
    assert shown(admin_client, especialidad=str(flotas.pk)) == {agente}


def test_the_list_filters_by_an_expired_registro(admin_client: Client) -> None:
    expired = AgenteFactory(registro_vence="2000-01-01")
    AgenteFactory()
    assert shown(admin_client, registro="vencido") == {expired}


def test_the_list_filters_by_supervisor(admin_client: Client) -> None:
    jefa = AgenteFactory()
    agente = AgenteFactory(supervisor=jefa)
    assert shown(admin_client, supervisor__id__exact=str(jefa.pk)) == {agente}


def test_dar_de_baja_asks_first(admin_client: Client) -> None:
    agente = AgenteFactory()
    data = {"action": "dar_de_baja", ACTION_CHECKBOX_NAME: [str(agente.pk)]}
    question = admin_client.post(LIST, data)
    assert "¿Dar de baja a estos agentes?" in question.content.decode()
    agente.refresh_from_db()
    assert agente.activo
    admin_client.post(LIST, data | {"_confirmado": "1"})
    agente.refresh_from_db()
    assert not agente.activo


def test_an_agente_is_registered_with_cuenta_especialidades_and_comisiones(
    admin_client: Client,
) -> None:
    flotas, cuenta = EspecialidadFactory(), User.objects.create_user("ana")
    answer = admin_client.post(
        reverse("admin:agentes_agente_add"),
        {
            "codigo": "A1",
            "nombres": "Ana",
            "apellidos": "Ríos",
            "tipo_documento": "RUC",
            "pais_documento": "PE",
            "numero_documento": "20512333797",
            "cuenta": cuenta.pk,
            "otras_especialidades": [str(flotas.pk)],
            "comisiones-TOTAL_FORMS": "1",
            "comisiones-INITIAL_FORMS": "0",
            "comisiones-0-ramo": "AUTO",
            "comisiones-0-porcentaje": "12.5",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    agente = Agente.objects.get(codigo="A1")
    assert agente.cuenta == cuenta and agente.activo
    assert list(agente.otras_especialidades.all()) == [flotas]
    assert [str(comision) for comision in agente.comisiones.all()] == ["Auto: 12.50 %"]
    assert {row.history_user_id for row in agente.history.all()} == {
        User.objects.get(username="admin").pk
    }


def test_the_form_tells_a_ring_of_supervisors(admin_client: Client) -> None:
    jefa = AgenteFactory()
    agente = AgenteFactory(supervisor=jefa)
    answer = admin_client.post(
        reverse("admin:agentes_agente_change", args=[jefa.pk]),
        {
            "codigo": jefa.codigo,
            "nombres": jefa.nombres,
            "supervisor": str(agente.pk),
            "comisiones-TOTAL_FORMS": "0",
            "comisiones-INITIAL_FORMS": "0",
        },
    )
    assert "Este supervisor ya responde, en su cadena, ante el agente." in answer.content.decode()


def test_the_history_page_tells_a_change_of_especialidades(admin_client: Client) -> None:
    agente = AgenteFactory()
    agente.otras_especialidades.add(EspecialidadFactory(nombre="Flotas pesadas"))
    page = admin_client.get(reverse("admin:agentes_agente_history", args=[agente.pk]))
    assert "Flotas pesadas" in page.content.decode()
