"""Reads the body of a request to Discord: JSON, or a form with ``payload_json`` and ``files[n]``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reelgate.errors import BadInput
from reelgate.testing.forms import parts
from reelgate_integrations.discord.standin import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reelgate.testing.twin import Breach

_FILE = re.compile(r"files\[(\d)\]")


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Form:
    """A body: its JSON (``None`` when there is none), its files by number, and why it cannot be read (``fault``)."""

    data: Any = None
    files: Mapping[int, File] = field(default_factory=dict)
    fault: str = ""

    @cached_property
    def misfits(self) -> tuple[Breach, ...]:
        """The parts that are of another kind than they must be."""
        return tuple(kinds.misfits(self.data))

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object, or an empty one."""
        return self.data if isinstance(self.data, dict) else {}


def read(content_type: str, body: bytes) -> Form:
    """The body as a form; never raises."""
    if not body:
        return Form()
    try:
        if content_type.startswith("multipart/form-data"):
            return _multipart(content_type, body)
        if not content_type.startswith("application/json"):
            return Form(fault=f"the content type {content_type!r} is neither JSON nor a form")
        return Form(_json(body))
    except (ValueError, BadInput, RecursionError) as cause:
        return Form(fault=str(cause) or type(cause).__name__)


def _json(raw: bytes) -> Any:
    """What is written in UTF-8, as RFC 8259 wants it; raises ``ValueError``, for half a character too."""
    value = json.loads(raw.decode(), parse_constant=_no_number)
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _multipart(content_type: str, body: bytes) -> Form:
    data: Any = None
    files: dict[int, File] = {}
    for part in parts(content_type, body):
        numbered = _FILE.fullmatch(part.name)
        if part.name == "payload_json":
            data = _json(part.data)
        elif numbered:
            files[int(numbered[1])] = File(part.filename or "unknown", part.media_type, part.data)
        else:
            return Form(fault=f"the form has a part {part.name[:40]!r}")
    return Form(data, files)
