"""Our messages as Discord takes them, and how we know them again: each carries a tag of the key it was made under."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reelgate_integrations.discord import facts
from reelgate_integrations.discord.events import TAG_SIGN
from reelgate_integrations.markdown import shown
from reelgate_integrations.plain import cut, plain, units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reelgate.chat import Button
    from reelgate.contract import Parcel
    from reelgate_integrations.discord.api import Upload
    from reelgate_integrations.discord.events import Body

_SECONDARY, _PRIMARY, _DANGER = 2, 1, 4
_STYLES: Final = {"sticker": _PRIMARY, "report": _DANGER, "delete": _DANGER}
_REFERENCE: Final = "\n-# ref "
"""Small print under a text that has neither file nor buttons to carry the tag."""


def tag(key: str) -> str:
    """Twelve hex digits by which a message made under ``key`` is known again."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def nonce(key: str, channel: str) -> str:
    """What makes Discord hand the same message back when it is posted twice: 24 hex digits, by channel."""
    return hashlib.sha256(f"{channel}|{key}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. ``content`` is marked up already; ``description`` tells what the file shows."""

    key: str
    content: str
    buttons: tuple[Button, ...] = ()
    file: Upload | None = None
    description: str = ""

    def body(self, channel: str = "") -> Body:
        """The JSON of it; to ``channel`` as a new message, else as an edit of the one that stands for the answer."""
        mark = tag(self.key)
        carried = self.buttons or self.file
        body: dict[str, Any] = {
            "content": self.content if carried else f"{self.content}{_REFERENCE}{mark}",
            "allowed_mentions": facts.NOBODY,
            "components": rows(self.buttons, mark),
            "attachments": [self._attachment(self.file.name)] if self.file else [],
            "flags": facts.SUPPRESS_EMBEDS,
        }
        return {**body, "nonce": nonce(self.key, channel), "enforce_nonce": True} if channel else body

    def _attachment(self, name: str) -> Body:
        described = {"description": self.description} if self.description else {}
        return {"id": 0, "filename": name, **described}


def sentence(key: str, text: str, buttons: tuple[Button, ...]) -> Letter:
    """A letter that only says something."""
    return Letter(key, shown(text, facts.CONTENT - units(_REFERENCE) - 12), buttons)


def with_link(key: str, parcel: Parcel, place: Mapping[str, str]) -> Letter:
    """The letter for a file that does not fit: where it can be fetched, written so that nothing unfurls."""
    why = facts.TOO_BIG_HERE.get(place.get("language", ""), facts.TOO_BIG_HERE["en"])
    tail = f"\n{why} <{parcel.link}>"
    return Letter(key, shown(parcel.caption, facts.CONTENT - units(tail) - 40) + tail, parcel.buttons)


def with_file(key: str, parcel: Parcel, upload: Upload) -> Letter:
    """The letter with the file itself."""
    described = cut(plain(parcel.caption), facts.DESCRIPTION)
    return Letter(key, shown(parcel.caption, facts.CONTENT), parcel.buttons, upload, described)


def file_name(key: str, name: str, *, spoiler: bool) -> str:
    """``name`` as Discord keeps it, with the tag. By the beginning of its name a file is hidden behind a click."""
    stem, dot, ending = name.rpartition(".")
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem if dot else ending).strip("-")[:80] or "reel"
    ending = f".{re.sub(r'[^A-Za-z0-9]', '', ending)}" if dot else ""
    return f"{'SPOILER_' if spoiler else ''}{stem}-{tag(key)}{ending}"


def rows(buttons: tuple[Button, ...], mark: str = "") -> list[Body]:
    """Buttons in rows; those that take something away stand in a row of their own."""
    tail = f"{TAG_SIGN}{mark}" if mark else ""
    made = [
        {
            "type": 2,
            "style": _STYLES.get(each.action, _SECONDARY),
            "label": cut(each.label, facts.LABEL),
            "custom_id": f"{each.state}{tail}",
        }
        for each in buttons
    ]
    mild = [each for each in made if each["style"] != _DANGER]
    grave = [each for each in made if each["style"] == _DANGER]
    cuts = [part[at : at + facts.ROW] for part in (mild, grave) for at in range(0, len(part), facts.ROW)]
    return [{"type": 1, "components": part} for part in cuts]


def carries(message: Body, key: str) -> bool:
    """Was this message made under ``key``?"""
    mark = tag(key)
    content = message.get("content")
    if isinstance(content, str) and content.endswith(f"{_REFERENCE}{mark}".strip()):
        return True
    if any(f"-{mark}." in name or name.endswith(f"-{mark}") for name in _names(message)):
        return True
    return any(state.endswith(f"{TAG_SIGN}{mark}") for state in _states(message))


def _names(message: Body) -> Iterator[str]:
    for each in _list(message, "attachments"):
        if isinstance(each, dict) and isinstance(each.get("filename"), str):
            yield each["filename"]


def _states(part: Body) -> Iterator[str]:
    for each in _list(part, "components"):
        if isinstance(each, dict):
            if isinstance(each.get("custom_id"), str):
                yield each["custom_id"]
            yield from _states(each)


def _list(part: Body, key: str) -> list[Any]:
    found = part.get(key)
    return found if isinstance(found, list) else []
