"""Says what a file is by its first bytes; its name and its declared type count for nothing."""

from __future__ import annotations

from enum import StrEnum

from reelgate.media.findings import reject

HEAD = 64
"""How many leading bytes :func:`sniff` needs."""


class MediaKind(StrEnum):
    """The six kinds of file that come in."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    MP4 = "mp4"
    WEBM = "webm"

    @property
    def moving(self) -> bool:
        """True for video."""
        return self in (MediaKind.MP4, MediaKind.WEBM)


_BRANDS = frozenset(
    b"isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 M4VH M4VP MSNV dash cmfc 3gp4 3gp5 3gp6".split()
) | {b"M4V "}
"""Major brands of ISO files we take for MP4 (mp4ra.org); pictures (heic, avif) and QuickTime are not among them."""


def sniff(head: bytes) -> MediaKind:
    """The kind of the file that begins with ``head`` (:data:`HEAD` bytes, or all of a shorter file).

    Raises ``MediaRejected`` for everything that is not on the list: vector pictures, scripts, playlists,
    archives, markup, raw streams.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return MediaKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaKind.PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return MediaKind.GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaKind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return MediaKind.MP4
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return MediaKind.WEBM
    raise reject("not_media", "not a JPEG, PNG, WebP, GIF, MP4 or WebM file")
