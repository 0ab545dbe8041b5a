"""Under the sea: light from above, rock and kelp rank behind rank, coral on a sand floor."""

from __future__ import annotations

from math import cos, pi, sin

import skia

from .. import plants
from ..brush import blob, polygon, stroke, two_tone, vertical
from ..brush import paint as ink
from ..colour import argb, mix, shift
from ..land import fringe, ground, hills, strew
from ..layers import Backdrop, Band, Layer, Mover, Painter, Set, View


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u = lay.u
    floor = lay.height * (0.80 if lay.tall else 0.84)
    mist = mix(pal.water, pal.deep, 0.42)

    def weed(air: float, tall: float = 1.0) -> Painter:
        return lambda canvas, size: kelp(
            stage, canvas, size * tall, mix(mix(pal.leaf, pal.leaf2, rng.random()), mist, air)
        )

    def growth(canvas: skia.Canvas, size: float) -> None:
        coral(
            stage,
            canvas,
            size,
            mix(rng.choice((pal.accent, pal.accent2, mix(pal.accent, pal.accent2, 0.5))), mist, 0.18),
        )

    def scatter(band: Band) -> None:
        strew(
            stage,
            band,
            floor + u * 0.5,
            floor + u * 5,
            4,
            lambda c, s: plants.rock(stage, c, s, mix(pal.near, pal.wood, 0.4)),
            6,
        )
        strew(stage, band, floor + u * 0.6, floor + u * 7, 7, growth, 6.5)
        strew(
            stage,
            band,
            floor + u * 2,
            lay.height - u * 2,
            22,
            lambda c, s: c.drawArc(
                skia.Rect(-s, -s * 0.18, s, s * 0.18),
                10,
                160,
                False,
                stroke(mix(pal.ground2, pal.deep, 0.2), s * 0.07, 0.5),
            ),
            2.6,
        )

    def dark(canvas: skia.Canvas, size: float) -> None:
        kelp(stage, canvas, size, mix(pal.deep, pal.shade, 0.6), blur=u * 0.35)

    back: tuple[Layer | Mover, ...] = (
        _depth(stage),
        hills(
            stage,
            floor - u * 3,
            u * 30,
            mix(pal.far, mist, 0.45),
            depth=0.10,
            air=0.0,
            waves=2,
            rough=0.6,
            bottom=floor + u * 3,
            misty=0.0,
            grow=((4, 14, weed(0.62)),),
        ),
        hills(
            stage,
            floor - u * 1,
            u * 17,
            mix(pal.mid, mist, 0.25),
            depth=0.24,
            air=0.0,
            waves=2,
            rough=0.6,
            bottom=floor + u * 3,
            misty=0.0,
            grow=((5, 20, weed(0.40)),),
        ),
        hills(
            stage,
            floor + u * 1,
            u * 8,
            mix(pal.near, mist, 0.10),
            depth=0.50,
            air=0.0,
            waves=3,
            rough=0.5,
            bottom=floor + u * 4,
            misty=0.0,
            grow=((3, 27, weed(0.15)), (4, 7, growth)),
        ),
        Shafts(stage),
        ground(
            stage,
            top=floor,
            colour=mix(pal.ground, mist, 0.25),
            dark=mix(pal.ground2, pal.deep, 0.4),
            wave=1.6,
            scatter=scatter,
            lines=mix(pal.ground, mist, 0.1),
        ),
    )
    return Backdrop(back, (fringe(stage, dark, count=2, size=26),), "sand", mix(pal.deep, pal.shade, 0.4))


def _depth(stage: Set) -> Layer:
    """The water itself: bright at the top, deep below, with the surface seen from underneath."""
    lay, pal = stage.layout, stage.palette
    band = Band(lay.width, 0, lay.height + 8)
    top = mix(pal.water, 0xFFFFFF, 0.30 if not stage.light.moon else 0.05)
    band.wash(
        vertical(
            0,
            lay.height,
            [argb(top), argb(pal.water), argb(mix(pal.water, pal.deep, 0.55)), argb(pal.deep)],
            [0, 0.18, 0.55, 1],
        )
    )
    x = stage.light.sun[0] * lay.width
    glow = mix(pal.water, 0xFFFFFF, 0.7)
    band.canvas.drawRect(
        skia.Rect(0, 0, lay.width + 4, lay.height),
        skia.Paint(
            Shader=skia.GradientShader.MakeRadial(
                (x, -lay.u * 4),
                lay.u * 75,
                [argb(glow, 0.75 if not stage.light.moon else 0.35), argb(glow, 0.14), argb(glow, 0)],
            )
        ),
    )
    return band.layer(0.0, grain=1)


def kelp(stage: Set, canvas: skia.Canvas, height: float, colour: int, *, blur: float = 0.0) -> None:
    """A few ribbons of kelp with leaves, bent by the current."""
    rng = stage.rng
    for _ in range(rng.randint(2, 4)):
        x, tall, turn = rng.uniform(-0.18, 0.18) * height, height * rng.uniform(0.6, 1.0), rng.uniform(0, 6)
        spine = [(x + 0.055 * height * sin(turn + 5 * s), -tall * s) for s in (k / 14 for k in range(15))]
        tone = shift(colour, rng.uniform(-0.03, 0.03))
        path = skia.Path()
        path.moveTo(spine[0][0], 6)
        for px, py in spine:
            path.lineTo(px, py)
        line = stroke(tone, max(1.0, height * 0.02))
        if blur:
            line.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        canvas.drawPath(path, line)
        for k, (px, py) in enumerate(spine[2:]):
            side = 1 if k % 2 else -1
            length = height * 0.095 * (1 - 0.5 * k / 13)
            leaf = skia.Path()
            leaf.moveTo(px, py)
            leaf.quadTo(px + side * length * 0.5, py - length * 1.0, px + side * length * 1.15, py - length * 1.25)
            leaf.quadTo(px + side * length * 0.75, py - length * 0.2, px, py)
            canvas.drawPath(leaf, ink(shift(tone, 0.03 * (k % 2)), blur=blur))


def coral(stage: Set, canvas: skia.Canvas, size: float, colour: int) -> None:
    """One of three corals: branching, brain or fan of tubes."""
    rng = stage.rng
    kind = rng.random()
    if kind < 0.4:
        for k in range(5):
            turn = -pi * (0.2 + 0.6 * k / 4) + rng.uniform(-0.08, 0.08)
            length = size * rng.uniform(0.6, 0.95)
            ex, ey = cos(turn) * length * 0.8, sin(turn) * length
            path = skia.Path()
            path.moveTo(0, 3)
            path.quadTo(ex * 0.25, ey * 0.6, ex, ey)
            canvas.drawPath(path, stroke(shift(colour, 0.02 * (k % 2)), size * 0.13))
            canvas.drawLine(
                ex * 0.52,
                ey * 0.66,
                ex * 0.52 + size * 0.14 * (1 if k % 2 else -1),
                ey * 0.66 - size * 0.2,
                stroke(shift(colour, 0.03), size * 0.10),
            )
    elif kind < 0.72:
        two_tone(
            canvas, blob(rng, 0, -size * 0.26, size * 0.95, size * 0.72, 9), colour, stage.light.toward, size * 0.5
        )
        for _ in range(7):
            x, y = rng.uniform(-0.3, 0.3) * size, -rng.uniform(0.1, 0.5) * size
            canvas.drawArc(
                skia.Rect(x - size * 0.1, y - size * 0.06, x + size * 0.1, y + size * 0.06),
                rng.uniform(0, 360),
                200,
                False,
                stroke(shift(colour, -0.06), size * 0.035, 0.7),
            )
    else:
        for k in range(5):
            x, h, w = (k - 2) * size * 0.19, size * rng.uniform(0.45, 0.95), size * 0.15
            canvas.drawRoundRect(
                skia.Rect(x - w / 2, -h, x + w / 2, 4), w * 0.45, w * 0.45, ink(shift(colour, 0.025 * (k % 2)))
            )
            canvas.drawOval(skia.Rect(x - w / 2, -h - w * 0.05, x + w / 2, -h + w * 0.45), ink(shift(colour, -0.12)))


class Shafts:
    """Beams of light from the surface, swaying."""

    def __init__(self, stage: Set) -> None:
        lay, pal, rng = stage.layout, stage.palette, stage.rng
        self._lay = lay
        strong = 0.022 if stage.light.moon else 0.05
        tone = mix(pal.water, 0xFFFFFF, 0.75)
        self._paint = vertical(0, lay.height * 0.85, [argb(tone, strong), argb(tone, strong * 0.5), argb(tone, 0)])
        self._paint.setBlendMode(skia.BlendMode.kPlus)
        self._beams = [
            (rng.uniform(-0.1, 1.1), rng.uniform(0.04, 0.10), rng.uniform(0, 2 * pi), rng.uniform(0.6, 1.1))
            for _ in range(5)
        ]
        self._lean = -stage.light.toward[0] * 0.35

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Sway and breathe."""
        lay = self._lay
        for x0, w, turn, pace in self._beams:
            x = (
                (x0 * lay.width - view.x * 0.12) % (lay.width * 1.3)
                - lay.width * 0.15
                + lay.u * 3 * sin(turn + 0.4 * pace * view.t)
            )
            wide = lay.width * w * (0.75 + 0.25 * sin(2 * turn + 0.7 * pace * view.t))
            foot = lay.height * 0.85
            for part in (1.0, 0.66, 0.34):
                # three nested wedges make an edge that is soft without a blur each frame
                near, far = wide * 0.35 * part, wide * part
                end = x + self._lean * foot
                wedge = polygon([(x - near, -4), (x + near, -4), (end + far, foot), (end - far, foot)])
                canvas.drawPath(wedge, self._paint)
