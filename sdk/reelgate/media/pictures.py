"""Checks PNG, GIF, JPEG and WebP files by their own rules before any decoder sees them.

Pure Python with budgets on pixels, chunks, frames and inflated bytes. Each check returns a ``Structure`` or
raises ``MediaRejected``. Sources: PNG third edition (W3C 2025), GIF89a, ITU-T T.81, RFC 9649 (WebP).
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate.media.findings import reject
from reelgate.media.sniff import MediaKind

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PIXELS = 16 * 1024 * 1024
"""The largest picture, in pixels."""

MAX_PARTS = 5_000
"""The most chunks, segments or blocks in one file."""

MAX_FRAMES = 600
"""The most frames of an animation."""

MAX_WORK = 512 * 1024 * 1024
"""The most pixels that all frames, or all scans, may ask to be drawn."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What the structure says; ``end`` is the first byte after the picture, ``notes`` what should go."""

    kind: MediaKind
    width: int
    height: int
    frames: int
    end: int
    notes: tuple[str, ...] = ()


def check_picture(kind: MediaKind, data: bytes) -> Structure:
    """The structure of a whole file of that kind. Raises ``MediaRejected``."""
    try:
        return _CHECKS[kind](data)
    except (struct.error, IndexError, zlib.error, ValueError) as cause:
        raise reject("malformed", f"a {kind.value} that cannot be read: {type(cause).__name__}") from cause


def _size(width: int, height: int, frames: int = 1) -> None:
    """One picture's size against the budgets."""
    if not width or not height:
        raise reject("picture_size", "a picture without size")
    if width * height > MAX_PIXELS:
        raise reject("too_many_pixels", f"{width}x{height} is over {MAX_PIXELS} pixels")
    if frames > MAX_FRAMES or width * height * frames > MAX_WORK:
        raise reject("too_costly", f"{frames} frames of {width}x{height}")


_PNG_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PNG_PLAIN = {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"cICP", b"hIST", b"sPLT"}


def _png(data: bytes) -> Structure:
    """Chunks with good checksums in a legal order, and image data that inflates to exactly the picture."""
    at, seen, notes, frames = 8, 0, set(), 1
    header: tuple[int, ...] = ()
    pieces: list[memoryview] = []
    palette = over = False
    view = memoryview(data)
    while True:
        if at + 12 > len(data):
            raise reject("truncated", "a PNG that ends early")
        size, kind = struct.unpack_from(">I4s", data, at)
        if size > len(data) - at - 12:
            raise reject("truncated", "a PNG chunk that runs over the end")
        seen += 1
        if seen > MAX_PARTS:
            raise reject("too_many_parts", f"more than {MAX_PARTS} chunks")
        chunk = view[at + 8 : at + 8 + size]
        if zlib.crc32(view[at + 4 : at + 8 + size]) != struct.unpack_from(">I", data, at + 8 + size)[0]:
            raise reject("checksum", "a PNG chunk whose checksum is wrong")
        if (kind == b"IHDR") != (seen == 1):
            raise reject("order", "a PNG whose header is not first or not alone")
        at += 12 + size
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", chunk)
            if header[2] not in _PNG_DEPTHS.get(header[3], ()) or header[4] or header[5] or header[6] > 1:
                raise reject("malformed", "a PNG header with values that do not exist")
            _size(header[0], header[1])
        elif kind == b"PLTE":
            palette = True
            if size % 3 or not 3 <= size <= 768 or pieces:
                raise reject("malformed", "a PNG palette of the wrong size or place")
        elif kind == b"IDAT":
            if over:
                raise reject("order", "PNG image data in two places")
            pieces.append(chunk)
        elif kind == b"IEND":
            break
        elif kind == b"acTL":
            frames = max(1, struct.unpack_from(">I", chunk)[0])
            _size(header[0], header[1], frames)
            notes.add("animated")
        elif kind not in _PNG_PLAIN:
            if not kind.isalpha() or kind[0:1].isupper():
                raise reject("unknown_part", "a PNG chunk that must be understood and is not known")
            notes.add("metadata")
        over = bool(pieces) and kind != b"IDAT"
    if header[3] == 3 and not palette:
        raise reject("malformed", "a PNG that needs a palette and has none")
    _png_data(header, pieces)
    return Structure(MediaKind.PNG, header[0], header[1], frames, at, tuple(sorted(notes)))


def _png_data(header: tuple[int, ...], pieces: list[memoryview]) -> None:
    """Inflate the image data piece by piece, keeping nothing, and count."""
    width, height, depth, colour, _, _, interlaced = header
    bits = depth * _PNG_CHANNELS[colour]
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    wanted = 0
    for left, top, across, down in passes:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        wanted += rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0
    inflater = zlib.decompressobj()
    got = 0
    for piece in pieces:
        rest: bytes | memoryview = piece
        while rest:
            got += len(inflater.decompress(rest, 1 << 16))
            if got > wanted:
                raise reject("bomb", "PNG image data that inflates to more than the picture")
            rest = inflater.unconsumed_tail
    got += len(inflater.flush())
    if got != wanted or not inflater.eof:
        raise reject("truncated", "PNG image data that inflates to another size than the picture")


def _gif(data: bytes) -> Structure:
    """Blocks up to the trailer, every picture within the screen."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    _size(width, height)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    frames, notes, seen = 0, set(), 0
    while True:
        seen += 1
        if seen > MAX_PARTS:
            raise reject("too_many_parts", f"more than {MAX_PARTS} blocks")
        if at == len(data) and frames:
            notes.add("no_end")  # common among old files, and harmless at the edge of a block
            at -= 1
            break
        if at >= len(data):
            raise reject("truncated", "a GIF that ends early")
        mark = data[at]
        if mark == 0x3B:
            break
        if mark == 0x21:
            if data[at + 1] == 0xFE or (data[at + 1] == 0xFF and data[at + 3 : at + 14] != b"NETSCAPE2.0"):
                notes.add("metadata")
            at = _gif_blocks(data, at + 2)
        elif mark == 0x2C:
            left, top, across, down, local = struct.unpack_from("<HHHHB", data, at + 1)
            if not across or not down or left + across > width or top + down > height:
                raise reject("frame_outside", "a GIF frame that lies outside the picture")
            frames += 1
            _size(width, height, frames)
            at += 10 + (3 << (local & 7) + 1 if local & 0x80 else 0)
            if not 2 <= data[at] <= 8:
                raise reject("malformed", "a GIF code size that does not exist")
            at = _gif_blocks(data, at + 1)
        else:
            raise reject("unknown_part", "a GIF block that is not known")
    if not frames:
        raise reject("no_media", "a GIF without a picture")
    if frames > 1:
        notes.add("animated")
    return Structure(MediaKind.GIF, width, height, frames, at + 1, tuple(sorted(notes)))


def _gif_blocks(data: bytes, at: int) -> int:
    """Step over a chain of sub-blocks."""
    while at < len(data):
        size = data[at]
        at += 1 + size
        if not size:
            return at
    raise reject("truncated", "a GIF block that runs over the end")


_JPEG_MARK = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_JPEG_REFUSED = {0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0xDC, 0xDE, 0xDF}


def _jpeg(data: bytes) -> Structure:
    """Segments with their lengths, one frame header, scans within a budget of work, an end."""
    at, seen, scans, notes = 2, 0, 0, set()
    width = height = 0
    while True:
        found = _JPEG_MARK.match(data, at)
        if not found:
            raise reject("truncated", "a JPEG with no marker where one must be")
        mark, at = found[1][0], found.end()
        if mark == 0xD9:
            break
        seen += 1
        if seen > MAX_PARTS:
            raise reject("too_many_parts", f"more than {MAX_PARTS} segments")
        if mark in _JPEG_REFUSED:
            raise reject("codec", "a kind of JPEG that is not taken")
        (size,) = struct.unpack_from(">H", data, at)
        if size < 2 or at + size > len(data):
            raise reject("truncated", "a JPEG segment that runs over the end")
        if mark in (0xC0, 0xC1, 0xC2):
            if width:
                raise reject("malformed", "a JPEG with two frame headers")
            precision, height, width, parts = struct.unpack_from(">BHHB", data, at + 2)
            if precision != 8 or parts not in (1, 3, 4) or size != 8 + 3 * parts:
                raise reject("codec", "a JPEG of a precision or colour count that is not taken")
            samplings = data[at + 9 : at + 2 + size - 2 : 3]
            if any(not (1 <= each >> 4 <= 4 and 1 <= each & 15 <= 4) for each in samplings):
                raise reject("malformed", "a JPEG sampling that does not exist")
            _size(width, height)
        elif mark == 0xDA:
            scans += 1
            if not width:
                raise reject("order", "a JPEG scan before its frame header")
            if scans > 64 or scans * width * height > MAX_WORK:
                raise reject("too_costly", f"{scans} scans of {width}x{height}")
            after = _JPEG_MARK.search(data, at + size)
            if not after:
                raise reject("truncated", "a JPEG scan without an end")
            at = after.start()
            continue
        elif 0xE1 <= mark <= 0xEF or mark == 0xFE:
            if mark != 0xEE:
                notes.add("metadata")
        elif mark not in (0xC4, 0xDB, 0xDD, 0xE0):
            raise reject("unknown_part", "a JPEG segment that is not known")
        at += size
    if not scans:
        raise reject("no_media", "a JPEG without a picture")
    return Structure(MediaKind.JPEG, width, height, 1, at, tuple(sorted(notes)))


def _webp(data: bytes) -> Structure:
    """The RIFF length, chunks within it, and sizes that agree."""
    (riff,) = struct.unpack_from("<I", data, 4)
    end = 8 + riff
    if end > len(data) or riff < 12:
        raise reject("truncated", "a WebP that ends early")
    at, seen, frames, notes = 12, 0, 0, set()
    canvas: tuple[int, int] | None = None
    while at < end:
        if at + 8 > end:
            raise reject("malformed", "a WebP with bytes left over")
        kind, size = struct.unpack_from("<4sI", data, at)
        seen += 1
        if size > end - at - 8:
            raise reject("truncated", "a WebP chunk that runs over the end")
        if seen > MAX_PARTS:
            raise reject("too_many_parts", f"more than {MAX_PARTS} chunks")
        here = at + 8
        if kind == b"VP8X" and seen == 1 and size == 10:
            canvas = (_three(data, here + 4) + 1, _three(data, here + 7) + 1)
            _size(*canvas)
        elif kind in (b"VP8 ", b"VP8L"):
            frames += 1
            picture = _webp_size(kind, data, here, size)
            canvas = canvas or picture
            _size(*picture)
            if picture != canvas:
                raise reject("picture_size", "a WebP whose picture has another size than it says")
        elif kind == b"ANMF":
            frames += 1
            if canvas is None or size < 24:
                raise reject("order", "a WebP frame without a canvas")
            left, top = 2 * _three(data, here), 2 * _three(data, here + 3)
            across, down = _three(data, here + 6) + 1, _three(data, here + 9) + 1
            if left + across > canvas[0] or top + down > canvas[1]:
                raise reject("frame_outside", "a WebP frame that lies outside the picture")
            _size(*canvas, frames)
        elif kind not in (b"ALPH", b"ANIM", b"ICCP", b"C2PA"):
            notes.add("metadata")
        at = here + size + (size & 1)
    if canvas is None or not frames:
        raise reject("no_media", "a WebP without a picture")
    return Structure(MediaKind.WEBP, canvas[0], canvas[1], frames, end, tuple(sorted(notes)))


def _webp_size(kind: bytes, data: bytes, at: int, size: int) -> tuple[int, int]:
    """Width and height in a bitstream's own header (RFC 6386 section 9.1, RFC 9649 section 3.4)."""
    if size < 10:
        raise reject("truncated", "a WebP bitstream without a header")
    if kind == b"VP8L":
        if data[at] != 0x2F:
            raise reject("malformed", "a lossless WebP without its signature")
        (bits,) = struct.unpack_from("<I", data, at + 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if data[at] & 1 or data[at + 3 : at + 6] != b"\x9d\x01\x2a":
        raise reject("malformed", "a WebP that does not begin with a key frame")
    across, down = struct.unpack_from("<HH", data, at + 6)
    return across & 0x3FFF, down & 0x3FFF


def _three(data: bytes, at: int) -> int:
    """A 24-bit number."""
    return int.from_bytes(data[at : at + 3], "little")


_CHECKS: dict[MediaKind, Callable[[bytes], Structure]] = {
    MediaKind.PNG: _png,
    MediaKind.GIF: _gif,
    MediaKind.JPEG: _jpeg,
    MediaKind.WEBP: _webp,
}
