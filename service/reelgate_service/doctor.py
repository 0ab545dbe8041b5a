"""What can be wrong with an installation, each with its mend."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

from reelgate.doctor import Check
from reelgate.errors import MissingExtra, ReelgateError, Unavailable
from reelgate_integrations import catalog
from reelgate_service import settings as settings_
from reelgate_service.db import apps, migrate
from reelgate_service.db.base import open_database
from reelgate_service.needs import need_drivers, need_parts
from reelgate_service.vault import VaultError, open_vault

if TYPE_CHECKING:
    from reelgate_service.db.base import Database

_ROOM = 2 * 1024**3


def checks() -> list[Check]:
    """The settings, the home, the database and the room on the disk."""
    try:
        chosen = settings_.from_environment()
    except ReelgateError as error:
        return [Check("settings", False, error.detail, "Correct the variable named, or unset it.")]
    found = [Check(f"setting: {name}", True, value) for name, value in chosen.masked().items()]
    found.append(_parts(chosen))
    found.append(_room(chosen))
    found.extend(_database(chosen))
    if chosen.database_url.startswith("sqlite"):
        safe = sqlite3.sqlite_version_info >= (3, 51, 3)
        how = "WAL journal" if safe else "rollback journal, because this version's WAL can lose a race"
        found.append(Check("sqlite", True, f"SQLite {sqlite3.sqlite_version}: {how}"))
    return found


def _parts(chosen: settings_.Settings) -> Check:
    try:
        need_parts(chosen)
        if chosen.secret_keys:
            open_vault(chosen)
    except MissingExtra as gap:
        return Check("parts", False, gap.detail.partition(" Type: ")[0], gap.detail.partition(" Type: ")[2])
    except ReelgateError as error:
        return Check("parts", False, error.detail, "Correct the setting it is about, or unset it.")
    return Check("parts", True, "policy, known pictures, mark and signing keys can be used")


def _room(chosen: settings_.Settings) -> Check:
    place = chosen.home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    enough = free >= _ROOM
    mend = "" if enough else "Free at least 2 GiB, or set REELGATE_HOME to a larger disk."
    return Check("disk", enough, f"{free / 1024**3:.1f} GiB free under {chosen.home}", mend)


def _database(chosen: settings_.Settings) -> list[Check]:
    if chosen.database_url.startswith("sqlite") and not chosen.home.exists():
        return [Check("database", True, "not made yet; the first command makes it")]
    try:
        need_drivers(chosen)
        db = open_database(chosen.database_url)
        migrate.check(db)
    except MissingExtra:
        return [Check("database", True, "not asked")]
    except Unavailable as error:
        mend = "start it, correct REELGATE_DATABASE_URL, or bring its schema up to date: reelgate-service migrate"
        return [Check("database", False, error.detail, mend)]
    except ReelgateError as error:
        return [Check("database", False, error.detail, "reelgate-service migrate")]
    answers = Check("database", True, f"{db.engine.dialect.name} answers and its schema is this version's")
    return [answers, *_apps(chosen, db)]


def _apps(chosen: settings_.Settings, db: Database) -> list[Check]:
    """One line for the chat apps that can be used, and one for each that cannot."""
    with db.read() as session:
        rows = [row for row in apps.listed(session) if row.disabled_at is None]
    if not rows:
        return []
    usable, found = 0, []
    try:
        vault = open_vault(chosen)
    except ReelgateError:
        return []  # said with the parts already
    for row in rows:
        try:
            catalog.platform(row.platform, apps.opened(vault, row).registration)
            usable += 1
        except VaultError as error:
            mend = "put the old key back behind the new one in REELGATE_SECRET_KEYS, or hand its secrets over again: "
            mend += f"reelgate-service apps add {row.platform} {row.app}"
            found.append(Check(f"app {row.id}", False, error.detail, mend))
        except ReelgateError as error:
            mend = f"install what brings it, or: reelgate-service apps disable {row.platform} {row.app}"
            found.append(Check(f"app {row.id}", False, error.detail, mend))
    return [Check("apps", True, f"{usable} of {len(rows)} registered chat apps can be used"), *found]
