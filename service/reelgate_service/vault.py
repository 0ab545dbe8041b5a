"""Seals what is personal or secret before it touches a column: AES-256-GCM, newest key first.

The associated data binds a value to its tenant, table, column and row, so that a sealed value copied to
another row does not open there.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from reelgate.errors import ReelgateError
from reelgate_service.settings import SettingInvalid

if TYPE_CHECKING:
    from pathlib import Path

    from reelgate_service.settings import Settings


class VaultError(ReelgateError):
    """A sealed value does not open: wrong key, or moved to another row. Never falls back to plain text."""

    code = "vault_error"


class Vault:
    """Seals and opens bytes. The first key seals; all of them open."""

    def __init__(self, keys: list[bytes]) -> None:
        if not keys:
            raise VaultError("No secret key is set.")
        self._keys = {_key_id(key): AESGCM(key) for key in keys}
        self._newest = _key_id(keys[0])
        self._signers = [hashlib.sha256(b"reelgate signing" + key).digest() for key in keys]
        self._pepper = hashlib.sha256(b"reelgate pepper" + keys[-1]).digest()

    def seal(self, plain: bytes, *where: str) -> bytes:
        """``plain`` sealed for the place named by ``where`` (tenant, table, column, row)."""
        nonce = secrets.token_bytes(12)
        return self._newest + nonce + self._keys[self._newest].encrypt(nonce, plain, "|".join(where).encode())

    def open(self, sealed: bytes, *where: str) -> bytes:
        """The plain bytes; raises :class:`VaultError`."""
        key = self._keys.get(sealed[:4])
        if key is None:
            raise VaultError("A value was sealed with a key that is no longer in REELGATE_SECRET_KEYS.")
        try:
            return key.decrypt(sealed[4:16], sealed[16:], "|".join(where).encode())
        except InvalidTag as cause:
            raise VaultError("A sealed value does not belong to its row.") from cause

    def sign(self, what: str, data: bytes) -> bytes:
        """16 bytes that only this installation can make of ``data``; ``what`` keeps one use from serving another."""
        return _mac(self._signers[0], what, data)

    def signed(self, what: str, data: bytes, mac: bytes) -> bool:
        """True when ``mac`` was made here, with any of the keys."""
        return any(hmac.compare_digest(_mac(key, what, data), mac) for key in self._signers)

    def token(self, what: str, body: bytes) -> str:
        """``body`` with its signature, as URL-safe text."""
        return base64.urlsafe_b64encode(body + self.sign(what, body)).rstrip(b"=").decode()

    def body_of(self, what: str, token: str) -> bytes | None:
        """The body of a :meth:`token` that was made here for the same use, else ``None``."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return None
        body, mac = raw[:-16], raw[-16:]
        return body if self.signed(what, body, mac) else None

    def place(self, place: str) -> str:
        """A place's id as it may stand in a plain column: one that names a person (``user:ID``) by a fingerprint."""
        kind, colon, name = place.partition(":")
        return f"user:{self.fingerprint(name)[:32]}" if (kind, colon) == ("user", ":") else place

    def fingerprint(self, secret: str) -> str:
        """A peppered hash of a secret, to look it up without keeping it."""
        return hashlib.blake2b(secret.encode(), key=self._pepper, digest_size=32).hexdigest()


def _mac(key: bytes, what: str, data: bytes) -> bytes:
    return hmac.digest(key, what.encode() + b"|" + data, "sha256")[:16]


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"reelgate key id" + key).digest()[:4]


def open_vault(settings: Settings) -> Vault:
    """The vault with the operator's keys, or with one made on the first day and kept at mode 0600.

    Raises :class:`SettingInvalid` for keys of the operator's that are none.
    """
    if settings.secret_keys:
        try:
            keys = [base64.b64decode(part, validate=True) for part in settings.secret_keys.split(",")]
        except ValueError as cause:
            raise SettingInvalid("REELGATE_SECRET_KEYS must be base64, comma-separated.") from cause
        if any(len(key) != 32 for key in keys):
            raise SettingInvalid("Each key in REELGATE_SECRET_KEYS must be 32 bytes (base64).")
        return Vault(keys)
    return Vault([_home_key(settings.home / "keys" / "secret.key")])


def _home_key(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name is taken: of two processes on the first day, one wins and both read its key.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    key = path.read_bytes()
    if len(key) != 32:
        raise VaultError(f"{path} is damaged: it must hold 32 bytes. Restore it from a backup.")
    return key
