"""The director: who is where when. Turns a plan and a seed into poses, views, and the events that are heard."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from math import floor, pi
from typing import TYPE_CHECKING

from . import camera as operator
from . import light as lights
from .acting import face
from .layout import compose
from .motion import bob, ease, travel
from .rigs.base import Pose
from .rigs.cast import CAST, cast
from .timeline import Event, Soundscape

if TYPE_CHECKING:
    from .acting import Face
    from .layers import View
    from .layout import Layout
    from .light import Light
    from .motion import Travel
    from .plan import ScenePlan
    from .rigs.base import Rig, Skin

WATERS = ("river", "sea")
_HEARD_AS = {"city": "street", "mountains": "snow"}


@dataclass(frozen=True, slots=True)
class Instant:
    """One frame's staging: where the subject's origin is on the ground plane (pixels, world x and screen y)."""

    x: float
    y: float
    pose: Pose
    view: View


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything decided: call :meth:`at` for any time."""

    plan: ScenePlan
    rig: Rig
    skin: Skin
    layout: Layout
    light: Light
    facing: int
    way: Travel
    face: Face
    camera: operator.Camera
    duration: float
    turn: float
    medium: str
    waterline: float | None
    soundscape: Soundscape

    def at(self, t: float) -> Instant:
        """The staging at ``t`` seconds."""
        plan, size = self.plan, self.layout.size
        action = plan.action
        x = self.layout.third + self.facing * self.way.way_at(t) * size
        y, lean = self.layout.ground, 0.0
        if self.medium == "air" or self.medium == "deep":
            rise, lean = bob("fly" if self.medium == "air" else "swim", t, self.turn)
            reach = 1.0 if self.medium == "air" else 3.0
            y = self.layout.air - rise * size * reach * (0.8 if self.layout.wide else 1.0)
        elif self.waterline is not None:
            rise, lean = bob("swim", t, self.turn)
            y = self.layout.ground + self.waterline * size - rise * size
        if self.rig.archetype == "vehicle":
            lean = -0.02 * (self.way.going_at(t + 0.12) - self.way.going_at(max(0.0, t - 0.12))) * 6
        toward = self.light.toward
        pose = Pose(
            action=action,
            phase=self.way.phase_at(t),
            t=t,
            blink=self.face.blink(t),
            look=self.face.look(t),
            squash=self.face.gather(t),
            lean=lean,
            mouth=self.face.mouth(t),
            smile=self._smile(t),
            light=(toward[0] * self.facing, toward[1]),
            detail=size,
        )
        return Instant(x, y, pose, self.camera.view(t))

    def _smile(self, t: float) -> float:
        warm = ease((t - self.duration + 1.2) / 0.4) * 0.3 if self.duration > 2.5 else 0.0
        return min(1.0, self.face.smile + warm)


def settle(plan: ScenePlan, rig: Rig) -> ScenePlan:
    """The plan made playable: nobody swims on dry land, boats get water, fish are seen under it."""
    notes = list(plan.approximated)
    place, action = plan.place, plan.action
    if rig.archetype == "boat" and place not in WATERS:
        place = "sea" if place in ("beach", "underwater") else "river"
        notes.append(f"place: {place}")
    elif rig.archetype == "fish" and place in WATERS and rig.waterline > 0.5:
        place = "underwater"
        notes.append("place: under water")
    elif action == "swim" and place not in (*WATERS, "underwater", "space") and rig.archetype != "fish":
        place = "sea" if place == "beach" else "river"
        notes.append(f"place: {place}")
    if rig.archetype == "fish" and action not in rig.actions():
        action = "swim"
    if action == "swim" and "swim" not in rig.actions():
        # it cannot swim, so it stands in the shallows
        action = "stand"
        notes.append("action: as stand")
    elif action not in rig.actions():
        notes.append("action: as well as it can")
    if action == plan.action and place == plan.place:
        return replace(plan, approximated=tuple(dict.fromkeys(notes)))
    return replace(plan, place=place, action=action, approximated=tuple(dict.fromkeys(notes)))


def direct(
    plan: ScenePlan, width: int, height: int, duration: float, seed: int, variation: int = 0, cut: int | None = None
) -> Scene:
    """The scene of a plan at a size; the same seed directs it the same way.

    A ``variation`` shows the same subject doing the same thing in the same place: half of them turned the other way,
    with another move of the camera, and everything else left to chance drawn from ``cut`` instead.
    """
    rng = random.Random(f"scene {seed}")  # noqa: S311 - art, not secrets
    rig, skin = cast(plan.player, baby=plan.baby, colour=plan.colour, seed=seed)
    plan = settle(plan, rig)
    facing = 1 if rng.random() < 0.62 else -1
    if variation:
        facing *= -1 if variation % 4 in (1, 2) else 1
        rng = random.Random(f"scene {cut}")  # noqa: S311 - art, not secrets
    light = lights.choose(plan.light, rng, weather=plan.weather, facing=facing)
    medium, waterline = _medium(plan, rig)
    scale = plan.scale * (0.90 if plan.baby else 1.0) * min(1.12, max(0.80, CAST[plan.player].height ** 0.07))
    still = plan.action in ("stand", "sleep", "dance")
    girth = max(rig.width, 0.8)
    roomy = 0.86 if medium == "air" or plan.action == "jump" else 1.0
    layout = compose(width, height, girth=girth, scale=scale * roomy, facing=facing, still=still)
    way = travel(rig, plan.action, duration, plan.pace, rng)
    voiced = rig.archetype in ("quadruped", "bird") or (rig.archetype == "biped" and plan.talks)
    look = face(plan.action, plan.mood, duration, rng, voiced=voiced, talks=plan.talks)

    def along(t: float) -> float:
        return facing * way.way_at(t) * layout.size

    shot = operator.plan(plan.camera, along, duration, layout, facing, girth, rng, variation)
    if medium in ("air", "deep"):
        shot = replace(shot, focus=(layout.third, layout.air))
    scene = Scene(
        plan,
        rig,
        skin,
        layout,
        light,
        facing,
        way,
        look,
        shot,
        duration,
        rng.uniform(0, 2 * pi),
        medium,
        waterline,
        Soundscape("", "", "", "", "", "", duration, seed),
    )
    return replace(scene, soundscape=_sound(scene, seed, rng))


def _medium(plan: ScenePlan, rig: Rig) -> tuple[str, float | None]:
    """What carries the subject: ``ground air water deep``; and how deep it sits, in its own heights."""
    if plan.action == "fly" and rig.archetype not in ("boat", "vehicle"):
        return "air", None
    if plan.place == "underwater" and (plan.action == "swim" or rig.archetype in ("fish", "boat")):
        return "deep", None
    if plan.place in WATERS:
        if rig.archetype == "boat":
            return "water", rig.waterline
        if rig.archetype == "fish":
            # whales and dolphins show their eyes when they come up
            return "water", min(rig.waterline, -0.06)
        if plan.action == "swim":
            # a bird swims on the water more than in it
            return "water", rig.waterline - (0.12 if rig.archetype == "bird" else 0.0)
        return "water", 0.16 if "swim" in rig.actions() else 0.24
    if rig.archetype == "fish":
        return "air", None
    if plan.action == "swim" and plan.place == "space":
        return "air", None
    return "ground", None


def _material(plan: ScenePlan) -> str:
    if plan.place in WATERS:
        return "water"
    snowy = plan.weather == "snow" or plan.place == "mountains"
    return (
        "snow"
        if snowy
        else {
            "beach": "sand",
            "desert": "sand",
            "city": "road",
            "room": "wood",
            "space": "sand",
            "underwater": "sand",
        }.get(plan.place, "grass")
    )


def _sound(scene: Scene, seed: int, rng: random.Random) -> Soundscape:
    plan, rig = scene.plan, scene.rig
    events = [*_contacts(scene), *_calls(scene)]
    engine: tuple[tuple[float, float], ...] = ()
    if rig.archetype == "vehicle" or plan.player in ("ship",):
        steps = max(2, int(scene.duration * 4) + 1)
        times = [scene.duration * k / (steps - 1) for k in range(steps)]
        engine = tuple((t, min(1.0, max(0.0, 0.75 * scene.way.going_at(t)))) for t in times)
        if scene.duration > 3 and plan.mood != "calm" and rig.archetype == "vehicle":
            events.append(
                Event(
                    scene.duration * rng.uniform(0.58, 0.68),
                    "horn",
                    0.5,
                    _pan(scene, scene.duration * 0.6),
                    0.25,
                    "air",
                )
            )
    events.sort(key=lambda event: (event.at, event.kind))
    name = f"baby {plan.player}" if plan.baby else plan.player
    return Soundscape(
        place=_HEARD_AS.get(plan.place, plan.place),
        subject=name.replace("_", " "),
        archetype=rig.archetype,
        light=plan.light,
        mood=plan.mood,
        weather=plan.weather,
        duration=scene.duration,
        seed=seed,
        events=tuple(events),
        engine=engine,
    )


def _pan(scene: Scene, t: float) -> float:
    now = scene.at(t)
    return max(-0.85, min(0.85, ((now.x - now.view.x) / scene.layout.width * 2 - 1) * 0.9))


def _contacts(scene: Scene) -> list[Event]:
    """Every footfall, stroke and beat, at the very time its phase is reached."""
    plan, way = scene.plan, scene.way
    material = "air" if scene.medium == "air" else "water" if scene.medium in ("water", "deep") else _material(plan)
    made = []
    last = way.phase_at(scene.duration)
    for contact in scene.rig.contacts(plan.action):
        k = floor(way.phase[0])
        while k + contact.phase <= last:
            at = way.when(k + contact.phase)
            if at is not None and at < scene.duration - 0.02:
                kind = contact.kind
                if scene.medium == "water" and kind in ("step", "land", "bounce"):
                    kind = "splash"
                made.append(
                    Event(at, kind, contact.strength * (0.75 if plan.baby else 1.0), _pan(scene, at), 0.25, material)
                )
            k += 1
    return made


def _calls(scene: Scene) -> list[Event]:
    return [
        Event(at, "call", 0.6, _pan(scene, at), 0.2, "air") for at in scene.face.calls if at < scene.duration - 0.3
    ]
