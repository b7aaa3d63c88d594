"""An object of S3 as a file that is read from any place."""

from collections.abc import Callable
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import Any


class Ranges(RawIOBase):
    """An object that is read piece by piece, as it was when it was opened."""

    def __init__(self, get: Callable[..., tuple[bytes, str]], size: int, etag: str) -> None:
        self._get, self._size, self._etag = get, size, etag
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError(f"negative seek position {start + offset}")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._position)
        if wanted <= 0:
            return 0
        pieces = f"bytes={self._position}-{self._position + wanted - 1}"
        found, _ = self._get(Range=pieces, IfMatch=self._etag)
        buffer[: len(found)] = found
        self._position += len(found)
        return len(found)

    def readall(self) -> bytes:
        return self.read(max(self._size - self._position, 0)) or b""
