"""Browsers that are signed in: links that work once, and what became of them.

A link carries 256 random bits and is worth fifteen minutes; redeeming it makes a session with 256 bits of its own.
The tables keep only fingerprints of both, so that a stolen table signs nobody in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from reelgate.errors import NotAllowed
from reelgate_service.db import tables
from reelgate_service.db.base import touched
from reelgate_service.db.tenants import need_tenant

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.db.base import Database
    from reelgate_service.vault import Vault

LINK_MS = 15 * 60_000
"""How long a link waits to be used."""

IDLE_MS = 30 * 60_000
"""How long a session lasts without being used ..."""

WHOLE_MS = 12 * 3_600_000
"""... and how long at most."""

_NOTE_EVERY_MS = 60_000
"""Use is noted once a minute, not with every request: each note is a write."""


class SignInSpent(NotAllowed):
    """A link that was used, is too old, or never was one."""

    code = "sign_in_spent"
    status = 401
    default_says = "This link was used already or is older than 15 minutes. Please ask for a fresh one."


class SessionEnded(NotAllowed):
    """No session behind the cookie: signed out, or too long ago."""

    code = "session_ended"
    status = 401
    default_says = "You are signed out. Please sign in with a fresh link."


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser: its tenant, a public id of the session, and when it ends at the latest (milliseconds)."""

    id: str
    tenant_id: str
    tenant: str
    ends_at: int


def issue(db: Database, vault: Vault, tenant_id: str) -> str:
    """The secret of a fresh link for a tenant; raises :class:`reelgate.errors.NotFound` when there is none such."""
    secret = secrets.token_urlsafe(32)
    with db.write("sign_in.issued") as session:
        need_tenant(session, tenant_id)
        now = db.now(session)
        _forget(session, now)
        session.add(
            tables.SignIn(
                id=vault.fingerprint(f"sign-in|{secret}"),
                tenant_id=tenant_id,
                created_at=now,
                expires_at=now + LINK_MS,
            )
        )
    return secret


def redeem(db: Database, vault: Vault, secret: str, before: str | None = None) -> str:
    """Use a link up and return a fresh session's cookie; the session of the cookie ``before`` ends.

    Raises :class:`SignInSpent`. Of two that redeem the same link at once, one gets a session.
    """
    link, cookie = vault.fingerprint(f"sign-in|{secret}"), secrets.token_urlsafe(32)
    with db.write("sign_in.redeemed") as session:
        now = db.now(session)
        row = tables.SignIn
        used = session.execute(
            update(row).where(row.id == link, row.used_at.is_(None), row.expires_at > now).values(used_at=now)
        )
        if touched(used) == 0:
            raise SignInSpent("The link was used, is too old, or is none of ours.")
        if before:
            _end(session, vault, before)
        tenant_id = session.execute(select(row.tenant_id).where(row.id == link)).scalar_one()
        session.add(
            tables.BrowserSession(
                id=_fingerprint(vault, cookie),
                tenant_id=tenant_id,
                created_at=now,
                seen_at=now,
                expires_at=now + WHOLE_MS,
            )
        )
    return cookie


def find(db: Database, vault: Vault, cookie: str) -> Browser:
    """Whose cookie this is, noting that it was used; raises :class:`SessionEnded`."""
    session_id = _fingerprint(vault, cookie)
    row = tables.BrowserSession
    with db.read() as session:
        now = db.now(session)
        found = session.execute(
            select(row, tables.Tenant.name)
            .join(tables.Tenant, tables.Tenant.id == row.tenant_id)
            .where(row.id == session_id, row.expires_at > now, row.seen_at > now - IDLE_MS)
        ).first()
    if found is None:
        raise SessionEnded("There is no live session behind that cookie.")
    kept, tenant = found
    if now - kept.seen_at >= _NOTE_EVERY_MS:
        with db.write("session.seen") as session:
            session.execute(update(row).where(row.id == session_id).values(seen_at=now))
    return Browser(session_id[:12], kept.tenant_id, tenant, kept.expires_at)


def end(db: Database, vault: Vault, cookie: str) -> None:
    """Sign out; a session that has ended already is none to end."""
    with db.write("session.ended") as session:
        _end(session, vault, cookie)


def _end(session: Session, vault: Vault, cookie: str) -> None:
    row = tables.BrowserSession
    session.execute(delete(row).where(row.id == _fingerprint(vault, cookie)))


def _forget(session: Session, now: int) -> None:
    """Nothing needs a link or a session that can be used no more."""
    link, browser = tables.SignIn, tables.BrowserSession
    session.execute(delete(link).where(link.expires_at <= now))
    session.execute(delete(browser).where(or_(browser.expires_at <= now, browser.seen_at <= now - IDLE_MS)))


def _fingerprint(vault: Vault, cookie: str) -> str:
    return vault.fingerprint(f"browser|{cookie}")
