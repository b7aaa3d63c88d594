"""Whatever S3 refuses is told by a sentence that names what to put right, and no secret."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from ingestion.jobs import JobFailed, sentence

boto3 = pytest.importorskip("boto3")
sdk = pytest.importorskip("botocore.exceptions")
stub = pytest.importorskip("botocore.stub")
s3 = pytest.importorskip("ingestion.lake.s3")
failures = pytest.importorskip("ingestion.lake.failures")

SECRET = "no-se-dice"
KEY = "mysql/users/users.csv"


@pytest.fixture
def answers(monkeypatch):
    """A client that answers what the test tells it to."""
    made = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url="https://s3.example.com",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key=SECRET,
    )
    monkeypatch.setattr(s3, "client", lambda kind="": made)
    with stub.Stubber(made) as stubber:
        yield stubber
    made.close()


@pytest.fixture
def lago(tmp_path):
    return s3.S3Lake("cubo", {"mysql": "cubo-mysql"}, encryption={}, staging=tmp_path)


REFUSALS = [
    ("InvalidAccessKeyId", 403, ["AWS_ACCESS_KEY_ID"]),
    ("SignatureDoesNotMatch", 403, ["AWS_SECRET_ACCESS_KEY"]),
    ("ExpiredToken", 400, ["caducado", "AWS_SESSION_TOKEN"]),
    ("PermanentRedirect", 301, ["cubo-mysql", "otra región", "eu-west-1", "AWS_DEFAULT_REGION"]),
    ("AuthorizationHeaderMalformed", 400, ["cubo-mysql", "otra región", "eu-west-1"]),
    ("NoSuchBucket", 404, ["cubo-mysql", "no existe", "S3_BUCKET"]),
    ("AccessDenied", 403, ["s3:GetObject", f"s3://cubo-mysql/{KEY}"]),
    ("KMS.DisabledException", 400, ["S3_KMS_KEY", f"s3://cubo-mysql/{KEY}"]),
    ("XAmzContentSHA256Mismatch", 400, ["suma de control", KEY]),
    ("SlowDown", 503, ["tras varios intentos", "SlowDown", KEY]),
    ("PreconditionFailed", 412, ["cambió mientras se leía", KEY]),
    ("InvalidObjectState", 403, ["GetObject", "InvalidObjectState", f"s3://cubo-mysql/{KEY}"]),
]


@pytest.mark.parametrize(("code", "status", "words"), REFUSALS)
def test_a_refusal_says_what_to_put_right(answers, lago, code, status, words):
    answers.add_client_error(
        "get_object", code, f"{SECRET} {SECRET}", status, {"Region": "eu-west-1"}
    )
    with pytest.raises(failures.LakeFailed) as refusal:
        lago.read(KEY)
    for word in words:
        assert word in str(refusal.value)
    assert SECRET not in str(refusal.value)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("operation", "ask", "right"),
    [
        ("get_object", lambda lago: lago.read(KEY), "s3:GetObject"),
        ("list_objects_v2", lambda lago: lago.size(KEY), "s3:ListBucket"),
        ("list_objects_v2", lambda lago: lago.open(KEY), "s3:ListBucket"),
        ("list_objects_v2", lambda lago: lago.keys("mysql"), "s3:ListBucket"),
        ("list_objects_v2", lambda lago: lago.names("mysql"), "s3:ListBucket"),
        ("put_object", lambda lago: lago.create(KEY, b""), "s3:PutObject"),
        ("delete_object", lambda lago: lago.remove(KEY), "s3:DeleteObject"),
        ("head_object", lambda lago: lago.copy(KEY, KEY, metadata={}), "s3:GetObject"),
        (
            "list_multipart_uploads",
            lambda lago: lago.sweep(older_than=timedelta(1)),
            "s3:ListBucketMultipartUploads",
        ),
    ],
)
def test_what_is_not_allowed_names_the_right(answers, lago, operation, ask, right):
    answers.add_client_error(operation, "AccessDenied", "", 403)
    with pytest.raises(failures.LakeFailed, match=rf"{right} en s3://cubo"):
        ask(lago)


def test_a_refusal_without_a_body_is_told_by_its_number(answers, lago):
    answers.add_client_error("head_object", "403", "Forbidden", 403)
    with pytest.raises(failures.LakeFailed, match="s3:GetObject"):
        lago.copy(KEY, KEY, metadata={})


def test_a_refused_upload_names_what_was_written(answers, lago):
    answers.add_client_error("put_object", "AccessDenied", "", 403)
    named = f"s3:PutObject en s3://cubo-mysql/{KEY}"
    with pytest.raises(failures.LakeFailed, match=named), lago.write(KEY) as file:
        file.write(b"uno")


@pytest.mark.parametrize("minutes", [-20, 45])
def test_a_wrong_clock_says_by_how_much(answers, lago, minutes):
    theirs = timezone.now() - timedelta(minutes=minutes)
    answers.add_client_error("get_object", "RequestTimeTooSkewed", "", 403)
    _, answer = answers._queue[0]["response"]
    answer["ResponseMetadata"]["HTTPHeaders"] = {"date": format_datetime(theirs)}
    with pytest.raises(failures.LakeFailed, match=f"reloj.*{abs(minutes)} minutos"):
        lago.read(KEY)


def test_a_wrong_clock_is_told_where_the_other_is_not_known(answers, lago):
    answers.add_client_error("get_object", "RequestTimeTooSkewed", "", 403)
    with pytest.raises(failures.LakeFailed, match="reloj"):
        lago.read(KEY)


URL = f"https://usuario:{SECRET}@s3.example.com:9000/x"


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (sdk.NoCredentialsError(), ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "rol"]),
        (
            sdk.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            ["AWS_SECRET_ACCESS_KEY"],
        ),
        (sdk.CredentialRetrievalError(provider="p", error_msg=SECRET), ["renovar"]),
        (sdk.UnauthorizedSSOTokenError(), ["renovar"]),
        (sdk.EndpointConnectionError(endpoint_url=URL), ["s3.example.com:9000", "no responde"]),
        (sdk.ConnectTimeoutError(endpoint_url=URL), ["s3.example.com:9000", "AWS_ENDPOINT_URL"]),
        (sdk.ReadTimeoutError(endpoint_url=URL), ["s3.example.com:9000", "no responde"]),
        (sdk.ConnectionClosedError(endpoint_url=URL), ["no responde"]),
        (sdk.ProxyConnectionError(proxy_url=URL), ["no responde"]),
        (sdk.SSLError(endpoint_url=URL, error="x"), ["certificado", "s3.example.com:9000"]),
        (sdk.FlexibleChecksumError(error_msg="x"), ["suma de control", f"s3://cubo/{KEY}"]),
        (sdk.IncompleteReadError(actual_bytes=1, expected_bytes=2), ["suma de control", KEY]),
        (sdk.ParamValidationError(report=SECRET), ["ParamValidationError", f"s3://cubo/{KEY}"]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_fails_before_an_answer_is_told_too(failure, words):
    with pytest.raises(failures.LakeFailed) as told, failures.told("cubo", KEY):
        raise failure
    for word in words:
        assert word in str(told.value)
    assert SECRET not in str(told.value)


def test_what_is_not_of_s3_passes_as_it_is():
    with pytest.raises(KeyError), failures.told("cubo"):
        raise KeyError("otra cosa")


def test_the_sentence_is_what_the_person_who_asked_reads():
    failure = failures.LakeFailed("No hay sitio.", "QuotaExceeded")
    assert isinstance(failure, JobFailed)
    assert isinstance(failure, OSError)
    assert sentence(failure) == "No hay sitio."
