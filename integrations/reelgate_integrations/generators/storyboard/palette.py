"""The colours of a scene: a place's own colours, seen in one light, in one of several curated variants.

Places are painted once, for neutral daylight; a sky is chosen for the light; and everything is then seen
through that sky's air. Eleven places of three variants under sixteen skies give 528 schemes that stay
related, because one hand mixed them. All in OKLCH (lightness, chroma, hue in degrees).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .colour import from_lab, lab, lch, mix, oklch
from .schemes import AUTUMN, PLACES, SKIES, SNOW, Local

if TYPE_CHECKING:
    import random

    from .schemes import Lch, Sky


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours ready to paint with, as 0xRRGGBB."""

    top: int
    middle: int
    low: int
    glow: int
    haze: int
    key: int
    shade: int
    far: int
    mid: int
    near: int
    leaf: int
    leaf2: int
    wood: int
    ground: int
    ground2: int
    water: int
    deep: int
    accent: int
    accent2: int
    fore: int
    sky: Sky

    def air(self, colour: int, distance: float) -> int:
        """``colour`` as seen through ``distance`` 0..1 of this scene's air."""
        return mix(colour, self.haze, distance)

    def lit(self, colour: int) -> int:
        """A daylight colour under this scene's light."""
        return _lit(colour, self.sky)


def _lit(colour: int, sky: Sky) -> int:
    L, a, b = lab(colour)
    key = lab(oklch(*sky.key))
    k = sky.strength
    dimmed = L * sky.dim
    return from_lab(
        (
            dimmed + (key[0] - dimmed) * k * 0.5,
            a * sky.fade * (1 - k) + key[1] * k,
            b * sky.fade * (1 - k) + key[2] * k,
        )
    )


def choose(place: str, light: str, rng: random.Random, *, weather: str = "clear", autumn: bool = False) -> Palette:
    """The palette of a place in a light and a weather; ``rng`` picks among the variants."""
    local = rng.choice(PLACES[place])
    sky = rng.choice(SKIES[light])
    if place == "space":
        # no air, so nothing dims or tints what the sun reaches
        sky = replace(sky, strength=0.12, dim=0.90, fade=0.95)
    elif place == "room" and light == "night":
        # indoors it is the lamp that lights things, not the moon
        sky = replace(sky, key=(0.70, 0.10, 62), strength=0.20, dim=0.74, fade=0.90)
    if weather == "snow" and place not in ("mountains", "underwater", "space", "room"):
        local = _snowed(local, place)
    overcast = {"rain": 0.55, "snow": 0.3}.get(weather, 0.0)

    def see(value: Lch) -> int:
        return _lit(oklch(*value), sky)

    def grey(colour: int) -> int:
        L, c, _ = lch(colour)
        return mix(colour, oklch(L * 0.94, c * 0.25, 250), overcast)

    top, middle, low = (grey(oklch(*part)) for part in (sky.top, sky.middle, sky.low))
    leaf, leaf2 = (AUTUMN["leaf"], AUTUMN["leaf2"]) if autumn else (local.leaf, local.leaf2)
    near = see(local.near)
    shade = mix(oklch(0.27, 0.075, 275), near, 0.14)
    return Palette(
        top=top,
        middle=middle,
        low=low,
        glow=oklch(*sky.glow),
        haze=mix(low, middle, 0.35),
        key=oklch(*sky.key),
        shade=shade,
        far=see(local.far),
        mid=see(local.mid),
        near=near,
        leaf=see(leaf),
        leaf2=see(leaf2),
        wood=see(local.wood),
        ground=see(local.ground),
        ground2=see(local.ground2),
        water=mix(see(local.water), middle, 0.22),
        deep=see(local.deep),
        accent=see(local.accent),
        accent2=see(local.accent2),
        fore=mix(see(local.leaf2), oklch(0.20, 0.05, 275), 0.72),
        sky=sky,
    )


def _snowed(local: Local, place: str) -> Local:
    """The place under snow: ground and slopes white, leaves blue-dark, buildings as they were."""
    near = local.near if place == "city" else SNOW.near
    mid = local.mid if place == "city" else SNOW.mid
    return Local(
        local.far,
        mid,
        near,
        SNOW.leaf,
        SNOW.leaf2,
        local.wood,
        SNOW.ground,
        SNOW.ground2,
        local.water,
        local.deep,
        local.accent,
        local.accent2,
    )
