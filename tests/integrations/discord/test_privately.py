"""What is for the asker alone stays with them, in time and late, and is said once whatever Discord answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.integrations.discord.asking import BUTTONS, KEY, Scene, parcel, scene

from reelgate.contract import Aloud
from reelgate.errors import AnswerLost, PlaceGone, PlatformError
from reelgate.testing.faults import Fault, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reelgate.contract import Receipt
    from reelgate.words import Address
    from reelgate_integrations.discord.standin import world as w

SENTENCE = "We can't film anything with that in it."
ALOUD = Aloud("This one did not work out.", BUTTONS[2:3])


@pytest.fixture
def there() -> Iterator[Scene]:
    with scene() as made:
        yield made


def refuse(there: Scene, address: Address) -> Receipt:
    return there.app.decline(address, SENTENCE, KEY, BUTTONS[2:3], ALOUD)


def deliver(there: Scene, address: Address) -> Receipt:
    return there.app.deliver(address, parcel(), KEY)


either = pytest.mark.parametrize("answer", [refuse, deliver])


def others_see(there: Scene, channel: w.Channel | None = None) -> list[Any]:
    """What everybody sees in the channel."""
    return there.twin.messages(channel or there.twin.general)


# -- what nobody else saw from the beginning -----------------------------------------------------------------------


def test_a_private_refusal_in_time_is_read_by_the_asker_alone(there: Scene):
    receipt = refuse(there, there.ask(private=True))
    (message,) = there.seen()
    assert message.ephemeral and message.content == SENTENCE and receipt.message_id.endswith(message.id)
    assert not others_see(there)


@either
def test_a_private_answer_that_is_late_goes_to_the_asker_alone(there: Scene, answer: Callable[..., Receipt]):
    address = there.ask(private=True)
    there.die()
    receipt = answer(there, address)
    (message,) = there.private()
    assert receipt.message_id.endswith(message.id)
    assert not others_see(there)
    assert answer(there, address) == receipt and len(there.private()) == 1


@either
@pytest.mark.parametrize("early", [False, True])
def test_where_the_asker_takes_no_messages_nobody_hears_anything(
    there: Scene, answer: Callable[..., Receipt], early: bool
):
    address = there.ask(private=True)
    if early:
        there.twin.age()  # the token is dead, and the clock does not know it yet
    else:
        there.die()
    there.twin.member.takes_dms = False
    with pytest.raises(PlaceGone) as caught:
        answer(there, address)
    assert not caught.value.retryable and caught.value.code == "place_gone"
    assert not others_see(there) and not there.private()


def test_a_reel_of_the_same_kind_that_everybody_waited_for_is_posted_there(there: Scene):
    """The other half: what was public stays public."""
    address = there.ask()
    there.die()
    there.twin.member.takes_dms = False
    deliver(there, address)
    assert len(others_see(there)) == 1


@either
def test_a_private_answer_that_was_lost_is_found_wherever_the_bot_may_not_look(
    there: Scene, answer: Callable[..., Receipt]
):
    address = there.ask(private=True)
    there.die()
    there.twin.general.app_permissions = 0
    since = there.clock.now
    there.fault(Fault(Trouble.LOSE_ANSWER, "api.messages.create", times=1))
    with pytest.raises(AnswerLost):
        answer(there, address)
    there.clock.wait(600)
    assert not there.app.repeatable(address, since, there.clock.now)
    found = there.app.find(address, KEY)
    (message,) = there.private()
    assert found is not None and found.message_id.endswith(message.id)
    assert there.app.find(address, "another key") is None


def test_in_a_conversation_with_the_bot_everything_is_said_there(there: Scene):
    conversation = there.twin.dm(there.twin.member)
    for private in (False, True):
        address = there.ask(conversation, private=private)
        there.app.decline(address, SENTENCE, f"{KEY}{private}", (), ALOUD)
        there.die()
        address = there.ask(conversation, private=private)
        there.die()
        there.app.decline(address, SENTENCE, f"{KEY}{private} late", (), ALOUD)
    told = [each.content for each in there.private() if not each.loading]
    assert len(told) == 4 and all(SENTENCE.partition("'")[0] in each for each in told)


# -- what everybody saw --------------------------------------------------------------------------------------------


def test_what_everybody_waited_for_ends_without_a_reason(there: Scene):
    address = there.ask()
    there.app.progress(address, "Filming: 25%")
    receipt = refuse(there, address)
    (message,) = others_see(there)
    assert receipt.message_id.endswith(message.id) and message.content == ALOUD.sentence
    assert all("that in it" not in version.content for version in message.history)
    assert [each["label"] for row in message.components for each in row["components"]] == ["Edit"]
    assert there.app.find(address, KEY) == receipt == refuse(there, address)
    assert there.seen() == [message] and not there.private()


def test_what_may_be_read_by_all_is_said_to_all(there: Scene):
    there.app.decline(there.ask(), "This one took too long.", KEY)
    assert [each.content.partition("\n")[0] for each in others_see(there)] == ["This one took too long."]


@pytest.mark.parametrize("shut", [False, True])
def test_late_the_reason_goes_to_the_asker_and_to_nobody_else(there: Scene, shut: bool):
    address = there.ask()
    there.app.progress(address, "Filming: 25%")
    there.die()
    there.twin.member.takes_dms = not shut
    refuse(there, address)
    assert [each.content for each in others_see(there)] == ([ALOUD.sentence] if shut else [])
    assert len(there.private()) == (0 if shut else 1)


@pytest.mark.parametrize("dead", [False, True])
@pytest.mark.parametrize("trouble", [Trouble.LOSE_ANSWER, Trouble.LOSE_REQUEST, Trouble.SERVER_ERROR])
def test_a_refusal_whose_answer_is_lost_is_said_once(there: Scene, dead: bool, trouble: Trouble):
    address = there.ask()
    if dead:
        there.die()
        there.clock.wait(30)
    since = there.clock.now
    there.fault(Fault(trouble, "api.messages.create" if dead else "api.original.edit", times=1))
    with pytest.raises(AnswerLost):
        refuse(there, address)
    there.clock.wait(5)
    assert there.app.repeatable(address, since, there.clock.now)
    refuse(there, address)
    assert len([*there.seen(), *there.private()]) == 1


def test_a_refusal_that_is_found_takes_the_place_of_what_stood_for_it(there: Scene):
    address = there.ask()
    there.app.progress(address, "Filming: 25%")
    there.die()
    there.fault(Fault(Trouble.LOSE_ANSWER, "api.messages.create", times=1))
    with pytest.raises(AnswerLost):
        refuse(there, address)
    there.clock.wait(600)
    assert there.app.find(address, KEY) is not None
    assert not others_see(there) and len(there.private()) == 1


def test_nothing_is_claimed_while_the_bot_is_not_let_in(there: Scene):
    address = there.ask(private=True)
    there.die()
    there.fault(Fault(Trouble.SERVER_ERROR, "api.dm.open", status=401))
    with pytest.raises(PlatformError) as caught:
        there.app.find(address, KEY)
    assert caught.value.retryable
