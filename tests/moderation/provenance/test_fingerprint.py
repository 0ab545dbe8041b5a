"""The fingerprint tells a copy of our reel from another picture; PDQ's own library is the hasher here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reelgate.errors import BadInput
from reelgate.media.decode import open_clip
from reelgate_moderation.hashes.pdq import pdq
from reelgate_moderation.provenance.fingerprint import (
    LIMIT,
    Fingerprint,
    Likeness,
    distance,
    fingerprint_of,
    from_text,
    likeness,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path



def test_a_harder_compressed_copy_is_alike(reel_maker: Callable[..., Path]) -> None:
    ours = fingerprint_of(open_clip(reel_maker(seed=1)), pdq)
    assert len(ours.hashes) == 4
    copy = fingerprint_of(open_clip(reel_maker(seed=1, crf=36)), pdq)
    assert likeness(copy, ours) is Likeness.ALIKE


def test_a_smaller_copy_cut_short_is_alike(reel_maker: Callable[..., Path]) -> None:
    ours = fingerprint_of(open_clip(reel_maker(seed=1)), pdq)
    copy = fingerprint_of(open_clip(reel_maker(seed=1, size=192, seconds=1.0)), pdq)
    assert likeness(copy, ours) is Likeness.ALIKE


def test_another_picture_is_different(reel_maker: Callable[..., Path]) -> None:
    ours = fingerprint_of(open_clip(reel_maker(seed=1)), pdq)
    other = fingerprint_of(open_clip(reel_maker(seed=2)), pdq)
    bits = distance(other, ours)
    assert bits is not None and bits > 1.5 * LIMIT
    assert likeness(other, ours) is Likeness.DIFFERENT


def test_plain_pictures_cannot_be_told_apart_and_are_not_claimed(reel_maker: Callable[..., Path]) -> None:
    clip = open_clip(reel_maker(seed=1))
    plain = fingerprint_of(clip, lambda luma: (0, 10))
    assert plain == Fingerprint(())
    assert likeness(plain, plain) is Likeness.UNKNOWN
    assert likeness(Fingerprint((1,)), None) is Likeness.UNKNOWN


def test_the_ledgers_text_comes_back() -> None:
    print_ = Fingerprint((0, 2**256 - 1, 12345))
    assert from_text(print_.text) == print_
    assert from_text(Fingerprint(()).text) == Fingerprint(())


@pytest.mark.parametrize(
    "text", ["", "pdq2:" + "0" * 64, "pdq1:xyz", "pdq1:" + "0" * 63, "pdq1" + (":" + 64 * "0") * 33]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        from_text(text)
