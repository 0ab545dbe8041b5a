"""What becomes of what somebody says in a chat: one transaction, one reply, once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from reelgate.chat import (
    Added,
    Choices,
    Command,
    Configure,
    Event,
    Filled,
    Form,
    Heard,
    Ignored,
    Note,
    Origin,
    Press,
    Quiet,
    Suggest,
    Working,
)
from reelgate.errors import Busy
from reelgate.words import Address, Kind, Prompt
from reelgate_moderation.policy.loader import load as load_policy
from reelgate_moderation.prompt.screen import PolicyPromptScreen
from reelgate_service.chat import buttons
from reelgate_service.chat.hearing import Ears
from reelgate_service.chat.listener import hear
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.db import apps, installations, jobs, reviews, tables

if TYPE_CHECKING:
    from reelgate.chat import Reply
    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault

SECRET_TOKEN = "tok-5f0c-secret-of-the-click"
MEMBER = "member-884422"
WORDS = "a zebra riding a bicycle past the lighthouse"


class Chat:
    """A place where things are said to the service, with one app in it."""

    def __init__(self, db: Database, vault: Vault, settings: Settings, *, open: bool = True) -> None:
        self.db, self.vault = db, vault
        self.ears = Ears(settings, db, vault, PolicyPromptScreen(load_policy(None)))
        self.app = apps.register(
            db, vault, tenant_id="local", platform="chat", app="42", name="Bot", api="",
            secrets={"key": "s3cr3t-of-app"}, open=open,
        )  # fmt: skip
        self.count = 0

    def heard(self, key: str = "", **origin: object) -> Heard:
        self.count += 1
        who = Origin("guild-1", "111", MEMBER)
        place = {"token": SECRET_TOKEN, "channel": "111"}
        return Heard(key or f"event-{self.count}", 1.0, Address("chat", "42", place), replace(who, **origin))  # type: ignore[arg-type]

    def hear(self, event: Event, *, retries: bool = False) -> Reply:
        return hear(self.ears, self.app, event, retries=retries)

    def imagine(self, words: str = WORDS, key: str = "", kind: Kind = Kind.REEL, **origin: object) -> Reply:
        return self.hear(Command(self.heard(key, **origin), kind, Prompt(words, 2.0, (1, 1), 7)))

    def press(self, action: str, job: tables.Job, **origin: object) -> Reply:
        return self.hear(Press(self.heard(**origin), self.state(action, job), "message-9"))

    def state(self, action: str, job: tables.Job) -> str:
        return buttons.state(self.vault, action, job.id, job.created_at)

    def jobs(self) -> list[tables.Job]:
        with self.db.read() as session:
            return list(session.scalars(select(tables.Job).order_by(tables.Job.created_at, tables.Job.id)))

    def only_job(self) -> tables.Job:
        (job,) = self.jobs()
        return job

    def inbox(self) -> list[tables.Inbox]:
        with self.db.read() as session:
            return list(session.scalars(select(tables.Inbox)))

    def finish(self, job: tables.Job) -> None:
        """The job is done, as far as its buttons are concerned."""
        with self.db.write("test") as session:
            row = session.get_one(tables.Job, job.id)
            row.state, row.open = "done", 0

    def words(self, job: tables.Job) -> str:
        assert job.sealed is not None
        opened = self.vault.open(job.sealed, job.tenant_id, "jobs", "sealed", job.id)
        return str(json.loads(opened)["words"])


@pytest.fixture
def chat(db: Database, vault: Vault, settings: Settings) -> Chat:
    return Chat(db, vault, settings)


def note(phrase: Phrase, language: str = "en", **values: str | int) -> Note:
    return Note(say(phrase, language, **values))


# -- asking ------------------------------------------------------------------------------------------------


def test_a_command_makes_one_job_and_its_repeat_gets_the_same_answer(chat: Chat) -> None:
    assert chat.imagine(key="once") == Working()
    assert chat.imagine(key="once") == Working()
    job = chat.only_job()
    assert (job.tell, job.kind, job.platform, job.app) == (1, "reel", "chat", "42")
    assert job.installation == "chat/42/guild-1"
    assert chat.words(job) == WORDS
    assert json.loads(job.order) == {"seconds": 2.0, "aspect": [1, 1], "seed": 7, "variation": 0}


def test_the_same_event_eight_times_at_once_is_one_job(chat: Chat) -> None:
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: chat.imagine(key="once"), range(8)))
    assert replies == [Working()] * 8
    assert len(chat.jobs()) == 1


def test_what_will_be_refused_is_whispered(chat: Chat) -> None:
    assert chat.imagine("a naked child", key="a") == Working(private=True)
    assert chat.imagine("a naked child", key="a") == Working(private=True)
    assert len(chat.jobs()) == 1, "the worker decides, so there is a job all the same"


def test_words_that_cannot_be_filmed_are_answered_kindly_and_kept_as_ignored(chat: Chat) -> None:
    assert chat.imagine("  ...  ", language="de") == note(Phrase.PROMPT_EMPTY, "de")
    assert chat.imagine("x" * 2001) == note(Phrase.PROMPT_TOO_LONG)
    assert [row.outcome for row in chat.inbox()] == ["ignored", "ignored"]
    assert not chat.jobs()


def test_a_place_nobody_named_is_told_how_it_is_connected(db: Database, vault: Vault, settings: Settings) -> None:
    chat = Chat(db, vault, settings, open=False)
    told = note(Phrase.UNKNOWN_INSTALLATION, platform="chat", app="42", place="guild-1")
    assert chat.imagine(key="a") == told
    assert chat.imagine(key="a") == told
    assert not chat.jobs()
    installations.add(db, chat.app.id, "guild-1")
    assert chat.imagine(key="a") == told, "a repeat gets the first answer again"
    assert chat.imagine(key="b") == Working()


def test_channels_and_quotas_of_a_place(chat: Chat) -> None:
    manager = {"manager": True}
    assert isinstance(chat.hear(Configure(chat.heard(**manager), "channel_allow", "222")), Note)
    assert chat.imagine() == note(Phrase.CHANNEL_FORBIDDEN)
    assert isinstance(chat.hear(Configure(chat.heard(**manager), "channels_all")), Note)
    assert isinstance(chat.hear(Configure(chat.heard(**manager), "quota", "2")), Note)
    assert chat.imagine("...") == note(Phrase.PROMPT_EMPTY), "what makes nothing costs nothing"
    assert [chat.imagine(key=key) for key in "abab"] == [Working()] * 4
    assert chat.imagine() == note(Phrase.QUOTA_USED, quota=2)
    assert chat.imagine(member="somebody-else") == Working()
    assert len(chat.jobs()) == 3


def test_only_a_manager_changes_settings_and_sees_them_as_they_are_now(chat: Chat) -> None:
    assert chat.hear(Configure(chat.heard(), "quota", "2")) == note(Phrase.NOT_MANAGER)
    changed = chat.hear(Configure(chat.heard(manager=True), "quota", "5"))
    assert isinstance(changed, Note)
    assert "5" in changed.text
    assert chat.hear(Configure(chat.heard(manager=True), "quota", "lots")) == note(Phrase.SETTING_BAD)
    shown = chat.hear(Configure(chat.heard(manager=True), "show"))
    assert isinstance(shown, Note)
    assert "5" in shown.text


def test_the_language_of_the_place_goes_before_the_members(chat: Chat) -> None:
    chat.hear(Configure(chat.heard(manager=True), "language", "fr"))
    assert chat.imagine("...", language="ja") == note(Phrase.PROMPT_EMPTY, "fr")


def test_a_full_queue_is_told_kindly_or_raised_for_those_who_send_again(
    db: Database, vault: Vault, settings: Settings
) -> None:
    chat = Chat(db, vault, replace(settings, max_queue=1))
    assert chat.imagine(key="a") == Working()
    assert chat.imagine(key="b") == note(Phrase.BUSY)
    assert chat.imagine(key="a") == Working(), "a repeat of what was accepted is never refused"
    with pytest.raises(Busy):
        chat.hear(Command(chat.heard("c"), Kind.REEL, Prompt(WORDS)), retries=True)


def test_suggestions_and_what_asks_nothing_leave_no_job(chat: Chat) -> None:
    ideas = chat.hear(Suggest(chat.heard(), "prompt", "FOX"))
    assert isinstance(ideas, Choices)
    assert ideas.values
    assert all("fox" in idea for idea in ideas.values)
    assert not chat.inbox()
    assert chat.hear(Ignored(chat.heard(), "entitlement")) == Quiet()
    assert chat.hear(Added(chat.heard(), gone=True)) == Quiet()
    assert not chat.jobs()
    assert chat.imagine() == note(Phrase.UNKNOWN_INSTALLATION, platform="chat", app="42", place="guild-1")


def test_nothing_personal_or_secret_stands_in_a_plain_column(chat: Chat) -> None:
    chat.imagine()
    chat.finish(chat.only_job())
    chat.press("delete", chat.only_job())
    chat.press("edit", chat.only_job())
    chat.imagine("...")
    assert chat.imagine(installation=f"user:{MEMBER}", surface="dm") == Working()
    with chat.db.read() as session:
        told = "".join(
            repr(tuple(row)) for table in tables.Base.metadata.sorted_tables for row in session.execute(select(table))
        )
    for secret in (WORDS, MEMBER, SECRET_TOKEN, "s3cr3t-of-app"):
        assert secret not in told


# -- buttons -----------------------------------------------------------------------------------------------


def test_a_buttons_state_is_short_signed_and_dies(chat: Chat) -> None:
    chat.imagine()
    job = chat.only_job()
    state = chat.state("delete", job)
    assert len(state.encode("ascii")) <= 64
    assert chat.hear(Press(chat.heard(), state[:-1] + ("A" if state[-1] != "A" else "B"))) != Quiet()
    for at in range(len(state)):
        other = state[:at] + ("A" if state[at] != "A" else "B") + state[at + 1 :]
        with pytest.raises(buttons.ButtonUnknown):
            buttons.read(chat.vault, other, job.created_at)
    with pytest.raises(buttons.ButtonExpired):
        buttons.read(chat.vault, state, job.created_at + buttons.LIFE_MS + 7_200_000)
    for nonsense in ("", "é", "====", "x" * 5000):
        assert chat.hear(Press(chat.heard(), nonsense)) == note(Phrase.BUTTON_UNKNOWN)


def test_a_button_of_another_place_opens_nothing(chat: Chat) -> None:
    chat.imagine()
    job = chat.only_job()
    chat.finish(job)
    for action in buttons.ACTIONS:
        assert chat.press(action, job, installation="guild-2", moderator=True) == note(Phrase.BUTTON_UNKNOWN)
    assert len(chat.jobs()) == 1


@pytest.mark.parametrize("action", ["regenerate", "vary", "sticker", "edit"])
def test_only_who_asked_may_make_more_of_it(chat: Chat, action: str) -> None:
    chat.imagine()
    assert chat.press(action, chat.only_job(), member="somebody-else", moderator=True) == note(Phrase.ONLY_OWNER)
    assert len(chat.jobs()) == 1


def test_again_and_another_way_and_as_a_sticker(chat: Chat) -> None:
    chat.imagine()
    first = chat.only_job()
    orders = {}
    for action in ("regenerate", "vary", "sticker"):
        assert chat.press(action, first) == Working()
        known = {first.id, *(job.id for job in orders.values())}
        made = next(job for job in chat.jobs() if job.id not in known)
        assert made.parent == first.id
        assert chat.words(made) == WORDS
        orders[action] = made
    assert json.loads(orders["regenerate"].order)["seed"] != 7
    vary = json.loads(orders["vary"].order)
    assert vary["seed"] == 7
    assert vary["variation"] > 0
    assert (vary["seconds"], vary["aspect"]) == (2.0, [1, 1])
    assert orders["sticker"].kind == "sticker"
    assert json.loads(orders["sticker"].order)["seed"] == 7


def test_other_words_for_the_same_idea(chat: Chat) -> None:
    chat.imagine(kind=Kind.REEL)
    first = chat.only_job()
    form = chat.press("edit", first)
    assert isinstance(form, Form)
    assert form.value == WORDS
    assert chat.hear(Filled(chat.heard("f"), form.state, "a zebra asleep")) == Working()
    assert chat.hear(Filled(chat.heard("f"), form.state, "a zebra asleep")) == Working()
    (made,) = [job for job in chat.jobs() if job.id != first.id]
    assert (chat.words(made), made.parent, json.loads(made.order)["seed"]) == ("a zebra asleep", first.id, 7)
    assert chat.hear(Filled(chat.heard(member="x"), form.state, "mine")) == note(Phrase.ONLY_OWNER)
    assert chat.hear(Filled(chat.heard(), chat.state("delete", first), "w")) == note(Phrase.BUTTON_UNKNOWN)


def test_a_form_is_shown_again_to_the_same_press(chat: Chat) -> None:
    chat.imagine()
    press = Press(chat.heard("p"), chat.state("edit", chat.only_job()))
    assert isinstance(chat.hear(press), Form)
    assert isinstance(chat.hear(press), Form)


def test_a_report_is_on_the_desk_once_and_can_take_the_reel_back(chat: Chat) -> None:
    chat.imagine()
    job = chat.only_job()
    assert chat.press("report", job, member="other") == note(Phrase.REPORTED)
    chat.finish(job)
    assert [chat.press("report", job, member=who) for who in ("a", "b")] == [note(Phrase.REPORTED)] * 2
    with chat.db.read() as session:
        (item,) = reviews.waiting(session, "local")
    assert (item.kind, item.job_id) == ("report", job.id)
    _rendition(chat, job)
    assert reviews.decide(chat.db, item.id, "remove", "person") == "done"
    assert _withdrawals(chat) == 1
    with chat.db.read() as session:
        assert not session.scalars(select(tables.Blob).where(tables.Blob.job_id == job.id)).all()


def test_deleting_is_for_who_asked_and_for_moderators_and_happens_once(chat: Chat) -> None:
    chat.imagine()
    job = chat.only_job()
    assert chat.press("delete", job) == note(Phrase.BUTTON_UNKNOWN), "there is nothing to delete yet"
    chat.finish(job)
    _rendition(chat, job)
    assert chat.press("delete", job, member="other") == note(Phrase.ONLY_MODERATOR)
    assert _withdrawals(chat) == 0
    assert chat.press("delete", job, member="other", moderator=True) == Quiet()
    assert chat.press("delete", job) == Quiet()
    assert _withdrawals(chat) == 1


def test_stopping_a_job_tells_whoever_waits(chat: Chat) -> None:
    chat.imagine()
    job = chat.only_job()
    assert chat.press("cancel", job, member="other") == note(Phrase.ONLY_MODERATOR)
    assert chat.press("cancel", job) == Quiet()
    with chat.db.read() as session:
        row = session.get_one(tables.Job, job.id)
    assert (row.state, row.open) == ("declining", 1)
    assert chat.press("cancel", job) == note(Phrase.TOO_LATE)


def test_why_there_is_no_reel_is_told_to_whoever_asked_alone(chat: Chat) -> None:
    chat.imagine()
    job = chat.only_job()
    assert chat.press("why", job) == note(Phrase.BUTTON_UNKNOWN), "nothing is decided yet"
    with chat.db.write("test") as session:
        row = session.get_one(tables.Job, job.id)
        row.state, row.open, row.error_code, row.error_says = "refused", 0, "refused", "We film no such thing."
    told = note(Phrase.FOR_YOU_ALONE, reason="We film no such thing.")
    press = Press(chat.heard("why"), chat.state("why", job))
    assert chat.hear(press) == chat.hear(press) == told
    assert chat.press("why", job, member="somebody-else", moderator=True) == note(Phrase.ONLY_OWNER)
    assert chat.press("why", job, installation="guild-2") == note(Phrase.BUTTON_UNKNOWN)
    with chat.db.write("test") as session:
        row = session.get_one(tables.Job, job.id)
        row.state, row.error_code, row.error_says = "failed", "generator_fault", ""
    assert chat.press("why", job, language="de") == note(
        Phrase.FOR_YOU_ALONE, "de", reason=say(Phrase.FAILED_RETRY, "de")
    )
    assert len(chat.jobs()) == 1


def _rendition(chat: Chat, job: tables.Job) -> None:
    with chat.db.write("test") as session:
        session.add(
            tables.Rendition(
                id="r", tenant_id="local", job_id=job.id, attempt=1, target="chat", mark_id="0" * 16,
                mark_format="full", label="L", width=2, height=2, seconds=1.0,
            )
        )  # fmt: skip
        session.add(
            tables.Blob(
                id="b", tenant_id="local", job_id=job.id, space="sealed", sha256="0" * 64, size=1, created_at=1
            )
        )


def _withdrawals(chat: Chat) -> int:
    with chat.db.read() as session:
        query = select(func.count()).select_from(tables.Outbox).where(tables.Outbox.kind == "withdraw")
        return session.execute(query).scalar_one()


def test_expired_and_cancelled_jobs_of_the_api_end_at_once(chat: Chat) -> None:
    chat.imagine()
    with chat.db.write("test") as session:
        session.get_one(tables.Job, chat.only_job().id).tell = 0
    assert jobs.request_cancel(chat.db, "local", chat.only_job().id) == "cancelled"
