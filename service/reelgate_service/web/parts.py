"""What the routes share: the database, the vault, the store and the settings of this web process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app, request

from reelgate_service.access import Caller, caller

if TYPE_CHECKING:
    import threading

    from reelgate.contract import Store
    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault

KEY = "reelgate"


@dataclass(frozen=True, slots=True)
class Parts:
    """``streams`` limits how many event streams may be open: at most a quarter of the web threads."""

    settings: Settings
    db: Database
    vault: Vault
    store: Store
    streams: threading.BoundedSemaphore


def parts() -> Parts:
    """The parts of the running application."""
    return cast("Parts", current_app.extensions[KEY])


def who(scope: str = "make") -> Caller:
    """Who is asking, with ``scope``; raises the typed error of a missing, bad or lesser key."""
    here = parts()
    asking = caller(here.db, here.vault, request.headers.get("Authorization"))
    asking.may(scope)
    return asking
