"""The operator: eases in, follows with a lag, corrects a little, settles. One clear move a shot at most."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import TYPE_CHECKING

from .layers import View
from .motion import ease

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from .layout import Layout

_STILL = ("zoom_in", "zoom_out", "push", "static")
MOVES = ("static", "pan", "follow", "zoom_in", "zoom_out", "push")


@dataclass(frozen=True, slots=True)
class Camera:
    """A planned move. ``way(t)`` is where the subject is along the ground, in pixels from its start.

    ``half`` is half the subject's length in pixels.
    """

    move: str
    way: Callable[[float], float]
    duration: float
    layout: Layout
    facing: int
    turn: float
    focus: tuple[float, float]
    half: float = 0.0

    def view(self, t: float) -> View:
        """What the camera sees at ``t`` seconds."""
        w = self.layout.width
        share = ease((t - 0.15) / max(0.6, self.duration - 0.55))
        if self.move == "follow":
            # it starts ahead and lets the subject catch up; then hangs a little behind every change of pace
            late = self._smooth(t)
            # as far back as it can be without losing its tail over the frame's edge
            behind = self.layout.third if self.facing > 0 else w - self.layout.third
            start = self.facing * max(w * 0.03, min(w * 0.17, behind - self.half - w * 0.01))
            gone = ease(t / min(2.0, max(0.8, self.duration * 0.4)))
            hand = w * 0.006 * sin(2 * pi * 0.19 * t + self.turn) * gone
            return View(late + start * (1 - gone) + hand, t)
        if self.move == "pan":
            away = self.facing * w * 0.42
            return View(self.way(t) - away * (1 - share) if self._moves else -away * (1 - share), t)
        x = self._smooth(t) if self._moves else 0.0
        if self.move == "zoom_in":
            return View(x, t, 1.0 + 0.34 * share, self.focus)
        if self.move == "zoom_out":
            return View(x, t, 1.34 - 0.34 * share, self.focus)
        if self.move == "push":
            return View(x, t, 1.0 + 0.085 * share, self.focus)
        return View(0.0, t)

    @property
    def _moves(self) -> bool:
        return abs(self.way(self.duration) - self.way(0)) > 1

    def _smooth(self, t: float) -> float:
        """The subject's way, averaged over the half second around ``t``: strides do not shake the camera."""
        n = 9
        offsets = [(k - n // 2) * 0.5 / n for k in range(n)]
        return (
            sum(self.way(max(0.0, t + d)) if t + d >= 0 else self.way(0.0) * 2 - self.way(-t - d) for d in offsets)
            / n
        )


def plan(
    asked: str,
    way: Callable[[float], float],
    duration: float,
    layout: Layout,
    facing: int,
    girth: float,
    rng: random.Random,
    variation: int = 0,
) -> Camera:
    """The move that serves the scene: what was asked for, unless the subject would walk out of it.

    A ``variation`` takes the moves in turn that the scene itself would not.
    """
    moves = abs(way(duration) - way(0)) > layout.width * 0.30
    still = ("push", "push", "static", "zoom_in") if duration > 3 else ("static", "push")
    move = asked
    if moves and asked in ("auto", "static"):
        move = "follow"
    elif asked == "auto":
        move = rng.choice(still)
    if variation and asked == "auto":
        others = ("pan", "follow") if moves else tuple(each for each in _STILL if each != move)
        move = others[(variation - 1) % len(others)]
    focus = (layout.third, layout.ground - layout.size * 0.62)
    half = girth * layout.size / 2
    return Camera(move, way, duration, layout, facing, rng.uniform(0, 2 * pi), focus, half)
