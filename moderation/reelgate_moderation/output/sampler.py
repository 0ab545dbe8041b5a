"""Picks what is screened out of a passing stream, in bounded memory.

Two samples a second are kept whatever happens; between them every frame is compared with the last one kept,
and one that differs much is kept too, so that a short insert or a flash does not slip through. Each sample
carries the loudest block of sound since the one before.
"""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate.contract import Sample
from reelgate_moderation.errors import SamplesInvalid
from reelgate_moderation.hashes.pdq import pdq_rgb
from reelgate_moderation.output.pictures import LONGEST, light_of_frame, small_rgb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from reelgate.contract import Moment

PER_SECOND = 2
CHANGES_PER_SECOND = 12
"""Most extra samples for each planned second, over the whole clip."""

BURST = 24
"""Most extra samples within one second: enough to see soft flashes whose every frame is a change."""

_SAME_WAY = 3
_SWING = 0.1
_BRIGHT = 0.8
_AREA = 0.2
_CUT = 0.04
_LONGEST_BLOCK = 48_000


@dataclass(slots=True)
class _Kept:
    at: float
    rgb: NDArray[np.uint8]
    sound: NDArray[np.float32]
    regular: bool


class Sampler:
    """Fed every moment of a clip through :meth:`offer`; afterwards :meth:`samples` gives what to screen.

    ``fps`` is frames a second, ``duration`` the planned seconds. A stream that runs on longer than planned
    is still covered to its end: the regular samples are then thinned out instead of growing in number.
    """

    def __init__(self, fps: float, duration: float) -> None:
        self._fps = fps
        self._duration = duration
        self._step = max(1, round(fps / PER_SECOND))
        self._most_regular = math.ceil(duration * PER_SECOND) + 2
        self._most_changes = math.ceil(duration) * CHANGES_PER_SECOND
        self._kept: list[_Kept] = []
        self._light: NDArray[np.float32] | None = None
        self._way: NDArray[np.float32] | None = None
        self._same_way = 0
        self._changes: list[float] = []
        self._loudest = np.zeros((0, 2), np.float32)

    def offer(self, index: int, moment: Moment) -> None:
        """Look at frame ``index`` and keep it if it is due or new. Never keeps a reference to the frame."""
        at = index / self._fps
        if _peak(moment.sound) > _peak(self._loudest):
            self._loudest = np.array(moment.sound[:_LONGEST_BLOCK], np.float32)
        light = light_of_frame(moment.frame)
        if index % self._step == 0:
            self._keep(at, moment, light, regular=True)
            return
        way = self._change(light)
        if way is None:
            return
        self._changes = [when for when in self._changes if at - when < 1.0]
        same = self._way is not None and float((self._way * way).sum()) > 0
        self._same_way = self._same_way + 1 if same else 0
        self._way = way
        full = len(self._changes) >= BURST or self._count(regular=False) >= self._most_changes
        if self._kept and not self._kept[-1].regular and (full or self._same_way >= _SAME_WAY):
            self._kept.pop()
        elif full:
            return
        else:
            self._changes.append(at)
        self._keep(at, moment, light, regular=False)

    def samples(self) -> Iterator[Sample]:
        """What was kept, in order of time."""
        for kept in self._kept:
            yield Sample(kept.at, kept.rgb, kept.sound)

    def hashes(self) -> list[tuple[float, int, int]]:
        """Time in seconds, PDQ hash and its quality, for each sample."""
        return [(kept.at, *pdq_rgb(kept.rgb)) for kept in self._kept]

    def __len__(self) -> int:
        return len(self._kept)

    def _change(self, light: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """How each cell's light went since the last frame kept, or None when too little of it changed."""
        if self._light is None or self._light.shape != light.shape:
            return np.ones_like(light)
        apart = light - self._light
        swung = (np.abs(apart) >= _SWING) & (np.minimum(light, self._light) < _BRIGHT)
        cut = float(np.abs(np.sqrt(light) - np.sqrt(self._light)).mean())
        return np.sign(apart) if float(swung.mean()) >= _AREA or cut >= _CUT else None

    def _keep(self, at: float, moment: Moment, light: NDArray[np.float32], regular: bool) -> None:
        self._kept.append(_Kept(at, small_rgb(moment.frame), self._loudest, regular))
        self._loudest = np.zeros((0, 2), np.float32)
        self._light = light
        if regular and self._count(regular=True) > self._most_regular:
            self._thin()

    def _count(self, regular: bool) -> int:
        return sum(kept.regular == regular for kept in self._kept)

    def _thin(self) -> None:
        """Drop every second regular sample and look half as often from now on."""
        drop = [kept for kept in self._kept if kept.regular][1::2]
        self._kept = [kept for kept in self._kept if not any(kept is one for one in drop)]
        self._step *= 2

    def to_bytes(self) -> bytes:
        """The samples as a compressed NumPy archive without pickled objects."""
        out = io.BytesIO()
        shape = self._kept[0].rgb.shape if self._kept else (0, 0, 3)
        np.savez_compressed(
            out,
            clock=np.array([self._fps, self._duration], np.float64),
            at=np.array([kept.at for kept in self._kept], np.float64),
            regular=np.array([kept.regular for kept in self._kept], np.bool_),
            rgb=np.stack([kept.rgb for kept in self._kept]) if self._kept else np.zeros((0, *shape), np.uint8),
            sound=np.concatenate([kept.sound for kept in self._kept] or [np.zeros((0, 2), np.float32)]),
            blocks=np.array([len(kept.sound) for kept in self._kept], np.int64),
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Sampler:
        """The sampler whose :meth:`to_bytes` made ``data``; raises :class:`SamplesInvalid`."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as found:
                fps, duration = (float(value) for value in found["clock"])
                made = cls(fps, duration)
                rgb, sound, ends = found["rgb"], found["sound"], np.cumsum(found["blocks"])
                times, regular = found["at"], found["regular"]
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as cause:
            raise SamplesInvalid("the stored samples are no archive of samples") from cause
        fits = (
            rgb.ndim == 4 and rgb.dtype == np.uint8 and rgb.shape[3] == 3 and max(rgb.shape[1:3]) <= LONGEST
            and sound.ndim == 2 and sound.shape[1] == 2 and len(times) == len(regular) == len(ends) == len(rgb)
            and (not len(ends) or ends[-1] == len(sound))
        )  # fmt: skip
        if not fits:
            raise SamplesInvalid("the stored samples do not fit together")
        blocks = np.split(sound.astype(np.float32), ends[:-1]) if len(ends) else []
        made._kept = [
            _Kept(float(at), picture, block, bool(due))
            for at, picture, block, due in zip(times, rgb, blocks, regular, strict=True)
        ]
        return made


def _peak(sound: NDArray[np.float32]) -> float:
    """The largest absolute value; -1 for no sound at all, infinity where a value is not finite."""
    if not sound.size:
        return -1.0
    top = float(np.abs(sound).max())
    return top if math.isfinite(top) else math.inf
