"""Lets our adapter do all it can do against the twin, and records what went over the wire."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reelgate.chat import Button, Choices, Command, Filled, Form, Note, Press, Quiet, Suggest, Working
from reelgate.contract import Parcel
from reelgate.door import Inbound
from reelgate_integrations.discord.platform import DiscordPlatform
from reelgate_integrations.discord.standin.forms import read
from reelgate_integrations.discord.standin.limits import PREFIX
from reelgate_integrations.discord.twin import DiscordTwin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reelgate.chat import Event, Reply
    from reelgate.testing.twin import Call, Told
    from reelgate.words import Address

CALLBACK = "/interactions/{interaction}/{token}/callback"
_BUTTONS = tuple(
    Button(action, action.title(), f"state-of-{action}")
    for action in ("regenerate", "vary", "edit", "sticker", "report", "delete")
)
_JPEG = b"\xff\xd8\xff\xe0" + bytes(2000)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer; ``path`` with its places named."""

    method: str
    path: str
    sent: Any
    status: int
    got: Any


@dataclass(slots=True)
class Traffic:
    """What was recorded: with bodies that we sent, with bodies that the twin answered, and rules that broke."""

    sent: list[Exchange]
    answered: list[Exchange]
    broken: list[str]


class _Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


class _App:
    """The least service that can stand behind the adapter: it answers each event as its kind wants."""

    def __init__(self, platform: DiscordPlatform, clock: _Clock) -> None:
        self._platform, self._clock = platform, clock
        self.heard: list[Event] = []
        self.responses: list[Any] = []

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        inbound = Inbound(body, {name.lower(): value for name, value in headers.items()})
        self._platform.verify(inbound, self._clock())
        answer = self._platform.greet(inbound)
        if answer is None:
            (event,) = self._platform.read(inbound)
            self.heard.append(event)
            answer = self._platform.acknowledge(event, self._reply(event))
            if answer.body:
                self.responses.append(json.loads(answer.body))
        return answer.status, {"content-type": answer.media_type}, answer.body

    def _reply(self, event: Event) -> Reply:
        if isinstance(event, Command | Filled):
            return Working()
        if isinstance(event, Suggest):
            return Choices(("a baby hippo swimming", "a sailboat at sunset"))
        if isinstance(event, Press):
            kinds: dict[str, Reply] = {
                "edit": Form("Edit prompt", "Your idea", "state", "a baby hippo", 2000),
                "delete": Quiet(),
                "report": Note("Thank you. A person will look at it."),
            }
            return kinds.get(event.state.removeprefix("state-of-"), Working(private=True))
        return Note("Done.")

    @property
    def address(self) -> Address:
        """Where the last event wants its answer."""
        event = self.heard[-1]
        return event.heard.address


def record() -> Traffic:
    """Play everything once and give what was seen."""
    clock = _Clock()
    traffic = Traffic([], [], [])
    with DiscordTwin(clock, clock.wait) as twin:
        twin.engine.watchers.append(lambda call, told: _keep(traffic, call, told))
        platform = DiscordPlatform(twin.registration, clock=clock, monotonic=clock, wait=clock.wait)
        app = _App(platform, clock)
        twin.connect(send=app)
        _play(twin, platform, app, clock)
        ours = len(traffic.sent)
        _rest(twin, clock)
        del traffic.sent[ours:]
        for response in app.responses:
            traffic.sent.append(Exchange("POST", CALLBACK, response, 200, None))
        traffic.broken = [f"{each.rule} on {each.route}: {each.detail}" for each in twin.violations]
    return traffic


def _play(twin: DiscordTwin, platform: DiscordPlatform, app: _App, clock: _Clock) -> None:
    platform.register()
    platform.register(twin.guild.id)
    twin.ping()
    twin.autocomplete(twin.member, twin.general, "imagine", {"prompt": "a ba"}, "prompt")
    outcome = twin.command(twin.member, twin.general, "imagine", {"prompt": "a baby hippo swimming", "spoiler": True})
    address = app.address
    platform.progress(address, "Filming: 12 of 48", (Button("cancel", "Cancel", "state-of-cancel"),))
    platform.deliver(address, _parcel(), "job-1")
    platform.find(address, "job-1")
    message = outcome.message
    assert message is not None
    for action in ("report", "edit", "vary", "delete"):
        custom = next(
            each["custom_id"]
            for row in message.components
            for each in row["components"]
            if f"state-of-{action}" in each["custom_id"]
        )
        pressed = twin.press(twin.member, message, custom)
        clock.wait(10)
        if pressed.modal is not None:
            field = pressed.modal.data["components"][0]
            text = field.get("component") or field["components"][0]
            twin.fill(twin.member, twin.general, pressed.modal, {text["custom_id"]: "a sailboat"})
            platform.decline(app.address, "We can't film that one.", "job-2", _BUTTONS[:2])
    twin.menu(twin.second, message, "Make a sticker of this")
    platform.deliver(app.address, _parcel("sticker.webp", "image/webp"), "job-3")
    twin.command(twin.manager, twin.general, "reelgate quota", {"reels": 5})
    twin.command(twin.member, twin.dm(twin.member), "sticker", {"prompt": "a hippo"})
    clock.wait(1000)  # the token is dead: a new message of the bot's
    platform.deliver(app.address, _parcel(), "job-4")
    platform.find(app.address, "job-4")
    twin.command(twin.member, twin.general, "imagine", {"prompt": "late"})
    clock.wait(1000)
    late = platform.deliver(app.address, _parcel(), "job-5")
    platform.find(app.address, "job-5")
    platform.decline(app.address, "We can't film that one.", "job-6")
    platform.withdraw(app.address, late.message_id)


def _rest(twin: DiscordTwin, clock: _Clock) -> None:
    """The routes of the twin that our adapter has no use for: only their answers are looked at."""
    app, token = twin.registration.app, twin.registration.secrets["bot_token"]
    asked = twin.command(twin.member, twin.general, "imagine", {"prompt": "the rest"}).interaction
    hook, general, guild = f"/webhooks/{app}/{asked.token}", f"/channels/{twin.general.id}/messages", twin.guild.id
    said = {"content": "x", "allowed_mentions": {"parse": []}}
    command = {"name": "other", "description": "x", "type": 1}

    def call(method: str, path: str, value: object = None, **more: str) -> Any:
        clock.wait(10)
        headers = {"user-agent": "DiscordBot (https://example.org, 1)", "content-type": "application/json"}
        if not path.startswith("/webhooks"):
            headers["authorization"] = f"Bot {token}"
        told = twin.engine.ask(method, PREFIX + path, more, headers, json.dumps(value).encode() if value else b"")
        return json.loads(told.body) if told.body else {}

    call("GET", "/users/@me")
    for where in ("", f"/guilds/{guild}"):
        call("POST", f"/applications/{app}{where}/commands", command)
        call("GET", f"/applications/{app}{where}/commands")
    call("GET", f"{hook}/messages/@original")
    call("PATCH", f"{hook}/messages/@original", said)
    further = call("POST", hook, said)["id"]
    call("GET", f"{hook}/messages/{further}")
    call("PATCH", f"{hook}/messages/{further}", said)
    call("DELETE", f"{hook}/messages/{further}")
    own = call("POST", general, said)["id"]
    call("GET", f"{general}/{own}")
    call("PATCH", f"{general}/{own}", said)
    call("GET", general, limit="5")
    call("DELETE", f"{general}/{own}")
    call("DELETE", f"{hook}/messages/@original")


def _parcel(name: str = "reel.mp4", media_type: str = "video/mp4") -> Parcel:
    link = "https://reels.example/r/1"
    return Parcel(
        name, media_type, len(_JPEG), "0" * 64, "“a baby hippo” · Drawn by software", lambda: io.BytesIO(_JPEG), link,
        _BUTTONS,
    )  # fmt: skip


def _keep(traffic: Traffic, call: Call, told: Told) -> None:
    path = call.route.path.removeprefix(PREFIX)
    form = read(call.asked.headers.get("content-type", ""), call.asked.body)
    media = told.headers.get("Content-Type", "")
    got = json.loads(told.body) if media == "application/json" else None
    each = Exchange(call.asked.method, path, form.data, told.status, got)
    if form.data is not None:
        traffic.sent.append(each)
    if got is not None and told.status < 300 and path.startswith("/"):
        traffic.answered.append(each)
