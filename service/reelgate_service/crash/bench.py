"""The crash bench: every named point killed once, for every kind of generator and platform, then counted.

For each kind (key, look-up, none) and each database a practice job is traced once to learn its points. Then,
for each point, a fresh job's worker is killed exactly there, its lease runs out on the bench's own clock, and
another worker takes over. Points that only a take-over passes are killed too. Afterwards the rules of
:mod:`reelgate_service.crash.invariants` are checked, and the outside world is asked how often it was paid.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
import uuid
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from reelgate.words import Once
from reelgate_service import settings as settings_
from reelgate_service.clock import SharedClock
from reelgate_service.crash.invariants import broken, broken_at_rest
from reelgate_service.crash.life import TENANT, Practice, after_death, decide, event, live
from reelgate_service.crash.practice import World
from reelgate_service.crash.processes import Outcome, forked
from reelgate_service.db import budgets, migrate
from reelgate_service.db.base import open_database, typed_errors
from reelgate_service.vault import open_vault
from reelgate_service.worker.sweeper import Sweeper

if TYPE_CHECKING:
    from collections.abc import Callable

_START = 1_800_000_000_000


@dataclass(slots=True)
class Tally:
    """What the bench counted."""

    points: set[str] = field(default_factory=set)
    jobs: int = 0
    kills: int = 0
    holds: int = 0
    violations: list[str] = field(default_factory=list)


def crash_bench(*, kills: int, postgres: str, seed: int, say: Callable[[str], object], sqlite: bool = True) -> int:
    """Run the bench; the last line it says is the verdict. Returns 0, or 1 when any rule was broken.

    ``kills`` 0 kills every point once; otherwise about so many points are picked by ``seed``.
    """
    os.environ.setdefault("REELGATE_LOG", "off")
    tally = Tally()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reelgate-crash-") as folder:
        places = [("sqlite", f"sqlite:///{folder}/sqlite/reelgate.db", Path(folder, "sqlite"))] if sqlite else []
        with _scratch(postgres) as url:
            if url:
                places.append(("postgresql", url, Path(folder, "postgresql")))
            for name, address, home in places:
                share = -(-kills // len(places)) if kills else 0
                _one_database(name, practice_at(address, home), tally, share, seed, say)
    for violation in tally.violations:
        say(f"VIOLATION {violation}")
    say(
        f"{len(tally.points)} points, {tally.jobs} jobs, {tally.kills} kills, {tally.holds} holds that a person "
        f"decided, {time.monotonic() - started:.0f} s"
    )
    say(f"violations: {len(tally.violations)}")
    return 1 if tally.violations else 0


def _one_database(
    name: str, practice: Practice, tally: Tally, kills: int, seed: int, say: Callable[[str], object]
) -> None:
    rng = random.Random(seed)  # noqa: S311  which points a bounded run picks
    for once, refused in product(Once, (False, True)):
        before, killed = len(tally.violations), tally.kills
        seen = _traced(practice, once, tally, refused=refused)
        schedules: list[tuple[str, ...]] = [(point,) for point in sorted(seen)]
        if kills:
            share = max(1, kills // (4 * len(Once)) * (1 if refused else 3))  # most points are on a reel's way
            schedules = rng.sample(schedules, min(share, len(schedules)))
        for schedule in schedules:
            fresh = one_job(practice, once, schedule, tally, name, refused=refused) - seen
            if not kills:
                # What only a take-over passes is killed too: first where this one was, then there.
                schedules.extend((*schedule, point) for point in sorted(fresh))
                seen |= fresh
        tally.violations += [f"{name} {once.value}: {rule}" for rule in _at_rest(practice)]
        what = f"{once.value:<8}{'refusals' if refused else 'reels':<9}"
        say(f"{name:<11}{what} {tally.kills - killed} kills, {len(tally.violations) - before} violations")


def _traced(practice: Practice, once: Once, tally: Tally, *, refused: bool) -> set[str]:
    """The points that an undisturbed job passes."""
    outcome = _life(practice, once, uuid.uuid4().hex, refused=refused)
    if outcome.answer != ("refused" if refused else "done"):
        tally.violations.append(f"{once.value}: an undisturbed job ended as {outcome.answer}")
    tally.jobs += 1
    tally.points.update(outcome.passed)
    return set(outcome.passed)


def one_job(
    practice: Practice, once: Once, schedule: tuple[str, ...], tally: Tally, name: str, *, refused: bool = False
) -> set[str]:
    """One job, killed at each point of ``schedule`` in turn; returns the points that it passed."""
    once_key = uuid.uuid4().hex
    tally.jobs += 1
    passed: set[str] = set()
    for point in schedule:
        passed |= _died(practice, once, once_key, point, tally, refused=refused)
        after_death(practice)
    outcome = _life(practice, once, once_key, refused=refused)
    passed.update(outcome.passed)
    if outcome.answer == "held":
        tally.holds += 1
        if once is not Once.NONE:
            tally.violations.append(f"{name} {once.value} {schedule}: held without need")
        passed.update(forked(lambda: _decided(practice, once_key)).passed)
        outcome = _life(practice, once, once_key, refused=refused)
    where = f"{name} {once.value} {'+'.join(schedule)}"
    if outcome.status != 0:
        tally.violations.append(f"{where}: {outcome.answer}")
    else:
        checked = forked(lambda: _checked(practice, once_key))
        rules = checked.answer if isinstance(checked.answer, list) else [str(checked.answer)]
        tally.violations += [f"{where}: {rule}" for rule in rules]
    tally.points |= passed
    return passed


def _died(
    practice: Practice, once: Once, once_key: str, point: str, tally: Tally, *, refused: bool
) -> set[str]:
    """Live until ``point`` kills it; where the job is held first, the person's decision may be what dies."""
    outcome = _life(practice, once, once_key, point, refused=refused)
    passed = set(outcome.passed)
    if outcome.answer == "held":
        outcome = forked(lambda: _decided(practice, once_key), point)
        passed.update(outcome.passed)
    tally.kills += outcome.killed
    return passed


def _life(practice: Practice, once: Once, once_key: str, kill_at: str = "", *, refused: bool = False) -> Outcome:
    return forked(lambda: live(practice, practice.studio(), event(once_key, once, once, refused=refused)), kill_at)


def _decided(practice: Practice, once_key: str) -> bool:
    return decide(practice.studio(), practice.world, once_key)


def _checked(practice: Practice, once_key: str) -> list[str]:
    return broken(practice.studio(), practice.world, once_key)


def _at_rest(practice: Practice) -> list[str]:
    practice.clock.advance(practice.settings.lease_s)  # whoever swept last has had their turn
    forked(lambda: Sweeper(practice.studio(), None).sweep())
    outcome = forked(lambda: broken_at_rest(practice.studio(), practice.world))
    return outcome.answer if isinstance(outcome.answer, list) else [str(outcome.answer)]


def practice_at(url: str, home: Path) -> Practice:
    """A practice place: a home with its schema, a budget, and a clock that stands still until it is moved."""
    home.mkdir(parents=True)
    chosen = replace(
        settings_.from_environment({"REELGATE_HOME": str(home), "REELGATE_DATABASE_URL": url}),
        settle_s=5.0,
        orphan_s=0.0,
        sweep_s=0.001,
    )
    clock = SharedClock(home / "clock")
    clock.set(_START)
    open_vault(chosen)
    forked(lambda: _prepare(chosen, clock))
    return Practice(chosen, World(home / "world.db"), clock)


def _prepare(chosen: settings_.Settings, clock: SharedClock) -> None:
    db = open_database(chosen.database_url, clock)
    migrate.upgrade(db)
    with db.write("budget") as session:
        budgets.set_cap(session, TENANT, budgets.period_of(db.now(session)), 1_000_000)


class _scratch:  # noqa: N801  used as a statement: with _scratch(url)
    """A scratch schema in a PostgreSQL database, gone afterwards; empty without one."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._schema = f"reelgate_crash_{uuid.uuid4().hex[:8]}"

    def __enter__(self) -> str:
        if not self._url:
            return ""
        self._run(f'CREATE SCHEMA "{self._schema}"')
        return f"{self._url}?options=-csearch_path%3D{self._schema}"

    def __exit__(self, *_: object) -> None:
        if self._url:
            self._run(f'DROP SCHEMA "{self._schema}" CASCADE')

    def _run(self, statement: str) -> None:
        engine = create_engine(self._url)
        with typed_errors(), engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()
