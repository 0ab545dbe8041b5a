"""Small things that follow from events: dust and snow under feet, drops from strokes, letters of sleep.

All are closed forms of the time since the event, so any frame can be drawn without those before it.
"""

from __future__ import annotations

import random
from math import pi, sin
from typing import TYPE_CHECKING

import skia

from .brush import paint, stroke
from .colour import mix

if TYPE_CHECKING:
    from .layers import Backdrop
    from .palette import Palette
    from .scene import Instant, Scene
    from .timeline import Event

_LIFE = {"step": 0.55, "land": 0.75, "bounce": 0.5, "stroke": 0.8, "splash": 0.9}


class Particles:
    """Draws what a scene's events throw up."""

    def __init__(self, scene: Scene, backdrop: Backdrop, palette: Palette) -> None:
        self._scene = scene
        self._u = scene.layout.u
        tone = {
            "sand": mix(palette.ground, 0xFFFFFF, 0.15),
            "snow": palette.lit(0xF7FAFF),
            "road": mix(palette.ground, palette.haze, 0.4),
            "grass": mix(palette.ground, palette.haze, 0.35),
            "wood": mix(palette.ground, palette.haze, 0.5),
        }.get(backdrop.material, palette.haze)
        if backdrop.water is not None and scene.waterline is not None:
            tone = backdrop.water.foam
        self._tone = tone
        self._blade = mix(palette.ground2, palette.leaf, 0.5)
        self._grassy = backdrop.material == "grass"
        self._events = [
            (event, scene.at(event.at), random.Random(f"{i} {event.at:.4f}"))  # noqa: S311
            for i, event in enumerate(scene.soundscape.events)
            if event.kind in _LIFE
        ]

    def draw(self, canvas: skia.Canvas, now: Instant) -> None:
        """Everything alive at this time."""
        t = now.pose.t
        for event, then, rng in self._events:
            age = t - event.at
            if not 0 <= age < _LIFE[event.kind]:
                continue
            state = rng.getstate()
            if self._scene.waterline is not None:
                self._drops(canvas, event, then, now, age, rng)
            elif self._scene.medium == "ground":
                self._dust(canvas, event, then, now, age, rng)
            rng.setstate(state)
        if self._scene.plan.action == "sleep":
            self._letters(canvas, now)

    def _x(self, then: Instant, now: Instant) -> float:
        return then.x - round(now.view.x)

    def _dust(
        self, canvas: skia.Canvas, event: Event, then: Instant, now: Instant, age: float, rng: random.Random
    ) -> None:
        life = age / _LIFE[event.kind]
        lay, facing = self._scene.layout, self._scene.facing
        width = self._scene.rig.width * lay.size
        count = 3 + int(4 * event.strength)
        for _ in range(count):
            away = rng.uniform(-0.38, 0.30) * width * (1.2 if event.kind in ("land", "bounce") else 1.0)
            x = self._x(then, now) + facing * away - facing * self._u * rng.uniform(1, 5) * life**0.6
            y = then.y - self._u * rng.uniform(0.2, 2.6) * life**0.5 * (0.5 + event.strength)
            r = self._u * rng.uniform(0.5, 1.25) * (0.4 + life) * (0.6 + 0.6 * event.strength)
            if self._grassy and rng.random() < 0.5:
                canvas.save()
                canvas.translate(x, y - self._u * 2.0 * sin(pi * life) * rng.uniform(0.4, 1.2))
                canvas.rotate(rng.uniform(0, 360) + 300 * life)
                canvas.drawOval(
                    skia.Rect(-self._u * 0.5, -self._u * 0.14, self._u * 0.5, self._u * 0.14),
                    paint(self._blade, 0.9 * (1 - life)),
                )
                canvas.restore()
            else:
                canvas.drawCircle(x, y, r, paint(self._tone, 0.5 * (1 - life) ** 1.2))

    def _drops(
        self, canvas: skia.Canvas, event: Event, then: Instant, now: Instant, age: float, rng: random.Random
    ) -> None:
        lay, facing, u = self._scene.layout, self._scene.facing, self._u
        half = self._scene.rig.width * lay.size * 0.46
        life = age / _LIFE[event.kind]
        bow = 1 if rng.random() < 0.6 else -1
        for _ in range(4 + int(7 * event.strength)):
            out = rng.uniform(-0.5, 1.0)
            x = self._x(then, now) + facing * bow * half * rng.uniform(0.72, 1.0) + facing * out * u * 7 * age
            speed = u * rng.uniform(6, 17) * (0.5 + 0.5 * event.strength)
            y = lay.ground - speed * age + u * 22 * age * age
            if y > lay.ground + u * 0.4:
                continue
            r = u * rng.uniform(0.16, 0.46) * (1 - 0.5 * life)
            canvas.drawOval(
                skia.Rect(x - r, y - r * 1.25, x + r, y + r * 1.25), paint(self._tone, 0.9 * (1 - life * 0.6))
            )

    def _letters(self, canvas: skia.Canvas, now: Instant) -> None:
        """Three z's that rise and fade, one after another."""
        lay, scene = self._scene.layout, self._scene
        for k in range(3):
            age = (now.pose.t * 0.30 + k / 3) % 1.0
            x = (
                scene.layout.third
                + scene.facing * lay.size * (scene.rig.width * 0.34 + 0.16 * age)
                + self._u * 1.2 * sin(5 * age + k)
            )
            y = now.y - lay.size * (0.55 + 0.55 * age)
            s = self._u * (1.1 + 1.7 * age)
            path = skia.Path()
            path.moveTo(x - s, y - s)
            path.lineTo(x + s, y - s)
            path.lineTo(x - s, y + s)
            path.lineTo(x + s, y + s)
            canvas.drawPath(path, stroke(mix(self._tone, 0xFFFFFF, 0.6), self._u * 0.5, 0.85 * sin(pi * age)))
