"""Where a scene can play: words for places, and what other places look most like."""

from __future__ import annotations

from . import each

_TABLE = {
    "meadow": (
        "meadow meadows field fields grass grassland lawn garden park farm farmland hill hills "
        "countryside prairie savanna savannah pasture valley flowers steppe plain plains playground golf "
        "backyard yard orchard vineyard village"
    ),
    "forest": "forest forests wood woods woodland jungle rainforest grove trees bamboo swamp taiga",
    "river": (
        "river rivers lake lakes pond ponds stream creek brook pool lagoon canal waterfall wetland marsh "
        "water bathtub puddle fountain watering-hole hot-spring"
    ),
    "sea": "sea ocean seas oceans waves open-water bay harbour harbor fjord",
    "beach": "beach beaches shore seaside coast sand island seashore sandbank boardwalk tropics hawaii",
    "city": (
        "city cities town street streets road roads downtown sidewalk pavement avenue alley urban skyline "
        "traffic market square plaza crosswalk bridge highway motorway rooftop tokyo paris london york "
        "berlin neon cyberpunk bus-stop station"
    ),
    "mountains": (
        "mountain mountains alps snowfield glacier peak peaks summit arctic antarctica iceberg tundra ice "
        "igloo himalaya slope northpole volcano cliff cliffs canyon-snow"
    ),
    "desert": "desert deserts dune dunes sahara canyon oasis mesa wasteland mars badlands outback wild-west",
    "underwater": "underwater reef coral seabed aquarium submerged seafloor atlantis deep-sea kelp",
    "space": (
        "space moon galaxy planet stars-space cosmos universe orbit nebula asteroid lunar jupiter saturn "
        "milkyway outer-space"
    ),
    "room": (
        "room kitchen bedroom house home livingroom indoors inside bathroom classroom school library "
        "office cafe restaurant bakery shop studio museum theatre theater stage lab laboratory hall "
        "ballroom gym sofa couch bed attic castle cave hospital disco"
    ),
}

PLACE_WORDS: dict[str, str] = {word: place for place, words in _TABLE.items() for word in words.split()}
"""Word -> place."""

ROUGH = each(
    "bathtub puddle fountain swamp bamboo volcano mars canyon village golf vineyard orchard tokyo "
    "paris london york berlin market bridge highway motorway rooftop station castle cave museum "
    "theatre theater stage lab laboratory hospital school classroom library office restaurant bakery "
    "shop gym waterfall atlantis jupiter saturn playground igloo iceberg cliff cliffs disco cyberpunk"
)
"""Places that are drawn as their nearest kind: the scene says so."""

PLACE_SIGNS: dict[str, str] = {
    "🏖": "beach", "🏝": "beach", "🌊": "sea", "🏙": "city", "🌆": "city", "🏔": "mountains", "⛰": "mountains",
    "🌲": "forest", "🌳": "forest", "🌌": "space", "🌙": "", "🏜": "desert", "🏞": "river", "🏠": "room",
    "🌻": "meadow", "🌷": "meadow", "🪐": "space",
}  # fmt: skip
