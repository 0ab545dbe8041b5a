"""One-row leases for duties that one process at a time should do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from reelgate_service.db import tables
from reelgate_service.db.base import touched

if TYPE_CHECKING:
    from reelgate_service.db.base import Database


def take(db: Database, name: str, owner: str, lease_ms: int) -> bool:
    """Take or keep the duty ``name``; ``False`` while somebody else has it.

    Two owners at once would only do the work twice: every duty is safe to repeat.
    """
    row = tables.Lease
    with db.write("duty") as session:
        now = db.now(session)
        changed = session.execute(
            update(row)
            .where(row.name == name, (row.owner == owner) | (row.until <= now))
            .values(owner=owner, until=now + lease_ms)
        )
        return bool(touched(changed))
