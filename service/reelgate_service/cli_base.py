"""What every command of ``reelgate-service`` begins with: its settings, its home, its database."""

from __future__ import annotations

import click

from reelgate.errors import ReelgateError
from reelgate_service import settings as settings_
from reelgate_service.db import migrate
from reelgate_service.db.base import Database, open_database
from reelgate_service.needs import need_drivers
from reelgate_service.vault import open_vault


class Group(click.Group):
    """Shows our own errors as one sentence and an exit status, never as a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ReelgateError as error:
            click.echo(f"{error.detail} [{error.code}]", err=True)
            ctx.exit(1)


def database() -> Database:
    """The database of the settings in force."""
    chosen = settings_.from_environment()
    need_drivers(chosen)
    chosen.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_database(chosen.database_url)


def prepare(chosen: settings_.Settings) -> None:
    """Make the home, its key and its database ready, for commands that may be the first."""
    need_drivers(chosen)
    chosen.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    open_vault(chosen)
    opened = open_database(chosen.database_url)
    migrate.upgrade(opened)
    opened.close()
