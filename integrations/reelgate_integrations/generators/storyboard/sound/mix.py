"""Mixes one reel's sound: bed, weather, effects, engine and music, balanced, ducked, limited and faded.

The balance is ART's order of truth: effects lead, the bed lies under them by an amount the place sets, the
music lies about 10 dB under the effects and gives way to each of them. The sum is brought to -16 LUFS with peaks
under -1 dBFS (what phones' apps expect), and its last 150 ms are faded to silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reelgate_integrations.generators.storyboard.sound.beds import bed, known_place
from reelgate_integrations.generators.storyboard.sound.effects import sound
from reelgate_integrations.generators.storyboard.sound.filters import causal, high_pass, low_pass
from reelgate_integrations.generators.storyboard.sound.loudness import QUIET, loudness, mastered
from reelgate_integrations.generators.storyboard.sound.motors import engine
from reelgate_integrations.generators.storyboard.sound.music import music
from reelgate_integrations.generators.storyboard.sound.room import HALL, ROOMS, answer, reverberate
from reelgate_integrations.generators.storyboard.sound.signal import RATE, gain, lay, length, source
from reelgate_integrations.generators.storyboard.sound.subjects import body
from reelgate_integrations.generators.storyboard.sound.weather import weather
from reelgate_integrations.generators.storyboard.sound.wildlife import around

if TYPE_CHECKING:
    from reelgate_integrations.generators.storyboard.timeline import Soundscape

Bus = NDArray[np.float32]

TARGET = -16.0
"""Integrated loudness of a reel in LUFS."""
SOFT = -39.0
"""Where the loudest thing is softer than this (footsteps alone), the reel stays up to 2 dB under the target, so
that a walk does not pound like a drum."""
CEILING = -1.0
"""Highest sample in dBFS."""
MOST_LIMITING = 9.0
"""dB that the limiter may take off the sharpest peaks; a spikier mix stays quieter instead."""
ENGINE = -29.0
"""Loudness of a running engine in LUFS before mastering, beside the levels of the other effects."""
NO_EFFECTS = -36.0
"""What the bed and the music are measured against when nothing happens."""
MUSIC_UNDER = 10.5
"""dB of the ducked music under the effects."""
DUCK = 4.0
"""dB the music gives way at most while an effect sounds."""
FADE = 0.150
"""Seconds of fade at the end."""

BED_UNDER = {
    "river": 9.0, "lake": 11.0, "sea": 8.0, "beach": 7.0, "underwater": 10.0, "street": 12.0, "forest": 11.0,
    "meadow": 13.0, "snow": 13.0, "space": 12.0, "room": 21.0, "desert": 12.0, "air": 14.0,
}  # fmt: skip
"""dB of each place's bed under the effects."""
WEATHER_UNDER = {"rain": 9.0, "wind": 9.0, "snow": 20.0}


@dataclass(frozen=True, slots=True)
class Stems:
    """The parts before mastering, each (n, 2) float32; ``effects`` holds the direct sound of every event, whose
    first sample is exactly at its time, ``room`` what the place answers, and ``lead`` the loudness in LUFS that
    everything is balanced against."""

    bed: Bus
    effects: Bus
    engine: Bus
    music: Bus
    room: Bus
    lead: float

    @property
    def sum(self) -> Bus:
        """Everything together."""
        return self.bed + self.effects + self.engine + self.music + self.room


def synthesise(soundscape: Soundscape) -> Bus:
    """The reel's whole sound: float32 (round(duration * 48000), 2) within -1..1.

    The same soundscape gives the same samples.
    """
    parts = stems(soundscape)
    soft = float(np.clip((SOFT - parts.lead) / 2.0, 0.0, 2.0))
    return faded(mastered(cleaned(parts.sum), TARGET - soft, CEILING, MOST_LIMITING))


def stems(scape: Soundscape) -> Stems:
    """The balanced parts of a reel."""
    n = length(scape.duration)
    place = known_place(scape.place)
    near, far, send = _events(scape, place, n)
    muffle = ROOMS[place].muffle
    direct = causal(near, low_pass(muffle)) if muffle else near
    effects = direct + causal(far, low_pass(min(2400.0, muffle or 2400.0), 0.6))
    drive = np.zeros((n, 2), dtype=np.float32)
    if len(scape.engine):
        drive = engine(scape.engine, body(scape.subject, scape.archetype), scape.duration, source(scape.seed, 51))
        drive = causal(drive, low_pass(muffle)) if muffle else drive
        drive = eased_in(drive * np.float32(_to(loudness(drive), ENGINE)))
    lead = loudness(effects + drive)
    lead = NO_EFFECTS if lead <= QUIET else max(-44.0, min(-20.0, lead))
    ground = _ground(scape, place, lead)
    band = music(scape) * ducking(effects, lead)[:, None]
    band *= np.float32(_to(loudness(band), lead - MUSIC_UNDER))
    sends = [(send + drive.mean(axis=1) * np.float32(0.2), answer(ROOMS[place], scape.seed))]
    sends.append((band.mean(axis=1), answer(HALL, scape.seed + 1)))
    return Stems(ground, effects, drive, band, reverberate(sends, n), lead)


def _events(scape: Soundscape, place: str, n: int) -> tuple[Bus, Bus, NDArray[np.float32]]:
    """Every event laid on a near bus, a far bus and a reverb send, by its distance."""
    near = np.zeros((n, 2), dtype=np.float32)
    far = np.zeros_like(near)
    send = np.zeros_like(near)
    somebody = body(scape.subject, scape.archetype)
    for number, event in enumerate(scape.events):
        start = round(event.at * RATE)
        if not 0 <= start < n:
            continue
        rng = source(scape.seed, 61, number)
        grain = sound(event, somebody, place == "underwater", rng)
        if grain is None:
            continue
        away = float(np.clip(event.distance, 0.0, 1.0))
        level = gain(-10.0 * away)
        lay(near, grain, start, level * (1.0 - away), event.pan)
        lay(far, grain, start, level * away, event.pan * 0.8)
        lay(send, grain, start, level * (0.6 + 1.4 * away), 0.0)
    return near, far, send[:, 0] * np.float32(np.sqrt(2.0))


def _ground(scape: Soundscape, place: str, lead: float) -> Bus:
    """Bed, wildlife and weather, each at its level under ``lead`` LUFS."""
    calm = scape.weather not in ("rain", "wind")
    ground = bed(place, scape.seed, scape.duration)
    ground = ground * np.float32(_to(loudness(ground), lead - BED_UNDER[place]))
    ground += around(place, scape.light, scape.seed, scape.duration, calm) * np.float32(gain(lead + 23.0))
    sky = weather(scape.weather, place, scape.seed, scape.duration)
    if sky is not None:
        indoors = 8.0 if place == "room" else 0.0
        ground += sky * np.float32(_to(loudness(sky), lead - WEATHER_UNDER.get(scape.weather, 12.0) - indoors))
    return eased_in(ground)


def eased_in(x: Bus) -> Bus:
    """A steady sound faded in over 30 ms, so that the reel does not begin with a click."""
    rise = min(len(x), length(0.03))
    x[:rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32)[:, None] ** 2
    return x


def _to(level: float, wanted: float) -> float:
    """The factor that brings ``level`` LUFS to ``wanted``; silence stays as it is."""
    return gain(wanted - level) if level > QUIET else 1.0


def ducking(effects: Bus, lead: float) -> NDArray[np.float32]:
    """How far (n,) the music steps back: down within 30 ms before an effect, back over a third of a second."""
    block = RATE // 100
    n = len(effects)
    count = -(-n // block)
    padded = np.zeros(count * block, dtype=np.float32)
    padded[:n] = np.max(np.abs(effects), axis=1)
    level = np.sqrt(np.mean(np.square(padded.reshape(count, block)), axis=1))
    held, out = 0.0, np.zeros(count)
    for at in range(count):
        held = max(float(level[min(count - 1, at + 3)]), float(level[at]), held * 0.965)
        out[at] = held
    share = np.clip(out / gain(lead), 0.0, 1.0)
    drop = 10.0 ** (-DUCK * share / 20.0)
    drop = np.convolve(np.concatenate((np.full(2, drop[0]), drop, np.full(2, drop[-1]))), np.full(5, 0.2), "valid")
    return np.interp(np.arange(n) / block, np.arange(count), drop).astype(np.float32)


def cleaned(x: Bus) -> Bus:
    """The mix without anything below hearing: no offset, no rumble to move a loudspeaker for nothing."""
    return causal(x, high_pass(28.0))


def faded(x: Bus) -> Bus:
    """The last 150 ms down to exact silence along a raised cosine (a very short sound: its second half)."""
    n = min(length(FADE), len(x) // 2)
    if n:
        x = x.copy()
        x[-n:] *= (0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, n, dtype=np.float32)))[:, None]
        x[-1] = 0.0
    return x
