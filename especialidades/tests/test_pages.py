from typing import Any

from core.tests.pages import JSON, PAGE, PageContract
from especialidades.models import Especialidad
from especialidades.tests.factories import EspecialidadFactory


class TestPaginaDeEspecialidades(PageContract):
    model, factory = Especialidad, EspecialidadFactory
    address, text = "/especialidades", "nombre"

    def payload(self) -> dict[str, Any]:
        name = f"Flotas {self.rows()}"
        return {"nombre": name, "ramo": "AUTO", "descripcion": "Desde cinco."}

    def test_its_ramo_filters_the_list(self, admin_client):
        EspecialidadFactory(nombre="Una", ramo="VIDA")
        EspecialidadFactory(nombre="Otra", ramo="AUTO")
        found = admin_client.get(self.address, {"ramo": "VIDA"}).json()["results"]
        assert [one["nombre"] for one in found] == ["Una"]
        page = admin_client.get(self.address, {"ramo": "VIDA"}, headers=PAGE).content.decode()
        assert '<option value="VIDA" selected' in page

    def test_a_filter_of_no_ramo_says_so_beside_it(self, admin_client):
        answer = admin_client.get(self.address, {"ramo": "NADA"}, headers=PAGE)
        assert answer.status_code == 400
        assert 'href="#filtro-ramo"' in answer.content.decode()
        assert [*admin_client.get(self.address, {"ramo": "NADA"}).json()] == ["ramo"]

    def test_a_name_that_is_taken_is_told_in_the_words_of_the_model(self, admin_client):
        form = self.form(nombre="Flotas de reparto")
        EspecialidadFactory(nombre="Flotas de reparto")
        answer = admin_client.post(self.address, form, headers=JSON)
        assert answer.status_code == 400
        assert answer.json() == {"nombre": ["Ya hay una especialidad con este nombre."]}
        other = form | {"nombre": "FLOTAS de repárto"}
        again = admin_client.post(self.address, other, headers=JSON)
        assert "Ya hay una especialidad llamada" in again.json()["nombre"][0]
