"""The ledger: leaves written with what they tell of, numbered and chained afterwards.

A leaf is durable first and has no number, so that writers never wait for each other; a sequencer (one
duty at a time) numbers leaves in batches. The hashing rules are pure functions of
:mod:`reelgate_moderation.provenance.leaf`, so anyone can check the chain without this service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from sqlalchemy import func, select, update

from reelgate_moderation.provenance import leaf
from reelgate_service.db import tables
from reelgate_service.db.base import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from reelgate_service.db.base import Database


class Told(TypedDict):
    """What a leaf tells. ``personal`` enters only as salted commitments."""

    tenant_id: str
    job_id: str
    version: int
    event: str
    facts: Mapping[str, leaf.Fact]
    now: int
    personal: NotRequired[Mapping[str, str]]


def append(session: Session, **told: Unpack[Told]) -> None:
    """Write one leaf in the caller's transaction."""
    session.add(tables.Leaf(**entry(**told)))


def entry(**told: Unpack[Told]) -> dict[str, Any]:
    """The values of one leaf's row, for who writes several rows at once."""
    tenant_id, job_id, version, event = told["tenant_id"], told["job_id"], told["version"], told["event"]
    personal = told.get("personal", {})
    fields: dict[str, leaf.Fact] = {
        "tenant": tenant_id,
        "job": job_id,
        "version": version,
        "event": event,
        "at": told["now"],
    }
    sealed = leaf.seal({**fields, **told["facts"]}, personal, leaf.new_salt())
    return {
        "id": new_id(),
        "tenant_id": tenant_id,
        "job_id": job_id,
        "version": version,
        "event": event,
        "leaf": sealed.leaf,
        "leaf_hash": sealed.leaf_hash,
        "salt": sealed.salt if personal else None,
        "at": told["now"],
    }


def sequence(db: Database, limit: int = 500) -> int:
    """Number and chain what has no number yet; returns how many leaves were numbered."""
    row = tables.Leaf
    with db.write("sequence") as session:
        head = session.execute(
            select(tables.ChainHead).where(tables.ChainHead.id == 1).with_for_update()
        ).scalar_one()
        fresh = session.scalars(
            select(row).where(row.seq.is_(None)).order_by(row.at, row.job_id, row.version, row.id).limit(limit)
        ).all()
        seq, chain = head.seq, head.chain_hash
        for item in fresh:
            seq += 1
            chain = leaf.chain_hash(chain, seq, item.leaf_hash)
            session.execute(update(row).where(row.id == item.id, row.seq.is_(None)).values(seq=seq, chain_hash=chain))
        head.seq, head.chain_hash = seq, chain
        return len(fresh)


def chain(db: Database, head: int) -> Iterator[leaf.Row]:
    """Every leaf up to number ``head``, as :func:`reelgate_moderation.provenance.leaf.verify_chain` wants it.

    A page is a transaction: numbered leaves never change, and a long reading must keep no writer waiting.
    """
    last = 0
    while True:
        with db.read() as session:
            rows = session.scalars(
                select(tables.Leaf)
                .where(tables.Leaf.seq > last, tables.Leaf.seq <= head)
                .order_by(tables.Leaf.seq)
                .limit(500)
            ).all()
        for row in rows:
            yield leaf.Row(row.seq or 0, row.leaf, row.leaf_hash, row.chain_hash or b"")
        if not rows:
            return
        last = rows[-1].seq or 0


def verify(db: Database) -> leaf.ChainReport:
    """Check the whole chain against the kept head; a row changed, moved, added or cut off is found."""
    head = tables.ChainHead
    last = select(func.coalesce(func.max(tables.Leaf.seq), 0)).scalar_subquery()
    with db.read() as session:
        seq, chain_hash, numbered = session.execute(select(head.seq, head.chain_hash, last)).one()
    report = leaf.verify_chain(chain(db, seq), head=leaf.Checkpoint(seq, chain_hash))
    if report.ok and numbered > seq:
        return leaf.ChainReport(False, report.rows, report.head, seq + 1, "a row was added behind the kept head")
    return report
