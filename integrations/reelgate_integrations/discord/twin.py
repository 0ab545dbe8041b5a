"""A twin of Discord on this machine: the API that an app calls, and the people and the platform that call the app.

::

    with DiscordTwin() as twin:
        twin.connect("http://127.0.0.1:8700/platforms/discord/" + twin.registration.app)
        outcome = twin.command(twin.member, twin.general, "imagine", {"prompt": "a baby hippo swimming"})
        twin.messages(twin.general, viewer=twin.member)
        assert not twin.violations

It enforces our table of rules (``standin/rules.py``), takes a plan of faults (:mod:`reelgate.testing.faults`) and
reads the time from ``clock`` alone: interaction tokens, nonces and rate limits live by it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from reelgate.chat import Registration
from reelgate.errors import NotFound
from reelgate.testing.faults import Faults, Plan
from reelgate.testing.sending import Send, over_http
from reelgate.testing.serving import Server
from reelgate.testing.twin import Twin
from reelgate_integrations.discord.standin import envelopes, posting, shapes
from reelgate_integrations.discord.standin import world as w
from reelgate_integrations.discord.standin.limits import FIRST_RESPONSE_S, PREFIX, TOKEN_S
from reelgate_integrations.discord.standin.line import Keys, Line, Outcome
from reelgate_integrations.discord.standin.player import Discord
from reelgate_integrations.discord.standin.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from reelgate.testing.twin import Violation

__all__ = ["DiscordTwin", "Outcome"]


class DiscordTwin:
    """One Discord with one registered app, a few people, a server with channels and one server without the app.

    ``wait`` passes the time of slow answers and late sends. ``patience`` is how many real seconds an answer over
    HTTP may take; ``clock`` decides whether it came in time. Without ``serve`` there is no port, and the API is
    asked by ``twin.engine.ask``.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], None] = time.sleep,
        faults: Plan | None = None,
        patience: float = FIRST_RESPONSE_S,
        *,
        serve: bool = True,
    ) -> None:
        app = str((int(clock() * 1000) - w.EPOCH_MS) << 22)
        self.keys = Keys.fresh()
        self.world = world = w.World(clock, app)
        self.faults = Faults(faults)
        self._discord = Discord(world, self.keys.bot_token, lambda: self.url)
        self.engine = Twin(self._discord, clock, wait, self.faults)
        self.engine.watchers += [self._discord.count, lambda call, told: world.changed()]
        self._patience = patience
        self._line = Line(world, self.engine, self.keys, wait, lambda: self.url)
        self._server = Server(self.engine) if serve else None

        self.member = world.person("member", "Member")
        self.second = world.person("second_member", "Second member")
        self.moderator = world.person("moderator", "Moderator")
        self.manager = world.person("manager", "Manager")
        rights = {
            self.member.id: w.MEMBER,
            self.second.id: w.MEMBER,
            self.moderator.id: w.MODERATOR,
            self.manager.id: w.MANAGER,
        }
        self.guild = world.guild("Test server", rights)
        self.elsewhere = world.guild("Server without the app", rights, has_app=False)
        self.general = world.channel(self.guild, "general")
        self.reels = world.channel(self.guild, "reels")
        self.grown_ups = world.channel(self.guild, "adults-only", nsfw=True)
        self.outside = world.channel(self.elsewhere, "lounge")

    # -- what it is ----------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where the twin listens; a name that leads nowhere when it does not."""
        return self._server.url if self._server else "http://twin.invalid"

    @property
    def registration(self) -> Registration:
        """The app as an operator would register it with a service."""
        secrets = {"public_key": self.keys.public_key, "bot_token": self.keys.bot_token}
        return Registration(self.world.app, secrets, self.url + PREFIX)

    @property
    def violations(self) -> list[Violation]:
        """Every rule that was broken so far."""
        return self.engine.violations

    @property
    def invalid(self) -> int:
        """How many 401, 403 and 429 the app earned within ten minutes; at 10,000 Discord shuts an address out."""
        return self._discord.invalid

    def view(self) -> View:
        """The twin as its chat page shows it."""
        return View(self)

    def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()

    def __enter__(self) -> DiscordTwin:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- Discord and the app -------------------------------------------------------------------------------

    def connect(self, url: str = "", send: Send | None = None) -> None:
        """Send what happens to this address of the app's, or to ``send``."""
        self._line.open(send or over_http(url, self._patience), self.faults)

    def ping(self) -> bool:
        """Ask the app whether it is there, as Discord does when its address is entered."""
        return self._line.ping()

    def ping_events(self) -> bool:
        """The same question for webhook events: it wants 204 and nothing."""
        return self._line.ping_events()

    def probe_bad_signature(self, how: str = "flipped") -> int:
        """Send a ping with a bad signature (flipped, timestamp, missing, other); the status, which must be 401."""
        return self._line.probe(how)

    def authorize(self, guild: w.Guild) -> int | None:
        """A manager adds the app to a server; the status of the app's answer."""
        guild.has_app = True
        told = {"integration_type": 0, "scopes": ["applications.commands", "bot"], "user": self._by(self.manager),
                "guild": {"id": guild.id, "name": guild.name}}  # fmt: skip
        self.world.changed()
        return self._line.tell("APPLICATION_AUTHORIZED", told)

    def deauthorize(self, guild: w.Guild) -> int | None:
        """A manager takes it out again. Discord's event does not say of which server."""
        guild.has_app = False
        self.world.changed()
        return self._line.tell("APPLICATION_DEAUTHORIZED", {"user": self._by(self.manager)})

    def carry(self, user: w.User) -> int | None:
        """A person installs the app for themselves."""
        user.carries_app = True
        self.world.changed()
        told = {"integration_type": 1, "scopes": ["applications.commands"], "user": self._by(user)}
        return self._line.tell("APPLICATION_AUTHORIZED", told)

    def retry(self) -> list[int | None]:
        """Send those webhook events again that the app did not take and whose time it is; the statuses.

        Discord does so after 1, 2, 4 ... seconds, and gives up after ten minutes. Interactions are never sent again.
        """
        return self._line.again()

    def repeat(self) -> list[int | None]:
        """Send again what a fault ``repeat`` kept; the statuses."""
        return self._line.repeat()

    # -- people --------------------------------------------------------------------------------------------

    def dm(self, user: w.User) -> w.Channel:
        """The conversation between a person and the app."""
        return self.world.dm(user)

    def commands(self, user: w.User, channel: w.Channel, kind: int = 1) -> list[dict[str, Any]]:
        """The commands that a person is shown in a channel; kind 3 are those in the menu of a message."""
        return envelopes.offered(self.world, user, channel, kind)

    def command(
        self, user: w.User, channel: w.Channel, name: str, options: Mapping[str, Any] | None = None
    ) -> Outcome:
        """A person sends a command; ``name`` may hold a sub-command: ``settings quota``.

        Raises ``NotOffered`` and ``BadInput`` where Discord's own client would not let them.
        """
        with self.world.lock:
            data = envelopes.command(self.world, user, channel, name, options or {})
        return self._line.act("command", 2, user, channel, data, what=f"/{name}")

    def autocomplete(
        self, user: w.User, channel: w.Channel, name: str, options: Mapping[str, Any], focused: str
    ) -> Outcome:
        """A person types in the field ``focused``; the suggestions are in the outcome's ``choices``."""
        with self.world.lock:
            data = envelopes.command(self.world, user, channel, name, options, focused)
        return self._line.act("autocomplete", 4, user, channel, data)

    def menu(self, user: w.User, message: w.Message, name: str) -> Outcome:
        """A person chooses a command in the menu of a message that they see."""
        with self.world.lock:
            if message not in self.world.read(message.channel, user) or not self.world.sees(user, message.channel):
                raise NotFound("there is no such message that this person sees")
            data = envelopes.menu(self.world, user, message, name, self.url)
        return self._line.act("command", 2, user, message.channel, data, what=name)

    def press(self, user: w.User, message: w.Message, custom_id: str) -> Outcome:
        """A person presses a button that they see; raises ``NotFound`` when they do not."""
        shown = message in self.world.read(message.channel, user) and self.world.sees(user, message.channel)
        buttons = [each for row in message.components for each in row.get("components", ())]
        if not shown or not any(each.get("custom_id") == custom_id and not each.get("disabled") for each in buttons):
            raise NotFound("there is no such button on a message that this person sees")
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        return self._line.act("press", 3, user, message.channel, data, source=message)

    def fill(self, user: w.User, channel: w.Channel, modal: w.Modal, values: Mapping[str, str]) -> Outcome:
        """A person sends off the form they were shown; ``values`` by the fields' ids, others stay as they were."""
        with self.world.lock:
            if self.world.modals.get(modal.id) is not modal or (modal.user, modal.channel) != (user, channel):
                raise NotFound("that form is not open for this person")
            data = envelopes.filled(modal, values)
            del self.world.modals[modal.id]
        return self._line.act("form", 5, user, channel, data, source=modal.asked.source, opened_by=modal.asked)

    def say(self, user: w.User, channel: w.Channel, words: str) -> w.Message:
        """A person writes words that are no command; the app hears nothing of them."""
        with self.world.lock:
            return posting.make(self.world, channel, {"content": words[:2000]}, {}, user)

    def messages(self, channel: w.Channel, viewer: w.User | None = None) -> list[w.Message]:
        """What ``viewer`` sees in a channel, in order; without a viewer, what everybody sees."""
        with self.world.lock:
            return self.world.read(channel, viewer)

    def age(self, seconds: float = TOKEN_S + 1) -> None:
        """Let every interaction become older by so many seconds: by default their tokens die."""
        with self.world.lock:
            for asked in self.world.interactions.values():
                asked.at -= seconds

    def _by(self, user: w.User) -> dict[str, Any]:
        return shapes.user(user)
