"""A day at the house, from sign-in to the lake, at a desk and on a phone."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from config.tests.browser.conftest import Site
from config.tests.browser.visit import Visit

HOY = date.today()


def dia(fecha: date) -> str:
    return f"{fecha:%d/%m/%Y}"


def sign_in(visit: Visit, site: Site) -> None:
    visit.go("/admin/")
    visit.look("entrada")
    visit.page.locator("[name=username]").fill("admin")
    visit.page.locator("[name=password]").fill("no es esta")
    visit.page.locator("[type=submit]").first.click()
    visit.reads("no son correctos")
    visit.page.locator("[name=password]").fill(site.password)
    visit.page.locator("[type=submit]").first.click()
    expect(visit.page).to_have_url(re.compile("/admin/$"))
    visit.look("inicio")


def new_cliente(visit: Visit) -> str:
    apellido = "Ñandú" if visit.wide else "Güell"
    visit.go("/admin/clientes/cliente/")
    visit.look("clientes")
    visit.go("/admin/clientes/cliente/add/")
    visit.fill("nombres", "Zoraida")
    visit.fill("apellidos", apellido)
    visit.pick("tipo_documento", "DNI")
    visit.pick("pais_documento", "ES")
    visit.fill("numero_documento", "12345678A")
    visit.press("Guardar y continuar editando")
    visit.reads("12345678A")
    expect(visit.page.locator("#id_apellidos")).to_have_value(apellido)
    visit.look("cliente-documento-malo")
    visit.fill("numero_documento", "12345678Z" if visit.wide else "00000000T")
    visit.press("Guardar y continuar editando")
    expect(visit.page).to_have_url(re.compile(r"/change/$"))
    visit.look("cliente")
    return visit.page.url.split("/")[-3]


def quote(visit: Visit, cliente: str) -> str:
    visit.go(f"/admin/polizas/poliza/add/?cliente={cliente}")
    visit.find("producto", "auto")
    visit.fill("inicio", dia(HOY))
    visit.fill("fin", dia(HOY + timedelta(364)))
    visit.fill("suma_asegurada", "25000.00")
    visit.fill("prima_neta", "1200.00")
    visit.press("Guardar y continuar editando")
    visit.reads("Cotizada")
    visit.look("cotizacion")
    return visit.page.url.split("/")[-3]


def issue(visit: Visit) -> None:
    visit.press("Emitir")
    visit.reads("¿Emitir estas pólizas?")
    visit.look("emitir")
    visit.press("Emitir")
    visit.reads("Hecho en 1 fila")
    visit.look("poliza")


def collect(visit: Visit) -> None:
    visit.page.locator("a[href='#recibos']").click()
    visit.page.locator("#recibos-group a[href*='/admin/polizas/recibo/']").first.click()
    visit.page.wait_for_load_state()
    visit.press("Cobrar")
    visit.look("cobrar")
    visit.pick("metodo", "transferencia")
    visit.press("Cobrar")
    visit.reads("Cobrado")
    visit.look("recibo")


def claim(visit: Visit, poliza: str) -> None:
    visit.go(f"/admin/siniestros/reclamo/add/?poliza={poliza}")
    visit.fill("fecha_ocurrencia", dia(HOY))
    visit.pick("causa", "accidente")
    visit.fill("monto", "1500.00")
    visit.fill("descripcion", "Choque en un cruce, con daños en la puerta.")
    visit.press("Guardar y continuar editando")
    visit.look("reclamo")
    visit.press("Revisar")
    visit.press("Aprobar")
    visit.press("Aprobar")
    visit.reads("Hecho en 1 fila")
    visit.press("Pagar")
    visit.pick("metodo", "transferencia")
    visit.look("pagar")
    visit.press("Pagar")
    visit.reads("Pagado")
    visit.look("reclamo-pagado")


def see_everything(visit: Visit, cliente: str) -> None:
    visit.go(f"/admin/clientes/cliente/{cliente}/ficha/")
    for text in ("Zoraida", "1 200,00", "1 500,00", "Lo que ha pasado"):
        visit.reads(text)
    visit.look("ficha")


def search(visit: Visit) -> None:
    visit.go("/admin/")
    visit.page.wait_for_load_state("networkidle")
    visit.page.keyboard.press("/")
    visit.page.keyboard.type("zoraida nandu" if visit.wide else "zoraida guell")
    visit.reads("Zoraida")
    visit.look("buscar")
    visit.page.keyboard.press("Enter")
    visit.reads("Zoraida")


def export(visit: Visit) -> None:
    visit.go("/admin/ingestion/job/")
    visit.follow("Exportar ahora")
    visit.look("exportar")
    visit.press("Exportar ahora")
    # The page is brought again as each part begins and ends, under whoever looks at it.
    ended = visit.page.locator("body:not(:has([data-estado]))", has_text="Terminado")
    expect(ended).to_be_visible(timeout=60_000)
    visit.look("trabajos")


def look_at_the_figures(visit: Visit) -> None:
    visit.go("/admin/analitica/")
    visit.look("analitica")
    visit.go("/admin/analitica/polizas/")
    visit.reads("Datos a fecha")
    visit.look("analitica-polizas")


def look_at_the_report(visit: Visit) -> None:
    visit.go("/reportes/dashboard")
    visit.look("reporte-operativo")


def test_a_day_at_the_house(visit: Visit, site: Site) -> None:
    sign_in(visit, site)
    cliente = new_cliente(visit)
    poliza = quote(visit, cliente)
    issue(visit)
    collect(visit)
    claim(visit, poliza)
    see_everything(visit, cliente)
    search(visit)
    export(visit)
    look_at_the_figures(visit)
    look_at_the_report(visit)
