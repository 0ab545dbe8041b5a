"""The ledger's leaf and chain, as pure functions: the service stores the rows, anyone can check them.

A leaf is a flat record of public facts plus commitments to personal ones. A commitment is an HMAC under the
leaf's own 32-byte salt, so it tells nothing without the salt; whoever holds salt and value can show that the
value is the one committed to. Erasing a person's data means deleting the salt and the value: the leaf, the
chain and every checkpoint taken before stay exactly as they were and still verify.

Rows are chained: each carries the hash of its leaf and of the row before. The chain finds any change, insertion
or removal inside it; that its end was not cut off only a checkpoint kept elsewhere can tell.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Fact = str | int | bool | None

SALT_BYTES = 32
GENESIS = hashlib.sha256(b"reelgate.ledger.genesis.v1").digest()
"""What the first row (``seq`` 1) chains to."""

_LEAF, _ROW, _COMMITMENT = b"reelgate.ledger.leaf.v1\0", b"reelgate.ledger.row.v1\0", b"reelgate.ledger.commit.v1\0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the chain: its number, the leaf's canonical bytes, and both hashes as stored."""

    seq: int
    leaf: bytes
    leaf_hash: bytes
    chain_hash: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain as somebody saw it: how many rows, and the last row's hash (``GENESIS`` for none)."""

    seq: int
    chain_hash: bytes


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether the chain holds; if not, the first bad ``seq`` and why. ``head`` is where the good part ends."""

    ok: bool
    rows: int
    head: Checkpoint
    bad_seq: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SealedLeaf:
    """A leaf ready to be stored: its bytes and hash for the ledger, its salt for the erasable side table."""

    leaf: bytes
    leaf_hash: bytes
    salt: bytes = field(repr=False)


def new_salt() -> bytes:
    """32 fresh random bytes, one salt for each leaf."""
    return secrets.token_bytes(SALT_BYTES)


def commit(salt: bytes, name: str, value: str) -> str:
    """The commitment to one personal field: HMAC-SHA256 under the leaf's salt, in hex.

    Name and value are length-prefixed, so no two pairs share an input. Raises ``ValueError`` for a salt that
    is not 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    parts = (name.encode(), value.encode())
    message = _COMMITMENT + b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.new(salt, message, hashlib.sha256).hexdigest()


def opens(commitment: str, salt: bytes, name: str, value: str) -> bool:
    """True when ``value`` is what ``commitment`` was made of; compared in constant time."""
    return hmac.compare_digest(commitment, commit(salt, name, value))


def seal(facts: Mapping[str, Fact], personal: Mapping[str, str], salt: bytes) -> SealedLeaf:
    """The leaf of public ``facts`` and commitments to ``personal`` fields.

    The commitments stand under ``committed``; a fact of that name raises ``ValueError``.
    """
    if "committed" in facts:
        raise ValueError("'committed' is the leaf's own word")
    committed = {name: commit(salt, name, value) for name, value in personal.items()}
    leaf = canonical({**facts, "committed": committed})
    return SealedLeaf(leaf, leaf_hash(leaf), salt)


def canonical(fields: Mapping[str, Fact | Mapping[str, str]]) -> bytes:
    """Deterministic JSON: keys sorted, no spaces, UTF-8, whole numbers only.

    Raises ``TypeError`` for a float or any other type, whose text could differ from one machine to the next.
    """
    ready: dict[str, object] = {}
    for name, value in fields.items():
        inner = dict(value) if isinstance(value, Mapping) else value
        for one in inner.values() if isinstance(inner, dict) else [inner]:
            if not isinstance(one, str | int | None):
                raise TypeError(f"{name!r} is not text, a whole number, a truth value or nothing")
        ready[name] = inner
    return json.dumps(ready, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of a leaf's canonical bytes in the leaf domain."""
    return hashlib.sha256(_LEAF + leaf).digest()


def chain_hash(previous: bytes, seq: int, leaf_digest: bytes) -> bytes:
    """SHA-256 over the row before, this row's number and this row's leaf, in the row domain."""
    return hashlib.sha256(_ROW + seq.to_bytes(8, "big") + previous + leaf_digest).digest()


def verify_chain(
    rows: Iterable[Row], *, after: Checkpoint | None = None, head: Checkpoint | None = None
) -> ChainReport:
    """Check ``rows`` in order of ``seq``: every leaf against its hash, every row against the one before.

    ``after`` is where the rows start (the beginning by default). ``head`` is a checkpoint kept elsewhere: the
    chain must pass through it, which is what finds rows cut off at the end. Stops at the first bad row.
    """
    good = after or Checkpoint(0, GENESIS)
    count = 0
    if head is not None and head.seq == good.seq and head.chain_hash != good.chain_hash:
        return ChainReport(False, 0, good, good.seq, "the start differs from the checkpoint")
    for row in rows:
        why = _fault(row, good)
        if not why and head is not None and row.seq == head.seq and row.chain_hash != head.chain_hash:
            why = "the row differs from the checkpoint"
        if why:
            return ChainReport(False, count, good, good.seq + 1, why)
        good, count = Checkpoint(row.seq, row.chain_hash), count + 1
    if head is not None and head.seq > good.seq:
        return ChainReport(False, count, good, good.seq + 1, "the checkpoint knows rows that are gone")
    return ChainReport(True, count, good)


def _fault(row: Row, before: Checkpoint) -> str:
    if row.seq != before.seq + 1:
        return f"row {before.seq + 1} is missing or out of order (found {row.seq})"
    if leaf_hash(row.leaf) != row.leaf_hash:
        return "the leaf was changed: it does not match its hash"
    if chain_hash(before.chain_hash, row.seq, row.leaf_hash) != row.chain_hash:
        return "the row does not follow from the one before"
    return ""
