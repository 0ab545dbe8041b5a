"""The pictures: the same order the same bytes, every place in every light, every shape and length."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from reelgate.contract import Footage, Generator
from reelgate.errors import BadInput, GeneratorRefused, NotOffered
from reelgate.words import Kind, Order
from reelgate_integrations.generators.storyboard.generator import FACTS, StoryboardGenerator
from reelgate_integrations.generators.storyboard.light import LIGHTS
from reelgate_integrations.generators.storyboard.parse import parse
from reelgate_integrations.generators.storyboard.places import PLACES
from reelgate_integrations.generators.storyboard.render import Stage, pictures
from reelgate_integrations.generators.storyboard.rigs.cast import CAST
from reelgate_integrations.generators.storyboard.scene import direct


def order(text: str = "a fox running in a meadow", **changes: object) -> Order:
    fields: dict[str, object] = {
        "kind": Kind.REEL,
        "text": text,
        "seconds": 1.0,
        "width": 144,
        "height": 256,
        "fps": 24,
        "seed": 11,
    }
    return Order(**{**fields, **changes})  # type: ignore[arg-type]


def digest(footage: Footage) -> str:
    running = hashlib.sha256()
    for moment in footage.clip.open():
        for plane in (moment.frame.y, moment.frame.u, moment.frame.v, moment.sound):
            running.update(np.ascontiguousarray(plane).tobytes())
    return running.hexdigest()


def film(made: Order) -> Footage:
    generator = StoryboardGenerator()
    return generator.collect(generator.start(made, "k").external_id, made)


def test_the_same_order_gives_the_same_bytes_and_another_seed_others() -> None:
    footage = film(order())
    first = digest(footage)
    assert digest(footage) == first
    assert digest(film(order())) == first
    assert digest(film(order(seed=12))) != first


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("light", LIGHTS)
def test_every_place_can_be_drawn_in_every_light(place: str, light: str) -> None:
    plan = parse(f"a bear walking at {light}", 3, CAST)
    from dataclasses import replace

    made = direct(replace(plan, place=place), 160, 284, 1.0, 3)
    picture = Stage(made, 3).frame(6, 24)
    assert picture.shape == (284, 160, 4) and picture.dtype == np.uint8
    assert (picture[..., 3] == 255).all()
    grey = picture[..., :3].astype(float).mean(axis=2)
    assert grey.std() > 8
    mean = grey.mean()
    assert mean > 25
    if light == "night" and place not in ("space",):
        day = Stage(direct(replace(plan, place=place, light="day"), 160, 284, 1.0, 3), 3).frame(6, 24)
        assert mean < day[..., :3].astype(float).mean()


@pytest.mark.parametrize("weather", ["rain", "snow", "wind"])
def test_weather_is_seen_moving(weather: str) -> None:
    word = {"rain": "rainy", "snow": "snowy", "wind": "windy"}[weather]
    made = direct(parse(f"static shot of a {word} meadow with a cat sleeping", 5, CAST), 160, 160, 2.0, 5)
    assert made.plan.weather == weather
    stage = Stage(made, 5)
    one, two = (stage.frame(i, 24)[:40, :, :3].astype(int).copy() for i in (0, 8))
    assert np.abs(one - two).max() > 20


@pytest.mark.parametrize(
    ("width", "height"), [(144, 256), (256, 144), (200, 200), (144, 1920), (1920, 144), (180, 226)]
)
def test_any_shape_can_be_filmed(width: int, height: int) -> None:
    made = direct(parse("a sailboat at sunset", 1, CAST), width, height, 1.0, 1)
    for picture in pictures(made, 1, 24, 2):
        assert picture.shape == (height, width, 4)
        assert (picture[..., 3] == 255).all()


@pytest.mark.parametrize(("seconds", "fps"), [(1.0, 24), (2.5, 10), (1.0, 30), (1.3, 7)])
def test_frames_and_samples_add_up(seconds: float, fps: int) -> None:
    moments = list(film(order("a boat", seconds=seconds, fps=fps)).clip.open())
    assert len(moments) == round(seconds * fps)
    assert sum(len(moment.sound) for moment in moments) == round(seconds * 48_000)
    if fps == 24:
        assert {len(moment.sound) for moment in moments} == {2000}
    for moment in moments:
        assert moment.sound.dtype == np.float32 and moment.sound.shape[1] == 2
        assert np.abs(moment.sound).max() <= 1


def test_sixteen_seconds_at_a_small_size() -> None:
    footage = film(order("an elephant walking in the desert", seconds=16.0, fps=6))
    count = sum(1 for _ in footage.clip.open())
    assert count == footage.clip.frames == 96


def test_the_subject_is_the_most_colourful_thing() -> None:
    made = direct(parse("a red fox standing in a snowy forest, static", 2, CAST), 240, 240, 2.0, 2)
    now = made.at(0.5)
    picture = Stage(made, 2).frame(12, 24)[..., :3].astype(int)
    chroma = picture.max(axis=2) - picture.min(axis=2)
    x, y, size = int(now.x - now.view.x), int(now.y), int(made.layout.size)
    inside = chroma[y - size : y, max(0, x - size // 2) : x + size // 2]
    assert np.percentile(inside, 90) > 2 * np.percentile(chroma[:, :20], 90)


def test_the_subject_moves() -> None:
    made = direct(parse("a dog dancing in a room", 2, CAST), 200, 200, 2.0, 2)
    stage = Stage(made, 2)
    one, two = (stage.frame(i, 24)[..., :3].astype(int).copy() for i in (10, 18))
    assert (np.abs(one - two).max(axis=2) > 40).mean() > 0.01


def test_the_scene_says_what_it_understood() -> None:
    told = film(order("a purple dragon reading a newspaper")).scene
    assert "colour: purple" in told.understood
    assert any(note.startswith("action: as") for note in told.approximated)
    assert '"subject": "dragon"' in told.document and "newspaper" not in told.document


def test_it_is_a_generator_that_keeps_nothing() -> None:
    generator = StoryboardGenerator()
    assert isinstance(generator, Generator)
    made = order()
    assert generator.start(made, "k") == StoryboardGenerator().start(made, "k")
    assert generator.start(made, "k") != generator.start(made, "l")
    assert generator.poll("anything").ready
    generator.cancel("anything")
    with pytest.raises(NotOffered):
        generator.find("k")
    assert generator.facts is FACTS and generator.facts.price_cents == 0


@pytest.mark.parametrize(
    "changes",
    [{"seconds": 0.5}, {"seconds": 17}, {"width": 142}, {"height": 1922}, {"width": 145}, {"kind": Kind.VERIFY}],
)
def test_what_it_does_not_draw_it_refuses(changes: dict[str, object]) -> None:
    with pytest.raises(GeneratorRefused):
        StoryboardGenerator().start(order(**changes), "k")


def test_an_impossible_rate_is_refused() -> None:
    with pytest.raises(BadInput):
        StoryboardGenerator().start(order(fps=0), "k")
