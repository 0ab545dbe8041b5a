"""A meadow: rolling hills, tree clumps, flowers, and grass before the lens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import plants, skies
from ..colour import mix, shift
from ..front import bough, flowers, grass, rank, stones
from ..land import grass_fringe, ground, hills, strew
from ..layers import Backdrop, Band, Painter, Set

if TYPE_CHECKING:
    import skia


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u, horizon, feet = lay.u, lay.horizon, lay.ground
    top = feet - u * (7.5 if not lay.tall else 9.5)
    gap = top - horizon

    def tree(air: float) -> Painter:
        return lambda canvas, tall: (plants.pine if rng.random() < 0.22 else plants.round_tree)(
            stage, canvas, tall, mix(pal.leaf, pal.leaf2, rng.random()), pal.wood, distance=air
        )

    def bush(canvas: skia.Canvas, tall: float) -> None:
        plants.bush(stage, canvas, tall, mix(pal.leaf2, pal.leaf, rng.random()), distance=0.22)

    def scatter(band: Band) -> None:
        blade = mix(pal.ground2, pal.leaf, 0.35)
        strew(stage, band, top + u * 2, lay.height - u * 3, 22, lambda c, s: plants.tuft(stage, c, s, blade, 6), 2.4)
        if not stage.snowy:
            strew(stage, band, top + u * 1, lay.height - u * 5, 16, flower, 3.4)

    def flower(canvas: skia.Canvas, size: float) -> None:
        petal = rng.choice((pal.accent, pal.accent2, pal.accent, pal.lit(0xFFF6E6)))
        plants.flower(stage, canvas, size, mix(petal, pal.ground, 0.08), shift(pal.ground2, -0.06))

    edge = (
        None
        if stage.snowy
        else (lambda canvas, size: plants.tuft(stage, canvas, size, mix(pal.ground, pal.ground2, rng.random()), 5))
    )
    back = (
        skies.sky(stage, lay.ground),
        skies.clouds(stage, 4),
        hills(
            stage,
            horizon + u * 1.5,
            u * (18 if lay.tall else 11),
            pal.far,
            depth=0.10,
            air=0.58,
            waves=2,
            bottom=horizon + gap * 0.7 + u * 6,
        ),
        hills(
            stage,
            horizon + gap * 0.25 + u * 2,
            u * (10 if lay.tall else 7),
            pal.mid,
            depth=0.24,
            air=0.32,
            waves=2,
            bottom=top + u * 2,
            grow=((5, 9 if lay.tall else 7, tree(0.40)), (4, 6, tree(0.42))),
        ),
        hills(
            stage,
            horizon + gap * 0.62 + u * 2,
            u * 5,
            pal.near,
            depth=0.48,
            air=0.12,
            waves=2,
            bottom=top + u * 4,
            misty=0.15,
            grow=((1.3, 27 if lay.tall else 19, tree(0.14)), (3, 6, bush)),
        ),
        ground(
            stage,
            top=top,
            colour=pal.ground,
            dark=pal.ground2,
            scatter=scatter,
            edge=edge,
            lines=shift(pal.ground, 0.02),
        ),
    )
    lush = mix(pal.ground2, pal.leaf, 0.35)
    near = (
        rank(stage, (1.2, 5, stones(stage, pal.mid)), (2.0, 6, grass(stage, pal.ground2)))
        if stage.snowy
        else rank(stage, (1.7, 12, flowers(stage)), (3.0, 9, grass(stage, lush)), (0.7, 5, stones(stage, pal.mid)))
    )
    overhead = (bough(stage, count=0.7),) if rng.random() < 0.6 and not stage.snowy else ()
    return Backdrop(
        back,
        (*overhead, near, grass_fringe(stage)),
        "snow" if stage.snowy else "grass",
        mix(pal.shade, pal.ground2, 0.3),
    )
