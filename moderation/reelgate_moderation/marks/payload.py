"""What an invisible mark says: an id and a check, as bits.

Two messages share one carrier. *Full* is the 64-bit mark id and a 32-bit check; *short* is the id's first 32
bits and a 24-bit check, for small or harshly compressed pictures. The check is HMAC-SHA-256 of the id bits
under the mark key, cut short: a reader with another key takes nothing for a message.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

import numpy as np

from reelgate.errors import BadInput
from reelgate.words import MarkFormat

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_KEY = b"reelgate public picture mark key, first edition"
"""The key every Reelgate marks and reads with, published on purpose.

A mark is a pointer into a ledger, never proof: anybody may read it, and anybody could write one. What makes a
file ours is the ledger and the fingerprint, so hiding this key would protect nothing and would keep one
Reelgate from reading another's pictures. An operator who wants marks that outsiders cannot read, forge or aim
at adds keys of their own.
"""

ID_BITS = {MarkFormat.FULL: 64, MarkFormat.SHORT: 32}
CHECK_BITS = {MarkFormat.FULL: 32, MarkFormat.SHORT: 24}

_MARK_ID = re.compile(r"[0-9a-f]{16}")


def message_format(format: str) -> MarkFormat:
    """The format called ``format``; raises :class:`BadInput` for any other word."""
    try:
        return MarkFormat(format)
    except ValueError as cause:
        raise BadInput(f"A mark's format is 'full' or 'short', not {format!r}.") from cause


def mark_id(message: str) -> str:
    """``message`` when it is 16 lower-case hex digits; raises :class:`BadInput` otherwise."""
    if not _MARK_ID.fullmatch(message):
        raise BadInput("A mark id is 16 lower-case hexadecimal digits.")
    return message


def message_bits(message: str, format: MarkFormat, key: bytes) -> NDArray[np.uint8]:
    """The bits to be coded, uint8 of 0 and 1: 96 for *full*, 56 for *short*."""
    size = ID_BITS[format] // 8
    body = bytes.fromhex(mark_id(message))[:size]
    return np.unpackbits(np.frombuffer(body + _check(body, format, key), dtype=np.uint8))


def message_id(bits: NDArray[np.uint8], format: MarkFormat, key: bytes) -> str | None:
    """The id in ``bits`` (16 hex digits for *full*, 8 for *short*), or ``None`` when the check disagrees."""
    data = np.packbits(bits).tobytes()
    size = ID_BITS[format] // 8
    body, check = data[:size], data[size:]
    return body.hex() if hmac.compare_digest(check, _check(body, format, key)) else None


def _check(body: bytes, format: MarkFormat, key: bytes) -> bytes:
    digest = hmac.digest(key, b"check " + format.value.encode() + b" " + body, "sha256")
    return digest[: CHECK_BITS[format] // 8]
