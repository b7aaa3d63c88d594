"""Each server dies in turn under a house at work: what lives there is named, and the rest goes on."""

import pytest

from config.tests.house import house, until
from config.tests.servers.person import Person


@pytest.fixture(scope="module")
def made(tmp_path_factory, django_db_blocker):
    folder = tmp_path_factory.mktemp("caidas")
    with django_db_blocker.unblock(), house(folder, "caidas") as made:
        made.env["OPEN_INTERFACES"] = "ingestion"
        made.prepare(clientes=30)
        yield made


@pytest.fixture(scope="module")
def person(made):
    with made.serve() as url:
        yield signed_in(url, made)


def signed_in(url, made):
    somebody = Person(url)
    somebody.sign_in(made.password)
    return somebody


def missing(person):
    services = Person(person.url).get("/health/ready").json["services"]
    return {name for name, part in services.items() if part["status"] != "ok"}


@pytest.fixture(autouse=True)
def all_well(person):
    """Before each death all is well, and after it all comes back without anybody's help.

    That takes a while: the breaker rests a few seconds, and clients link anew.
    """
    until(lambda: not missing(person))
    yield
    until(lambda: not missing(person))
    assert person.status("/admin/") == 200
    for name in ("clientes", "polizas", "bienes"):
        assert person.status(f"/api/v1/{name}/") == 200


LISTS = {
    "clientes": ("/admin/clientes/cliente/", "/api/v1/clientes/", "/api/v1/agentes/"),
    "polizas": ("/admin/polizas/poliza/", "/api/v1/polizas/", "/api/v1/reclamos/"),
    "bienes": ("/admin/bienes/bien/", "/api/v1/bienes/", "/api/v1/pedidos/"),
}


@pytest.mark.parametrize(("name", "alias"), [("mysql", "clientes"), ("mongodb", "bienes")])
def test_a_dead_store_is_named_and_the_rest_works(person, server, name, alias):
    server("kill", name)
    try:
        for path in LISTS[alias]:
            answer = person.get(path)
            assert answer.status == 503, path
            assert f"El almacén «{alias}» no está disponible." in answer.text
        for other in LISTS.keys() - {alias}:
            for path in LISTS[other]:
                assert person.status(path) == 200, path
        home = person.get("/admin/")
        assert home.status == 200
        assert "no responde ahora" in home.text
        assert Person(person.url).status("/health/live") == 200
        assert missing(person) == {alias}
        state = person.get("/admin/estado/")
        assert "Hay una parte que no responde." in state.text
    finally:
        server("start", name)


def test_without_the_server_of_the_accounts_every_page_says_so(person, server):
    server("kill", "postgresql")
    try:
        for path in ("/admin/", "/admin/clientes/cliente/", "/api/v1/clientes/"):
            answer = person.get(path)
            assert answer.status == 503, path
            assert "no está disponible." in answer.text
            assert "Traceback" not in answer.text
        assert Person(person.url).status("/health/live") == 200
        assert missing(person) == {"default", "polizas"}
    finally:
        server("start", "postgresql")


def test_without_the_bitacora_people_go_on_working(person, server):
    server("kill", "cassandra")
    try:
        for path in ("/admin/", *sum(LISTS.values(), ())):
            assert person.status(path) == 200, path
        assert missing(person) == {"bitacora"}
    finally:
        server("start", "cassandra")


def test_without_the_queue_people_go_on_working(person, server):
    server("kill", "redis")
    try:
        for path in ("/admin/", *sum(LISTS.values(), ())):
            assert person.status(path) == 200, path
        assert missing(person) == {"cola"}
    finally:
        server("start", "redis")


def test_a_house_starts_while_only_its_accounts_are_there(made, person, server):
    dead = {"mysql": "clientes", "mongodb": "bienes", "cassandra": "bitacora", "redis": "cola"}
    for name in dead:
        server("kill", name)
    try:
        with made.serve() as url:
            somebody = signed_in(url, made)
            assert somebody.status("/admin/") == 200
            for path in LISTS["polizas"]:
                assert somebody.status(path) == 200, path
            for path in (*LISTS["clientes"], *LISTS["bienes"]):
                assert somebody.status(path) == 503, path
            assert missing(somebody) == {*dead.values()}
    finally:
        for name in dead:
            server("start", name)
