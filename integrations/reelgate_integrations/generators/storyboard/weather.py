"""What moves in the air: rain, snow, leaves, fireflies, far birds, bubbles, twinkling stars, motes in the light."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

import skia

from .brush import paint, radial, sheet, stroke
from .colour import argb, mix, oklch

if TYPE_CHECKING:
    from .layers import Mover, Set, View


_LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)


class Rain:
    """Slanting streaks at three depths, and rings where drops meet the ground."""

    def __init__(self, stage: Set) -> None:
        lay, rng, pal = stage.layout, stage.rng, stage.palette
        self._lay = lay
        self._slant = rng.choice((-1, 1)) * 0.16
        light = mix(pal.low, 0xFFFFFF, 0.35)
        self._ranks = []
        for depth, count, length, alpha in ((0.5, 90, 5.0, 0.22), (0.9, 60, 8.5, 0.30), (1.5, 26, 15.0, 0.34)):
            drops = [(rng.random(), rng.random(), rng.uniform(0.85, 1.15)) for _ in range(count)]
            self._ranks.append((depth, drops, length * lay.u, stroke(light, lay.u * (0.10 + 0.09 * depth), alpha)))
        self._rings = [(rng.random(), rng.random(), rng.random()) for _ in range(26)]
        self._ring = light

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Fall: straight and steady, as rain does."""
        lay = self._lay
        for depth, drops, length, line in self._ranks:
            path = skia.Path()
            fall = lay.height * (1.25 + 0.75 * depth)
            for x0, y0, pace in drops:
                y = ((y0 + view.t * fall * pace / (lay.height * 1.3)) % 1.0) * lay.height * 1.3 - lay.height * 0.15
                x = (x0 * lay.width * 1.4 + self._slant * y - view.x * depth * 0.5) % (
                    lay.width * 1.4
                ) - lay.width * 0.2
                path.moveTo(x, y)
                path.lineTo(x + self._slant * length, y + length)
            canvas.drawPath(path, line)
        for x0, y0, start in self._rings:
            beat = view.t * 1.6 + start
            age = beat % 1.0
            k = int(beat)
            y = lay.ground + (lay.height - lay.ground) * (((y0 + 0.37 * k) % 1.0) * 1.1 - 0.18)
            x = ((x0 + 0.61 * k) % 1.0 * lay.width * 1.3 - view.x) % (lay.width * 1.3) - lay.width * 0.15
            r = lay.u * (0.3 + 1.5 * age)
            canvas.drawOval(
                skia.Rect(x - r, y - r * 0.3, x + r, y + r * 0.3), stroke(self._ring, lay.u * 0.10, 0.5 * (1 - age))
            )


class Snow:
    """Flakes at three depths, each swinging as it sinks."""

    def __init__(self, stage: Set) -> None:
        lay, rng, pal = stage.layout, stage.rng, stage.palette
        self._lay = lay
        self._wind = rng.uniform(-0.05, 0.05)
        white = mix(pal.lit(0xFAFCFF), 0xFFFFFF, 0.5)
        self._ranks = []
        for depth, count, size, alpha, soft in (
            (0.35, 80, 0.22, 0.65, 0.0),
            (0.8, 46, 0.40, 0.8, 0.0),
            (1.5, 13, 0.95, 0.7, 0.45),
        ):
            flakes = [
                (rng.random(), rng.random(), rng.uniform(0.7, 1.3), rng.uniform(0, 2 * pi)) for _ in range(count)
            ]
            self._ranks.append((depth, flakes, _flake(white, size * lay.u, alpha, soft * lay.u)))

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Sink and swing."""
        lay = self._lay
        for depth, flakes, flake in self._ranks:
            middle = flake.width() / 2
            for x0, y0, pace, turn in flakes:
                y = ((y0 + view.t * pace * (0.05 + 0.075 * depth)) % 1.0) * lay.height * 1.1 - lay.height * 0.05
                swing = lay.u * (1.2 + 1.6 * depth) * sin(turn + view.t * (0.8 + 0.5 * pace))
                x = (x0 * lay.width * 1.3 + swing + view.t * self._wind * lay.width - view.x * depth * 0.6) % (
                    lay.width * 1.3
                ) - lay.width * 0.15
                canvas.drawImage(flake, x - middle, y - middle, _LINEAR)


def _flake(colour: int, radius: float, alpha: float, blur: float) -> skia.Image:
    """One flake as a small picture: many of them are cheaper than one blurred path across the frame."""
    side = int(2 * (radius + 2.5 * blur)) + 3
    surface = sheet(side, side)
    surface.getCanvas().drawCircle(side / 2, side / 2, radius, paint(colour, alpha, blur=blur))
    return surface.makeImageSnapshot()


class Leaves:
    """Leaves (or petals) that rock down through the air."""

    def __init__(self, stage: Set, tones: tuple[int, ...], count: int, *, windy: bool = False) -> None:
        lay, rng = stage.layout, stage.rng
        self._lay = lay
        self._wind = 0.22 if windy else 0.05
        self._leaves = [
            (
                rng.random(),
                rng.random(),
                rng.uniform(0.7, 1.3),
                rng.uniform(0, 2 * pi),
                rng.uniform(0.5, 1.5),
                paint(rng.choice(tones), 0.95),
            )
            for _ in range(count)
        ]

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Rock, turn and drift."""
        lay = self._lay
        for x0, y0, pace, turn, depth, tone in self._leaves:
            y = ((y0 + view.t * pace * 0.075) % 1.0) * lay.height * 1.1 - lay.height * 0.05
            rock = sin(turn + 1.7 * view.t * pace)
            x = (
                x0 * lay.width * 1.3
                + lay.u * 5 * rock
                + view.t * self._wind * lay.width * pace
                - view.x * depth * 0.8
            ) % (lay.width * 1.3)
            s = lay.u * 0.75 * (0.6 + 0.5 * depth)
            canvas.save()
            canvas.translate(x - lay.width * 0.15, y)
            canvas.rotate(50 * rock + turn * 57)
            canvas.drawOval(
                skia.Rect(
                    -s,
                    -s * 0.42 * abs(cos(turn + 2.3 * view.t)) - s * 0.1,
                    s,
                    s * 0.42 * abs(cos(turn + 2.3 * view.t)) + s * 0.1,
                ),
                tone,
            )
            canvas.restore()


class Fireflies:
    """Warm lights that wander and breathe."""

    def __init__(self, stage: Set, count: int) -> None:
        lay, rng = stage.layout, stage.rng
        self._lay = lay
        warm = oklch(0.93, 0.14, 105)
        reach = lay.u * 2.2
        self._glow = radial(0, 0, reach, [argb(warm, 0.75), argb(warm, 0.18), argb(warm, 0)])
        self._glow.setBlendMode(skia.BlendMode.kPlus)
        self._core = paint(mix(warm, 0xFFFFFF, 0.5))
        self._reach = reach
        self._flies = [
            (
                rng.random(),
                rng.uniform(lay.horizon * 0.9, lay.height * 0.93),
                rng.uniform(0, 2 * pi),
                rng.uniform(0.5, 1.2),
                rng.uniform(0.4, 1.4),
            )
            for _ in range(count)
        ]

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Wander."""
        lay = self._lay
        for x0, y0, turn, pace, depth in self._flies:
            glow = max(0.0, sin(turn * 3 + view.t * 1.3 * pace))
            if glow < 0.05:
                continue
            x = (x0 * lay.width * 1.2 + lay.u * 6 * sin(turn + 0.7 * pace * view.t) - view.x * depth) % (
                lay.width * 1.2
            ) - lay.width * 0.1
            y = y0 + lay.u * 3.5 * sin(2 * turn + 0.9 * pace * view.t)
            canvas.save()
            canvas.translate(x, y)
            canvas.scale(0.6 + 0.5 * glow, 0.6 + 0.5 * glow)
            self._glow.setAlphaf(glow)
            canvas.drawCircle(0, 0, self._reach, self._glow)
            self._core.setAlphaf(glow)
            canvas.drawCircle(0, 0, lay.u * 0.22, self._core)
            canvas.restore()


class FarBirds:
    """A few birds as curved strokes, crossing the sky in a loose line."""

    def __init__(self, stage: Set, count: int) -> None:
        lay, rng, pal = stage.layout, stage.rng, stage.palette
        self._lay = lay
        self._way = rng.choice((-1, 1))
        self._start = rng.uniform(0.1, 0.6)
        self._y = lay.horizon * rng.uniform(0.28, 0.55)
        self._birds = [
            (
                k * rng.uniform(2.6, 4.2),
                abs(k - count // 2) * rng.uniform(1.2, 2.0) + rng.uniform(-0.6, 0.6),
                rng.uniform(0, 6),
                rng.uniform(0.8, 1.2),
            )
            for k in range(count)
        ]
        self._line = stroke(mix(pal.shade, pal.middle, 0.45), lay.u * 0.24, 0.8)

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Flap a few times, then glide."""
        lay, u = self._lay, self._lay.u
        for dx, dy, turn, size in self._birds:
            x = (self._start * lay.width + self._way * (view.t * u * 3.2 - dx * u) - view.x * 0.06) % (
                lay.width * 1.4
            ) - lay.width * 0.2
            y = self._y + dy * u + u * 0.6 * sin(0.9 * view.t + turn)
            beat = sin(view.t * 7 + turn) if sin(view.t * 0.8 + turn) > -0.3 else 0.25
            w, rise = u * 1.15 * size, u * 0.75 * size * beat
            path = skia.Path()
            path.moveTo(x - w, y - rise)
            path.quadTo(x - w * 0.35, y - u * 0.35 - rise * 0.2, x, y)
            path.quadTo(x + w * 0.35, y - u * 0.35 - rise * 0.2, x + w, y - rise)
            canvas.drawPath(path, self._line)


class Bubbles:
    """Bubbles that wobble upwards."""

    def __init__(self, stage: Set, count: int) -> None:
        lay, rng, pal = stage.layout, stage.rng, stage.palette
        self._lay = lay
        self._bubbles = [
            (rng.random(), rng.random(), rng.uniform(0.2, 0.85) ** 1.5, rng.uniform(0.7, 1.3), rng.uniform(0.4, 1.3))
            for _ in range(count)
        ]
        self._skin = stroke(mix(pal.water, 0xFFFFFF, 0.55), lay.u * 0.09, 0.6)
        self._fill = paint(mix(pal.water, 0xFFFFFF, 0.4), 0.14)
        self._shine = paint(0xFFFFFF, 0.8)

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Rise."""
        lay = self._lay
        for x0, y0, size, pace, depth in self._bubbles:
            y = lay.height * (1.05 - ((y0 + view.t * pace * 0.085) % 1.0) * 1.15)
            x = (x0 * lay.width * 1.2 + lay.u * sin(6 * y0 + 2.2 * pace * view.t) - view.x * depth) % (
                lay.width * 1.2
            ) - lay.width * 0.1
            r = lay.u * (0.25 + 1.0 * size)
            canvas.drawCircle(x, y, r, self._fill)
            canvas.drawCircle(x, y, r, self._skin)
            canvas.drawCircle(x - r * 0.32, y - r * 0.35, r * 0.2, self._shine)


class Twinkle:
    """A handful of stars that breathe, and now and then one that falls."""

    def __init__(self, stage: Set, count: int) -> None:
        lay, rng = stage.layout, stage.rng
        self._lay = lay
        self._stars = [
            (
                rng.uniform(0, lay.width),
                lay.horizon * 0.85 * rng.random(),
                rng.uniform(0, 2 * pi),
                rng.uniform(0.8, 2.0),
                rng.uniform(0.18, 0.34),
            )
            for _ in range(count)
        ]
        self._light = paint(oklch(0.97, 0.03, 95))
        self._fall = (
            rng.uniform(1.2, 3.5),
            rng.uniform(0.15, 0.6) * lay.width,
            lay.horizon * rng.uniform(0.08, 0.3),
            rng.choice((-1, 1)),
        )
        self._trail = stroke(oklch(0.97, 0.03, 95), lay.u * 0.2)

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Breathe."""
        u = self._lay.u
        for x, y, turn, pace, r in self._stars:
            glow = 0.5 + 0.5 * sin(turn + pace * 2 * view.t)
            self._light.setAlphaf(0.25 + 0.75 * glow)
            s = u * r * (0.7 + 0.6 * glow)
            path = skia.Path()
            for k in range(8):
                far = s * (2.6 if k % 2 == 0 else 0.6)
                px, py = x + far * cos(k * pi / 4), y + far * sin(k * pi / 4)
                if k == 0:
                    path.moveTo(px, py)
                else:
                    path.lineTo(px, py)
            canvas.drawPath(path, self._light)
        at, x, y, way = self._fall
        age = (view.t - at) / 0.8
        if 0 < age < 1:
            head = (x + way * u * 34 * age, y + u * 13 * age)
            tail = (x + way * u * 34 * max(0.0, age - 0.3), y + u * 13 * max(0.0, age - 0.3))
            self._trail.setAlphaf(sin(pi * age))
            canvas.drawLine(*tail, *head, self._trail)


class Motes:
    """Bright specks that hang in a beam of light."""

    def __init__(self, stage: Set, count: int) -> None:
        lay, rng = stage.layout, stage.rng
        self._lay = lay
        self._motes = [
            (
                rng.random(),
                rng.uniform(0.1, 0.9),
                rng.uniform(0, 2 * pi),
                rng.uniform(0.5, 1.2),
                rng.uniform(0.4, 1.4),
            )
            for _ in range(count)
        ]
        self._light = paint(mix(stage.palette.glow, 0xFFFFFF, 0.3))

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Hang and glint."""
        lay = self._lay
        for x0, y0, turn, pace, depth in self._motes:
            x = (x0 * lay.width * 1.2 + lay.u * 4 * sin(turn + 0.35 * pace * view.t) - view.x * depth * 0.7) % (
                lay.width * 1.2
            ) - lay.width * 0.1
            y = y0 * lay.height + lay.u * 3 * sin(2 * turn + 0.3 * pace * view.t) - lay.u * 0.9 * view.t * pace
            self._light.setAlphaf(0.18 + 0.4 * (0.5 + 0.5 * sin(turn * 5 + 1.1 * view.t)))
            canvas.drawCircle(x, y % lay.height, lay.u * (0.10 + 0.12 * depth), self._light)


def airborne(stage: Set, place: str, *, autumn: bool = False) -> tuple[tuple[Mover, ...], tuple[Mover, ...]]:
    """What moves behind the subject and what before it, for a place, a light and a weather."""
    light, weather = stage.light.name, stage.weather
    far: list[Mover] = []
    near: list[Mover] = []
    outdoors = place not in ("underwater", "space", "room")
    if light == "night" and weather == "clear" and place not in ("underwater", "room", "forest"):
        far.append(Twinkle(stage, 9))
    if outdoors and light != "night" and weather != "rain" and place != "forest" and stage.rng.random() < 0.7:
        far.append(FarBirds(stage, stage.rng.randint(3, 6)))
    if weather == "rain":
        near.append(Rain(stage))
    elif weather == "snow" and outdoors:
        near.append(Snow(stage))
    elif light == "night" and place in ("meadow", "forest", "river"):
        near.append(Fireflies(stage, 16))
    elif place in ("forest", "meadow", "river") or (place == "room" and light != "night"):
        near.append(Motes(stage, 22))
    pal = stage.palette
    if weather == "wind":
        near.append(Leaves(stage, (pal.leaf, pal.leaf2, pal.accent2), 16, windy=True))
    elif autumn:
        near.append(Leaves(stage, (pal.lit(0xE08A3E), pal.lit(0xC9552F), pal.lit(0xE9B23C)), 14))
    if place == "underwater":
        near.append(Bubbles(stage, 16))
    return tuple(far), tuple(near)
