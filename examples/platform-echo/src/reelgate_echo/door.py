"""The way in: is this request the board's, what does it say, and how is it answered at once?

The board signs ``TIMESTAMP.BODY`` with HMAC-SHA256 and sends the headers ``echo-timestamp`` (Unix seconds) and
``echo-signature`` (hexadecimal).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from reelgate.chat import (
    LANGUAGES,
    Added,
    Choices,
    Command,
    Event,
    Filled,
    Form,
    Heard,
    Ignored,
    Note,
    Origin,
    Press,
    Reply,
    Working,
)
from reelgate.door import Answer, Inbound
from reelgate.errors import BodyInvalid, Forged, Stale
from reelgate.words import Address, Kind, Prompt
from reelgate_echo.facts import FACTS, WINDOW_S

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS = {"/imagine": Kind.REEL, "/sticker": Kind.STICKER}


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What the board writes into ``echo-signature``."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify(secret: str, inbound: Inbound, now: float) -> None:
    """Check the signature over the raw bytes, then the time; raises ``Forged`` or ``Stale``."""
    timestamp = inbound.headers.get("echo-timestamp", "")
    if not secret or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Forged("the board's timestamp is missing or malformed")
    expected = signature(secret, timestamp, inbound.body).encode()
    # Bytes, because compare_digest takes no text beyond ASCII, and anybody can send us such a header.
    if not hmac.compare_digest(expected, inbound.headers.get("echo-signature", "").encode("utf-8", "replace")):
        raise Forged("the board's signature does not match")
    if abs(now - int(timestamp)) > WINDOW_S:
        raise Stale(f"the board's request is more than {WINDOW_S:g} seconds off")


def greet(inbound: Inbound) -> Answer | None:
    """A board that is set up asks whether we are there: it wants its own word back."""
    told = _object(inbound.body)
    if told.get("type") != "hello":
        return None
    return _answer({"hello": _text(told, "word")})


def read(app: str, inbound: Inbound) -> list[Event]:
    """The one event that a body of the board holds; raises ``BodyInvalid`` for a body of somebody else."""
    told = _object(inbound.body)
    if not isinstance(told.get("id"), str) or not isinstance(told.get("type"), str):
        raise BodyInvalid("a body of the board has an id and a type")
    heard = _heard(app, told)
    match told["type"]:
        case "message":
            return [_message(heard, _text(told, "text"))]
        case "press":
            return [Press(heard, _text(told, "state"), _text(told, "message"))]
        case "form":
            return [Filled(heard, _text(told, "state"), _text(told, "words"))]
        case "added" | "removed":
            return [Added(heard, gone=told["type"] == "removed")]
    # Tomorrow's events must not break today's code: take note, and do nothing.
    return [Ignored(heard, "an event we do not know")]


def acknowledge(reply: Reply) -> Answer:
    """The reply in the board's own words; every kind needs an answer."""
    match reply:
        case Working(private=private):
            return _answer({"show": "working", "private": private})
        case Note(text=text):
            return _answer({"show": "note", "text": text})
        case Form(title=title, label=label, state=state, value=value, longest=longest):
            form = {"title": title, "label": label, "state": state, "value": value, "longest": longest}
            return _answer({"show": "form", **form})
        case Choices(values=values):
            return _answer({"show": "choices", "values": list(values)})
    return _answer({"show": "nothing"})


def _heard(app: str, told: Mapping[str, Any]) -> Heard:
    """What every event says. The once-key is the board's own id: sent again, it is asked once."""
    at = told.get("at")
    language = _text(told, "language").partition("-")[0]
    place = {"channel": _text(told, "channel"), "asked": told["id"]}
    origin = Origin(
        installation=_text(told, "board"),
        channel=place["channel"],
        member=_text(told, "member"),
        language=language if language in LANGUAGES else LANGUAGES[0],
        moderator=told.get("moderator") is True,
        manager=told.get("manager") is True,
    )
    return Heard(told["id"], float(at) if isinstance(at, int) else 0.0, Address(FACTS.slug, app, place), origin)


def _message(heard: Heard, text: str) -> Event:
    word, _, rest = text.partition(" ")
    kind = COMMANDS.get(word)
    if kind is None:
        return Ignored(heard, "ordinary talk")
    return Command(heard, kind, Prompt(rest.strip()))


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        raise BodyInvalid("the body is not JSON") from None
    if not isinstance(told, dict):
        raise BodyInvalid("the body is not a JSON object")
    return told


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _answer(value: Mapping[str, Any]) -> Answer:
    return Answer(200, json.dumps(value, ensure_ascii=False).encode())
