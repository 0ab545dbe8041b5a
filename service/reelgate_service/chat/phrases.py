"""Every sentence that a member reads in a chat, in their language; the words are in ``texts/LANGUAGE.toml``.

All is plain text: a platform marks it up, or takes care that nobody's words do.
"""

from __future__ import annotations

import string
import tomllib
from enum import StrEnum, auto
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from reelgate.chat import LANGUAGES
from reelgate.errors import by_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate_service.db.installations import PlaceSettings

LONGEST_VALUE = 500
"""Characters of one value; the rest is cut, so that no sentence outgrows what a platform takes."""

MOST_CHANNELS = 12
"""Channels that are named one by one when settings are shown."""

LANGUAGE_NAMES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "ja": "日本語",
}


class Phrase(StrEnum):
    """What can be said. What stands in brackets behind a name are the values it needs."""

    QUEUED = auto()
    QUEUED_BEHIND = auto()  # (count)
    SCREENING = auto()
    FILMING = auto()
    FILMING_PERCENT = auto()  # (percent)
    CHECKING = auto()
    MARKING = auto()
    PUBLISHING = auto()
    LATE = auto()

    REVIEW = auto()
    HELD = auto()
    REFUSED_BY_PERSON = auto()
    GENERATOR_REFUSED = auto()
    FAILED = auto()
    FAILED_RETRY = auto()
    TOO_BIG = auto()
    EXPIRED = auto()
    CANCELLED = auto()
    TOO_LATE = auto()
    GONE = auto()
    NOT_MADE = auto()
    FOR_YOU_ALONE = auto()  # (reason)

    BUSY = auto()
    OVER_BUDGET = auto()
    OUT_OF_ORDER = auto()
    UNKNOWN_INSTALLATION = auto()  # (platform, app, place)
    CHANNEL_FORBIDDEN = auto()
    QUOTA_USED = auto()  # (quota)
    ONLY_OWNER = auto()
    ONLY_MODERATOR = auto()
    NOT_MANAGER = auto()
    BUTTON_EXPIRED = auto()
    BUTTON_UNKNOWN = auto()
    REPORTED = auto()
    DELETED = auto()

    SETTINGS_SHOWN = auto()  # (channels, quota, language): see show_settings
    SETTINGS_CHANGED = auto()
    SETTING_BAD = auto()
    ONLY_CHANNEL = auto()
    EVERY_CHANNEL = auto()
    ALL_CHANNELS = auto()
    NO_LIMIT = auto()
    OWN_LANGUAGE = auto()

    BAD_INPUT = auto()
    PROMPT_EMPTY = auto()
    PROMPT_TOO_LONG = auto()
    SECONDS_OUT_OF_RANGE = auto()
    ASPECT_INVALID = auto()
    NOT_OFFERED = auto()

    CAPTION = auto()  # (words, label)
    TOO_BIG_LINK = auto()  # (link)

    EDIT_TITLE = auto()
    EDIT_LABEL = auto()
    BUTTON_REGENERATE = auto()
    BUTTON_VARY = auto()
    BUTTON_EDIT = auto()
    BUTTON_STICKER = auto()
    BUTTON_REPORT = auto()
    BUTTON_DELETE = auto()
    BUTTON_CANCEL = auto()
    BUTTON_WHY = auto()


_CODES = {
    "refused": Phrase.REFUSED_BY_PERSON,
    "generator_busy": Phrase.BUSY,
    "rate_limited": Phrase.BUSY,
    "platform_busy": Phrase.BUSY,
    "out_of_space": Phrase.OUT_OF_ORDER,
    "unavailable": Phrase.OUT_OF_ORDER,
    "not_found": Phrase.GONE,
    "conflict": Phrase.TOO_LATE,
    "not_allowed": Phrase.ONLY_OWNER,
}
"""What is said for an error code; any other code that is itself a phrase's name is said by that phrase."""


def say(key: Phrase, language: str, /, **values: str | int) -> str:
    """The sentence in ``language`` (one we do not speak: English) with its values put in.

    A text value becomes one line of at most 500 characters. Raises :class:`ValueError` for values that the sentence
    has no place for, or that are missing.
    """
    text = str(_texts(language)[key.value])
    if values.keys() != placeholders(text):
        raise ValueError(f"{key} needs {sorted(placeholders(text))}, not {sorted(values)}.")
    return text.format_map({name: _one_line(value) for name, value in values.items()})


def for_code(code: str, says: str, language: str) -> str:
    """The sentence for an error ``code`` (or the way a job ended), in the member's language.

    ``says``, what the error itself says, wins where it is written in that language: a screen's sentences are.
    """
    if code == "refused" and says:
        return says
    if code in _CODES:
        return say(_CODES[code], language)
    if code in _PLAIN:
        return say(Phrase(code), language)
    known = by_code().get(code)
    return say(Phrase.FAILED_RETRY if known and known.retryable else Phrase.FAILED, language)


def is_delicate(outcome: str, code: str, sentence: str, language: str) -> bool:
    """Is why a job ended without a reel for its asker alone to read?

    A refusal is, unless it was money that was lacking. So is a failure that nobody can do anything about: were it
    told aloud, everybody would know that whatever is not told is a refusal.
    """
    refused = outcome == "refused" and code != Phrase.OVER_BUDGET.value
    return refused or sentence == say(Phrase.FAILED, language)


def suggestions(language: str) -> tuple[str, ...]:
    """Ideas to start from. The storyboard reads English; elsewhere pictographs say what it is to draw."""
    return tuple(_texts(language)["suggestions"])


def show_settings(settings: PlaceSettings, language: str, channel: Callable[[str], str] = str) -> str:
    """How the app behaves in a place; ``channel`` writes a channel's id as the platform shows it."""
    shown = [channel(one) for one in settings.channels[:MOST_CHANNELS]]
    more = len(settings.channels) - len(shown)
    return say(
        Phrase.SETTINGS_SHOWN,
        language,
        channels=", ".join([*shown, f"+{more}"] if more else shown) or say(Phrase.ALL_CHANNELS, language),
        quota=settings.quota or say(Phrase.NO_LIMIT, language),
        language=LANGUAGE_NAMES.get(settings.language) or say(Phrase.OWN_LANGUAGE, language),
    )


def placeholders(text: str) -> set[str]:
    """The names of the values that a sentence has a place for."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _one_line(value: str | int) -> str:
    line = " ".join(str(value).split())
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1].rstrip() + "…"


def _texts(language: str) -> dict[str, Any]:
    return _read(language if language in LANGUAGES else LANGUAGES[0])


@cache
def _read(language: str) -> dict[str, Any]:
    return tomllib.loads(
        resources.files(__package__).joinpath("texts", f"{language}.toml").read_text(encoding="utf-8")
    )


_PLAIN = {key.value for key in Phrase if not placeholders(_texts(LANGUAGES[0])[key.value])}
"""Phrases that need no values: a code of the same name can be said by them."""
