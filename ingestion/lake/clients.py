"""Clients of S3: a few a process, shared by its threads; credentials are found as the AWS tools find them."""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import InvalidRegionError, ProfileNotFound
from django.core.exceptions import ImproperlyConfigured

REGION = "us-east-1"
ONCE = "once"  # what it puts is refused where something is there
IMPATIENT = "impatient"  # asks whether somebody answers
PATIENT = {
    "connect_timeout": 5,
    "read_timeout": 60,
    "retries": {"mode": "standard", "total_max_attempts": 5},
}
HURRIED = {"connect_timeout": 1, "read_timeout": 2, "retries": {"total_max_attempts": 1}}


def client(kind: str = "") -> Any:
    """Return this process's client of a kind; where no client can be made, say which setting is wrong."""
    return _client(kind, os.getpid())  # connections are not to be shared with who forked us


@cache
def _client(kind: str, process: int) -> Any:
    try:
        session = boto3.session.Session()
        region = os.environ.get("AWS_REGION") or session.region_name or REGION
        waits: dict[str, Any] = HURRIED if kind == IMPATIENT else PATIENT
        made = session.client(
            "s3",
            region_name=region,
            config=Config(signature_version="s3v4", max_pool_connections=32, **waits),
        )
    except ProfileNotFound:
        raise ImproperlyConfigured("AWS_PROFILE: no existe ese perfil.") from None
    except InvalidRegionError:
        raise ImproperlyConfigured("AWS_DEFAULT_REGION: no es una región.") from None
    except ValueError:
        raise ImproperlyConfigured(
            "AWS_ENDPOINT_URL: se espera una dirección, como https://s3.example.com."
        ) from None
    if kind == ONCE:
        # The SDK's uploads know no condition: each of the two requests that make an object gets it here.
        for operation in ("PutObject", "CompleteMultipartUpload"):
            made.meta.events.register(f"provide-client-params.s3.{operation}", _if_none)
    return made


def _if_none(params: dict[str, Any], **kwargs: Any) -> None:
    params["IfNoneMatch"] = "*"
