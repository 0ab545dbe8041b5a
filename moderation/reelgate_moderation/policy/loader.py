"""Reads a policy from TOML and refuses one that is incomplete or looser than it may be.

Every complaint is a :class:`PolicyInvalid` that names the key, and the line where it stands.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from reelgate.words import Decision, stricter
from reelgate_moderation.errors import PolicyInvalid
from reelgate_moderation.policy.policy import (
    HARD,
    LANGUAGES,
    SEVERITIES,
    SURFACES,
    UNCLEAR,
    Category,
    Finding,
    Policy,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

POLICY_FILE = "policy.toml"
DEFAULT_FILE = "default.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TOP = frozenset({"name", "version", "longest", "categories", "findings", "messages"})
_MESSAGE_KEYS = (*Category, *Finding, UNCLEAR)


def load(directory: Path | None = None) -> Policy:
    """The policy in ``directory/policy.toml``, or the default that ships with the package.

    Raises :class:`PolicyInvalid` when the file is missing, is not TOML, or does not say all it must.
    """
    if directory is None:
        text = resources.files("reelgate_moderation.policy").joinpath(DEFAULT_FILE).read_text("utf-8")
        return parse(text)
    try:
        text = (directory / POLICY_FILE).read_text("utf-8")
    except FileNotFoundError as cause:
        raise PolicyInvalid(f"there is no {POLICY_FILE} in the policy directory", key=POLICY_FILE) from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise PolicyInvalid(f"{POLICY_FILE} cannot be read as UTF-8 text", key=POLICY_FILE) from cause
    return parse(text)


def parse(text: str) -> Policy:
    """The policy written in ``text`` (TOML); raises :class:`PolicyInvalid`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        found = re.search(r"at line (\d+)", str(cause))
        raise PolicyInvalid(f"not valid TOML: {cause}", line=int(found[1]) if found else None) from cause
    return _Reader(text).policy(data)


class _Reader:
    """Turns parsed TOML into a policy, remembering the text so that complaints can name a line."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def policy(self, data: Mapping[str, object]) -> Policy:
        for key in data:
            if key not in _TOP:
                raise self._bad("", key, f"unknown key {key!r}")
        return Policy(
            name=self._label(data, "name"),
            version=self._label(data, "version"),
            grid=self._grid(self._table(data, "", "categories")),
            findings=self._findings(self._table(data, "", "findings")),
            messages=self._messages(self._table(data, "", "messages")),
            longest=self._longest(data.get("longest", 20_000)),
        )

    def _bad(self, table: str, key: str, detail: str) -> PolicyInvalid:
        path = f"{table}.{key}" if table and key else table or key
        return PolicyInvalid(f"{path}: {detail}", key=path, line=self._line(table, key))

    def _line(self, table: str, key: str) -> int | None:
        """The 1-based line of ``key`` inside ``[table]``, or of the table's header, or None."""
        inside, header = table == "", None
        for number, line in enumerate(self._lines, start=1):
            bare = line.strip()
            if bare.startswith("["):
                inside = bare.strip("[] ") == table
                if inside:
                    header = number
            elif inside and re.match(rf'"?{re.escape(key)}"?\s*=', bare):
                return number
        return header

    def _table(self, data: Mapping[str, object], parent: str, key: str) -> Mapping[str, object]:
        value = data.get(key)
        if not isinstance(value, dict):
            raise self._bad(parent, key, "this table is missing")
        return value

    def _label(self, data: Mapping[str, object], key: str) -> str:
        value = data.get(key)
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise self._bad("", key, "needs a short text of a-z, 0-9, dot, dash and underscore")
        return value

    def _longest(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100_000:
            raise self._bad("", "longest", "needs a whole number from 1 to 100000")
        return value

    def _grid(self, data: Mapping[str, object]) -> Mapping[Category, Mapping[str, tuple[Decision, ...]]]:
        for key in data:
            if key not in set(Category):
                raise self._bad(f"categories.{key}", "", "unknown category")
        grid: dict[Category, Mapping[str, tuple[Decision, ...]]] = {}
        for category in Category:
            table = f"categories.{category}"
            rows = self._table(data, "categories", category)
            for surface in rows:
                if surface not in SURFACES:
                    raise self._bad(table, surface, f"unknown surface; use {', '.join(SURFACES)}")
            grid[category] = MappingProxyType({s: self._cells(table, category, s, rows.get(s)) for s in SURFACES})
        return MappingProxyType(grid)

    def _cells(self, table: str, category: Category, surface: str, value: object) -> tuple[Decision, ...]:
        if not isinstance(value, list) or len(value) != SEVERITIES:
            raise self._bad(table, surface, f"needs {SEVERITIES} decisions, one for each severity from 0 to 3")
        cells = tuple(self._decision(table, surface, cell) for cell in value)
        if category is HARD and any(cell is not Decision.BLOCK for cell in cells):
            raise self._bad(table, surface, "must be 'block' throughout: this category cannot be loosened")
        for mild, worse in pairwise(cells):
            if stricter(mild, worse) is not worse:
                raise self._bad(table, surface, "a higher severity cannot have a milder decision")
        return cells

    def _decision(self, table: str, key: str, value: object) -> Decision:
        try:
            return Decision(str(value))
        except ValueError as cause:
            raise self._bad(table, key, "a decision is 'allow', 'review' or 'block'") from cause

    def _findings(self, data: Mapping[str, object]) -> Mapping[Finding, Decision]:
        for key in data:
            if key not in set(Finding):
                raise self._bad("findings", key, "unknown finding")
        found: dict[Finding, Decision] = {}
        for finding in Finding:
            if finding not in data:
                raise self._bad("findings", finding, "this key is missing")
            found[finding] = self._decision("findings", finding, data[finding])
        for finding in (Finding.EMPTY, Finding.UNREADABLE):
            if found[finding] is Decision.ALLOW:
                raise self._bad("findings", finding, "what was not seen cannot be allowed")
        return MappingProxyType(found)

    def _messages(self, data: Mapping[str, object]) -> Mapping[str, Mapping[str, str]]:
        for key in data:
            if key not in LANGUAGES:
                raise self._bad(f"messages.{key}", "", f"unknown language; use {', '.join(LANGUAGES)}")
        books: dict[str, Mapping[str, str]] = {}
        for language in LANGUAGES:
            table = f"messages.{language}"
            rows = self._table(data, "messages", language)
            for key in rows:
                if key not in _MESSAGE_KEYS:
                    raise self._bad(table, key, "unknown key")
            books[language] = MappingProxyType({str(k): self._sentence(table, k, rows.get(k)) for k in _MESSAGE_KEYS})
        return MappingProxyType(books)

    def _sentence(self, table: str, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._bad(table, key, "needs a sentence")
        return value.strip()
