"""Whether a pooled connection is still one, asked without a round trip where nothing speaks against it.

A server that went away has closed its end, which shows as something to read on a connection that is idle. What broke
in silence (a cable, a firewall that forgot) shows only when asked, so a connection that long lay idle is asked.
"""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.pool import ConnectionPoolEntry

IDLE_S = 20.0
"""After so long without use the server is asked."""


def watch(engine: Engine) -> None:
    """Have each connection of the engine's pool looked at before it is used, and replaced when it is dead."""

    @event.listens_for(engine, "checkin")
    def _came_back(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _look(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
        since = entry.info.get("idle_since")
        if since is None:  # it was opened just now
            return
        if time.monotonic() - since < IDLE_S and not _speaks(connection):
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            raise DisconnectionError("The server closed this connection.")  # the pool then opens another


def _speaks(connection: Any) -> bool:
    """True when the server sent something that nobody asked for; a farewell, as a rule."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
