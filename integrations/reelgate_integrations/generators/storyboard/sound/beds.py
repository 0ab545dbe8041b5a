"""The place itself: water, wind, surf, hum. One function a place, each a bus (n, 2) near -30 dBFS RMS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reelgate_integrations.generators.storyboard.sound.filters import (
    band,
    bump,
    coloured,
    coloured_stereo,
    high,
    low,
    slope,
    together,
)
from reelgate_integrations.generators.storyboard.sound.signal import (
    RATE,
    TAU,
    drift,
    gain,
    lay,
    length,
    moments,
    source,
    turn,
)
from reelgate_integrations.generators.storyboard.sound.water import bubble

if TYPE_CHECKING:
    from collections.abc import Callable

Bus = NDArray[np.float32]


def _mixed(*parts: NDArray[np.floating]) -> Bus:
    """The sum of parts as a bus."""
    return np.asarray(sum(parts), dtype=np.float32)


def gusts(rng: np.random.Generator, n: int, low_level: float, hertz: float = 0.45) -> Bus:
    """A slow swell (n, 1) between ``low_level`` and 1, as wind and leaves have it."""
    return drift(rng, n, hertz, low_level, 1.0)[:, None].astype(np.float32)


def trickle(rng: np.random.Generator, seconds: float, rate: float, bottom: float, top: float) -> Bus:
    """Bubbles all over the stage, ``rate`` a second; a small family of grains keeps it quick."""
    bus = np.zeros((length(seconds), 2), dtype=np.float32)
    family = [bubble(rng, bottom * (top / bottom) ** float(rng.beta(1.4, 2.0))) for _ in range(48)]
    for at in moments(rng, seconds, rate):
        lay(bus, family[int(rng.integers(48))], length(at), float(rng.beta(1.2, 3.0)), rng.uniform(-0.8, 0.8))
    return bus


def river(rng: np.random.Generator, seconds: float) -> Bus:
    """Running water: a broad wash, a babble that comes and goes, bubbles."""
    n = length(seconds)
    wash = coloured_stereo(rng, n, band(250.0, 3800.0, 1), slope(-3.5))
    babble = coloured_stereo(rng, n, band(420.0, 1300.0)) * gusts(rng, n, 0.15, 5.0)
    return _mixed(
        gain(-36) * wash,
        gain(-37) * babble,
        gain(-24) * trickle(rng, seconds, 38.0, 380.0, 2200.0),
    )


def lake(rng: np.random.Generator, seconds: float) -> Bus:
    """Still water: light air, and small waves lapping every second or two."""
    n = length(seconds)
    air = coloured_stereo(rng, n, band(120.0, 1500.0, 1), slope(-4.0)) * gusts(rng, n, 0.5, 0.3)
    lap = coloured_stereo(rng, n, band(280.0, 1800.0), slope(-3.0)) * gusts(rng, n, 0.0, 0.9) ** 3
    return _mixed(
        gain(-43) * air,
        gain(-33) * lap,
        gain(-27) * trickle(rng, seconds, 9.0, 320.0, 1300.0),
    )


def meadow(rng: np.random.Generator, seconds: float) -> Bus:
    """Open grass: a light breeze and the stalks' whisper."""
    n = length(seconds)
    wind = coloured_stereo(rng, n, band(90.0, 700.0, 1), slope(-4.0)) * gusts(rng, n, 0.35)
    whisper = coloured_stereo(rng, n, band(2200.0, 7000.0)) * gusts(rng, n, 0.1, 0.7) ** 2
    return _mixed(
        gain(-38) * wind,
        gain(-45) * whisper,
    )


def forest(rng: np.random.Generator, seconds: float) -> Bus:
    """Leaves in waves overhead, and the low air between the trunks."""
    n = length(seconds)
    air = coloured_stereo(rng, n, band(80.0, 480.0, 1), slope(-4.0))
    leaves = coloured_stereo(rng, n, band(1400.0, 6500.0, 1), slope(-2.0)) * gusts(rng, n, 0.12, 0.55) ** 2
    return _mixed(
        gain(-39) * air,
        gain(-37) * leaves,
    )


def surf(rng: np.random.Generator, seconds: float) -> Bus:
    """Waves on a beach: each rises low, breaks bright, and fizzes away on the sand."""
    n = length(seconds)
    at = np.arange(n) / RATE
    phase = at / rng.uniform(4.2, 5.4) + rng.uniform(0.1, 0.5) + 0.12 * (drift(rng, n, 0.3, -1.0, 1.0))
    turn_ = phase % 1.0
    swell = (np.sin(np.pi * turn_**0.8) ** 2)[:, None].astype(np.float32)
    crash = (np.clip((turn_ - 0.35) / 0.12, 0.0, 1.0) * np.exp(-np.clip(turn_ - 0.47, 0.0, 1.0) / 0.16))[:, None]
    fizz = (np.clip((turn_ - 0.45) / 0.15, 0.0, 1.0) * np.clip((1.0 - turn_) / 0.4, 0.0, 1.0))[:, None]
    rumble = coloured_stereo(rng, n, band(50.0, 320.0, 1), slope(-3.0)) * (0.25 + 0.75 * swell)
    body = coloured_stereo(rng, n, band(250.0, 2600.0, 1), slope(-3.0)) * (0.12 + crash).astype(np.float32)
    hiss = coloured_stereo(rng, n, band(2600.0, 9000.0)) * fizz.astype(np.float32)
    return _mixed(gain(-34) * rumble, gain(-30) * body, gain(-39) * hiss)


def sea(rng: np.random.Generator, seconds: float) -> Bus:
    """Open water: long swells, wind over them, water slapping and gurgling."""
    n = length(seconds)
    swell = coloured_stereo(rng, n, band(60.0, 600.0, 1), slope(-3.0)) * gusts(rng, n, 0.25, 0.3)
    slap = coloured_stereo(rng, n, band(400.0, 2800.0), slope(-3.0)) * gusts(rng, n, 0.02, 1.1) ** 3
    wind = coloured_stereo(rng, n, band(300.0, 2500.0, 1), slope(-4.0)) * gusts(rng, n, 0.4, 0.4)
    return _mixed(
        gain(-33) * swell,
        gain(-32) * slap,
        gain(-42) * wind,
        gain(-30) * trickle(rng, seconds, 8.0, 260.0, 900.0),
    )


def street(rng: np.random.Generator, seconds: float) -> Bus:
    """A town: a far hum, and now and then tyres passing somewhere."""
    n = length(seconds)
    hum = coloured_stereo(rng, n, together(bump(95.0, 35.0), bump(190.0, 60.0, 0.5), lambda f: 0.12 * low(900.0)(f)))
    far = coloured_stereo(rng, n, band(250.0, 1400.0, 1), slope(-4.0)) * gusts(rng, n, 0.45, 0.35)
    bus = gain(-37) * hum + gain(-39) * far
    for at in moments(rng, seconds, 0.22):
        size = length(2.6)
        sweep = coloured(rng, size, band(350.0, 1900.0), slope(-3.0)) * np.hanning(size) ** 2
        side = 1.0 if rng.uniform() < 0.5 else -1.0
        lay(bus, sweep * np.linspace(1.0, 0.2, size), length(at) - size // 3, gain(-38), -0.8 * side)
        lay(bus, sweep * np.linspace(0.2, 1.0, size), length(at) - size // 3, gain(-38), 0.8 * side)
    return bus


def snow(rng: np.random.Generator, seconds: float) -> Bus:
    """Snow swallows everything but a thin wind that whistles a little."""
    n = length(seconds)
    wind = coloured_stereo(rng, n, band(120.0, 900.0, 1), slope(-4.0)) * gusts(rng, n, 0.3, 0.4)
    bus = gain(-38) * wind
    for hertz, level in ((620.0, -47.0), (910.0, -50.0)):
        whistle = coloured_stereo(rng, n, bump(hertz, hertz * 0.03), width=0.6) * gusts(rng, n, 0.0, 0.35) ** 2
        bus = bus + gain(level) * whistle
    return bus.astype(np.float32)


def underwater(rng: np.random.Generator, seconds: float) -> Bus:
    """Below the surface: a deep rumble that breathes, and strings of bubbles."""
    n = length(seconds)
    rumble = coloured_stereo(rng, n, low(140.0), high(28.0), slope(-3.0)) * gusts(rng, n, 0.5, 0.25)
    murk = coloured_stereo(rng, n, band(150.0, 520.0), slope(-4.0)) * gusts(rng, n, 0.3, 0.5)
    bus = gain(-28) * rumble + gain(-36) * murk
    for at in moments(rng, seconds, 0.7):
        pan = rng.uniform(-0.8, 0.8)
        for number in range(int(rng.integers(2, 7))):
            grain = bubble(rng, rng.uniform(420.0, 1100.0))
            lay(bus, grain, length(at + number * rng.uniform(0.04, 0.09)), gain(-33) * rng.uniform(0.4, 1.0), pan)
    return bus


def space(rng: np.random.Generator, seconds: float) -> Bus:
    """No air, so only what a listener expects: a low drone and a far shimmer, both turning slowly."""
    n = length(seconds)
    bus = gain(-40) * coloured_stereo(rng, n, band(60.0, 300.0), slope(-4.0)) * gusts(rng, n, 0.4, 0.2)
    root = rng.uniform(52.0, 62.0)
    for ratio, level in ((1.0, -30.0), (1.5, -35.0), (2.0, -37.0), (3.0, -42.0), (6.0, -50.0), (9.0, -53.0)):
        for side in (0, 1):
            hertz = root * ratio * drift(rng, n, 0.4, 0.996, 1.004)
            bus[:, side] += (
                np.sin(turn(hertz) + rng.uniform(0, TAU)) * gain(level) * drift(rng, n, 0.5, 0.3, 1.0)
            ).astype(np.float32)
    return bus


def room(rng: np.random.Generator, seconds: float) -> Bus:
    """A quiet room: soft air and a trace of mains hum."""
    n = length(seconds)
    air = coloured_stereo(rng, n, band(70.0, 900.0, 1), slope(-5.0), width=0.7)
    hum = np.sin(np.arange(n) * (TAU * 100.0 / RATE)) + 0.4 * np.sin(np.arange(n) * (TAU * 200.0 / RATE))
    return _mixed(gain(-44) * air, gain(-60) * hum[:, None])


def desert(rng: np.random.Generator, seconds: float) -> Bus:
    """Dry wind with sand in it."""
    n = length(seconds)
    wind = coloured_stereo(rng, n, band(110.0, 800.0, 1), slope(-3.0)) * gusts(rng, n, 0.25, 0.4)
    grains = coloured_stereo(rng, n, band(3500.0, 9000.0)) * gusts(rng, n, 0.05, 0.8) ** 2
    return _mixed(
        gain(-36) * wind,
        gain(-47) * grains,
    )


def air(rng: np.random.Generator, seconds: float) -> Bus:
    """Anywhere else, outdoors: gentle moving air."""
    n = length(seconds)
    return _mixed(
        gain(-40) * coloured_stereo(rng, n, band(90.0, 1100.0, 1), slope(-4.0)) * gusts(rng, n, 0.45, 0.4),
    )


PLACES: dict[str, Callable[[np.random.Generator, float], Bus]] = {
    "river": river, "lake": lake, "meadow": meadow, "forest": forest, "beach": surf, "sea": sea,
    "street": street, "snow": snow, "underwater": underwater, "space": space, "room": room, "desert": desert,
    "air": air,
}  # fmt: skip
_WORDS = {
    "pond": "lake", "stream": "river", "creek": "river", "brook": "river", "waterfall": "river", "pool": "lake",
    "field": "meadow", "grass": "meadow", "garden": "meadow", "farm": "meadow", "park": "meadow", "savanna": "meadow",
    "hill": "meadow", "woods": "forest", "wood": "forest", "jungle": "forest", "ocean": "sea", "harbour": "sea",
    "harbor": "sea", "coast": "beach", "shore": "beach", "island": "beach", "city": "street", "town": "street",
    "road": "street", "alley": "street", "bridge": "street", "village": "street", "ice": "snow", "winter": "snow",
    "arctic": "snow", "mountain": "snow", "reef": "underwater", "aquarium": "underwater", "seabed": "underwater",
    "moon": "space", "planet": "space", "stars": "space", "galaxy": "space", "kitchen": "room", "house": "room",
    "bedroom": "room", "library": "room", "stage": "room", "studio": "room", "school": "room", "shop": "room",
    "indoors": "room", "dunes": "desert", "canyon": "desert", "sky": "air", "cloud": "air", "clouds": "air",
}  # fmt: skip


def known_place(name: str) -> str:
    """The bed that ``name`` means; gentle air for a name nobody knows."""
    for word in map(str, re.findall(r"[a-z]+", name.lower())):
        for form in (word, word.removesuffix("s")):
            if form in PLACES:
                return form
            if form in _WORDS:
                return _WORDS[form]
    return "air"


def bed(place: str, seed: int, seconds: float) -> Bus:
    """The bed of a place named as :func:`known_place` does."""
    return PLACES[place](source(seed, 11), seconds).astype(np.float32)
