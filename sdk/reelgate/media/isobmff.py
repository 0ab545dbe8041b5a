"""Walks the boxes of an ISO base media file (ISO/IEC 14496-12 section 4.2) within hard budgets.

Pure Python on a seekable file: nothing is decoded, only headers and the tables asked for are read, and
whatever the bytes say the walk ends after at most ``MAX_BOXES`` boxes. All refusals are ``MediaRejected``.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from reelgate.media.findings import reject

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BOXES = 5_000
"""The most boxes in one file."""

MAX_DEPTH = 16
"""The deepest nesting of boxes."""

MAX_PAYLOAD = 1 << 20
"""The largest box that is read into memory, in bytes (tables of 36,000 rows of 16 bytes fit)."""

_CONTAINERS = frozenset(
    {"moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf", "mfra"}
    | {"udta", "meta", "ilst", "sinf", "schi", "gmhd", "tref", "strk", "strd"}
)


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its four letters, where it starts, where its payload starts and where it ends (byte offsets)."""

    kind: str
    start: int
    payload: int
    end: int
    children: tuple[Box, ...] = field(default=())

    @property
    def size(self) -> int:
        """Bytes of payload."""
        return self.end - self.payload

    def all(self, kind: str) -> list[Box]:
        """The direct children of one kind."""
        return [child for child in self.children if child.kind == kind]

    def one(self, *path: str) -> Box:
        """The box at the end of ``path``, each step of which must be there exactly once."""
        here = self
        for kind in path:
            found = here.all(kind)
            if len(found) != 1:
                raise reject("box_count", f"{here.kind} holds {len(found)} boxes of kind {kind}, expected one")
            here = found[0]
        return here

    def walk(self) -> Iterator[Box]:
        """This box and everything below it."""
        queue = [self]
        while queue:
            here = queue.pop()
            yield here
            queue.extend(here.children)


class _Walk:
    """One pass over one file, counting boxes."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.count = 0

    def children(self, start: int, end: int, depth: int, parent: str) -> tuple[Box, ...]:
        """The boxes between two offsets."""
        if depth > MAX_DEPTH:
            raise reject("box_depth", f"boxes are nested more than {MAX_DEPTH} deep")
        found = []
        at = start
        while at < end:
            if parent == "udta" and end - at == 4:
                break  # QuickTime ends its user data with four zero bytes
            box = self.box(at, end, depth, parent)
            found.append(box)
            at = box.end
        return tuple(found)

    def box(self, at: int, end: int, depth: int, parent: str) -> Box:
        """The box that starts at ``at`` and must end at or before ``end``."""
        self.count += 1
        if self.count > MAX_BOXES:
            raise reject("box_budget", f"more than {MAX_BOXES} boxes")
        head = read_at(self.file, at, min(8, end - at), 8)
        size, name = struct.unpack(">I4s", head)
        kind = name.decode("latin-1")
        payload = at + 8
        if size == 1:
            (size,) = struct.unpack(">Q", read_at(self.file, payload, min(8, end - payload), 8))
            payload += 8
        elif size == 0 and not parent and kind == "mdat":
            size = end - at
        if kind == "uuid":
            payload += 16
        if size < payload - at or at + size > end:
            raise reject("box_size", f"a box at byte {at} says {size} bytes, {end - at} are left")
        inside: tuple[Box, ...] = ()
        if kind in _CONTAINERS:
            inside = self.children(payload + self.skip(kind, payload, at + size), at + size, depth + 1, kind)
        return Box(kind, at, payload, at + size, inside)

    def skip(self, kind: str, payload: int, end: int) -> int:
        """Bytes before the children: ISO gives ``meta`` a version and flags, QuickTime does not."""
        if kind != "meta" or end - payload < 12:
            return 0 if kind != "meta" else end - payload
        head = read_at(self.file, payload, 12, 12)
        if head[4:8] == b"hdlr":
            return 0
        return 4 if head[8:12] == b"hdlr" else end - payload


def walk(file: BinaryIO) -> Box:
    """The whole file as one box whose children are the top-level boxes. Raises ``MediaRejected``."""
    size = file.seek(0, io.SEEK_END)
    return Box("", 0, 0, size, _Walk(file).children(0, size, 1, ""))


def read_at(file: BinaryIO, at: int, size: int, least: int) -> bytes:
    """``size`` bytes at ``at``; raises ``MediaRejected`` when fewer than ``least`` are there."""
    file.seek(at)
    data = file.read(size)
    if len(data) < least:
        raise reject("truncated", f"the file ends within {least} bytes of byte {at}")
    return data


def body(file: BinaryIO, box: Box, least: int) -> bytes:
    """The payload of ``box``, which must be at least ``least`` bytes and within the budget."""
    if not least <= box.size <= MAX_PAYLOAD:
        raise reject("box_size", f"a {box.kind} box of {box.size} bytes")
    return read_at(file, box.payload, box.size, box.size)


def table(file: BinaryIO, box: Box, row: str, most: int, head: int = 4) -> list[tuple[int, ...]]:
    """The rows of a table box: ``head`` bytes, a 32-bit count, then the rows (struct letters, big-endian)."""
    data = body(file, box, head + 4)
    (count,) = struct.unpack_from(">I", data, head)
    width = struct.calcsize(">" + row)
    if count > most or head + 4 + count * width > len(data):
        raise reject("table_size", f"a {box.kind} table of {count} rows in {box.size} bytes")
    return list(struct.iter_unpack(">" + row, data[head + 4 : head + 4 + count * width]))
