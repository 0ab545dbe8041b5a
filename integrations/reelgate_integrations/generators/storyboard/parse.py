"""Reads a prompt: tokens against the word tables, then one choice for everything nobody mentioned.

Never raises and never gives up: whatever it does not know it replaces by something near, and says so. Sayings are
in the storyboard's own words; what a member typed is never repeated.
"""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .plan import ScenePlan
from .words import each, looks
from .words.actions import ACTION_WORDS, GREETING, LOOSE, TALKATIVE
from .words.places import PLACE_SIGNS, PLACE_WORDS, ROUGH
from .words.subjects import NOUNS, SUBJECT_WORDS, YOUNG_WORDS, Noun

if TYPE_CHECKING:
    from collections.abc import Collection

MOST = 2000
"""Characters of a prompt that are read."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NOT = frozenset({"no", "without", "not", "never", "minus"})
_LINKS = each("in on at through over across along into onto near under by beside above behind around inside")


@dataclass(slots=True)
class _Reading:
    """What has been found so far."""

    noun: Noun | None = None
    baby: bool = False
    action: str = ""
    place: str = ""
    light: str = ""
    weather: str = ""
    camera: str = ""
    mood: str = ""
    colour: int | None = None
    scale: float = 1.0
    pace: float = 1.0
    autumn: bool = False
    talks: bool = False
    greets: bool = False
    strange: int = 0
    understood: list[str] = field(default_factory=list)
    approximated: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


_UNDER_WATER = re.compile(
    r"\b(?:(?:under|beneath|below|deep in|deep under|at the bottom of|on the bottom of)(?: the)? "
    r"(?:sea|ocean|water|waves|surface)|(?:sea|ocean) ?(?:floor|bed))\b"
)
"""A place that is said in several words."""


def tokens(text: str) -> list[str]:
    """Lower-case words and known pictographs of the first 2,000 characters, in order."""
    plain = _UNDER_WATER.sub("underwater", unicodedata.normalize("NFKC", text[:MOST]).lower())
    signs = {*looks.SIGNS, *PLACE_SIGNS, *(s for s in SUBJECT_WORDS if not s[0].isascii())}
    out = []
    for match in re.finditer(rf"{_WORD.pattern}|.", plain, re.DOTALL):
        word = match.group()
        # Other pictographs (Unicode category So) count as words we do not know.
        if word in signs or word[0].isalnum() or unicodedata.category(word[0]) == "So":
            out.append(word)
    return out


def _forms(word: str) -> list[str]:
    """A word and what it may be a plural of."""
    forms = [word]
    for ending, instead in (("'s", ""), ("’s", ""), ("ies", "y"), ("ves", "f"), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            forms.append(word[: -len(ending)] + instead)
    return forms


def _find(word: str, *tables: dict[str, str]) -> str:
    for form in _forms(word):
        for table in tables:
            if form in table:
                return table[form]
    return ""


def parse(text: str, seed: int, cast: Collection[str], variation: int = 0) -> ScenePlan:
    """The plan of a prompt. ``cast`` holds the names that can be played; the same seed makes the same choices.

    A ``variation`` keeps who plays what where, and takes another light where the words leave it free.
    """
    rng = random.Random(f"plan {seed}")  # noqa: S311 - art, not secrets
    found = _read(tokens(text))
    free = not found.light
    plan = _decide(found, rng, cast)
    return replace(plan, light=_other_light(plan, variation)) if variation and free else plan


def _read(words: list[str]) -> _Reading:
    found = _Reading()
    skip = 0
    for i, word in enumerate(words):
        if skip:
            skip -= 1
            continue
        pair = f"{word} {words[i + 1]}" if i + 1 < len(words) else ""
        joined = pair.replace(" ", "-")
        if i and words[i - 1] in _NOT:
            continue
        for phrase in (pair, joined):
            if phrase and _take(found, phrase, words, i):
                skip = 1
                break
        if skip or word in looks.FILLER or word in _NOT:
            continue
        taken = [_take(found, part, words, i) for part in dict.fromkeys((word, *word.split("-")))]
        if not any(taken):
            found.strange += 1
    return found


def _take(found: _Reading, word: str, words: list[str], i: int) -> bool:
    """File one word (or pair) under everything it means; ``False`` when it means nothing to us."""
    known = _look(found, word)
    after_link = any(w in _LINKS for w in words[max(0, i - 3) : i])
    noun = _find(word, SUBJECT_WORDS) or _find(word, YOUNG_WORDS)
    place = _find(word, PLACE_WORDS) or PLACE_SIGNS.get(word, "")
    action = ACTION_WORDS.get(word, "") or _verb(word)
    if action and (found.noun is not None or not noun):
        if not found.action:
            found.action = action
            found.talks = word in TALKATIVE
            found.greets = word in GREETING
            (found.approximated if word in LOOSE else found.understood).append(
                f"action: {action}" if word not in LOOSE else f"action: as {action}"
            )
        return True
    if noun and not (place and (found.noun is not None or after_link)):
        young = not _find(word, SUBJECT_WORDS)
        if found.noun is None:
            found.noun = NOUNS[noun]
            found.baby = found.baby or young
        elif found.noun.name != noun:
            found.ignored.append(f"second subject: {noun}")
        return True
    if place:
        if not found.place:
            found.place = place
            if word in ROUGH:
                found.approximated.append(f"place: as {place}")
            else:
                found.understood.append(f"place: {place}")
        return True
    return known


def _verb(word: str) -> str:
    """The action of a regular form that the table does not spell out."""
    for ending in ("ing", "ed", "s"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            for form in (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem):
                if form in ACTION_WORDS:
                    return ACTION_WORDS[form]
    return ""


def _look(found: _Reading, word: str) -> bool:
    """Light, weather, camera, mood, colour and size."""
    hit = False
    sign = looks.SIGNS.get(word)
    if sign:
        if not getattr(found, sign[0]):
            setattr(found, sign[0], sign[1])
        hit = True
    for field_, table in (
        ("light", looks.LIGHT_WORDS),
        ("weather", looks.WEATHER_WORDS),
        ("camera", looks.CAMERA_WORDS),
        ("mood", looks.MOOD_WORDS),
    ):
        if word in table:
            hit = True
            if not getattr(found, field_):
                setattr(found, field_, table[word])
                found.understood.append(f"{field_}: {table[word]}")
    if word in looks.COLOUR_WORDS:
        hit = True
        if found.colour is None and found.noun is None:
            found.colour = looks.COLOUR_WORDS[word]
            found.understood.append(f"colour: {word}")
    if word in looks.SIZE_WORDS and found.noun is None:
        hit = True
        found.scale = looks.SIZE_WORDS[word]
        found.understood.append(f"size: {word}")
    if word in looks.BABY_WORDS:
        found.baby = hit = True
    if word in looks.AUTUMN_WORDS:
        found.autumn = hit = True
        found.understood.append("season: autumn")
    if word in looks.SLOW or word in looks.FAST:
        found.pace = 0.85 if word in looks.SLOW else 1.15
        hit = True
    if word in looks.COUNT_WORDS:
        found.approximated.append("many: as one")
        hit = True
    return hit


def _decide(found: _Reading, rng: random.Random, cast: Collection[str]) -> ScenePlan:
    noun, player = _player(found, rng, cast)
    action = found.action or noun.action
    place = found.place or _home(found, noun, action)
    light = found.light or _light(found, place, rng)
    weather = found.weather or ("clear" if place != "mountains" or rng.random() < 0.5 else "snow")
    if place in ("underwater", "space", "room") and weather in ("snow", "wind"):
        weather = "clear"
    if place in ("space", "underwater") and weather == "rain":
        weather = "clear"
    mood = found.mood or _mood(action, light, weather)
    understood = list(found.understood)
    if found.baby:
        understood.insert(0, "age: baby")
    if found.noun is not None and player == noun.played_by[0] and player.replace("_", " ") == noun.name:
        understood.insert(0, f"subject: {noun.name}")
    ignored = list(dict.fromkeys(found.ignored))
    # Where a friendly player stands in, one of the words we do not know was the subject, and is told of as that.
    others = found.strange - (found.noun is None)
    if others > 0:
        ignored.append(f"{others} other words" if others > 1 else "1 other word")
    return ScenePlan(
        subject=noun.name,
        player=player,
        action=action,
        place=place,
        light=light,
        weather=weather,
        camera=found.camera or "auto",
        mood=mood,
        colour=found.colour,
        baby=found.baby,
        scale=found.scale,
        pace=found.pace,
        autumn=found.autumn,
        talks=found.talks,
        greets=found.greets,
        understood=tuple(dict.fromkeys(understood)),
        approximated=tuple(dict.fromkeys(found.approximated)),
        ignored=tuple(ignored),
    )


def _player(found: _Reading, rng: random.Random, cast: Collection[str]) -> tuple[Noun, str]:
    """Who is meant and who plays them; notes an approximation."""
    noun = found.noun
    if noun is None:
        friendly = [n for n in ("fox", "bear", "rabbit", "robot", "cat", "penguin") if n in cast] or sorted(cast)
        player = rng.choice(friendly)
        found.approximated.append(f"subject: as a friendly {player.replace('_', ' ')}")
        return NOUNS.get(player, Noun(player, (player,), "meadow", "walk")), player
    for player in noun.played_by:
        if player in cast:
            break
    else:
        player = "bear" if "bear" in cast else min(cast)
    if player.replace("_", " ") != noun.name:
        found.approximated.append(f"subject: {noun.name} as {player.replace('_', ' ')}")
    return noun, player


def _home(found: _Reading, noun: Noun, action: str) -> str:
    """Where a scene plays when nobody said: what the action needs, else where the subject lives."""
    if action == noun.action:
        return noun.home
    if action == "swim" and noun.home not in ("sea", "river", "underwater"):
        return "river"
    if action == "fly" and noun.home in ("underwater", "room"):
        return "meadow"
    if action in ("walk", "run", "jump", "drive") and noun.home in ("river", "sea", "underwater"):
        return "beach"
    if (
        action in ("dance", "sleep", "stand")
        and noun.home in ("river", "sea", "underwater")
        and noun.action != "swim"
    ):
        return "beach"
    if found.weather == "snow" and noun.home in ("beach", "desert", "room"):
        return "mountains"
    return noun.home


def _light(found: _Reading, place: str, rng: random.Random) -> str:
    if place == "space":
        return "night"
    if found.weather in ("rain", "snow"):
        return "day" if rng.random() < 0.7 else "dawn"
    return rng.choices(("day", "dawn", "sunset", "night"), (62, 14, 18, 6))[0]


def _other_light(plan: ScenePlan, variation: int) -> str:
    """The light of a variation: the first has another one than the film it was made from, and so on in turn."""
    if plan.place == "space":
        return plan.light
    lights = ("day", "dawn") if plan.weather in ("rain", "snow") else ("day", "sunset", "dawn", "night")
    at = lights.index(plan.light) if plan.light in lights else 0
    return lights[(at + variation) % len(lights)]


def _mood(action: str, light: str, weather: str) -> str:
    if weather == "rain":
        return "wistful"
    if action in ("dance", "jump", "run", "drive"):
        return "cheerful"
    if light == "night" and action == "run":
        return "tense"
    return "calm" if action in ("sleep", "swim", "stand", "fly") or light != "day" else "cheerful"
