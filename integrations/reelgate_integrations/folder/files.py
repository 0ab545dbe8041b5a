"""Puts one file into a folder whole or not at all, and never over another one."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from reelgate.errors import Conflict, OutOfSpace, PlatformFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BLOCK = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def keep(
    folder: Path, names: tuple[str, str], tag: str, size: int, sha256: str, open_: Callable[[], BinaryIO]
) -> str:
    """Keep the bytes of ``open_`` in ``folder`` and return the name they got.

    ``names`` are the plain name and the one that carries the key; the second is used when the first is taken
    by other bytes. A file with the right bytes under either name is adopted, so a repeat changes nothing.
    ``tag`` marks the working file: what an earlier try under the same tag left behind is swept away first
    (a job's lease lets only one process deliver under a key).

    Raises :class:`OutOfSpace` when the disk or quota is full, :class:`PlatformFault` when the bytes are not
    those promised or the folder cannot be written, :class:`Conflict` when both names are taken. Whatever it
    raises, no part of the file stays.
    """
    with _told():
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _sync(folder.parent)
        _sweep(folder, tag)
        plain, keyed = names
        for name in (keyed, plain):
            if _holds(folder / name, size, sha256):
                return name
        working = folder / f".{tag}.{os.getpid()}.part"
        try:
            _write(working, size, open_)
            if not _holds(working, size, sha256):
                raise PlatformFault("what was written to the folder is not what was sent: size or SHA-256 differ")
            return _settle(folder, working, (plain, keyed), size, sha256)
        finally:
            working.unlink(missing_ok=True)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turns the system's errors into ours; names of files stay out of them, for they may hold a member's words."""
    try:
        yield
    except OSError as cause:
        code = errno.errorcode.get(cause.errno or 0, "unknown error")
        if cause.errno in _FULL:
            raise OutOfSpace(f"the folder's disk or quota is full ({code})") from None
        raise PlatformFault(f"the folder cannot be written ({code})") from None


def _sweep(folder: Path, tag: str) -> None:
    for left in folder.glob(f".{tag}.*.part"):
        left.unlink(missing_ok=True)


def _write(path: Path, size: int, open_: Callable[[], BinaryIO]) -> None:
    """Write at most one byte more than ``size`` (a longer stream is wrong anyway) and bring it to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(handle, "wb") as out, open_() as source:
        left = size + 1
        while left > 0 and (block := source.read(min(_BLOCK, left))):
            out.write(block)
            left -= len(block)
        out.flush()
        os.fsync(out.fileno())


def _holds(path: Path, size: int, sha256: str) -> bool:
    """True when ``path`` is an ordinary file (not a link) with exactly these bytes."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(found.st_mode) or found.st_size != size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _settle(folder: Path, working: Path, names: tuple[str, str], size: int, sha256: str) -> str:
    """Give the finished file its name without ever replacing another, and bring the folder to the disk."""
    for name in names:
        try:
            _rename(working, folder / name)
        except FileExistsError:
            if _holds(folder / name, size, sha256):
                return name
            continue
        _sync(folder)
        return name
    raise Conflict("both names that this delivery may take are in use by other files")


def _rename(working: Path, final: Path) -> None:
    """Rename unless ``final`` exists. A hard link decides atomically; where links are not offered, a look
    before the rename has to do."""
    try:
        os.link(working, final)
    except OSError as cause:
        if cause.errno not in _NO_LINKS:
            raise
        if os.path.lexists(final):
            raise FileExistsError(errno.EEXIST, "taken") from None
        working.rename(final)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
