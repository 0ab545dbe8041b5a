"""Whose voice: calls of animals and people by name, with a fallback for each archetype. Nobody says words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_integrations.generators.storyboard.sound.birdsong import SONGS, song
from reelgate_integrations.generators.storyboard.sound.formant import AH, EE, EH, MM, OH, OO, Call, speak
from reelgate_integrations.generators.storyboard.sound.motors import horn
from reelgate_integrations.generators.storyboard.sound.signal import RATE, Wave
from reelgate_integrations.generators.storyboard.sound.water import bubbles

if TYPE_CHECKING:
    from reelgate_integrations.generators.storyboard.sound.subjects import Body

_SHORT = ((0.0, 0.7), (0.1, 1.0), (0.6, 0.7), (1.0, 0.0))
_LONG = ((0.0, 0.2), (0.18, 1.0), (0.75, 0.85), (1.0, 0.0))

CALLS: dict[str, Call] = {
    "hippo": Call(0.34, ((0, 95), (0.25, 150), (1, 82)), ((0, OO), (0.4, OH), (1, OO)), _SHORT, -7, 0.12, 0.55,
        38, (0, 6), (2, 4), 0.30),
    "dog": Call(0.19, ((0, 300), (0.2, 520), (1, 260)), ((0, OH), (0.3, AH), (1, OO)), _SHORT, -6, 0.20, 0.35,
        70, (0, 6), (1, 3), 0.34),
    "wolf": Call(1.3, ((0, 260), (0.25, 480), (0.7, 500), (1, 330)), ((0, OO), (0.5, OH), (1, OO)), _LONG, -10,
        0.06, 0.0, 50, (0.02, 5)),
    "fox": Call(0.26, ((0, 620), (0.3, 900), (1, 560)), ((0, EH), (0.5, AH), (1, EH)), _SHORT, -6, 0.25, 0.4,
        85, (0, 6), (1, 3), 0.36),
    "cat": Call(0.62, ((0, 480), (0.3, 720), (1, 430)), ((0, EE), (0.35, AH), (0.8, OH), (1, OO)), _LONG, -7,
        0.06, 0.0, 50, (0.012, 7)),
    "lion": Call(1.1, ((0, 85), (0.3, 140), (1, 62)), ((0, OO), (0.35, AH), (1, OH)), _LONG, -5, 0.45, 0.6, 31),
    "tiger": Call(0.9, ((0, 95), (0.3, 150), (1, 70)), ((0, OH), (0.35, AH), (1, OH)), _LONG, -5, 0.45, 0.6, 34),
    "bear": Call(0.8, ((0, 100), (0.3, 135), (1, 75)), ((0, OO), (0.4, OH), (1, MM)), _LONG, -6, 0.35, 0.6, 30),
    "panda": Call(0.35, ((0, 330), (0.4, 420), (1, 300)), ((0, EH), (0.5, AH), (1, MM)), _SHORT, -8, 0.10, 0.3,
        30, (0.05, 18), (1, 2), 0.4),
    "elephant": Call(0.95, ((0, 300), (0.2, 520), (0.6, 610), (1, 380)), ((0, EH), (0.5, AH), (1, EH)), _LONG,
        -2, 0.30, 0.45, 60, (0.015, 9)),
    "rhino": Call(0.4, ((0, 120), (0.3, 170), (1, 100)), ((0, OO), (0.5, OH), (1, OO)), _SHORT, -6, 0.4, 0.5,
        40, (0, 6), (1, 2), 0.45),
    "horse": Call(1.1, ((0, 620), (0.15, 900), (0.5, 760), (1, 380)), ((0, EE), (0.4, EH), (1, AH)), _LONG, -6,
        0.18, 0.25, 22, (0.06, 11)),
    "cow": Call(1.0, ((0, 130), (0.3, 190), (0.8, 180), (1, 140)), ((0, MM), (0.2, OO), (0.6, OH), (1, OO)),
        _LONG, -6, 0.06, 0.12, 40),
    "sheep": Call(0.7, ((0, 330), (0.3, 390), (1, 310)), ((0, EH), (0.5, AH), (1, EH)), _LONG, -5, 0.10, 0.2,
        24, (0.045, 10)),
    "pig": Call(0.16, ((0, 150), (0.3, 260), (1, 130)), ((0, EH), (0.5, OH), (1, EH)), _SHORT, -4, 0.5, 0.65,
        60, (0, 6), (2, 4), 0.22),
    "deer": Call(0.45, ((0, 300), (0.4, 410), (1, 280)), ((0, EH), (0.5, OH), (1, OO)), _LONG, -8, 0.08),
    "giraffe": Call(0.6, ((0, 110), (0.5, 140), (1, 105)), ((0, MM), (1, OO)), _LONG, -9, 0.08),
    "monkey": Call(0.17, ((0, 420), (0.5, 820), (1, 600)), ((0, OO), (0.6, AH), (1, OO)), _SHORT, -7, 0.18, 0.1,
        60, (0, 6), (3, 6), 0.21),
    "kangaroo": Call(0.15, ((0, 240), (0.3, 320), (1, 200)), ((0, OH), (1, OH)), _SHORT, -7, 0.4, 0.4, 50,
        (0, 6), (1, 3), 0.24),
    "rabbit": Call(0.10, ((0, 900), (0.4, 1250), (1, 950)), ((0, EE), (1, EE)), _SHORT, -8, 0.1, 0, 50, (0, 6),
        (1, 3), 0.17),
    "squirrel": Call(0.07, ((0, 1500), (0.3, 1900), (1, 1200)), ((0, EE), (1, EH)), _SHORT, -6, 0.2, 0.2, 90,
        (0, 6), (3, 6), 0.11),
    "hedgehog": Call(0.09, ((0, 700), (0.5, 850), (1, 600)), ((0, EE), (1, MM)), _SHORT, -8, 0.5, 0.2, 70,
        (0, 6), (2, 4), 0.14),
    "hamster": Call(0.07, ((0, 1700), (0.4, 2300), (1, 1800)), ((0, EE), (1, EE)), _SHORT, -8, 0.06, 0, 50,
        (0, 6), (2, 4), 0.13),
    "turtle": Call(0.22, ((0, 330), (0.5, 420), (1, 300)), ((0, OO), (0.5, OH), (1, OO)), _SHORT, -9, 0.1, 0,
        50, (0, 6), (1, 2), 0.4),
    "frog": Call(0.24, ((0, 190), (0.4, 260), (1, 300)), ((0, OH), (0.5, EH), (1, AH)), _SHORT, -4, 0.1, 0.8,
        44, (0, 6), (1, 3), 0.42),
    "seal": Call(0.3, ((0, 260), (0.3, 340), (1, 240)), ((0, OH), (0.4, AH), (1, OH)), _SHORT, -4, 0.25, 0.5,
        48, (0, 6), (1, 3), 0.38),
    "penguin": Call(0.42, ((0, 310), (0.4, 440), (1, 330)), ((0, EH), (0.5, AH), (1, EH)), _LONG, -4, 0.15, 0.5,
        52, (0.03, 14), (1, 2), 0.5),
    "duck": Call(0.17, ((0, 250), (0.3, 300), (1, 220)), ((0, EH), (0.4, AH), (1, EH)), _SHORT, -2, 0.15, 0.5,
        80, (0, 6), (2, 4), 0.24),
    "chicken": Call(0.12, ((0, 420), (0.4, 620), (1, 450)), ((0, OH), (0.5, EH), (1, OH)), _SHORT, -4, 0.12,
        0.2, 60, (0, 6), (2, 4), 0.24),
    "owl": Call(0.42, ((0, 350), (0.3, 410), (1, 370)), ((0, OO), (1, OO)), _LONG, -14, 0.05, 0, 50, (0.012, 7),
        (2, 3), 0.62),
    "pigeon": Call(
        0.5, ((0, 300), (0.4, 360), (1, 310)), ((0, OO), (1, OO)), _LONG, -13, 0.05, 0.25,
        24, (0.02, 12), (1, 2), 0.6),
    "bee": Call(0.7, ((0, 205), (0.4, 250), (1, 190)), ((0, OO), (0.5, EH), (1, OO)), _LONG, -2, 0.1, 0.3,
        21, (0.03, 9)),
    "crow": Call(0.3, ((0, 420), (0.3, 520), (1, 400)), ((0, AH), (1, EH)), _SHORT, -2, 0.35, 0.7, 95, (0, 6),
        (1, 3), 0.45),
    "gull": Call(0.4, ((0, 900), (0.2, 1250), (1, 820)), ((0, EE), (0.5, AH), (1, EH)), _LONG, -5, 0.1, 0.2, 60,
        (0.01, 9), (1, 3), 0.46),
    "parrot": Call(0.26, ((0, 700), (0.4, 1100), (1, 800)), ((0, EH), (0.5, AH), (1, EE)), _SHORT, -3, 0.25,
        0.5, 110, (0.03, 20), (1, 3), 0.33),
    "whale": Call(2.1, ((0, 170), (0.3, 330), (0.6, 260), (1, 420)), ((0, OO), (0.5, OH), (1, OO)), _LONG, -12,
        0.04, 0, 50, (0.012, 4)),
    "shark": Call(0.8, ((0, 60), (0.5, 75), (1, 55)), ((0, OO), (1, OO)), _LONG, -12, 0.2),
    "dragon": Call(1.3, ((0, 90), (0.25, 190), (1, 60)), ((0, OO), (0.35, AH), (1, OH)), _LONG, -3, 0.6, 0.6,
        36, (0.03, 9)),
    "dinosaur": Call(1.3, ((0, 80), (0.25, 210), (0.6, 170), (1, 60)), ((0, OH), (0.35, AH), (1, OH)), _LONG,
        -3, 0.5, 0.6, 33, (0.02, 8)),
    "robot": Call(0.11, ((0, 520), (0.5, 520), (1, 780)), ((0, EE), (1, AH)), _SHORT, -4, 0.0, 0.0, 50, (0, 6),
        (2, 4), 0.15),
    "alien": Call(0.4, ((0, 420), (0.4, 900), (1, 520)), ((0, OO), (0.4, EE), (1, OO)), _LONG, -9, 0.04, 0, 50,
        (0.06, 13), (1, 2), 0.5),
    "ghost": Call(1.2, ((0, 330), (0.5, 520), (1, 300)), ((0, OO), (0.5, OH), (1, OO)), _LONG, -13, 0.15, 0, 50,
        (0.03, 5)),
    "child": Call(0.34, ((0, 330), (0.4, 460), (1, 350)), ((0, OO), (0.4, AH), (1, AH)), _LONG, -9, 0.08, 0, 50,
        (0.01, 6), (1, 2), 0.34),
    "girl": Call(0.34, ((0, 340), (0.4, 480), (1, 360)), ((0, EH), (0.4, AH), (1, AH)), _LONG, -9, 0.08, 0, 50,
        (0.01, 6), (1, 2), 0.34),
    "person": Call(0.32, ((0, 190), (0.4, 250), (1, 180)), ((0, MM), (0.4, AH), (1, OH)), _LONG, -9, 0.08, 0,
        50, (0.01, 5), (1, 2), 0.36),
    "man": Call(0.32, ((0, 120), (0.4, 160), (1, 112)), ((0, MM), (0.4, AH), (1, OH)), _LONG, -8, 0.08, 0, 50,
        (0.01, 5), (1, 2), 0.38),
    "astronaut": Call(0.3, ((0, 160), (0.4, 210), (1, 150)), ((0, MM), (0.5, OH), (1, MM)), _LONG, -8, 0.12,
        0.1, 60, (0, 5), (1, 2), 0.36),
    "quadruped": Call(0.16, ((0, 520), (0.4, 760), (1, 560)), ((0, EH), (0.5, AH), (1, EH)), _SHORT, -8, 0.1,
        0.1, 40, (0, 6), (1, 3), 0.24),
    "biped": Call(0.3, ((0, 260), (0.4, 340), (1, 270)), ((0, MM), (0.4, OH), (1, MM)), _LONG, -9, 0.06, 0, 50,
        (0.01, 6), (1, 2), 0.34),
}  # fmt: skip
_SAME = {"boy": "child", "woman": "girl", "knight": "man", "snowman": "person"}
_WHISTLES = {
    "bird": "robin", "sparrow": "finch", "robin": "robin", "butterfly": "mouse", "mouse": "mouse",
    "dolphin": "dolphin", "hawk": "hawk",
}  # fmt: skip


def call(body: Body, rng: np.random.Generator, strength: float) -> Wave:
    """One call of ``body``: mono, starting on its first sample, about unit level."""
    if body.name == "chicken" and body.young:
        return song(SONGS["chick"], rng)
    if body.name in _WHISTLES:
        return song(SONGS[_WHISTLES[body.name]], rng, body.pitch**0.5)
    if body.archetype in ("vehicle", "boat") and body.name not in CALLS:
        return horn(rng, body, strength)
    if body.archetype == "bird" and body.name not in CALLS:
        return song(SONGS["finch"], rng)
    if body.archetype == "fish" and body.name not in CALLS:
        return bubbles(rng, 0.35, 9, 480.0, 1500.0)
    recipe = CALLS.get(_SAME.get(body.name, body.name)) or CALLS.get(body.archetype, CALLS["biped"])
    tract = 1.0 + 0.35 * (body.pitch - 1.0) + 0.25 * (0.5 - body.weight)
    said = speak(recipe, rng, body.pitch, tract, strength)
    starts = [round(at * RATE) for at, _ in said]
    out = np.zeros(max(start + len(grain) for start, (_, grain) in zip(starts, said, strict=True)))
    for start, (_, grain) in zip(starts, said, strict=True):
        out[start : start + len(grain)] += grain
    return out
