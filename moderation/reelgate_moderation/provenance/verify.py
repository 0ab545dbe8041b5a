"""Verifies one file: gathers what it says, asks a ledger if there is one, and judges.

Works without a service and without a network.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reelgate.contract import Clip, Moment
from reelgate.media import loop
from reelgate.media.clip import black
from reelgate.media.encode import encode
from reelgate.media.fit import plan_like
from reelgate.media.lockdown import Limits
from reelgate.media.sandbox import contain
from reelgate_moderation.provenance.fingerprint import Likeness, distance, likeness
from reelgate_moderation.provenance.gather import evidence, gather
from reelgate_moderation.provenance.identity import certificates_text
from reelgate_moderation.provenance.judge import Findings, judge
from reelgate_moderation.provenance.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reelgate_moderation.provenance.fingerprint import Fingerprint, Hasher
    from reelgate_moderation.provenance.gather import Evidence, MarkReader
    from reelgate_moderation.provenance.ledger import LedgerEntry, LedgerLookup

Runner = Callable[[Callable[[], Mapping[str, Any]], int], Mapping[str, Any]]
"""Runs work that reads the open file of that descriptor, and hands back its answer."""

LIMITS = Limits(cpu_seconds=120, wall_seconds=180.0, file_bytes=0)
"""A long unmarked video takes the blind search to its end: measured in seconds, allowed in minutes."""


def in_child(work: Callable[[], Mapping[str, Any]], descriptor: int) -> Mapping[str, Any]:
    """The runner for strangers' files: a locked-down child of this process, which must have no threads.

    Linear algebra starts threads by itself; set ``OPENBLAS_NUM_THREADS=1`` before NumPy is imported. The child
    can open no file, so call :func:`warm_up` first: libraries load parts of themselves when first used.
    """
    return contain(work, LIMITS, [descriptor]).result()


def in_place(work: Callable[[], Mapping[str, Any]], descriptor: int) -> Mapping[str, Any]:
    """The runner for files that this process wrote itself."""
    return work()


def warm_up(reader: MarkReader, hasher: Hasher) -> None:
    """Go the whole way once, here, on a grey clip of our own, so that everything it takes is loaded."""
    frame = black(96, 96)
    clip = Clip(96, 96, 24, 1 / 12, lambda: iter([Moment(frame, np.zeros((2000, 2), np.float32))] * 2))
    file = io.BytesIO()
    encode(clip.open(), plan_like(clip.width, clip.height, clip.frames, clip.fps, threads=1), file)
    gather(file, reader, hasher, [], None)
    sticker = io.BytesIO()
    loop.encode(clip.open(), loop.LoopPlan(96, 96, 24, 2, 100_000), sticker)
    gather(sticker, reader, hasher, [], None)


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
    run: Runner = in_child,
) -> Report:
    """The report on the file at ``path``.

    ``ledger`` is asked for every id the file hints at, and says which signers are this installation's own;
    ``None`` leaves it out. ``anchors`` are the certificate authorities (PEM) the operator trusts. ``run``
    chooses where the file is opened up. Raises ``MediaRejected`` for what is no picture or video, ``BadInput``
    for anchors that are no certificates, ``OSError`` when the file cannot be read.
    """
    if anchors:
        certificates_text(anchors)  # checked here, where the mistake can be told apart from the file's
    own = list(ledger.signers()) if ledger else []
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        found = evidence(run(lambda: gather(file, mark_reader, hasher, own, anchors), file.fileno()))
    known = _ask(ledger, _ids(found), sha256, found.fingerprint) if ledger else _Known()
    findings = Findings(found.manifest, found.picture, found.sound, ledger is not None, known.entry, known.likeness)
    return Report(found.label, findings, known.distance, judge(findings))


def _ids(found: Evidence) -> Iterator[str]:
    """Every id, or beginning of one, that the file hints at, each once, the surest first."""
    hints = (
        found.picture.payload,
        found.sound.payload,
        found.manifest.said.mark_id,
        *found.picture.candidates,
        *found.sound.candidates,
        *found.manifest.earlier,
    )
    yield from dict.fromkeys(hint for hint in hints if hint)


def _ask(ledger: LedgerLookup, ids: Iterable[str], sha256: str, fingerprint: Fingerprint) -> _Known:
    """The first entry whose bytes or pictures agree; failing that, the first entry of any hint."""
    entries = [entry for entry in map(ledger.find, ids) if entry is not None]
    compared = [_compared(entry, sha256, fingerprint) for entry in entries]
    for wanted in (Likeness.SAME, Likeness.ALIKE):
        for known in compared:
            if known.likeness is wanted:
                return known
    return compared[0] if compared else _Known()


def _compared(entry: LedgerEntry, sha256: str, fingerprint: Fingerprint) -> _Known:
    if entry.sha256 == sha256:
        return _Known(entry, Likeness.SAME)
    bits = distance(fingerprint, entry.fingerprint) if entry.fingerprint else None
    return _Known(entry, likeness(fingerprint, entry.fingerprint), bits)
