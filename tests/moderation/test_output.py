"""The sampler sees short inserts in bounded memory; the output screen holds what it should and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from reelgate.contract import Context, Frame, Moment, OutputScreen, Sample
from reelgate.media.clip import frame_from_rgb, rgb_from_frame
from reelgate.words import Decision
from reelgate_moderation.errors import SamplesInvalid
from reelgate_moderation.hashes.bank import Entry, HashBank
from reelgate_moderation.hashes.pdq import pdq_rgb
from reelgate_moderation.output.pictures import LONGEST, small_rgb
from reelgate_moderation.output.sampler import CHANGES_PER_SECOND, PER_SECOND, Sampler
from reelgate_moderation.output.screen import PolicyOutputScreen
from reelgate_moderation.policy.loader import load
from reelgate_moderation.policy.policy import Category

FPS = 24
HUSH = np.zeros((2000, 2), np.float32)
POLICY = load()


def scene(shift: int = 0, seed: int = 1, size: tuple[int, int] = (96, 64)) -> np.ndarray:
    """A soft picture (height, width, 3) that drifts by ``shift`` pixels."""
    rng = np.random.default_rng(seed)
    tiles = np.kron(rng.integers(60, 200, (6, 4, 3)), np.ones((size[0] // 6, size[1] // 4, 1)))
    return np.roll(tiles.astype(np.uint8), shift, axis=1)


def grey(level: int, size: tuple[int, int] = (96, 64)) -> np.ndarray:
    return np.full((*size, 3), level, np.uint8)


def sampled(pictures, sound=None, fps: int = FPS, duration: float | None = None) -> Sampler:
    pictures = list(pictures)
    sampler = Sampler(fps=fps, duration=len(pictures) / fps if duration is None else duration)
    for index, rgb in enumerate(pictures):
        block = HUSH if sound is None else sound(index)
        sampler.offer(index, Moment(frame_from_rgb(rgb), block))
    return sampler


def judge(pictures, sound=None, bank: HashBank | None = None, **more):
    screen = PolicyOutputScreen(POLICY, bank or HashBank())
    assert isinstance(screen, OutputScreen)
    return screen.screen(sampled(pictures, sound, **more).samples(), Context())


def kinds(verdict) -> set[str]:
    return {reason.category for reason in verdict.reasons}


def test_small_pictures_show_what_the_frame_shows():
    for size in ((96, 64), (256, 200), (720, 406), (1280, 720)):
        rgb = np.repeat(np.repeat(scene(size=(96, 64)), size[0] // 96 + 1, 0), size[1] // 64 + 1, 1)
        rgb = rgb[: size[0], : size[1]]
        frame = frame_from_rgb(rgb)
        small = small_rgb(frame)
        assert max(small.shape[:2]) <= LONGEST
        step = rgb.shape[0] // small.shape[0]
        height, width = small.shape[0] * step, small.shape[1] * step
        whole = rgb_from_frame(frame)[:height, :width].reshape(small.shape[0], step, small.shape[1], step, 3)
        assert np.abs(whole.mean(axis=(1, 3)) - small).mean() < 2.5


def test_transparent_parts_are_not_judged_by_what_they_hide():
    base = frame_from_rgb(grey(255))
    hidden = Frame(base.y, base.u, base.v, np.zeros_like(base.y))
    assert np.all(small_rgb(hidden) == 128)


def test_two_samples_a_second_of_a_calm_clip():
    sampler = sampled(scene(i // 12) for i in range(4 * FPS))
    assert 4 * PER_SECOND <= len(sampler) <= 4 * PER_SECOND + 6
    assert judge(scene(i // 12) for i in range(4 * FPS)).decision is Decision.ALLOW


@pytest.mark.parametrize("first", [1, 5, 13, 31, 40])
def test_an_insert_of_two_frames_is_seen(first):
    bad = scene(seed=99)
    pictures = [bad if first <= i < first + 2 else scene() for i in range(3 * FPS)]
    number, _ = pdq_rgb(small_rgb(frame_from_rgb(bad)))
    verdict = judge(pictures, bank=HashBank([Entry(number, "known", Category.GORE)]))
    assert verdict.decision is Decision.BLOCK
    reason = next(r for r in verdict.reasons if r.category == "gore")
    assert reason.at is not None
    assert reason.at[0] <= (first + 2) / FPS
    assert reason.at[1] >= first / FPS


def test_a_mirrored_copy_is_known_too():
    bad = scene(seed=99)
    number, _ = pdq_rgb(small_rgb(frame_from_rgb(bad)))
    bank = HashBank([Entry(number, "known", Category.SEXUAL_MINORS)])
    assert judge([bad[:, ::-1]] * FPS, bank=bank).decision is Decision.BLOCK
    assert judge([scene(seed=5)] * FPS, bank=bank).decision is Decision.ALLOW


def test_memory_stays_bounded_whatever_comes():
    rng = np.random.default_rng(0)
    noise = [grey(int(v)) for v in rng.integers(0, 255, 10 * FPS)]
    sampler = sampled(noise, sound=lambda _: np.ones((200_000, 2), np.float32), duration=2.0)
    kept = list(sampler.samples())
    assert len(kept) <= 2 * PER_SECOND + 2 + 2 * CHANGES_PER_SECOND
    assert all(max(s.rgb.shape) <= LONGEST and len(s.sound) <= 48_000 for s in kept)
    assert kept[-1].at > 6.0, "a stream that runs on is covered to its end"


def test_the_sampler_keeps_nothing_of_the_frame_itself():
    frame = frame_from_rgb(scene())
    sampler = Sampler(fps=FPS, duration=1)
    sampler.offer(0, Moment(frame, HUSH))
    before = next(sampler.samples()).rgb.copy()
    for plane in (frame.y, frame.u, frame.v):
        if plane.flags.writeable:
            plane[:] = 0
    assert np.array_equal(before, next(sampler.samples()).rgb)


def test_samples_survive_the_quarantine():
    sampler = sampled((scene(i) for i in range(FPS)), sound=lambda i: np.full((2000, 2), i / 100, np.float32))
    again = Sampler.from_bytes(sampler.to_bytes())
    for one, other in zip(sampler.samples(), again.samples(), strict=True):
        assert one.at == other.at
        assert np.array_equal(one.rgb, other.rgb)
        assert np.array_equal(one.sound, other.sound)
    assert again.hashes() == sampler.hashes()
    assert len(Sampler.from_bytes(Sampler(24, 1).to_bytes())) == 0


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"nonsense" * 50])
def test_broken_samples_are_a_typed_error(data):
    with pytest.raises(SamplesInvalid):
        Sampler.from_bytes(data)


def test_no_samples_are_never_safe():
    verdict = PolicyOutputScreen(POLICY, HashBank()).screen(iter(()), Context())
    assert verdict.decision is Decision.REVIEW
    assert kinds(verdict) == {"empty"}


def test_a_black_reel_is_held_and_a_fade_from_black_is_not():
    assert kinds(judge([grey(0)] * (2 * FPS))) == {"blank"}
    faded = [(scene(i // 4) * min(1.0, i / 24)).astype(np.uint8) for i in range(4 * FPS)]
    assert judge(faded).decision is Decision.ALLOW


def test_a_still_reel_is_told_but_allowed():
    verdict = judge([scene()] * (3 * FPS))
    assert verdict.decision is Decision.ALLOW
    assert kinds(verdict) == {"frozen"}


def light(hertz: float, seconds: float = 2.0, low: int = 20, high: int = 235, fps: int = FPS):
    for i in range(round(seconds * fps)):
        wave = 0.5 + 0.5 * np.sin(2 * np.pi * hertz * i / fps)
        yield grey(round(low + (high - low) * wave))


@pytest.mark.parametrize("hertz", [4.5, 6.0, 8.0, 11.0])
def test_flashing_beyond_three_a_second_is_held(hertz):
    verdict = judge(light(hertz))
    assert verdict.decision is Decision.REVIEW
    assert "flashing" in kinds(verdict)


def test_hard_flashing_is_held_and_the_time_named():
    pictures = [grey(128 if i < FPS else (0 if (i // 3) % 2 else 255)) for i in range(3 * FPS)]
    reason = next(r for r in judge(pictures).reasons if r.category == "flashing")
    assert reason.at is not None
    assert 0.4 <= reason.at[0] <= 1.6


def test_slow_light_small_lights_and_faint_flicker_pass():
    assert "flashing" not in kinds(judge(light(2.0)))
    assert "flashing" not in kinds(judge(light(8.0, low=120, high=132)))

    def lamp(i: int) -> np.ndarray:
        rgb = scene(i // 12).copy()
        rgb[:16, :16] = 255 if (i // 2) % 2 else 0
        return rgb

    assert "flashing" not in kinds(judge(lamp(i) for i in range(2 * FPS)))


@pytest.mark.parametrize("seed", range(6))
def test_a_wood_that_passes_behind_a_runner_is_no_flash(seed):
    rng = np.random.default_rng(seed)
    wood = np.full((96, 640, 3), 190, np.uint8)
    for across in rng.integers(0, 630, 40):  # trunks, the nearer the longer
        wood[: rng.integers(40, 80), across : across + rng.integers(3, 9)] = rng.integers(50, 110)
    wood[80:] = (90, 120, 60)  # the grass
    passing = [np.roll(wood, 4 * i, axis=1)[:, :160] for i in range(3 * FPS)]
    assert "flashing" not in kinds(judge(passing))


@pytest.mark.parametrize("hertz", [4.5, 6.0])
@pytest.mark.parametrize("shape", ["halves against each other", "board", "soft edges", "a good quarter"])
def test_flashing_of_parts_is_held_too(hertz, shape):
    down, across = np.mgrid[0:96, 0:64]
    reach = {
        "halves against each other": np.where(across < 32, 1.0, -1.0),
        "board": np.where((across // 16 + down // 16) % 2, 1.0, -1.0),
        "soft edges": np.exp(-(((across - 32) / 40) ** 2 + ((down - 48) / 60) ** 2)),
        "a good quarter": np.where((across < 36) & (down < 54), 1.0, 0.0),
    }[shape]
    waves = (np.sin(2 * np.pi * hertz * i / FPS) for i in range(2 * FPS))
    pictures = (np.repeat((127 + 100 * wave * reach)[..., None], 3, 2).astype(np.uint8) for wave in waves)
    assert "flashing" in kinds(judge(pictures))


def test_broken_and_deafening_sound_is_held():
    time = np.arange(2000) / 48_000
    tone = np.repeat(np.sin(2 * np.pi * 440 * time)[:, None], 2, 1).astype(np.float32)
    moving = [scene(i) for i in range(2 * FPS)]
    assert "clipped" in kinds(judge(moving, sound=lambda _: np.clip(tone * 3, -1, 1)))
    assert "loud" in kinds(judge(moving, sound=lambda _: np.sign(tone) * np.float32(0.9)))
    calm = judge(moving, sound=lambda _: tone * np.float32(0.5))
    assert calm.decision is Decision.ALLOW


def test_what_cannot_be_read_is_held():
    screen = PolicyOutputScreen(POLICY, HashBank())
    good = Sample(0.0, scene(), HUSH)
    for bad in (
        Sample(0.5, scene().astype(np.float32), HUSH),
        Sample(0.5, scene()[..., 0], HUSH),
        Sample(0.5, scene(), np.full((10, 2), np.nan, np.float32)),
    ):
        assert kinds(screen.screen(iter((good, bad)), Context())) == {"unreadable"}

    def broken():
        yield good
        raise OSError("gone")

    verdict = screen.screen(broken(), Context())
    assert verdict.decision is Decision.REVIEW
    assert "gone" not in str(verdict)
