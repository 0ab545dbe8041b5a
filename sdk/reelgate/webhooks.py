"""Signs and verifies webhooks by Standard Webhooks 1.0.0, in one file: the service uses it, and so can you.

A webhook carries three headers: ``webhook-id`` (the same for every repeat of one message),
``webhook-timestamp`` (Unix seconds) and ``webhook-signature`` (one or more of ``v1,BASE64``, apart by spaces).
Signed is ``id.timestamp.body`` with HMAC-SHA256 and a secret that is written ``whsec_BASE64``.

::

    message = webhooks.verify(request.headers, request.get_data(), secret)
    if message.id not in seen: ...
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets as entropy
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from reelgate.errors import BadInput, BodyInvalid, Forged, Stale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

TOLERANCE = 300.0
"""Seconds that a timestamp may lie in the past or in the future."""

PREFIX = "whsec_"
MAX_SIGNATURES = 16
"""Signatures looked at in one header; a sender in rotation has two."""


class Headers(Protocol):
    """The headers of a request: a dict does, and so does what any web framework has."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """A webhook whose signature holds. ``id`` is the same for every repeat: act once on each."""

    id: str
    timestamp: int
    body: bytes = field(repr=False)

    def json(self) -> object:
        """The body as JSON; raises ``BodyInvalid``."""
        try:
            parsed: object = json.loads(self.body)
        except ValueError:
            raise BodyInvalid from None
        return parsed


def new_secret(random: Callable[[int], bytes] = entropy.token_bytes) -> str:
    """A fresh signing secret of 32 bytes."""
    return PREFIX + base64.b64encode(random(32)).decode()


def sign(
    id: str, body: bytes, secrets: str | Sequence[str], now: Callable[[], float] = time.time
) -> dict[str, str]:
    """The three headers for ``body``. With several secrets (a rotation) it is signed by each."""
    if not id or "." in id or not id.isascii() or not id.isprintable() or " " in id:
        raise BadInput("a webhook id is visible ASCII without dots")
    timestamp = str(int(now()))
    signatures = [f"v1,{_mac(key, id, timestamp, body)}" for key in _keys(secrets)]
    return {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}


def verify(
    headers: Headers,
    body: bytes,
    secrets: str | Sequence[str],
    now: Callable[[], float] = time.time,
    tolerance: float = TOLERANCE,
) -> Message:
    """The message, once one signature was made with one of ``secrets``; header names in any case.

    ``body`` must be the raw bytes as they came. Raises ``Forged`` when a header is missing or malformed or no
    signature holds, ``Stale`` when the signature holds but the timestamp is more than ``tolerance`` seconds off.
    """
    keys = _keys(secrets)
    lower = {header.lower(): value for header, value in headers.items()}
    name, timestamp = lower.get("webhook-id", ""), lower.get("webhook-timestamp", "")
    # Without this a dot could be moved from the body into the id: the signed text would stay the same.
    if not name or "." in name or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Forged("a webhook header is missing or malformed")
    offered = [part[3:] for part in lower.get("webhook-signature", "").split() if part.startswith("v1,")]
    held = False
    for key in keys:
        expected = _mac(key, name, timestamp, body).encode()
        for signature in offered[:MAX_SIGNATURES]:
            held |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    if not held:
        raise Forged("no webhook signature matches")
    if abs(now() - int(timestamp)) > tolerance:
        raise Stale(f"the webhook's timestamp is more than {tolerance:g} seconds off")
    return Message(name, int(timestamp), body)


def _mac(key: bytes, id: str, timestamp: str, body: bytes) -> str:
    signed = f"{id}.{timestamp}.".encode("utf-8", "replace") + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _keys(secrets: str | Sequence[str]) -> list[bytes]:
    """The keys as bytes; raises ``BadInput``, which never repeats a secret."""
    given = [secrets] if isinstance(secrets, str) else list(secrets)
    if not given:
        raise BadInput("a webhook needs at least one secret")
    return [_key(secret) for secret in given]


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < 16:
        raise BadInput("a webhook secret is whsec_ and the base64 of at least 16 bytes")
    return key
