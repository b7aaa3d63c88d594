"""The root of the analytics and its health, by the contract."""

import re

import pytest
from django.contrib.auth.models import User

from analitica.tables import ALL, DATABASES
from ingestion.lake import lake

pytestmark = pytest.mark.django_db


def put(*tables):
    for table in tables:
        with lake().write(table.key) as file:
            file.write(b"id\n")


@pytest.mark.usefixtures("open_analytics")
class TestRoot:
    def test_it_says_what_it_is(self, client, settings):
        answer = client.get("/")
        assert answer.status_code == 200
        assert answer.json() == {
            "message": "Cartera",
            "version": settings.VERSION,
            "status": "running",
            "data_source": "local",
            "available_databases": ["mysql", "postgresql", "cassandra"],
        }

    def test_a_browser_gets_the_home_page(self, client):
        answer = client.get("/", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert answer["Content-Type"].startswith("text/html")
        assert "Entrar en la oficina" in answer.content.decode()

    def test_it_names_no_path_of_the_machine(self, client, tmp_path):
        assert str(tmp_path) not in client.get("/").content.decode()

    @pytest.mark.parametrize("accept", ["application/xml", "text/csv", "text/html", "*/*", "x"])
    @pytest.mark.parametrize("path", ["/", "/health"])
    def test_it_answers_whatever_is_accepted(self, client, path, accept):
        put(*ALL)
        assert client.get(path, headers={"accept": accept}).status_code == 200

    def test_it_only_answers_get(self, client):
        assert client.post("/").status_code == 405


@pytest.mark.usefixtures("open_analytics")
class TestHealth:
    def test_a_whole_lake_is_ok(self, client):
        put(*ALL)
        answer = client.get("/health")
        body = answer.json()
        assert (answer.status_code, body["status"]) == (200, "OK")
        assert body["data_availability"] == {
            database: {table.name: True for table in ALL if table.database == database}
            for database in DATABASES
        }
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["timestamp"])

    def test_it_says_how_much_the_lake_holds(self, client):
        put(*ALL)
        with lake().write("mongodb/bienes/bienes.csv") as file:
            file.write(b"x" * 1024**2)
        assert client.get("/health").json()["bucket_summary"] == {
            "total_objects": 12,
            "total_size_mb": 1.0,
            "databases": {"mysql": 4, "postgresql": 4, "cassandra": 3},
        }

    def test_a_missing_table_degrades_it_by_name(self, client):
        put(*(table for table in ALL if table.path != "cassandra/pagos"))
        answer = client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (200, "DEGRADED")
        assert answer.json()["data_availability"]["cassandra"] == {
            "reclamos": True,
            "pagos": False,
            "transaction_audit": True,
        }

    def test_a_lake_that_can_not_be_reached_is_an_error(self, client):
        answer = client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (503, "ERROR")

    def test_what_is_half_written_is_not_counted(self, client):
        with lake().write("mysql/users/users.csv") as file:
            file.write(b"id\n")
            lake().path("mysql").mkdir()
            assert client.get("/health").json()["bucket_summary"]["total_objects"] == 0


class TestAccess:
    @pytest.mark.parametrize("path", ["/", "/health"])
    def test_nobody_is_told_anything_without_credentials(self, client, path):
        put(*ALL)
        answer = client.get(path)
        assert answer.status_code == 401
        assert set(answer.json()) == {"detail"}

    @pytest.mark.parametrize("accept", ["application/xml", "text/csv", "x"])
    def test_nor_by_asking_for_another_form(self, client, accept):
        assert client.get("/", headers={"accept": accept}).status_code == 401

    def test_a_browser_is_led_to_the_sign_in(self, client):
        answer = client.get("/", headers={"accept": "text/html"})
        assert answer.status_code == 302
        assert answer["Location"] == "/admin/login/"

    @pytest.mark.parametrize("path", ["/", "/health"])
    def test_who_signed_in_is_answered(self, client, path):
        put(*ALL)
        client.force_login(User.objects.create_user("ana"))
        assert client.get(path).status_code == 200

    def test_that_the_process_lives_is_told_to_anyone(self, client):
        answer = client.get("/health/live")
        assert (answer.status_code, answer.content) == (200, b"ok")


def test_a_page_that_does_not_exist_says_so_in_spanish(client):
    answer = client.get("/nada", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "No existe esta página" in answer.content.decode()


def test_who_is_no_browser_is_told_in_json(client):
    answer = client.get("/nada")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})
