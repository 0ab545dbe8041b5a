"""Plays one schedule: the twin in this process, the web and the workers in forked ones that die where they should."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bench.schedules.plan import REFUSED_WORDS, WORDS, Schedule
from sqlalchemy import select

from reelgate.testing.faults import Trouble
from reelgate.words import Decision, Once, Reason, Verdict
from reelgate_integrations.discord.platform import DiscordPlatform
from reelgate_integrations.discord.standin import world as w
from reelgate_integrations.discord.twin import DiscordTwin
from reelgate_service import points
from reelgate_service import settings as settings_
from reelgate_service import studio as studio_
from reelgate_service.app import create_app
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.clock import SharedClock
from reelgate_service.crash.practice import PracticeGenerator, World
from reelgate_service.crash.processes import forked
from reelgate_service.db import apps, budgets, migrate, tables
from reelgate_service.db.base import open_database
from reelgate_service.db.states import ENDED, WAITING_FOR_A_PERSON
from reelgate_service.vault import open_vault
from reelgate_service.web import doors
from reelgate_service.web.parts import KEY
from reelgate_service.worker.run import run
from reelgate_service.worker.sweeper import Sweeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from reelgate.contract import Context, Sample
    from reelgate_service.studio import Studio

START = 1_800_000_000_000
ROUNDS = 80
LOSSES = {Trouble.LOSE_ANSWER, Trouble.LOSE_REQUEST, Trouble.SERVER_ERROR}


@dataclass(slots=True)
class Result:
    """What came of a schedule. ``wrong`` holds a sentence for every promise that was broken."""

    seed: int
    state: str = ""
    held: bool = False
    kills: int = 0
    struck: int = 0
    lost: bool = False
    wrong: list[str] = field(default_factory=list)


class Stage:
    """A service at a home of its own, on a clock that the bench moves; no process here holds a connection."""

    def __init__(self, home: Path, url: str = "") -> None:
        environment = {"REELGATE_HOME": str(home), "REELGATE_DATABASE_URL": url or f"sqlite:///{home}/reelgate.db"}
        self.settings = replace(
            settings_.from_environment(environment), settle_s=5.0, sweep_s=0.001, max_queue=100_000, min_free_mb=1
        )
        self.clock = SharedClock(home / "clock")
        self.clock.set(START)
        self.vault = open_vault(self.settings)
        db = open_database(self.settings.database_url, self.clock)
        migrate.upgrade(db)
        with db.write("budget") as session:
            budgets.set_cap(session, "local", budgets.period_of(START), 1_000_000_000)
        db.close()
        self.db = open_database(self.settings.database_url, self.clock)
        generator = PracticeGenerator(Once.KEY, World(home / "world.db"))
        self.studio = studio_.build(self.settings, db=self.db, generators={"storyboard": generator})
        self.web = create_app(self.settings)
        parts = replace(self.web.extensions[KEY], db=self.db)
        self.web.extensions[KEY] = parts
        doors.open_doors(self.web, parts, self.clock.seconds)

    def play(self, schedule: Schedule) -> Result:
        """One command, from the member's keystroke to the last message."""
        self.clock.advance(60)  # ids are made of the time: no two schedules share an app
        with DiscordTwin(self.clock.seconds, self.clock.advance) as twin:
            return _Play(self, schedule, twin).play()


class _Play:
    def __init__(self, stage: Stage, schedule: Schedule, twin: DiscordTwin) -> None:
        self.stage, self.schedule, self.twin = stage, schedule, twin
        self.result = Result(schedule.seed)
        self.web_kills = list(schedule.web_kills)
        self.worker_kills = list(schedule.worker_kills)
        platform = DiscordPlatform(twin.registration, clock=stage.clock.seconds)
        self.studio: Studio = replace(stage.studio, platforms=lambda _slug, _app: platform)
        if schedule.seen:
            self.studio = replace(self.studio, output_screen=_Strict())
        self.app = twin.registration.app

    def play(self) -> Result:
        twin, schedule = self.twin, self.schedule
        registered = forked(self._registered)
        if registered.status != 0:
            raise RuntimeError(f"the app could not be registered: {registered.answer}")
        twin.faults.follow(schedule.faults)
        twin.connect(send=self._to_web)
        if schedule.blind:
            twin.general.app_permissions &= ~w.READ_HISTORY
        twin.member.takes_dms = not schedule.shut
        words = REFUSED_WORDS if schedule.refused and not schedule.seen else WORDS
        twin.command(twin.member, twin.general, "imagine", {"prompt": words, "seconds": 1, "aspect": "1:1"})
        if not self._jobs():  # it died before it had said yes: the member, or the platform, tries again
            twin.command(twin.member, twin.general, "imagine", {"prompt": words, "seconds": 1, "aspect": "1:1"})
        if schedule.late:
            self.stage.clock.advance(1000)
        self._work()
        twin.repeat()
        self._work()
        self.result.struck = len(twin.faults.struck)
        self.result.lost = self.result.kills > 0 or any(each.trouble in LOSSES for each in twin.faults.struck)
        self._judge()
        return self.result

    # -- the service, in processes that may die ------------------------------------------------------------

    def _registered(self) -> None:
        registration = self.twin.registration
        apps.register(
            self.stage.db, self.stage.vault, tenant_id="local", platform="discord", app=self.app, name="Bot",
            api=registration.api, secrets=registration.secrets, open=True,
        )  # fmt: skip
        # The twin shows people only commands that the app has registered.
        DiscordPlatform(registration, clock=self.stage.clock.seconds).register()

    def _to_web(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        def answer() -> list[Any]:
            client = self.stage.web.test_client()
            said = client.post(f"/platforms/discord/{self.app}", data=body, headers=dict(headers))
            return [said.status_code, dict(said.headers), said.get_data(as_text=True)]

        outcome = forked(_dying(answer, self.web_kills.pop(0) if self.web_kills else 0))
        if outcome.killed:
            self.result.kills += 1
            raise OSError("the web died")
        if outcome.status != 0 or not isinstance(outcome.answer, list):
            raise RuntimeError(f"the web failed: {outcome.answer}")
        status, told, text = outcome.answer
        return int(status), {name.lower(): value for name, value in told.items()}, text.encode()

    def _work(self) -> None:
        """Work until every job of this app has ended or waits for a person."""
        for _ in range(ROUNDS):
            rows = self._jobs()
            if all(row["state"] in ENDED | WAITING_FOR_A_PERSON for row in rows):
                break
            outcome = forked(_dying(self._worked, self.worker_kills.pop(0) if self.worker_kills else 0))
            if outcome.killed:
                self.result.kills += 1
                self.stage.clock.advance(self.stage.settings.lease_s + 1)
            elif outcome.status != 0:
                raise RuntimeError(f"a worker failed: {outcome.answer}")
            else:
                due = min((row["next_at"] for row in self._jobs() if row["open"]), default=0)
                if due > self.stage.clock.seconds() * 1000:
                    self.stage.clock.set(due)
        else:
            self.result.wrong.append("it never came to an end")

    def _worked(self) -> None:
        with self.stage.db.read() as session:
            waiting = session.scalars(
                select(tables.Job.id).where(tables.Job.app == self.app, tables.Job.open == 1)
            ).all()
        for job_id in waiting:
            run(job_id, self.studio, kill_timer=False)
        Sweeper(self.studio, None).sweep()

    def _jobs(self) -> list[dict[str, Any]]:
        outcome = forked(self._rows)
        if not isinstance(outcome.answer, list):
            raise RuntimeError(f"the database could not be read: {outcome.answer}")
        return outcome.answer

    def _rows(self) -> list[dict[str, Any]]:
        with self.stage.db.read() as session:
            rows = session.scalars(select(tables.Job).where(tables.Job.app == self.app)).all()
            return [
                {"state": row.state, "open": row.open, "next_at": row.next_at, "says": row.error_says} for row in rows
            ]

    # -- what must be true ---------------------------------------------------------------------------------

    def _judge(self) -> None:
        schedule, result, wrong = self.schedule, self.result, self.result.wrong
        rows = self._jobs()
        if len(rows) != 1:
            wrong.append(f"{len(rows)} jobs")
            return
        result.state = rows[0]["state"]
        result.held = result.state == "held"
        seen = [
            message
            for channel in (self.twin.general, self.twin.dm(self.twin.member))
            for message in self.twin.messages(channel, viewer=self.twin.member)
            if message.author.bot and not message.loading and not message.failed
        ]
        reels = [message for message in seen if message.attachments]
        why, neutral = rows[0]["says"], say(Phrase.NOT_MADE, "en")
        told = [message for message in seen if _tells(message, why) or _tells(message, neutral)]
        self._judge_what_others_read(why)
        if result.held and not (schedule.blind and result.lost):
            wrong.append("held without need")
        if not result.held and result.state != ("refused" if schedule.refused else "done"):
            wrong.append(f"ended as {result.state}")
        unknown = schedule.blind and result.lost  # nobody can know: at most one, never two
        if schedule.refused and schedule.late and schedule.shut and not schedule.seen:
            if reels or told:  # where it was whispered nobody else may hear, and the asker takes no messages
                wrong.append("said where it may not be said")
        elif schedule.refused:
            if reels or len(told) > 1 or (len(told) == 0 and not unknown):
                wrong.append(f"a refusal with {len(told)} sentences and {len(reels)} reels")
        elif len(reels) > 1 or (len(reels) == 0 and not result.held):
            wrong.append(f"{len(reels)} messages with the reel")
        if self.twin.violations:
            wrong.append(f"rules broken: {sorted({violation.rule for violation in self.twin.violations})}")

    def _judge_what_others_read(self, why: str) -> None:
        schedule, wrong = self.schedule, self.result.wrong
        others = [message for message in self.twin.messages(self.twin.general) if message.author.bot]
        if any(_tells(message, why) for message in others):
            wrong.append("everybody reads why it was refused")
        if schedule.refused and not schedule.seen and others:
            wrong.append("everybody reads of what was whispered")


class _Strict:
    """An output screen that shows nothing of anybody's."""

    def screen(self, samples: Iterator[Sample], context: Context) -> Verdict:
        return Verdict(Decision.BLOCK, 1.0, (Reason("gore", 3, 1.0, at=(0.0, 1.0)),), "strict")


def _dying(life: Callable[[], Any], after: int) -> Callable[[], Any]:
    """The same life, killed at the ``after``-th named point that it passes (0: never)."""

    def lived() -> Any:
        left = after

        def count(_name: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        points.arm(count)
        return life()

    return lived


def _tells(message: w.Message, sentence: str | None) -> bool:
    return bool(sentence) and _plain(str(sentence)) in _plain(message.content)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
