"""What lives in a place and is heard but not seen: birds by day, crickets, owls and frogs by night, gulls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_integrations.generators.storyboard.sound.birdsong import SONGS, cricket, song
from reelgate_integrations.generators.storyboard.sound.signal import gain, lay, length, levelled, moments, source
from reelgate_integrations.generators.storyboard.sound.subjects import body
from reelgate_integrations.generators.storyboard.sound.voices import call

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from reelgate_integrations.generators.storyboard.sound.signal import Wave


def birds(seed: int, seconds: float, rate: float, names: tuple[str, ...]) -> NDArray[np.float32]:
    """Songs of ``names`` at ``rate`` a second over a bus (n, 2); each bird keeps its own perch."""
    rng = source(seed, 41)
    bus = np.zeros((length(seconds), 2), dtype=np.float32)
    perches = {name: (float(rng.uniform(-0.9, 0.9)), float(rng.uniform(-9.0, 0.0))) for name in names}
    for at in moments(rng, seconds, rate):
        name = str(rng.choice(names))
        pan, level = perches[name]
        grain = levelled(song(SONGS[name], rng), -30.0 + level)
        lay(bus, grain, length(at), 1.0, pan)
    return bus


def crickets(seed: int, seconds: float, count: int) -> NDArray[np.float32]:
    """``count`` crickets around the listener."""
    rng = source(seed, 42)
    bus = np.zeros((length(seconds), 2), dtype=np.float32)
    for _ in range(count):
        lay(bus, cricket(rng, seconds), 0, gain(rng.uniform(-50.0, -40.0)), rng.uniform(-0.95, 0.95))
    return bus


def strangers(
    seed: int, seconds: float, rate: float, subject: str, archetype: str, level: float
) -> NDArray[np.float32]:
    """Now and then the call of some ``subject`` far off, at ``level`` dBFS."""
    rng = source(seed, 43)
    bus = np.zeros((length(seconds), 2), dtype=np.float32)
    somebody = body(subject, archetype)
    for at in moments(rng, max(0.0, seconds - 0.8), rate):
        grain: Wave = levelled(call(somebody, rng, 0.3), level + rng.uniform(-5.0, 0.0))
        lay(bus, grain, length(at), 1.0, rng.uniform(-0.9, 0.9))
    return bus


def around(place: str, light: str, seed: int, seconds: float, calm: bool) -> NDArray[np.float32]:
    """Everything alive around ``place`` at this ``light``; in rain or wind (not ``calm``) they hush."""
    share = 1.0 if calm else 0.25
    parts: list[Callable[[], NDArray[np.float32]]] = []
    if place in ("meadow", "forest", "river", "lake"):
        rate = {"dawn": 1.3, "day": 0.8, "sunset": 0.45, "night": 0.0}.get(light, 0.8)
        rate *= {"meadow": 1.0, "forest": 1.3, "river": 0.6, "lake": 0.6}[place] * share
        names = ("finch", "tit", "robin", "warbler") if place != "forest" else ("robin", "warbler", "tit", "cuckoo")
        parts.append(lambda: birds(seed, seconds, rate, names))
        count = {"night": 7, "sunset": 4}.get(light, 0)
        if count and calm:
            parts.append(lambda: crickets(seed, seconds, count if place == "meadow" else count // 2))
        if light == "night" and place == "forest":
            parts.append(lambda: strangers(seed, seconds, 0.14, "owl", "bird", -36.0))
        if light == "night" and place in ("lake", "river"):
            parts.append(lambda: strangers(seed, seconds, 0.35, "frog", "quadruped", -40.0))
    if place in ("beach", "sea") and light != "night":
        parts.append(lambda: strangers(seed, seconds, 0.16 * share, "gull", "bird", -38.0))
    bus = np.zeros((length(seconds), 2), dtype=np.float32)
    for part in parts:
        bus += part()
    return bus
