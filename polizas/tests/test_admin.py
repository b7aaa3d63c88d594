from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from core.testing import queries
from polizas import services, tasks
from polizas.models import Poliza
from polizas.tests.factories import (
    AHORA,
    AgenteFactory,
    AseguradoraFactory,
    BeneficiarioPolizaFactory,
    ClienteFactory,
    CoberturaFactory,
    PolizaFactory,
    ProductoFactory,
)

pytestmark = pytest.mark.django_db(databases="__all__")

LISTA = reverse("admin:polizas_poliza_changelist")
RECIBOS = reverse("admin:polizas_recibo_changelist")


def hoy():
    return timezone.localdate()


def vigente(**datos):
    """A póliza issued today for a year to come."""
    datos = {"inicio": hoy(), "fin": hoy() + timedelta(days=364)} | datos
    return services.emitir(PolizaFactory(**datos).pk, dia=hoy())


def pagina(poliza):
    return reverse("admin:polizas_poliza_change", args=[poliza.pk])


def hacer(client, url, accion, filas, **datos):
    """Run an action as its confirmation page sends it."""
    confirmada = {"_confirmado": "1"} | datos if datos.pop("confirmar", True) else datos
    envio = {"action": accion, "_selected_action": [fila.pk for fila in filas]} | confirmada
    return client.post(url, envio, follow=True)


def formulario(poliza, beneficiarios=(), **datos):
    """What the page of a póliza sends."""
    campos = ("cliente", "asegurado", "pagador", "agente", "producto")
    envio = {campo: str(getattr(poliza, f"{campo}_id") or "") for campo in campos}
    simples = ("numero", "moneda", "prima_neta", "impuestos", "recargos")
    envio |= {campo: str(getattr(poliza, campo)) for campo in simples}
    envio |= {
        "suma_asegurada": str(poliza.suma_asegurada),
        "forma_pago": poliza.forma_pago,
        "inicio": poliza.inicio.isoformat(),
        "fin": poliza.fin.isoformat(),
        "version_leida": str(poliza.version),
    }
    for parte, filas in (("coberturas", ()), ("recibos", ()), ("beneficiarios", beneficiarios)):
        envio |= {f"{parte}-TOTAL_FORMS": str(len(filas)), f"{parte}-INITIAL_FORMS": "0"}
    for fila, (nombre, porcentaje) in enumerate(beneficiarios):
        envio |= {
            f"beneficiarios-{fila}-nombre_completo": nombre,
            f"beneficiarios-{fila}-parentesco": "hija",
            f"beneficiarios-{fila}-porcentaje": porcentaje,
        }
    return envio | datos


# The list.


def test_the_list_asks_little_with_every_filter_set(admin_client):
    for _vez in range(3):
        vigente()
    agente = AgenteFactory()
    vigente(agente=agente)
    datos = {"vigencia": "hoy", "estado__exact": "vigente", "agente__id__exact": agente.pk}
    admin_client.get(LISTA)
    with queries() as asked:
        respuesta = admin_client.get(LISTA, datos)
    assert respuesta.status_code == 200
    assert len(respuesta.context["cl"].result_list) == 1
    assert asked.total <= 12, asked.by_store


@pytest.mark.parametrize(
    ("vigencia", "dias", "esta"),
    [
        ("hoy", 364, True),
        ("30", 30, True),
        ("30", 31, False),
        ("60", 60, True),
        ("90", 91, False),
        ("por_empezar", 364, False),
        ("sin_renovar", 364, False),
    ],
)
def test_the_list_filters_by_vigencia(admin_client, vigencia, dias, esta):
    poliza = vigente(fin=hoy() + timedelta(days=dias))
    filas = admin_client.get(LISTA, {"vigencia": vigencia}).context["cl"].result_list
    assert list(filas) == ([poliza] if esta else [])


def test_what_is_over_and_not_renewed_is_found(admin_client):
    poliza = vigente()
    services.actualizar_estados(poliza.fin + timedelta(days=1))
    poliza.refresh_from_db()
    poliza.inicio, poliza.fin = date(2020, 1, 1), date(2020, 12, 31)
    poliza.save()
    filas = admin_client.get(LISTA, {"vigencia": "sin_renovar"}).context["cl"].result_list
    assert list(filas) == [poliza]


@pytest.mark.parametrize("busca", ["zúñiga", "ZUNIGA maría", "maria zuniga"])
def test_a_poliza_is_found_by_the_name_of_its_cliente(admin_client, busca):
    poliza = PolizaFactory(cliente=ClienteFactory(nombres="María", apellidos="Zúñiga"))
    PolizaFactory(cliente=ClienteFactory(nombres="María", apellidos="Paz"))
    assert list(admin_client.get(LISTA, {"q": busca}).context["cl"].result_list) == [poliza]


# Forms.


def test_a_cotizacion_needs_only_what_nobody_else_knows(admin_client):
    molde = PolizaFactory.build(
        cliente=ClienteFactory(),
        producto=ProductoFactory(prima_base=Decimal("500.00")),
        agente=None,
    )
    blancos = {"numero": "", "asegurado": "", "pagador": "", "prima_neta": "", "moneda": ""}
    respuesta = admin_client.post(
        reverse("admin:polizas_poliza_add"), formulario(molde, **blancos, version_leida="")
    )
    assert respuesta.status_code == 302, respuesta.context["errors"]
    poliza = Poliza.objects.get()
    assert (poliza.numero, poliza.prima, poliza.moneda) == ("2026-000001", Decimal("700.00"), "USD")
    assert poliza.asegurado_id == poliza.cliente_id
    assert poliza.history.get().history_user_id is not None


def test_changing_a_part_of_a_cotizacion_changes_its_prima(admin_client):
    poliza = PolizaFactory()
    respuesta = admin_client.post(pagina(poliza), formulario(poliza, recargos="50.00"))
    assert respuesta.status_code == 302, respuesta.context["errors"]
    poliza.refresh_from_db()
    assert poliza.prima == Decimal("1230.00")


def test_a_cotizacion_that_can_not_be_is_told_at_its_fields(admin_client):
    poliza = PolizaFactory()
    envio = formulario(poliza, fin="2020-01-01", producto=ProductoFactory(activo=False).pk)
    respuesta = admin_client.post(pagina(poliza), envio)
    assert "no puede terminar antes de empezar" in respuesta.content.decode()


def test_an_emitida_poliza_shows_its_terms_and_changes_only_who_attends(admin_client):
    poliza, agente = vigente(), AgenteFactory()
    envio = formulario(poliza, agente=str(agente.pk), prima_neta="1.00", numero="X")
    assert admin_client.post(pagina(poliza), envio).status_code == 302
    despues = Poliza.objects.get(pk=poliza.pk)
    assert (despues.agente, despues.prima_neta) == (agente, poliza.prima_neta)
    assert despues.numero == poliza.numero


@pytest.mark.parametrize(
    ("porcentajes", "aceptado"), [(["60", "40"], True), (["60", "39.99"], False), ([], True)]
)
def test_beneficiarios_share_all_before_and_after_emission(admin_client, porcentajes, aceptado):
    beneficiarios = [(f"Hija {fila}", parte) for fila, parte in enumerate(porcentajes)]
    for poliza in (PolizaFactory(), vigente()):
        respuesta = admin_client.post(pagina(poliza), formulario(poliza, beneficiarios))
        assert (respuesta.status_code == 302) is aceptado
        assert poliza.beneficiarios.count() == (len(porcentajes) if aceptado else 0)
    assert aceptado or "deben sumar 100 %" in respuesta.content.decode()


def test_the_parts_of_an_emitida_poliza_are_shown_and_not_changed(admin_client):
    poliza = CoberturaFactory(nombre="Lunas", poliza=PolizaFactory()).poliza
    BeneficiarioPolizaFactory(poliza=poliza)
    services.emitir(poliza.pk, dia=poliza.inicio)
    texto = admin_client.get(pagina(poliza)).content.decode()
    assert "Lunas" in texto
    assert 'name="coberturas-0-nombre"' not in texto
    assert 'name="beneficiarios-0-nombre_completo"' in texto


def test_only_a_cotizada_poliza_offers_to_be_deleted(admin_client):
    borrar = "admin:polizas_poliza_delete"
    assert admin_client.get(reverse(borrar, args=[PolizaFactory().pk])).status_code == 200
    emitida = vigente()
    assert admin_client.get(reverse(borrar, args=[emitida.pk])).status_code == 403
    hacer(admin_client, LISTA, "delete_selected", [emitida], confirmar=False, post="yes")
    assert Poliza.objects.filter(pk=emitida.pk).exists()


# Verbs.


def test_emitir_asks_first(admin_client):
    poliza = PolizaFactory(inicio=hoy(), fin=hoy())
    respuesta = hacer(admin_client, LISTA, "emitir", [poliza], confirmar=False)
    assert "¿Emitir estas pólizas?" in respuesta.content.decode()
    poliza.refresh_from_db()
    assert poliza.cotizada
    hacer(admin_client, LISTA, "emitir", [poliza])
    poliza.refresh_from_db()
    assert poliza.estado == "vigente"


def test_each_refusal_is_told_and_the_others_are_done(admin_client):
    buena, vieja = PolizaFactory(inicio=hoy(), fin=hoy()), PolizaFactory(fin=date(2026, 3, 2))
    texto = hacer(admin_client, LISTA, "emitir", [buena, vieja]).content.decode()
    assert f"{vieja}: La vigencia ya ha terminado" in texto
    assert "Hecho en 1 fila." in texto


def test_anular_needs_its_motivo(admin_client):
    poliza = vigente()
    respuesta = hacer(admin_client, LISTA, "anular", [poliza], fecha=hoy().isoformat())
    assert "motivo" in respuesta.context["form"].errors
    hacer(admin_client, LISTA, "anular", [poliza], fecha=hoy().isoformat(), motivo="venta")
    poliza.refresh_from_db()
    assert (poliza.estado, poliza.motivo_anulacion) == ("anulada", "venta")
    assert "Anulación" in admin_client.get(pagina(poliza)).content.decode()


def test_renovar_adjusts_and_links_both(admin_client):
    poliza = vigente()
    hacer(admin_client, LISTA, "renovar", [poliza], hasta="", ajuste="10")
    siguiente = Poliza.objects.get(anterior=poliza)
    assert siguiente.prima == Decimal("1320.00")
    assert siguiente.numero in admin_client.get(pagina(poliza)).content.decode()
    assert poliza.numero in admin_client.get(pagina(siguiente)).content.decode()


def test_a_page_offers_only_the_verbs_that_its_estado_takes(admin_client):
    def ofrecidos(poliza):
        return [nombre for nombre, _texto in admin_client.get(pagina(poliza)).context["verbs"]]

    poliza = vigente()
    assert ofrecidos(PolizaFactory()) == ["emitir"]
    assert ofrecidos(poliza) == ["renovar", "anular"]
    services.anular(poliza.pk, motivo="otro", fecha=hoy())
    assert ofrecidos(poliza) == []


def cobro_de(**datos):
    ahora = timezone.localtime()
    return {
        "fecha_0": ahora.date().isoformat(),
        "fecha_1": ahora.strftime("%H:%M:%S"),
        "metodo": "efectivo",
    } | datos


def test_cobrar_collects_from_the_page_of_the_recibo(admin_client):
    recibo = vigente().recibos.get()
    url = reverse("admin:polizas_recibo_change", args=[recibo.pk])
    assert [nombre for nombre, _texto in admin_client.get(url).context["verbs"]] == ["cobrar"]
    hacer(admin_client, RECIBOS, "cobrar", [recibo], **cobro_de(monto="200"))
    assert recibo.total_cobrado() == Decimal("200.00")
    texto = hacer(admin_client, RECIBOS, "cobrar", [recibo], **cobro_de(monto="1000.01"))
    assert "pasa del saldo del recibo" in texto.content.decode()
    hacer(admin_client, RECIBOS, "cobrar", [recibo], **cobro_de())
    recibo.refresh_from_db()
    assert recibo.estado == "cobrado"
    assert admin_client.get(url).context["verbs"] == []


def test_cobrar_refuses_what_has_not_happened_yet(admin_client):
    recibo = vigente().recibos.get()
    futuro = cobro_de(fecha_0=(hoy() + timedelta(days=2)).isoformat())
    respuesta = hacer(admin_client, RECIBOS, "cobrar", [recibo], **futuro)
    assert "todavía no ha llegado" in respuesta.content.decode()


def test_recibos_are_listed_by_what_is_due_with_few_queries(admin_client):
    for _vez in range(3):
        vigente(forma_pago="mensual")
    admin_client.get(RECIBOS)
    with queries() as asked:
        respuesta = admin_client.get(RECIBOS, {"vence": "7"})
    assert len(respuesta.context["cl"].result_list) == 3
    assert asked.total <= 12, asked.by_store
    assert not admin_client.get(RECIBOS, {"vence": "impagos"}).context["cl"].result_list


def test_accounts_are_looked_at_and_not_written(admin_client):
    recibo = vigente().recibos.get()
    cobro = services.cobrar(recibo.pk, metodo="efectivo", fecha=AHORA)
    for modelo, fila in (("recibo", recibo), ("cobro", cobro)):
        assert admin_client.get(reverse(f"admin:polizas_{modelo}_add")).status_code == 403
        for vista in ("delete", "change"):
            url = reverse(f"admin:polizas_{modelo}_{vista}", args=[fila.pk])
            assert admin_client.post(url, {"monto": "1"}).status_code == 403


def test_who_may_only_look_is_offered_no_verb(client):
    mirona = User.objects.create_user("mirona", is_staff=True)
    mirona.user_permissions.add(Permission.objects.get(codename="view_poliza"))
    client.force_login(mirona)
    poliza = vigente()
    assert client.get(pagina(poliza)).context["verbs"] == []
    hacer(client, LISTA, "anular", [poliza], motivo="otro", fecha=hoy().isoformat())
    poliza.refresh_from_db()
    assert poliza.estado == "vigente"


# The rest.


def test_an_aseguradora_keeps_its_site(admin_client):
    url = reverse("admin:polizas_aseguradora_change", args=[AseguradoraFactory().pk])
    datos = {"nombre": "Río", "web": "rio.example", "version_leida": "1"}
    assert admin_client.post(url, datos).status_code == 302
    assert "https://rio.example" in admin_client.get(url).content.decode()


def test_the_beat_brings_polizas_to_today():
    poliza = services.emitir(
        PolizaFactory(inicio=hoy(), fin=hoy()).pk, dia=hoy() - timedelta(days=1)
    )
    assert tasks.actualizar_estados() == 1
    poliza.refresh_from_db()
    assert poliza.estado == "vigente"
