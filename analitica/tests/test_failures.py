"""What is told instead of an answer, by the contract."""

import pytest

from analitica import sources
from analitica.columnar import parquet
from analitica.failures import NoSuchTable
from analitica.tables import TABLES
from analitica.tests.small import CSVS, write
from benchmarks import lago
from ingestion.lake import lake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_analytics")]

USERS = "/mysql/analytics/users"


@pytest.fixture
def told(client):
    def told(path=USERS):
        answer = client.get(path)
        return answer.status_code, answer.json()["detail"]

    return told


@pytest.mark.parametrize("path", CSVS)
def test_a_table_that_is_not_there_is_named(told, client, path):
    write(**{path.replace("/", "_", 1): None})
    key = f"{path}/{path.split('/')[1]}.csv"
    said = 500, f"Error: Could not load {key}: NoSuchKey"
    refused = [endpoint for endpoint in READS if told_or_none(client, endpoint) == said]
    assert refused == [endpoint for endpoint, reads in READS.items() if path in reads]


def told_or_none(client, endpoint):
    answer = client.get(endpoint)
    return (answer.status_code, answer.json()["detail"]) if answer.status_code != 200 else None


READS = {
    "/mysql/analytics/users": ["mysql/users"],
    "/mysql/analytics/clients/demographics": ["mysql/users", "mysql/clients"],
    "/postgresql/analytics/coverages": ["postgresql/policies", "postgresql/policy_coverage"],
    "/cross/analytics/claims-vs-policies": [
        "postgresql/products",
        "postgresql/policies",
        "cassandra/reclamos",
    ],
    "/cross/analytics/customer-journey": [
        "mysql/users",
        "mysql/clients",
        "postgresql/policies",
        "cassandra/reclamos",
        "cassandra/pagos",
    ],
    "/audits/top-services": ["cassandra/transaction_audit"],
}


def test_a_file_that_goes_while_it_is_asked_for_is_named():
    write()
    source = sources.current()
    write(mysql_users=None)
    with pytest.raises(NoSuchTable, match=r"mysql/users/users.csv: NoSuchKey"):
        parquet(TABLES["mysql/users"], source)


def test_a_column_that_must_be_there_is_named(told):
    write(mysql_users="id,username,email,role,phone,city,created_at\n")
    assert told() == (500, "Error analyzing users: 'state' column not found")


def test_columns_are_looked_for_in_the_order_of_the_tables(told):
    write(mysql_users="id\n", mysql_clients="id\n")
    path = "/mysql/analytics/clients/demographics"
    assert told(path) == (500, "Error analyzing users: 'username' column not found")


def test_an_empty_file_lacks_its_first_column(told):
    write(mysql_users="")
    assert told() == (500, "Error analyzing users: 'id' column not found")


HEADER = "id,policy_number,estado,monto,fecha_reclamo\n"
GOOD = "r1,N-1,pagado,50,2026-03-01T00:00:00Z\n"


@pytest.mark.parametrize(
    "text,said",
    [
        (HEADER + GOOD + "r2,N-1,pagado\n", "línea 3: tiene 3 campos, y la cabecera 5."),
        (HEADER + "r2,N-1,pagado,5,2026-01-01,más\n", "línea 2: tiene 6 campos, y la cabecera 5."),
        (HEADER + GOOD + "r2,N-1,pagado,mucho,\n", "línea 3: la columna «monto» no es un número."),
        (HEADER + "r2,N-1,pagado,NaN,\n", "línea 2: la columna «monto» no es un número."),
        (
            HEADER + GOOD + 'r2,"N-1,pagado,5,\n',
            "línea 3: hay unas comillas que no se cierran bien.",
        ),
        (HEADER.encode() + b"r\xff,N,p,1,\n", "línea 2: no está en UTF-8."),
        (b"\xff\xfe\x00", "línea 1: no es CSV en UTF-8."),
        ("id,id,estado,monto,fecha_reclamo\n", "línea 1: la columna «id» está dos veces."),
    ],
)
def test_a_file_that_is_no_csv_is_told_by_its_line(told, text, said):
    write(cassandra_reclamos=text)
    status, sentence = told("/claims/stats")
    assert status == 500
    assert sentence == f"Error analyzing reclamos: cassandra/reclamos/reclamos.csv, {said}"


def test_what_is_no_time_is_told_by_its_column(told):
    write(cassandra_reclamos=HEADER + GOOD + "r2,N-1,pagado,5,hoy\n")
    assert told("/claims/stats") == (
        500,
        "Error analyzing reclamos: cassandra/reclamos/reclamos.csv: la columna «fecha_reclamo»"
        " tiene algo que no es una fecha.",
    )


def test_nobodys_value_is_quoted(told):
    write(mysql_clients=CSVS["mysql/clients"].replace("1990-02-03", "Calle Secreta 5"))
    _status, sentence = told("/mysql/analytics/clients/demographics")
    assert "Secreta" not in sentence
    assert "birth_date" in sentence


def test_a_lake_that_is_not_there_can_not_be_read(told):
    assert told() == (503, "No se puede leer el lago.")


def test_an_unknown_snapshot_is_told(told):
    write()
    for name in ("20200101T000000Z", "x", "../../etc"):
        assert told(f"{USERS}?snapshot={name}")[0] == 404


def test_what_is_wrong_is_told_again_and_not_kept_once_it_is_right(told, client):
    write(mysql_users=None)
    assert told()[0] == told()[0] == 500
    write()
    assert client.get(USERS).status_code == 200


@pytest.mark.parametrize("cut", [10, 0.5, 0.9])
def test_a_file_of_a_snapshot_that_is_cut_is_told_and_not_thrown(told, cut):
    lago.make(lake().folder, 500)
    [part] = [key for key in lake().keys("snapshots") if "/mysql/users/" in key]
    whole = lake().read(part)
    with lake().write(part) as file:
        file.write(whole[: int(cut if cut > 1 else cut * len(whole))])
    assert told() == (500, "Error analyzing users: part-00000.parquet no se puede leer.")


def test_a_file_of_a_snapshot_that_is_spoilt_is_told_and_not_thrown(told):
    lago.make(lake().folder, 500)
    [part] = [key for key in lake().keys("snapshots") if "/mysql/users/" in key]
    whole = lake().read(part)
    with lake().write(part) as file:
        file.write(whole[:4] + b"x" * (len(whole) // 2) + whole[4 + len(whole) // 2 :])
    assert told("/mysql/analytics/clients/demographics") == (
        500,
        "El lago tiene algo que no se puede leer.",
    )
