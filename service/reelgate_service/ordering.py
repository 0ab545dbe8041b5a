"""Turns what somebody asked for into an acceptance: checks it, fixes every choice, adds what is silent.

Every door (the HTTP API, the command line, the chats) comes through here, so that the same input gets the
same answer from each.
"""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reelgate import chat, plugins
from reelgate.errors import (
    AspectInvalid,
    BadInput,
    NotFound,
    NotOffered,
    PromptEmpty,
    PromptTooLong,
    SecondsOutOfRange,
)
from reelgate_integrations import catalog
from reelgate_service.db import queries, records
from reelgate_service.db.inbox import Acceptance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from reelgate_service.vault import Vault

MAX_PROMPT = 2000
"""The longest prompt in characters."""

ASPECTS = ("9:16", "1:1", "16:9")
SURFACES = ("public", "dm", "age_gated", "minors")
LANGUAGES = chat.LANGUAGES


def check_prompt(text: str) -> str:
    """The words to film, trimmed; raises :class:`PromptEmpty` or :class:`PromptTooLong`."""
    words = text.strip()
    if not any(sign.isalnum() or ord(sign) > 0x2000 for sign in words):
        raise PromptEmpty("No words.")
    if len(words) > MAX_PROMPT:
        raise PromptTooLong(
            f"{len(words)} characters.", says=f"That is {len(words):,} characters. At most 2,000, please."
        )
    return words


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be asked of one kind: seconds from and to, shapes, and what is taken where nothing is said."""

    seconds: tuple[float, float]
    usual_seconds: float
    aspects: tuple[str, ...]
    usual_aspect: str


OFFERS = {
    "reel": Offer((1.0, 16.0), 8.0, ASPECTS, "9:16"),
    "sticker": Offer((1.0, 3.0), 2.4, ("1:1",), "1:1"),
}


def check_seconds(seconds: float, kind: str = "reel") -> float:
    """A length we film; raises :class:`SecondsOutOfRange`."""
    least, most = OFFERS[kind].seconds
    if not math.isfinite(seconds) or not least <= seconds <= most:
        says = f"A {kind} lasts {least:g} to {most:g} seconds." if kind != "reel" else ""
        raise SecondsOutOfRange(f"{seconds} seconds.", says=says)
    return float(seconds)


def check_aspect(aspect: str, kind: str = "reel") -> tuple[int, int]:
    """A shape we film, as (width, height); raises :class:`AspectInvalid`."""
    if aspect not in OFFERS[kind].aspects:
        says = "A sticker is square: 1:1." if kind == "sticker" else ""
        raise AspectInvalid("That aspect is not offered.", says=says)
    width, _, height = aspect.partition(":")
    return int(width), int(height)


@dataclass(frozen=True, slots=True)
class Again:
    """What an earlier job leaves to one that is made from it; the words of a chat's member it does not leave."""

    words: str | None = field(repr=False)
    seed: int
    generator: str


def again(session: Session, vault: Vault, tenant_id: str, parent: str) -> Again:
    """What was asked of ``parent``, for making something from it.

    Raises :class:`NotFound` for a job that is another tenant's, is not there, made nothing, or whose words were
    erased.
    """
    row = queries.job_row(session, tenant_id, parent)
    if row.kind not in OFFERS or row.sealed is None:
        raise NotFound("Nothing can be made from that job.", says="There is no job by that name.")
    return Again(records.own_words(row, vault), int(json.loads(row.order)["seed"]), row.generator)


def make(
    *,
    tenant_id: str,
    platform: str,
    app: str,
    text: str,
    kind: str = "reel",
    seconds: float | None = None,
    aspect: str | None = None,
    seed: int | None = None,
    generator: str = "storyboard",
    once_key: str = "",
    surface: str = "public",
    language: str = "en",
    place: Mapping[str, str] | None = None,
    member: str = "",
    variation: int = 0,
    parent: str = "",
) -> Acceptance:
    """An acceptance for one reel or sticker. Without a ``once_key`` each request is its own event.

    ``seconds`` and ``aspect`` are the kind's usual ones where left out. ``variation`` films the same idea with the
    same seed differently; ``parent`` is the job this one was made from.

    Raises the typed :class:`reelgate.errors.BadInput` of whatever cannot be used. The length and the shape
    are checked before anything is stored, so that nothing half is.
    """
    words = check_prompt(text)
    if kind not in OFFERS:
        raise NotOffered("Unknown kind.", says="Reels and stickers can be made here.")
    aspect = OFFERS[kind].usual_aspect if aspect is None else aspect
    shape = check_aspect(aspect, kind)
    length = check_seconds(OFFERS[kind].usual_seconds if seconds is None else seconds, kind)
    if not plugins.has(generator, catalog.GENERATORS, catalog.GENERATOR_GROUP):
        raise NotOffered("Unknown generator.", says="That generator is not installed here. See: reelgate plugins")
    if seed is not None and not 0 <= seed < 2**32:
        raise BadInput("The seed is out of range.", says="The seed must be a whole number from 0 to 4294967295.")
    if not 0 <= variation < 2**16:
        raise BadInput("The variation is out of range.", says="The variation must be a whole number from 0 to 65535.")
    asked: list[object] = [words, length, aspect, seed, generator, surface, language]
    if kind != "reel" or variation or parent:
        asked += [kind, variation, parent]
    return Acceptance(
        tenant_id=tenant_id,
        platform=platform,
        app=app,
        once_key=once_key or secrets.token_hex(16),
        body_hash=hashlib.sha256(json.dumps(asked).encode()).hexdigest(),
        kind=kind,
        generator=generator,
        order={
            "seconds": length,
            "aspect": list(shape),
            "seed": secrets.randbits(32) if seed is None else seed,
            "variation": variation,
        },
        parent=parent,
        words=words,
        place=place or {},
        member=member,
        surface=surface,
        language=language,
    )
