"""What every rig has in common: how it is posed, coloured and drawn.

A rig draws itself on a skia canvas in its own units: the origin is the point where it touches the ground
(or the middle of the hull at the waterline, or the middle of a flying or swimming body), x grows to the
right, y grows downwards (so "up" is negative), and 1.0 is its standing height. It always faces right; the
stage mirrors and scales the canvas. The light's direction is given, so that shading is right when mirrored.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import skia


@dataclass(frozen=True, slots=True)
class Skin:
    """Colours of one subject as 0xRRGGBB, already tinted towards the scene's palette.

    ``main`` the body, ``second`` belly or trim, ``accent`` the small bright thing (beak, scarf, wheel hub),
    ``dark`` eyes and deep lines, ``rim`` the light on the far edge, ``shade`` what shadows are mixed with.
    """

    main: int
    second: int
    accent: int
    dark: int
    rim: int
    shade: int


@dataclass(frozen=True, slots=True)
class Pose:
    """How a rig stands at one instant.

    ``action`` is one of ``stand walk run jump swim fly drive dance sleep`` (a rig maps what it cannot do to the
    nearest it can). ``phase`` counts gait cycles since the start (its fraction is the place in the cycle).
    ``t`` is seconds since the start (for breath and secondary motion). ``blink`` is 0 (open) to 1 (shut).
    ``look`` is where the eyes point, each -1..1 (x to the front, y down). ``squash`` is 0 at rest, positive
    flattened, negative stretched (within -0.3..0.3). ``lean`` is radians, positive nose down. ``mouth`` is 0 shut
    to 1 open. ``smile`` is -1..1. ``light`` is the direction the key light comes from, as a unit vector in the
    rig's own mirrored space (x to the front, y down; so a light from the upper front is (0.6, -0.8)).
    ``detail`` is pixels per unit on screen, so a rig can leave out what nobody would see. ``loop`` is the length in
    seconds of a film whose end runs on into its beginning, 0 for one that does not. ``greet`` is 0 to 1: how far a
    hand, paw or wing is raised to wave.
    """

    action: str
    phase: float
    t: float
    blink: float = 0.0
    look: tuple[float, float] = (0.0, 0.0)
    squash: float = 0.0
    lean: float = 0.0
    mouth: float = 0.0
    smile: float = 0.4
    light: tuple[float, float] = (0.5, -0.87)
    detail: float = 400.0
    loop: float = 0.0
    greet: float = 0.0

    def turns(self, rate: float) -> float:
        """Turns since the start at ``rate`` a second; a loop is made of whole ones."""
        if self.loop:
            return self.t / self.loop * max(1, round(rate * self.loop))
        return self.t * rate

    def idle(self, seed: float = 0.0, *, late: float = 0.0, quick: float = 1.0) -> float:
        """A slow wander in -1..1 that never visibly repeats, or once a loop where there is one."""
        if self.loop:
            turn = math.tau * (self.t - late) / self.loop
            return 0.6 * math.sin(turn + seed) + 0.4 * math.sin(2 * turn + seed * 2.3 + 1.0)
        t = (self.t - late) * quick
        return 0.6 * math.sin(t * 0.9 + seed) + 0.4 * math.sin(t * 1.7 + seed * 2.3 + 1.0)


@dataclass(frozen=True, slots=True)
class Contact:
    """A moment within a gait cycle that can be heard: ``phase`` 0..1, ``kind`` and ``strength`` of the event."""

    phase: float
    kind: str
    strength: float


class Rig(Protocol):
    """A posable subject."""

    archetype: str
    """``quadruped biped bird fish vehicle boat``."""

    width: float
    """Nose to tail, in units of its standing height."""

    waterline: float
    """How far above the origin the water reaches when it swims or floats, in units (0 = does not swim)."""

    def actions(self) -> tuple[str, ...]:
        """The actions it can truly act; the first is what it does when nothing is asked."""
        ...

    def cycle(self, action: str) -> tuple[float, float]:
        """Cycles a second and units travelled a cycle, so that feet do not slide."""
        ...

    def contacts(self, action: str) -> tuple[Contact, ...]:
        """What can be heard within one cycle of ``action``."""
        ...

    def draw(self, canvas: skia.Canvas, pose: Pose, skin: Skin) -> None:
        """Draw the whole figure, shading and face included; no ground shadow (the stage draws that)."""
        ...
