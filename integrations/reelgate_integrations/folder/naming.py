"""File names that are safe on every system, made from words that anyone may have typed."""

from __future__ import annotations

import hashlib
import unicodedata

LONGEST = 120
"""Most bytes (UTF-8) of a name before its type; with key and type it stays far under the usual 255."""

_SEPARATORS = frozenset('/\\:*?"<>|')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"com{n}" for n in range(1, 10)} | {f"lpt{n}" for n in range(1, 10)}
)
"""Names that Windows keeps for devices, whatever their type."""


def safe(words: str, fallback: str) -> str:
    """``words`` as one path component without a type.

    No separators, control or formatting characters, no leading dot or dash (hidden files, options), no
    trailing dot or blank, at most :data:`LONGEST` bytes; ``fallback`` when nothing is left.
    """
    kept = []
    for sign in unicodedata.normalize("NFC", words):
        if sign in _SEPARATORS or sign.isspace():
            kept.append("-" if sign in _SEPARATORS else " ")
        elif unicodedata.category(sign)[0] != "C":
            kept.append(sign)
    name = " ".join("".join(kept).split()).lstrip(".-~ ")
    name = _cut(name, LONGEST).rstrip(". ")
    if name.split(".")[0].rstrip().lower() in _RESERVED:
        name = f"{name.split('.')[0].rstrip()}-{fallback}"
    return name or fallback


def own(words: str, fallback: str) -> str:
    """A component that no other ``words`` share: as :func:`safe`, with a digest where that had to change them."""
    name = safe(words, fallback)
    return name if name == words else f"{name}-{digest(words)}"


def _cut(name: str, limit: int) -> str:
    """The longest beginning of ``name`` within ``limit`` bytes that does not end inside a character."""
    return name.encode()[:limit].decode(errors="ignore")


def digest(key: str) -> str:
    """Twelve hex digits that stand for a key in a file name; the key itself may hold anything."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]
