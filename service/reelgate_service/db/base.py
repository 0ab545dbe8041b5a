"""The database: opened once a process, read in snapshots, written only in named transactions."""

from __future__ import annotations

import errno
import sqlite3
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import create_engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from reelgate.errors import OutOfSpace, Unavailable
from reelgate_service.clock import BootClock, Clock, PostgresClock
from reelgate_service.db import rows
from reelgate_service.db.alone import Alone
from reelgate_service.db.backlog import Backlog
from reelgate_service.db.liveness import watch
from reelgate_service.points import point

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import CursorResult, Engine, Result
    from sqlalchemy.orm import DeclarativeBase

BUSY_MS = 10_000
"""How long a SQLite writer waits for another before it gives up."""

POOL = 10
"""How many connections to PostgreSQL a process keeps, with transactions and without; as many again are opened for a
rush and closed after it."""


class Database:
    """One process's door to the tables. Make it after forking, never before."""

    def __init__(self, engine: Engine, clock: Clock, alone: Alone | None = None) -> None:
        """``alone`` runs single statements without a transaction around them; without it they get one."""
        self.engine = engine
        self.clock = clock
        self.backlog = Backlog()
        self._alone = alone

    @property
    def sqlite(self) -> bool:
        """True on SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self, name: str) -> Iterator[Session]:
        """One transaction called ``name``, with a crash point on each side of its commit.

        Nothing else in the service commits. Raises :class:`OutOfSpace` when the disk is full and
        :class:`Unavailable` when the database does not answer; in both cases nothing was written, unless
        the answer to COMMIT itself was lost, which guarded updates make harmless to repeat.
        """
        self._anchor()
        with typed_errors(), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"reelgate_write": True})
            yield session
            session.flush()
            point(f"{name}.commit.before")
            session.commit()
            point(f"{name}.commit.after")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A snapshot to read from; nothing in it is ever committed."""
        self._anchor()
        with typed_errors(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    def ask(self, question: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The one row that answers a question in the driver's own words; on PostgreSQL in a single round trip."""
        if self._alone is None:
            with self.read() as session:
                return tuple(session.connection().exec_driver_sql(question, dict(values)).one())
        with typed_errors():
            found = self._alone.run(question, values)
        if found is None:
            raise LookupError("A question was asked that can have no answer.")
        return found

    def add(self, name: str, *new: rows.Row) -> None:
        """Write new rows as the transaction ``name``; on PostgreSQL one statement, which needs no BEGIN and COMMIT.

        Crash points and errors are those of :meth:`write`.
        """
        if self._alone is None:
            with self.write(name) as session:
                rows.add(session.connection(), *new)
            return
        with typed_errors():
            point(f"{name}.commit.before")
            self._alone.run(*rows.statement(new))
            point(f"{name}.commit.after")

    def now(self, session: Session) -> int:
        """The time on the shared clock, in milliseconds."""
        return self.clock.now(session.connection())

    def time(self) -> int:
        """The same, where no transaction is open."""
        with self.read() as session:
            return self.now(session)

    def _anchor(self) -> None:
        """Once a process: settle with the others what the boot clock's zero is (SQLite only)."""
        if isinstance(self.clock, BootClock) and not self.clock.anchored:
            with typed_errors(), self.engine.connect() as connection:
                writing = connection.execution_options(reelgate_write=True)
                with writing.begin():
                    self.clock.anchor(writing)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()
        if self._alone is not None:
            self._alone.close()


def touched(changed: Result[Any]) -> int:
    """How many rows an UPDATE changed; 0 means that its guard did not hold."""
    return cast("CursorResult[Any]", changed).rowcount


def insert(session: Session, table: type[DeclarativeBase]) -> postgresql.Insert | sqlite_.Insert:
    """An INSERT in the words of this database, so that it can say what to do ``ON CONFLICT``."""
    return sqlite_.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def new_id() -> str:
    """A fresh row id."""
    return uuid.uuid4().hex


@contextmanager
def typed_errors() -> Iterator[None]:
    """What the disk or the database says, as our own errors: :class:`OutOfSpace` and :class:`Unavailable`."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise OutOfSpace("The disk is full.") from error
        raise
    except OperationalError as error:
        if _disk_full(error.orig):
            raise OutOfSpace("The disk that holds the database is full.") from error
        raise Unavailable(f"The database does not answer ({type(error.orig).__name__}).") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("The connection to the database was lost.") from error
        if _disk_full(error.orig):
            raise OutOfSpace("The disk that holds the database is full.") from error
        raise


def _disk_full(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_FULL}
    return _sqlstate(cause) == "53100"


def _sqlstate(cause: BaseException | None) -> str:
    original = getattr(cause, "orig", cause)
    return str(getattr(original, "sqlstate", "") or "")


def open_database(url: str, clock: Clock | None = None) -> Database:
    """Open ``url`` (SQLite or PostgreSQL); ``clock`` replaces the shared clock in benches."""
    if url.startswith("sqlite"):
        return Database(_sqlite_engine(url), clock or BootClock())
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    alone = Alone(_postgres_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None))
    return Database(_postgres_engine(url), clock or PostgresClock(), alone)


def _postgres_engine(url: str, **how: Any) -> Engine:
    # Connections are kept, and the last one used is used again: to open one costs more than all that is asked of it.
    engine = create_engine(url, pool_size=POOL, max_overflow=POOL, pool_use_lifo=True, **how)
    watch(engine)

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _record: object) -> None:
        # Some installations switch this off to be fast; what we have answered 2xx must be on the disk.
        connection.execute("SET synchronous_commit = on")
        connection.commit()

    return engine


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        # SQLite below 3.51.3 can corrupt a WAL that two connections reset at once, and web threads beside a
        # worker are just that; the rollback journal does not have the fault.
        mode = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"
        connection.execute(f"PRAGMA journal_mode = {mode}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A writer takes its lock at once: a reader that turns writer half-way is refused without waiting.
        immediate = connection.get_execution_options().get("reelgate_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
