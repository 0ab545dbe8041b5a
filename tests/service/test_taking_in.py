"""Taking in fast: one look, one statement, connections that are kept, and a queue that is not counted each time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from tests.service.conftest import scratch_schema
from tests.service.test_chat import Chat, chat

from reelgate.chat import Added, Quiet, Working
from reelgate.errors import Busy, Unavailable
from reelgate_service.db import arrivals, backlog, installations, ledger, rows, tables, uses
from reelgate_service.db.backlog import Backlog
from reelgate_service.db.base import open_database

if TYPE_CHECKING:
    from sqlalchemy import Table

    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault

__all__ = ["chat"]

NOON = 1_800_000_000_000


# -- rows ------------------------------------------------------------------------------------------------------------


def test_rows_written_together_are_as_the_mapped_ones(db: Database) -> None:
    def values(name: str) -> tuple[rows.Row, rows.Row]:
        job = {
            "id": name, "tenant_id": "local", "kind": "reel", "state": "received", "deadline_at": NOON,
            "generator": "storyboard", "platform": "api", "app": "", "surface": "public", "language": "en",
            "order": "{}", "created_at": NOON, "updated_at": NOON,
        }  # fmt: skip
        bell = {
            "id": name, "tenant_id": "local", "job_id": name, "kind": "ring", "next_at": NOON, "created_at": NOON,
        }  # fmt: skip
        return (tables.Job, job), (tables.Outbox, bell)

    with db.write("test") as session:
        for table, row in values("mapped"):
            session.add(table(**row))
            session.flush()
        rows.add(session.connection(), *values("plain"))
    db.add("alone", *values("alone"))
    with db.read() as session:
        for table in (tables.Job, tables.Outbox):
            kept = session.execute(select(table.__table__).order_by("id")).mappings().all()
            assert [row["id"] for row in kept] == ["alone", "mapped", "plain"]
            bare = [{name: value for name, value in row.items() if name not in {"id", "job_id"}} for row in kept]
            assert bare[0] == bare[1] == bare[2]


def test_of_rows_written_alone_all_are_there_or_none(db: Database) -> None:
    use = {"tenant_id": "local", "installation": "i", "member": "m", "day": "2027-01-01"}
    lease = {"name": "duty", "owner": "me", "until": NOON}
    db.add("first", (tables.Use, use))
    with pytest.raises(IntegrityError):
        db.add("second", (tables.Lease, lease), (tables.Use, use))
    with db.read() as session:
        assert session.get(tables.Lease, "duty") is None


def test_every_default_of_a_column_can_stand_in_a_statement() -> None:
    for table in tables.Base.__subclasses__():
        for column in cast("Table", table.__table__).columns:
            default = getattr(column.default, "arg", None)
            assert default is None or isinstance(default, int) or (isinstance(default, str) and "'" not in default)


# -- the queue -------------------------------------------------------------------------------------------------------


def test_nobody_is_sent_away_on_an_old_figure_and_few_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("reelgate_service.db.backlog.time.monotonic", lambda: now)
    counts = iter([7, 9, 10, 3, 3])
    asked = 0

    def count() -> int:
        nonlocal asked
        asked += 1
        return next(counts)

    queue = Backlog()
    for _ in range(3):
        queue.take_in(10, count)
    assert asked == 1, "7 and the 3 just taken in"
    queue.take_in(10, count)
    assert asked == 2, "the figure was full, so it was counted: one had ended"
    with pytest.raises(Busy):
        queue.take_in(10, count)
    queue.take_in(10, count)
    assert asked == 4, "who was sent away does not count as taken in"
    now += backlog.FRESH_S
    queue.take_in(10, count)
    assert asked == 5
    now += backlog.FRESH_S
    queue.take_in(10, lambda: 1)
    now += backlog.CALM_S - 0.1
    queue.take_in(10, count)
    assert asked == 5, "little waits: no need to count so often"
    now += 0.1
    with pytest.raises(StopIteration):
        queue.take_in(10, count)


# -- what is known of an arrival -----------------------------------------------------------------------------------


def test_one_look_tells_the_place_and_what_was_said_before(chat: Chat) -> None:
    def look(place: str, key: str) -> arrivals.Arrival:
        return arrivals.look(chat.db, chat.app, place, key)

    assert look("guild-1", "a") == arrivals.Arrival(NOON, None, new=True, before=None)
    chat.imagine(key="a")
    found = look("guild-1", "a")
    assert found.place is not None
    assert (found.place.id, found.place.tenant_id, found.new) == ("chat/42/guild-1", "local", False)
    assert found.before
    assert look("guild-1", "b").before is None
    assert look("guild-2", "a").before == found.before, "a place that is nobody's speaks for the app's tenant"
    installations.remove(chat.db, chat.app.id, "guild-1")
    gone = look("guild-1", "a")
    assert (gone.place, gone.new, gone.before) == (None, False, found.before)


def test_another_tenants_event_of_the_same_name_is_not_known(chat: Chat) -> None:
    with chat.db.write("test") as session:
        session.add(tables.Tenant(id="other", name="Other", created_at=NOON))
    installations.add(chat.db, chat.app.id, "guild-2", "other")
    assert chat.imagine(key="a") == Working()
    assert arrivals.look(chat.db, chat.app, "guild-2", "a").before is None
    assert chat.imagine(key="a", installation="guild-2") == Working()
    assert sorted(job.tenant_id for job in chat.jobs()) == ["local", "other"]


def test_a_command_is_kept_alike_whether_a_quota_is_counted_or_not(chat: Chat) -> None:
    chat.imagine(key="plain")
    with chat.db.write("test") as session:
        place = installations.find(session, chat.app, "guild-1")
        assert place is not None
        installations.change(session, place, quota=5)
    chat.imagine(key="counted")
    own = {"id", "sealed", "job_id", "once_key", "body_hash", "leaf", "leaf_hash", "salt"}
    with chat.db.read() as session:
        assert session.scalars(select(tables.Use.used)).all() == [1]
        for table in (tables.Job, tables.Inbox, tables.Outbox, tables.Leaf):
            first, second = session.scalars(select(table)).all()
            for column in table.__table__.columns.keys():  # noqa: SIM118  no dictionary
                assert column in own or getattr(first, column) == getattr(second, column)
    assert ledger.sequence(chat.db) == 2
    assert ledger.verify(chat.db).ok


def test_a_place_that_comes_back_is_taken_in_where_the_app_is_open_to_all(
    db: Database, vault: Vault, settings: Settings
) -> None:
    chat = Chat(db, vault, settings)
    assert chat.hear(Added(chat.heard(), gone=True)) == Quiet()
    assert chat.imagine() != Working()
    assert chat.hear(Added(chat.heard())) == Quiet()
    assert chat.imagine() == Working()


def test_a_closed_app_does_not_come_back_by_itself(db: Database, vault: Vault, settings: Settings) -> None:
    chat = Chat(db, vault, settings, open=False)
    installations.add(db, chat.app.id, "guild-1")
    chat.hear(Added(chat.heard(), gone=True))
    chat.hear(Added(chat.heard()))
    assert chat.imagine() != Working()


def test_news_that_nobody_reads_a_reply_to_is_sent_again_rather_than_lost(
    db: Database, vault: Vault, settings: Settings
) -> None:
    chat = Chat(db, vault, settings)
    nowhere = open_database("postgresql://postgres@127.0.0.1:1/nowhere")
    chat.ears = replace(chat.ears, db=nowhere)
    with pytest.raises(Unavailable):
        chat.hear(Added(chat.heard()))


# -- connections ----------------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_connections_that_the_server_closed_are_replaced_unnoticed() -> None:
    with scratch_schema() as url:
        db = open_database(url)
        mine = [_backend(db), db.ask(BACKEND, {})[0]]
        assert [_backend(db), db.ask(BACKEND, {})[0]] == mine, "they are kept"
        other = open_database(url)
        with other.read() as session:
            session.execute(text("SELECT pg_terminate_backend(pid, 5000) FROM unnest(:pids) AS pid"), {"pids": mine})
        after = [_backend(db), db.ask(BACKEND, {})[0]]
        assert not set(after) & set(mine)
        db.close()
        other.close()


@pytest.mark.postgres
def test_a_connection_lost_within_a_statement_is_told_and_not_used_again() -> None:
    with scratch_schema() as url:
        db = open_database(url)
        with pytest.raises(Unavailable):
            db.ask("SELECT pg_terminate_backend(pg_backend_pid())", {})
        assert db.ask(BACKEND, {})[0]
        db.close()


@pytest.mark.postgres
def test_what_is_written_alone_is_committed_on_the_disk_first() -> None:
    with scratch_schema() as url:
        db = open_database(url)
        assert db.ask("SHOW synchronous_commit", {}) == ("on",)
        db.close()


BACKEND = "SELECT pg_backend_pid()"


def _backend(db: Database) -> int:
    with db.read() as session:
        return int(session.execute(text(BACKEND)).scalar_one())


def test_a_quota_holds_though_eight_ask_at_once(chat: Chat) -> None:
    chat.imagine()
    with chat.db.write("test") as session:
        place = installations.find(session, chat.app, "guild-1")
        assert place is not None
        installations.change(session, place, quota=3)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: chat.imagine(key=f"k{number}"), range(8)))
    assert len(chat.jobs()) == 1 + 3


def test_what_was_counted_on_past_days_is_forgotten(db: Database) -> None:
    day = 86_400_000
    with db.write("test") as session:
        for back in range(5):
            session.add(
                tables.Use(
                    tenant_id="local", installation="i", member="m", day=uses.day_of(NOON - back * day), used=1
                )
            )
        session.flush()
        uses.forget(session, NOON)
        assert session.scalars(select(tables.Use.day).order_by(tables.Use.day.desc())).all() == [
            uses.day_of(NOON - back * day) for back in range(3)
        ]
