"""The storyboard keeps the contract of a generator, by the kit that outside authors run too."""

from __future__ import annotations

import numpy as np
import pytest

from reelgate.testing.generators import check_generator
from reelgate.words import Kind, Order
from reelgate_integrations.generators.storyboard.generator import StoryboardGenerator


@pytest.mark.parametrize(
    ("text", "seconds", "size", "fps"),
    [("a baby hippo swimming", 1.0, (144, 256), 12), ("a red car in the rain at night", 1.3, (256, 144), 7)],
)
def test_the_storyboard_passes_the_conformance_kit(
    text: str, seconds: float, size: tuple[int, int], fps: int
) -> None:
    """Also at a frame rate that does not divide the sample rate, and a length that is not whole frames."""
    footage = check_generator(StoryboardGenerator(), Order(Kind.REEL, text, seconds, *size, fps, 7))
    sound = np.concatenate([moment.sound for moment in footage.clip.open()])
    assert np.abs(sound).max() > 0.1
    assert not sound[-1].any()
