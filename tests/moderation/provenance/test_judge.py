"""The verdict table: one row a case, and what must hold whatever is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelgate.words import Detection, MarkFormat
from reelgate_moderation.provenance.claim import Said
from reelgate_moderation.provenance.fingerprint import Likeness
from reelgate_moderation.provenance.judge import Findings, Outcome, judge
from reelgate_moderation.provenance.ledger import LedgerEntry
from reelgate_moderation.provenance.manifest import ManifestReport

A, B = "0123456789abcdef", "fedcba9876543210"
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"

NONE = ManifestReport(present=False)
OWN = ManifestReport(present=True, valid=True, own=True, said=Said(mark_id=A, source_type=IPTC + "algorithmicMedia"))
OWN_BROKEN = replace(OWN, valid=False)
OTHER = ManifestReport(present=True, valid=True, said=Said(source_type=IPTC + "trainedAlgorithmicMedia"))
OTHER_REELGATE = replace(OTHER, said=Said(mark_id=A, source_type=IPTC + "algorithmicMedia"))
CAMERA = replace(OTHER, said=Said(source_type=IPTC + "digitalCapture"))
BROKEN = ManifestReport(present=True, said=Said(mark_id=B))

UNMARKED = Detection(None)
MARK_A, MARK_B = Detection(A, (), 30.0, 1e-12, MarkFormat.FULL), Detection(B, (), 30.0, 1e-12, MarkFormat.FULL)
SHORT_A = Detection(None, (A[:8],), 30.0, 1e-9, MarkFormat.SHORT)
SHORT_B = Detection(None, (B[:8],), 30.0, 1e-9, MarkFormat.SHORT)
FAINT = Detection(None, (), 9.0, 1e-8)
NOISE = Detection(None, (), 2.0, 0.3)

ENTRY = LedgerEntry(A, MarkFormat.FULL, "0" * 64, None, "label", "2026-11-20T10:00:00Z")


def findings(
    manifest: ManifestReport,
    picture: Detection = UNMARKED,
    ledger: str = "not asked",
    sound: Detection = UNMARKED,
) -> Findings:
    """``ledger`` is "not asked", "knows nothing", or how the file compares with entry A."""
    consulted = ledger != "not asked"
    entry = ENTRY if consulted and ledger != "knows nothing" else None
    return Findings(manifest, picture, sound, consulted, entry, Likeness(ledger) if entry else Likeness.UNKNOWN)


TABLE: list[tuple[str, Findings, str]] = [
    ("our file, untouched", findings(OWN, MARK_A), "ours"),
    ("our file, untouched, in the ledger", findings(OWN, MARK_A, "same"), "ours"),
    ("our file, in the ledger without a fingerprint", findings(OWN, MARK_A, "unknown"), "ours"),
    ("our file with free space changed", findings(OWN, MARK_A, "alike"), "ours"),
    ("our small file whose mark is too small to read", findings(OWN, UNMARKED, "same"), "ours"),
    ("our file with a short mark", findings(OWN, SHORT_A, "same"), "ours"),
    ("our file, marks in picture and sound", findings(OWN, MARK_A, "same", MARK_A), "ours"),
    ("a recorded file that never held a manifest", findings(NONE, MARK_A, "same"), "ours"),
    ("signed with our key, not in our ledger", findings(OWN, MARK_A, "knows nothing"), "contradiction"),
    ("signed with our key, other pictures in our ledger", findings(OWN, MARK_A, "different"), "contradiction"),
    ("our manifest, another reel's mark", findings(OWN, MARK_B), "contradiction"),
    ("our manifest, another reel's mark in the sound", findings(OWN, MARK_A, "same", MARK_B), "contradiction"),
    ("our manifest, another reel's short mark", findings(OWN, SHORT_B), "contradiction"),
    ("our broken manifest, another reel's mark", findings(OWN_BROKEN, MARK_B), "contradiction"),
    ("our broken manifest, no mark", findings(OWN_BROKEN), "contradiction"),
    ("our broken manifest, no mark, same pictures", findings(OWN_BROKEN, UNMARKED, "alike"), "ours_altered"),
    ("our broken manifest, mark agrees, same pictures", findings(OWN_BROKEN, MARK_A, "alike"), "ours_altered"),
    ("our broken manifest, mark agrees, no ledger", findings(OWN_BROKEN, MARK_A), "mark_only"),
    ("our broken manifest, mark agrees, other pictures", findings(OWN_BROKEN, MARK_A, "different"), "mark_only"),
    ("manifest stripped, mark, no ledger", findings(NONE, MARK_A), "mark_only"),
    ("manifest stripped, mark, same pictures", findings(NONE, MARK_A, "alike"), "ours_altered"),
    ("manifest stripped, short mark, same pictures", findings(NONE, SHORT_A, "alike"), "ours_altered"),
    ("a mark copied onto other pictures", findings(NONE, MARK_A, "different"), "mark_only"),
    ("a mark whose entry has no fingerprint", findings(NONE, MARK_A, "unknown"), "mark_only"),
    ("another Reelgate's mark", findings(NONE, MARK_B, "knows nothing"), "mark_only"),
    ("only a short mark", findings(NONE, SHORT_A), "mark_only"),
    ("only a mark in the sound", findings(NONE, UNMARKED, "not asked", MARK_A), "mark_only"),
    ("a mark that is there but cannot be read", findings(NONE, FAINT), "mark_only"),
    ("picture and sound of different reels", findings(NONE, MARK_A, "alike", MARK_B), "contradiction"),
    ("another Reelgate's file", findings(OTHER_REELGATE, MARK_A), "signed_by_others"),
    ("another Reelgate's file, mark swapped", findings(OTHER_REELGATE, MARK_B), "contradiction"),
    ("somebody else's generated file", findings(OTHER), "signed_by_others"),
    ("somebody else's signature over our mark", findings(OTHER, MARK_A), "signed_by_others"),
    ("somebody else's signature over our reel", findings(OTHER, MARK_A, "alike"), "ours_altered"),
    ("a camera's manifest", findings(CAMERA), "signed_by_others"),
    ("a camera's manifest over our mark", findings(CAMERA, MARK_A), "contradiction"),
    ("a camera's manifest over our short mark", findings(CAMERA, SHORT_A), "contradiction"),
    ("a stranger's broken manifest", findings(BROKEN), "nothing_found"),
    ("a stranger's broken manifest naming another id", findings(BROKEN, MARK_A), "mark_only"),
    ("nothing", findings(NONE), "nothing_found"),
    ("nothing, ledger asked", findings(NONE, NOISE, "knows nothing"), "nothing_found"),
]


@pytest.mark.parametrize(("found", "verdict"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_table(found: Findings, verdict: str) -> None:
    judgement = judge(found)
    assert judgement.outcome == verdict
    assert judgement.why.endswith(".")


def test_the_table_knows_every_verdict() -> None:
    assert {verdict for _, _, verdict in TABLE} == set(Outcome)


everything = st.builds(
    findings,
    st.sampled_from([NONE, OWN, OWN_BROKEN, OTHER, OTHER_REELGATE, CAMERA, BROKEN]),
    st.sampled_from([UNMARKED, MARK_A, MARK_B, SHORT_A, SHORT_B, FAINT, NOISE]),
    st.sampled_from(["not asked", "knows nothing", "same", "alike", "different", "unknown"]),
    st.sampled_from([UNMARKED, MARK_A, MARK_B, FAINT]),
)


@given(everything)
def test_a_mark_alone_never_makes_a_file_ours(found: Findings) -> None:
    proven = (found.manifest.own and found.manifest.valid) or found.likeness in {Likeness.SAME, Likeness.ALIKE}
    if judge(found).outcome in {Outcome.OURS, Outcome.OURS_ALTERED}:
        assert proven


@given(everything)
def test_different_ids_are_never_overlooked(found: Findings) -> None:
    ids: set[Any] = {found.picture.payload, found.sound.payload} - {None}
    if found.manifest.valid and found.manifest.said.mark_id:
        ids.add(found.manifest.said.mark_id)
    if len(ids) > 1:
        assert judge(found).outcome is Outcome.CONTRADICTION


@given(everything)
def test_nothing_found_means_nothing(found: Findings) -> None:
    if judge(found).outcome is Outcome.NOTHING_FOUND:
        assert not found.manifest.valid
        assert found.picture.payload is None and found.sound.payload is None
