"""What Discord's twin remembers: places, people, messages with their history, interactions. All of it changes."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EPOCH_MS: Final = 1_420_070_400_000
"""The first millisecond of 2015: snowflakes count from it."""

_TOKENS: Final = 200
_REMEMBERED: Final = 2000
"""So many interactions are kept; from there on those that are long over and left nothing behind are forgotten."""

_OVER_S: Final = 3600.0

GUILD_TEXT, DM = 0, 1
EPHEMERAL, LOADING = 64, 128

MANAGE_GUILD, VIEW_CHANNEL, SEND_MESSAGES, MANAGE_MESSAGES = 1 << 5, 1 << 10, 1 << 11, 1 << 13
EMBED_LINKS, ATTACH_FILES, READ_HISTORY, MENTION_EVERYONE = 1 << 14, 1 << 15, 1 << 16, 1 << 17
USE_COMMANDS = 1 << 31
MEMBER: Final = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_HISTORY | USE_COMMANDS
MODERATOR: Final = MEMBER | MANAGE_MESSAGES
MANAGER: Final = MODERATOR | MANAGE_GUILD
APP: Final = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_HISTORY


@dataclass(slots=True)
class User:
    """A person, or the app's own bot. ``carries_app``: the person installed the app for themselves."""

    id: str
    username: str
    name: str
    bot: bool = False
    takes_dms: bool = True
    carries_app: bool = False
    locale: str = "en-US"


@dataclass(slots=True)
class Guild:
    """A server. ``members`` maps people to their permissions; ``has_app`` says whether the app was added."""

    id: str
    name: str
    members: dict[str, int]
    has_app: bool = True
    locale: str = "en-US"


@dataclass(slots=True)
class Channel:
    """A place for messages: of a guild, or (``guild`` is None) between ``people`` and the app."""

    id: str
    name: str
    guild: Guild | None = None
    nsfw: bool = False
    app_permissions: int = APP
    people: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message."""

    id: str
    filename: str
    media_type: str
    data: bytes = field(repr=False)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """How a message looked from ``at`` on."""

    at: float
    content: str
    attachments: tuple[str, ...]


@dataclass(slots=True)
class Message:
    """A message. ``only_for`` is the one person who sees it; ``failed``: "The application did not respond"."""

    id: str
    channel: Channel
    author: User
    at: float
    content: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    flags: int = 0
    nonce: str = ""
    only_for: str = ""
    failed: bool = False
    interaction: str = ""
    asked_by: str = ""
    asked_what: str = ""
    reply_to: str = ""
    edited: float | None = None
    deleted: float | None = None
    history: list[Version] = field(default_factory=list)

    @property
    def loading(self) -> bool:
        """The app said that it is thinking."""
        return bool(self.flags & LOADING)

    @property
    def ephemeral(self) -> bool:
        """Only one person sees it."""
        return bool(self.only_for)


@dataclass(slots=True)
class Interaction:
    """Something a person did that the app was told of.

    ``kind``: 2 command, 3 component, 4 autocomplete, 5 form. ``answered`` is the type of the app's first response;
    ``original`` the message that ``@original`` names; ``void``: the first response did not come in time.
    ``opened_by`` is what had opened a form.
    """

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    at: float
    what: str = ""
    source: Message | None = None
    opened_by: Interaction | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    answered: int | None = None
    original: Message | None = None
    void: bool = False
    follow_ups: int = 0
    sent: list[str] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)
    modal: Modal | None = None


@dataclass(slots=True)
class Modal:
    """A form that the app showed to one person, in answer to ``asked``."""

    id: str
    asked: Interaction
    data: dict[str, Any]

    @property
    def user(self) -> User:
        """Who sees it."""
        return self.asked.user

    @property
    def channel(self) -> Channel:
        """Where it was asked for."""
        return self.asked.channel


class World:
    """All of it. Whoever changes something holds ``lock`` and calls :meth:`changed`."""

    def __init__(self, clock: Callable[[], float], app: str) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self._news = threading.Condition(self.lock)
        self._last, self.version = int(app), 0
        self.app = app
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self._tokens: dict[str, Interaction] = {}
        self._room = _REMEMBERED
        self.commands: dict[str, list[dict[str, Any]]] = {"": []}
        self.modals: dict[str, Modal] = {}
        self.bot = self.person("reelgate", "Reelgate", bot=True, id=app)

    def snowflake(self) -> str:
        """A new id that carries the clock's time; later ids are greater, even when the clock steps back."""
        with self.lock:
            fresh = (int(self.clock() * 1000) - EPOCH_MS) << 22
            self._last = max(fresh, self._last + 1)
            return str(self._last)

    def person(self, username: str, name: str, *, bot: bool = False, id: str = "") -> User:
        """A new person."""
        with self.lock:
            user = User(id or self.snowflake(), username, name, bot)
            self.users[user.id] = user
            return user

    def guild(self, name: str, members: Mapping[str, int], *, has_app: bool = True) -> Guild:
        """A new server with these members (id to permissions)."""
        with self.lock:
            guild = Guild(self.snowflake(), name, dict(members), has_app)
            self.guilds[guild.id] = guild
            return guild

    def channel(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        """A new channel of a server."""
        with self.lock:
            channel = Channel(self.snowflake(), name, guild, nsfw)
            self.channels[channel.id] = channel
            return channel

    def dm(self, user: User) -> Channel:
        """The conversation between a person and the app, made when first asked for."""
        with self.lock:
            for channel in self.channels.values():
                if channel.guild is None and user.id in channel.people:
                    return channel
            channel = Channel(self.snowflake(), self.bot.name, people=(user.id,))
            self.channels[channel.id] = channel
            return channel

    def interaction(
        self, kind: int, user: User, channel: Channel, owners: Mapping[str, str], source: Message | None = None
    ) -> Interaction:
        """A new interaction with a secret token of its own."""
        token = secrets.token_urlsafe(48)
        made = Interaction(self.snowflake(), token, kind, user, channel, self.clock(), source=source, owners=owners)
        if len(self.interactions) >= self._room:
            self._forget()
        self.interactions[made.id] = self._tokens[token] = made
        return made

    def _forget(self) -> None:
        """Every letter typed in a field with suggestions is an interaction of its own."""
        oldest = self.clock() - _OVER_S
        for each in list(self.interactions.values()):
            if each.at < oldest and not each.sent and each.original is None:
                del self.interactions[each.id], self._tokens[each.token]
        self._room = max(_REMEMBERED, 2 * len(self.interactions))

    def by_token(self, token: str) -> Interaction | None:
        """The interaction that this token belongs to."""
        return self._tokens.get(token)

    def tokens(self) -> list[str]:
        """The newest tokens; older ones are long dead."""
        return list(self._tokens)[-_TOKENS:]

    def sees(self, user: User, channel: Channel) -> bool:
        """Whether a person can look into a channel."""
        if channel.guild is None:
            return user.id in channel.people
        return bool(channel.guild.members.get(user.id, 0) & VIEW_CHANNEL)

    def read(self, channel: Channel, viewer: User | None) -> list[Message]:
        """The messages of a channel in order, as ``viewer`` sees them; ``None`` sees no private ones."""
        with self.lock:
            return [
                message
                for message in self.messages.values()
                if message.channel is channel
                and message.deleted is None
                and (not message.only_for or (viewer is not None and message.only_for == viewer.id))
            ]

    def changed(self) -> None:
        """Tell those who watch."""
        with self.lock:
            self.version += 1
            self._news.notify_all()

    def watch(self, version: int, seconds: float) -> int:
        """Wait until something is newer than ``version``, for so many real seconds at most; the version then."""
        with self._news:
            self._news.wait_for(lambda: self.version > version, seconds)
            return self.version
