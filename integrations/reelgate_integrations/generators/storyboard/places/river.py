"""A river or a lake: wooded hills, a reedy far bank, open water, lilies and reeds before the lens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import plants, skies
from ..colour import mix
from ..front import bough
from ..land import fringe, hills
from ..layers import Backdrop, Painter, Set
from ..water import Glints, lilies, plane, spec

if TYPE_CHECKING:
    import skia

    from ..layers import Layer, Mover


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u, horizon = lay.u, lay.horizon
    shore = horizon + (lay.ground - horizon) * 0.16

    def tree(air: float) -> Painter:
        return lambda canvas, tall: (plants.pine if rng.random() < 0.3 else plants.round_tree)(
            stage, canvas, tall, mix(pal.leaf, pal.leaf2, rng.random()), pal.wood, distance=air
        )

    def bush(canvas: skia.Canvas, tall: float) -> None:
        plants.bush(stage, canvas, tall, mix(pal.leaf2, pal.leaf, rng.random()), distance=0.25)

    def reed(canvas: skia.Canvas, tall: float) -> None:
        plants.reed(stage, canvas, tall, mix(pal.leaf, pal.near, 0.5))

    def dark_reed(canvas: skia.Canvas, tall: float) -> None:
        plants.reed(stage, canvas, tall, pal.fore, blur=u * 0.22)

    back: tuple[Layer | Mover, ...] = (
        skies.sky(stage, lay.ground),
        skies.clouds(stage, 4),
        hills(
            stage,
            horizon + u,
            u * (24 if lay.tall else 15),
            pal.far,
            depth=0.08,
            air=0.56,
            waves=2,
            bottom=shore + u * 2,
        ),
        hills(
            stage,
            horizon + u * 0.5,
            u * 7,
            pal.mid,
            depth=0.16,
            air=0.36,
            waves=2,
            bottom=shore + u * 2,
            grow=((12, 9 if lay.tall else 7, tree(0.42)),),
        ),
        plane(stage, shore - u * 0.4),
        hills(
            stage,
            shore + u * 0.2,
            u * 1.6,
            mix(pal.near, pal.leaf2, 0.35),
            depth=0.30,
            air=0.16,
            waves=3,
            misty=0.12,
            bottom=shore + u * 0.7,
            grow=((2.4, 24 if lay.tall else 16, tree(0.2)), (6, 6, bush), (8, 5.5, reed)),
        ),
        Glints(stage, shore + u * 1.0),
        lilies(stage, lay.ground - u * 5.5, depth=0.72, count=2, size=3.0),
    )
    overhead = (bough(stage, count=0.8),) if rng.random() < 0.7 and not stage.snowy else ()
    front: tuple[Layer | Mover, ...] = (
        *overhead,
        lilies(stage, lay.ground + u * 13, depth=1.22, count=2, size=5.2),
        fringe(stage, dark_reed, count=3, size=17, depth=1.5),
    )
    return Backdrop(back, front, "water", mix(pal.shade, pal.deep, 0.5), spec(stage))
