"""The parts of the sound against outside oracles: filters, loudness, limiter and the score's own rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import fft as scipy_fft
from scipy import signal as scipy_signal

from reelgate_integrations.generators.storyboard.sound import filters, loudness, score, signal
from reelgate_integrations.generators.storyboard.sound.subjects import body

RATE = 48000


@pytest.mark.parametrize(
    "section",
    [filters.low_pass(900.0), filters.high_pass(28.0), filters.resonator(700.0, 6.0), *loudness.K_WEIGHTING],
)
def test_causal_filters_agree_with_scipy(section: filters.Biquad) -> None:
    x = np.random.default_rng(3).standard_normal(9000).astype(np.float32) * 0.2
    b0, b1, b2, a1, a2 = section
    theirs = scipy_signal.lfilter([b0, b1, b2], [1.0, a1, a2], x.astype(np.float64))
    assert np.abs(filters.causal(x, section, ring=2.0) - theirs).max() < 2e-5


@given(st.integers(2, 900_000))
@settings(max_examples=60, deadline=None)
def test_fast_lengths_are_the_smallest(n: int) -> None:
    """SciPy's real-transform lengths are 5-smooth too."""
    assert filters.fast_length(n) == scipy_fft.next_fast_len(n, real=True)


def test_loudness_of_the_reference_tone() -> None:
    """BS.1770-4: a full-scale 997 Hz sine in one channel reads -3.01 LKFS; in both, 3 dB more."""
    tone = np.sin(np.arange(4 * RATE) * (2 * np.pi * 997.0 / RATE)).astype(np.float32)
    silent = np.zeros_like(tone)
    assert loudness.loudness(np.stack([tone, silent], 1)) == pytest.approx(-3.01, abs=0.03)
    assert loudness.loudness(np.stack([tone, tone], 1)) == pytest.approx(0.0, abs=0.03)
    assert loudness.loudness(np.stack([silent, silent], 1)) == loudness.QUIET


def test_loudness_gates_out_the_pauses() -> None:
    tone = 0.1 * np.sin(np.arange(6 * RATE) * (2 * np.pi * 997.0 / RATE)).astype(np.float32)
    whole = loudness.loudness(np.stack([tone, tone], 1))
    tone[3 * RATE :] *= 0.001
    assert loudness.loudness(np.stack([tone, tone], 1)) == pytest.approx(whole, abs=0.5)


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.9), st.floats(0.5, 40.0))
@settings(max_examples=25, deadline=None)
def test_the_limiter_never_passes_its_ceiling(seed: int, ceiling: float, loud: float) -> None:
    rng = np.random.default_rng(seed)
    x = (rng.standard_normal((4000, 2)) * loud * (rng.uniform(size=(4000, 1)) < 0.02)).astype(np.float32)
    out = loudness.limited(x, ceiling)
    assert np.abs(out).max() <= ceiling * (1 + 1e-5)
    assert np.all(np.sign(out) == np.sign(x))


def test_the_limiter_leaves_quiet_sound_alone() -> None:
    x = np.full((3000, 2), 0.3, dtype=np.float32)
    assert np.array_equal(loudness.limited(x, 0.5), x)


def test_coloured_noise_has_the_asked_spectrum() -> None:
    noise = filters.coloured(np.random.default_rng(1), 1 << 17, filters.band(500.0, 2000.0))
    hertz, power = scipy_signal.welch(noise, RATE, nperseg=4096)
    inside = power[(hertz > 700) & (hertz < 1500)].mean()
    assert power[(hertz > 8000)].mean() < 0.005 * inside
    assert power[(hertz < 120)].mean() < 0.03 * inside
    assert float(np.sqrt(np.mean(noise**2))) == pytest.approx(1.0, abs=0.05)


def test_laying_a_grain_cuts_what_sticks_out() -> None:
    bus = np.zeros((100, 2), dtype=np.float32)
    signal.lay(bus, np.ones(50), -20)
    signal.lay(bus, np.ones(50), 80)
    signal.lay(bus, np.ones(50), 200)
    assert np.count_nonzero(bus[:, 0]) == 30 + 20


@pytest.mark.parametrize("mood", [*score.MOODS, "puzzled"])
@pytest.mark.parametrize("seconds", [1.0, 2.0, 3.5, 6.0, 8.0, 11.0, 16.0])
def test_the_piece_fits_the_reel_and_comes_home_on_its_last_beat(mood: str, seconds: float) -> None:
    for seed in range(6):
        piece = score.compose(seconds, mood, seed % 2 == 0, np.random.default_rng(seed))
        assert 60.0 <= piece.bpm <= 128.0
        assert piece.beats * 60.0 / piece.bpm == pytest.approx(seconds)
        if seconds >= 6.0:
            assert 3 <= piece.bars <= 8
        last = [note for note in piece.notes if note.at >= piece.resolve]
        third = score.MOODS.get(mood, score.MOODS["calm"]).scale[2]
        assert {(note.pitch - piece.tonic) % 12 for note in last if note.part != "drum"} == {0, third, 7}
        assert all((note.pitch - piece.tonic) % 12 == 0 for note in last if note.part in ("lead", "bass"))
        assert max(note.at for note in piece.notes) < piece.beats


@pytest.mark.parametrize("mood", score.MOODS)
def test_the_melody_states_and_answers(mood: str) -> None:
    """The answer keeps the statement's rhythm; the statement leaves the harmony open, the answer shuts it."""
    for seed in range(8):
        piece = score.compose(16.0, mood, False, np.random.default_rng(seed))
        half = piece.bars // 2
        lead = [note for note in piece.notes if note.part == "lead"]
        first = [round(note.at * 4) for note in lead if note.at < piece.metre]
        answer = [
            round((note.at - half * piece.metre) * 4)
            for note in lead
            if 0 <= note.at - half * piece.metre < piece.metre
        ]
        assert first == answer
        dominant = score.MOODS[mood].functions[score.DOMINANT]
        assert piece.chords[0] == 0
        assert piece.chords[half - 1] in dominant
        assert piece.chords[-1] in dominant


@pytest.mark.parametrize("mood", score.MOODS)
def test_every_pitch_belongs_to_the_scale_and_can_be_played(mood: str) -> None:
    scale = score.MOODS[mood].scale
    for seed in range(8):
        piece = score.compose(8.0, mood, False, np.random.default_rng(seed))
        for note in piece.notes:
            if note.part in ("lead", "chord", "pad"):
                assert (note.pitch - piece.tonic) % 12 in scale
                assert 40 <= note.pitch <= 96


@pytest.mark.parametrize(
    ("words", "name", "young"),
    [
        ("baby hippo", "hippo", True),
        ("a puppy", "dog", True),
        ("two kittens", "cat", True),
        ("old fishing boat", "boat", False),
        ("golden retriever dog", "dog", False),
        ("zorblax", "biped", False),
    ],
)
def test_subjects_are_known_by_their_last_known_word(words: str, name: str, young: bool) -> None:
    known = body(words, "biped")
    assert (known.name, known.young) == (name, young)


def test_the_young_are_lighter_and_higher() -> None:
    grown, baby = body("elephant", "quadruped"), body("baby elephant", "quadruped")
    assert baby.weight < grown.weight
    assert baby.pitch > grown.pitch
