"""Where and when: feet stand still on the ground, events fall inside the clip, the subject is in the frame."""

from __future__ import annotations

import pytest

from reelgate_integrations.generators.storyboard.camera import MOVES
from reelgate_integrations.generators.storyboard.layout import compose
from reelgate_integrations.generators.storyboard.parse import parse
from reelgate_integrations.generators.storyboard.rigs.cast import CAST
from reelgate_integrations.generators.storyboard.scene import Scene, direct
from reelgate_integrations.generators.storyboard.words.actions import ACTIONS


def scene(text: str, *, seed: int = 4, width: int = 180, height: int = 320, seconds: float = 4.0) -> Scene:
    return direct(parse(text, seed, CAST), width, height, seconds, seed)


@pytest.mark.parametrize(
    "text", ["a fox walking in a meadow", "a dog running", "a child walking in the city", "a penguin walking"]
)
@pytest.mark.parametrize("seed", [1, 2, 6])
def test_a_planted_foot_stays_where_it_is_in_the_world(text: str, seed: int) -> None:
    made = scene(text, seed=seed)
    size, facing = made.layout.size, made.facing
    spots: dict[int, list[float]] = {}
    longest = 0
    for i in range(int(made.duration * 24)):
        now = made.at(i / 24)
        for k, (x, _y, planted) in enumerate(made.rig.feet(now.pose)):  # type: ignore[attr-defined]
            if not planted:
                spots[k] = []
                continue
            spots.setdefault(k, []).append(now.x + facing * x * size)
            # a stance may wrap into the next one between two frames: compare neighbours of one stance only
            here = spots[k]
            if len(here) > 1 and abs(here[-1] - here[-2]) > size * 0.1:
                spots[k] = here = here[-1:]
            longest = max(longest, len(here))
            assert max(here) - min(here) < 0.02 * size
    assert longest >= 3


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("player", ["hippo", "bird", "child", "fish", "bus", "sailboat"])
def test_everybody_acts_everything_inside_the_clip(player: str, action: str) -> None:
    made = scene(f"a {player} {action}ing".replace("danceing", "dancing").replace("driveing", "driving"), seconds=3.0)
    assert made.plan.player == player
    sound = made.soundscape
    assert sound.duration == 3.0
    assert all(0 <= event.at < 3.0 for event in sound.events)
    assert list(sound.events) == sorted(sound.events, key=lambda event: (event.at, event.kind))
    assert all(-1 <= event.pan <= 1 and 0 <= event.strength <= 1 for event in sound.events)
    for k in range(7):
        now = made.at(k / 2)
        on_screen = now.x - now.view.x
        assert -0.1 * 180 < on_screen < 1.1 * 180
        assert 0 < now.y < 320 * 1.2
        assert 0 <= now.pose.blink <= 1 and 0 <= now.pose.mouth <= 1 and -1 <= now.pose.smile <= 1
        assert -0.3 <= now.pose.squash <= 0.3


def test_footfalls_are_heard_when_they_are_seen() -> None:
    made = scene("a horse walking in a meadow")
    steps = [event for event in made.soundscape.events if event.kind == "step"]
    assert len(steps) > 8
    marks = sorted(contact.phase for contact in made.rig.contacts("walk"))
    for event in steps:
        phase = made.at(event.at).pose.phase % 1.0
        assert min(min(abs(phase - mark), 1 - abs(phase - mark)) for mark in marks) < 1e-3


@pytest.mark.parametrize("move", MOVES)
def test_the_camera_moves_without_jerks(move: str) -> None:
    words = {"zoom_in": "zoom in on", "zoom_out": "aerial", "push": "cinematic"}.get(move, move)
    made = scene(f"{words} a fox standing in a meadow", seconds=6.0, width=360, height=640)
    views = [made.at(i / 24).view for i in range(144)]
    xs, zooms = [view.x for view in views], [view.zoom for view in views]
    jerk = [abs(xs[i + 1] - 2 * xs[i] + xs[i - 1]) for i in range(1, 143)]
    assert max(jerk) < 1.5
    assert all(1.0 <= zoom < 1.5 for zoom in zooms)
    if move == "zoom_in":
        assert zooms[-1] > zooms[0] + 0.2
    if move == "pan":
        assert abs(xs[-1] - xs[0]) > 60


def test_blinks_are_two_to_six_seconds_apart_but_for_double_ones() -> None:
    made = scene("a cat standing in a room", seconds=16.0)
    gaps = [b - a for a, b in zip(made.face.blinks, made.face.blinks[1:], strict=False)]
    assert gaps and all(abs(gap - 0.28) < 1e-9 or 1.7 <= gap <= 6.0 for gap in gaps)


@pytest.mark.parametrize(
    ("width", "height"), [(720, 1280), (1280, 720), (960, 960), (144, 1920), (1920, 144), (1080, 1350)]
)
def test_a_layout_keeps_the_subject_in_the_frame(width: int, height: int) -> None:
    lay = compose(width, height, girth=1.6)
    assert 0 < lay.horizon < lay.ground < height
    assert abs(lay.horizon / height - 0.5) > 0.02
    assert lay.ground - lay.size > 0 or lay.size <= 12
    assert lay.size * 1.6 < width


def test_boats_get_water_and_nobody_swims_on_dry_land() -> None:
    boat = scene("a sailboat in the city")
    assert boat.plan.place in ("river", "sea") and boat.plan.approximated
    hippo = scene("a hippo swimming in the desert")
    assert hippo.plan.place == "river" and hippo.waterline
    fish = scene("a fish swimming in a lake")
    assert fish.plan.place == "underwater"
