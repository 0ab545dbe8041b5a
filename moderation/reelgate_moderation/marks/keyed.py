"""Numbers that follow from a key and a purpose, the same on every machine and in every NumPy version.

NumPy's own generators may change their streams between versions, and a mark must be readable for years,
so everything keyed is drawn from SHAKE-256 (FIPS 202), used as an extendable output.
"""

from __future__ import annotations

from hashlib import shake_256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def words(key: bytes, purpose: str, count: int) -> NDArray[np.uint64]:
    """``count`` uniform 64-bit words for ``purpose`` under ``key``."""
    seed = len(key).to_bytes(2, "big") + key + purpose.encode()
    return np.frombuffer(shake_256(seed).digest(8 * count), dtype="<u8").astype(np.uint64)


def permutation(key: bytes, purpose: str, count: int) -> NDArray[np.int64]:
    """A keyed order of the numbers 0 to ``count`` - 1."""
    return np.argsort(words(key, purpose, count), kind="stable")


def signs(key: bytes, purpose: str, count: int) -> NDArray[np.float32]:
    """``count`` fair signs, float32 of -1 and +1."""
    return np.where(words(key, purpose, count) >> np.uint64(63), 1.0, -1.0).astype(np.float32)


def angles(key: bytes, purpose: str, count: int) -> NDArray[np.float64]:
    """``count`` angles, uniform in 0 to 2 pi."""
    return words(key, purpose, count).astype(np.float64) * (2 * np.pi / 2.0**64)
