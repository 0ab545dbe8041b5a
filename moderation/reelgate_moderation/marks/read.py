"""The blind reader: luma in, detection out.

It looks where most files are first (upright, whole, at most resized), then near that, then everywhere; it
stops at the first message that passes its check and the chance bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from reelgate.media.clip import flattened
from reelgate.words import Detection, MarkFormat
from reelgate_moderation.marks.align import aligned
from reelgate_moderation.marks.chance import sync_log_chance
from reelgate_moderation.marks.despread import Word, read_word
from reelgate_moderation.marks.lattice import Lattice, fold, mirrored, upright
from reelgate_moderation.marks.payload import DEFAULT_KEY
from reelgate_moderation.marks.residual import residual_sum
from reelgate_moderation.marks.search import FAR, NEAR, look, peaks
from reelgate_moderation.marks.tile import carrier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from reelgate.contract import Clip
    from reelgate_moderation.marks.residual import Residuals
    from reelgate_moderation.marks.tile import Carrier

_EVERY = 3
_ENOUGH = 24
_LOOP = 80
"""A clip of up to so many frames is read whole: it may be a loop of which few frames hold anything new."""
_GUESSES = 8
_NEAR_GUESSES = 2
_SMALLEST = 96
"""Short side in pixels below which a picture holds too few pixels a cell to be read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found under one key: the word, if any, the sync's score and chance, and where the tile lay."""

    word: Word | None
    sync: float
    log_chance: float
    lattice: Lattice | None = None


def sampled(clip: Clip) -> Iterator[NDArray[np.uint8]]:
    """The luma of every third frame, of every frame in short clips; what is transparent lies on white."""
    every = 1 if clip.frames <= _LOOP else max(1, min(_EVERY, clip.frames // _ENOUGH))
    for moment in islice(clip.open(), 0, None, every):
        yield flattened(moment.frame).y


def detect_luma(frames: Iterable[NDArray[np.uint8]], keys: Sequence[bytes] = (DEFAULT_KEY,)) -> Detection:
    """What the frames, uint8 luma (height, width) of one size, say under any of ``keys``.

    A whole message gives ``payload``; a short one gives its eight digits in ``candidates``, because only the
    ledger can say which id they begin. ``presence`` is the signal-to-noise of the coded symbols when a message
    was read, otherwise the sync's score; ``p_value`` bounds the chance of either on unmarked pictures, all
    keys counted.
    """
    sums = residual_sum(frames)
    if sums is None or min(sums.total.shape) < _SMALLEST:
        return Detection(None)
    readings = [read_sums(sums, carrier(key)) for key in keys]
    best = min(readings, key=lambda reading: reading.log_chance)
    p_value = min(1.0, float(np.exp(best.log_chance)) * len(keys))
    word = best.word
    if word is None:
        return Detection(None, (), best.sync, p_value)
    if word.format is MarkFormat.SHORT:
        return Detection(None, (word.id,), word.z, p_value, MarkFormat.SHORT)
    return Detection(word.id, (), word.z, p_value, MarkFormat.FULL)


def read_sums(sums: Residuals, ground: Carrier) -> Reading:
    """What the residual sums of a clip say under one key."""
    tried = 0
    for lattice in (upright(sums.total.shape), mirrored(sums.total.shape)):
        for total in sums.each():
            tried += 1
            word = read_word(fold(total, lattice), ground, tried)
            if word is not None:
                return Reading(word, word.z, word.log_chance, lattice)
    readings = []
    for total in sums.each():
        reading = _searched(total, ground, tried)
        if reading.word is not None:
            return reading
        readings.append(reading)
        tried += _GUESSES + _NEAR_GUESSES
    return min(readings, key=lambda reading: reading.log_chance)


def _searched(total: NDArray[np.float32], ground: Carrier, tried: int) -> Reading:
    """What the sum says where the sync lines are found; ``tried`` counts the folds read before."""
    found = peaks(total)
    searched, sync, chance = 0, 0.0, 0.0
    for field, keep in ((NEAR, _NEAR_GUESSES), (FAR, _GUESSES)):
        guesses = look(found, total.shape, ground.lines, field, keep)
        searched += field.size
        for guess in guesses:
            sync = max(sync, float(guess.score))
            # Two sums may be searched: each geometry counts twice.
            chance = min(chance, sync_log_chance(found, guess, 2 * searched))
            lattice = aligned(total, guess.lattice, ground)
            tried += 1
            word = read_word(fold(total, lattice), ground, tried)
            if word is not None:
                return Reading(word, sync, min(word.log_chance, chance), lattice)
    return Reading(None, sync, chance)
