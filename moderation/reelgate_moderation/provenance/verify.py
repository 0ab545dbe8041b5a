"""Verifies one file: looks for label, marks and manifest, asks a ledger if there is one, and judges.

Works without a service and without a network. The file may come from a stranger.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from reelgate.media.decode import open_clip
from reelgate_moderation.provenance.fingerprint import Likeness, distance, fingerprint_of, likeness
from reelgate_moderation.provenance.judge import Findings, judge
from reelgate_moderation.provenance.manifest import read_manifest
from reelgate_moderation.provenance.report import LabelSeen, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from reelgate.contract import Clip
    from reelgate.words import Detection
    from reelgate_moderation.provenance.fingerprint import Fingerprint, Hasher
    from reelgate_moderation.provenance.ledger import LedgerEntry, LedgerLookup
    from reelgate_moderation.provenance.manifest import ManifestReport


class MarkReader(Protocol):
    """Finds what was put into the media: two invisible marks and the visible label."""

    def picture(self, clip: Clip) -> Detection:
        """The mark in the pictures."""
        ...

    def sound(self, clip: Clip) -> Detection:
        """The mark in the sound."""
        ...

    def label(self, clip: Clip, texts: Sequence[str]) -> LabelSeen:
        """The label, whose words are one of ``texts`` (most likely first) or one of the house's own."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger knows: the entry, how the file compares, and by how many bits."""

    entry: LedgerEntry | None = None
    likeness: Likeness = Likeness.UNKNOWN
    distance: float | None = None


def verify_file(
    path: Path,
    *,
    mark_reader: MarkReader,
    hasher: Hasher,
    ledger: LedgerLookup | None,
    anchors: bytes | None = None,
) -> Report:
    """The report on the file at ``path``.

    ``ledger`` is asked for every id the file hints at, and says which signers are this installation's own;
    ``None`` leaves it out. ``anchors`` are the certificate authorities (PEM) the operator trusts. Raises
    ``MediaRejected`` for what is no picture or video, ``OSError`` when the file cannot be read.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        manifest = read_manifest(file, own=ledger.signers() if ledger else (), anchors=anchors)
    clip = open_clip(path)
    picture = mark_reader.picture(clip)
    sound = mark_reader.sound(clip)
    known = _ask(ledger, _ids(manifest, picture, sound), sha256, clip, hasher) if ledger else _Known()
    texts = [known.entry.label] if known.entry else []
    label = mark_reader.label(clip, [text for text in [*texts, manifest.said.label] if text])
    findings = Findings(manifest, picture, sound, ledger is not None, known.entry, known.likeness)
    return Report(label, findings, known.distance, judge(findings))


def _ids(manifest: ManifestReport, picture: Detection, sound: Detection) -> Iterator[str]:
    """Every id, or beginning of one, that the file hints at, each once, the surest first."""
    hints = (
        picture.payload,
        sound.payload,
        manifest.said.mark_id,
        *picture.candidates,
        *sound.candidates,
        *manifest.earlier,
    )
    yield from dict.fromkeys(hint for hint in hints if hint)


def _ask(ledger: LedgerLookup, ids: Iterable[str], sha256: str, clip: Clip, hasher: Hasher) -> _Known:
    """The first entry whose bytes or pictures agree; failing that, the first entry of any hint."""
    entries = [entry for entry in map(ledger.find, ids) if entry is not None]
    for entry in entries:
        if entry.sha256 == sha256:
            return _Known(entry, Likeness.SAME, None)
    if not entries:
        return _Known()
    found = fingerprint_of(clip, hasher)
    compared = [_compared(entry, found) for entry in entries]
    return next((one for one in compared if one.likeness is Likeness.ALIKE), compared[0])


def _compared(entry: LedgerEntry, found: Fingerprint) -> _Known:
    bits = distance(found, entry.fingerprint) if entry.fingerprint else None
    return _Known(entry, likeness(found, entry.fingerprint), bits)
