"""One event, one sound: chooses the recipe, varies it, and sets how loud it is for its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_integrations.generators.storyboard.sound.air import flap, puff, whoosh
from reelgate_integrations.generators.storyboard.sound.birdsong import syllable
from reelgate_integrations.generators.storyboard.sound.contacts import bounce, land, step
from reelgate_integrations.generators.storyboard.sound.motors import engine_start, horn
from reelgate_integrations.generators.storyboard.sound.signal import Wave, levelled, rounded
from reelgate_integrations.generators.storyboard.sound.voices import call
from reelgate_integrations.generators.storyboard.sound.water import dive, splash, stroke, wade

if TYPE_CHECKING:
    from reelgate_integrations.generators.storyboard.sound.subjects import Body
    from reelgate_integrations.generators.storyboard.timeline import Event

LEVELS = {
    "step": -27.0, "splash": -17.0, "stroke": -23.0, "flap": -26.0, "call": -17.0, "engine_start": -19.0,
    "horn": -17.0, "bounce": -23.0, "land": -21.0, "whoosh": -24.0, "blink_cue": -38.0,
}  # fmt: skip
"""RMS in dBFS of the loudest 50 ms of each kind at strength 1, near, before mastering."""

DYNAMICS = 12.0
"""dB between strength 0 and strength 1."""


def sound(event: Event, body: Body, submerged: bool, rng: np.random.Generator) -> Wave | None:
    """The event's grain, first sample at its onset; ``None`` for a kind that makes no sound."""
    if event.kind not in LEVELS:
        return None
    strength = float(np.clip(event.strength, 0.0, 1.0))
    grain = rounded(_made(event, body, submerged, strength, rng))
    level = LEVELS[event.kind] - DYNAMICS * (1.0 - strength) + float(rng.uniform(-1.2, 1.2))
    if event.kind in ("step", "land"):
        level += 5.0 * (body.weight - 0.5)
    return levelled(grain, level)


def _made(event: Event, body: Body, submerged: bool, strength: float, rng: np.random.Generator) -> Wave:
    weight = body.weight
    wet = event.material == "water"
    match event.kind:
        case "step" | "bounce" | "land" if submerged and wet:
            return dive(rng, weight, strength)
        case "step" if wet:
            return wade(rng, weight, strength)
        case "step" if event.material == "air":
            return puff(rng, weight, strength)
        case "step":
            return step(rng, event.material, weight, strength)
        case "splash" | "stroke" if submerged:
            return dive(rng, weight, strength)
        case "land" | "splash" if wet or event.kind == "splash":
            return splash(rng, weight, strength)
        case "stroke":
            return stroke(rng, weight, strength)
        case "land":
            return land(rng, event.material, weight, strength)
        case "bounce":
            return bounce(rng, event.material, weight, strength)
        case "flap":
            return flap(rng, weight, strength)
        case "whoosh":
            return whoosh(rng, weight, strength)
        case "horn":
            return horn(rng, body, strength)
        case "engine_start":
            return engine_start(rng, body, strength)
        case "blink_cue":
            return syllable(rng, 1250.0 * rng.uniform(0.95, 1.05), 0.05, 1.2, (0.0, 30.0))
        case _:
            return call(body, rng, strength)
