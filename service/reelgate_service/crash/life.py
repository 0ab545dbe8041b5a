"""One life of a practice job in one process: accept, work, sweep; and what a person does with a hold.

It is written so that it can be cut anywhere and simply lived again: the event has a once-key, the clock
is moved by hand, and everything else is in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from reelgate.words import Once
from reelgate_moderation.review.desk import Choice
from reelgate_service import studio as studio_
from reelgate_service.crash.practice import PracticeGenerator, PracticePlatform, World
from reelgate_service.db import inbox, reviews, tables
from reelgate_service.db.base import open_database
from reelgate_service.db.states import ENDED, WAITING_FOR_A_PERSON
from reelgate_service.worker.run import run
from reelgate_service.worker.sweeper import Sweeper

if TYPE_CHECKING:
    from reelgate_service.clock import SharedClock
    from reelgate_service.settings import Settings
    from reelgate_service.studio import Studio

TENANT = "local"
FRAMES, FPS, SHORT_SIDE = 8, 8, 256
_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Practice:
    """Where a bench plays: its settings, its outside world, and its clock."""

    settings: Settings
    world: World
    clock: SharedClock

    def studio(self) -> Studio:
        """A fresh studio with its own connections; call it after forking."""
        kinds = tuple(Once)
        return studio_.build(
            self.settings,
            db=open_database(self.settings.database_url, self.clock),
            generators={f"practice-{once.value}": PracticeGenerator(once, self.world) for once in kinds},
            platforms={f"practice-{once.value}": PracticePlatform(once, self.world) for once in kinds},
        )


def event(once_key: str, generator: Once, platform: Once, *, refused: bool = False) -> inbox.Acceptance:
    """A practice event: eight small frames, asked for on a practice chat; or words that policy refuses."""
    return inbox.Acceptance(
        tenant_id=TENANT,
        platform=f"practice-{platform.value}",
        app="practice",
        once_key=once_key,
        body_hash=once_key,
        kind="reel",
        generator=f"practice-{generator.value}",
        order={"seconds": FRAMES / FPS, "fps": FPS, "aspect": [9, 16], "short_side": SHORT_SIDE, "seed": 7},
        words="a naked child" if refused else "a paper boat on a pond",
        place={"room": "practice"},
        tell=True,
    )


def live(practice: Practice, studio: Studio, asked: inbox.Acceptance) -> str:
    """Accept the event (again) and work until its job ends or waits for a person; returns its state."""
    accepted = inbox.accept(
        studio.db, studio.vault, asked, deadline_ms=int(studio.settings.deadline_s * 1000), max_queue=10_000
    )
    state = ""
    for _ in range(_ROUNDS):
        run(accepted.job_id, studio)
        with studio.db.read() as session:
            row = session.get_one(tables.Job, accepted.job_id)
            state, next_at, now = row.state, row.next_at, studio.db.now(session)
        if state in ENDED or state in WAITING_FOR_A_PERSON:
            break
        if next_at > now:
            practice.clock.set(next_at)
    practice.clock.advance(1)  # the duty's last holder may have died with it
    Sweeper(studio, None).sweep()
    return state


def decide(studio: Studio, world: World, once_key: str) -> bool:
    """Do what a careful person does with a held effect: look outside, then adopt it or send again."""
    with studio.db.read() as session:
        job_id = session.execute(select(tables.Inbox.job_id).where(tables.Inbox.once_key == once_key)).scalar_one()
        item = next((row for row in reviews.waiting(session) if row.job_id == job_id), None)
        effect = session.scalars(
            select(tables.Effect).where(tables.Effect.job_id == job_id, tables.Effect.state == "held")
        ).first()
    if item is None or effect is None:
        return False
    what = "charge" if effect.purpose == "generate" else "post"
    made = world.first(what, effect.key)
    if made is None:
        reviews.decide(studio.db, item.id, Choice.RESEND, "bench")
    else:
        reviews.decide(studio.db, item.id, Choice.ADOPT, "bench", external_id=made)
    return True


def after_death(practice: Practice) -> None:
    """Let the dead worker's lease run out."""
    practice.clock.advance(practice.settings.lease_s + 1)
