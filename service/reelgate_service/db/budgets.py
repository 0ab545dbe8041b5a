"""Money: reserved before a call, settled after it, in single guarded updates, so no cap is ever passed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from reelgate.errors import OverBudget
from reelgate_service.db import tables
from reelgate_service.db.base import touched

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def period_of(now: int) -> str:
    """The month that ``now`` (milliseconds) falls in, as ``YYYY-MM`` in UTC."""
    return datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m")


def set_cap(session: Session, tenant_id: str, period: str, cap: int) -> None:
    """Set what the tenant may spend in ``period``, in cents. Lowering it never takes back what is spent."""
    row = session.get(tables.Budget, (tenant_id, period))
    if row is None:
        session.add(tables.Budget(tenant_id=tenant_id, period=period, cap=cap))
    else:
        row.cap = cap


def reserve(session: Session, tenant_id: str, period: str, cents: int) -> None:
    """Put ``cents`` aside; raises :class:`OverBudget` when they are not there. Free work needs no budget."""
    if cents == 0:
        return
    row = tables.Budget
    changed = session.execute(
        update(row)
        .where(row.tenant_id == tenant_id, row.period == period, row.spent + row.reserved + cents <= row.cap)
        .values(reserved=row.reserved + cents)
    )
    if touched(changed) == 0:
        raise OverBudget(f"{cents} cents do not fit into the budget of {period}.")


def settle(session: Session, tenant_id: str, period: str, reserved: int, spent: int) -> None:
    """Turn a reservation into what was truly spent (0 gives it all back)."""
    if reserved == 0 and spent == 0:
        return
    row = tables.Budget
    session.execute(
        update(row)
        .where(row.tenant_id == tenant_id, row.period == period)
        .values(reserved=row.reserved - reserved, spent=row.spent + spent)
    )


def abandon(session: Session, job_id: str, reserved: int, now: int) -> int:
    """Give up a job's calls whose answers were lost; returns the cents that they may have cost.

    A cap must not hope that a call nobody answered was free: it counts as all that was put aside for it.
    """
    cents = 0
    effect = tables.Effect
    for row in session.scalars(
        select(effect).where(effect.job_id == job_id, effect.state.in_(("intent", "held", "adopted")))
    ):
        row.state, row.settled_at = "abandoned", now
        if row.purpose == "generate":
            cents += reserved
    return cents
