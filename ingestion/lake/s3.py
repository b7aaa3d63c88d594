"""The lake on S3, or on a server that speaks its protocol."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, cast
from uuid import uuid4

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import (
    FlexibleChecksumError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from django.utils import timezone

from ingestion.lake.clients import IMPATIENT, ONCE, client
from ingestion.lake.failures import LakeFailed, told
from ingestion.lake.keys import Object, checked
from ingestion.lake.ranges import Ranges

MIB = 1 << 20
AHEAD = 4 * MIB  # read at once of a file that is read in small pieces
UPLOADS = TransferConfig(
    multipart_threshold=16 * MIB, multipart_chunksize=16 * MIB, max_concurrency=4
)
COPIES = TransferConfig(
    multipart_threshold=256 * MIB, multipart_chunksize=256 * MIB, max_concurrency=4
)
BROKEN = (ReadTimeoutError, ResponseStreamingError, IncompleteReadError, FlexibleChecksumError)
TRIES = 3  # of an answer that breaks off; what is not answered at all the SDK asks again

ABSENT = {"404", "NoSuchKey", "NoSuchVersion"}
# "If it is not there", "if it is still so": what a server says where it is not.
REFUSED = {"412", "PreconditionFailed", "409", "ConditionalRequestConflict", *ABSENT}
WRITER = "escritura"  # metadata: which write an object is of


class S3Lake:
    """Keys are those of `bucket`; what a store alone has is in the bucket of `stores`, if it is named there.

    Who writes on a condition needs a server that keeps If-Match and If-None-Match on PutObject and on
    CompleteMultipartUpload, as S3, versitygw and MinIO do: where they are ignored, the last writer wins.
    """

    def __init__(
        self,
        bucket: str,
        stores: Mapping[str, str],
        *,
        encryption: Mapping[str, str],
        staging: Path,
    ) -> None:
        self.bucket = bucket
        self.stores = stores
        self.staging = staging
        self._encryption = dict(encryption)
        self._extra = {"ChecksumAlgorithm": "SHA256", **encryption}

    def bucket_of(self, key: str) -> str:
        """Return the bucket that holds `key`, or what is under it where a store's own folder is named."""
        parts = key.split("/")
        own = parts[{"snapshots": 2, "changes": 1}.get(parts[0], 0) :][:1]
        return self.stores.get(own[0], self.bucket) if own else self.bucket

    def buckets_of(self, prefix: str) -> list[str]:
        """Return the buckets that hold what is under the folder `prefix`."""
        own = self.bucket_of(prefix)
        if own != self.bucket or prefix.split("/")[0] not in ("", "snapshots", "changes"):
            return [own]
        return list(dict.fromkeys([own, *self.stores.values()]))

    def uri(self, key: str) -> str:
        """Return the address by which the tools of others find `key`."""
        return f"s3://{self.bucket_of(checked(key))}/{key}"

    def iceberg_properties(self) -> dict[str, str]:
        """Return what an Iceberg catalogue has to know, beside the addresses, to read and write here."""
        asked = client().meta
        return {"s3.endpoint": asked.endpoint_url, "s3.region": asked.region_name}

    # Reading.

    def open(self, key: str) -> BinaryIO:
        """Open `key`, or raise FileNotFoundError; what replaces it meanwhile is refused, never mixed in."""
        found = self._entry(key)
        if found is None:
            raise FileNotFoundError(key)
        file = Ranges(partial(self._get, key), found["Size"], found["ETag"])
        return cast(BinaryIO, BufferedReader(file, AHEAD))

    def read(self, key: str) -> bytes | None:
        """Return what `key` holds, or None where there is no such key."""
        found = self._read(key)
        return found and found[0]

    def size(self, key: str) -> int | None:
        """Return the bytes that `key` holds, or None where there is no such key."""
        found = self._entry(key)
        return None if found is None else int(found["Size"])

    def keys(self, prefix: str) -> list[str]:
        """Return every key under the folder `prefix`, in order."""
        return sorted(entry["Key"] for entry in self._entries(checked(prefix)))

    def names(self, prefix: str) -> list[str]:
        """Return the names of the folders right under `prefix`, in order."""
        pages = self._pages("list_objects_v2", checked(prefix), Delimiter="/")
        folders = (entry["Prefix"] for _, page in pages for entry in page.get("CommonPrefixes", ()))
        return sorted({folder.rstrip("/").rpartition("/")[2] for folder in folders})

    def objects(self) -> dict[str, Object]:
        """Return what is said of every key; raise OSError where the lake can't be reached."""
        return {
            entry["Key"]: Object(entry["Size"], entry["LastModified"], entry["ETag"].strip('"'))
            for entry in self._entries("")
        }

    def ping(self) -> None:
        """Raise OSError where a bucket doesn't answer, without waiting long for it."""
        for bucket in self.buckets_of(""):
            with told(bucket):
                client(IMPATIENT).list_objects_v2(Bucket=bucket, MaxKeys=1)

    def _get(self, key: str, **params: Any) -> tuple[bytes, str]:
        """Return what S3 answers for `key`, whole, and its ETag."""
        bucket = self.bucket_of(checked(key))
        for left in reversed(range(TRIES)):
            with told(bucket, key):
                answer = client().get_object(Bucket=bucket, Key=key, **params)
                try:
                    return answer["Body"].read(), answer["ETag"]
                except BROKEN:
                    if not left:
                        raise
        raise AssertionError("the last try returns or raises")

    def _read(self, key: str) -> tuple[bytes, str] | None:
        try:
            return self._get(key)
        except LakeFailed as failure:
            if failure.code in ABSENT:
                return None
            raise

    def _entry(self, key: str) -> dict[str, Any] | None:
        # Not by HEAD, whose refusals have no body: no bucket and no object would be the same.
        bucket = self.bucket_of(checked(key))
        with told(bucket, key):
            page = client().list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
        return next((entry for entry in page.get("Contents", ()) if entry["Key"] == key), None)

    def _entries(self, folder: str) -> Iterator[dict[str, Any]]:
        for bucket, page in self._pages("list_objects_v2", folder):
            for entry in page.get("Contents", ()):
                # What other tools left in the wrong bucket, or as a mark of an empty folder, is no key.
                if self.bucket_of(entry["Key"]) == bucket and not entry["Key"].endswith("/"):
                    yield entry

    def _pages(
        self, operation: str, folder: str, **params: Any
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        prefix = folder and f"{folder.rstrip('/')}/"
        for bucket in self.buckets_of(folder):
            with told(bucket, prefix):
                asked = client().get_paginator(operation)
                for page in asked.paginate(Bucket=bucket, Prefix=prefix, **params):
                    yield bucket, page

    # Writing.

    def create(self, key: str, content: bytes) -> bool:
        """Write `key` unless it is there; return whether this call wrote it."""
        return self._put(key, content, IfNoneMatch="*")

    @contextmanager
    def write(self, key: str) -> Iterator[BinaryIO]:
        """Write `key` as a stream: it takes its place when the block ends, and never if it raises."""
        with self._aside(key) as file:
            yield file
            self._upload(key, file)

    @contextmanager
    def write_once(self, key: str) -> Iterator[BinaryIO]:
        """As write(), but raise FileExistsError at the end where `key` is there by then."""
        with self._aside(key) as file:
            yield file
            writer = uuid4().hex
            try:
                self._upload(key, file, ONCE, Metadata={WRITER: writer})
            except LakeFailed as failure:
                if failure.code not in REFUSED:
                    raise
                if not self._is_by(writer, key):
                    raise FileExistsError(key) from failure

    def copy(self, source: str, target: str, *, metadata: Mapping[str, str]) -> None:
        """Put what `source` holds at `target` too, whole at once, and say there what `metadata` says."""
        bucket = self.bucket_of(checked(target))
        # No checksum is asked for: S3 keeps the source's, and versitygw knows none of a part that it copies.
        said = {"MetadataDirective": "REPLACE", "Metadata": dict(metadata)}
        origin = {"Bucket": self.bucket_of(checked(source)), "Key": source}
        try:
            with told(bucket, target):
                client().copy(
                    origin, bucket, target, ExtraArgs=self._encryption | said, Config=COPIES
                )
        except LakeFailed as failure:
            if failure.code in ABSENT:
                raise FileNotFoundError(source) from failure
            raise

    def change(self, key: str, content: bytes, *, expected: bytes | None) -> bool:
        """Write `key` if it still holds `expected` (None: if it is not there); say whether it did."""
        found = self._read(key)
        if (found and found[0]) != expected:
            return False
        condition = {"IfMatch": found[1]} if found else {"IfNoneMatch": "*"}
        return self._put(key, content, **condition)

    def remove(self, key: str) -> None:
        """Remove `key`; harmless where it is not there."""
        bucket = self.bucket_of(checked(key))
        with told(bucket, key):
            client().delete_object(Bucket=bucket, Key=key)

    def sweep(self, *, older_than: timedelta) -> None:
        """Give up the uploads in parts that killed processes left half-done."""
        oldest = timezone.now() - older_than
        for bucket, page in self._pages("list_multipart_uploads", ""):
            for upload in page.get("Uploads", ()):
                if upload["Initiated"] < oldest:
                    self._give_up(bucket, upload["Key"], upload["UploadId"])

    def _give_up(self, bucket: str, key: str, upload: str) -> None:
        try:
            with told(bucket, key):
                client().abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)
        except LakeFailed as failure:
            if failure.code not in {"404", "NoSuchUpload"}:  # its writer has just finished
                raise

    @contextmanager
    def _aside(self, key: str) -> Iterator[BinaryIO]:
        """Yield a file that has no name, and is gone with its process."""
        checked(key)
        with TemporaryFile(dir=self.staging) as file:
            yield file

    def _upload(self, key: str, file: IO[bytes], kind: str = "", **said: Any) -> None:
        bucket = self.bucket_of(key)
        file.seek(0)
        with told(bucket, key):
            client(kind).upload_fileobj(
                file, bucket, key, ExtraArgs=self._extra | said, Config=UPLOADS
            )

    def _put(self, key: str, content: bytes, **condition: str) -> bool:
        bucket, writer = self.bucket_of(checked(key)), uuid4().hex
        said = self._extra | condition | {"Metadata": {WRITER: writer}}
        try:
            with told(bucket, key):
                client().put_object(Bucket=bucket, Key=key, Body=content, **said)
        except LakeFailed as failure:
            if failure.code not in REFUSED:
                raise
            return self._is_by(writer, key)
        return True

    def _is_by(self, writer: str, key: str) -> bool:
        # A write whose answer was lost on its way is asked for again, and finds itself there.
        bucket = self.bucket_of(key)
        try:
            with told(bucket, key):
                said = client().head_object(Bucket=bucket, Key=key)["Metadata"]
        except LakeFailed as failure:
            if failure.code in ABSENT:
                return False
            raise
        return bool(said.get(WRITER) == writer)
