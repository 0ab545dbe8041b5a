"""The open sea: a wide horizon, headlands and islands far off, rolling water."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import plants, skies
from ..colour import mix
from ..land import hills
from ..layers import Backdrop, Set
from ..water import Glints, Swell, plane, spec

if TYPE_CHECKING:
    import skia

    from ..layers import Layer, Mover


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u, horizon = lay.u, lay.horizon

    def palm(canvas: skia.Canvas, tall: float) -> None:
        plants.palm(stage, canvas, tall, pal.leaf2, pal.wood, distance=0.42)

    def bush(canvas: skia.Canvas, tall: float) -> None:
        plants.bush(stage, canvas, tall, mix(pal.leaf, pal.leaf2, rng.random()), distance=0.45)

    back: tuple[Layer | Mover, ...] = (
        skies.sky(stage, lay.ground),
        skies.clouds(stage, 5, low=0.86),
        hills(
            stage,
            horizon + u * 0.2,
            u * 5.5,
            pal.far,
            depth=0.05,
            air=0.60,
            waves=1,
            rough=0.6,
            bottom=horizon + u * 0.4,
        ),
        hills(
            stage,
            horizon + u * 0.5,
            u * 3.4,
            pal.near,
            depth=0.09,
            air=0.40,
            waves=1,
            rough=0.5,
            bottom=horizon + u * 0.6,
            grow=((2, 4.5, palm), (4, 2.0, bush)),
        ),
        plane(stage, horizon),
        Glints(stage, horizon + u * 0.5),
        Swell(stage, horizon + (lay.ground - horizon) * 0.35, 0.55, 0.8),
        Swell(stage, horizon + (lay.ground - horizon) * 0.72, 0.80, 1.1),
    )
    front: tuple[Layer | Mover, ...] = (
        Swell(stage, lay.ground + u * 10, 1.2, 1.7),
        Swell(stage, lay.ground + u * 21, 1.5, 2.4),
    )
    return Backdrop(back, front, "water", mix(pal.shade, pal.deep, 0.5), spec(stage))
