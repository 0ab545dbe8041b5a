"""Brings the tables to this version's schema, and says whether they are there already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from reelgate.errors import Unavailable
from reelgate_service.db.base import typed_errors

if TYPE_CHECKING:
    from reelgate_service.db.base import Database

_HERE = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    return config


def upgrade(db: Database) -> None:
    """Bring the schema to the newest version; safe to run again, and by two processes at once."""
    config = _config()
    with typed_errors(), db.engine.connect().execution_options(reelgate_write=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(db: Database) -> None:
    """Raises :class:`Unavailable` when the schema is not this version's."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with typed_errors(), db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head:
        raise Unavailable(f"The schema is at {current or 'nothing'}, not {head}. Run: reelgate-service migrate")
