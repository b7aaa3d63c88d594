"""Files that only the key opens: Parquet, encrypted by its own standard, AES-256 in GCM."""

import hmac
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from ingestion.jobs import JobFailed

MAGIC = b"PARE"  # what an encrypted Parquet begins with; no seal covers it
TEXT = pa.schema([("texto", pa.string())])


class Unreadable(JobFailed):
    """A file that isn't what was written, or that another key sealed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: no se puede leer; no es lo que se escribió.")


class Seal:
    """Seals and opens the files of one backup, each by its name, with a key that no other file has."""

    def __init__(self, key: bytes, backup_id: str) -> None:
        self._key = key
        self._backup_id = backup_id

    def _key_of(self, name: str) -> bytes:
        # A file that is put in the place of another doesn't open.
        return hmac.digest(self._key, f"cartera: {self._backup_id}/{name}".encode(), "sha256")

    @contextmanager
    def writing(self, file: IO[bytes] | Any, name: str, schema: pa.Schema) -> Iterator[Any]:
        """Yield what takes batches of rows; each is a row group, and none stays in memory."""
        encryption = pe.create_encryption_properties(self._key_of(name))
        with pq.ParquetWriter(
            file, schema, compression="zstd", encryption_properties=encryption
        ) as writer:
            yield writer

    def batches(
        self, file: IO[bytes], name: str, size: int, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a sealed file, of `columns` alone if they are given, or raise Unreadable."""
        with self._opened(file, name) as parquet:
            yield from parquet.iter_batches(batch_size=size, columns=columns)

    @contextmanager
    def _opened(self, file: IO[bytes], name: str) -> Iterator[pq.ParquetFile]:
        decryption = pe.create_decryption_properties(self._key_of(name))
        try:
            with pq.ParquetFile(file, decryption_properties=decryption) as parquet:
                yield parquet
        except JobFailed:
            raise  # the lake's own failure, which says more
        except (pa.ArrowException, OSError):
            # Arrow's OSError says no more than that some bytes don't decrypt.
            raise Unreadable(name) from None

    def write_text(self, file: IO[bytes], name: str, text: str) -> None:
        with self.writing(file, name, TEXT) as writer:
            writer.write_batch(pa.record_batch([[text]], schema=TEXT))

    def read_text(self, content: bytes, name: str) -> str:
        """Return the text of a sealed file, or raise Unreadable."""
        if not content.startswith(MAGIC):
            raise Unreadable(name)
        [text] = [
            text
            for batch in self.batches(io.BytesIO(content), name, 1)
            for text in batch.column(0).to_pylist()
        ]
        return str(text)
