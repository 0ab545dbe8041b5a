"""All that must be known of an event as it comes in through a door, fetched in one look.

Each question asked for itself is a round trip to the database that somebody in a chat waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, bindparam, case, func, literal_column, select
from sqlalchemy.dialects import sqlite

from reelgate_service.db import installations, tables

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Dialect, Table

    from reelgate_service.db.apps import Registered
    from reelgate_service.db.base import Database
    from reelgate_service.db.installations import Place


@dataclass(frozen=True, slots=True)
class Arrival:
    """The time on the shared clock, the place (``None``: nobody's), and what the same event was answered before.

    ``new`` says that nobody heard of the place before; one that was taken out is not new.
    """

    now: int
    place: Place | None
    new: bool
    before: str | None


def look(db: Database, registered: Registered, place: str, once_key: str) -> Arrival:
    """What is known of the event ``once_key`` that came from ``place``."""
    asked = {
        "key": installations.key_of(registered.id, place),
        "platform": registered.platform,
        "app": registered.app,
        "tenant": registered.tenant_id,
        "once_key": once_key,
    }
    key, tenant_id, spot, settings, removed_at, before, *told = db.ask(
        _question(db.engine.dialect, db.clock.column), asked
    )
    here = key is not None and removed_at is None
    known = installations.place_of(key, tenant_id, spot, settings) if here else None
    return Arrival(int(told[0]) if told else db.time(), known, key is None, before)


@cache
def _question(dialect: Dialect, clock: ColumnElement[int] | None) -> str:
    """The question in the driver's own words: SQLAlchemy would look through all of it each time it is asked."""
    place, event = cast("Table", tables.Installation.__table__).c, cast("Table", tables.Inbox.__table__).c
    one = select(literal_column("1").label("one")).subquery("one")
    # A place that is nobody's speaks for the tenant of the app.
    tenant = func.coalesce(case((place.removed_at.is_(None), place.tenant_id)), bindparam("tenant"))
    asked = (
        select(place.id, place.tenant_id, place.place, place.settings, place.removed_at, event.reason)
        .select_from(one)
        .outerjoin(tables.Installation.__table__, place.id == bindparam("key"))
        .outerjoin(
            tables.Inbox.__table__,
            and_(
                event.tenant_id == tenant,
                event.platform == bindparam("platform"),
                event.app == bindparam("app"),
                event.once_key == bindparam("once_key"),
            ),
        )
    )
    asked = asked if clock is None else asked.add_columns(clock.label("now"))
    named = dialect if dialect.paramstyle == "pyformat" else sqlite.dialect(paramstyle="named")
    return str(asked.compile(dialect=named))
