"""A bank of perceptual hashes of pictures that must not come out, kept as text files in a directory.

One hash a line: 64 hex digits, a label, a category of the policy; ``#`` starts a remark. The bank that ships
is empty: hashes of known abuse are given out only by vetted exchanges, straight to whoever runs the service.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate_moderation.errors import BankInvalid
from reelgate_moderation.hashes.pdq import MATCH, from_hex, to_hex
from reelgate_moderation.policy.policy import Category

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_LABEL = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_WORDS = 4
_WORD_BYTES = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One hash of the bank, what it is called there, and the category it counts as."""

    hash: int
    label: str
    category: Category


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest entry and in how many of 256 bits it differs."""

    entry: Entry
    distance: int


class HashBank:
    """Looks hashes up by Hamming distance, over all entries at once. Empty unless filled."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = {entry.hash: entry for entry in entries}
        self._table: NDArray[np.uint64] | None = None
        self._order: list[Entry] = []

    @classmethod
    def load(cls, directory: Path) -> HashBank:
        """The bank of all ``*.txt`` files in ``directory``; a directory that is not there is an empty bank.

        Raises :class:`BankInvalid` naming the file and line.
        """
        if not directory.is_dir():
            return cls()
        found: list[Entry] = []
        for file in sorted(directory.glob("*.txt")):
            try:
                found.extend(parse(file.read_text("utf-8")))
            except BankInvalid as error:
                raise BankInvalid(f"{file.name}: {error.detail}") from error
            except (OSError, UnicodeDecodeError) as cause:
                raise BankInvalid(f"{file.name}: cannot be read as UTF-8 text") from cause
        return cls(found)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def add(self, entry: Entry) -> None:
        """Put a hash in; the same hash again takes the new label and category. Counts from the next lookup."""
        self._entries[entry.hash] = entry
        self._table = None

    def remove(self, number: int) -> bool:
        """Take a hash out; says whether it was there."""
        self._table = None
        return self._entries.pop(number, None) is not None

    def find(self, number: int, within: int = MATCH) -> Match | None:
        """The nearest entry at most ``within`` bits away, or None."""
        if not self._entries:
            return None
        if self._table is None:
            self._order = list(self._entries.values())
            self._table = _table(entry.hash for entry in self._order)
        apart = np.bitwise_count(self._table ^ _table([number])).sum(axis=1, dtype=np.int64)
        nearest = int(apart.argmin())
        bits = int(apart[nearest])
        return Match(self._order[nearest], bits) if bits <= within else None

    def text(self) -> str:
        """The bank as the text of one file, in order of the hashes."""
        rows = sorted(self._entries.values(), key=lambda entry: entry.hash)
        return "".join(f"{to_hex(entry.hash)} {entry.label} {entry.category}\n" for entry in rows)


def parse(text: str) -> list[Entry]:
    """The entries written in ``text``; raises :class:`BankInvalid` naming the line, never quoting it."""
    found: list[Entry] = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.partition("#")[0].split()
        if not parts:
            continue
        if len(parts) != 3:
            raise BankInvalid("needs a hash, a label and a category", line=number)
        try:
            found.append(Entry(from_hex(parts[0]), parts[1], Category(parts[2])))
        except ValueError as cause:
            known = parts[2] in set(Category)
            detail = "the hash needs 64 hex digits" if known else "the category is not one of the policy's"
            raise BankInvalid(detail, line=number) from cause
        if not _LABEL.fullmatch(parts[1]):
            raise BankInvalid("a label has up to 64 letters, digits, dots, colons, dashes", line=number)
    return found


def _table(numbers: Iterable[int]) -> NDArray[np.uint64]:
    """Hashes as rows of four 64-bit words."""
    data = b"".join(number.to_bytes(_WORDS * _WORD_BYTES, "little") for number in numbers)
    return np.frombuffer(data, np.uint64).reshape(-1, _WORDS)
