"""The storyboard's sound: exact in time, level and length, and never the same twice by accident."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reelgate_integrations.generators.storyboard.sound.beds import PLACES
from reelgate_integrations.generators.storyboard.sound.effects import LEVELS
from reelgate_integrations.generators.storyboard.sound.loudness import loudness
from reelgate_integrations.generators.storyboard.sound.mix import stems, synthesise
from reelgate_integrations.generators.storyboard.sound.voices import CALLS
from reelgate_integrations.generators.storyboard.timeline import Event, Soundscape

RATE = 48000
ARCHETYPES = ("quadruped", "biped", "bird", "fish", "vehicle", "boat")


def scape(**changes: object) -> Soundscape:
    base = Soundscape("meadow", "dog", "quadruped", "day", "cheerful", "clear", 1.5, 7)
    return replace(base, **changes)  # type: ignore[arg-type]


def walk(rate: float, seconds: float, material: str = "grass") -> tuple[Event, ...]:
    return tuple(Event(float(at), "step", 0.6, material=material) for at in np.arange(0.25, seconds - 0.2, 1 / rate))


def decibels(x: float) -> float:
    return 20.0 * float(np.log10(max(x, 1e-12)))


def sound_is_fit(x: np.ndarray, seconds: float) -> None:
    """What every mix must be, whatever the scene."""
    assert x.dtype == np.float32
    assert x.shape == (round(seconds * RATE), 2)
    assert np.isfinite(x).all()
    assert decibels(float(np.abs(x).max())) <= -0.99
    assert np.abs(x.mean(axis=0)).max() < 2e-3
    assert not x[-1].any()
    assert np.abs(x[-240:]).max() < 0.01, "the last 5 ms are not faded"


def rms(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(x, dtype=np.float64))))


def within(x: np.ndarray, bottom: float, top: float) -> float:
    """The amplitude of the left side between two frequencies in Hz."""
    hertz = np.fft.rfftfreq(len(x), 1 / RATE)
    return float(np.linalg.norm(np.fft.rfft(x[:, 0])[(hertz >= bottom) & (hertz < top)]))


@pytest.mark.parametrize("seconds", [1.0, 1.37, 2.0, 4.99, 8.0, 16.0])
def test_length_is_exact_for_every_duration(seconds: float) -> None:
    mix = synthesise(scape(duration=seconds, events=walk(3, seconds)))
    sound_is_fit(mix, seconds)
    assert -18.5 < loudness(mix) < -14.5


@pytest.mark.parametrize("place", [*PLACES, "old harbour", "nowhere at all"])
def test_every_place_sounds_and_stays_within_bounds(place: str) -> None:
    quiet = scape(place=place, duration=2.0)
    mix = synthesise(quiet)
    sound_is_fit(mix, 2.0)
    assert rms(stems(quiet).bed) > 1e-5
    assert np.abs(mix[0]).max() < 0.01, "the reel begins with a click"


def test_places_do_not_sound_alike() -> None:
    """A bed's spectrum tells places apart: river is brighter than a room, under water is the dullest."""

    def centre(place: str) -> float:
        power = np.abs(np.fft.rfft(stems(scape(place=place, light="night", duration=3.0)).bed[:, 0])) ** 2
        return float(np.sum(power * np.fft.rfftfreq(3 * RATE, 1 / RATE)) / power.sum())

    assert centre("underwater") < centre("room") < centre("river")


@pytest.mark.parametrize(
    "subject", [*sorted(CALLS)[::3], "baby hippo", "red car", "tugboat", "bicycle", "quibbleflax"]
)
def test_every_subject_has_a_voice(subject: str) -> None:
    archetype = ARCHETYPES[len(subject) % len(ARCHETYPES)]
    called = stems(scape(subject=subject, archetype=archetype, events=(Event(0.3, "call", 0.8),)))
    assert np.isfinite(called.effects).all()
    assert rms(called.effects) > 1e-3


@pytest.mark.parametrize(
    ("place", "archetype"),
    [("meadow", "quadruped"), ("street", "vehicle"), ("forest", "bird"), ("underwater", "fish")],
)
@pytest.mark.parametrize("kind", LEVELS)
def test_every_event_starts_on_its_own_sample(kind: str, archetype: str, place: str) -> None:
    at = 0.41237
    event = Event(at, kind, 0.7, distance=0.4)
    made = stems(scape(place=place, archetype=archetype, subject="it", duration=1.0, events=(event,)))
    level = np.abs(made.effects).max(axis=1)
    onset = int(np.argmax(level > 1e-6 * level.max()))
    assert abs(onset - round(at * RATE)) <= 1
    slowest = {"whoosh": 0.09, "stroke": 0.06, "splash": 0.06, "land": 0.06, "step": 0.06}
    heard = int(np.argmax(level > 0.1 * level.max())) - round(at * RATE)
    assert 0 <= heard <= RATE * (slowest.get(kind, 0.0205) if place == "underwater" or kind == "whoosh" else 0.0205)


@pytest.mark.parametrize("material", ["grass", "sand", "snow", "road", "wood", "water", "air", "jelly"])
def test_every_material_answers_and_no_two_steps_are_alike(material: str) -> None:
    made = stems(
        scape(events=(Event(0.2, "step", 0.6, material=material), Event(0.9, "step", 0.6, material=material)))
    )
    one, two = (made.effects[round(at * RATE) :][: round(0.2 * RATE), 0] for at in (0.2, 0.9))
    assert min(rms(one), rms(two)) > 1e-4
    alike = float(np.dot(one, two)) / (np.linalg.norm(one) * np.linalg.norm(two))
    assert alike < 0.97


def test_the_finished_mix_is_in_step_with_its_events() -> None:
    """Cross-correlating the mix with the bare effects peaks at no lag: mastering moves nothing."""
    walked = scape(duration=3.0, events=walk(2.3, 3.0, "road"), place="street")
    mix, bare = synthesise(walked)[:, 0], stems(walked).effects[:, 0]
    size = 1 << 19
    lag = np.fft.irfft(np.fft.rfft(mix, size) * np.conj(np.fft.rfft(bare, size)), size)
    assert int(np.argmax(np.abs(lag))) == 0


def test_the_same_scene_gives_the_same_samples_and_another_seed_others() -> None:
    scene = scape(events=walk(3, 1.5), weather="rain")
    assert np.array_equal(synthesise(scene), synthesise(scene))
    assert not np.array_equal(synthesise(scene), synthesise(replace(scene, seed=8)))
    assert np.isfinite(synthesise(replace(scene, seed=-(2**63)))).all()


@pytest.mark.parametrize(
    ("light", "weather"),
    [
        ("dawn", "clear"),
        ("sunset", "clear"),
        ("night", "clear"),
        ("day", "rain"),
        ("night", "wind"),
        ("dawn", "snow"),
    ],
)
def test_light_and_weather_can_be_heard(light: str, weather: str) -> None:
    scene = scape(light=light, weather=weather, place="forest")
    sound_is_fit(synthesise(scene), 1.5)
    bottom, top = {"rain": (6000, 9000), "wind": (80, 600)}.get(weather, (0, 0))
    if top:
        assert within(stems(scene).bed, bottom, top) > 1.5 * within(
            stems(replace(scene, weather="clear")).bed, bottom, top
        )


def test_effects_lead_and_music_stays_nine_to_twelve_decibels_under() -> None:
    for seed, place, material in ((1, "meadow", "grass"), (2, "street", "road"), (3, "snow", "snow")):
        made = stems(scape(seed=seed, place=place, duration=6.0, events=walk(4, 6.0, material)))
        assert 9.0 <= loudness(made.effects) - loudness(made.music) <= 12.0
        assert loudness(made.bed) < loudness(made.effects)


def test_music_steps_back_while_an_effect_sounds() -> None:
    quiet, loud = scape(duration=4.0), scape(duration=4.0, events=(Event(2.0, "call", 1.0), Event(3.5, "step", 0.1)))
    here = slice(round(2.02 * RATE), round(2.15 * RATE))
    before = slice(round(0.5 * RATE), round(1.5 * RATE))
    alone, ducked = stems(quiet).music, stems(loud).music
    assert rms(ducked[here]) / rms(ducked[before]) < 0.8 * rms(alone[here]) / rms(alone[before])


def test_distance_makes_an_event_quieter_duller_and_wetter() -> None:
    def heard(distance: float) -> tuple[float, float, float]:
        made = stems(scape(place="street", events=(Event(0.3, "step", 0.8, distance=distance, material="road"),)))
        power = np.abs(np.fft.rfft(made.effects[:, 0])) ** 2
        centre = float(np.sum(power * np.fft.rfftfreq(len(made.effects), 1 / RATE)) / power.sum())
        ring = made.room[round(0.3 * RATE) : round(0.6 * RATE)]
        return rms(made.effects), centre, rms(ring) / rms(made.effects)

    near, far = heard(0.0), heard(1.0)
    assert far[0] < 0.5 * near[0]
    assert far[1] < 0.8 * near[1]
    assert far[2] > near[2]


@pytest.mark.parametrize(("pan", "louder"), [(-0.8, 0), (0.8, 1)])
def test_pan_follows_the_screen(pan: float, louder: int) -> None:
    effects = stems(scape(events=(Event(0.3, "horn", 0.8, pan=pan),))).effects
    assert rms(effects[:, louder]) > 3 * rms(effects[:, 1 - louder])


@pytest.mark.parametrize("subject", ["car", "train", "rocket", "tractor", "canoe", "ship"])
def test_motors_follow_their_speed(subject: str) -> None:
    archetype = "boat" if subject in ("canoe", "ship") else "vehicle"
    still = ((0.0, 0.0), (2.0, 0.0))
    fast = ((0.0, 1.0), (2.0, 1.0))
    idle, flat_out = (
        stems(scape(subject=subject, archetype=archetype, duration=2.0, engine=curve)).engine
        for curve in (still, fast)
    )
    assert rms(flat_out) > 1e-3
    assert np.isfinite(idle).all()
    assert not np.allclose(idle, flat_out)


def test_a_car_revs_up_as_it_speeds_up() -> None:
    engine = stems(scape(subject="car", archetype="vehicle", duration=3.0, engine=((0.0, 0.02), (3.0, 0.3)))).engine

    def firing(piece: np.ndarray) -> float:
        """The rate of the lowest strong tone, by autocorrelation between 20 and 130 Hz."""
        power = np.abs(np.fft.rfft(piece, 1 << 17)) ** 2
        lag = np.fft.irfft(power)[: RATE // 20]
        low = RATE // 130
        return RATE / float(low + np.argmax(lag[low:]))

    early, late = engine[RATE // 4 : RATE // 2, 0], engine[-RATE // 2 : -RATE // 4, 0]
    assert firing(late) > 1.3 * firing(early)


def test_events_outside_the_reel_and_unknown_kinds_are_silent() -> None:
    made = stems(scape(events=(Event(-0.2, "horn"), Event(1.6, "horn"), Event(0.5, "hum a tune"))))
    assert not made.effects.any()


def test_an_event_at_the_very_start_and_end_is_heard_without_a_click_at_the_end() -> None:
    mix = synthesise(scape(events=(Event(0.0, "step", 0.9), Event(1.45, "horn", 1.0))))
    sound_is_fit(mix, 1.5)
    assert rms(mix[:2400]) > 0.01
