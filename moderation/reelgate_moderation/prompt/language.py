"""Can we read this text at all? Tells the six languages we judge from the rest, by script and small words.

A text in a language that the lists do not cover would pass unseen, so it goes to a person. Short texts and
names pass: only a text that is *positively* foreign, or mostly in a script we cannot read, is held.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_WORDS = {
    "en": "the a an and of in on at with is are to for from by into over under as his her their its it this that two"
    " while through behind across near he she they we you me my your who what which has have was were be not no or"
    " but up down out off around between during after before then there some all one i",
    "de": "der die das ein eine einen einem einer und im mit auf ist sind von zu am an dem den des durch uber unter"
    " vor hinter aus bei nach wie wir ich du er sie es nicht kein oder aber wird werden",
    "fr": "le la les un une des et du de dans sur avec est sont au aux en par pour qui que sous il elle ils nous vous"
    " je tu pas ou mais ce cette son sa ses",
    "es": "el la los las un una unos y de del en con es son al por para que su sus se no o pero como entre sobre"
    " bajo hacia desde este esta",
    "pt": "o a os as um uma uns e de do da dos das em no na nos nas com que por para ao se nao ou mas como entre"
    " sobre seu sua",
}
ENGLISH = frozenset(_WORDS["en"].split())
FUNCTION_WORDS = frozenset(word for words in _WORDS.values() for word in words.split())

# Frequent little words of other languages in Latin script that none of the six uses.
_OTHERS = """
het een niet voor zijn wordt naar ook deze bij maar uit hij zij
il gli della delle nel nella che sono dei degli alla anche piu questo questa ragazza uomo
jest nie sie przez oraz ktory ktora jego tego jak przed czy dla kobieta
och att det som inte har av ett eller hon og ikke paa til mand kvinde
etta joka mies nainen bir icin ile olan gibi kadar daha cok kadin
yang di dengan untuk pada dari tidak ini itu adalah seorang sedang
nguoi mot va cua trong khong voi nhung sunt cu din pentru femeie barbat
ze jako kdyz ktery muz zena byl az egy nem hogy ferfi
ang mga ng ay isang nang babae lalaki katika mtu mwanamke kwa
"""
_FOREIGN = frozenset(_OTHERS.split()) - FUNCTION_WORDS


@lru_cache(maxsize=8192)
def script(sign: str) -> str:
    """``latin``, ``japanese`` (kana), ``han``, ``other``, or empty for what is no letter."""
    code = ord(sign)
    if code < 128:
        return "latin" if sign.isalpha() else ""
    if not sign.isalpha():
        return ""
    if 0x3040 <= code <= 0x30FF or 0xFF66 <= code <= 0xFF9F:
        return "japanese"
    if 0x3400 <= code <= 0x9FFF or code == 0x3005:
        return "han"
    if 0x1D400 <= code <= 0x1D7FF:
        return "latin"
    name = unicodedata.name(sign, "")
    latin = "LATIN" in name or "MODIFIER LETTER" in name or name.startswith(("CIRCLED", "SQUARED", "DOUBLE-STRUCK"))
    return "latin" if latin else "other"


def readable(original: str, words: list[str]) -> bool:
    """Whether a text is in a language we judge. ``words`` are its folded words.

    An English text in Cyrillic or Greek look-alikes is not readable either: its words were folded and are
    judged, but nobody writes so by chance.
    """
    counts = {"latin": 0, "japanese": 0, "han": 0, "other": 0}
    for sign in original:
        kind = script(sign)
        if kind:
            counts[kind] += 1
    letters = sum(counts.values())
    if letters == 0:
        return True
    if counts["other"] * 3 > letters:
        return False
    if counts["han"] * 3 > letters and counts["japanese"] * 12 < counts["han"] and counts["han"] > 8:
        return False
    ours = sum(w in FUNCTION_WORDS for w in words)
    foreign = sum(w in _FOREIGN for w in words)
    return not (len(words) >= 4 and foreign >= 2 and foreign > ours)
