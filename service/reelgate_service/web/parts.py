"""What the routes share: the database, the vault, the store and the settings of this web process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app, request

from reelgate.errors import BadInput
from reelgate_service.access import Caller, caller
from reelgate_service.db import sessions
from reelgate_service.web import cookies

if TYPE_CHECKING:
    import threading

    from reelgate.contract import Store
    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault

KEY = "reelgate"
MAX_KEY = 255


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


def once_key() -> str:
    """The request's ``Idempotency-Key``, or ``""``; raises :class:`BadInput` when it is too long."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > MAX_KEY:
        raise BadInput("The Idempotency-Key is too long.", says="The Idempotency-Key may have up to 255 characters.")
    return key


def who(scope: str = "make") -> Caller:
    """Who is asking, with ``scope``: by an API key, or from a browser that is signed in.

    Raises the typed error of a missing, bad or lesser key, of a session that ended, or of a request from elsewhere.
    """
    here = parts()
    authorization, cookie = request.headers.get("Authorization"), cookies.sent()
    if authorization is None and cookie is not None and here.settings.playground:
        cookies.need_our_page()
        browser = sessions.find(here.db, here.vault, cookie)
        asking = Caller(browser.tenant_id, f"browser-{browser.id}", frozenset({"make"}))
    else:
        asking = caller(here.db, here.vault, authorization)
    asking.may(scope)
    return asking
