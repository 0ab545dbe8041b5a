"""Who there is: the customers of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from reelgate.errors import NotFound
from reelgate_service.db import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def need_tenant(session: Session, tenant_id: str) -> None:
    """Raise :class:`NotFound` when there is no such tenant."""
    if session.get(tables.Tenant, tenant_id) is None:
        raise NotFound(f"There is no tenant {tenant_id!r}.")


def listed(session: Session) -> Sequence[tables.Tenant]:
    """Every tenant, in order."""
    return session.scalars(select(tables.Tenant).order_by(tables.Tenant.id)).all()
