"""What the stage relies on: every subject acts everything, the same pose is the same picture, feet do not slide."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import skia
from hypothesis import given, settings
from hypothesis import strategies as st

from reelgate_integrations.generators.storyboard.rigs.base import Pose
from reelgate_integrations.generators.storyboard.rigs.cast import CAST, cast, young

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelgate_integrations.generators.storyboard.rigs.base import Rig, Skin

ACTIONS = ("stand", "walk", "run", "jump", "swim", "fly", "drive", "dance", "sleep")
WALKERS = [n for n, m in CAST.items() if m.archetype in ("quadruped", "biped", "bird")]


def player(name: str, *, baby: bool = False, colour: int | None = None, seed: int = 0) -> tuple[Rig, Skin]:
    return cast(name, baby=baby, colour=colour, seed=seed)


def picture(rig: Rig, skin: Skin, pose: Pose, size: int = 96) -> NDArray[np.int16]:
    """RGBA of one pose, the origin low in the middle, on nothing."""
    surface = skia.Surface(size, size)
    canvas = surface.getCanvas()
    canvas.clear(0)
    canvas.translate(size / 2, size * 0.7)
    unit = size * 0.3
    canvas.scale(unit, unit)
    rig.draw(canvas, pose, skin)
    assert canvas.getSaveCount() == 1, "the canvas is handed back as it was"
    pixels: NDArray[np.int16] = surface.toarray(colorType=skia.kRGBA_8888_ColorType).astype(np.int16)
    return pixels


@pytest.mark.parametrize("name", CAST)
def test_every_action_is_drawn_and_moves(name: str) -> None:
    rig, skin = player(name)
    for action in ACTIONS:
        frames = [picture(rig, skin, Pose(action, phase, 1.0)) for phase in (0.1, 0.35, 0.7)]
        for frame in frames:
            assert 0.02 < (frame[..., 3] > 0).mean() < 0.8, action
        assert all((a != b).any() for a, b in pairwise(frames)), action


@pytest.mark.parametrize("name", CAST)
def test_the_same_pose_is_the_same_picture(name: str) -> None:
    rig, skin = player(name, baby=True, seed=7)
    pose = Pose(CAST[name].action, 2.3, 4.1, blink=0.4, look=(0.5, -0.2), mouth=0.5)
    first = picture(rig, skin, pose)
    picture(rig, skin, Pose("dance", 0.9, 11.0))
    again, skin_again = player(name, baby=True, seed=7)
    assert (picture(again, skin_again, pose) == first).all()


@pytest.mark.parametrize("name", CAST)
def test_it_stands_one_unit_tall_and_as_wide_as_it_says(name: str) -> None:
    rig, skin = player(name)
    size = 120
    surface = skia.Surface(size * 4, size * 3)
    canvas = surface.getCanvas()
    canvas.translate(size * 2, size * 2)
    canvas.scale(size, size)
    action = "fly" if CAST[name].archetype == "fish" else "stand"
    rig.draw(canvas, Pose("stand" if action == "fly" else action, 0.0, 0.0), skin)
    solid = surface.toarray(colorType=skia.kRGBA_8888_ColorType)[..., 3] > 128
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    tall, wide = (rows[-1] - rows[0]) / size, (columns[-1] - columns[0]) / size
    assert 0.8 < tall < 1.7, "ears, fins and plumes may stand above"
    assert 0.75 * rig.width < wide < 1.35 * rig.width + 0.05
    if CAST[name].archetype in ("quadruped", "biped", "bird", "vehicle"):
        assert abs(rows[-1] / size - 2) < 0.05, "it touches the ground at its origin"


@pytest.mark.parametrize("name", WALKERS)
@pytest.mark.parametrize("action", ["walk", "run", "jump", "dance"])
@pytest.mark.parametrize("baby", [False, True])
def test_a_planted_foot_does_not_slide(name: str, action: str, baby: bool) -> None:
    rig, _ = player(name, baby=baby)
    _, stride = rig.cycle(action)
    step = 1 / 240
    planted = 0
    for i in range(240):
        before = rig.feet(Pose(action, i * step, 0.0, squash=0.2, lean=0.1))  # type: ignore[attr-defined]
        after = rig.feet(Pose(action, (i + 1) * step, 9.0, squash=-0.1))  # type: ignore[attr-defined]
        for (x0, y0, down0), (x1, y1, down1) in zip(before, after, strict=True):
            if down0 and down1 and x1 <= x0 + 1e-9:
                planted += 1
                assert x1 - x0 == pytest.approx(-stride * step, abs=1e-9)
                assert y1 == pytest.approx(y0, abs=1e-9) and abs(y0) < 0.06
    assert planted > 100


def test_wheels_turn_at_ground_speed() -> None:
    for name in ("car", "bus", "truck"):
        rig, _ = player(name)
        _, travelled = rig.cycle("drive")
        radius = rig.build.wheel  # type: ignore[attr-defined]
        turned = rig.wheel_angle(Pose("drive", 1.25, 0.0)) - rig.wheel_angle(Pose("drive", 0.25, 0.0))  # type: ignore[attr-defined]
        assert turned * radius == pytest.approx(travelled)


def test_a_fish_bends_in_a_wave_that_travels_to_its_tail() -> None:
    for name in ("fish", "whale", "dolphin"):
        rig, _ = player(name)
        columns = np.array([[y for _, y in rig.spine(Pose("swim", i / 64, 0.0))] for i in range(64)])  # type: ignore[attr-defined]
        peaks = columns.argmax(axis=0)
        late = np.diff(np.unwrap(peaks / 64 * math.tau))
        assert (late[2:] > 0).all(), "each point peaks after the one ahead of it"
        swing = np.ptp(columns, axis=0)
        assert swing[-1] > 3 * swing[1]


@pytest.mark.parametrize("name", CAST)
def test_contacts_and_cycles_are_within_their_bounds(name: str) -> None:
    rig, _ = player(name)
    assert rig.archetype == CAST[name].archetype
    assert CAST[name].action in rig.actions()
    for action in ACTIONS:
        rate, stride = rig.cycle(action)
        assert 0 < rate < 6 and stride >= 0
        for contact in rig.contacts(action):
            assert 0 <= contact.phase < 1 and 0 < contact.strength <= 1
    assert rig.contacts("sleep") == ()
    assert rig.contacts(CAST[name].action) or rig.archetype == "vehicle"


def test_contacts_fall_when_a_foot_comes_down() -> None:
    for name in WALKERS:
        rig, _ = player(name)
        for action in ("walk", "run"):
            for contact in rig.contacts(action):
                before = rig.feet(Pose(action, contact.phase - 0.01, 0.0))  # type: ignore[attr-defined]
                after = rig.feet(Pose(action, contact.phase + 0.005, 0.0))  # type: ignore[attr-defined]
                assert any(b[2] and not a[2] for a, b in zip(before, after, strict=True)), (name, action)


@pytest.mark.parametrize("name", ["hippo", "fox", "child", "owl", "fish", "car", "ship"])
def test_the_light_falls_from_where_it_is_said_to(name: str) -> None:
    rig, skin = player(name)
    skin = replace(skin, rim=skin.shade)  # the rim is bright on purpose where the light is not
    action = rig.actions()[0] if CAST[name].archetype == "boat" else "stand"
    lit = {}
    for side in (-1.0, 1.0):
        frame = picture(rig, skin, Pose(action, 0.0, 0.0, light=(side * 0.9, -0.43)), 160)
        grey = frame[..., :3].sum(axis=2) * (frame[..., 3] > 250)
        lit[side] = grey
    change = lit[1.0] - lit[-1.0]
    touched = (change != 0).sum(axis=0)
    offset = np.arange(160) - np.average(np.arange(160), weights=touched)
    assert (change.sum(axis=0) * offset).sum() > 0, "light from the front brightens the front"


def test_blinks_mouths_and_looks_show() -> None:
    for name in ("hippo", "cat", "horse", "child", "bird", "owl", "penguin", "whale", "dolphin"):
        rig, skin = player(name)
        calm = picture(rig, skin, Pose("stand", 0.0, 0.0), 160)
        for change in ({"blink": 1.0}, {"mouth": 1.0}, {"look": (0.8, 0.5)}):
            changed = picture(rig, skin, Pose("stand", 0.0, 0.0, **change), 160)
            assert (changed != calm).any(), (name, change)


def test_colour_baby_and_seed_choose_the_player() -> None:
    _, plain = player("fox")
    _, blue = player("fox", colour=0x3366CC)
    assert blue.main == 0x3366CC and blue.second == plain.second
    grown, little = CAST["hippo"].params, young(CAST["hippo"].params)
    assert little.head > grown.head and little.leg < grown.leg  # type: ignore[union-attr]
    assert len({player("child", seed=s)[1].second for s in range(5)}) == 5
    with pytest.raises(KeyError):
        player("sphinx")


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(CAST)), action=st.sampled_from([*ACTIONS, "somersault"]), baby=st.booleans(),
    phase=st.floats(-50, 5000), t=st.floats(0, 5000), blink=st.floats(-1, 2), mouth=st.floats(-1, 2),
    squash=st.floats(-0.6, 0.6), lean=st.floats(-7, 7), smile=st.floats(-2, 2), angle=st.floats(0, math.tau),
    look=st.tuples(st.floats(-1, 1), st.floats(-1, 1)), detail=st.floats(1, 3000),
)  # fmt: skip
def test_no_pose_is_too_much(
    name: str, action: str, baby: bool, phase: float, t: float, blink: float, mouth: float, squash: float,
    lean: float, smile: float, angle: float, look: tuple[float, float], detail: float,
) -> None:  # fmt: skip
    rig, skin = player(name, baby=baby, seed=3)
    light = (math.cos(angle), math.sin(angle))
    pose = Pose(action, phase, t, blink, look, squash, lean, mouth, smile, light, detail)
    assert (picture(rig, skin, pose)[..., 3] > 0).any()
