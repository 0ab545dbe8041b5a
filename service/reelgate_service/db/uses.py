"""How much a member asks for in a day: counted in single guarded statements, so no quota is ever passed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from reelgate_service.db import tables
from reelgate_service.db.base import insert

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.db.installations import Place

KEPT_MS = 2 * 86_400_000


def day_of(now: int) -> str:
    """The day that ``now`` (milliseconds) falls in, as ``YYYY-MM-DD`` in UTC."""
    return datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d")


def use(session: Session, place: Place, member: str, now: int, quota: int) -> bool:
    """Count one use of today's ``quota``; ``False``, and nothing counted, when it is used up.

    ``member`` is a fingerprint. A quota of 0 is no limit, and nothing is counted.
    """
    if quota <= 0:
        return True
    row = tables.Use
    counted = session.execute(
        insert(session, row)
        .values(tenant_id=place.tenant_id, installation=place.id, member=member, day=day_of(now), used=1)
        .on_conflict_do_update(
            index_elements=[row.tenant_id, row.installation, row.member, row.day],
            set_={"used": row.used + 1},
            where=row.used < quota,
        )
        .returning(row.used)
    )
    return counted.first() is not None


def left(session: Session, place: Place, member: str, now: int, quota: int) -> int | None:
    """How many uses of today's ``quota`` are left; ``None`` where there is no limit."""
    if quota <= 0:
        return None
    row = tables.Use
    used = session.execute(
        select(row.used).where(
            row.tenant_id == place.tenant_id,
            row.installation == place.id,
            row.member == member,
            row.day == day_of(now),
        )
    ).scalar_one_or_none()
    return max(0, quota - (used or 0))


def forget(session: Session, now: int) -> None:
    """Remove what was counted on days that no clock anywhere calls today."""
    session.execute(delete(tables.Use).where(tables.Use.day < day_of(now - KEPT_MS)))
