"""A section of an answer as rows, whatever its shape; what is drawn of them; and the words of failures."""

import pytest
from django.utils import translation

from analitica.failures import ColumnNotFound, NoSuchTable, Unreachable, Unreadable
from analitica.paginas import names
from analitica.paginas.choosers import of_parameter
from analitica.paginas.declarations import Columna, Cruce, Form, Grafico, Kind, counted
from analitica.paginas.drawing import drawing, left_out
from analitica.paginas.rows import dig, table, told
from analitica.parameters import BadParameters, asked

pytestmark = pytest.mark.any_engine


def chart(section="x", columns=None, kind=Kind.BARS, made=Grafico, **more):
    return made("g", "Gráfico", "/a", section, kind, "Nombre", columns or counted("N"), **more)


def rows(grafico, answer):
    return [(row.name, *row.values) for row in table(grafico, answer).rows]


class TestRows:
    def test_of_a_map_of_names_to_figures(self):
        found = rows(chart(names=names.ROLES), {"x": {"USER": 6, "AGENT": 1, "OTRO": 2}})
        assert found == [("Usuario", 6), ("Agente", 1), ("OTRO", 2)]

    def test_of_a_map_of_names_to_several_figures(self):
        columns = [Columna("Prima", "premium_sum", Form.MONEY), Columna("Pólizas", "policies")]
        answer = {"x": {"AUTO": {"policies": 3, "premium_sum": 10.5}}}
        assert rows(chart(columns=columns), answer) == [("AUTO", 10.5, 3)]

    def test_of_a_list_of_objects(self):
        grafico = chart(columns=[Columna("N", "n")], named_by=("name", "id"), key="id")
        answer = {"x": [{"id": "1", "name": "Ana", "n": 2}, {"id": "2", "name": None, "n": None}]}
        assert rows(grafico, answer) == [("Ana", 2), ("2", None)]
        assert [row.target for row in table(grafico, answer).rows] == ["1", "2"]

    def test_of_an_object_without_any_name(self):
        grafico = chart(columns=[Columna("N", "n")], named_by=("name",))
        assert rows(grafico, {"x": [{"name": None, "n": 1}]}) == [("–", 1)]

    def test_only_those_that_are_asked_for(self):
        answer = {"x": {"total_users": 8, "conversion_rates": {"a": 1.0}}}
        assert rows(chart(only=("total_users",)), answer) == [("total_users", 8)]

    def test_of_a_map_of_maps_the_inner_keys_are_the_rows(self):
        monthly = [{"2026-01": n, "2026-02": 10 * n} for n in (1, 2, 3)]
        answer = {"x": dict(zip("abc", ({"monthly": each} for each in monthly), strict=True))}
        grafico = chart(made=Cruce, columns=counted("Los demás"), inner="monthly", shown=1)
        found = table(grafico, answer)
        assert [heading for heading, _ in found.heads] == ["a", "Los demás"]
        assert rows(grafico, answer) == [("2026-01", 1, 5), ("2026-02", 10, 50)]

    def test_of_a_map_of_maps_without_others_there_is_no_column_for_them(self):
        grafico = chart(made=Cruce, inner="monthly")
        assert rows(grafico, {"x": {"a": {"monthly": {"2026-01": 1}}}}) == [("2026-01", 1)]
        assert rows(grafico, {"x": {}}) == []

    def test_a_section_that_lacks_its_column_has_no_table(self):
        assert table(chart(), {"x": None}) is None
        assert table(chart("x.y"), {"x": None}) is None

    def test_a_section_may_lie_deep(self):
        assert dig({"a": {"b": {"c": 1}}}, "a.b.c") == 1
        assert dig({"a": None}, "a.b.c") is None
        assert dig({"a": 1}, "") == {"a": 1}


class TestFigures:
    @pytest.mark.parametrize(
        ("value", "form", "text"),
        [
            (1234567, Form.COUNT, "1 234 567"),
            (1234.5, Form.MONEY, "1 234,50"),
            (0, Form.COUNT, "0"),
            (0.0, Form.MONEY, "0,00"),
            (-33.333, Form.PERCENT, "-33,33 %"),
            (4.4, Form.NUMBER, "4,40"),
            (9, Form.HOUR, "9:00"),
            (0, Form.HOUR, "0:00"),
            (True, Form.FLAG, "Sí"),
            (False, Form.FLAG, "No"),
            ("AG-1", Form.TEXT, "AG-1"),
            ("", Form.TEXT, "–"),
            *((None, form, "–") for form in Form),
        ],
    )
    def test_read_as_people_write_them(self, value, form, text):
        assert told(value, form).replace("\xa0", " ") == text

    def test_speak_the_language_of_who_reads(self):
        with translation.override("en"):
            assert told(1234.5, Form.MONEY) == "1,234.50"

    @pytest.mark.parametrize(
        ("known", "key", "text"),
        [
            (names.MONTHS, "2026-03", "Mar 2026"),
            (names.HOURS, "7", "7:00"),
            (names.DAYS, "monday", "lunes"),
            (names.AGES, "<18", "Menos de 18"),
            (names.AGES, "18-25", "18-25"),
            (names.POLICIES, "6+", "6 o más"),
            (names.STORED, "en_revision", "en_revision"),
        ],
    )
    def test_have_names_in_words(self, known, key, text):
        assert known.shown(key) == text

    def test_a_file_keeps_months_in_order(self):
        assert names.MONTHS.filed("2026-03") == "2026-03"


class TestDrawing:
    def drawn(self, grafico, answer):
        return drawing(grafico, table(grafico, answer))

    def test_draws_the_first_figure_with_its_text(self):
        columns = [Columna("Código", "c", Form.TEXT), Columna("Prima", "p", Form.MONEY)]
        found = self.drawn(chart(columns=columns), {"x": {"a": {"c": "1", "p": 2.5}}})
        assert (found["kind"], found["labels"]) == ("bar", ["a"])
        [series] = found["series"]
        assert (series["label"], series["values"], series["texts"]) == ("Prima", [2.5], ["2,50"])

    def test_draws_all_that_say_so(self):
        columns = [Columna("A", "a", drawn=True), Columna("B", "b"), Columna("C", "c", drawn=True)]
        found = self.drawn(chart(columns=columns), {"x": {"k": {"a": 1, "b": 2, "c": 3}}})
        assert [series["label"] for series in found["series"]] == ["A", "C"]

    @pytest.mark.parametrize("section", [{}, {"a": 0, "b": 0}, {"a": None}])
    def test_of_nothing_but_zeros_there_is_none(self, section):
        assert self.drawn(chart(), {"x": section}) is None

    def test_lying_bars_are_the_first_fifteen(self):
        grafico, answer = chart(kind=Kind.ROWS), {"x": {str(n): 1 for n in range(20)}}
        assert len(self.drawn(grafico, answer)["labels"]) == 15
        assert left_out(grafico, table(grafico, answer)) == 5

    def test_small_slices_are_one(self):
        found = self.drawn(chart(kind=Kind.DOUGHNUT), {"x": {str(n): n + 1 for n in range(10)}})
        assert found["labels"][-1] == "Los demás"
        assert found["series"][0]["values"] == [1, 2, 3, 4, 5, 6, 7, 8 + 9 + 10]

    def test_those_that_share_a_name_are_told_apart_by_their_code(self):
        columns = [Columna("N", "n"), Columna("Código", "c", Form.TEXT)]
        grafico = chart(columns=columns, named_by=("name",))
        answer = {"x": [{"name": "Auto", "n": 1, "c": c} for c in ("PE", None)]}
        assert self.drawn(grafico, answer)["labels"] == ["PE · Auto", "Auto"]


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (NoSuchTable("mysql/users/users.csv"), "En el lago falta mysql/users/users.csv."),
        (ColumnNotFound("users", "state"), "A la tabla users le falta la columna «state»."),
        (Unreadable("pagos", "línea 2: no."), "No se puede leer la tabla pagos: línea 2: no."),
        (Unreachable("No se puede leer el lago."), "No se puede leer el lago."),
    ],
)
def test_a_failure_is_told_in_spanish(failure, sentence):
    assert failure.words == sentence


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"months": "x"}, "No es un número entero."),
        ({"months": "0"}, "Debe estar entre 1 y 36."),
        ({"hours": "721"}, "Debe estar entre 24 y 720."),
        ({"as_of": "ayer"}, "No es una fecha: escríbala como 2026-12-31."),
    ],
)
def test_a_parameter_is_refused_in_spanish(query, sentence):
    with pytest.raises(BadParameters) as refused:
        asked(query, ("months", "hours"), now=None)
    assert [of_parameter(detail) for detail in refused.value.detail] == [sentence]
