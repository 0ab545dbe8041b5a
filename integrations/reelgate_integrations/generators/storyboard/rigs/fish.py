"""Swimmers without legs: fish, whale and dolphin, moved by one wave that travels from head to tail."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs import faces
from reelgate_integrations.generators.storyboard.rigs.base import Contact
from reelgate_integrations.generators.storyboard.rigs.motion import Gait, breath, flight, wave
from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, egg, lighter, smooth, tube

if TYPE_CHECKING:
    import skia

    from reelgate_integrations.generators.storyboard.rigs.base import Pose, Skin
    from reelgate_integrations.generators.storyboard.rigs.shapes import Point

_BLUSH = 0xF2787C


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions in any unit.

    ``long`` is nose to tail root, ``profile`` pairs of reach (up, down) at even steps from nose to tail root,
    ``tail`` the size of the tail fin, ``bend`` how far the wave swings the tail, ``kind`` ``fish whale dolphin``.
    """

    kind: str = "fish"
    long: float = 1.1
    profile: tuple[tuple[float, float], ...] = ((0.2, 0.2), (0.44, 0.42), (0.51, 0.48), (0.45, 0.42), (0.29, 0.27),
        (0.13, 0.12))
    tail: float = 0.36
    bend: float = 0.1
    eye: tuple[float, float, float] = (0.2, -0.09, 0.14)
    beat: float = 1.4


class Fish:
    """A :class:`~.base.Rig` whose origin is the middle of its body."""

    archetype = "fish"

    def __init__(self, build: Build) -> None:
        self.build = build
        tall = max(u for u, _ in build.profile) + max(d for _, d in build.profile)
        self._scale = 1.0 / tall
        self.width = (build.long + build.tail) * self._scale
        self.waterline = {"fish": 0.8, "whale": 0.26, "dolphin": 0.3}[build.kind]
        beat = build.beat
        self._gaits = {
            "swim": Gait(beat, build.long * 0.75, 1.0, (0.0,)),
            "run": Gait(beat * 1.7, build.long * 0.95, 1.0, (0.0,)),
            "jump": Gait(0.7, build.long * 1.5, 1.0, (0.0,), air=build.long * 0.7),
            "stand": Gait(beat * 0.45, 0.0, 1.0, (0.0,)),
            "dance": Gait(1.0, 0.0, 1.0, (0.0,)),
            "sleep": Gait(0.25, 0.0, 1.0, (0.0,)),
        }

    def actions(self) -> tuple[str, ...]:
        """All it can act, swimming first."""
        return tuple(self._gaits)

    def _action(self, action: str) -> str:
        action = {"walk": "swim", "fly": "jump", "drive": "run"}.get(action, action)
        return action if action in self._gaits else "swim"

    def cycle(self, action: str) -> tuple[float, float]:
        """Tail beats a second and heights travelled a beat."""
        gait = self._gaits[self._action(action)]
        return gait.rate, gait.stride * self._scale

    def contacts(self, action: str) -> tuple[Contact, ...]:
        """Strokes of the tail; a leap out of the water ends in a splash."""
        action = self._action(action)
        if action == "jump":
            return (Contact(0.1, "splash", 0.5), Contact(0.9, "splash", 0.9))
        return (Contact(0.25, "stroke", 0.4),) if action in ("swim", "run", "dance") else ()

    def lift(self, action: str, phase: float) -> float:
        """How far a leap has carried it above where it swims, in units."""
        if self._action(action) != "jump":
            return 0.0
        return self._gaits["jump"].air * self._scale * flight(phase, 0.1, 0.9)

    def spine(self, pose: Pose) -> tuple[tuple[float, float], ...]:
        """Points from nose to tail fin's end, in units; body and fins are drawn about them."""
        return tuple((x * self._scale, y * self._scale) for x, y in self._spine(pose))

    def _spine(self, pose: Pose) -> list[Point]:
        k, action = self.build, self._action(pose.action)
        size = {"swim": 1.0, "run": 1.4, "stand": 0.55, "sleep": 0.3, "dance": 1.5, "jump": 0.7}[action]
        n = len(k.profile) + 1
        arch = 0.22 * k.long * flight(pose.phase, 0.1, 0.9) if action == "jump" else 0.0
        out = []
        for i in range(n + 1):
            u = i / (n - 1)
            x = k.long * (0.5 - u) if i < n else -k.long * 0.5 - k.tail
            u = min(u, 1.15)
            amount = k.bend * size * (0.14 + 0.2 * abs(u - 0.3) + 0.9 * u * u)
            y = amount * wave(pose.phase, u * 0.62)
            out.append((x, y + arch * ((u - 0.45) * 2) ** 2))
        return out

    def draw(self, canvas: skia.Canvas, pose: Pose, skin: Skin) -> None:
        """Draw far fins, tail, body, near fins and face, back to front."""
        k, p, action = self.build, pose.phase, self._action(pose.action)
        squash = max(-0.35, min(0.35, pose.squash)) + 0.012 * breath(pose.turns(0.5))
        y, turn = 0.02 * wave(pose.turns(0.4)), pose.lean
        if action == "jump":
            q = p % 1.0
            y -= self.lift("jump", p)
            turn += -0.75 * math.cos(math.pi * min(1.0, max(0.0, (q - 0.1) / 0.8)))
        elif action == "dance":
            turn += 0.3 * wave(p)
        elif action in ("swim", "run"):
            turn += 0.035 * wave(p, 0.55)
        with Brush.of(canvas, pose, skin).at(0.0, y, turn, self._scale * (1 + squash * 0.7),
            self._scale * (1 - squash)) as b:
            spine = self._spine(pose)
            self._fins_behind(b, pose, spine)
            self._tail(b, pose, spine)
            if k.kind == "dolphin":
                self._beak(b, pose, spine)
            shape, bottom = self._body(spine)
            b.form(shape, skin.main, edge=0.6, soft=0.22, rim=0.018)
            with b.inside(shape):
                self._marks(b, spine, bottom)
            self._face(b, pose, spine)
            self._fins_front(b, pose, spine)

    def _body(self, spine: list[Point]) -> tuple[skia.Path, list[Point]]:
        top: list[Point] = []
        bottom: list[Point] = []
        for i, (up, down) in enumerate(self.build.profile):
            x, y = spine[i]
            top.append((x, y - up))
            bottom.append((x, y + down))
        end = spine[len(self.build.profile)]
        nose = (spine[0][0] + 0.07 * self.build.long, spine[0][1] + 0.02)
        return smooth([nose, *top, end, *reversed(bottom)], tension=1.0), bottom

    def _marks(self, b: Brush, spine: list[Point], bottom: list[Point]) -> None:
        k, skin = self.build, b.skin
        n = len(bottom)
        if k.kind == "fish":
            deep = k.profile[2][1]
            b.fade(egg(spine[1][0], deep, k.long * 0.5, k.long * 0.5, deep * 0.7, 0.3), (0, deep * 0.3), (0, deep),
                [(skin.second, 0.0), (b.shade(skin.second, 0.1), 0.85)])
            for at, wide in ((2.25, 0.085), (4.3, 0.065)):
                i, f = int(at), at % 1.0
                x, y = spine[i][0] + (spine[i + 1][0] - spine[i][0]) * f, spine[i][1]
                up, down = k.profile[i]
                band = [(x - wide * 0.6, y - up * 1.3), (x + wide, y - up * 0.5), (x + wide * 1.5, y + down * 0.1),
                    (x + wide, y + down * 0.7), (x - wide * 0.4, y + down * 1.3)]
                b.form(smooth([*band, *[(px - wide * 1.9, py) for px, py in reversed(band)]]), skin.second, depth=0.2)
            for i in range(6):
                px, py = spine[3][0] + 0.1 * (i % 2) - 0.02, spine[3][1] - 0.16 + 0.15 * (i // 2) + 0.07 * (i % 2)
                b.line(smooth([(px, py - 0.04), (px - 0.035, py), (px, py + 0.04)], closed=False),
                    b.shade(skin.main, 0.3), 0.014, 0.6)
            return
        belly = [(bottom[0][0] + 0.1, bottom[0][1] - k.profile[0][1] * 0.5)]
        share = 0.95 if k.kind == "whale" else 0.7
        belly += [(x, y - k.profile[i][1] * share * (1.0 - i / n) - 0.015) for i, (x, y) in enumerate(bottom)]
        b.form(smooth([*belly, (bottom[-1][0], bottom[-1][1] + 0.5), (bottom[0][0] + 0.1, bottom[0][1] + 0.5)],
            tension=0.9), skin.second, depth=0.22)
        if k.kind == "whale":
            for j in range(4):
                pts = [(bottom[i][0] + 0.02,
                    bottom[i][1] - k.profile[i][1] * (0.66 - 0.17 * j) * (1 - i / n)) for i in range(4)]
                b.line(smooth(pts, closed=False), b.shade(skin.second, 0.3), 0.012, 0.8)

    def _tail(self, b: Brush, pose: Pose, spine: list[Point]) -> None:
        k, skin = self.build, b.skin
        (ax, ay), (bx, by) = spine[-2], spine[-1]
        late = wave(pose.phase, 0.8)
        n = k.tail
        with b.at(ax + 0.04, ay, math.atan2(ay - by, ax - bx)) as t:
            if k.kind == "fish":
                open_ = 1.0 + 0.22 * late
                shape = smooth([(0.06, -0.06), (-n * 0.5, -n * 0.62 * open_), (-n * 1.15, -n * 0.95 * open_),
                    (-n * 1.05, -n * 0.35), (-n * 0.86, 0.0), (-n * 1.05, n * 0.35), (-n * 1.15,
                    n * 0.9 * open_), (-n * 0.5, n * 0.6 * open_), (0.06, 0.06)], tension=0.9)
                t.form(shape, skin.accent, rim=0.016)
                with t.inside(shape):
                    for i in range(5):
                        v = (i - 2) * 0.36
                        t.line(smooth([(-0.02, v * 0.1), (-n * 0.6, v * n * 0.75), (-n * 1.1, v * n * 1.1)],
                            closed=False), t.shade(skin.accent, 0.35), 0.016, 0.7)
                return
            # flukes lie flat: seen nearly edge on, they open as the tail beats
            open_ = 0.42 + 0.26 * late
            far = smooth([(0.05, -0.04), (-n * 0.4, -n * 0.3 - open_ * n * 0.3),
                (-n * 0.95, -n * 0.16 - open_ * n * 0.7), (-n * 0.72, 0.0), (0.02, 0.05)], tension=0.9)
            near = smooth([(0.05, -0.05), (-n * 0.45, 0.02 + open_ * n * 0.3), (-n * 1.1, n * 0.2 + open_ * n * 0.55),
                (-n * 0.9, n * 0.02), (-n * 0.62, -n * 0.1), (0.0, -0.06)], tension=0.9)
            t.form(far, t.shade(skin.main, 0.4))
            t.form(near, skin.main, rim=0.014)

    def _fins_behind(self, b: Brush, pose: Pose, spine: list[Point]) -> None:
        k, skin = self.build, b.skin
        flick = 0.06 * wave(pose.phase, 0.35) + 0.03 * pose.idle()
        if k.kind == "fish":
            x, y = spine[2]
            up = k.profile[2][0]
            shape = smooth([(x + 0.2, y - up * 0.8), (x + 0.08, y - up - 0.2), (x - 0.16 - flick, y - up - 0.27),
                (x - 0.3 - flick, y - up - 0.12), (x - 0.4, y - up * 0.5)], tension=0.9)
            b.form(shape, skin.accent, rim=0.014)
            with b.inside(shape):
                for i in range(4):
                    b.line(smooth([(x + 0.1 - 0.13 * i, y - up * 0.8), (x - 0.04 - 0.12 * i - flick, y - up - 0.24)],
                        closed=False), b.shade(skin.accent, 0.35), 0.016, 0.7)
            low = smooth([(spine[4][0] + 0.1, spine[4][1] + k.profile[4][1] * 0.8),
                (spine[4][0] - 0.12 - flick, spine[4][1] + k.profile[4][1] + 0.16), (spine[4][0] - 0.1,
                spine[4][1] + k.profile[4][1] * 0.6)], tension=0.9)
            b.form(low, b.shade(skin.accent, 0.2))
        elif k.kind == "dolphin":
            x, y = spine[3]
            up = k.profile[3][0]
            b.form(smooth([(x + 0.22, y - up * 0.82), (x + 0.02, y - up - 0.16), (x - 0.16, y - up - 0.24),
                (x - 0.1, y - up - 0.06), (x - 0.12,
                y - up * 0.6)], tension=0.85), b.shade(skin.main, 0.1), rim=0.012)
        self._flipper(b, pose, spine, far=True)

    def _fins_front(self, b: Brush, pose: Pose, spine: list[Point]) -> None:
        self._flipper(b, pose, spine, far=False)

    def _flipper(self, b: Brush, pose: Pose, spine: list[Point], *, far: bool) -> None:
        k, skin = self.build, b.skin
        x, y = spine[2]
        down = k.profile[2][1]
        colour = skin.accent if k.kind == "fish" else skin.main
        sweep = 0.32 * wave(pose.phase, 0.2 + (0.1 if far else 0.0)) + 0.1 * pose.idle(2.0)
        long = {"fish": 0.3, "whale": 0.42, "dolphin": 0.36}[k.kind]
        place = (x + (0.16 if far else 0.0), y + down * (0.62 if far else 0.42))
        with b.at(*place, 0.65 + sweep + (0.3 if far else 0.0)) as f:
            shape = smooth([(0.07, -0.04), (0.06, 0.1), (-long * 0.5, long * 0.5), (-long * 1.02, long * 0.42),
                (-long * 0.86, long * 0.12), (-0.06, -0.08)], tension=0.9)
            f.form(shape, f.shade(colour, 0.42) if far else colour, edge=0.55, rim=0.0 if far else 0.012)
            if k.kind == "fish" and not far:
                with f.inside(shape):
                    for i in range(3):
                        f.line(smooth([(0.0, 0.0), (-long * 0.9, long * (0.2 + 0.14 * i))], closed=False),
                            f.shade(colour, 0.35), 0.014, 0.7)

    def _beak(self, b: Brush, pose: Pose, spine: list[Point]) -> None:
        x, y = spine[0]
        gape = 0.05 * pose.mouth
        b.form(tube([(x - 0.12, y + 0.1), (x + 0.06, y + 0.1 + gape * 0.6), (x + 0.16, y + 0.085 + gape)],
            [0.12, 0.085, 0.06], 5), b.skin.second)
        b.form(tube([(x - 0.1, y + 0.04), (x + 0.08, y + 0.055), (x + 0.19, y + 0.06)], [0.17, 0.1, 0.06], 5),
            b.skin.main)

    def _face(self, b: Brush, pose: Pose, spine: list[Point]) -> None:
        k, skin = self.build, b.skin
        u, dy, r = k.eye
        i = u * len(k.profile)
        base = spine[int(i)][1] * (1 - i % 1.0) + spine[int(i) + 1][1] * (i % 1.0)
        x, y = k.long * (0.5 - u), base + dy
        lid = skin.main
        if k.kind == "fish":
            b.blush(x - r * 0.5, y + r * 1.55, r * 0.9, _BLUSH, 0.55, 0.75)
            faces.mouth(b, x + r * 0.2, y + r * 1.5, x + r * 1.75, y + r * 1.35, pose, 0.022, drop=0.55)
            faces.eye(b, x + r * 1.6, y - r * 0.14, r * 0.88, pose, lid, wide=0.62)
        else:
            b.blush(x - r * 0.6, y + r * 1.35, r * 0.95, _BLUSH, 0.5, 0.75)
            back = x + r * (0.3 if k.kind == "dolphin" else 0.1)
            front = k.long * 0.5 + (0.15 if k.kind == "dolphin" else 0.03)
            faces.mouth(b, back, y + r * 1.35, front, spine[0][1] + (0.075 if k.kind == "dolphin" else 0.14), pose,
                0.02, drop=0.26)
        faces.eye(b, x, y, r, pose, lid, wide=0.92)
        if b.detail > 120:
            b.fill(egg(x - k.long * 0.2, base - k.profile[2][0] * 0.66, 0.1, 0.14, 0.03, 0.03, tilt=-0.12),
                lighter(skin.main, 0.6), 0.5)
