"""What must be true of a job, and of the world, once the faults have stopped.

The names are those of the reliability rules: I1 every accepted event has its job; I2 one event, one job;
I3 at most one charge, and what was charged is what was settled; I4 nothing leaves unscreened, unmarked,
unsigned or unrecorded; I5 at most one message; I6 every job ends; I7 no cap is passed; I9 the ledger
verifies, one leaf a transition; I10 no orphan, no missing blob.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from reelgate.words import Once
from reelgate_service.crash.practice import PRICE_CENTS
from reelgate_service.db import jobs, ledger, renditions, tables
from reelgate_service.steps.delivering import lacking
from reelgate_service.storage import SPACES, DiskStore

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.crash.practice import World
    from reelgate_service.studio import Studio


def broken(studio: Studio, world: World, once_key: str) -> list[str]:
    """Every rule that does not hold for the event ``once_key``; empty when all do."""
    with studio.db.read() as session:
        event = session.scalars(select(tables.Inbox).where(tables.Inbox.once_key == once_key)).all()
        if len(event) != 1 or event[0].job_id is None:
            return [f"I1: {len(event)} inbox rows for one accepted event"]
        row = session.get(tables.Job, event[0].job_id)
        if row is None:
            return ["I1: an inbox row without its job"]
        found = _money_and_messages(session, world, row)
        found += _ledger(session, row)
        job = jobs.snapshot(row)
    if row.error_code == "refused":
        return found + _refusal(world, row)
    if row.state != "done":
        return [*found, f"I6: the job is {row.state} ({row.error_code}) and not done"]
    rendition = renditions.of(studio.db, job)
    missing = lacking(job, studio, rendition)
    if missing:
        found.append(f"I4: it left without {missing}")
    return found


def _refusal(world: World, row: tables.Job) -> list[str]:
    """A refusal costs nothing, is said once, and shows no reel; where nobody can ask, once at most."""
    told = world.count("decline", row.id)
    found = []
    if row.state != "refused":
        found.append(f"I6: a refused job is {row.state}")
    if told > 1 or (told == 0 and not row.platform.endswith(Once.NONE.value)):
        found.append(f"I5: a refusal was said {told} times")
    if world.count("post", row.id) or world.count("charge", row.id):
        found.append("I4: a refused reel was paid for or posted")
    return found


def _money_and_messages(session: Session, world: World, row: tables.Job) -> list[str]:
    found = []
    charges, posts = world.count("charge", row.id), world.count("post", row.id)
    settled = session.execute(
        select(func.coalesce(func.sum(tables.Effect.cents), 0)).where(tables.Effect.job_id == row.id)
    ).scalar_one()
    if charges > 1:
        found.append(f"I3: charged {charges} times")
    if settled != charges * PRICE_CENTS:
        found.append(f"I3: charged {charges * PRICE_CENTS} cents, settled {settled}")
    if posts > 1:
        found.append(f"I5: posted {posts} times")
    if row.state == "done" and posts != 1:
        found.append(f"I5: done, but posted {posts} times")
    found += [
        f"I7: spent {budget.spent} and reserved {budget.reserved} of {budget.cap}"
        for budget in session.scalars(select(tables.Budget))
        if budget.spent + budget.reserved > budget.cap or budget.reserved < 0
    ]
    return found


def _ledger(session: Session, row: tables.Job) -> list[str]:
    leaves = session.scalars(
        select(tables.Leaf).where(tables.Leaf.job_id == row.id).order_by(tables.Leaf.version)
    ).all()
    found = []
    if [leaf.version for leaf in leaves] != list(range(1, row.version + 1)):
        found.append(f"I9: {len(leaves)} leaves for {row.version} transitions")
    if leaves and json.loads(leaves[-1].leaf)["state"] != row.state:
        found.append("I9: the last leaf does not tell the job's state")
    return found


def broken_at_rest(studio: Studio, world: World) -> list[str]:
    """Every rule about the whole installation that does not hold after a sweep."""
    found = []
    report = ledger.verify(studio.db)
    if not report.ok:
        found.append(f"I9: the chain breaks at {report.bad_seq}: {report.why}")
    with studio.db.read() as session:
        unnumbered = session.execute(select(func.count()).where(tables.Leaf.seq.is_(None))).scalar_one()
        spent = session.execute(select(func.coalesce(func.sum(tables.Budget.spent), 0))).scalar_one()
        reserved = session.execute(select(func.coalesce(func.sum(tables.Budget.reserved), 0))).scalar_one()
        blobs = {(row.space, row.sha256) for row in session.execute(select(tables.Blob.space, tables.Blob.sha256))}
    if unnumbered:
        found.append(f"I9: {unnumbered} leaves have no number after a sweep")
    if reserved:
        found.append(f"I7: {reserved} cents stay reserved")
    if spent != world.count("charge") * PRICE_CENTS:
        found.append(f"I3: {world.count('charge')} charges, but {spent} cents spent")
    store = studio.store
    if isinstance(store, DiskStore):
        kept = {(space, name) for space in SPACES for name, _ in store.older_than(space, 0)}
        found += [f"I10: orphan {name[:12]} in {space}" for space, name in sorted(kept - blobs)]
        found += [f"I10: missing {name[:12]} in {space}" for space, name in sorted(blobs - kept)]
    return found
