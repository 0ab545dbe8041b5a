"""The nouns of a conversation: what comes in through a platform's door, and what goes back at once.

Every event names itself (``once_key``: asked twice is asked once), says where answers go (``address``) and
who spoke where (``origin``), all from a body whose signature was checked. Replies are what the service decides
before it answers the request; the platform turns them into its own answer.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reelgate.words import Address, Kind, Prompt

LANGUAGES = ("en", "de", "fr", "es", "pt", "ja")
"""The languages that members are spoken to in; the first stands in for any other."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who spoke and where, in the platform's own ids; personal, so never logged.

    ``installation`` is the guild, workspace, page or chat that the app was added to (``user:ID`` where a person
    carries the app with them). ``moderator`` may remove others' messages there, ``manager`` may change how the app
    behaves there. ``surface`` is where words will be seen: public, dm or age_gated. ``language`` is one of ours.
    """

    installation: str
    channel: str = ""
    member: str = dataclasses.field(default="", repr=False)
    surface: str = "public"
    language: str = "en"
    moderator: bool = False
    manager: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What every event says: its name, when it was sent (Unix seconds), where answers go, and who spoke."""

    once_key: str
    at: float
    address: Address = dataclasses.field(repr=False)
    origin: Origin


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody asked for something to be made."""

    heard: Heard
    kind: Kind
    prompt: Prompt = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed one of our buttons; ``state`` is what the button carried, still to be checked.

    ``message`` is the platform's id of the message that the button is on.
    """

    heard: Heard
    state: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """Somebody sent off a form that we showed them: its state and the words they typed."""

    heard: Heard
    state: str
    words: str = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Configure:
    """Somebody asked to see or change how the app behaves in their installation.

    ``setting`` is ``show``, ``channel_allow``, ``channel_forbid``, ``channels_all``, ``quota`` or ``language``;
    ``value`` is a channel's id, a number or a language.
    """

    heard: Heard
    setting: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Suggest:
    """Somebody is typing in the field ``field`` and would like suggestions for ``typed``."""

    heard: Heard
    field: str
    typed: str = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Added:
    """The app was added to an installation, or (``gone``) taken out of it."""

    heard: Heard
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """A true event of the platform that asks nothing of us; ``reason`` says what it was."""

    heard: Heard
    reason: str


Event: TypeAlias = Command | Press | Filled | Configure | Suggest | Added | Ignored


# -- what goes back at once --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Working:
    """It is accepted and will be answered later. ``private`` says that only the asker shall see it."""

    private: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the asker alone, where the platform can whisper."""

    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """One text field to fill in. ``state`` comes back with it in :class:`Filled`."""

    title: str
    label: str
    state: str
    value: str = dataclasses.field(default="", repr=False)
    longest: int = 2000


@dataclass(frozen=True, slots=True)
class Choices:
    """Suggestions for a field: what is shown and what is then sent are the same words."""

    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """It is taken note of, and nothing shows."""


Reply: TypeAlias = Working | Note | Form | Choices | Quiet


# -- what goes out later -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press under a message. ``state`` is at most 64 bytes of ASCII and comes back in :class:`Press`.

    ``action`` is ``regenerate``, ``vary``, ``edit``, ``sticker``, ``report``, ``delete`` or ``cancel``; ``label`` is
    in the member's language.
    """

    action: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Registration:
    """One app as an operator registered it at a platform: its public id, its secrets, and where its API is.

    ``api`` is empty for the platform's own address; another one serves a twin or a private server. ``name`` is
    what the app is called there.
    """

    app: str
    secrets: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    api: str = ""
    name: str = "Reelgate"
