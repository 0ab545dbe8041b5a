"""Who may: API keys, shown once and kept only as a peppered hash.

A key reads ``rg_live_`` + key id + ``_`` + 32 random bytes + a checksum, so that a mistyped one is told from
an unknown one without asking the database, and a leaked one is found by secret scanners.
"""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from reelgate.errors import BadInput, KeyInvalid, KeyMissing, NotAllowed, NotFound
from reelgate_service.db import tables
from reelgate_service.db.base import touched
from reelgate_service.db.tenants import need_tenant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from reelgate_service.db.base import Database
    from reelgate_service.vault import Vault

SCOPES = ("make", "review")
"""What a key may do: ``make`` asks for reels and reads its tenant's jobs; ``review`` decides on holds."""

_PREFIX = "rg_live_"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking: the key's tenant, its id and its scopes."""

    tenant_id: str
    key_id: str
    scopes: frozenset[str]

    def may(self, scope: str) -> None:
        """Raises :class:`NotAllowed` when the key lacks the scope."""
        if scope not in self.scopes:
            raise NotAllowed(
                f"The key lacks the scope {scope!r}.",
                says=f"This API key may not do that. Make one with: reelgate-service keys add NAME --scope {scope}",
            )


def make_key(db: Database, vault: Vault, tenant_id: str, name: str, scopes: Sequence[str]) -> str:
    """A new key for a tenant; returned once, never readable again."""
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise BadInput(f"Scopes are {', '.join(SCOPES)}.")
    key_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32).replace("_", "-")
    body = f"{_PREFIX}{key_id}_{secret}"
    key = f"{body}{_checksum(body)}"
    with db.write("key.made") as session:
        need_tenant(session, tenant_id)
        session.add(
            tables.ApiKey(
                id=key_id,
                tenant_id=tenant_id,
                fingerprint=vault.fingerprint(key),
                name=name,
                scopes=",".join(sorted(scopes)),
                created_at=db.now(session),
            )
        )
    return key


def make_tenant(db: Database, tenant_id: str, name: str) -> None:
    """A new tenant; raises :class:`BadInput` when the id is taken or not plain."""
    if not tenant_id.isascii() or not tenant_id.replace("-", "").isalnum() or len(tenant_id) > 40:
        raise BadInput("A tenant's id is up to 40 letters, digits and dashes.")
    with db.write("tenant.made") as session:
        if session.get(tables.Tenant, tenant_id) is not None:
            raise BadInput(f"There is a tenant {tenant_id!r} already.")
        session.add(tables.Tenant(id=tenant_id, name=name, created_at=db.now(session)))


def listed(session: Session) -> Sequence[tables.ApiKey]:
    """Every key, oldest first; revoked ones too."""
    return session.scalars(select(tables.ApiKey).order_by(tables.ApiKey.created_at, tables.ApiKey.id)).all()


def revoke(db: Database, key_id: str) -> None:
    """Make a key useless at once; raises :class:`NotFound`."""
    with db.write("key.revoked") as session:
        changed = session.execute(
            update(tables.ApiKey)
            .where(tables.ApiKey.id == key_id, tables.ApiKey.revoked_at.is_(None))
            .values(revoked_at=db.now(session))
        )
        if touched(changed) == 0:
            raise NotFound(f"There is no live key {key_id!r}.")


def caller(db: Database, vault: Vault, authorization: str | None) -> Caller:
    """Who sent this ``Authorization`` header; raises :class:`KeyMissing` or :class:`KeyInvalid`."""
    scheme, _, key = (authorization or "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise KeyMissing("No API key was sent.")
    if not key.startswith(_PREFIX) or _checksum(key[:-6]) != key[-6:]:
        raise KeyInvalid("That does not look like a Reelgate key (mistyped?).")
    with db.read() as session:
        row = session.execute(
            select(tables.ApiKey).where(tables.ApiKey.fingerprint == vault.fingerprint(key))
        ).scalar_one_or_none()
    if row is None or row.revoked_at is not None:
        raise KeyInvalid("That key is unknown or was revoked.")
    return Caller(row.tenant_id, row.id, frozenset(row.scopes.split(",")))


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()) & 0xFFFFFF:06x}"
