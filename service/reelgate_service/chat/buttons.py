"""Buttons under our messages: what a press may claim, signed, so that nobody can press what we did not offer.

A button's state is 51 ASCII signs (platforms give as few as 64 bytes): version, action, job, expiry and a MAC. It
says only *which* job; whose that is, and whether the presser may, is asked of our own records.
"""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate.chat import Button
from reelgate.errors import BadInput
from reelgate_service.chat.phrases import Phrase, say

if TYPE_CHECKING:
    from reelgate_service.db.jobs import Job
    from reelgate_service.vault import Vault

ACTIONS = ("regenerate", "vary", "edit", "sticker", "report", "delete", "cancel", "why")
"""What a button can ask for; their places in this row are on the wire, so new ones go to the end."""

LIFE_MS = 30 * 86_400_000
"""How long a button can be pressed."""

_VERSION = 1
_HOUR_MS = 3_600_000
_WHAT = "button"


class ButtonUnknown(BadInput):
    """A state that is not one of ours, or was changed."""

    code = "button_unknown"


class ButtonExpired(BadInput):
    """A state whose time is over."""

    code = "button_expired"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button's state says."""

    action: str
    job_id: str


def state(vault: Vault, action: str, job_id: str, now: int) -> str:
    """The state for a button on a job's message; ``now`` in milliseconds."""
    expires = (now + LIFE_MS) // _HOUR_MS
    body = struct.pack(">BB16sI", _VERSION, ACTIONS.index(action), uuid.UUID(job_id).bytes, expires)
    return vault.token(_WHAT, body)


def read(vault: Vault, text: str, now: int) -> Pressed:
    """What ``text`` says; raises :class:`ButtonUnknown` and :class:`ButtonExpired`."""
    body = vault.body_of(_WHAT, text)
    if body is None or body[0] != _VERSION:
        raise ButtonUnknown("A button's state that is not ours.")
    _, action, job, expires = struct.unpack(">BB16sI", body)
    if action >= len(ACTIONS):
        raise ButtonUnknown("A button's state that is not ours.")
    if expires * _HOUR_MS < now:
        raise ButtonExpired("A button's state that is over.")
    return Pressed(ACTIONS[action], uuid.UUID(bytes=job).hex)


def under_reel(vault: Vault, job: Job) -> tuple[Button, ...]:
    """What can be done with a finished reel; a sticker cannot be made into one again."""
    actions = ("regenerate", "vary", "edit", "sticker", "report", "delete")
    return _row(vault, job, tuple(one for one in actions if one != job.kind))


def while_working(vault: Vault, job: Job) -> tuple[Button, ...]:
    """What can be done while it is being made."""
    return _row(vault, job, ("cancel",))


def after_declining(vault: Vault, job: Job) -> tuple[Button, ...]:
    """What can be done when there will be no reel: other words, or the same once more where that may help."""
    return _row(vault, job, ("edit",) if job.result.get("outcome") == "refused" else ("edit", "regenerate"))


def after_declining_aloud(vault: Vault, job: Job) -> tuple[Button, ...]:
    """The same where others read: alike for every end that is not told there, and the asker can ask why."""
    return _row(vault, job, ("edit", "why"))


def _row(vault: Vault, job: Job, actions: tuple[str, ...]) -> tuple[Button, ...]:
    return tuple(
        Button(action, say(Phrase(f"button_{action}"), job.language), state(vault, action, job.id, job.updated_at))
        for action in actions
    )
