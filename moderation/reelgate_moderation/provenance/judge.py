"""What the findings add up to: one of six verdicts, by the first rule that fits.

==  ==================================================================================  ==================
 #  when                                                                                verdict
==  ==================================================================================  ==================
 1  picture and sound carry different ids                                               contradiction
 2  a manifest whose signature holds names another id than the mark that was read       contradiction
 3  a valid manifest of others claims a camera or a human hand, and our mark is there   contradiction
 4  our own valid manifest, but our ledger does not know the id, or knows it otherwise  contradiction
 5  our own valid manifest, and nothing speaks against it                               ours
 6  the ledger's very bytes                                                             ours
 7  the ledger knows the id, and the picture is alike                                   ours_altered
 8  a valid manifest of somebody else                                                   signed_by_others
 9  our signature on content it was not made for, and no mark that agrees               contradiction
10  a mark, read or at least present beyond doubt                                       mark_only
11  anything else                                                                       nothing_found
==  ==================================================================================  ==================

A mark is a pointer, never proof: anybody can copy one, so by itself it never makes a file ours. Proof is our
own signature over these very bytes, or our ledger's entry together with the bytes or the picture it recorded.
The same goes for our signature over other bytes: it can be cut out of one file and pasted into another. An
invalid manifest of others says nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reelgate.words import MarkFormat
from reelgate_moderation.provenance.fingerprint import Likeness

if TYPE_CHECKING:
    from reelgate.words import Detection
    from reelgate_moderation.provenance.ledger import LedgerEntry
    from reelgate_moderation.provenance.manifest import ManifestReport

PRESENT = 1e-6
"""The chance of a false alarm below which an unread mark counts as present."""

_BY_HAND = frozenset(
    {
        "digitalCapture",
        "computationalCapture",
        "negativeFilm",
        "positiveFilm",
        "print",
        "humanEdits",
        "minorHumanEdits",
        "digitalArt",
        "digitalCreation",
    }
)
"""The IPTC digital source types that say: no machine invented this."""


class Outcome(StrEnum):
    """What a file is to us."""

    OURS = "ours"
    OURS_ALTERED = "ours_altered"
    MARK_ONLY = "mark_only"
    SIGNED_BY_OTHERS = "signed_by_others"
    CONTRADICTION = "contradiction"
    NOTHING_FOUND = "nothing_found"


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was looked for. ``entry`` is ``None`` where the ledger was not asked or knows nothing."""

    manifest: ManifestReport
    picture: Detection
    sound: Detection
    consulted: bool
    entry: LedgerEntry | None
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and why in one sentence that can be shown to anyone."""

    outcome: Outcome
    why: str


def judge(found: Findings) -> Judgement:
    """The verdict on ``found``; the rules and their order stand at the top of this module."""
    return _clash(found) or _proof(found) or _rest(found)


def ids_read(found: Findings) -> set[str]:
    """The ids that were read whole and checked, from picture and sound."""
    return {payload for payload in (found.picture.payload, found.sound.payload) if payload}


def _clash(found: Findings) -> Judgement | None:
    """Rules 1 to 4."""
    manifest, read = found.manifest, ids_read(found)
    if len(read) > 1:
        return Judgement(Outcome.CONTRADICTION, "The pictures and the sound carry marks of different reels.")
    if _marked(found) and manifest.said.mark_id and (manifest.valid or manifest.own) and not _agrees(found):
        return Judgement(Outcome.CONTRADICTION, "The manifest names another reel than the mark in the file.")
    if _marked(found) and manifest.valid and not manifest.own and _tail(manifest.said.source_type) in _BY_HAND:
        return Judgement(
            Outcome.CONTRADICTION, "The manifest says no machine made this, but the pictures carry our mark."
        )
    if manifest.own and manifest.valid and found.consulted:
        if found.entry is None or found.entry.mark_id != manifest.said.mark_id:
            return Judgement(Outcome.CONTRADICTION, "Signed with our key, but our ledger has no such reel.")
        if found.likeness is Likeness.DIFFERENT:
            return Judgement(Outcome.CONTRADICTION, "Signed with our key, but our ledger recorded another picture.")
    return None


def _proof(found: Findings) -> Judgement | None:
    """Rules 5 to 7."""
    if found.manifest.own and found.manifest.valid:
        known = " Our ledger knows it." if found.entry else ""
        return Judgement(Outcome.OURS, f"We signed this file, and it is unchanged since.{known}")
    if found.likeness is Likeness.SAME:
        return Judgement(Outcome.OURS, "Our ledger recorded this very file.")
    if found.likeness is Likeness.ALIKE:
        return Judgement(Outcome.OURS_ALTERED, "Our ledger knows this reel; the file was changed since.")
    return None


def _rest(found: Findings) -> Judgement:
    """Rules 8 to 11."""
    if found.manifest.valid:
        return Judgement(
            Outcome.SIGNED_BY_OTHERS, "Not we but somebody else signed this file; it is unchanged since."
        )
    if found.manifest.own and not _agrees(found):
        return Judgement(Outcome.CONTRADICTION, "Our signature, on content it was not made for.")
    if ids_read(found) or _marked(found) or min(found.picture.p_value, found.sound.p_value) <= PRESENT:
        hint = "our ledger recorded another picture under its id" if found.entry else "nothing else proves its origin"
        return Judgement(Outcome.MARK_ONLY, f"The file carries a Reelgate mark; {hint}.")
    return Judgement(
        Outcome.NOTHING_FOUND, "No mark and no valid manifest was found. That proves nothing either way."
    )


def _marked(found: Findings) -> bool:
    return bool(ids_read(found) or _short(found.picture) or _short(found.sound))


def _agrees(found: Findings) -> bool:
    """True when every id or beginning of one that was read fits the manifest's, and there is one."""
    claimed = found.manifest.said.mark_id
    starts = [*ids_read(found), *_short(found.picture), *_short(found.sound)]
    return bool(starts) and all(claimed.startswith(start) for start in starts)


def _short(detection: Detection) -> tuple[str, ...]:
    """The one beginning of an id that a checked short read gives; several candidates are no reading."""
    checked = detection.format is MarkFormat.SHORT and not detection.payload and len(detection.candidates) == 1
    return detection.candidates if checked else ()


def _tail(uri: str) -> str:
    return uri.rstrip("/").rsplit("/", 1)[-1]
