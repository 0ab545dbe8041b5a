"""The way in: how a platform that people type into is listened to, and told what our commands are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reelgate.chat import Event, Reply


@runtime_checkable
class Registrar(Protocol):
    """A platform that has to be told which commands the app has, before people can type them."""

    def register(self, place: str = "") -> list[str]:
        """Make the commands known, everywhere or in one installation; returns their names. Safe to repeat."""
        ...


@runtime_checkable
class Replayer(Protocol):
    """A platform whose recorded traffic can be read again, for ``reelgate replay``."""

    def replay(self, recorded: dict[str, Any]) -> Event | None:
        """The event in one recorded body, also where its envelope is missing; ``None`` for what is no inbound body.

        Raises ``BodyInvalid`` for a body that contradicts itself.
        """
        ...


@dataclass(frozen=True, slots=True)
class Inbound:
    """One request from a platform as it arrived: raw bytes, headers in lower case."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP at once."""

    status: int
    body: bytes = b""
    media_type: str = "application/json"


@runtime_checkable
class Door(Protocol):
    """A platform that people type into: verify, greet, read, acknowledge, in that order."""

    def verify(self, inbound: Inbound, now: float) -> None:
        """Check the signature over the raw bytes; raises ``Forged`` or ``Stale``. ``now`` is Unix seconds."""
        ...

    def greet(self, inbound: Inbound) -> Answer | None:
        """Answer a ping or challenge, else ``None``."""
        ...

    def read(self, inbound: Inbound) -> list[Event]:
        """What the verified body says, in order. One it does not know is :class:`reelgate.chat.Ignored`.

        Raises ``BodyInvalid`` for a body that is not of this platform at all.
        """
        ...

    def acknowledge(self, event: Event, reply: Reply) -> Answer:
        """The answer to the last of the events: in time, and in the platform's own words."""
        ...
