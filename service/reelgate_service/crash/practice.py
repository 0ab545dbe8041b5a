"""The practice world: a generator and a platform that remember everything that was ever done to them.

They stand for services outside: what they were asked is kept in a file of their own that survives any kill,
so that afterwards it can be counted how often they were paid and how often they posted. The generator films a
plain test card. Both can be of any kind (key, look-up, none).
"""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate.contract import (
    SAMPLE_RATE,
    Clip,
    Footage,
    Frame,
    GeneratorFacts,
    Limits,
    Moment,
    PlatformFacts,
    Progress,
    Receipt,
    Ticket,
)
from reelgate.errors import NotOffered
from reelgate.words import Kind, Once, SourceType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reelgate.chat import Button
    from reelgate.contract import Aloud, Parcel
    from reelgate.words import Address, Order

PRICE_CENTS = 7


@dataclass(frozen=True, slots=True)
class World:
    """What happened outside, kept in ``path``. Every entry is on the disk before it is answered."""

    path: Path

    def happen(self, what: str, key: str) -> str:
        """Let it happen (once more) and return the id of what was made."""
        made = uuid.uuid4().hex
        with closing(self._open()) as db:
            db.execute("INSERT INTO happened (id, what, key) VALUES (?, ?, ?)", (made, what, key))
        return made

    def first(self, what: str, key: str) -> str | None:
        """The id of the first thing made under ``key``."""
        with closing(self._open()) as db:
            query = "SELECT id FROM happened WHERE what = ? AND key = ? ORDER BY rowid LIMIT 1"
            row = db.execute(query, (what, key)).fetchone()
        return None if row is None else str(row[0])

    def count(self, what: str, job_id: str = "") -> int:
        """How often it happened, for one job or for all."""
        with closing(self._open()) as db:
            query = "SELECT count(*) FROM happened WHERE what = ? AND key LIKE ?"
            return int(db.execute(query, (what, f"{job_id}%")).fetchone()[0])

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        db.execute("CREATE TABLE IF NOT EXISTS happened (id TEXT, what TEXT, key TEXT)")
        return db


class PracticeGenerator:
    """A paid generator of the given kind; a :class:`reelgate.contract.Generator`."""

    def __init__(self, once: Once, world: World) -> None:
        self._once = once
        self._world = world

    @property
    def facts(self) -> GeneratorFacts:
        """Paid, remote, and of the kind it was made with."""
        return GeneratorFacts(
            name=f"practice-{self._once.value}",
            version="1",
            honest_name="Practice test card (drawn by software)",
            kinds=frozenset({Kind.REEL}),
            once=self._once,
            source_type=SourceType.ALGORITHMIC,
            seconds=(1.0, 16.0),
            sizes=(64, 1920),
            fps=8,
            price_cents=PRICE_CENTS,
        )

    def start(self, order: Order, key: str) -> Ticket:
        """Charge and film; a key that was seen before is charged again unless the kind is *key*."""
        known = self._world.first("charge", key) if self._once is Once.KEY else None
        return Ticket(known or self._world.happen("charge", key), PRICE_CENTS)

    def find(self, key: str) -> Ticket | None:
        """What was made under ``key``; only kind *look-up* tells."""
        if self._once is not Once.LOOKUP:
            raise NotOffered("This generator cannot be asked what it has.")
        known = self._world.first("charge", key)
        return None if known is None else Ticket(known, PRICE_CENTS)

    def poll(self, external_id: str) -> Progress:
        """Always ready."""
        return Progress(ready=True)

    def collect(self, external_id: str, order: Order) -> Footage:
        """The test card: a textured picture that moves a little."""
        return Footage(_test_card(order))

    def cancel(self, external_id: str) -> None:
        """Nothing to stop."""


class PracticePlatform:
    """A chat of the given kind; a :class:`reelgate.contract.Platform`."""

    def __init__(self, once: Once, world: World) -> None:
        self._once = once
        self._world = world

    @property
    def facts(self) -> PlatformFacts:
        """Takes small MP4 files."""
        return PlatformFacts(
            slug=f"practice-{self._once.value}",
            title="Practice chat",
            once=self._once,
            limits=Limits(max_bytes=8_000_000, max_width=1920, max_height=1920, max_seconds=60),
            inbound=False,
        )

    def deliver(self, address: Address, parcel: Parcel, key: str) -> Receipt:
        """Post; a key that was seen before is posted again unless the kind is *key*."""
        known = self._world.first("post", key) if self._once is Once.KEY else None
        return Receipt(known or self._world.happen("post", key))

    def find(self, address: Address, key: str) -> Receipt | None:
        """The message under ``key``; only kind *look-up* tells."""
        if self._once is not Once.LOOKUP:
            raise NotOffered("This chat cannot be asked what it has.")
        known = self._world.first("post", key) or self._world.first("decline", key)
        return None if known is None else Receipt(known)

    def repeatable(self, address: Address, since: float, now: float) -> bool:
        """Keys are remembered for ever."""
        return True

    def progress(self, address: Address, sentence: str, buttons: tuple[Button, ...] = ()) -> None:
        """Nobody watches."""

    def withdraw(self, address: Address, message_id: str) -> None:
        """Take it back; taking back twice is no error."""
        self._world.happen("withdraw", message_id)

    def decline(
        self,
        address: Address,
        sentence: str,
        key: str,
        buttons: tuple[Button, ...] = (),
        aloud: Aloud | None = None,
    ) -> Receipt:
        """Say no, in so many words; a repeat says it again unless the kind is *key*."""
        known = self._world.first("decline", key) if self._once is Once.KEY else None
        return Receipt(known or self._world.happen("decline", key))


def _test_card(order: Order) -> Clip:
    height, width = order.height, order.width
    total = round(order.seconds * order.fps)
    block = SAMPLE_RATE // order.fps

    def stream() -> Iterator[Moment]:
        rng = np.random.default_rng(order.seed)
        grain = rng.normal(0, 6, (height, width)).astype(np.float32)
        down, across = np.mgrid[0:height, 0:width].astype(np.float32)
        for index in range(total):
            waves = np.sin(across / 17 + index / 3) + np.cos(down / 23 - index / 5)
            luma = np.clip(125 + 38 * waves + np.roll(grain, index, axis=1), 16, 235).astype(np.uint8)
            u = np.full((height // 2, width // 2), 120 + index % 8, np.uint8)
            v = np.full((height // 2, width // 2), 136 - index % 8, np.uint8)
            at = (np.arange(block) + index * block) / SAMPLE_RATE
            tone = (0.2 * np.sin(2 * np.pi * 330 * at)).astype(np.float32)
            yield Moment(Frame(luma, u, v), np.stack([tone, tone], axis=1))

    return Clip(width, height, order.fps, order.seconds, stream)
