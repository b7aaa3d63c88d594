from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils import timezone

from clientes.models import Cliente, Consentimiento, Contacto, Usuario
from clientes.tests.factories import (
    BeneficiarioFactory,
    ClienteFactory,
    ConsentimientoFactory,
    ContactoFactory,
    DireccionFactory,
    EmpresaFactory,
    ServicioContratadoFactory,
    UsuarioFactory,
)
from core.testing import queries

pytestmark = pytest.mark.django_db(databases="__all__")

HOY = date(2026, 11, 22)
MANANA = timezone.localdate() + timedelta(days=1)


def con_documento(numero: str = "536-90-4399", **fields: str) -> Cliente:
    document = {"tipo_documento": "SSN", "pais_documento": "US", "numero_documento": numero}
    return ClienteFactory(**document | fields)


# Usuarios.


def test_a_username_is_of_one_usuario_and_an_email_of_many() -> None:
    UsuarioFactory(username="ana", email="casa@ejemplo.pe")
    UsuarioFactory(username="luis", email="casa@ejemplo.pe").full_clean()
    with pytest.raises(ValidationError, match="Ya hay un usuario con este nombre"):
        Usuario(username="ana").full_clean()


def test_usuarios_are_told_apart_by_having_a_cliente() -> None:
    registered, waiting = UsuarioFactory.create_batch(2)
    ClienteFactory.create_batch(2, usuario=registered)
    assert list(Usuario.objects.con_cliente()) == [registered]
    assert list(Usuario.objects.sin_cliente()) == [waiting]
    marked = {row: row.es_cliente for row in Usuario.objects.marcando_clientes()}
    assert marked == {registered: True, waiting: False}


def test_a_usuario_with_clientes_is_not_deleted() -> None:
    with pytest.raises(IntegrityError):
        ClienteFactory(usuario=UsuarioFactory()).usuario.delete()


# Clientes.


def test_a_cliente_is_called_by_the_full_name() -> None:
    assert str(ClienteFactory(nombres="Ana", apellidos="Ríos Paz")) == "Ana Ríos Paz"
    assert str(EmpresaFactory(nombres="Sol S. A.")) == "Sol S. A."


@pytest.mark.parametrize(
    "personal",
    [
        {"apellidos": "Ríos"},
        {"sexo": "mujer"},
        {"estado_civil": "soltero"},
        {"nacimiento": date(1990, 1, 1)},
    ],
)
def test_an_empresa_has_nothing_of_a_persona(personal: dict[str, object]) -> None:
    empresa = EmpresaFactory.build(**personal)
    with pytest.raises(ValidationError, match="Una empresa no lleva apellidos"):
        empresa.full_clean()
    with pytest.raises(IntegrityError):
        empresa.save()


def test_the_database_refuses_a_cliente_without_a_name() -> None:
    with pytest.raises(IntegrityError):
        ClienteFactory(nombres="")


def test_nobody_is_born_tomorrow() -> None:
    with pytest.raises(ValidationError, match="todavía no ha llegado"):
        ClienteFactory.build(nacimiento=MANANA).full_clean()


def test_the_edad_of_a_cliente_is_known_if_their_birth_is() -> None:
    assert ClienteFactory(nacimiento=date(1980, 2, 29)).edad(HOY) == 46
    assert EmpresaFactory().edad(HOY) is None


def test_many_clientes_may_lack_the_name_of_the_customer_service() -> None:
    for nombre in ("", None, ""):
        cliente = ClienteFactory.build(nombre_sky=nombre)
        cliente.full_clean()
        cliente.save()
    assert Cliente.objects.filter(nombre_sky__isnull=True).count() == 3


def test_the_name_of_the_customer_service_is_exact_to_the_letter() -> None:
    ClienteFactory(nombre_sky="Maria Lopez")
    ClienteFactory(nombre_sky="maria lopez").full_clean()
    with pytest.raises(ValidationError, match="Ya hay un cliente con este nombre"):
        ClienteFactory.build(nombre_sky="Maria Lopez").full_clean()


def test_a_cliente_is_found_by_the_document_as_it_is_written_and_as_it_is_kept() -> None:
    cliente = con_documento()
    assert "536904399" in cliente.busqueda and "536-90-4399" in cliente.busqueda


# Documents.


def test_a_document_is_kept_without_separators_whatever_door_it_comes_by() -> None:
    saved = con_documento("536-90-4399")
    (loaded,) = Cliente.objects.bulk_create(
        [
            ClienteFactory.build(
                tipo_documento="SSN", pais_documento="US", numero_documento=" 536-90-4399"
            )
        ]
    )
    assert saved.numero_documento == loaded.numero_documento == "536904399"
    assert saved.documento == "SSN 536-90-4399"


def test_a_number_that_can_not_be_is_refused_by_its_field() -> None:
    cliente = ClienteFactory.build(
        tipo_documento="DNI", pais_documento="ES", numero_documento="54362315A"
    )
    with pytest.raises(ValidationError) as refusal:
        cliente.full_clean()
    assert refusal.value.message_dict == {
        "numero_documento": [
            "«54362315A» no vale como DNI de España: no coincide el dígito o la letra de control."
        ]
    }


def test_a_document_says_its_country() -> None:
    cliente = ClienteFactory.build(tipo_documento="PASAPORTE", numero_documento="X1")
    with pytest.raises(ValidationError, match="Indique el país") as refusal:
        cliente.full_clean()
    assert "pais_documento" in refusal.value.message_dict


@pytest.mark.parametrize("half", [{"tipo_documento": "OTRO"}, {"numero_documento": "1"}])
def test_a_document_is_whole_or_is_not(half: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="lleva tipo y número"):
        ClienteFactory.build(**half).full_clean()
    with pytest.raises(IntegrityError):
        ClienteFactory(**half)


def test_a_cliente_may_have_no_document() -> None:
    cliente = ClienteFactory()
    cliente.full_clean()
    con_documento()
    assert cliente.documento == ""
    assert list(Cliente.objects.sin_documento()) == [cliente]


def test_a_repeated_document_is_kept_and_flagged() -> None:
    first = con_documento()
    second = con_documento("536904399", tipo_documento="OTRO")
    alone = con_documento("536904399", pais_documento="PE", tipo_documento="OTRO")
    ClienteFactory.create_batch(2)
    assert set(Cliente.objects.con_documento_repetido()) == {first, second}
    assert list(first.otros_con_su_documento()) == [second]
    assert not alone.otros_con_su_documento().exists()
    marked = {row for row in Cliente.objects.marcando_repetidos() if row.repetido}
    assert marked == {first, second}


def test_clientes_without_a_document_repeat_nothing() -> None:
    assert not ClienteFactory.create_batch(2)[0].otros_con_su_documento().exists()


def test_marking_repeats_is_one_query_however_many_there_are() -> None:
    for _ in range(5):
        con_documento()
    with queries() as asked:
        assert all(row.repetido for row in Cliente.objects.marcando_repetidos())
    assert asked.total == 1


# Contacts and addresses.


def test_a_contacto_by_mail_is_an_address() -> None:
    with pytest.raises(ValidationError) as refusal:
        ContactoFactory.build(
            cliente=ClienteFactory(), tipo=Contacto.Tipo.EMAIL, valor="no es"
        ).full_clean()
    assert "valor" in refusal.value.message_dict


def test_a_contacto_is_not_written_twice() -> None:
    contacto = ContactoFactory()
    with pytest.raises(ValidationError, match="ya tiene este contacto"):
        ContactoFactory.build(cliente=contacto.cliente, valor=contacto.valor).full_clean()
    assert str(contacto) == f"Móvil: {contacto.valor}"


def test_a_direccion_reads_in_one_line() -> None:
    assert str(DireccionFactory(codigo_postal="15046")) == "Av. Arequipa 100, 15046, Lima"
    assert str(DireccionFactory(ciudad="")) == "Av. Arequipa 100"


# Consents.


@pytest.mark.parametrize(
    ("fields", "dia", "vigente"),
    [
        ({}, date(2026, 1, 9), False),
        ({}, date(2026, 1, 10), True),
        ({}, HOY, True),
        ({"otorgado": False}, HOY, False),
        ({"retirado": date(2026, 6, 1)}, date(2026, 5, 31), True),
        ({"retirado": date(2026, 6, 1)}, date(2026, 6, 1), False),
    ],
)
def test_a_consentimiento_holds_from_its_day_until_it_is_taken_back(
    fields: dict[str, object], dia: date, vigente: bool
) -> None:
    row = ConsentimientoFactory(**fields)
    assert row.vigente(dia) is vigente
    assert Consentimiento.objects.vigentes(dia).exists() is vigente
    asked = Cliente.objects.que_consienten(Consentimiento.Finalidad.COMERCIAL, dia)
    assert asked.exists() is vigente


def test_a_consent_is_for_what_it_says() -> None:
    ConsentimientoFactory(finalidad=Consentimiento.Finalidad.SALUD)
    asked = Cliente.objects.que_consienten(Consentimiento.Finalidad.COMERCIAL, HOY)
    assert not asked.exists()


@pytest.mark.parametrize(
    "fields", [{"retirado": date(2026, 1, 9)}, {"otorgado": False, "retirado": HOY}]
)
def test_only_what_was_given_is_taken_back_and_after(fields: dict[str, object]) -> None:
    row = ConsentimientoFactory.build(cliente=ClienteFactory(), **fields)
    with pytest.raises(ValidationError, match="Solo se retira"):
        row.full_clean()
    with pytest.raises(IntegrityError):
        row.save()


# Beneficiarios and servicios.


def test_a_beneficiario_may_be_a_minor() -> None:
    beneficiario = BeneficiarioFactory(nombres="Íñigo", apellidos="Paz")
    assert beneficiario.es_menor(HOY) and str(beneficiario) == "Íñigo Paz"
    assert not BeneficiarioFactory(nacimiento=None).es_menor(HOY)


def test_what_is_of_a_cliente_goes_with_the_cliente() -> None:
    cliente = ClienteFactory()
    parts = [
        factory(cliente=cliente)
        for factory in (
            ContactoFactory,
            DireccionFactory,
            BeneficiarioFactory,
            ServicioContratadoFactory,
        )
    ]
    cliente.delete()
    assert [part.history.first().history_type for part in parts] == ["-"] * len(parts)


def test_a_consentimiento_is_kept_and_with_it_its_cliente() -> None:
    consentimiento = ConsentimientoFactory()
    with pytest.raises(ProtectedError, match="es una prueba"):
        consentimiento.delete()
    with pytest.raises(ProtectedError, match="Consentimiento"):
        consentimiento.cliente.delete()
    assert Consentimiento.objects.get().cliente == Cliente.objects.get()


def test_the_database_refuses_parts_that_say_nothing() -> None:
    cliente = ClienteFactory()
    with pytest.raises(IntegrityError):
        ServicioContratadoFactory(cliente=cliente, descripcion="")
