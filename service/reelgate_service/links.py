"""Signed links to finished files, for where a platform takes a link but not the file.

A link names its job and dies after a while; it opens nothing else and needs no key.
"""

from __future__ import annotations

import struct
import uuid
from typing import TYPE_CHECKING

from reelgate.errors import NotFound

if TYPE_CHECKING:
    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault

LIFE_MS = 7 * 86_400_000
_WHAT = "file link"


def file_link(settings: Settings, vault: Vault, job_id: str, now: int) -> str:
    """The public address of a job's file for a week from ``now`` (milliseconds); empty where there is none."""
    if not settings.public_url:
        return ""
    body = struct.pack(">16sQ", uuid.UUID(job_id).bytes, now + LIFE_MS)
    return f"{settings.public_url.rstrip('/')}/f/{vault.token(_WHAT, body)}"


def job_of(vault: Vault, token: str, now: int) -> str:
    """The job a link names; raises :class:`NotFound` for one that is changed or over."""
    body = vault.body_of(_WHAT, token)
    if body is None:
        raise NotFound("Not a link of ours, or changed.", says="This link is no longer valid.")
    job, expires = struct.unpack(">16sQ", body)
    if expires < now:
        raise NotFound("A link that is over.", says="This link is no longer valid.")
    return uuid.UUID(bytes=job).hex
