"""Answers at Discord, held against its twin: one message, with the file, in time or late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integrations.discord.asking import BUTTONS, DATA, KEY, Scene, parcel, scene

from reelgate import chat
from reelgate.errors import (
    NotOffered,
    PlaceGone,
    PlatformError,
    PlatformFault,
    TooBig,
)
from reelgate.testing.platforms import check_platform
from reelgate.words import Address
from reelgate_integrations.discord.standin import world as w

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def there() -> Iterator[Scene]:
    with scene() as made:
        yield made


@pytest.fixture
def no_bot() -> Iterator[Scene]:
    with scene(bot_token=False) as made:
        yield made


# -- while the token lives -----------------------------------------------------------------------------------------


def test_the_kit_finds_nothing_wrong(there: Scene):
    check_platform(there.app, there.ask())


def test_the_same_holds_when_the_token_is_dead(there: Scene):
    address = there.ask()
    there.twin.say(there.twin.second, there.twin.general, "somebody else talks here too")
    there.die()
    assert there.app.find(address, KEY) is None
    late = there.app.deliver(address, parcel(), KEY)
    assert there.app.deliver(address, parcel(), KEY) == late == there.app.find(address, KEY)
    there.app.withdraw(address, late.message_id)
    there.app.withdraw(address, late.message_id)
    assert there.app.find(address, KEY) is None
    with pytest.raises(NotOffered):
        there.app.progress(address, "Too late for that.")


def test_one_message_becomes_the_reel(there: Scene):
    address = there.ask()
    there.app.progress(address, "We are filming it: 25 %.", (chat.Button("cancel", "Cancel", "c" * 51),))
    receipt = there.app.deliver(address, parcel(buttons=BUTTONS), KEY)
    (message,) = there.seen()
    assert [each.content for each in message.history] == ["", "We are filming it: 25 %.", message.content]
    assert message.content == "a baby hippo swimming\nDrawn by software · Reelgate"
    (file,) = message.attachments
    assert file.data == DATA and file.filename.startswith("reel-e1a0976f03de2c60-") and file.filename.endswith(".mp4")
    assert file.description == message.content
    rows = [[button["label"] for button in row["components"]] for row in message.components]
    assert rows == [["Regenerate", "Vary", "Edit", "Sticker"], ["Report", "Delete"]]
    assert [button["style"] for button in message.components[1]["components"]] == [4, 4]
    assert receipt.message_id == f"{there.twin.general.id}/{message.id}"
    assert receipt.link == f"https://discord.com/channels/{there.twin.guild.id}/{there.twin.general.id}/{message.id}"


def test_what_a_button_carried_comes_back(there: Scene):
    there.app.deliver(there.ask(), parcel(buttons=BUTTONS), KEY)
    there.press("vary", chat.Working(), there.seen()[0])
    assert isinstance(there.heard[-1], chat.Press) and there.heard[-1].state == BUTTONS[1].state


def test_words_of_a_caption_mean_nothing(there: Scene):
    there.app.deliver(there.ask(), parcel(caption="@everyone **x** https://bad.example\nDrawn by software"), KEY)
    (message,) = there.seen()
    assert message.content == "@\u200beveryone \\*\\*x\\*\\* https\\://bad\\.example\nDrawn by software"
    assert message.flags & 4, "links do not unfurl"


def test_a_long_caption_is_cut_but_not_what_it_says_last(there: Scene):
    there.app.deliver(there.ask(), parcel(caption="_" * 2000 + "\nDrawn by software"), KEY)
    (message,) = there.seen()
    assert len(message.content) <= 2000 and message.content.endswith("…\nDrawn by software")


def test_a_spoiler_is_hidden(there: Scene):
    address = there.ask()
    there.app.deliver(Address(address.platform, address.app, {**address.place, "spoiler": "1"}), parcel(), KEY)
    assert there.seen()[0].attachments[0].filename.startswith("SPOILER_")


def test_declining_takes_the_place_of_what_stood_there(there: Scene):
    address = there.ask()
    receipt = there.app.decline(address, "We can't film that one.", "key-decline", BUTTONS[2:3])
    (message,) = there.seen()
    assert message.content == "We can't film that one." and not message.attachments
    assert there.app.find(address, "key-decline") == receipt
    assert there.app.find(address, "another key") is None


def test_progress_that_comes_late_leaves_the_file(there: Scene):
    address = there.ask()
    there.app.deliver(address, parcel(), KEY)
    there.app.progress(address, "We are filming it.")
    assert there.seen()[0].attachments


def test_progress_ends_before_the_token_does(there: Scene):
    address = there.ask()
    there.clock.wait(859)
    there.app.progress(address, "We will post it here as a new message.")
    there.clock.wait(2)
    with pytest.raises(NotOffered):
        there.app.progress(address, "Too late.")


def test_an_answer_that_is_faster_than_the_first_response_is_tried_again(there: Scene):
    address = there.ask()
    there.twin.world.interactions[address.place["interaction"]].answered = None
    with pytest.raises(PlatformFault) as caught:
        there.app.decline(address, "No.", KEY)
    assert caught.value.retry_after
    assert len(there.seen()) == 1, "and no second message is posted"


# -- when it is dead -----------------------------------------------------------------------------------------------


def test_a_late_reel_comes_as_a_new_message_and_the_old_one_goes(there: Scene):
    address = there.ask()
    there.clock.wait(40 * 60)
    receipt = there.app.deliver(address, parcel(buttons=BUTTONS), KEY)
    (message,) = there.seen()
    assert receipt.message_id.endswith(message.id) and message.attachments[0].data == DATA
    assert not there.private()
    assert there.app.find(address, KEY) == receipt


def test_a_token_that_dies_early_is_noticed(there: Scene):
    address = there.ask()
    there.twin.age()
    receipt = there.app.deliver(address, parcel(), KEY)
    there.clock.wait(200)  # the nonce is forgotten by now, and the clock still says that the token lives
    assert there.app.deliver(address, parcel(), KEY) == receipt
    assert len(there.seen()) == 1


@pytest.mark.parametrize("lacking", [w.SEND_MESSAGES, w.ATTACH_FILES, w.VIEW_CHANNEL])
def test_where_the_bot_may_not_write_it_goes_to_whoever_asked(there: Scene, lacking: int):
    address = there.ask()
    there.die()
    there.twin.general.app_permissions &= ~lacking
    receipt = there.app.deliver(address, parcel(buttons=BUTTONS), KEY)
    (message,) = there.private()
    assert not message.components, "a press there would not say of which server it is"
    assert receipt.link == f"https://discord.com/channels/@me/{message.channel.id}/{message.id}"


def test_a_channel_that_is_gone_is_no_end(there: Scene):
    address = there.ask()
    there.die()
    there.twin.general.gone = True
    there.app.deliver(address, parcel(), KEY)
    assert len(there.private()) == 1


def test_nobody_left_to_post_to(there: Scene):
    address = there.ask()
    there.die()
    there.twin.general.gone, there.twin.member.takes_dms = True, False
    with pytest.raises(PlaceGone):
        there.app.deliver(address, parcel(), KEY)


def test_where_no_bot_was_added_a_late_reel_goes_to_whoever_asked(there: Scene):
    address = there.ask(there.twin.outside)
    there.die()
    there.app.deliver(address, parcel(buttons=BUTTONS), KEY)
    (message,) = there.private()
    assert len(message.components) == 2, "whoever carries the app can press there too"


def test_without_a_bot_token_a_late_reel_has_no_way(no_bot: Scene):
    address = no_bot.ask()
    no_bot.app.deliver(address, parcel(), KEY)
    no_bot.die()
    with pytest.raises(PlaceGone):
        no_bot.app.deliver(address, parcel(), KEY)
    for verb in (
        lambda: no_bot.app.find(address, KEY),
        no_bot.app.register,
        lambda: no_bot.app.withdraw(address, "1/2"),
    ):
        with pytest.raises(NotOffered):
            verb()


def test_a_late_refusal_is_whispered_where_that_can_be(there: Scene):
    address = there.ask()
    there.die()
    there.app.decline(address, "We can't film that one.", KEY, BUTTONS[2:3])
    assert len(there.private()) == 1 and not there.seen()
    there.twin.member.takes_dms = False
    address = there.ask()
    there.die()
    receipt = there.app.decline(address, "We can't film that one.", "other")
    (message,) = there.seen()
    assert receipt.message_id.endswith(message.id)
    assert there.app.find(address, "other") == receipt, "a text without buttons is known again too"


# -- files that do not fit -----------------------------------------------------------------------------------------


def test_a_file_that_is_too_big_goes_as_a_link(there: Scene):
    address = there.ask()
    big = parcel(bytes(10 * 1024 * 1024 + 1), link="https://reels.example/f/1", buttons=BUTTONS)
    receipt = there.app.deliver(address, big, KEY)
    (message,) = there.seen()
    assert message.content.endswith("The file is too big for this place. Here it is: <https://reels.example/f/1>")
    assert not message.attachments and there.app.find(address, KEY) == receipt


def test_a_place_that_says_it_takes_more_than_it_does(there: Scene):
    address = there.ask()
    roomy = Address(address.platform, address.app, {**address.place, "limit": "99999999", "language": "de"})
    there.app.deliver(roomy, parcel(bytes(10 * 1024 * 1024 + 1), link="https://reels.example/f/1"), KEY)
    assert "zu groß" in there.seen()[0].content
    with pytest.raises(TooBig):
        there.app.deliver(roomy, parcel(bytes(10 * 1024 * 1024 + 1)), KEY)
    assert {each.rule for each in there.twin.violations} == {"file-size"}
    there.twin.violations.clear()


def test_without_a_link_it_is_too_big_before_it_is_sent(there: Scene):
    sent = len(there.twin.engine.log)
    with pytest.raises(TooBig):
        there.app.deliver(there.ask(), parcel(bytes(10 * 1024 * 1024 + 1)), KEY)
    assert [each.way for each in list(there.twin.engine.log)[sent:]] == ["out"], "only the question, no answer"


# -- taking back ---------------------------------------------------------------------------------------------------


def test_the_press_on_a_message_takes_it_back(there: Scene):
    there.app.deliver(there.ask(), parcel(buttons=BUTTONS), KEY)
    (message,) = there.seen()
    address = there.press("delete", chat.Quiet(), message)
    press = there.heard[-1]
    assert isinstance(press, chat.Press)
    there.app.withdraw(address, press.message)
    assert not there.seen()
    there.app.withdraw(address, press.message)


def test_taking_back_never_hits_another_message(there: Scene):
    """A press that was answered with a note: there, the token's own message is the note."""
    there.app.deliver(there.ask(), parcel(buttons=BUTTONS), KEY)
    (message,) = there.seen()
    address = there.press("delete", chat.Note("It will be gone in a moment."), message)
    there.app.withdraw(address, address.place["message"])
    (note,) = there.seen()
    assert note.content == "It will be gone in a moment."


def test_where_no_bot_is_the_press_itself_still_takes_back(there: Scene):
    there.app.deliver(there.ask(there.twin.outside), parcel(buttons=BUTTONS), KEY)
    (message,) = there.seen(there.twin.outside)
    address = there.press("delete", chat.Quiet(), message)
    there.app.withdraw(address, address.place["message"])
    assert not there.seen(there.twin.outside)


def test_a_message_is_taken_back_long_after(there: Scene):
    address = there.ask()
    receipt = there.app.deliver(address, parcel(), KEY)
    there.clock.wait(86_400)
    there.app.withdraw(address, receipt.message_id)
    assert not there.seen()
    there.app.withdraw(address, receipt.message_id)


def test_what_cannot_be_taken_back_says_so(there: Scene):
    address = there.ask(there.twin.outside)
    receipt = there.app.deliver(address, parcel(), KEY)
    there.die()
    with pytest.raises(NotOffered):
        there.app.withdraw(address, receipt.message_id)
    with pytest.raises(NotOffered):
        there.app.withdraw(address, "12345")


# -- commands ------------------------------------------------------------------------------------------------------


def test_the_commands_are_taken_everywhere_and_in_one_server(there: Scene):
    names = ["imagine", "sticker", "reelgate", "Make a sticker of this"]
    assert there.app.register() == names and there.app.register(there.twin.guild.id) == names
    with pytest.raises(PlatformError):
        there.app.register(there.twin.elsewhere.id)
    assert [each["name"] for each in there.twin.commands(there.twin.member, there.twin.reels)].count("reelgate") == 0
    assert "reelgate" in [each["name"] for each in there.twin.commands(there.twin.manager, there.twin.reels)]


def test_a_sticker_of_somebodys_message(there: Scene):
    said = there.twin.say(there.twin.second, there.twin.general, "an owl in the rain")
    there.twin.menu(there.twin.member, said, "Make a sticker of this")
    event = there.heard[-1]
    assert isinstance(event, chat.Command) and (event.kind, event.prompt.text) == ("sticker", "an owl in the rain")
