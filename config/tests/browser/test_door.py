"""Coming in, at a desk and on a phone: the door, a forgotten password, a session that ends."""

import re

import pytest
from playwright.sync_api import expect

from config.tests.browser.conftest import Site
from config.tests.browser.test_walk import sign_in
from config.tests.browser.visit import Visit

pytestmark = pytest.mark.any_engine

at_a_desk = pytest.mark.parametrize("visit", [1280], indirect=True, ids=["escritorio"])
OPEN_LONG = "performance.now = () => 60_000"  # as if the page had been open for a minute


def test_the_door_speaks_the_language_that_is_chosen(visit: Visit) -> None:
    visit.go("/admin/clientes/cliente/")
    visit.press("English")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    expect(visit.page).to_have_url(re.compile("next=/admin/clientes/cliente/"))
    visit.look("door")
    visit.press("Español")
    visit.reads("¿Olvidó su contraseña?")


def test_who_forgot_their_password_asks_for_a_link(visit: Visit) -> None:
    visit.go("/admin/login/")
    visit.page.get_by_role("link", name="¿Olvidó su contraseña?").click()
    visit.look("olvido")
    visit.fill("email", "a@correo.test" if visit.wide else "nadie@correo.test")
    visit.press("Enviar el enlace")
    visit.reads("Si hay una cuenta con ese correo")
    visit.look("olvido-pedido")
    visit.go("/admin/reset/MQ/inventado-123/")
    visit.reads("Este enlace ya no sirve")
    visit.look("olvido-caducado")


@at_a_desk
def test_who_fails_five_times_is_told_until_when(visit: Visit) -> None:
    for _attempt in range(5):
        visit.go("/admin/login/")
        visit.fill("username", "torpe")
        visit.fill("password", "mala")
        visit.press("Entrar")
    visit.reads("Podrá volver a intentarlo a las")
    visit.look("bloqueo")
    assert all("429" in said for said in visit.errors)
    visit.errors.clear()


@at_a_desk
def test_a_form_outlives_its_session(visit: Visit, site: Site) -> None:
    sign_in(visit, site)
    visit.go("/admin/especialidades/especialidad/add/")
    visit.fill("nombre", "Veleros")
    visit.pick("ramo", "AUTO")
    visit.page.context.clear_cookies(name="sessionid")
    visit.page.evaluate(OPEN_LONG)
    visit.press("Guardar")
    visit.reads("Lo que escribió sigue en esta página")
    visit.look("sesion-terminada")
    with visit.page.expect_popup() as opened:
        visit.page.get_by_role("link", name="Entrar en otra pestaña").click()
    tab = opened.value
    tab.locator("[name=username]").fill("admin")
    tab.locator("[name=password]").fill(site.password)
    tab.get_by_role("button", name="Entrar", exact=True).click()
    expect(tab).to_have_url(re.compile("/admin/$"))
    visit.press("Volver a la página")
    visit.press("Guardar")
    expect(visit.page).to_have_url(re.compile("/admin/especialidades/especialidad/$"))
    visit.reads("Veleros")
    assert all("401" in said for said in visit.errors)
    visit.errors.clear()


def test_the_accounts_of_the_house(visit: Visit, site: Site) -> None:
    sign_in(visit, site)
    visit.go("/admin/auth/user/")
    visit.look("cuentas")
    visit.go("/admin/auth/user/add/")
    expect(visit.page.locator("#id_password1")).to_be_hidden()
    visit.look("cuenta-nueva")
    visit.fill("username", "nueva" if visit.wide else "nuevo")
    visit.fill("email", "nueva@correo.test")
    visit.page.get_by_label("Cobros").check()
    visit.press("Guardar")
    visit.reads("Todavía no la ha elegido")
    visit.look("cuenta")
    visit.press("Enviar enlace de acceso")
    visit.reads("Se envía 1 enlace")
    visit.go("/admin/auth/group/")
    visit.page.get_by_role("link", name="Cobros", exact=True).click()
    visit.reads("Puede cobrar")
    visit.look("rol")
    visit.go("/admin/auth/group/add/")
    visit.look("grupo-nuevo")
    visit.go("/admin/core/intento/")
    visit.look("intentos")
