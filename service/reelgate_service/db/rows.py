"""New rows for several tables at once: one statement, and so one round trip, where the database can do that.

Whoever is being answered waits for each round trip. The rows are given as plain values and not as mapped objects,
which would cost more time to keep track of than to write.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from reelgate_service.db.tables import Base

    Row = tuple[type[Base], Mapping[str, Any]]


def add(connection: Connection, *rows: Row) -> None:
    """Write one row for each pair of a table and its values; columns left out get their defaults.

    Rows of the same statement may refer to each other in any order on PostgreSQL; on SQLite a row may refer only to
    those before it. Raises what the database says (``IntegrityError`` for a row that is there already).
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(*statement(rows))
        return
    for table, values in rows:
        connection.execute(cast("Table", table.__table__).insert(), {**_defaults(table), **values})


def statement(rows: Sequence[Row]) -> tuple[str, dict[str, Any]]:
    """The one statement for psycopg that writes all of them, and its values."""
    every = {f"{column}_{place}": value for place, (_, values) in enumerate(rows) for column, value in values.items()}
    return _statement(*((table, *values) for table, values in rows)), every


@cache
def _defaults(table: type[Base]) -> dict[str, Any]:
    """What stands in each column of a row that says nothing of it."""
    return {column.name: getattr(column.default, "arg", None) for column in cast("Table", table.__table__).columns}


@cache
def _statement(*rows: tuple[Any, ...]) -> str:
    """One statement that inserts a row for each table and its named columns, in psycopg's words.

    ``column_place`` names each value. Defaults stand in the text: psycopg reads a statement anew each time when it
    has 50 values or more.
    """
    *before, last = (_insert(place, table, columns) for place, (table, *columns) in enumerate(rows))
    named = ", ".join(f"row_{place} AS ({insert})" for place, insert in enumerate(before))
    return f"WITH {named} {last}" if named else last


def _insert(place: int, table: type[Base], named: Collection[str]) -> str:
    quoted = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    values = {name: f"%({name}_{place})s" for name in named}
    values = {name: _literal(default) for name, default in _defaults(table).items()} | values
    columns = ", ".join(quoted.quote(name) for name in values)
    return f"INSERT INTO {quoted.quote(table.__tablename__)} ({columns}) VALUES ({', '.join(values.values())})"  # noqa: S608  names of ours alone


def _literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"'{value}'"
