from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentes.models import Agente
from agentes.tests.factories import AgenteFactory, ComisionFactory
from core.stores import atomic
from especialidades.models import Ramo
from especialidades.tests.factories import EspecialidadFactory

pytestmark = pytest.mark.django_db(databases="__all__")

HOY = date(2026, 11, 22)


def line_of(agente: Agente) -> list[Agente]:
    """Everybody above the agente; it never ends if they form a ring."""
    return [agente, *line_of(agente.supervisor)] if agente.supervisor else [agente]


def test_an_agente_says_code_and_name() -> None:
    assert str(AgenteFactory(codigo="A1", nombres="Ana", apellidos="Ríos")) == "A1 · Ana Ríos"
    assert AgenteFactory(nombres="Ana", apellidos="").nombre_completo == "Ana"


def test_a_code_is_of_one_agente() -> None:
    AgenteFactory(codigo="A1")
    with pytest.raises(ValidationError, match="Ya hay un agente con este código"):
        AgenteFactory.build(codigo="A1", especialidad=None).full_clean()


# Supervisors.


def test_nobody_supervises_themselves() -> None:
    agente = AgenteFactory()
    agente.supervisor = agente
    with pytest.raises(ValidationError, match="ante el agente"):
        agente.full_clean()


def test_the_database_too_refuses_an_agente_who_supervises_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Agente, "_refuse_cycle", lambda self, agentes: None)
    agente = AgenteFactory()
    agente.supervisor = agente
    with pytest.raises(IntegrityError):
        agente.save()


@pytest.mark.parametrize("write", [Agente.full_clean, Agente.save])
def test_a_supervisor_may_not_answer_to_whom_they_supervise(
    write: Callable[[Agente], None],
) -> None:
    jefa = AgenteFactory()
    media = AgenteFactory(supervisor=jefa)
    jefa.supervisor = AgenteFactory(supervisor=media)
    with pytest.raises(ValidationError) as refusal:
        write(jefa)
    assert "supervisor" in refusal.value.message_dict


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=15))
def test_whatever_is_tried_supervisors_never_form_a_ring(
    attempts: list[tuple[int, int | None]],
) -> None:
    people = AgenteFactory.create_batch(6, especialidad=None)
    for subordinate, supervisor in attempts:
        agente = Agente.objects.get(pk=people[subordinate].pk)
        agente.supervisor = None if supervisor is None else people[supervisor]
        try:
            with atomic(Agente):
                agente.save()
        except ValidationError:
            continue
    for agente in Agente.objects.filter(pk__in=[person.pk for person in people]):
        assert len(line_of(agente)) <= len(people)


# Cuentas.


def test_a_cuenta_is_of_one_agente() -> None:
    cuenta = User.objects.create_user("ana")
    AgenteFactory(cuenta=cuenta)
    with pytest.raises(ValidationError, match="Esta cuenta ya es de otro agente"):
        AgenteFactory.build(cuenta=cuenta, especialidad=None).full_clean()


def test_many_agentes_may_have_no_cuenta() -> None:
    assert all(agente.cuenta is None for agente in AgenteFactory.create_batch(2))


def test_a_cuenta_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="No existe"):
        AgenteFactory(cuenta_id=987654)


# Especialidades.


def test_an_agente_has_an_especialidad_as_principal_or_among_the_others() -> None:
    flotas = EspecialidadFactory()
    principal, other = AgenteFactory(especialidad=flotas), AgenteFactory()
    other.otras_especialidades.add(flotas)
    AgenteFactory()
    assert set(Agente.objects.con_especialidad(flotas.pk)) == {principal, other}


def test_having_an_especialidad_twice_is_having_it() -> None:
    flotas = EspecialidadFactory()
    agente = AgenteFactory(especialidad=flotas)
    agente.otras_especialidades.add(flotas, EspecialidadFactory())
    assert list(Agente.objects.con_especialidad(flotas.pk)) == [agente]


def test_the_history_tells_which_especialidades_were_there() -> None:
    agente, flotas = AgenteFactory(), EspecialidadFactory(nombre="Flotas")
    agente.otras_especialidades.add(flotas)
    agente.otras_especialidades.remove(flotas)
    last, before, *_first = agente.history.order_by("-history_date", "-history_id")
    assert [row.especialidad for row in before.otras_especialidades.all()] == [flotas]
    assert not last.otras_especialidades.exists()


def test_an_especialidad_in_use_is_not_deleted() -> None:
    with pytest.raises(IntegrityError):
        AgenteFactory().especialidad.delete()


# Filters.


def test_a_registro_is_good_on_its_last_day() -> None:
    expired = AgenteFactory(registro_vence=date(2026, 11, 21))
    AgenteFactory(registro_vence=HOY)
    AgenteFactory(registro_vence=None)
    assert list(Agente.objects.con_registro_vencido(HOY)) == [expired]


# Comisiones.


@pytest.mark.parametrize("porcentaje", ["-0.01", "100.01"])
def test_a_comision_out_of_scale_is_refused(porcentaje: str) -> None:
    comision = ComisionFactory.build(agente=AgenteFactory(), porcentaje=Decimal(porcentaje))
    with pytest.raises(ValidationError, match="de 0 a 100"):
        comision.full_clean()
    with pytest.raises(IntegrityError):
        comision.save()


@pytest.mark.parametrize("porcentaje", ["0", "100"])
def test_a_comision_may_be_nothing_or_everything(porcentaje: str) -> None:
    ComisionFactory(porcentaje=Decimal(porcentaje)).full_clean()


def test_an_agente_has_one_comision_in_each_ramo() -> None:
    comision = ComisionFactory(ramo=Ramo.VIDA)
    ComisionFactory(agente=comision.agente, ramo=Ramo.AUTO)
    with pytest.raises(ValidationError, match="ya tiene una comisión en este ramo"):
        ComisionFactory.build(agente=comision.agente, ramo=Ramo.VIDA).full_clean()


def test_comisiones_go_with_their_agente() -> None:
    comision = ComisionFactory()
    comision.agente.delete()
    assert comision.history.first().history_type == "-"
