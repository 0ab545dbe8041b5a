"""The one key light of a scene: where it stands, what shadows it throws, what it does to the frame."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

import numpy as np

from .brush import veil

if TYPE_CHECKING:
    import random

    import skia
    from numpy.typing import NDArray

LIGHTS = ("dawn", "day", "sunset", "night")


@dataclass(frozen=True, slots=True)
class Light:
    """``toward`` points from things to the lamp on screen (x right, y down, unit length).

    ``sun`` is the lamp's place as shares of the frame and ``disc`` its radius in hundredths; ``shadow`` is how
    strong shadows are, ``slant`` how far a cast shadow reaches sideways per unit of height, ``flat`` how high
    it lies on the ground; ``stars`` is how many per megapixel; ``vignette`` darkens the corners.
    """

    name: str
    toward: tuple[float, float]
    sun: tuple[float, float]
    disc: float
    moon: bool
    shadow: float
    slant: float
    flat: float
    stars: int
    vignette: float


def choose(name: str, rng: random.Random, *, weather: str = "clear", facing: int = 1) -> Light:
    """A light of the given name; mostly it comes from ahead of the subject, so that the face is lit."""
    side = facing if rng.random() < 0.72 else -facing
    x = 0.5 + side * rng.uniform(0.16, 0.30)
    soft = 0.5 if weather in ("rain", "snow") else 1.0
    if name == "day":
        place, disc, shadow, slant, flat, vignette = (x, rng.uniform(0.10, 0.16)), 4.2, 0.34, 0.35, 0.16, 0.20
    elif name == "dawn":
        place, disc, shadow, slant, flat, vignette = (x, rng.uniform(0.36, 0.42)), 6.5, 0.30, 1.1, 0.14, 0.24
    elif name == "sunset":
        place, disc, shadow, slant, flat, vignette = (x, rng.uniform(0.37, 0.44)), 8.5, 0.40, 1.5, 0.13, 0.34
    else:
        place, disc, shadow, slant, flat, vignette = (x, rng.uniform(0.13, 0.20)), 6.0, 0.36, 0.5, 0.15, 0.42
    dx, dy = side * 0.62, -0.78
    if name in ("dawn", "sunset"):
        dx, dy = side * 0.82, -0.57
    n = hypot(dx, dy)
    return Light(
        name=name,
        toward=(dx / n, dy / n),
        sun=place,
        disc=disc,
        moon=name == "night",
        shadow=shadow * soft,
        slant=-side * slant * soft,
        flat=flat,
        stars={"night": 170, "dawn": 0, "sunset": 14}.get(name, 0),
        vignette=vignette,
    )


def finish(
    width: int, height: int, light: Light, shade: int, seed: int, grain: float = 0.013
) -> tuple[skia.Image, ...]:
    """Four transparent images, one for each frame in turn: vignette and grain together.

    The corners sink into ``shade`` (0xRRGGBB); ``grain`` is the standard deviation of the brightness, 0..1.
    """
    rng = np.random.default_rng(seed)
    y = (np.arange(height, dtype=np.float32)[:, None] / height - 0.5) * 2
    x = (np.arange(width, dtype=np.float32)[None, :] / width - 0.5) * 2
    fall = np.clip((np.sqrt(0.55 * x * x + 0.62 * y * y) - 0.55) / 0.65, 0, 1)
    dark = (fall * fall * (3 - 2 * fall) * light.vignette).astype(np.float32)
    tone = np.array([(shade >> k & 255) / 255 for k in (16, 8, 0)], dtype=np.float32)
    made = []
    for _ in range(4):
        half = rng.standard_normal(((height + 1) // 2, (width + 1) // 2), dtype=np.float32)
        noise: NDArray[np.float32] = np.repeat(np.repeat(half, 2, axis=0), 2, axis=1)[:height, :width]
        fine = rng.standard_normal((height, width), dtype=np.float32)
        # a veil of opacity a moves a middle tone by about a / 2: white lifts it, black lowers it
        noise = np.clip(np.float32(grain * 1.7) * (noise * np.float32(0.7) + fine * np.float32(0.6)), -0.2, 0.2)
        over = np.abs(noise)
        alpha = 1 - (1 - dark) * (1 - over)
        white = np.where(noise > 0, noise, 0)
        colour = (white[..., None] + tone * (dark * (1 - over))[..., None]) / np.maximum(alpha, 1e-3)[..., None]
        made.append(veil((np.clip(colour, 0, 1) * 255 + 0.5).astype(np.uint8), (alpha * 255 + 0.5).astype(np.uint8)))
    return tuple(made)
