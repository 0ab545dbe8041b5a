"""Reads of one file by several readers at once, each with its own place."""

from __future__ import annotations

import io
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator


class Window(io.RawIOBase):
    """A read-only view of a seekable file that keeps its own place and leaves the file's where it was."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes from our own place; all that is left when negative."""
        kept = self._file.tell()
        self._file.seek(self._at)
        data = self._file.read(size)
        self._at += len(data)
        self._file.seek(kept)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move our own place."""
        if whence == io.SEEK_SET:
            self._at = offset
        elif whence == io.SEEK_CUR:
            self._at += offset
        else:
            kept = self._file.tell()
            self._at = self._file.seek(offset, io.SEEK_END)
            self._file.seek(kept)
        return self._at

    def tell(self) -> int:
        """Our own place."""
        return self._at

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True


@contextmanager
def reading(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """``source`` from its first byte, as a reader of its own; a path is closed afterwards, a file is not."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        yield Window(source)  # type: ignore[misc]  # RawIOBase offers all that BinaryIO readers use
