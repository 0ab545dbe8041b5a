"""What the sound needs to know of a subject: how heavy it is, how it moves air, whose voice it has.

Subjects come as names of the storyboard's table or as a member's own words ("baby hippo"); the last known
word wins, and an unknown one sounds like its archetype.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SMALL = frozenset({"baby", "little", "tiny", "small", "young", "kid", "mini"})
_YOUNG = {
    "puppy": "dog", "pup": "dog", "kitten": "cat", "cub": "bear", "chick": "chicken", "duckling": "duck",
    "foal": "horse", "calf": "cow", "lamb": "sheep", "piglet": "pig", "fawn": "deer", "owlet": "owl",
    "bunny": "rabbit", "joey": "kangaroo",
}  # fmt: skip
_BIG = frozenset({"big", "giant", "huge", "large", "old", "great"})

_WEIGHT = {
    "mouse": 0.05, "hamster": 0.06, "butterfly": 0.02, "bee": 0.02, "bird": 0.1, "sparrow": 0.08, "robin": 0.08,
    "parrot": 0.12, "frog": 0.1, "squirrel": 0.12, "hedgehog": 0.15, "rabbit": 0.2, "duck": 0.2, "chicken": 0.2,
    "owl": 0.2, "cat": 0.25, "fox": 0.3, "penguin": 0.35, "monkey": 0.35, "dog": 0.4, "turtle": 0.4, "sheep": 0.5,
    "pig": 0.55, "deer": 0.5, "wolf": 0.5, "seal": 0.6, "panda": 0.7, "lion": 0.7, "tiger": 0.7, "horse": 0.75,
    "cow": 0.8, "bear": 0.8, "hippo": 0.85, "rhino": 0.9, "giraffe": 0.8, "elephant": 1.0, "dragon": 0.9,
    "dinosaur": 1.0, "fish": 0.15, "shark": 0.8, "dolphin": 0.6, "whale": 1.0, "robot": 0.7, "child": 0.35,
    "girl": 0.35, "boy": 0.35, "person": 0.5, "woman": 0.5, "man": 0.6, "astronaut": 0.7, "knight": 0.8,
    "car": 0.7, "bus": 0.9, "truck": 0.95, "train": 1.0, "tractor": 0.9, "bicycle": 0.3, "scooter": 0.4,
    "motorbike": 0.5, "rocket": 1.0, "ship": 1.0, "boat": 0.7, "sailboat": 0.6, "canoe": 0.4, "balloon": 0.3,
}  # fmt: skip
_BY_ARCHETYPE = {"quadruped": 0.5, "biped": 0.45, "bird": 0.12, "fish": 0.2, "vehicle": 0.75, "boat": 0.7}

_ALIASES = {
    "hippopotamus": "hippo", "pony": "horse", "bike": "bicycle", "motorcycle": "motorbike", "lorry": "truck",
    "van": "bus", "automobile": "car", "taxi": "car", "racecar": "car", "plane": "aeroplane",
    "airplane": "aeroplane", "helicopter": "aeroplane", "spaceship": "rocket", "locomotive": "train", "tram": "train",
    "tugboat": "ship", "ferry": "ship", "steamer": "ship", "yacht": "sailboat", "kayak": "canoe", "rowboat": "canoe",
    "raft": "canoe", "speedboat": "motorboat", "goldfish": "fish", "clownfish": "fish", "kitty": "cat",
    "hen": "chicken", "rooster": "chicken", "goose": "duck", "swan": "duck", "eagle": "hawk", "falcon": "hawk",
    "seagull": "gull", "raven": "crow", "lioness": "lion", "rhinoceros": "rhino", "kid": "child", "human": "person",
    "toddler": "child", "tortoise": "turtle", "toad": "frog", "bunny": "rabbit", "orca": "whale", "goat": "sheep",
    "donkey": "horse", "trex": "dinosaur", "spaceman": "astronaut", "dancer": "person", "wizard": "man",
    "princess": "girl", "zebra": "horse", "unicorn": "horse", "camel": "cow", "koala": "panda",
    "raccoon": "fox", "otter": "seal", "crocodile": "dinosaur", "lizard": "dinosaur", "flamingo": "duck",
    "peacock": "crow", "superhero": "man", "clown": "person", "pirate": "man", "skater": "child", "mermaid": "girl",
    "monster": "bear", "leopard": "tiger", "dove": "pigeon", "submarine": "ship", "wasp": "bee",
    "octopus": "fish", "jellyfish": "fish", "seahorse": "fish", "crab": "turtle", "bat": "mouse",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """A subject as the ear knows it: its plain ``name``, ``weight`` 0..1, ``young`` and its ``archetype``."""

    name: str
    weight: float
    young: bool
    archetype: str

    @property
    def pitch(self) -> float:
        """Its voice's pitch relative to a grown one of its kind."""
        return 1.45 if self.young else 1.0


def body(subject: str, archetype: str) -> Body:
    """The body that ``subject`` names; unknown words fall back on ``archetype``."""
    words = re.findall(r"[a-z]+", subject.lower())
    young = any(word in _SMALL or word in _YOUNG or word.removesuffix("s") in _YOUNG for word in words)
    big = any(word in _BIG for word in words)
    name = ""
    for word in reversed(words):
        plain = _known(word)
        if plain:
            name = plain
            break
    weight = _WEIGHT.get(name, _BY_ARCHETYPE.get(archetype, 0.4))
    weight = weight * 0.6 if young else min(1.0, weight * 1.2) if big else weight
    return Body(name or archetype, weight, young, archetype)


def _known(word: str) -> str:
    for form in (word, word.removesuffix("s")):
        plain = _YOUNG.get(form, _ALIASES.get(form, form))
        if plain in _WEIGHT or plain in _EXTRA:
            return plain
    return ""


_EXTRA = frozenset(
    {"kangaroo", "aeroplane", "motorboat", "hawk", "gull", "crow", "alien", "ghost", "snowman", "pigeon"}
)
