"""Writes plain words so that a chat that reads Markdown shows exactly them: no markup, no mention, no link."""

from __future__ import annotations

import re
from typing import Final

from reelgate_integrations.plain import cut, plain, units

_MARKUP: Final = re.compile(
    r"[\\*_~`|<>\[\]]"  # emphasis, code, spoilers, mentions, quotes, named links
    r"|:(?=//)|(?<=\w)\.(?=\w)"  # addresses, with and without a scheme
    r"|^[ ]*(?:[-+#]|[0-9]{1,9}[.)])",  # lists and headings
    re.MULTILINE,
)
_MENTION: Final = re.compile(r"@(?=[\w&!])")


def shown(words: str, most: int) -> str:
    """``words`` as a message that shows them, in at most ``most`` UTF-16 units.

    What does not fit is cut in the middle: the last line, which says what a file is, stays whole where it is short.
    """
    words = plain(words)
    text = escaped(words)
    if units(text) <= most:
        return text
    body, line, last = words.rpartition("\n")
    tail = line + escaped(last)
    if not line or units(tail) > most // 4:
        body, tail = words, ""
    return _fitted(body, most - units(tail)) + tail


def escaped(words: str) -> str:
    """``words`` with a backslash before every sign that would mean something, and no ``@`` that names anybody."""
    return _MENTION.sub("@\u200b", _MARKUP.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", words))


def _fitted(words: str, most: int) -> str:
    """The longest beginning, escaped, that fits; found by halving."""
    low, high = 0, units(words)
    while low < high:
        middle = (low + high + 1) // 2
        if units(escaped(cut(words, middle))) <= most:
            low = middle
        else:
            high = middle - 1
    return escaped(cut(words, low))
