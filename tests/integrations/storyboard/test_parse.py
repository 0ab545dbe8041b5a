"""Any words become a plan, the same words and seed the same one, and what was guessed is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelgate_integrations.generators.storyboard.parse import parse
from reelgate_integrations.generators.storyboard.places import PLACES
from reelgate_integrations.generators.storyboard.rigs.cast import CAST
from reelgate_integrations.generators.storyboard.words.actions import ACTIONS
from reelgate_integrations.generators.storyboard.words.places import PLACE_WORDS
from reelgate_integrations.generators.storyboard.words.subjects import NOUNS, SUBJECT_WORDS, YOUNG_WORDS

TABLE = [
    # prompt, subject, action, place, light, weather
    ("a baby hippo swimming", "hippo", "swim", "river", None, "clear"),
    ("a red fox running through a snowy forest at night", "fox", "run", "forest", "night", "snow"),
    ("a sailboat at sunset", "sailboat", "swim", "sea", "sunset", "clear"),
    ("a dog dancing on a city street", "dog", "dance", "city", None, "clear"),
    ("a small blue bird flying over a meadow at dawn", "bird", "fly", "meadow", "dawn", "clear"),
    ("a robot walking on the beach", "robot", "walk", "beach", None, "clear"),
    ("a yellow bus driving in the rain", "bus", "drive", "city", None, "rain"),
    ("an astronaut dancing", "astronaut", "dance", "space", "night", "clear"),
    ("a purple dragon reading a newspaper", "dragon", "stand", "mountains", None, None),
    ("Two puppies jumping in a park", "dog", "jump", "meadow", None, "clear"),
    ("a cat asleep in the living room", "cat", "sleep", "room", None, "clear"),
    ("goldfish", "fish", "swim", "underwater", None, "clear"),
    ("a whale swimming under the sea", "whale", "swim", "underwater", None, None),
    ("an octopus at the bottom of the ocean", "octopus", "swim", "underwater", None, None),
    ("A POLAR BEAR WALKING ACROSS THE ARCTIC", "polar bear", "walk", "mountains", None, None),
    ("an elephant marching through the desert at midday", "elephant", "walk", "desert", "day", "clear"),
    ("a lion that gallops", "lion", "run", "desert", None, "clear"),
    ("a taxi stuck in traffic at night without rain", "car", "drive", "city", "night", "clear"),
    ("🦊❄️🌲🌙", "fox", "run", "forest", "night", "snow"),
    ("a wizard hopping on the moon", "wizard", "jump", "space", "night", "clear"),
]


@pytest.mark.parametrize(("text", "subject", "action", "place", "light", "weather"), TABLE)
def test_reads(text: str, subject: str, action: str, place: str, light: str | None, weather: str | None) -> None:
    plan = parse(text, 5, CAST)
    assert (plan.subject, plan.action, plan.place) == (subject, action, place)
    assert light is None or plan.light == light
    assert weather is None or plan.weather == weather
    assert plan.player in CAST


def test_colour_size_age_and_camera_are_heard() -> None:
    plan = parse("slow zoom on a tiny baby purple elephant", 1, CAST)
    assert plan.colour is not None and plan.baby and plan.scale < 1 and plan.camera == "zoom_in"
    assert {"subject: elephant", "age: baby", "size: tiny", "colour: purple", "camera: zoom_in"} <= set(
        plan.understood
    )


def test_a_colour_after_the_subject_is_not_its_own() -> None:
    assert parse("a cat with a red umbrella", 1, CAST).colour is None


def test_what_cannot_be_played_is_said() -> None:
    absent = next(name for name, noun in NOUNS.items() if noun.played_by[0] not in CAST)
    plan = parse(f"a {absent} walking", 1, CAST)
    assert plan.subject == absent and plan.player in CAST
    assert any(note.startswith(f"subject: {absent} as ") for note in plan.approximated)
    assert not any(note.startswith("subject") for note in plan.understood)


def test_an_unknown_subject_still_gets_somebody_and_its_own_words_are_not_repeated() -> None:
    plan = parse("a zorgblat frobnicating the quux", 3, CAST)
    assert plan.player in CAST
    assert any("friendly" in note for note in plan.approximated)
    told = " ".join((*plan.understood, *plan.approximated, *plan.ignored)) + plan.document()
    assert "zorg" not in told and "quux" not in told


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("a fox runs", ()),
        ("a fox with a trumpet", ("1 other word",)),
        ("a fox 🛠", ("1 other word",)),
        ("xyzzy", ()),
        ("xyzzy plugh", ("1 other word",)),
        ("xyzzy plugh foobar", ("2 other words",)),
    ],
)
def test_words_it_does_not_know_are_counted_once(text: str, ignored: tuple[str, ...]) -> None:
    assert parse(text, 1, CAST).ignored == ignored


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "...",
        "!?",
        "🙃🫠",
        "猫が走る",
        "قطة تجري",
        "Пес танцует",
        "a",
        "a" * 2000,
        "fox " * 500,
        "\x00\x07",
        "İ" * 50,
    ],
)
def test_odd_input_still_gives_a_picture(text: str) -> None:
    plan = parse(text, 2, CAST)
    assert plan.player in CAST and plan.action in ACTIONS and plan.place in PLACES


@given(st.text(max_size=2400), st.integers(0, 2**63))
@settings(max_examples=150, deadline=None)
def test_never_raises(text: str, seed: int) -> None:
    plan = parse(text, seed, CAST)
    assert plan.player in CAST and plan.action in ACTIONS and plan.place in PLACES
    assert parse(text, seed, CAST) == plan


def test_the_seed_decides_what_nobody_said() -> None:
    assert len({parse("a fox", seed, CAST).light for seed in range(60)}) == 4


def test_the_tables_agree_with_the_house() -> None:
    assert set(PLACE_WORDS.values()) <= set(PLACES)
    for noun in NOUNS.values():
        assert noun.home in PLACES and noun.action in ACTIONS
        assert any(player in CAST for player in noun.played_by) or "bear" in CAST
    assert set(SUBJECT_WORDS.values()) <= set(NOUNS)
    assert set(YOUNG_WORDS.values()) <= set(NOUNS)
