"""Who can play: every subject the storyboard knows, with its rig, its natural colours and its size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs.base import Skin
from reelgate_integrations.generators.storyboard.rigs.biped import Biped
from reelgate_integrations.generators.storyboard.rigs.biped_dress import Build as Person
from reelgate_integrations.generators.storyboard.rigs.bird import Bird
from reelgate_integrations.generators.storyboard.rigs.bird_parts import Build as Fowl
from reelgate_integrations.generators.storyboard.rigs.boat import Boat
from reelgate_integrations.generators.storyboard.rigs.boat import Build as Craft
from reelgate_integrations.generators.storyboard.rigs.fish import Build as Swimmer
from reelgate_integrations.generators.storyboard.rigs.fish import Fish
from reelgate_integrations.generators.storyboard.rigs.quadruped import Build as Beast
from reelgate_integrations.generators.storyboard.rigs.quadruped import Quadruped
from reelgate_integrations.generators.storyboard.rigs.quadruped_head import Face
from reelgate_integrations.generators.storyboard.rigs.vehicle import Build as Motor
from reelgate_integrations.generators.storyboard.rigs.vehicle import Vehicle

if TYPE_CHECKING:
    from reelgate_integrations.generators.storyboard.rigs.base import Rig

Params = Beast | Person | Fowl | Swimmer | Motor | Craft

_RIM, _SHADE, _DARK = 0xFFE3C2, 0x4A3F73, 0x2B2230


@dataclass(frozen=True, slots=True)
class Member:
    """One subject: ``height`` is metres from ground (or keel) to top when grown, ``action`` what it does unasked."""

    archetype: str
    skin: Skin
    params: Params
    action: str
    height: float


def _skin(main: int, second: int, accent: int, dark: int = _DARK) -> Skin:
    return Skin(main, second, accent, dark, _RIM, _SHADE)


CAST: dict[str, Member] = {
    "hippo": Member(
        "quadruped", _skin(0x9C92B6, 0xF0B9B4, 0xF2787C),
        Beast(
            Face(
                muzzle=(0.56, 0.4, 0.88, 0.64, 0.48, 0.48, 0.62), skull=(0.92, 0.94, 0.86, 0.84), eye=0.25,
                eyes=((-0.22, -0.3), (0.46, -0.36)), ears="tiny", ear=0.34, nose="nostrils", blush=0.6,
            ),
            leg=0.22, leg_width=0.19, long=0.46, back=0.31, belly=0.3, head=0.31, head_at=(0.44, -0.16), neck=0.46,
            tail="short", foot="toes", belly_patch=0.8, fur=False,
        ),
        "walk", 1.5,
    ),
    "dog": Member(
        "quadruped", _skin(0xD9984F, 0xFFF1DC, 0x8A5230),
        Beast(Face(pale=True, ears="floppy", ear=0.5, patch=True), leg=0.3, leg_width=0.13, long=0.4, back=0.2,
            belly=0.2, head=0.29, head_at=(0.4, -0.32), neck=0.26, tail="curl", chest_patch=True, collar=0xD8483E),
        "run", 0.55,
    ),
    "cat": Member(
        "quadruped", _skin(0x9A94A0, 0xFFF4E6, 0xF29C8C),
        Beast(Face(muzzle=(0.46, 0.36, 0.42, 0.36, 0.24, 0.28, 0.58), pale=True, ears="point", ear=0.46, nose="small",
            nose_size=0.11, whiskers=True, iris=0x5E9C6B, eye=0.28), leg=0.28, leg_width=0.11, long=0.4, back=0.17,
                belly=0.17, head=0.27, head_at=(0.38, -0.26), neck=0.22, tail="cat", chest_patch=True,
                collar=0x2F9E93),
        "walk", 0.35,
    ),
    "fox": Member(
        "quadruped", _skin(0xE27B3A, 0xFFF3E2, 0xFFD9A8),
        Beast(Face(muzzle=(0.6, 0.36, 0.56, 0.56, 0.26, 0.26, 0.5), pale=True, ears="point", ear=0.52, nose_size=0.14,
            ruff=True, mask=True), leg=0.29, leg_width=0.105, long=0.4, back=0.17, belly=0.17, head=0.27,
                head_at=(0.38, -0.26), neck=0.24, tail="brush", chest_patch=True, socks=True),
        "run", 0.45,
    ),
    "bear": Member(
        "quadruped", _skin(0x8A5B3E, 0xE6C39A, 0xC98A55),
        Beast(Face(muzzle=(0.5, 0.34, 0.42, 0.42, 0.34, 0.34, 0.58), pale=True, ears="round", ear=0.46,
            nose_size=0.2), leg=0.26, leg_width=0.2, long=0.48, back=0.33, belly=0.27, head=0.3,
                head_at=(0.44, -0.16), neck=0.46, tail="stub"),
        "walk", 1.3,
    ),
    "elephant": Member(
        "quadruped", _skin(0x98A3B8, 0xF3D9CC, 0x5F6880),
        Beast(Face(ears="fan", ear=0.9, nose="trunk", eyes=((0.1, -0.18), (0.66, -0.2)), eye=0.22, tusks=True),
            leg=0.3, leg_width=0.2, long=0.46, back=0.34, belly=0.3, head=0.32, head_at=(0.42,
            -0.26), neck=0.46, tail="tuft", foot="toes"),
        "walk", 2.8,
    ),
    "horse": Member(
        "quadruped", _skin(0xA9683F, 0xF6E3CC, 0x5A3626),
        Beast(Face(muzzle=(0.66, 0.5, 0.46, 0.42, 0.44, 0.38, 0.58), pale=True, skull=(0.86, 0.84, 0.86, 0.84),
            ears="horse", ear=0.5, nose="nostrils", mane="horse", eye=0.24), leg=0.4, leg_width=0.12, long=0.42,
                back=0.2, belly=0.19, head=0.27, head_at=(0.48, -0.45), neck=0.27, mane=True, tail="hair",
                foot="hoof"),
        "run", 1.7,
    ),
    "rabbit": Member(
        "quadruped", _skin(0xD8C3AE, 0xFFF7EC, 0xF2A7A0),
        Beast(Face(muzzle=(0.44, 0.36, 0.38, 0.34, 0.24, 0.26, 0.58), pale=True, ears="long", ear=0.56, nose="small",
            nose_size=0.1, whiskers=True, eye=0.28, blush=0.55), leg=0.16, leg_width=0.13, long=0.32, back=0.24,
                belly=0.2, head=0.29, head_at=(0.28, -0.26), neck=0.3, tail="bob", chest_patch=True),
        "jump", 0.35,
    ),
    "lion": Member(
        "quadruped", _skin(0xE5B15B, 0xFFF0D2, 0xA85A2C),
        Beast(Face(pale=True, ears="round", ear=0.36, mane="lion", nose_size=0.2), leg=0.3, leg_width=0.16, long=0.44,
            back=0.22, belly=0.2, head=0.27, head_at=(0.42, -0.3), neck=0.3, tail="tuft"),
        "walk", 1.2,
    ),
    "child": Member("biped", _skin(0xF2B632, 0xF0BE96, 0xD8483E, 0x3A2A26), Person("child"), "walk", 1.15),
    "robot": Member("biped", _skin(0x6FA8B8, 0x9CF0D8, 0xF28A4B),
        Person("robot", head=0.24, leg_width=0.12, swims=False), "walk", 1.3),
    "astronaut": Member("biped", _skin(0xF2EEE6, 0xF0BE96, 0xF07A3C),
        Person("astronaut", leg=0.26, head=0.28, leg_width=0.17, arm_width=0.14), "jump", 1.8),
    "knight": Member("biped", _skin(0xAEB8C6, 0x7E8796, 0xC93F4A), Person("knight", leg=0.28, swims=False), "walk",
        1.7),
    "bird": Member("bird", _skin(0x5FA3D3, 0xFFF0D6, 0xF5A43B), Fowl(), "fly", 0.16),
    "parrot": Member("bird", _skin(0xE0463C, 0xF7C43E, 0x2F7FD0),
        Fowl("parrot", 0.28, 0.38, 0.25, 0.16, 0.36, 0.85, hops=False, flap=2.4), "fly", 0.4),
    "owl": Member("bird", _skin(0x8C6A54, 0xF1DCC0, 0xF0A63A), Fowl("owl", 0.34, 0.38, 0.3, 0.1, 0.2, 0.85,
        hops=False, flap=2.0), "fly", 0.4),
    "penguin": Member("bird", _skin(0x37455F, 0xFDF8F0, 0xF59E3A),
        Fowl("penguin", 0.32, 0.42, 0.29, 0.1, 0.1, 0.5, flies=False, swims=True, hops=False), "walk", 0.9),
    "fish": Member("fish", _skin(0xF5803C, 0xFFF6E8, 0xF7B23E), Swimmer(), "swim", 0.25),
    "whale": Member(
        "fish", _skin(0x4C79B5, 0xE9F1F2, 0x86B7DE),
        Swimmer("whale", 1.75, ((0.3, 0.28), (0.5, 0.45), (0.53, 0.47), (0.45, 0.38), (0.31, 0.24), (0.18, 0.13),
            (0.1, 0.08)), 0.5, 0.15, (0.2, 0.02, 0.11), 0.5),
        "swim", 4.0,
    ),
    "dolphin": Member(
        "fish", _skin(0x6C93B8, 0xF1F4F2, 0x86B7DE),
        Swimmer("dolphin", 1.5, ((0.15, 0.13), (0.33, 0.24), (0.38, 0.3), (0.35, 0.29), (0.26, 0.21), (0.16, 0.12),
            (0.08, 0.06)), 0.36, 0.14, (0.13, -0.03, 0.085), 1.1),
        "swim", 0.9,
    ),
    "car": Member("vehicle", _skin(0xDE4B3C, 0xFFF0D8, 0xF7C66B), Motor(), "drive", 1.4),
    "bus": Member("vehicle", _skin(0xF2A93B, 0xFFF4DE, 0x3F9AA8), Motor("bus", 0.15, (-0.6, 0.56), 1.0, 1.2), "drive",
        3.0),
    "truck": Member("vehicle", _skin(0x3F8FA8, 0xF6E9D0, 0xE7664C),
        Motor("truck", 0.16, (-0.714, -0.273, 0.693), 1.05, 0.8), "drive", 3.2),
    "sailboat": Member("boat", _skin(0xC9503F, 0xFFF7E8, 0x2F6E9E), Craft(), "swim", 7.0),
    "rowboat": Member("boat", _skin(0x3E8E7E, 0xFFF3DC, 0xE8643C), Craft("rowboat", 1.36, 0.05, 0.7, 0.9), "swim",
        1.3),
    "ship": Member("boat", _skin(0x34507E, 0xFFF5E4, 0xE05A3C), Craft("ship", 1.6, 0.03, 0.3, 0.3), "swim", 14.0),
}  # fmt: skip

_RIGS = {"quadruped": Quadruped, "biped": Biped, "bird": Bird, "fish": Fish, "vehicle": Vehicle, "boat": Boat}
_COMPLEXIONS = ((0xF3C6A0, 0x4A2E22), (0xC98B5E, 0x2B1D1A), (0x8D5A3B, 0x1F1614), (0xE8B48A, 0x2E2226),
    (0xF6D2B3, 0x8A4B2A))


def cast(name: str, *, baby: bool, colour: int | None, seed: int) -> tuple[Rig, Skin]:
    """The rig that plays ``name`` and its natural colours, before the scene's palette.

    ``colour`` (0xRRGGBB) replaces the main colour; ``seed`` picks face and hair of people. Raises KeyError for
    a name not in :data:`CAST`.
    """
    member = CAST[name]
    params, skin = member.params, member.skin
    if isinstance(params, Person):
        face, hair = _COMPLEXIONS[seed % len(_COMPLEXIONS)]
        params = replace(params, hair=seed // 5 % 3)
        if params.costume in ("child", "astronaut"):
            skin = replace(skin, second=face, dark=hair)
    if baby:
        params = young(params)
    if colour is not None:
        skin = replace(skin, main=colour)
    return _rig(member.archetype, params), skin


@lru_cache(maxsize=64)
def _rig(archetype: str, params: Params) -> Rig:
    rig: Rig = _RIGS[archetype](params)
    return rig


def young(params: Params) -> Params:
    """The same build as a baby: bigger head and eyes, shorter legs and body; vehicles and boats do not change."""
    if isinstance(params, Beast):
        face = replace(params.face, eye=params.face.eye * 1.16)
        x, y = params.head_at
        return replace(
            params, face=face, leg=params.leg * 0.8, long=params.long * 0.84, head=params.head * 1.14,
            head_at=(x * 0.92, y * 1.05 - 0.02), back=params.back * 0.95, belly=params.belly * 0.95,
        )  # fmt: skip
    if isinstance(params, Person):
        return replace(params, leg=params.leg * 0.72, trunk=params.trunk * 0.86, head=params.head * 1.1,
            arm=params.arm * 0.84)
    if isinstance(params, Fowl):
        return replace(params, head=params.head * 1.16, leg=params.leg * 0.8, tail=params.tail * 0.6,
            wing=params.wing * 0.86)
    if isinstance(params, Swimmer):
        u, y, r = params.eye
        return replace(params, long=params.long * 0.84, eye=(u * 1.05, y, r * 1.25), tail=params.tail * 0.86)
    return params
