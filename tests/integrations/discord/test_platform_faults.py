"""What becomes of an answer when Discord is slow, says no, or says nothing: never two messages, no false receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.integrations.discord.asking import BUTTONS, KEY, Scene, parcel, scene

from reelgate.errors import AnswerLost, NotOffered, PlatformBusy, PlatformError, PlatformFault, ReelgateError
from reelgate.testing.faults import Fault, Spelling, Trouble
from reelgate.words import Address
from reelgate_integrations.discord import facts
from reelgate_integrations.discord.standin import shapes
from reelgate_integrations.discord.standin import world as w

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def there() -> Iterator[Scene]:
    with scene() as made:
        yield made


# -- lost answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dead", [False, True])
@pytest.mark.parametrize("trouble", [Trouble.LOSE_ANSWER, Trouble.LOSE_REQUEST, Trouble.SERVER_ERROR])
def test_an_answer_that_is_lost_is_told_as_lost_and_repeated_without_harm(there: Scene, dead: bool, trouble: Trouble):
    address = there.ask()
    if dead:
        there.die()
        there.clock.wait(30)
    since = there.clock.now
    routes = "api.messages.create" if dead else "api.original.edit"
    there.fault(Fault(trouble, routes, times=1))
    with pytest.raises(AnswerLost):
        there.app.deliver(address, parcel(), KEY)
    there.clock.wait(10)
    assert there.app.repeatable(address, since, there.clock.now)
    receipt = there.app.deliver(address, parcel(), KEY)
    assert [receipt.message_id.endswith(each.id) for each in there.seen()] == [True]


def test_a_lost_answer_is_found_after_the_token_died(there: Scene):
    address = there.ask()
    there.clock.wait(840)
    since = there.clock.now
    there.fault(Fault(Trouble.LOSE_ANSWER, "api.original.edit", times=1))
    with pytest.raises(AnswerLost):
        there.app.deliver(address, parcel(), KEY)
    there.clock.wait(120)
    assert not there.app.repeatable(address, since, there.clock.now)
    found = there.app.find(address, KEY)
    (message,) = there.seen()
    assert found is not None and found.message_id.endswith(message.id)


def test_a_lost_answer_of_the_bot_is_found_when_the_nonce_is_forgotten(there: Scene):
    for closed in (False, True):
        address = there.ask()
        there.die()
        there.clock.wait(30)
        if closed:
            there.twin.general.app_permissions &= ~w.SEND_MESSAGES
        since = there.clock.now
        there.fault(Fault(Trouble.LOSE_ANSWER, "api.messages.create", skip=int(closed), times=1))
        with pytest.raises(AnswerLost):
            there.app.deliver(address, parcel(), f"{KEY}{closed}")
        for _ in range(120):
            there.twin.say(there.twin.second, there.twin.general, "much is said meanwhile")
        there.clock.wait(600)
        assert not there.app.repeatable(address, since, there.clock.now)
        found = there.app.find(address, f"{KEY}{closed}")
        where = there.private() if closed else there.seen()
        assert found is not None and any(found.message_id.endswith(each.id) for each in where)


def test_somebody_elses_message_is_never_taken_for_ours(there: Scene):
    address = there.ask()
    there.app.deliver(address, parcel(buttons=BUTTONS), KEY)
    (message,) = there.seen()
    copy = there.twin.say(there.twin.second, there.twin.general, "a copy")
    copy.attachments, copy.components = list(message.attachments), list(message.components)
    there.app.withdraw(address, f"{there.twin.general.id}/{message.id}")
    there.die()
    assert there.app.find(address, KEY) is None


@pytest.mark.parametrize("lacking", [w.READ_HISTORY, w.VIEW_CHANNEL])
def test_where_the_bot_may_not_look_nothing_is_claimed(there: Scene, lacking: int):
    address = there.ask()
    there.die()
    there.twin.general.app_permissions &= ~lacking
    with pytest.raises(NotOffered):
        there.app.find(address, KEY)


def test_where_too_much_was_said_nothing_is_claimed(there: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("reelgate_integrations.discord.messages.search.PAGES", 1)
    address = there.ask()
    there.die()
    for _ in range(120):
        there.twin.say(there.twin.second, there.twin.general, "much is said")
    with pytest.raises(NotOffered):
        there.app.find(address, KEY)


def test_repeating_is_safe_only_where_both_calls_go_the_same_way(there: Scene):
    address = there.ask()
    born = float(address.place["born"])
    for since, now, wanted in (
        (10, 20, True), (10, 849, True), (10, 851, False), (860, 865, False), (860, 895, False), (880, 885, False),
        (891, 1000, True), (891, 1012, False), (10, 5000, False), (5000, 5100, True),
    ):  # fmt: skip
        assert there.app.repeatable(address, born + since, born + now) is wanted, (since, now)
    assert there.app.repeatable(Address("discord", "1", {}), 1.0, 100.0)


def test_a_slow_progress_is_given_up_and_nothing_else_suffers(there: Scene):
    address = there.ask()
    there.fault(Fault(Trouble.LOSE_ANSWER, "api.original.edit", times=1))
    with pytest.raises(ReelgateError):
        there.app.progress(address, "We are filming it.")
    there.app.deliver(address, parcel(), KEY)
    assert len(there.seen()) == 1


def test_tidying_up_is_not_worth_an_error(there: Scene):
    address = there.ask()
    there.die()
    there.fault(Fault(Trouble.SERVER_ERROR, "api.messages.list"), Fault(Trouble.SERVER_ERROR, "api.messages.delete"))
    there.app.deliver(address, parcel(), KEY)
    assert sum(bool(each.attachments) for each in there.seen()) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"interaction_metadata": 5}, {"interaction_metadata": {}, "author": 5}, {"attachments": 7, "components": {}},
        {"components": [{"components": 5}, 6], "attachments": [7, {}]},
    ],
)  # fmt: skip
def test_a_message_of_another_shape_is_passed_over(
    there: Scene, monkeypatch: pytest.MonkeyPatch, odd: dict[str, Any]
):
    """What was posted stays posted, whatever else stands in the channel."""
    address = there.ask()
    there.die()
    shape = shapes.message
    monkeypatch.setattr(shapes, "message", lambda *told: {**shape(*told), "application_id": address.app, **odd})
    receipt = there.app.deliver(address, parcel(), KEY)
    assert receipt.message_id.endswith(there.seen()[-1].id)
    assert there.app.find(address, "another key") is None


def test_nobody_listening_is_a_fault_that_was_never_sent(there: Scene):
    address = there.ask()
    there.twin.close()
    with pytest.raises(PlatformFault):
        there.app.deliver(address, parcel(), KEY)


# -- waiting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
@pytest.mark.parametrize(
    ("spelling", "least", "most"),
    [(Spelling.INTEGER, 8, 8), (Spelling.FLOAT, 7.25, 7.26), (Spelling.BODY, 7.25, 7.25), (Spelling.MISSING, 1, 60)],
)
def test_a_wait_is_kept_in_every_spelling(there: Scene, spelling: Spelling, least: float, most: float, scope: str):
    address = there.ask()
    there.fault(Fault(Trouble.RATE_LIMIT, "api.original.edit", times=1, seconds=7.25, spelling=spelling, scope=scope))
    with pytest.raises(PlatformBusy) as caught:
        there.app.deliver(address, parcel(), KEY)
    assert caught.value.retry_after is not None and least <= caught.value.retry_after <= most
    sent = len(there.twin.engine.log)
    with pytest.raises(PlatformBusy):
        there.app.decline(address, "No.", KEY)
    assert len(there.twin.engine.log) == sent, "nothing is sent while we are to wait"
    there.clock.wait(caught.value.retry_after)
    there.app.deliver(address, parcel(), KEY)
    assert len(there.seen()) == 1


def test_a_wait_for_all_routes_holds_the_bot_but_not_an_interaction(there: Scene):
    late, fresh = there.ask(), there.ask()
    there.twin.world.interactions[late.place["interaction"]].at -= 901
    there.fault(Fault(Trouble.RATE_LIMIT, "api.messages.*", times=1, seconds=30, scope="global"))
    with pytest.raises(PlatformBusy):
        there.app.deliver(late, parcel(), "late")
    with pytest.raises(PlatformBusy):
        there.app.register()
    there.app.deliver(fresh, parcel(), "fresh")


def test_turns_are_waited_for_before_they_are_refused(there: Scene):
    address = there.ask()
    for number in range(20):
        there.app.decline(address, f"No, and that {number} times.", KEY)
    assert 429 not in there.twin.engine.statuses


def test_our_own_bad_requests_are_stopped_long_before_discord_stops_us(monkeypatch: pytest.MonkeyPatch):
    assert facts.BAD_REQUESTS[0] <= 1000, "several workers share one address, and Discord's line is at 10,000"
    monkeypatch.setattr(facts, "BAD_REQUESTS", (40, 600.0))
    with scene() as there:
        address = there.ask()
        there.fault(Fault(Trouble.RATE_LIMIT, "api.original.edit", seconds=0.01))
        for _ in range(200):
            with pytest.raises(PlatformBusy):
                there.app.deliver(address, parcel(), KEY)
            there.clock.wait(0.02)
        assert there.twin.invalid == 40
        there.fault()
        there.clock.wait(601)
        there.app.deliver(address, parcel(), KEY)


def test_no_error_shows_a_token_or_what_was_said(there: Scene):
    address = there.ask()
    told = []
    for fault in (
        Fault(Trouble.LOSE_ANSWER), Fault(Trouble.SERVER_ERROR), Fault(Trouble.RATE_LIMIT, seconds=0.01),
        Fault(Trouble.SERVER_ERROR, status=404), Fault(Trouble.SERVER_ERROR, status=400),
    ):  # fmt: skip
        there.fault(fault)
        with pytest.raises(ReelgateError) as caught:
            there.app.deliver(address, parcel(caption="secret words"), KEY)
        told.append(f"{caught.value} {caught.value.says} {caught.value.__cause__}")
        there.clock.wait(10)
    for each in told:
        assert "secret" not in each and address.place["token"] not in each
        assert there.twin.keys.bot_token not in each and "webhooks" not in each


def test_a_bad_bot_token_is_the_operators_to_mend(there: Scene):
    address = there.ask()
    there.die()
    there.fault(Fault(Trouble.SERVER_ERROR, "api.messages.create", status=401))
    with pytest.raises(PlatformError) as caught:
        there.app.deliver(address, parcel(), KEY)
    assert caught.value.retryable, "the reel waits for it, for it may be mended"
