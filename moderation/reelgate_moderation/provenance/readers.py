"""The house's own readers: the invisible picture mark and, where it stands, the visible label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate.words import Detection
from reelgate_moderation.marks.payload import DEFAULT_KEY
from reelgate_moderation.marks.picture import TilePictureMark
from reelgate_moderation.provenance.report import LabelSeen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reelgate.contract import Clip


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
        """The label, looked for where it is drawn."""
        return LabelSeen(False, "", 0.0)
