"""The house's own readers: the invisible picture mark and, where it stands, the visible label."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from reelgate.errors import BadInput
from reelgate.media.clip import flattened
from reelgate.words import Detection
from reelgate_moderation.marks.label import CORNER, TAB, TEXTS, Look, label_score
from reelgate_moderation.marks.payload import DEFAULT_KEY
from reelgate_moderation.marks.picture import TilePictureMark
from reelgate_moderation.provenance.report import LabelSeen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from reelgate.contract import Clip

FOUND = 0.6
"""The least fit that counts as the label; over 30 clips without one it was at most 0.17, with one at CRF 40 0.86."""

FRAMES = 8
"""How many frames, half a second apart, are taken together."""


@dataclass(frozen=True, slots=True)
class HouseReader:
    """Reads with the published key and any ``keys`` of the operator's own."""

    keys: tuple[bytes, ...] = (DEFAULT_KEY,)

    def picture(self, clip: Clip) -> Detection:
        """The tile in the luma, read blind."""
        return TilePictureMark(self.keys).detect(clip)

    def sound(self, clip: Clip) -> Detection:
        """No sound mark is put into reels yet, so none is looked for."""
        return Detection(None)

    def label(self, clip: Clip, texts: Sequence[str]) -> LabelSeen:
        """The label that fits best, looked for where it is drawn, in the mean of a few frames.

        The label stands still and the picture moves, so the mean keeps the one and softens the other. A text
        that the label's alphabet does not hold was never drawn, and is passed over. What is transparent
        lies on white.
        """
        luma = _mean_luma(clip)
        seen = [
            LabelSeen(score >= FOUND, text if score >= FOUND else "", score)
            for text in dict.fromkeys([*texts, *TEXTS.values()])
            for look in (CORNER, TAB)
            if (score := _score(luma, text, look)) is not None
        ]
        return max(seen, key=lambda one: one.score, default=LabelSeen(False, "", 0.0))


def _score(luma: NDArray[np.uint8], text: str, look: Look) -> float | None:
    try:
        return label_score(luma, text, look)
    except BadInput:
        return None


def _mean_luma(clip: Clip) -> NDArray[np.uint8]:
    """The mean of a few frames of the first seconds, uint8 (height, width)."""
    total = np.zeros((clip.height, clip.width), np.float32)
    count = 0
    for moment in islice(clip.open(), 0, FRAMES * (clip.fps // 2 or 1), clip.fps // 2 or 1):
        total += flattened(moment.frame).y
        count += 1
    return np.rint(total / max(count, 1)).astype(np.uint8)
