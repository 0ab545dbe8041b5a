"""Plays the score: every note on its own sample, two busses' worth of band and a send to its hall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_integrations.generators.storyboard.sound.instruments import BANDS, LEADS, bass, drum, pad, shaker, wood
from reelgate_integrations.generators.storyboard.sound.score import Score, compose
from reelgate_integrations.generators.storyboard.sound.signal import RATE, lay, length, source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelgate_integrations.generators.storyboard.sound.signal import Wave
    from reelgate_integrations.generators.storyboard.timeline import Soundscape

PARTS = {
    "lead": (0.50, -0.15), "chord": (0.20, 0.28), "pad": (0.10, 0.0), "bass": (0.42, 0.0), "drum": (0.40, 0.0),
    "shaker": (0.16, -0.4), "wood": (0.14, 0.4),
}  # fmt: skip
"""Level and place of each part."""


def score_of(scape: Soundscape) -> Score:
    """The piece that belongs to this reel."""
    return compose(scape.duration, scape.mood, scape.light == "night", source(scape.seed, 31))


def music(scape: Soundscape) -> NDArray[np.float32]:
    """The band as a bus (n, 2), dry, unlevelled."""
    score = score_of(scape)
    rng = source(scape.seed, 32)
    bus = np.zeros((length(scape.duration), 2), dtype=np.float32)
    leads, seconds_ = BANDS.get(scape.mood, BANDS["calm"])
    lead = str(rng.choice(leads))
    chord = str(rng.choice([name for name in seconds_ if name != lead] or list(seconds_)))
    beat = 60.0 / score.bpm
    known: dict[tuple[str, int, int], Wave] = {}
    for note in score.notes:
        level, pan = PARTS[note.part]
        key = (note.part, note.pitch, round(note.beats * 4))
        if note.part in ("drum", "shaker", "wood"):
            key = (note.part, int(rng.integers(3)), 0)
        if key not in known:
            known[key] = _sound(note.part, note.pitch, note.beats * beat, lead, chord, rng)
        human = 0.0 if note.at >= score.resolve else float(rng.uniform(-0.006, 0.006)) * (note.part != "drum")
        loud = level * note.velocity * float(rng.uniform(0.92, 1.08))
        lay(bus, known[key], max(0, round((note.at * beat + human) * RATE)), loud, pan)
    return bus


def _sound(part: str, pitch: int, seconds: float, lead: str, chord: str, rng: np.random.Generator) -> Wave:
    match part:
        case "lead":
            return LEADS[lead](pitch, seconds)
        case "chord":
            return LEADS[chord](pitch, seconds)
        case "pad":
            return pad(pitch, seconds)
        case "bass":
            return bass(pitch, seconds)
        case "drum":
            return drum(rng)
        case "shaker":
            return shaker(rng)
        case _:
            return wood(rng)
