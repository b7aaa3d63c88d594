"""What S3 answers when it refuses, in words that say what to put right; no sentence holds a secret."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from boto3.exceptions import Boto3Error
from botocore import exceptions as sdk
from django.utils import timezone
from django.utils.translation import gettext as _

from ingestion.jobs import JobFailed

# What each operation asks to be allowed, where that has another name.
RIGHTS = {
    "ListObjectsV2": "ListBucket",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "HeadObject": "GetObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
}
# S3's names of one and the same trouble; an answer without a body says its number alone.
UNKNOWN_KEY = {"InvalidAccessKeyId", "InvalidClientTokenId"}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired"}
ELSEWHERE = {
    "301",
    "PermanentRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
}
FORBIDDEN = {"403", "AccessDenied", "AllAccessDisabled", "AccountProblem"}
SPOILT = {"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"}
CHANGED = {"412", "PreconditionFailed"}
BUSY = {"500", "502", "503", "504", "InternalError", "ServiceUnavailable", "SlowDown"}


class LakeFailed(JobFailed, OSError):
    """The lake can't be read or written; `code` is the server's own word for it, where it gave one."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.code = code


@contextmanager
def told(bucket: str, key: str = "") -> Iterator[None]:
    """Raise LakeFailed for what the SDK raises while the block works at `key` of `bucket`."""
    try:
        yield
    except sdk.ClientError as refusal:
        code = str(refusal.response.get("Error", {}).get("Code", ""))
        raise LakeFailed(_refused(refusal, code, bucket, key), code) from refusal
    except (sdk.BotoCoreError, Boto3Error) as failure:
        raise LakeFailed(_failed(failure, bucket, key)) from failure


def _refused(refusal: sdk.ClientError, code: str, bucket: str, key: str) -> str:
    names = {"bucket": bucket, "place": f"s3://{bucket}/{key}", "code": code}
    if code in UNKNOWN_KEY:
        return _("S3 no conoce la clave de acceso: revise AWS_ACCESS_KEY_ID.")
    if code == "SignatureDoesNotMatch":
        return _("La clave secreta no es la de la clave de acceso: revise AWS_SECRET_ACCESS_KEY.")
    if code in EXPIRED:
        return _("Las credenciales temporales de S3 han caducado: renueve AWS_SESSION_TOKEN.")
    if code in ELSEWHERE:
        names["region"] = _region(refusal) or "?"
        return (
            _("El bucket %(bucket)s está en otra región (%(region)s): revise AWS_DEFAULT_REGION.")
            % names
        )
    if code == "NoSuchBucket":
        return _("El bucket %(bucket)s no existe: créelo o revise S3_BUCKET y LAKE_URL.") % names
    if code == "RequestTimeTooSkewed":
        return _skewed(refusal)
    if code in FORBIDDEN:
        names["right"] = f"s3:{RIGHTS.get(refusal.operation_name, refusal.operation_name)}"
        return _("Las credenciales no dan derecho a %(right)s en %(place)s.") % names
    if code.startswith("KMS."):
        return _("S3 no puede usar la clave de S3_KMS_KEY para %(place)s (%(code)s).") % names
    if code in SPOILT:
        return _spoilt(bucket, key)
    if code in CHANGED and refusal.operation_name == "GetObject":
        return _("%(place)s cambió mientras se leía: hay que leerlo de nuevo.") % names
    if code in BUSY:
        return _("S3 no pudo atender %(place)s tras varios intentos (%(code)s).") % names
    names["operation"] = refusal.operation_name
    return _("S3 rechazó %(operation)s de %(place)s (%(code)s).") % names


def _failed(failure: Exception, bucket: str, key: str) -> str:
    match failure:
        case sdk.NoCredentialsError() | sdk.PartialCredentialsError():
            return _(
                "No hay credenciales de S3 completas: faltan AWS_ACCESS_KEY_ID y"
                " AWS_SECRET_ACCESS_KEY, un perfil o un rol."
            )
        case (
            sdk.CredentialRetrievalError()
            | sdk.TokenRetrievalError()
            | sdk.SSOError()
            | sdk.LoginError()
            | sdk.RefreshWithMFAUnsupportedError()
        ):
            return _("No se pudieron renovar las credenciales de S3: vuelva a iniciar su sesión.")
        case sdk.ProfileNotFound():
            return _("No existe el perfil de AWS que AWS_PROFILE nombra.")
        case sdk.FlexibleChecksumError() | sdk.IncompleteReadError():
            return _spoilt(bucket, key)
        case sdk.SSLError():
            return _("El certificado del servidor de S3 (%(host)s) no es de fiar.") % _host(failure)
        case sdk.HTTPClientError() | sdk.ConnectionError():
            return _(
                "El servidor de S3 (%(host)s) no responde: revise la red y AWS_ENDPOINT_URL."
            ) % _host(failure)
    return _("No se pudo trabajar con %(place)s (%(name)s).") % {
        "place": f"s3://{bucket}/{key}",
        "name": type(failure).__name__,
    }


def _spoilt(bucket: str, key: str) -> str:
    return _("Lo que viajó de %(place)s no llegó como salió: su suma de control no coincide.") % {
        "place": f"s3://{bucket}/{key}"
    }


def _host(failure: Exception) -> dict[str, str]:
    """Return where it was asked, without what an address may hold before its `@`."""
    url = str(getattr(failure, "kwargs", {}).get("endpoint_url") or "")
    return {"host": urlsplit(url).netloc.rpartition("@")[2] or "?"}


def _headers(refusal: sdk.ClientError) -> dict[str, str]:
    found: dict[str, str] = refusal.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return found


def _region(refusal: sdk.ClientError) -> str:
    named = _headers(refusal).get("x-amz-bucket-region") or refusal.response["Error"].get("Region")
    return str(named or "")


def _skewed(refusal: sdk.ClientError) -> str:
    try:
        theirs = parsedate_to_datetime(_headers(refusal)["date"])
    except (KeyError, ValueError):
        return _("El reloj de este equipo no va con el de S3: póngalo en hora.")
    minutes = round(abs((timezone.now() - theirs).total_seconds()) / 60)
    return _(
        "El reloj de este equipo va a %(minutes)d minutos del de S3 (%(date)s): póngalo en hora."
    ) % {"minutes": minutes, "date": theirs.astimezone(UTC).isoformat()}
