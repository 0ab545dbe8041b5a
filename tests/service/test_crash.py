"""A seeded sample of the crash bench: kills at named points, on each database, and nothing lost or doubled."""

from __future__ import annotations

import pytest
from tests.service.conftest import POSTGRES, scratch_schema

from reelgate.words import Once
from reelgate_service.crash import bench
from reelgate_service.crash.life import event, live
from reelgate_service.crash.practice import PracticeGenerator, World
from reelgate_service.crash.processes import forked


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_sample_of_kills_breaks_no_rule(database: str) -> None:
    said: list[str] = []
    if database == "postgresql":
        with scratch_schema():  # skips, loudly, where no server answers
            status = bench.crash_bench(kills=12, postgres=POSTGRES, seed=2, say=said.append, sqlite=False)
    else:
        status = bench.crash_bench(kills=15, postgres="", seed=1, say=said.append)
    assert status == 0, "\n".join(said)
    assert said[-1] == "violations: 0"
    assert int(said[-2].split(" kills")[0].split()[-1]) >= 9


def test_the_bench_sees_a_machine_that_pays_twice(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The bench can fail: a generator that says *key* but charges every repeat is found out."""
    honest = PracticeGenerator.start

    def forgetful(self: PracticeGenerator, order: object, key: str) -> object:
        self._once = Once.NONE
        return honest(self, order, key)  # type: ignore[arg-type]

    monkeypatch.setattr(PracticeGenerator, "start", forgetful)
    home = tmp_path_factory.mktemp("crash") / "home"
    practice = bench.practice_at(f"sqlite:///{home}/reelgate.db", home)
    tally = bench.Tally()
    bench.one_job(practice, Once.KEY, ("generate.call.after",), tally, "sqlite")
    assert tally.kills == 1
    assert any("I3: charged 2 times" in rule for rule in tally.violations)


def test_an_undisturbed_job_of_every_kind_holds_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("calm") / "home"
    practice = bench.practice_at(f"sqlite:///{home}/reelgate.db", home)
    for once in Once:
        outcome = forked(lambda once=once: live(practice, practice.studio(), event(once.value, once, once)))
        assert outcome.answer == "done"
    assert practice.world.count("charge") == practice.world.count("post") == 3


def test_worlds_are_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("world") / "world.db")
    first = world.happen("charge", "job-1-generate")
    assert world.first("charge", "job-1-generate") == first
    assert (world.count("charge", "job-1"), world.count("charge", "job-2"), world.count("post")) == (1, 0, 0)
