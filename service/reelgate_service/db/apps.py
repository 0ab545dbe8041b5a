"""The registry of chat apps: each registered once at its platform, its secrets sealed for its own row."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from reelgate.chat import Registration
from reelgate.errors import BadInput, Conflict, NotFound
from reelgate_service.db import tables
from reelgate_service.db.base import touched
from reelgate_service.db.tenants import need_tenant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from reelgate_service.db.base import Database
    from reelgate_service.vault import Vault

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}")
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Registered:
    """An app that may be listened to and spoken through; ``id`` is ``PLATFORM/APP``.

    ``open`` says that whoever adds the app belongs to ``tenant_id``; otherwise an operator says which places do.
    """

    id: str
    tenant_id: str
    platform: str
    app: str
    open: bool
    registration: Registration


def app_id(platform: str, app: str) -> str:
    """The row of an app."""
    return f"{platform}/{app}"


def register(
    db: Database,
    vault: Vault,
    *,
    tenant_id: str,
    platform: str,
    app: str,
    name: str,
    api: str,
    secrets: Mapping[str, str],
    open: bool,
) -> Registered:
    """Add an app, or replace what is known of it: new secrets, another address. Its installations stay.

    Raises :class:`BadInput` for an id, name, address or secret that is none, ``NotFound`` for an unknown tenant, and
    :class:`Conflict` while the app belongs to another tenant.
    """
    registration = Registration(app, dict(secrets), api, name)
    _check(platform, registration)
    key = app_id(platform, app)
    values = {
        "tenant_id": tenant_id,
        "name": name,
        "api": api,
        "open": int(open),
        "sealed": vault.seal(json.dumps(registration.secrets).encode(), tenant_id, "apps", "sealed", key),
        "disabled_at": None,
    }
    try:
        with db.write("app.registered") as session:
            need_tenant(session, tenant_id)
            row = session.get(tables.App, key, with_for_update=True)
            if row is None:
                session.add(tables.App(id=key, platform=platform, app=app, created_at=db.now(session), **values))
            else:
                _may_take(session, row, tenant_id)
                for column, value in values.items():
                    setattr(row, column, value)
    except IntegrityError as clash:
        raise Conflict(f"Somebody registered {key} at the same moment. Try again.") from clash
    return Registered(key, tenant_id, platform, app, open, registration)


def find(db: Database, vault: Vault, platform: str, app: str) -> Registered:
    """The app, ready to use; raises ``NotFound`` for one that is unknown or disabled, which look alike.

    Raises :class:`reelgate_service.vault.VaultError` where the key that sealed its secrets is gone.
    """
    with db.read() as session:
        return opened(vault, need_app(session, app_id(platform, app)))


def listed(session: Session, tenant_id: str = "") -> Sequence[tables.App]:
    """Every app, or those of one tenant, in order; disabled ones too."""
    asked = select(tables.App).order_by(tables.App.id)
    return session.scalars(asked.where(tables.App.tenant_id == tenant_id) if tenant_id else asked).all()


def disable(db: Database, platform: str, app: str) -> None:
    """Stop listening to an app at once; registering it again brings it back. Raises ``NotFound``."""
    with db.write("app.disabled") as session:
        changed = session.execute(
            update(tables.App)
            .where(tables.App.id == app_id(platform, app), tables.App.disabled_at.is_(None))
            .values(disabled_at=db.now(session))
        )
        if touched(changed) == 0:
            raise NotFound(f"No app {app_id(platform, app)!r} is registered here.")


def need_app(session: Session, key: str) -> tables.App:
    """The row of an app that is not disabled; raises ``NotFound``."""
    row = session.get(tables.App, key)
    if row is None or row.disabled_at is not None:
        raise NotFound(f"No app {key!r} is registered here.")
    return row


def opened(vault: Vault, row: tables.App) -> Registered:
    """A row with its secrets opened; raises :class:`reelgate_service.vault.VaultError`."""
    secrets = json.loads(vault.open(row.sealed, row.tenant_id, "apps", "sealed", row.id))
    registration = Registration(row.app, secrets, row.api, row.name)
    return Registered(row.id, row.tenant_id, row.platform, row.app, bool(row.open), registration)


def _may_take(session: Session, row: tables.App, tenant_id: str) -> None:
    """An app changes its tenant only when it is disabled and nobody's place hangs on it."""
    if row.tenant_id == tenant_id:
        return
    place = tables.Installation
    held = select(place.id).where(place.app_id == row.id, place.removed_at.is_(None)).limit(1)
    if row.disabled_at is None or session.scalars(held).first() is not None:
        raise Conflict(
            f"The app {row.id!r} belongs to the tenant {row.tenant_id!r}. "
            "Disable it and remove its installations first."
        )


def _check(platform: str, registration: Registration) -> None:
    for what, value in (("platform", platform), ("app", registration.app)):
        if not _PLAIN.fullmatch(value):
            raise BadInput(f"The {what}'s id must be 1 to 100 letters, digits and . _ : @ - signs, not {value!r}.")
    if not registration.name.strip() or len(registration.name) > MAX_NAME or not registration.name.isprintable():
        raise BadInput(f"An app's name is 1 to {MAX_NAME} characters on one line.")
    if registration.api:
        parsed = urlsplit(registration.api)
        if parsed.scheme not in {"http", "https"} or not parsed.hostname or parsed.username or parsed.query:
            raise BadInput("The API's address must look like https://HOST or http://HOST:PORT, without a password.")
    for name, value in registration.secrets.items():
        if not value.strip() or value != value.strip():
            raise BadInput(f"The secret {name!r} is empty or has spaces around it.")
