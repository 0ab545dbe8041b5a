"""The board itself: what is on it, and the HTTP API that writes to it. This is the other side, not the platform.

It keeps everything in memory, remembers every ``Idempotency-Key``, and signs what people type before it sends it to
the app that listens.
"""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from reelgate_echo.door import signature
from reelgate_echo.facts import FACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Send = Callable[[bytes, Mapping[str, str]], bytes]

CHANNEL = "general"
NAME = "board-1"
"""The board's own id: the installation, in Reelgate's words."""


@dataclass
class Message:
    """Something on the board. ``asked`` is the message it answers; ``file`` the SHA-256 of what it shows."""

    id: str
    text: str
    by: str
    asked: str = ""
    file: str = ""
    media_type: str = ""
    buttons: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """An answer of the board's API."""

    status: int
    value: dict[str, Any] | None = None


class Board:
    """What is on it. ``send`` brings a signed body to the app; ``now`` is Unix seconds."""

    def __init__(self, secret: str, token: str, send: Send, now: Callable[[], float], link: str = "") -> None:
        self._secret, self._token, self._send, self._now = secret, token, send, now
        self._lock = threading.RLock()
        self._keys: dict[tuple[str, str], str] = {}
        self.link = link
        self.messages: dict[str, Message] = {}
        self.status: dict[str, tuple[str, list[dict[str, str]]]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.shown: dict[str, Any] = {}

    # -- people ---------------------------------------------------------------------------------------------

    def say(self, text: str, member: str = "you") -> None:
        """Somebody types: it is on the board, and the app hears of it."""
        with self._lock:
            message = self._add(Message(f"m_{uuid.uuid4().hex[:12]}", text, member))
            if text.startswith("/"):
                self.status[message.id] = ("Sent.", [])
        self.tell({"type": "message", "text": text}, message.id, member)

    def tell(self, event: Mapping[str, Any], id: str = "", member: str = "you") -> dict[str, Any]:
        """Sign an event, send it to the app, and show what the app answers at once."""
        name = id or f"e_{uuid.uuid4().hex[:12]}"
        whole = {
            "id": name,
            "at": int(self._now()),
            "board": NAME,
            "channel": CHANNEL,
            "member": member,
            "manager": True,
            "moderator": True,
            "language": "en",
            **event,
        }
        body = json.dumps(whole).encode()
        timestamp = str(int(self._now()))
        headers = {"echo-timestamp": timestamp, "echo-signature": signature(self._secret, timestamp, body)}
        answer = json.loads(self._send(body, headers) or b"{}")
        with self._lock:
            self._show(name, answer)
        return dict(answer)

    def _show(self, asked: str, answer: Mapping[str, Any]) -> None:
        what = answer.get("show")
        self.shown = dict(answer) if what in {"note", "form"} else {}
        if what == "working" and asked in self.status:
            self.status[asked] = ("Working on it.", self.status[asked][1])
        elif what != "working":
            self.status.pop(asked, None)

    # -- the API --------------------------------------------------------------------------------------------

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Told:
        """One request of the app; header names in lower case."""
        if headers.get("authorization") != f"Bearer {self._token}":
            return Told(401)
        url = urlsplit(target)
        path = [unquote(part) for part in url.path.strip("/").split("/")]
        with self._lock:
            match method, path:
                case "PUT", ["files", name]:
                    return self._keep(name, headers.get("content-type", ""), body)
                case _, ["channels", channel, *_] if channel != CHANNEL:
                    return Told(404)
                case "POST", ["channels", channel, "messages"]:
                    return self._post(channel, headers.get("idempotency-key", ""), json.loads(body))
                case "GET", ["channels", channel, "messages"]:
                    key = parse_qs(url.query).get("key", [""])[0]
                    return self._receipt(self._keys.get((channel, key), ""))
                case "PUT", ["channels", _, "status", asked]:
                    told = json.loads(body)
                    self.status[asked] = (told["text"], told["buttons"])
                    return Told(204)
                case "DELETE", ["channels", _, "messages", name]:
                    return Told(204 if self.messages.pop(name, None) else 404)
        return Told(404)

    def _keep(self, name: str, media_type: str, body: bytes) -> Told:
        if len(body) > FACTS.limits.max_bytes:
            return Told(413)
        if hashlib.sha256(body).hexdigest() != name:
            return Told(400)
        self.files[name] = (media_type, body)
        return Told(204)

    def _post(self, channel: str, key: str, told: Mapping[str, Any]) -> Told:
        if not key or (told.get("file") and told["file"] not in self.files):
            return Told(400)
        if (channel, key) not in self._keys:
            known = {name: told[name] for name in ("asked", "file", "media_type", "buttons") if name in told}
            made = self._add(Message(f"m_{uuid.uuid4().hex[:12]}", told["text"], "Reelgate", **known))
            self._keys[channel, key] = made.id
            self.status.pop(made.asked, None)
        return self._receipt(self._keys[channel, key])

    def _receipt(self, id: str) -> Told:
        return Told(200, {"id": id, "link": f"{self.link}/#{id}"}) if id else Told(404)

    def _add(self, message: Message) -> Message:
        self.messages[message.id] = message
        return message
