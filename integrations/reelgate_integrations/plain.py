"""Makes words that anyone may have typed harmless to look at, before a platform marks them up."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")
"""Format characters that writing needs: Persian and Indic words and compound pictographs fall apart without them."""

_BREAKS = frozenset("\r\v\f\u0085\u2028\u2029")


def plain(words: str) -> str:
    """``words`` without characters that control, hide, turn the direction or mean nothing; line ends are ``\\n``."""
    kept = []
    for sign in words.replace("\r\n", "\n"):
        if sign in _BREAKS:
            kept.append("\n")
        elif sign == "\t":
            kept.append(" ")
        elif sign == "\n" or sign in _JOINERS or unicodedata.category(sign)[0] != "C":
            kept.append(sign)
    return "".join(kept).strip()


def units(words: str) -> int:
    """The length in UTF-16 units: what most platforms count, and never less than the number of characters."""
    return len(words.encode("utf-16-le")) // 2


def cut(words: str, most: int) -> str:
    """The longest beginning of ``words`` within ``most`` UTF-16 units, with an ellipsis where it was cut."""
    if units(words) <= most:
        return words
    kept = words.encode("utf-16-le")[: max(0, most - 1) * 2].decode("utf-16-le", "ignore").rstrip()
    return f"{kept.rstrip(chr(0x200D))}…"
