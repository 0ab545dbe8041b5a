"""Single characters and what they are read as: look-alikes, letter pictures, number letters.

The tables are our own and small on purpose: the compatibility forms (full-width, mathematical, circled,
super- and subscript) come from Unicode's NFKC; here stand only those it leaves alone.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LOOK_ALIKES = {
    "a": "аɑαᴀꭺᎪ∂",
    "b": "ьвβʙƀᏼɓ",
    "c": "сϲᴄƈᏟ",
    "d": "ԁɗᴅđժᎠ",
    "e": "еҽɛεᴇєəᎬ",
    "f": "ғƒꜰ",
    "g": "ɡցɢǥԍᏀ",
    "h": "һհʜнħᎻ",
    "i": "іɪιıᎥɩ",
    "j": "јϳᴊʝᎫ",
    "k": "кκᴋƙқᏦ",
    "l": "ӏʟłǀᏞ",
    "m": "мᴍʍᎷ",
    "n": "пոռɴηиŋ",
    "o": "оοᴏօσөøо߀",
    "p": "рρᴘþᏢ",
    "q": "ԛզ",
    "r": "гᴦʀяɍᏒ",
    "s": "ѕꜱʂᏚ",
    "t": "тτᴛŧƭᎢ",
    "u": "υսᴜцμ",
    "v": "νѵᴠᏙ",
    "w": "ѡԝᴡшωաᎳ",
    "x": "хχ",
    "y": "уүʏγყ",
    "z": "ᴢʐƶȥᏃ",
}
LOOK_ALIKE = {sign: letter for letter, signs in _LOOK_ALIKES.items() for sign in signs}

LEET = {
    "4": "a", "@": "a", "8": "b", "3": "e", "€": "e", "9": "g", "6": "g", "!": "i", "¡": "i", "1": "i",
    "|": "i", "£": "l", "0": "o", "5": "s", "$": "s", "§": "s", "7": "t", "+": "t", "¢": "c", "¥": "y", "2": "z",
}  # fmt: skip
"""Signs that stand for a letter inside a word; ``1`` and ``|`` can also mean ``l``."""

LEET_L = LEET | {"1": "l", "|": "l", "!": "l"}

_APOSTROPHES = frozenset("’‘ʼ＇`´′")
_KANA_MARKS = frozenset("\u3099\u309a")


@lru_cache(maxsize=8192)
def read_as(sign: str) -> tuple[str, bool]:
    """What one character is read as (may be empty), and whether that undoes a disguise."""
    code = ord(sign)
    if code < 128:
        return sign.lower(), False
    if sign in _APOSTROPHES:
        return "'", False
    letter = _letter_picture(code)
    if letter:
        return letter, True
    kind = unicodedata.category(sign)
    if kind in {"Cf", "Co", "Cn", "Cs"}:
        return "", True
    if sign in _KANA_MARKS:
        return sign, False
    if kind in {"Mn", "Me"}:
        return "", False
    base = unicodedata.normalize("NFKC", sign).casefold()
    disguised = len(base) == 1 and base.isascii() and unicodedata.name(sign, "").startswith(("MATH", "CIRCLED"))
    out: list[str] = []
    for part in _without_marks(base):
        look = LOOK_ALIKE.get(part)
        disguised = disguised or look is not None
        out.append(look or part)
    return "".join(out), disguised


def _without_marks(base: str) -> str:
    """Drop accents but keep the voicing marks of kana, which tell words apart."""
    apart = unicodedata.normalize("NFD", base)
    kept = "".join(c for c in apart if c in _KANA_MARKS or unicodedata.category(c) not in {"Mn", "Me"})
    return unicodedata.normalize("NFC", kept)


def _letter_picture(code: int) -> str:
    """The letter shown by a regional indicator or by a white-on-black letter sign, else an empty text."""
    for first in (0x1F1E6, 0x1F150, 0x1F170):
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    return ""


def hidden(sign: str) -> str:
    """The ASCII character smuggled by an invisible Unicode tag character, else an empty text."""
    code = ord(sign)
    return chr(code - 0xE0000).lower() if 0xE0020 <= code <= 0xE007E else ""
