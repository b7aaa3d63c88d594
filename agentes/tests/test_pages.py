from typing import Any

import pytest

from agentes.models import Agente
from agentes.tests.factories import AgenteFactory
from core.tests.pages import JSON, PAGE, PageContract
from especialidades.tests.factories import EspecialidadFactory


class TestPaginaDeAgentes(PageContract):
    model, factory = Agente, AgenteFactory
    address, text = "/agentes", "nombres"

    def payload(self) -> dict[str, Any]:
        code = f"AG-P{self.rows()}"
        return {"codigo": code, "nombres": "Lucía", "apellidos": "Núñez", "oficina": "Ávila"}

    @pytest.fixture
    def flotas(self) -> Any:
        return EspecialidadFactory(nombre="Flotas pesadas")

    @pytest.fixture
    def ahorro(self) -> Any:
        return EspecialidadFactory(nombre="Vida ahorro")

    def test_its_especialidades_are_given_by_name_or_by_key(self, admin_client, flotas, ahorro):
        for principal, others in (
            ("Flotas pesadas", ["Vida ahorro"]),
            ("flotas PESADAS", ["vída ahorro"]),
            (str(flotas.pk), [str(ahorro.pk)]),
            (str(flotas.pk), ["Vida ahorro", str(ahorro.pk)]),
        ):
            said = {"especialidad": principal, "otras_especialidades": others}
            for options in (
                {"content_type": "application/json"},
                {"headers": JSON},
            ):
                answer = admin_client.post(self.address, self.form(**said), **options)
                assert answer.status_code == 201, answer.content
                agente = Agente.objects.get(pk=answer.json()["id"])
                assert agente.especialidad == flotas
                assert [*agente.otras_especialidades.all()] == [ahorro]

    def test_an_unknown_especialidad_is_named_in_the_refusal(self, admin_client, flotas):
        said = {"especialidad": "Naves", "otras_especialidades": ["Flotas pesadas", "Cometas"]}
        answer = admin_client.post(self.address, self.form(**said), headers=JSON)
        assert answer.status_code == 400
        assert answer.json() == {
            "especialidad": ["No hay ninguna especialidad llamada «Naves»."],
            "otras_especialidades": ["No hay ninguna especialidad llamada «Cometas»."],
        }

    @pytest.mark.parametrize("said", ["Flotas", 7, {"a": 1}, [["a"]], [None], [1.5]])
    def test_what_is_no_list_of_especialidades_is_refused(self, admin_client, flotas, said):
        body = self.payload() | {"otras_especialidades": said}
        answer = admin_client.post(self.address, body, content_type="application/json")
        assert (answer.status_code, [*answer.json()]) == (400, ["otras_especialidades"])

    def test_a_key_of_nothing_is_refused(self, admin_client, flotas):
        body = self.payload() | {"otras_especialidades": ["0" * 32]}
        answer = admin_client.post(self.address, body, content_type="application/json")
        assert answer.status_code == 400 and "otras_especialidades" in answer.json()

    def test_what_was_ticked_and_chosen_stays_so(self, admin_client, flotas, ahorro):
        form = {
            "especialidad": str(flotas.pk),
            "otras_especialidades": [str(ahorro.pk)],
            "nombres": "",
        }
        answer = admin_client.post(self.address, form, headers=PAGE)
        page = " ".join(answer.content.decode().split())
        chosen = page.partition('id="registrar"')[2].partition("</details>")[0]
        assert f'<option value="{flotas.pk}" selected' in chosen
        ticked = chosen.partition(f'name="otras_especialidades" value="{ahorro.pk}"')[2]
        assert "checked" in ticked.partition(">")[0]

    def test_the_list_says_the_especialidades_of_each(self, admin_client, flotas, ahorro):
        agente = AgenteFactory(especialidad=flotas)
        agente.otras_especialidades.set([flotas, ahorro])
        page = admin_client.get(self.address, headers=PAGE).content.decode()
        assert "Flotas pesadas, Vida ahorro" in page

    def test_the_list_is_filtered_by_especialidad(self, admin_client, flotas, ahorro):
        AgenteFactory(codigo="AG-F", especialidad=flotas)
        AgenteFactory(codigo="AG-V", especialidad=ahorro)
        asked = {"especialidad": str(flotas.pk)}
        page = admin_client.get(self.address, asked, headers=PAGE).content.decode()
        assert "AG-F" in page and "AG-V" not in page
        assert f'<option value="{flotas.pk}" selected' in page
        assert admin_client.get(self.address, asked).json()["count"] == 1

    def test_a_code_that_is_taken_is_told_in_the_words_of_the_model(self, admin_client):
        AgenteFactory(codigo="AG-1")
        answer = admin_client.post(self.address, self.form(codigo="AG-1"), headers=JSON)
        assert answer.json() == {"codigo": ["Ya hay un agente con este código."]}

    def test_the_supervisor_is_named_by_code(self, admin_client):
        jefa = AgenteFactory(codigo="AG-JEFA")
        answer = admin_client.post(self.address, self.form(supervisor="AG-JEFA"), headers=JSON)
        assert answer.json()["supervisor"] == str(jefa.pk)

    def test_nobody_registers_themselves_as_retired(self, admin_client):
        answer = admin_client.post(
            self.address, self.form(activo=False), content_type="application/json"
        )
        assert answer.status_code in (201, 400)
        assert not Agente.objects.filter(activo=False).exists()
