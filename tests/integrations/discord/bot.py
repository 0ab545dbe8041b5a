"""A scripted bot and a clock that stands still until it is told: the other side for tests of the twin."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

if TYPE_CHECKING:
    from reelgate.chat import Registration
    from reelgate_integrations.discord.twin import DiscordTwin, Outcome

AGENT = "DiscordBot (https://example.org, 1.0)"
VIDEO = ("reel.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40, "video/mp4")
SILENT = {"allowed_mentions": {"parse": []}}
JSON = {"content-type": "application/json"}


class Clock:
    """Seconds that pass only when asked to."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Bot:
    """Answers each interaction with the next of ``answers`` (the last one again and again); checks signatures."""

    registration: Registration
    answers: list[Any] = field(default_factory=lambda: [{"type": 5}])
    heard: list[dict[str, Any]] = field(default_factory=list)
    careless: bool = False

    def __call__(self, body: bytes, headers: Any) -> tuple[int, dict[str, str], bytes]:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.registration.secrets["public_key"]))
        try:
            if not self.careless:
                stamp = headers.get("X-Signature-Timestamp", "").encode()
                key.verify(bytes.fromhex(headers.get("X-Signature-Ed25519", "")), stamp + body)
        except InvalidSignature:
            return 401, {}, b""
        told = json.loads(body)
        self.heard.append(told)
        if told["type"] == 0 or "event" in told:
            return 204, {}, b""
        if told["type"] == 1:
            return 200, JSON, b'{"type":1}'
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer = answer(told) if callable(answer) else answer
        return (200, JSON, json.dumps(answer).encode()) if isinstance(answer, dict) else answer

    @property
    def token(self) -> str:
        """The token of the last interaction."""
        return str(self.heard[-1]["token"])

    def call(self, method: str, path: str, value: Any = None, *, files: Any = None, **more: Any) -> requests.Response:
        """A request to the API as a well-behaved bot makes it."""
        headers = {"User-Agent": AGENT, **more.pop("headers", {})}
        if not path.startswith(("/webhooks", "/interactions")):
            headers.setdefault("Authorization", f"Bot {self.registration.secrets['bot_token']}")
        if files:
            more["files"] = [(f"files[{n}]", each) for n, each in enumerate(files)]
            more["data"] = {"payload_json": json.dumps(value)}
        elif value is not None:
            more["json"] = value
        return requests.request(method, self.registration.api + path, headers=headers, timeout=10, **more)

    def hook(
        self, method: str, tail: str = "/messages/@original", value: Any = None, **more: Any
    ) -> requests.Response:
        """A request with the last interaction's token."""
        return self.call(method, f"/webhooks/{self.registration.app}/{self.token}{tail}", value, **more)


IMAGINE: dict[str, Any] = {
    "name": "imagine",
    "description": "Make a reel from a few words",
    "options": [
        {"name": "prompt", "type": 3, "description": "what to film", "required": True, "max_length": 2000},
        {"name": "seconds", "type": 4, "description": "how long", "min_value": 1, "max_value": 16},
        {"name": "shape", "type": 3, "description": "which shape", "choices": [{"name": "tall", "value": "9:16"}]},
        {"name": "idea", "type": 3, "description": "an idea", "autocomplete": True},
    ],
}
_ROW = [
    {"type": 2, "style": 2, "label": "Again", "custom_id": "again"},
    {"type": 2, "style": 4, "label": "Delete", "custom_id": "delete"},
]
BUTTONS = [{"type": 1, "components": _ROW}]
FORM = {"type": 9, "data": {"custom_id": "edit", "title": "Edit", "components": [
    {"type": 18, "label": "Your idea", "component": {"type": 4, "custom_id": "words", "style": 2, "max_length": 2000,
                                                     "value": "a hippo"}}]}}  # fmt: skip


def ask(twin: DiscordTwin, **options: object) -> Outcome:
    """A member asks for a reel."""
    return twin.command(twin.member, twin.general, "imagine", {"prompt": "a baby hippo swimming", **options})
