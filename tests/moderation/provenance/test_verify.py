"""Whole files through :func:`verify_file`, with the real mark, a real signature and a ledger in memory."""

from __future__ import annotations

import hashlib
import io
import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import av
import pytest

from reelgate.errors import MediaRejected
from reelgate.media.decode import open_clip
from reelgate.words import Claim, Detection, MarkFormat, SourceType
from reelgate_moderation.hashes.pdq import pdq
from reelgate_moderation.marks.payload import DEFAULT_KEY
from reelgate_moderation.marks.picture import TilePictureMark
from reelgate_moderation.provenance.certificate import make_development_pair
from reelgate_moderation.provenance.fingerprint import fingerprint_of
from reelgate_moderation.provenance.identity import identity_from_pem
from reelgate_moderation.provenance.ledger import LedgerEntry, LedgerLookup
from reelgate_moderation.provenance.manifest import sign as sign_into
from reelgate_moderation.provenance.report import LabelSeen, in_words
from reelgate_moderation.provenance.verify import in_place, verify_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reelgate.contract import Clip
    from reelgate_moderation.provenance.identity import SigningIdentity
    from reelgate_moderation.provenance.report import Report

MARK, OTHER_MARK = "00c0ffee00c0ffee", "1234567890abcdef"


class Reader:
    """The real picture mark; no sound mark; a label that is never there."""

    def picture(self, clip: Clip) -> Detection:
        return TilePictureMark().detect(clip)

    def sound(self, clip: Clip) -> Detection:
        return Detection(None)

    def label(self, clip: Clip, texts: Sequence[str]) -> LabelSeen:
        return LabelSeen(False, texts[0] if texts else "", 0.0)


@dataclass
class MemoryLedger:
    chains: list[bytes]
    entries: list[LedgerEntry]

    def find(self, mark_id: str) -> LedgerEntry | None:
        found = [entry for entry in self.entries if entry.mark_id.startswith(mark_id)]
        return found[0] if len(found) == 1 else None

    def mark_keys(self) -> list[bytes]:
        return [DEFAULT_KEY]

    def signers(self) -> list[bytes]:
        return self.chains


def claim(mark_id: str) -> Claim:
    return Claim(
        mark_id,
        MarkFormat.FULL,
        SourceType.ALGORITHMIC,
        "storyboard",
        "1",
        "Drawn by software",
        "2026-11-20T10:00:00Z",
    )


def sign(source: Path, out: Path, identity: SigningIdentity, mark_id: str = MARK) -> Path:
    with source.open("rb") as given, out.open("w+b") as made:
        sign_into(given, made, claim(mark_id), identity)
    return out


def entry_of(file: Path, mark_id: str = MARK) -> LedgerEntry:
    return LedgerEntry(
        mark_id,
        MarkFormat.FULL,
        hashlib.sha256(file.read_bytes()).hexdigest(),
        fingerprint_of(open_clip(file), pdq),
        "Drawn by software",
        "2026-11-20T10:00:00Z",
    )


def recompress(source: Path, out: Path, crf: int = 24) -> Path:
    """What a platform does: decode, encode again, drop every box it doesn't know."""
    with av.open(str(source)) as given, av.open(str(out), "w", format="mp4") as made:
        video = made.add_stream("libx264", rate=24, options={"crf": str(crf), "preset": "veryfast", "threads": "1"})
        video.width, video.height = given.streams.video[0].width, given.streams.video[0].height
        video.pix_fmt = "yuv420p"
        for frame in given.decode(video=0):
            made.mux(video.encode(frame))
        made.mux(video.encode(None))
    return out


@pytest.fixture(scope="module")
def marked(reel_maker: Callable[..., Path]) -> Path:
    return reel_maker(seed=5, mark=MARK)


@pytest.fixture(scope="module")
def reel(marked: Path, identity: SigningIdentity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sign(marked, tmp_path_factory.mktemp("signed") / "reel.mp4", identity)


@pytest.fixture(scope="module")
def ledger(reel: Path, identity: SigningIdentity) -> MemoryLedger:
    return MemoryLedger([identity.chain_pem], [entry_of(reel)])


_seen: dict[tuple[Path, int], tuple[LedgerLookup | None, Report]] = {}


def verify(path: Path, ledger: LedgerLookup | None) -> Report:
    """Reading blind takes seconds, so what two tests ask is read once (and the ledger kept, lest its id recur)."""
    asked = (path, id(ledger))
    if asked not in _seen:
        _seen[asked] = ledger, _verify(path, ledger)
    return _seen[asked][1]


def _verify(path: Path, ledger: LedgerLookup | None) -> Report:
    return verify_file(path, mark_reader=Reader(), hasher=pdq, ledger=ledger, run=in_place)


def test_our_own_reel(reel: Path, ledger: MemoryLedger) -> None:
    found = verify(reel, ledger).document()
    assert found["verdict"] == "ours"
    assert found["picture_mark"]["payload"] == found["manifest"]["mark_id"] == found["ledger"]["mark_id"] == MARK
    assert found["picture_mark"]["p_value"] < 1e-6
    assert found["ledger"]["likeness"] == "same"
    assert found["manifest"]["own"] and not found["manifest"]["trusted"]


def test_our_own_reel_on_a_machine_that_has_never_seen_us(reel: Path) -> None:
    found = verify(reel, None).document()
    assert found["verdict"] == "signed_by_others"
    assert found["manifest"]["valid"] and found["picture_mark"]["payload"] == MARK
    assert not found["ledger"]["consulted"]


def test_after_a_platform_compressed_it_again(reel: Path, ledger: MemoryLedger, tmp_path: Path) -> None:
    copy = recompress(reel, tmp_path / "copy.mp4")
    found = verify(copy, ledger).document()
    assert (found["verdict"], found["ledger"]["likeness"]) == ("ours_altered", "alike")
    assert found["manifest"]["present"] is False
    assert verify(copy, None).document()["verdict"] == "mark_only"


def test_our_mark_on_somebody_elses_pictures(reel_maker: Callable[..., Path], ledger: MemoryLedger) -> None:
    forged = reel_maker(seed=6, mark=MARK)
    found = verify(forged, ledger).document()
    assert found["verdict"] == "mark_only"
    assert found["picture_mark"]["payload"] == MARK
    assert found["ledger"]["found"] and found["ledger"]["likeness"] == "different"


def test_our_manifest_on_somebody_elses_pictures(
    reel: Path, reel_maker: Callable[..., Path], ledger: MemoryLedger, tmp_path: Path
) -> None:
    ours, theirs = reel.read_bytes(), reel_maker(seed=6).read_bytes()
    uuid = ours.index(b"uuid") - 4
    box = ours[uuid : uuid + int.from_bytes(ours[uuid : uuid + 4], "big")]
    pasted = tmp_path / "pasted.mp4"
    pasted.write_bytes(theirs + box)  # at the end, so that no offset moves
    found = verify(pasted, ledger).document()
    assert found["verdict"] == "contradiction"
    assert found["manifest"]["present"] and not found["manifest"]["valid"]


def test_our_key_over_another_reels_mark(
    marked: Path, ledger: MemoryLedger, identity: SigningIdentity, tmp_path: Path
) -> None:
    swapped = sign(marked, tmp_path / "swapped.mp4", identity, OTHER_MARK)
    assert verify(swapped, ledger).document()["verdict"] == "contradiction"


def test_our_key_without_our_ledger(reel: Path, identity: SigningIdentity) -> None:
    found = verify(reel, MemoryLedger([identity.chain_pem], [])).document()
    assert found["verdict"] == "contradiction"


def test_another_reelgates_reel(marked: Path, ledger: MemoryLedger, tmp_path: Path) -> None:
    stranger = identity_from_pem(*make_development_pair(time.time()))
    theirs = sign(marked, tmp_path / "theirs.mp4", stranger)
    unknown = replace(ledger, entries=[])
    assert verify(theirs, unknown).document()["verdict"] == "signed_by_others"


def test_an_ordinary_video(reel_maker: Callable[..., Path], ledger: MemoryLedger) -> None:
    found = verify(reel_maker(seed=7), ledger).document()
    assert found["verdict"] == "nothing_found"
    assert found["picture_mark"]["payload"] is None
    assert found["picture_mark"]["p_value"] > 1e-6


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.mp4"
    path.write_text("these are only words " * 40)
    with pytest.raises(MediaRejected):
        verify(path, None)


SHAPE = {
    "label": {"found", "text", "score"},
    "picture_mark": {"payload", "candidates", "presence", "p_value"},
    "sound_mark": {"payload", "candidates", "presence", "p_value"},
    "manifest": {
        "present", "valid", "own", "trusted", "signer", "issuer", "provider", "provider_version", "title",
        "source_type", "generator", "generator_version", "created", "mark_id", "soft_binding", "label",
        "training_data", "failures",
    },
    "ledger": {"consulted", "found", "mark_id", "likeness", "distance"},
}  # fmt: skip


def test_every_key_is_always_there(reel: Path, reel_maker: Callable[..., Path], ledger: MemoryLedger) -> None:
    for path, asked in ((reel, ledger), (reel_maker(seed=7), None)):
        found = json.loads(json.dumps(verify(path, asked).document(), allow_nan=False))
        assert set(found) == {*SHAPE, "verdict"}
        assert {key: set(found[key]) for key in SHAPE} == SHAPE


def test_the_words_for_a_person(reel: Path, ledger: MemoryLedger) -> None:
    report = verify(reel, ledger)
    plain = in_words(report, "reel.mp4", colour=False)
    assert "(ours)" in plain and MARK in plain and "not trusted" in plain
    assert "\033" not in plain
    assert "\033[32m" in in_words(report, "reel.mp4", colour=True)


def test_a_strangers_manifest_cannot_steer_the_terminal(marked: Path, ledger: MemoryLedger, tmp_path: Path) -> None:
    stranger = identity_from_pem(*make_development_pair(time.time()))
    nasty = replace(claim(MARK), generator="\033[2Jgone\u202e", title="a\nb" * 500)
    out = io.BytesIO()
    with marked.open("rb") as source:
        sign_into(source, out, nasty, stranger)
    path = tmp_path / "nasty.mp4"
    path.write_bytes(out.getvalue())
    report = verify(path, None)
    assert report.findings.manifest.valid
    words = in_words(report, "nasty.mp4", colour=False)
    assert "\033" not in words and "\u202e" not in words
    assert len(report.findings.manifest.said.title) <= 300
