"""The director of stickers: the subject alone, posed so that the last frame flows into the first.

A sticker has no place, no light of its own and no camera. Everything that moves goes through whole cycles within
the loop (:attr:`~.rigs.base.Pose.loop`), and the subject is measured over all of them before it is placed, so that
it fills the frame and nothing is cut off.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from math import cos, sin, tau
from typing import TYPE_CHECKING

import numpy as np
import skia

from reelgate.media.diecut import ROOM

from . import light as lights
from .acting import Face
from .brush import canvas_over, sheet
from .rigs.base import Pose
from .rigs.cast import cast
from .words.looks import CAMERA_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .light import Light
    from .plan import ScenePlan
    from .rigs.base import Rig, Skin

_NOT_SHOWN = ("place", "light", "weather", "camera", "season", "size")
_WAVES = ("quadruped", "biped", "bird")
_TILTS = {"swim": 0.035, "fly": -0.05}
"""How far a floating or flying body tips (radians) within a loop."""

_DRIFTS = {
    "vehicle": (0.06, 0.022, 3),
    "boat": (0.045, 0.03, 1),
    "fish": (0.03, 0.03, 1),
    "swim": (0.02, 0.03, 1),
    "fly": (0.03, 0.045, 1),
    "stand": (0.018, 0.0, 1),
    "sleep": (0.025, 0.0, 1),
}
"""How far a body goes to and fro and up and down (units), and how often up and down within a loop.

Wheels and hulls do not act, so it is this that makes them lively. It also serves the invisible mark, which stays
where it is while the picture moves, and so can be told from it."""

_NOSE_UP = 0.3
"""What is long and swims is seen rising, in radians: so it fills more of a square."""

_SKETCH = 64
"""Pixels a unit at which the subject is measured."""

_REACH = 2.6
"""Units from the origin within which a subject stays, whatever it does."""


@dataclass(frozen=True, slots=True)
class Sticker:
    """Everything decided: call :meth:`pose` for any time; the time 0 and the time ``duration`` look the same.

    ``place`` is where the rig's origin is, in pixels, and ``size`` pixels a unit.
    """

    plan: ScenePlan
    rig: Rig
    skin: Skin
    light: Light
    facing: int
    face: Face
    cycles: int
    start: float
    duration: float
    width: int
    height: int
    size: float = 1.0
    place: tuple[float, float] = (0.0, 0.0)

    def pose(self, t: float) -> Pose:
        """How the subject stands at ``t`` seconds."""
        share = t / self.duration
        tilt = _TILTS.get(self.plan.action, 0.0)
        nose_up = _NOSE_UP if tilt and self.rig.width > 1.3 and self.rig.archetype == "fish" else 0.0
        mouth = 0.12 + 0.1 * sin(tau * share) if self.face.asleep else self.face.mouth(t)
        toward = self.light.toward
        return Pose(
            action=self.plan.action,
            phase=self.start + self.cycles * share,
            t=t,
            blink=self.face.blink(t),
            look=self.face.look(t),
            squash=self.face.gather(t) + (0.035 * sin(tau * share) if self.face.asleep else 0.0),
            lean=tilt * cos(tau * share + 0.9) - nose_up,
            mouth=mouth,
            smile=self.face.smile,
            light=(toward[0] * self.facing, toward[1]),
            detail=self.size,
            loop=self.duration,
            greet=1.0 if self.plan.greets else 0.0,
        )

    def drift(self, t: float) -> tuple[float, float]:
        """Where the body is carried at ``t`` seconds, across and down, in units."""
        archetype, turn = self.rig.archetype, tau * t / self.duration
        key = archetype if archetype in _DRIFTS else self.plan.action
        across, down, beats = _DRIFTS.get(key, (0.0, 0.0, 1))
        return across * sin(turn), -down * sin(beats * turn)


def direct(plan: ScenePlan, width: int, height: int, duration: float, seed: int, cut: int) -> Sticker:
    """The sticker of a plan at a size. ``seed`` fixes who it is, ``cut`` everything that is left to chance."""
    rng = random.Random(f"sticker {cut}")  # noqa: S311 - art, not secrets
    rig, skin = cast(plan.player, baby=plan.baby, colour=plan.colour, seed=seed)
    plan = _alone(plan, rig)
    facing = 1 if rng.random() < 0.62 else -1
    rate, _ = rig.cycle(plan.action)
    voiced = rig.archetype in ("quadruped", "bird") or (rig.archetype == "biped" and plan.talks)
    sketch = Sticker(
        plan,
        rig,
        skin,
        lights.choose("day", rng, facing=facing),
        facing,
        _face(plan, duration, rng, voiced=voiced),
        max(1, round(rate * plan.pace * duration)),
        rng.random(),
        duration,
        width,
        height,
    )
    return _placed(sketch)


def pictures(sticker: Sticker, fps: int, frames: int) -> Iterator[NDArray[np.uint8]]:
    """``frames`` pictures, uint8 (height, width, 4) sRGB, straight alpha; each is good until the next."""
    surface = sheet(sticker.width, sticker.height)
    pixels = np.zeros((sticker.height, sticker.width, 4), np.uint8)
    straight = skia.ImageInfo.Make(sticker.width, sticker.height, skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType)
    for i in range(frames):
        _draw(sticker, surface.getCanvas(), i / fps)
        surface.readPixels(straight, pixels, sticker.width * 4, 0, 0)
        yield pixels


def _draw(sticker: Sticker, canvas: skia.Canvas, t: float) -> None:
    canvas.clear(0)
    canvas.save()
    across, down = sticker.drift(t)
    canvas.translate(sticker.place[0] + across * sticker.size, sticker.place[1] + down * sticker.size)
    canvas.scale(sticker.size * sticker.facing, sticker.size)
    sticker.rig.draw(canvas, sticker.pose(t), sticker.skin)
    canvas.restore()


def _alone(plan: ScenePlan, rig: Rig) -> ScenePlan:
    """The plan without a place; what was asked of the place is told as left out."""
    action = plan.action
    notes = [note for note in plan.approximated if not note.startswith(_NOT_SHOWN)]
    understood = [note for note in plan.understood if not note.startswith(_NOT_SHOWN)]
    # "truck" is a move of the camera too, but here it is who was meant
    never_meant = ("camera",) if plan.subject in CAMERA_WORDS else ()
    left_out = [
        note
        for note in (*plan.understood, *plan.approximated)
        if note.startswith(_NOT_SHOWN) and not note.startswith(never_meant)
    ]
    if action not in rig.actions():
        action = "swim" if rig.archetype == "fish" else action
        notes.append("action: as well as it can")
    greets = plan.greets and rig.archetype in _WAVES and action == "stand"
    if greets:
        notes = [note for note in notes if note != "action: as stand"]
        understood = [note for note in understood if note != "action: stand"]
        understood.append("action: wave")
    return replace(
        plan,
        action=action,
        greets=greets,
        understood=tuple(dict.fromkeys(understood)),
        approximated=tuple(dict.fromkeys(notes)),
        ignored=tuple(dict.fromkeys((*plan.ignored, *left_out))),
    )


def _face(plan: ScenePlan, duration: float, rng: random.Random, *, voiced: bool) -> Face:
    """A face whose end is its beginning: one blink, one glance away and back, and a call or a chat."""
    away, back = duration * rng.uniform(0.18, 0.26), duration * rng.uniform(0.62, 0.70)
    glance = (rng.choice((0.5, -0.3, 0.6)), rng.choice((0.0, -0.25, 0.2)))
    rest = (0.3, 0.0)
    calls: tuple[float, ...] = ()
    if plan.talks:
        count = max(1, round(duration / 0.6))
        calls = tuple(duration * (k + 0.2) / count for k in range(count))
    elif voiced and plan.action not in ("sleep", "run") and duration >= 1.2:
        calls = (duration * rng.uniform(0.36, 0.44),)
    smile = {"calm": 0.6, "cheerful": 0.9, "wistful": -0.1, "tense": 0.0}[plan.mood]
    # what begins before the end goes on after the beginning
    around = tuple(at + turn * duration for turn in (-1, 0, 1) for at in calls)
    return Face(
        (duration * rng.uniform(0.78, 0.86),),
        ((-1.0, *rest), (away, *glance), (back, *rest)),
        around,
        smile,
        plan.action == "sleep",
    )


def _placed(sketch: Sticker) -> Sticker:
    """The sticker with its subject as large as the room allows, standing on the label's edge."""
    left, top, right, bottom = _measured(sketch)
    room_x, room_y = sketch.width * (1 - 2 * ROOM.side), sketch.height * (1 - ROOM.top - ROOM.bottom)
    size = min(room_x / (right - left), room_y / (bottom - top))
    x = sketch.width / 2 - (left + right) / 2 * size
    y = sketch.height * (1 - ROOM.bottom) - bottom * size
    return replace(sketch, size=size, place=(x, y))


def _measured(sketch: Sticker) -> tuple[float, float, float, float]:
    """The box that the subject stays in all through the loop, in units about its origin: left, top, right, bottom."""
    side = int(2 * _REACH * _SKETCH)
    pixels = np.zeros((side, side, 4), np.uint8)
    canvas = canvas_over(pixels).getCanvas()
    small = replace(sketch, size=float(_SKETCH), place=(side / 2, side / 2))
    seen = np.zeros((side, side), np.bool_)
    frames = max(12, round(sketch.duration * 12))
    for i in range(frames):
        _draw(small, canvas, sketch.duration * i / frames)
        canvas.flush()
        seen |= pixels[..., 3] > 24
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    middle = side / 2
    return (
        (columns[0] - 0.5 - middle) / _SKETCH,
        (rows[0] - 0.5 - middle) / _SKETCH,
        (columns[-1] + 1.5 - middle) / _SKETCH,
        (rows[-1] + 1.5 - middle) / _SKETCH,
    )
