"""English word forms: enough to write a list once and find its plurals and tenses."""

from __future__ import annotations

_VOWELS = frozenset("aeiou")
_DOUBLING = frozenset("bdgkmnprtvz")
_KNIVES = {"knife": "knives", "wolf": "wolves", "thief": "thieves", "child": "children", "body": "bodies"}


def forms(entry: str) -> tuple[str, ...]:
    """The forms of a list entry: ``word+v`` a regular verb, ``word+n`` a noun, else the word alone."""
    if entry.endswith("+v"):
        return verb(entry[:-2])
    if entry.endswith("+n"):
        word = entry[:-2]
        return (word, plural(word))
    return (entry,)


def plural(word: str) -> str:
    """The plural of an English noun."""
    if word in _KNIVES:
        return _KNIVES[word]
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith("man"):
        return word[:-3] + "men"
    return word + "s"


def verb(word: str) -> tuple[str, ...]:
    """Base, -s, -ed and -ing of a regular English verb; both spellings where a consonant may double."""
    third = plural(word) if not word.endswith("man") else word + "s"
    if word.endswith("e") and not word.endswith("ee"):
        return (word, third, word + "d", word[:-1] + "ing")
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return (word, third, word[:-1] + "ied", word + "ing")
    found = [word, third, word + "ed", word + "ing"]
    if len(word) > 2 and word[-1] in _DOUBLING and word[-2] in _VOWELS and word[-3] not in _VOWELS:
        found += [word + word[-1] + "ed", word + word[-1] + "ing"]
    return tuple(found)
