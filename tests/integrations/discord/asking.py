"""A person, a server and an app on the twin: somebody asks, and the app under test answers."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.integrations.discord.bot import Clock

from reelgate import chat
from reelgate.door import Inbound
from reelgate.errors import Forged, Stale
from reelgate.testing.faults import Fault, Plan
from reelgate.testing.platforms import parcel_of
from reelgate_integrations.discord.platform import DiscordPlatform
from reelgate_integrations.discord.twin import DiscordTwin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate.contract import Parcel
    from reelgate.words import Address

DATA = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8
KEY = "0123456789abcdef-1-deliver"
BUTTONS = tuple(
    chat.Button(action, action.title(), f"{action:s<51}")
    for action in ("regenerate", "vary", "edit", "sticker", "report", "delete")
)


def parcel(data: bytes = DATA, **more: Any) -> Parcel:
    """A finished reel."""
    caption = "a baby hippo swimming\nDrawn by software · Reelgate"
    return replace(parcel_of(data, "reel-e1a0976f03de2c60.mp4", "video/mp4", caption), **more)


@dataclass
class Scene:
    """The twin, the app, and what the app heard; ``reply`` is what it answers at once."""

    twin: DiscordTwin
    clock: Clock
    app: DiscordPlatform
    reply: chat.Reply = field(default_factory=chat.Working)
    heard: list[chat.Event] = field(default_factory=list)

    def __call__(self, body: bytes, headers: Any) -> tuple[int, dict[str, str], bytes]:
        inbound = Inbound(body, {name.lower(): value for name, value in headers.items()})
        try:
            self.app.verify(inbound, self.clock.now)
        except (Forged, Stale):
            return 401, {}, b""
        answer = self.app.greet(inbound)
        if answer is None:
            (event,) = self.app.read(inbound)
            self.heard.append(event)
            answer = self.app.acknowledge(event, self.reply)
        return answer.status, {"content-type": answer.media_type}, answer.body

    def ask(self, channel: Any = None, user: Any = None, *, private: bool = False) -> Address:
        """Somebody asks for a reel; where the answer goes. ``private``: nobody else sees that it is on its way."""
        self.reply = chat.Working(private)
        self.twin.command(
            user or self.twin.member, channel or self.twin.general, "imagine", {"prompt": "a baby hippo swimming"}
        )
        return replace(self.heard[-1].heard.address, private=private)

    def press(self, action: str, reply: chat.Reply, message: Any) -> Address:
        """The member presses a button of ours."""
        self.reply = reply
        state = next(
            each["custom_id"] for row in message.components for each in row["components"]
            if each["custom_id"].startswith(action)
        )  # fmt: skip
        self.twin.press(self.twin.member, message, state)
        return self.heard[-1].heard.address

    def seen(self, channel: Any = None) -> list[Any]:
        """The messages that the member sees in a channel, whatever the app wrote there."""
        return self.twin.messages(channel or self.twin.general, viewer=self.twin.member)

    def private(self) -> list[Any]:
        """The same in the conversation between the member and the app."""
        return self.seen(self.twin.dm(self.twin.member))

    def die(self) -> None:
        """Let the tokens die."""
        self.clock.wait(901)

    def fault(self, *faults: Fault) -> None:
        """What goes wrong from now on."""
        self.twin.faults.follow(Plan(faults))


@contextmanager
def scene(bot_token: bool = True) -> Iterator[Scene]:
    clock = Clock()
    with DiscordTwin(clock, clock.wait) as twin:
        told = twin.registration
        registration = told if bot_token else chat.Registration(
            told.app, {"public_key": told.secrets["public_key"]}, told.api
        )  # fmt: skip
        made = Scene(twin, clock, DiscordPlatform(registration, clock=clock, wait=clock.wait))
        twin.connect(send=made)
        DiscordPlatform(told, clock=clock, wait=clock.wait).register()
        twin.carry(twin.member)
        yield made
        assert not twin.violations
