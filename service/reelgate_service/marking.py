"""The keys of the invisible marks: the operator's own first, then the published one that every Reelgate reads."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from reelgate_moderation.marks.payload import DEFAULT_KEY
from reelgate_service.settings import SettingInvalid

if TYPE_CHECKING:
    from reelgate_service.settings import Settings

MIN_KEY = 16


def keys(settings: Settings) -> tuple[bytes, ...]:
    """The first key writes, all of them read; raises :class:`SettingInvalid` for what is no key."""
    own: list[bytes] = []
    for part in filter(None, settings.mark_keys.split(",")):
        try:
            key = base64.b64decode(part, validate=True)
        except binascii.Error as error:
            raise SettingInvalid("REELGATE_MARK_KEYS must be base64, comma-separated.") from error
        if len(key) < MIN_KEY:
            raise SettingInvalid(f"Each key in REELGATE_MARK_KEYS must have at least {MIN_KEY} bytes.")
        own.append(key)
    return (*own, DEFAULT_KEY)
