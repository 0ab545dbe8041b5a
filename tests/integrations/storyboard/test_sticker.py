"""Stickers of the storyboard: the subject alone, closing its loop, within the frame; and variations of one idea."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from reelgate.media.diecut import ROOM
from reelgate.words import Kind, Order
from reelgate_integrations.generators.storyboard.generator import StoryboardGenerator
from reelgate_integrations.generators.storyboard.parse import parse
from reelgate_integrations.generators.storyboard.rigs.cast import CAST
from reelgate_integrations.generators.storyboard.scene import direct as direct_reel
from reelgate_integrations.generators.storyboard.sticker import Sticker, direct, pictures

if TYPE_CHECKING:
    from reelgate.contract import Footage

SIDE = 192


def order(text: str = "a baby hippo waving", **changes: object) -> Order:
    made = Order(Kind.STICKER, text, 1.6, SIDE, SIDE, 10, 7)
    return replace(made, **changes)  # type: ignore[arg-type]


def film(made: Order) -> Footage:
    generator = StoryboardGenerator()
    return generator.collect(generator.start(made, "k").external_id, made)


def digest(footage: Footage) -> str:
    running = hashlib.sha256()
    for moment in footage.clip.open():
        alpha = moment.frame.alpha
        for plane in (moment.frame.y, moment.frame.u, moment.frame.v, moment.sound, alpha):
            if plane is not None:
                running.update(np.ascontiguousarray(plane).tobytes())
    return running.hexdigest()


def sticker(text: str, cut: int = 7) -> Sticker:
    return direct(parse(text, 7, CAST), SIDE, SIDE, 1.6, 7, cut)


def test_the_same_order_gives_the_same_bytes_and_another_seed_or_variation_others() -> None:
    first = digest(film(order()))
    assert digest(film(order())) == first
    assert digest(film(order(seed=8))) != first
    assert digest(film(order(variation=1))) != first


def test_it_is_silent_and_transparent_where_the_subject_is_not() -> None:
    footage = film(order())
    assert footage.clip.silent
    assert footage.clip.frames == 16
    moments = list(footage.clip.open())
    assert sum(len(moment.sound) for moment in moments) == 76_800
    assert not any(moment.sound.any() for moment in moments)
    for moment in moments:
        assert moment.frame.alpha is not None
        assert 0.1 < float((moment.frame.alpha > 127).mean()) < 0.8
        assert moment.frame.alpha[0].max() == moment.frame.alpha[:, 0].max() == 0


@pytest.mark.parametrize("name", sorted(CAST))
def test_every_subject_closes_its_loop_and_stays_within_its_room(name: str) -> None:
    made = sticker(f"a {name.replace('_', ' ')}")
    assert made.plan.player == name
    seen = np.zeros((SIDE, SIDE), np.bool_)
    frames = [picture.copy() for picture in pictures(made, 10, 17)]  # the last is the first of the next round
    for picture in frames:
        seen |= picture[..., 3] > 60
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    assert rows[0] >= SIDE * ROOM.top - 4
    assert rows[-1] <= SIDE * (1 - ROOM.bottom) + 4
    assert columns[0] >= SIDE * ROOM.side - 4
    assert columns[-1] <= SIDE * (1 - ROOM.side) + 4
    assert max(rows[-1] - rows[0], columns[-1] - columns[0]) > 0.8 * SIDE  # drawn big

    def apart(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.abs(one.astype(int) - other).mean())

    steps = [apart(one, other) for one, other in pairwise(frames)]
    assert apart(frames[0], frames[16]) < 0.02
    assert steps[15] <= 2.5 * max(steps[:15])
    assert max(steps) > 0.2  # it moves


@pytest.mark.parametrize("action", ["walking", "running", "sleeping", "jumping", "dancing", "swimming", "singing"])
def test_every_action_closes_its_loop(action: str) -> None:
    for name in ("cat", "child", "penguin"):
        frames = [picture.copy() for picture in pictures(sticker(f"a {name} {action}"), 10, 17)]
        assert np.abs(frames[0].astype(int) - frames[16]).mean() < 0.02


def test_who_can_wave_waves_and_who_cannot_says_so() -> None:
    told = film(order()).scene
    assert "action: wave" in told.understood
    assert "action: as stand" not in told.approximated
    still = film(order("a baby hippo standing"))
    assert digest(still) != digest(film(order()))
    assert "action: wave" not in film(order("a car waving")).scene.understood


def test_what_belongs_to_a_place_is_left_out_and_told() -> None:
    told = film(order("a red fox running through a snowy forest at night")).scene
    assert {"subject: fox", "colour: red", "action: run"} <= set(told.understood)
    assert {"place: forest", "light: night"} <= set(told.ignored)
    assert not any(note.startswith("place") for note in told.understood)


def test_of_several_the_first_is_drawn_and_the_others_are_told() -> None:
    told = film(order("a fox and a bear dancing")).scene
    assert "subject: fox" in told.understood
    assert "second subject: bear" in told.ignored


def test_unknown_words_get_a_friendly_stand_in() -> None:
    footage = film(order("zorgle blat"))
    assert footage.scene.approximated[0].startswith("subject: as a friendly")
    assert next(islice(footage.clip.open(), 1)).frame.alpha is not None


@pytest.mark.parametrize("text", ["a dog running", "a cat sleeping", "zorgle blat", "an owl", "a bear in the rain"])
def test_a_variation_is_the_same_idea_told_anew(text: str) -> None:
    base = parse(text, 5, CAST)
    scene = direct_reel(base, 144, 256, 4.0, 5)
    looks = set()
    for variation in (1, 2, 3):
        plan = parse(text, 5, CAST, variation)
        kept = ("subject", "player", "action", "place", "weather", "colour", "baby")
        assert all(getattr(plan, name) == getattr(base, name) for name in kept)
        other = direct_reel(plan, 144, 256, 4.0, 5, variation, 1000 + variation)
        assert other.skin == scene.skin
        assert other.facing == (-scene.facing if variation < 3 else scene.facing)
        looks.add((plan.light, other.camera.move, other.facing))
    assert (base.light, scene.camera.move, scene.facing) not in looks
    assert len(looks) == 3


def test_a_variation_keeps_what_the_words_say() -> None:
    for variation in (1, 2, 3):
        plan = parse("a dog running on the beach at sunset, zoom in", 5, CAST, variation)
        assert (plan.light, plan.place, plan.camera) == ("sunset", "beach", "zoom_in")


def test_variation_nought_is_the_film_itself() -> None:
    reel = Order(Kind.REEL, "a dog running", 1.0, 144, 256, 24, 5)
    assert digest(film(reel)) == digest(film(replace(reel, variation=0))) != digest(film(replace(reel, variation=2)))
