"""Single statements on PostgreSQL: each its own transaction, with nothing between it and the driver.

SQLAlchemy keeps the connections and names the errors; what it keeps track of for each statement would cost whoever
waits for an acknowledgement as much as the statement itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine


class Alone:
    """Connections without transactions (``engine`` is in autocommit), for one statement at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._error = engine.dialect.loaded_dbapi.Error

    def run(self, statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run it and give its first row, if it has any; what it wrote is on the disk then.

        Raises SQLAlchemy's errors, as any other statement does.
        """
        connection = None
        try:
            connection = self._engine.raw_connection()
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None
        except self._error as error:
            dialect = self._engine.dialect
            lost = connection is not None and dialect.is_disconnect(error, connection.dbapi_connection, None)
            if connection is not None and lost:
                connection.invalidate(error)
            raise DBAPIError.instance(
                statement,
                None,
                error,
                self._error,
                hide_parameters=True,
                connection_invalidated=lost,
                dialect=dialect,
            ) from error
        finally:
            if connection is not None:
                connection.close()

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()
