"""Time as the job machine knows it: one clock for everybody who shares a database.

Leases are compared only in this time, never in a worker's own. PostgreSQL is asked. SQLite has no clock of
its own, but all its users share one machine, so the kernel's boot clock is mapped once to the calendar and
kept in the database: it does not jump when somebody sets the wall clock.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import literal_column, text

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """The port: milliseconds since 1970 on the shared clock."""

    column: ColumnElement[int] | None
    """The time as a question to the database, for who asks something else anyway; ``None`` where it is not asked."""

    def now(self, connection: Connection) -> int:
        """The time now, asked over an open connection where the clock needs one."""
        ...


class PostgresClock:
    """The database server's clock: ``clock_timestamp()``, which moves within a transaction, unlike ``now()``."""

    column: ColumnElement[int] | None = literal_column("(extract(epoch FROM clock_timestamp()) * 1000)::bigint")

    def now(self, connection: Connection) -> int:
        """Milliseconds; asks the server."""
        return int(connection.execute(text(f"SELECT {self.column}")).scalar_one())


class BootClock:
    """SQLite: the kernel's boot clock plus an offset that all processes read from the database."""

    column: ColumnElement[int] | None = None

    def __init__(self) -> None:
        self._offset: int | None = None

    @property
    def anchored(self) -> bool:
        """True once :meth:`anchor` has run in this process."""
        return self._offset is not None

    def anchor(self, connection: Connection) -> None:
        """Read the shared offset in a writing transaction, or renew it after a reboot."""
        row = connection.execute(text("SELECT boot_id, offset_ms FROM clock_base WHERE id = 1")).first()
        boot = _boot_id()
        if row is not None and row.boot_id == boot:
            self._offset = int(row.offset_ms)
            return
        self._offset = int(time.time() * 1000) - _since_boot()
        connection.execute(
            text(
                "INSERT INTO clock_base (id, boot_id, offset_ms) VALUES (1, :boot, :offset) "
                "ON CONFLICT (id) DO UPDATE SET boot_id = :boot, offset_ms = :offset"
            ),
            {"boot": boot, "offset": self._offset},
        )

    def now(self, connection: Connection) -> int:
        """Milliseconds; the database anchors the clock before its first transaction."""
        if self._offset is None:
            raise RuntimeError("The clock was read before it was anchored.")
        return self._offset + _since_boot()


class SharedClock:
    """A clock that a bench moves by hand: eight bytes in a file that every process reads."""

    column: ColumnElement[int] | None = None

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self, connection: Connection) -> int:
        """The time last written to the file."""
        return int.from_bytes(self._path.read_bytes(), "big")

    def set(self, at: int) -> None:
        """Move the clock; a rename, so that nobody reads half a number."""
        fresh = self._path.with_suffix(".next")
        fresh.write_bytes(at.to_bytes(8, "big"))
        fresh.replace(self._path)

    def seconds(self) -> float:
        """The same as Unix seconds, for who has no database at hand."""
        return int.from_bytes(self._path.read_bytes(), "big") / 1000

    def advance(self, seconds: float) -> None:
        """Move the clock forwards."""
        self.set(int.from_bytes(self._path.read_bytes(), "big") + int(seconds * 1000))


def _since_boot() -> int:
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(clock) // 1_000_000


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        # No such file on macOS: the boot's second on the calendar names the boot well enough.
        return f"boot-{round(time.time() - _since_boot() / 1000)}"
