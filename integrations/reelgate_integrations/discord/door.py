"""Discord's way in: whose signature it is, what is answered at once, and in which words of Discord's.

Discord signs the time and the raw body with the app's Ed25519 key, and tests us: now and then it sends a request
with a bad signature, and takes the address away from whoever accepts it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reelgate import chat
from reelgate.door import Answer
from reelgate.errors import BadInput, BodyInvalid, Forged, NotOffered, Stale
from reelgate_integrations.discord import events, facts
from reelgate_integrations.markdown import shown
from reelgate_integrations.plain import cut

if TYPE_CHECKING:
    from reelgate.chat import Event, Form, Reply
    from reelgate.door import Inbound
    from reelgate_integrations.discord.events import Body

SIGNATURE, TIMESTAMP = "x-signature-ed25519", "x-signature-timestamp"

_SIGNATURE: Final = re.compile(r"[0-9a-fA-F]{128}")
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_KEY: Final = re.compile(r"[0-9a-fA-F]{64}")
_CHANNEL: Final = re.compile(r"\\?#([0-9]{15,20})(?![0-9])")

_PRIME: Final = 2**255 - 19
_EIGHTH: Final = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_WEAK: Final = frozenset({0, 1, _PRIME - 1, _EIGHTH, _PRIME - _EIGHTH})
"""The y of the eight points of small order: under such a key, signatures can be made up without any secret."""

PONG: Final = Answer(200, b'{"type":1}')
NOTHING: Final = Answer(204)


# -- whose it is ---------------------------------------------------------------------------------------------------


@cache
def public_keys(told: str) -> tuple[Ed25519PublicKey, ...]:
    """The app's public keys, as the portal shows them: 64 hex digits, several with commas. Raises ``BadInput``."""
    return tuple(_public_key(one.strip()) for one in told.split(",") if one.strip())


def _public_key(text: str) -> Ed25519PublicKey:
    raw = bytes.fromhex(text) if _KEY.fullmatch(text) else b""
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if not raw or y >= _PRIME or y in _WEAK:
        raise BadInput(
            "A public key of a Discord app is 64 hex digits.",
            says="That is not the public key of a Discord app. Copy it from General Information in the portal.",
        )
    return Ed25519PublicKey.from_public_bytes(raw)


def verify(keys: tuple[Ed25519PublicKey, ...], inbound: Inbound, now: float) -> None:
    """Check signature and time; raises ``Forged`` or ``Stale``. Nothing of the body is read before that."""
    signature = inbound.headers.get(SIGNATURE, "")
    timestamp = inbound.headers.get(TIMESTAMP, "")
    # Two headers of one name arrive as one, joined with a comma, and neither pattern takes one.
    whole = _SIGNATURE.fullmatch(signature) and _TIMESTAMP.fullmatch(timestamp)
    if not whole or len(inbound.body) > facts.MAX_BODY:
        raise Forged
    raw, signed = bytes.fromhex(signature), timestamp.encode() + inbound.body
    if not any(_is_signed(key, raw, signed) for key in keys):
        raise Forged
    at = int(timestamp)
    if abs(now - at) > facts.SKEW_S or abs(_own_clock(inbound.body, at) - at) > facts.SKEW_S:
        raise Stale


def _is_signed(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _own_clock(raw: bytes, at: float) -> float:
    """When the interaction was made, by its own id; ``at`` where the body has no such clock."""
    try:
        body = events.parse(raw)
    except BodyInvalid:
        return at
    identity = body.get("id")
    if not events.is_interaction(body) or not isinstance(identity, str):
        return at
    made = events.born(identity)
    return at if made is None else made


# -- what is answered at once --------------------------------------------------------------------------------------


def greet(inbound: Inbound) -> Answer | None:
    """The answer to a ping: of interactions, or of webhook events. ``None`` for everything else."""
    body = events.parse(inbound.body)
    if events.is_ping(body):
        return PONG
    return NOTHING if events.is_hook(body) and body["type"] == 0 else None


def acknowledge(event: Event, reply: Reply) -> Answer:
    """The first response to ``event``; raises ``NotOffered`` for a form in answer to a form: Discord takes none."""
    if not event.heard.address.place.get("token"):
        return NOTHING  # a webhook event: nobody is there to read a reply
    if isinstance(event, chat.Suggest):
        return _answer({"type": 8, "data": {"choices": _choices(reply)}})
    match reply:
        case chat.Working():
            return _answer({"type": 5, **({"data": {"flags": facts.EPHEMERAL}} if reply.private else {})})
        case chat.Note():
            data = {"content": _note(reply.text), "flags": facts.EPHEMERAL, "allowed_mentions": facts.NOBODY}
            return _answer({"type": 4, "data": data})
        case chat.Form():
            if isinstance(event, chat.Filled):
                raise NotOffered("Discord shows no form in answer to a form.")
            return _answer({"type": 9, "data": _form(reply)})
    # Under a message nothing need show. A command must show something: there, Discord says that nobody answered.
    return _answer({"type": 6}) if event.heard.address.place.get("message") else NOTHING


def _answer(body: Body) -> Answer:
    return Answer(200, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def _choices(reply: Reply) -> list[dict[str, str]]:
    values = reply.values if isinstance(reply, chat.Choices) else ()
    fitting = [value for value in values if 1 <= len(value) <= facts.CHOICE]
    return [{"name": value, "value": value} for value in fitting[: facts.CHOICES]]


def _form(form: Form) -> Body:
    field = {
        "type": 4,
        "custom_id": "words",
        "style": 2,
        "value": cut(form.value, min(form.longest, facts.INPUT)),
        "required": True,
        "min_length": 1,
        "max_length": min(form.longest, facts.INPUT),
    }
    return {
        "custom_id": form.state,
        "title": cut(form.title, facts.TITLE),
        "components": [{"type": 18, "label": cut(form.label, facts.TITLE), "component": field}],
    }


def _note(text: str) -> str:
    """A sentence of ours as Discord shows it; a channel named by its id becomes its name there."""
    return _CHANNEL.sub(r"<#\1>", shown(text, facts.CONTENT))
