"""The section "Analítica": its pages over a small lake, what they may be asked, who enters, and the files."""

import csv
import io
import json
import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from agentes.tests.factories import AgenteFactory
from analitica.metrics import ENDPOINTS
from analitica.paginas.temas import TEMAS
from analitica.tests.small import CSVS, write
from clientes.tests.factories import UsuarioFactory
from core.testing import queries
from ingestion import jobs, work
from ingestion.lake import lake
from ingestion.models import Job
from ingestion.snapshots import parts
from ingestion.snapshots.manifest import current_id

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.any_engine]

DAY = {"fecha": "2026-06-01"}


@pytest.fixture
def small():
    write()


@pytest.fixture
def export(monkeypatch):
    """Take a snapshot and return its id."""
    monkeypatch.setattr(parts, "MOMENT", 0.0)  # no worker comes

    def take():
        work.run(jobs.pedir(Job.Kind.EXPORTACION).pk)
        return current_id(lake())

    return take


def person(role, name="luz"):
    user = User.objects.create_user(name, is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def page(client, slug, query=None, status=200, **options):
    answer = client.get(reverse("analitica:tema", args=[slug]), query or {}, **options)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def section(html, slug):
    """Return the part of a page that is of one chart."""
    return re.search(rf'<section[^>]* id="{slug}".*?</section>', html)[0]


def cells(html):
    return [
        re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", html)
    ]


class TestDeclarations:
    @pytest.mark.parametrize("tema", TEMAS.values(), ids=TEMAS)
    def test_every_endpoint_is_one_and_each_chart_has_an_address(self, tema):
        assert set(tema.endpoints) <= set(ENDPOINTS)
        slugs = [grafico.slug for grafico in tema.graficos]
        assert len(slugs) == len(set(slugs))

    @pytest.mark.parametrize("tema", TEMAS.values(), ids=TEMAS)
    def test_who_sees_a_figure_missing_is_told_why_by_a_chart(self, tema):
        drawn = {grafico.endpoint for grafico in tema.graficos}
        assert {cifra.endpoint for cifra in tema.cifras} <= drawn


@pytest.mark.usefixtures("small")
class TestPages:
    def test_the_index_leads_to_every_page(self, admin_client):
        html = admin_client.get(reverse("analitica:indice")).content.decode()
        for slug, tema in TEMAS.items():
            assert reverse("analitica:tema", args=[slug]) in html
            assert str(tema.description) in html
        assert "Datos a fecha" in html

    @pytest.mark.parametrize("slug", TEMAS)
    def test_a_page_has_each_of_its_charts_with_a_table_and_a_file(self, admin_client, slug):
        html = page(admin_client, slug, DAY)
        assert "Datos a fecha" in html and "csv-" in html
        assert "rep-problema" not in html
        for grafico in TEMAS[slug].graficos:
            part = section(html, grafico.slug)
            assert str(grafico.title) in part and "<table>" in part
            assert reverse("analitica:archivo", args=[slug, grafico.slug]) in part

    @pytest.mark.parametrize("slug", TEMAS)
    def test_a_page_speaks_english_to_who_does(self, admin_client, slug):
        spanish = [str(grafico.title) for grafico in TEMAS[slug].graficos]
        html = page(admin_client, slug, DAY, headers={"Accept-Language": "en"})
        assert "Data as of" in html
        for title, grafico in zip(spanish, TEMAS[slug].graficos, strict=True):
            part = section(html, grafico.slug)
            assert str(grafico.title) in part and title not in part

    def test_a_chart_says_the_same_as_its_table(self, admin_client):
        html = page(admin_client, "usuarios", DAY)
        part = section(html, "por-rol")
        assert cells(part) == ["Rol", "Usuarios", "Agente", "1", "Usuario", "1"]
        drawn = json.loads(re.search(r'type="application/json">(.*?)</script>', part)[1])
        assert (drawn["kind"], drawn["labels"]) == ("doughnut", ["Agente", "Usuario"])
        assert drawn["series"][0]["values"] == [1, 1]
        assert "Gráfico: Usuarios por rol. La tabla de debajo dice lo mismo." in part

    def test_a_page_of_money_says_that_currencies_are_not_told_apart(self, admin_client):
        said = "sin convertir monedas"
        assert said in page(admin_client, "productos", DAY)
        assert said not in page(admin_client, "usuarios", DAY)

    def test_what_others_wrote_is_no_markup(self, admin_client):
        attack = "</script><script>alert(1)</script>"
        write(mysql_users=CSVS["mysql/users"].replace("Lima,Lima", f"{attack},{attack}"))
        html = page(admin_client, "usuarios", DAY)
        assert "alert(1)" in html and "<script>alert" not in html

    def test_nothing_is_asked_of_another_host_and_no_script_is_inline(self, admin_client):
        html = page(admin_client, "usuarios", DAY)
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
        inside = html.partition('class="rep ana"')[2]
        scripts = re.findall(r"<script(?! src=)([^>]*)>", inside)
        assert scripts and all(' type="application/json"' in each for each in scripts)

    def test_a_page_that_is_not_there_is_told_so(self, admin_client):
        assert admin_client.get("/admin/analitica/nada/").status_code == 404
        assert admin_client.get("/admin/analitica/usuarios/nada.csv").status_code == 404
        assert admin_client.get("/admin/analitica/nada/nada.csv").status_code == 404

    @pytest.mark.parametrize("slug", TEMAS)
    def test_no_page_asks_the_stores_more_for_more_figures(self, admin_client, slug):
        with queries() as few:
            page(admin_client, slug, DAY)
        rows = "".join(f"u{n},p{n},,USER,,Estado {n},Lima,2026-05-0{n}\n" for n in range(3, 9))
        write(mysql_users=CSVS["mysql/users"] + rows)
        with queries() as more:
            page(admin_client, slug, DAY)
        assert {store for store, asked in few.by_store.items() if asked} == {"default"}
        assert few.total == more.total


@pytest.mark.usefixtures("small")
class TestChoosers:
    def test_only_what_a_page_takes_may_be_chosen(self, admin_client):
        names = {
            slug: {*re.findall(r'name="(snapshot|meses|horas|fecha)"', page(admin_client, slug))}
            for slug in ("usuarios", "crecimiento", "actividad")
        }
        assert names == {
            "usuarios": {"snapshot", "fecha"},
            "crecimiento": {"snapshot", "meses", "fecha"},
            "actividad": {"snapshot", "horas", "fecha"},
        }

    @pytest.mark.parametrize("months", [3, 6, 12, 24, 36, 7])
    def test_months(self, admin_client, months):
        html = page(admin_client, "polizas", DAY | {"meses": months})
        part = section(html, "por-mes")
        assert part.count('scope="row"') == months
        assert f"Los últimos {months} meses." in part
        assert f'<option value="{months}" selected>{months} meses</option>' in html

    def test_hours(self, admin_client):
        long = page(admin_client, "actividad", DAY | {"horas": "720"})
        assert "Las últimas 720 horas." in section(long, "por-hora")
        short = page(admin_client, "actividad", {"fecha": "2026-06-03", "horas": "24"})
        assert "Todo está a cero" in section(short, "por-hora")

    def test_a_day_is_seen_whole_and_said(self, admin_client):
        html = page(admin_client, "siniestros", {"fecha": "2026-05-30"})
        assert "como si fuera el 30/05/2026" in html
        assert 'value="2026-05-30"' in html
        assert cells(section(html, "por-mes"))[-2:] == ["May 2026", "1"]

    def test_what_is_left_empty_is_not_asked(self, admin_client):
        empty = {"snapshot": "", "meses": "", "fecha": " "}
        assert "rep-problema" not in page(admin_client, "crecimiento", empty)

    def test_what_was_chosen_goes_along(self, admin_client):
        html = page(admin_client, "polizas", DAY | {"meses": "6"})
        query = "?meses=6&amp;fecha=2026-06-01"
        assert reverse("analitica:archivo", args=["polizas", "por-mes"]) + query in html
        assert reverse("analitica:tema", args=["crecimiento"]) + query in html

    @pytest.mark.parametrize(
        ("query", "field", "sentence"),
        [
            ({"meses": "0"}, "meses", "Debe estar entre 1 y 36."),
            ({"meses": "99999999999999999999"}, "meses", "Debe estar entre 1 y 36."),
            ({"meses": "<b>"}, "meses", "No es un número entero."),
            ({"fecha": "ayer"}, "fecha", "No es una fecha: escríbala como 2026-12-31."),
            ({"fecha": "0001-01-01"}, "fecha", "No es una fecha: escríbala como 2026-12-31."),
            ({"snapshot": "20200101T000000Z"}, "snapshot", "no hay ningún snapshot 20200101T0"),
            ({"snapshot": "../x\x00"}, "snapshot", "En el lago no hay ningún snapshot"),
            ({"snapshot": "99999999T999999Z"}, "snapshot", "En el lago no hay ningún snapshot"),
        ],
    )
    def test_what_means_nothing_is_told_at_its_field(self, admin_client, query, field, sentence):
        html = page(admin_client, "crecimiento", query, 400)
        told = re.search(rf'<p [^>]*id="error-{field}"[^>]*>(.*?)</p>', html)[1]
        assert sentence in told
        assert f'aria-describedby="error-{field}"' in html
        assert "<table>" not in html and "<b>" not in told

    def test_all_that_is_wrong_is_told_at_once(self, admin_client):
        query = {"meses": "x", "fecha": "x", "snapshot": "x"}
        html = page(admin_client, "crecimiento", query, 400)
        assert html.count('id="error-') == 3

    def test_a_file_of_what_means_nothing_says_so(self, admin_client):
        url = reverse("analitica:archivo", args=["crecimiento", "por-mes"])
        answer = admin_client.get(url, {"meses": "0"})
        assert (answer.status_code, answer.content.decode()) == (400, "Debe estar entre 1 y 36.")
        assert answer["Content-Type"].startswith("text/plain")


class TestSnapshots:
    def test_an_older_one_may_be_chosen(self, admin_client, export):
        UsuarioFactory()
        old = export()
        UsuarioFactory.create_batch(2)
        new = export()
        now, before = (page(admin_client, "usuarios", query) for query in ({}, {"snapshot": old}))
        assert cells(section(now, "por-rol"))[-1] == "3" and f"snapshot {new}" in now
        assert cells(section(before, "por-rol"))[-1] == "1" and f"snapshot {old}" in before
        assert f'<option value="{old}" selected>' in before
        offered = re.findall(r'<option value="(\d{8}T\d{6}Z)"', now)
        assert offered == [new, old]

    def test_the_clientes_of_the_house_lead_to_their_pages(self, admin_client, export):
        from polizas.tests.factories import CobroFactory

        cliente = CobroFactory().recibo.poliza.cliente
        export()
        html = section(page(admin_client, "pagos"), "clientes")
        assert reverse("admin:clientes_cliente_change", args=[cliente.pk]) in html

    def test_those_of_another_lake_lead_nowhere(self, admin_client):
        write()
        assert "<a" not in cells(section(page(admin_client, "pagos"), "clientes"))
        assert "/clientes/cliente/c1/" not in page(admin_client, "pagos")


class TestFailures:
    def test_a_table_that_is_not_there_leaves_the_other_charts(self, admin_client):
        write(cassandra_reclamos=None)
        html = page(admin_client, "productos", DAY)
        broken = section(html, "siniestralidad")
        assert "En el lago falta cassandra/reclamos/reclamos.csv." in broken
        assert "<table>" not in broken and ".csv?" not in broken
        assert "<table>" in section(html, "por-tipo")

    def test_a_column_that_is_not_there_is_named(self, admin_client):
        write(mysql_users=CSVS["mysql/users"].replace("state", "otra"))
        html = page(admin_client, "usuarios")
        assert "A la tabla users le falta la columna «state»." in html

    def test_an_optional_column_takes_only_what_needs_it(self, admin_client):
        write(postgresql_policies=CSVS["postgresql/policies"].replace("status", "otra"))
        html = page(admin_client, "polizas", DAY)
        assert "no tiene la columna que hace falta" in section(html, "por-estado")
        assert "<table>" in section(html, "por-mes")
        url = reverse("analitica:archivo", args=["polizas", "por-estado"])
        assert admin_client.get(url).status_code == 404

    def test_a_lake_that_can_not_be_read_is_told_on_top(self, admin_client):
        html = page(admin_client, "usuarios", status=503)
        assert "No se puede leer el lago." in html and "Datos a fecha" not in html
        assert reverse("admin:ingestion_job_changelist") in html
        assert admin_client.get(reverse("analitica:indice")).status_code == 200

    def test_an_empty_lake_says_what_fills_it(self, admin_client):
        lake().folder.mkdir(parents=True)
        html = page(admin_client, "usuarios")
        assert "Todavía no hay datos en el lago." in html

    def test_tables_without_rows_show_nothing_and_fail_nothing(self, admin_client):
        write(
            **{
                path.replace("/", "_", 1): text.partition("\n")[0] + "\n"
                for path, text in CSVS.items()
            }
        )
        for slug in TEMAS:
            html = page(admin_client, slug)
            assert "rep-problema" not in html
        assert "No hay nada que mostrar." in page(admin_client, "usuarios")

    def test_the_file_of_a_chart_that_fails_says_why(self, admin_client):
        write(mysql_users=None)
        answer = admin_client.get(reverse("analitica:archivo", args=["usuarios", "por-rol"]))
        assert answer.status_code == 500
        assert answer.content.decode() == "En el lago falta mysql/users/users.csv."


@pytest.mark.usefixtures("small")
class TestRights:
    ADDRESSES = (
        ("analitica:indice", []),
        ("analitica:tema", ["usuarios"]),
        ("analitica:archivo", ["usuarios", "por-rol"]),
    )

    @pytest.mark.parametrize(("name", "args"), ADDRESSES)
    def test_who_may_not_see_polizas_enters_nowhere(self, client, name, args):
        client.force_login(person(""))
        assert client.get(reverse(name, args=args)).status_code == 403

    @pytest.mark.parametrize(("name", "args"), ADDRESSES)
    def test_who_has_not_signed_in_is_led_to_the_door(self, client, name, args):
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 302 and "/login/" in answer["Location"]

    def test_an_agente_gets_the_figures_of_their_portfolio_and_is_told(self, client, admin_client):
        seller = AgenteFactory(cuenta=person("Agente"))
        policies = CSVS["postgresql/policies"].replace(",a1,", f",{seller.pk},")
        write(postgresql_policies=policies)
        client.force_login(seller.cuenta)
        theirs, whole = (page(each, "polizas", DAY) for each in (client, admin_client))
        assert "Solo su cartera" in theirs and "Solo su cartera" not in whole
        assert cells(section(theirs, "por-estado"))[-2:] == ["vigente", "1"]
        assert cells(section(whole, "por-estado"))[-2:] == ["vigente", "2"]
        url = reverse("analitica:archivo", args=["polizas", "por-estado"])
        assert client.get(url, DAY).content.decode().splitlines()[1:] == ["vigente,1"]

    def test_the_menu_leads_there_who_may_see_it(self, client, admin_client):
        address = f'href="{reverse("analitica:indice")}"'
        assert address in admin_client.get("/admin/").content.decode()
        client.force_login(person(""))
        assert address not in client.get("/admin/").content.decode()


@pytest.mark.usefixtures("small")
class TestFiles:
    @pytest.mark.parametrize("slug", TEMAS)
    def test_every_chart_has_a_file_of_its_rows(self, admin_client, slug):
        html = page(admin_client, slug, DAY)
        for grafico in TEMAS[slug].graficos:
            url = reverse("analitica:archivo", args=[slug, grafico.slug])
            answer = admin_client.get(url, DAY)
            assert answer.status_code == 200
            assert answer["Content-Type"] == "text/csv; charset=utf-8"
            name = rf'attachment; filename="{slug}-{grafico.slug}-\d{{8}}T\d{{6}}Z\.csv"'
            assert re.fullmatch(name, answer["Content-Disposition"])
            rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
            assert len(rows) == section(html, grafico.slug).count("<tr>")
            assert len({len(row) for row in rows}) == 1

    def test_it_is_what_a_spreadsheet_opens(self, admin_client):
        url = reverse("analitica:archivo", args=["agentes", "de-mas-prima"])
        content = admin_client.get(url, DAY).content
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.decode("utf-8-sig").split("\r\n") == [
            "Agente,Código,Activo,Pólizas,Clientes,Prima,Prima media",
            "Sol Gil,A-2,False,1,1,200.0,200.0",
            "Luz Ríos,A-1,True,1,1,100.5,100.5",
            "",
        ]

    def test_months_sort_and_figures_are_numbers(self, admin_client):
        url = reverse("analitica:archivo", args=["polizas", "prima-por-mes"])
        content = admin_client.get(url, DAY | {"meses": "3"}).content.decode("utf-8-sig")
        assert content.splitlines() == [
            "Mes,Prima,Prima media",
            "2026-04,0.0,",
            "2026-05,200.0,200.0",
            "2026-06,0.0,",
        ]

    def test_no_text_of_the_lake_is_a_formula(self, admin_client):
        write(mysql_users=CSVS["mysql/users"].replace(",Lima,Lima", ",=1+1,@x"))
        url = reverse("analitica:archivo", args=["usuarios", "por-estado"])
        assert "'=1+1,1" in admin_client.get(url).content.decode()
