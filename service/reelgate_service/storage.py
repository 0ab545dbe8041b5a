"""The disk store: blobs by content hash, quarantine apart from sealed.

A file appears under its name only when its bytes are on the disk: written to a temporary name, synced,
renamed, and the folder synced. Quarantine never has a link.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import time
from typing import TYPE_CHECKING, BinaryIO

from reelgate.errors import NotFound, NotOffered, OutOfSpace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reelgate_service.settings import Settings

SPACES = ("quarantine", "sealed")

FULL_EXIT = 7
"""Exit status of a process that could not even write down that the disk is full."""

FREE_S = 1.0
"""How long a disk that had room is not asked again."""

_BLOCK = 1 << 20


_found_free: dict[tuple[Path, str, int], float] = {}


def need_room(settings: Settings) -> None:
    """Raises :class:`OutOfSpace` when the disk of the home or of the store has less than ``min_free_mb`` free.

    Asked before work is accepted or taken: a disk that runs full half-way would not even take the note of it. What
    was free is taken to be so for :data:`FREE_S`.
    """
    asked = (settings.home, settings.store_url, settings.min_free_mb)
    now = time.monotonic()
    if now < _found_free.get(asked, 0.0):
        return
    for place in (settings.home, settings.store_path):
        free = _free(place)
        if free < settings.min_free_mb * 1024 * 1024:
            wanted = f"{settings.min_free_mb} MB are wanted"
            raise OutOfSpace(f"Only {free // 1024 // 1024} MB are free under {place}; {wanted}.")
    _found_free[asked] = now + FREE_S


def _free(place: Path) -> int:
    """Bytes free where ``place`` is, or will be once somebody makes it."""
    try:
        return shutil.disk_usage(place).free
    except FileNotFoundError:
        return _free(place.parent)


class DiskStore:
    """A :class:`reelgate.contract.Store` in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, space: str, data: BinaryIO) -> str:
        """Keep the bytes; returns their SHA-256. Raises :class:`OutOfSpace` and leaves nothing half."""
        folder = self._space(space)
        fresh = folder / f".{os.getpid()}-{secrets.token_hex(6)}.part"
        digest = hashlib.sha256()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with fresh.open("xb") as file:
                while block := data.read(_BLOCK):
                    digest.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            sha256 = digest.hexdigest()
            final = self._path(space, sha256)
            final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.replace(final)
            _sync_folder(final.parent)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise OutOfSpace("The disk that holds the store is full.") from error
            raise
        return sha256

    def open(self, space: str, sha256: str) -> BinaryIO:
        """The bytes; raises :class:`NotFound`."""
        try:
            return self._path(space, sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound(f"No blob {sha256[:12]} in {space}.") from error

    def url(self, sha256: str, seconds: float) -> str:
        """A disk has no links of its own; the web serves sealed blobs under the job's address."""
        raise NotOffered("The disk store has no links of its own.")

    def delete(self, space: str, sha256: str) -> None:
        """Forget the bytes."""
        self._path(space, sha256).unlink(missing_ok=True)

    def older_than(self, space: str, seconds: float) -> Iterator[tuple[str, bool]]:
        """Names in ``space`` untouched for ``seconds``: (SHA-256 or temporary name, whether it is whole)."""
        folder = self._space(space)
        limit = time.time() - seconds
        for path in sorted(folder.rglob("*")) if folder.exists() else []:
            try:
                old = path.is_file() and path.stat().st_mtime <= limit
            except FileNotFoundError:  # it got its name, or was removed, just now
                continue
            if old:
                yield path.name, not path.name.startswith(".")

    def sweep_part(self, space: str, name: str) -> None:
        """Remove a temporary file that its writer left behind."""
        (self._space(space) / name).unlink(missing_ok=True)

    def check(self, space: str, sha256: str) -> bool:
        """Re-hash a blob from the disk: true when it still is what its name says."""
        digest = hashlib.sha256()
        with self.open(space, sha256) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest() == sha256

    def _space(self, space: str) -> Path:
        if space not in SPACES:
            raise NotFound(f"There is no space called {space}.")
        return self._root / space

    def _path(self, space: str, sha256: str) -> Path:
        if len(sha256) != 64 or any(digit not in "0123456789abcdef" for digit in sha256):
            raise NotFound("That is not a content hash.")
        return self._space(space) / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
