"""Small clips for the media tests: a moving pattern with a tone, or a flash with a click."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest

from reelgate.contract import SAMPLE_RATE, Moment
from reelgate.media.clip import frame_from_rgb
from reelgate.media.encode import encode
from reelgate.media.fit import EncodePlan, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def edge(index: int, fps: int) -> int:
    return round(index * SAMPLE_RATE / fps)


def moving(frames: int, width: int, height: int, fps: int) -> Iterator[Moment]:
    """A drifting gradient with a 440 Hz tone."""
    rows, columns = np.mgrid[0:height, 0:width]
    for index in range(frames):
        red = (columns * 255 // width + 3 * index) % 256
        rgb = np.stack([red, rows * 255 // height, (columns + rows + 5 * index) % 256], -1).astype(np.uint8)
        times = np.arange(edge(index, fps), edge(index + 1, fps)) / SAMPLE_RATE
        tone = (0.3 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
        yield Moment(frame_from_rgb(rgb), np.stack([tone, tone], -1))


def noisy(frames: int, width: int, height: int, fps: int) -> Iterator[Moment]:
    """Noise in picture and sound: the most that a size can cost."""
    rng = np.random.default_rng(7)
    for index in range(frames):
        rgb = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        count = edge(index + 1, fps) - edge(index, fps)
        yield Moment(frame_from_rgb(rgb), rng.uniform(-1, 1, (count, 2)).astype(np.float32))


def flash(at: int, frames: int, width: int, height: int, fps: int) -> Iterator[Moment]:
    """Black and silent, but for frame ``at``, which is white and clicks at its very beginning."""
    for index in range(frames):
        rgb = np.full((height, width, 3), 255 if index == at else 0, np.uint8)
        sound = np.zeros((edge(index + 1, fps) - edge(index, fps), 2), np.float32)
        if index == at:
            sound[:240] = 0.8 * np.sin(2 * np.pi * 3000 * np.arange(240) / SAMPLE_RATE)[:, None]
        yield Moment(frame_from_rgb(rgb), sound)


@pytest.fixture(scope="session")
def footage() -> dict[str, Callable[..., Iterator[Moment]]]:
    return {"moving": moving, "noisy": noisy, "flash": flash}


@pytest.fixture(scope="session")
def small() -> EncodePlan:
    """One second of 96x96."""
    return plan((1, 1), 1, short_side=96)


@pytest.fixture(scope="session")
def reel(small: EncodePlan) -> bytes:
    """A small finished file."""
    out = io.BytesIO()
    encode(moving(small.frames, small.width, small.height, small.fps), small, out)
    return out.getvalue()
