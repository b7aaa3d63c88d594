"""docker-compose.yml, held against the settings that it fills and against what the house promises."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from config.env import (
    LAKE_STORES,
    boolean,
    email,
    integer,
    lake_url,
    redis,
    s3_buckets,
    s3_encryption,
    store_database,
    time_zone,
    words,
)
from core.management.commands.serve_interface import ALONE

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = re.findall(
    r"^(?:# )?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE
)

SERVERS = {
    "mysql": 13306,
    "postgresql": 15432,
    "mongodb": 27117,
    "redis": 16379,
    "cassandra": 19042,
    "s3": 17070,
    "dynamodb": 18000,
}
STORES = {
    "DATABASE_URL": ("postgresql", "core.backends.postgresql", "cartera"),
    "CLIENTES_URL": ("mysql", "core.backends.mysql", "BD_clientes"),
    "POLIZAS_URL": ("postgresql", "core.backends.postgresql", "BD_polizas"),
    "BIENES_URL": ("mongodb", "core.backends.mongodb", "BD_bienes"),
}
SERVE = ["web", "worker", "beat", "nginx"]
INGEST = ["ingesta_mysql", "ingesta_postgresql", "ingesta_mongodb", "ingesta_cassandra"]
# What the SDK of S3 reads by itself, and what settings ask for by a name that they put together.
OTHERS = {
    *("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"),
    *(f"S3_BUCKET_{store.upper()}" for store in LAKE_STORES),
}
# What came before, on the ports that they had: (interface, port).
FACES = {
    "customer_service": ("sky", 5002),
    "storage_service": ("archivos", 5001),
    "reportes": ("reportes", 8002),
}
APP = ["web", "worker", "beat", "migrate", *INGEST, *FACES]
REFERENCE = re.compile(r"(?<!\$)\$\{([A-Z0-9_]+)(?:(-|:[-?])([^}]*))?\}")
PASSWORDS = {name for name, how, _ in REFERENCE.findall(TEXT) if how == ":?"}


def filled(text: object) -> str:
    """Return what compose makes of `text` where the passwords alone are given, each its own name."""

    def value(found: re.Match[str]) -> str:
        name, how, default = found.groups()
        return default if how in ("-", ":-") else name.casefold()

    return REFERENCE.sub(value, str(text)).replace("$$", "$")


ENVIRONMENT = {name: filled(value) for name, value in SERVICES["web"]["environment"].items()}


def read_by_settings() -> set[str]:
    """Return the variables that settings ask of the environment, by any of the ways there are."""
    found = set()
    for module in ("settings", "env"):
        for node in ast.walk(ast.parse((ROOT / "config" / f"{module}.py").read_text())):
            if isinstance(node, ast.Call) and "env" in {
                name.id
                for part in (node.func, *node.args[:1])
                for name in ast.walk(part)
                if isinstance(name, ast.Name)
            }:
                found |= {
                    argument.value
                    for argument in node.args[:2]
                    if isinstance(argument, ast.Constant) and str(argument.value).isupper()
                }
    return found


def published(service: str) -> list[tuple[str, str]]:
    """Return the address and the port of each that the service is reached by from its machine."""
    ports = [filled(port).split(":") for port in SERVICES[service].get("ports", [])]
    return [(address, port) for address, port, _inside in ports]


@pytest.fixture
def env(monkeypatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return environ.Env()


def test_the_settings_are_read_as_expected():
    assert {"VAR_DIR", "SECRET_KEY", "CLIENTES_URL", "HTTPS", "EMAIL_URL"} <= read_by_settings()


def test_the_example_names_each_variable_that_settings_read():
    assert not (read_by_settings() | OTHERS) - set(EXAMPLE)


def test_the_example_names_each_variable_that_compose_reads():
    assert not {name for name, _how, _default in REFERENCE.findall(TEXT)} - set(EXAMPLE)


def test_the_example_names_each_variable_once():
    assert len(EXAMPLE) == len(set(EXAMPLE))


def test_the_app_is_told_nothing_that_settings_do_not_read():
    assert ENVIRONMENT.keys() - read_by_settings() == OTHERS


def test_what_a_person_may_choose_reaches_the_app():
    # Never where others look, and what serve_interface says.
    kept_apart = {"DEBUG", "INTERFACE"}
    assert read_by_settings() - ENVIRONMENT.keys() == kept_apart


@pytest.mark.parametrize("service", APP)
def test_each_process_of_the_app_is_told_the_same(service):
    assert SERVICES[service]["environment"] == SERVICES["web"]["environment"]
    assert (SERVICES[service]["image"], SERVICES[service]["build"]) == ("cartera", ".")
    assert SERVICES[service]["volumes"] == ["cartera:/srv/cartera"]


@pytest.mark.parametrize("variable", STORES)
def test_a_store_is_on_its_server(env, variable):
    server, engine, name = STORES[variable]
    database = store_database(env, variable, Path("unused"))
    assert (database["ENGINE"], database["NAME"]) == (engine, name)
    assert urlsplit(ENVIRONMENT[variable]).hostname == server


def test_every_store_of_the_settings_has_a_server():
    named = {"DATABASE_URL" if a == "default" else f"{a.upper()}_URL" for a in settings.DATABASES}
    assert named == STORES.keys()


def test_two_stores_of_one_server_are_two_databases():
    addresses = [ENVIRONMENT[variable] for variable in (*STORES, "BITACORA_URL")]
    assert len(addresses) == len(set(addresses))


def test_the_bitacora_is_on_cassandra():
    pytest.importorskip("cassandra")  # as its driver, not with what the embedded stores need
    from bitacora.cassandra.address import read_address

    address = read_address(ENVIRONMENT["BITACORA_URL"])
    assert (address.hosts, address.keyspace, address.user) == (("cassandra",), "cartera", "cartera")


def test_the_queue_is_on_redis(env):
    assert urlsplit(redis(env, "REDIS_URL")).hostname == "redis"


def test_the_rest_is_taken_by_the_settings(env):
    assert boolean(env, "HTTPS", default=False)
    assert integer(env, "PROXY_COUNT", default=0) == 1
    assert integer(env, "SNAPSHOT_MAX_SKEW", default=0) == settings.SNAPSHOT_MAX_SKEW
    assert integer(env, "SESSION_IDLE_MINUTES", default=0, minimum=5) == 60
    assert time_zone(env, "TIME_ZONE", default="UTC") == "America/Lima"
    assert email(env, "EMAIL_URL")["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert words(env, "ALLOWED_HOSTS") == ["127.0.0.1", "localhost"]
    assert words(env, "CSRF_TRUSTED_ORIGINS") == words(env, "OPEN_INTERFACES") == []


def test_what_the_app_keeps_is_on_its_volume():
    assert ENVIRONMENT["VAR_DIR"].startswith("/srv/cartera")


def test_the_lake_is_a_bucket_that_its_server_has(env):
    own = SERVICES["s3"]
    assert (
        lake_url(env, "unused", s3_buckets(env))
        == f"s3://{filled(own['environment']['S3_BUCKET'])}"
    )
    assert "/srv/s3/data/$$S3_BUCKET" in str(own["entrypoint"])
    assert s3_encryption(env) == ("AES256", "")
    assert urlsplit(ENVIRONMENT["AWS_ENDPOINT_URL"]).netloc == "s3:7070"
    for key in ("ACCESS_KEY", "SECRET_KEY"):
        given = "AWS_ACCESS_KEY_ID" if key == "ACCESS_KEY" else "AWS_SECRET_ACCESS_KEY"
        assert filled(own["environment"][f"ROOT_{key}"]) == ENVIRONMENT[given]


def test_the_proxies_are_counted_as_nginx_adds_to_the_header():
    conf = (ROOT / "deploy" / "nginx" / "cartera.conf").read_text()
    assert "X-Forwarded-For $proxy_add_x_forwarded_for" in conf
    assert "X-Forwarded-Proto $scheme_of_client" in conf
    assert "http://web:8000" in conf
    assert "0.0.0.0:8000" in SERVICES["web"]["command"]


def test_every_server_is_there():
    assert SERVICES.keys() == {*APP, *SERVE, *SERVERS}


@pytest.mark.parametrize("service", [*SERVERS, "nginx"])
def test_a_server_is_of_a_fixed_version(service):
    name, _, tag = SERVICES[service]["image"].partition(":")
    assert name
    assert re.match(r"v?\d+", tag)


@pytest.mark.parametrize(
    ("service", "least"),
    [("mysql", 8), ("postgresql", 16), ("mongodb", 7), ("cassandra", 5), ("redis", 7)],
)
def test_a_server_is_current(service, least):
    assert int(re.search(r":v?(\d+)", SERVICES[service]["image"])[1]) >= least


@pytest.mark.parametrize(("service", "port"), SERVERS.items())
def test_a_server_is_where_make_servers_expects_it(service, port):
    assert published(service) == [("127.0.0.1", str(port))]
    script = (ROOT / "deploy" / "servers" / f"{service}.sh").read_text()
    assert re.search(rf"^port={port}$", script, re.MULTILINE)


@pytest.mark.parametrize("service", SERVICES)
def test_no_port_is_open_to_other_machines(service):
    assert {address for address, _port in published(service)} <= {"127.0.0.1"}


def test_nginx_alone_leads_to_the_app():
    assert published("nginx") == [("127.0.0.1", "8080")]
    assert not [service for service in APP if published(service) and service not in FACES]


@pytest.mark.parametrize(("service", "alone"), FACES.items())
def test_a_service_that_came_before_is_where_it_was(service, alone):
    interface, port = alone
    own = SERVICES[service]
    assert published(service) == [("127.0.0.1", str(port))]
    serve = f"python manage.py serve_interface {interface} --host 0.0.0.0 --port {port}"
    assert own["command"] == f"env HTTPS=False PROXY_COUNT=0 {serve}"
    assert f"http://127.0.0.1:{port}/health/live" in str(own["healthcheck"]["test"])
    assert interface in ALONE
    assert own["profiles"] == ["interfaces"]


@pytest.mark.parametrize("service", [*SERVE, *FACES, *SERVERS])
def test_who_serves_says_how_it_is_and_comes_back(service):
    assert SERVICES[service]["healthcheck"]["test"]
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", ["migrate", *INGEST])
def test_what_is_done_once_is_not_done_again(service):
    assert SERVICES[service]["restart"] == "no"


def test_make_servers_gives_every_password_that_is_asked_for():
    script = (ROOT / "deploy" / "servers" / "common.sh").read_text()
    made = script.partition("for name in")[2].partition("; do")[0]
    assert set(re.findall(r"[A-Z_]{2,}", made)) == PASSWORDS


def test_a_password_that_is_missing_stops_with_a_sentence_in_spanish():
    asked = [sentence for _name, how, sentence in REFERENCE.findall(TEXT) if how == ":?"]
    assert len(asked) == len(SERVERS)
    assert all(sentence.startswith("falta en .env ") for sentence in asked)


def test_no_password_is_written_in_the_file():
    secret = re.compile(r"PASSWORD|SECRET|ACCESS_KEY")
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name):
                assert REFERENCE.fullmatch(value), name
    assert not re.search(r"://[^@$\s]*:[^@$\s]+@", TEXT)
    assert {d for n, how, d in REFERENCE.findall(TEXT) if secret.search(n) and how == ":-"} == {""}


@pytest.mark.parametrize("service", SERVERS)
def test_no_password_is_shown_by_a_command_line(service):
    shown = [SERVICES[service].get(key, "") for key in ("command", "entrypoint", "healthcheck")]
    assert not [name for name in PASSWORDS if f"${{{name}" in str(shown)]


def test_the_file_is_of_the_compose_specification():
    assert "version" not in COMPOSE
    assert {key for key in COMPOSE if not key.startswith("x-")} == {"services", "volumes"}


@pytest.mark.parametrize("service", SERVICES)
def test_who_is_waited_for_can_come(service):
    for name, wait in SERVICES[service].get("depends_on", {}).items():
        done = name == "migrate"
        assert wait["condition"] == (
            "service_completed_successfully" if done else "service_healthy"
        )
        assert done or "healthcheck" in SERVICES[name]


@pytest.mark.parametrize("service", ["web", "worker", "beat", *INGEST, *FACES])
def test_the_app_waits_for_the_migrations(service):
    assert SERVICES[service]["depends_on"].keys() == {"migrate", "redis"}


def test_the_migrations_wait_for_every_store():
    hosts = {urlsplit(ENVIRONMENT[name]).hostname for name in (*STORES, "BITACORA_URL")}
    assert SERVICES["migrate"]["depends_on"].keys() == {*hosts, "s3"}


def test_the_volumes_are_those_that_are_used():
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    named = {mount.partition(":")[0] for mount in mounts if not mount.startswith(".")}
    assert named == COMPOSE["volumes"].keys()
    for mount in mounts:
        if mount.startswith("."):
            source, _inside, mode = mount.split(":")
            assert (ROOT / source).is_file(), source
            assert mode == "ro"


@pytest.mark.parametrize("service", SERVERS)
def test_a_file_of_ours_is_where_the_server_looks_for_it(service):
    own = SERVICES[service]
    asked = str([own.get(key) for key in ("entrypoint", "environment", "healthcheck")])
    mounted = {mount.split(":")[1] for mount in own["volumes"]}
    assert set(re.findall(r"/cartera/[\w.]+", asked)) == {m for m in mounted if "/cartera/" in m}


@pytest.mark.parametrize("service", SERVERS)
def test_what_a_server_keeps_is_on_a_volume(service):
    assert any(mount.startswith(f"{service}:") for mount in SERVICES[service]["volumes"])


@pytest.mark.parametrize("service", ["migrate", *INGEST])
def test_a_command_that_is_run_exists(service):
    asked = re.findall(r"manage\.py (\w+)", SERVICES[service]["command"])
    assert asked
    assert not set(asked) - get_commands().keys()


@pytest.mark.parametrize("service", INGEST)
def test_an_ingest_service_runs_its_own_command_and_only_when_asked(service):
    assert f"manage.py {service} --wait" in SERVICES[service]["command"]
    assert SERVICES[service]["profiles"] == ["ingesta"]


def test_the_image_has_the_python_that_the_code_is_written_for():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    version = pyproject["tool"]["mypy"]["python_version"]
    assert set(re.findall(r"^FROM python:([\d.]+)-slim", DOCKERFILE, re.MULTILINE)) == {version}
    assert f"--python-version {version} " in (ROOT / "Makefile").read_text()


def test_the_image_runs_as_nobody_in_particular():
    assert re.findall(r"^USER (\w+)", DOCKERFILE, re.MULTILINE) == ["cartera"]
    assert "useradd" in DOCKERFILE


def test_the_image_has_what_talks_to_servers_and_nothing_to_test_with():
    assert "requirements/servers.txt" in DOCKERFILE
    assert "requirements/dev.txt" not in DOCKERFILE


def test_the_image_takes_no_secret_and_nobodys_data():
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", "var", ".git", ".venv"} <= set(left_out)
    assert not re.search(
        r"(PASSWORD|ACCESS_KEY|_URL)\s*=|^(ARG|ENV).*SECRET", DOCKERFILE, re.MULTILINE
    )
    # Without a key of its own the settings would leave one in the image.
    assert re.search(r"RUN SECRET_KEY=\w+ python manage.py collectstatic", DOCKERFILE)
