"""Engines from a speed curve, starters and horns.

An engine is a harmonic stack: one wavetable of two crankshaft turns, read at a phase that follows the revs,
crossfaded from a soft to a hard table with load, plus breath and tyre or water noise that follow speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate_integrations.generators.storyboard.sound.contacts import add, rattle
from reelgate_integrations.generators.storyboard.sound.filters import band, coloured, coloured_stereo, low, slope
from reelgate_integrations.generators.storyboard.sound.signal import (
    RATE,
    TAU,
    Wave,
    curve,
    drift,
    length,
    smooth,
    soft_end,
    strike,
    turn,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelgate_integrations.generators.storyboard.sound.subjects import Body


@dataclass(frozen=True, slots=True)
class Motor:
    """What drives a thing.

    ``idle`` and ``top`` are firing rates in Hz, ``gears`` how often they fall back on the way up, ``cylinders``
    the pulses in the table, ``tone`` the exhaust's resonances in Hz, ``breath`` the noise that pulses with the
    firing, ``roll`` the noise of wheels, water or air by speed, in the band ``path`` Hz. ``stack`` is the level
    of the harmonics (0: nothing burns in it).
    """

    idle: float
    top: float
    gears: int
    cylinders: int
    tone: tuple[float, ...]
    stack: float
    breath: float
    roll: float
    path: tuple[float, float]


MOTORS = {
    "car": Motor(30.0, 118.0, 3, 4, (160.0, 430.0, 980.0), 1.0, 0.25, 0.30, (500.0, 2600.0)),
    "bus": Motor(21.0, 64.0, 3, 6, (110.0, 300.0, 760.0), 1.0, 0.40, 0.30, (350.0, 2000.0)),
    "truck": Motor(18.0, 56.0, 3, 6, (95.0, 260.0, 700.0), 1.0, 0.45, 0.30, (300.0, 1900.0)),
    "tractor": Motor(12.0, 30.0, 1, 2, (90.0, 240.0, 600.0), 1.0, 0.50, 0.15, (300.0, 1500.0)),
    "motorbike": Motor(26.0, 130.0, 3, 2, (190.0, 520.0, 1300.0), 1.0, 0.30, 0.20, (700.0, 3000.0)),
    "scooter": Motor(34.0, 120.0, 1, 1, (260.0, 700.0, 1500.0), 0.8, 0.25, 0.20, (800.0, 3200.0)),
    "train": Motor(2.2, 8.5, 1, 4, (140.0, 380.0, 900.0), 0.15, 1.00, 0.45, (150.0, 1400.0)),
    "rocket": Motor(38.0, 55.0, 1, 5, (60.0, 120.0, 340.0), 0.25, 0.50, 1.20, (70.0, 1300.0)),
    "aeroplane": Motor(34.0, 88.0, 1, 3, (150.0, 420.0, 860.0), 1.0, 0.35, 0.35, (250.0, 1600.0)),
    "motorboat": Motor(26.0, 92.0, 1, 4, (130.0, 380.0, 820.0), 0.9, 0.35, 0.55, (350.0, 3000.0)),
    "ship": Motor(5.5, 11.0, 1, 2, (75.0, 190.0, 420.0), 0.9, 0.40, 0.45, (200.0, 1800.0)),
    "boat": Motor(9.0, 22.0, 1, 2, (110.0, 290.0, 620.0), 0.9, 0.35, 0.50, (300.0, 2400.0)),
    "bicycle": Motor(3.0, 14.0, 1, 1, (2400.0, 3900.0), 0.05, 0.10, 0.45, (1200.0, 4200.0)),
    "sailboat": Motor(1.0, 1.5, 1, 1, (300.0,), 0.0, 0.0, 0.80, (250.0, 2200.0)),
    "canoe": Motor(1.0, 1.5, 1, 1, (300.0,), 0.0, 0.0, 0.70, (250.0, 2000.0)),
    "balloon": Motor(1.0, 1.5, 1, 1, (300.0,), 0.0, 0.0, 0.60, (120.0, 900.0)),
}  # fmt: skip
_TABLE = 4096


def motor(body: Body) -> Motor:
    """The motor of a subject; a vehicle nobody knows drives like a car, a boat putters."""
    return MOTORS.get(body.name, MOTORS["boat" if body.archetype == "boat" else "car"])


def engine(
    points: tuple[tuple[float, float], ...], body: Body, seconds: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """The running motor as a bus (n, 2) at about -20 dB RMS under full load; ``points`` are (s, speed 0..1)."""
    kind, n = motor(body), length(seconds)
    speed = np.clip(np.interp(np.arange(n) / RATE, [p[0] for p in points], [p[1] for p in points]), 0.0, 1.0)
    revs = smooth(_revs(speed, kind.gears), 0.09) + drift(rng, n, 3.0, -0.012, 0.012)
    firing = kind.idle + (kind.top - kind.idle) * np.clip(revs, 0.0, 1.1)
    load = np.clip(0.35 + 0.5 * speed + smooth(np.gradient(speed) * RATE, 0.12) * 1.2, 0.15, 1.0)
    cycle = np.cumsum(firing / (RATE * kind.cylinders)) + rng.uniform()
    spot = (cycle % 1.0) * _TABLE
    soft, hard = _read(_table(kind, rng, -9.0), spot), _read(_table(kind, rng, -5.0), spot)
    stack = (soft * (1.0 - load) + hard * load) * (0.45 + 0.55 * load)
    pulses = 0.25 + 0.75 * (0.5 + 0.5 * np.cos(TAU * cycle * kind.cylinders)) ** 3
    breath = coloured(rng, n, band(140.0, 1700.0), slope(-4.0)) * pulses * (0.3 + 0.7 * load)
    middle = kind.stack * stack + kind.breath * breath
    roll = coloured_stereo(rng, n, band(*kind.path), slope(-3.0)) * (smooth(speed, 0.2) ** 1.4)[:, None]
    return np.asarray((middle[:, None] * 0.707 + kind.roll * roll) * 0.1, dtype=np.float32)


def _revs(speed: Wave, gears: int) -> Wave:
    """Revs 0..1 for a speed 0..1: a climb in each gear, falling back to two fifths at every change."""
    place = np.clip(speed, 0.0, 0.9999) * gears
    gear = np.floor(place)
    within = place - gear
    floor = np.where(gear > 0, 0.4, 0.0)
    return np.asarray(floor + (1.0 - floor) * within * (0.75 + 0.25 * (gear + 1) / gears))


def _read(table: Wave, spot: Wave) -> Wave:
    """The table at fractional places, between neighbours in proportion."""
    left = spot.astype(np.int32)
    ring = np.concatenate((table, table[:2]))
    share = spot - left
    return np.asarray(ring[left] * (1.0 - share) + ring[left + 1] * share)


def _table(kind: Motor, rng: np.random.Generator, tilt: float) -> Wave:
    """One engine cycle (4096 samples) of unit RMS: a damped pulse a cylinder, no two quite alike.

    ``tilt`` is dB an octave over the harmonics of the middle firing rate, shaped by the exhaust's resonances.
    """
    orders = np.arange(1, 300)
    hertz = orders * (kind.idle + kind.top) / 2 / kind.cylinders
    shape = (np.maximum(hertz, 30.0) / 100.0) ** (tilt / 6.0206)
    for tone in kind.tone:
        shape = shape + (1.6 / (1.0 + ((hertz - tone) / (0.22 * tone)) ** 2)) * (tone / 100.0) ** (tilt / 9.0)
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
    for cylinder in range(kind.cylinders):
        late = (cylinder + rng.uniform(-0.03, 0.03)) / kind.cylinders
        spectrum[1:300] += rng.uniform(0.82, 1.18) * np.exp(-1j * TAU * orders * late)
    spectrum[1:300] *= shape * np.exp(1j * TAU * rng.uniform(0, 1, 299) * 0.15)
    table = np.fft.irfft(spectrum, _TABLE)
    return np.asarray(table / np.sqrt(np.mean(table**2)))


def engine_start(rng: np.random.Generator, body: Body, strength: float) -> Wave:
    """A starter that labours, a cough, and the catch (nothing but a soft push-off where nothing burns)."""
    kind = motor(body)
    if kind.stack < 0.1:
        n = length(0.5)
        return soft_end(coloured(rng, n, band(*kind.path), slope(-3.0)) * strike(n, 0.05, 0.15), 0.05)
    n = length(0.55)
    labour = curve(((0.0, 0.6), (0.25, 1.0), (0.5, 0.8), (0.75, 1.05), (1.0, 0.9)), n)
    angle = turn(118.0 * labour) + 0.5
    whirr = (np.sin(angle) + 0.6 * np.sin(3 * angle) + 0.3 * np.sin(7 * angle)) * (
        0.6 + 0.4 * np.sin(turn(11.0 * labour))
    )
    grind = coloured(rng, n, band(600.0, 2600.0)) * 0.25
    starter = soft_end((whirr * 0.5 + grind) * np.minimum(1.0, np.arange(1, n + 1) / 400), 0.05)
    m = length(0.5)
    cough = coloured(rng, m, low(700.0), slope(-3.0)) * strike(m, 0.003, 0.12) * (0.7 + 0.5 * strength)
    catch = rattle(rng, 0.18, 40.0) * 0.15
    return add(starter, np.concatenate((np.zeros(n - 2400), soft_end(add(cough, catch), 0.05))))


def horn(rng: np.random.Generator, body: Body, strength: float) -> Wave:
    """The subject's own signal: a bell, a whistle chord, a fog horn, or two notes a third apart."""
    tuned = rng.uniform(0.985, 1.015)
    if body.name in ("bicycle", "scooter", "sailboat", "canoe", "balloon"):
        ding = _bell(2350.0 * tuned)
        return add(ding, np.concatenate((np.zeros(length(0.16)), _bell(2350.0 * tuned) * 0.8)))
    if body.name == "train":
        return _reeds(rng, (440.0, 523.3, 659.3), 0.9, tuned, 0.25)
    if body.archetype == "boat":
        low_note = 98.0 if body.weight > 0.85 else 150.0
        return _reeds(rng, (low_note, low_note * 1.26), 0.9 + 0.3 * body.weight, tuned, 0.08)
    base = 392.0 * (1.2 - 0.5 * body.weight)
    return _reeds(rng, (base, base * 1.26), 0.22 + 0.25 * strength, tuned, 0.03)


def _bell(hertz: float) -> Wave:
    n = length(0.7)
    at = np.arange(n) / RATE
    parts = ((1.0, 1.0, 0.22), (2.41, 0.5, 0.12), (3.9, 0.25, 0.06))
    return soft_end(add(*(lv * np.sin(TAU * hertz * k * at + 0.4) * strike(n, 0.0004, d) for k, lv, d in parts)))


def _reeds(rng: np.random.Generator, notes: tuple[float, ...], seconds: float, tuned: float, air: float) -> Wave:
    """Blown reeds: harmonic tones that scoop up into their pitch, with a little air in them."""
    n = length(seconds)
    rise = curve(((0.0, 0.93), (0.06, 1.0), (0.9, 1.0), (1.0, 0.97)), n)
    level = np.minimum(1.0, np.arange(1, n + 1) / 500) * curve(((0.0, 0.8), (0.1, 1.0), (0.85, 0.9), (1.0, 0.0)), n)
    out = coloured(rng, n, band(900.0, 5000.0)) * air
    for note in notes:
        angle = turn(note * tuned * rise * rng.uniform(0.997, 1.003)) + 0.3
        for order in range(1, 13):
            if note * order < 9000:
                out = out + np.sin(order * angle) * (0.9 / order**0.8) / (1.0 + (note * order / 2600.0) ** 2)
    return soft_end(out * level, 0.03)
