"""What a platform has to prove before anybody installs it: the two kits of ``reelgate.testing``, and a few more."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from reelgate_echo.__main__ import serve
from reelgate_echo.board import CHANNEL
from reelgate_echo.door import signature
from reelgate_echo.platform import EchoPlatform

from reelgate.chat import Added, Button, Command, Filled, Ignored, Press, Registration
from reelgate.door import Door, Inbound
from reelgate.errors import PlaceGone, PlatformError
from reelgate.plugins import find
from reelgate.testing.doors import Sample, check_door
from reelgate.testing.platforms import check_platform, sample_parcel
from reelgate.words import Address, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate.contract import Platform

SECRETS = {"signing_secret": "a secret of the board", "token": "a token of the app"}
PLACE = Address("echo", "app", {"channel": CHANNEL, "asked": "m_1"})


def body(type: str, id: str, **more: object) -> bytes:
    """An event as the board writes it."""
    told = {"type": type, "id": id, "at": 1_800_000_000, "board": "board-1", "channel": CHANNEL, "member": "ada"}
    return json.dumps({**told, **more}).encode()


SAMPLES = (
    Sample("hello", b'{"type": "hello", "word": "a2f4"}'),
    Sample("imagine", body("message", "m_1", text="/imagine a baby hippo, swimming"), (Command,)),
    Sample("sticker", body("message", "m_2", text="/sticker an owl", language="ja-JP"), (Command,)),
    Sample("talk", body("message", "m_3", text="good morning"), (Ignored,)),
    Sample("press", body("press", "e_1", state="s" * 51, message="m_9"), (Press,)),
    Sample("form", body("form", "e_2", state="s" * 51, words="two hippos"), (Filled,)),
    Sample("added", body("added", "e_3"), (Added,)),
    Sample("tomorrow", body("poll", "e_4", question="?"), (Ignored,)),
)


def signer(secret: str):
    """Signs as a board with that secret does."""

    def sign(body: bytes, at: float) -> dict[str, str]:
        timestamp = str(int(at))
        return {"Echo-Timestamp": timestamp, "Echo-Signature": signature(secret, timestamp, body)}

    return sign


@pytest.fixture
def board() -> Iterator:
    """A board that runs, with nobody listening to it."""
    with serve(SECRETS["signing_secret"], SECRETS["token"], "http://127.0.0.1:9/nobody") as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.RequestHandlerClass.board
        server.shutdown()


@pytest.fixture
def platform(board) -> Platform:
    """The platform as Reelgate makes it: found by its entry point, given a registration."""
    make = find("echo", (), "reelgate.platforms")
    made = make(Registration("app", SECRETS, board.link))
    assert isinstance(made, EchoPlatform)
    return made


def test_the_facts_can_be_read_without_a_registration() -> None:
    assert EchoPlatform(Registration("")).facts.slug == "echo"


def test_what_goes_out(platform: Platform, board) -> None:
    check_platform(platform, PLACE)
    texts = [message.text for message in board.messages.values()]
    assert texts == ["Drawn by software", *["We can't film that one. Please try a different idea."] * 2]
    assert not board.status


def test_what_comes_in(platform: EchoPlatform) -> None:
    refused = check_door(platform, signer(SECRETS["signing_secret"]), SAMPLES, stranger=signer("another"))
    assert refused > 1500


def test_words_arrive_as_they_were_typed(platform: Door) -> None:
    (command,) = platform.read(Inbound(SAMPLES[2].body, {}))
    assert isinstance(command, Command)
    assert (command.kind, command.prompt.text) == (Kind.STICKER, "an owl")
    assert (command.heard.origin.language, command.heard.origin.installation) == ("ja", "board-1")
    assert command.heard.address.place == {"channel": CHANNEL, "asked": "m_2"}


def test_progress_is_wiped_by_the_answer_and_buttons_arrive(platform: Platform, board) -> None:
    stop = Button("cancel", "Stop", "s" * 51)
    platform.progress(PLACE, "We are filming it: 25 %.", (stop,))
    text, buttons = board.status["m_1"]
    assert text == "We are filming it: 25 %."
    assert buttons == [{"action": "cancel", "label": "Stop", "state": "s" * 51}]
    receipt = platform.deliver(PLACE, sample_parcel(), "job-1")
    assert "m_1" not in board.status
    assert board.messages[receipt.message_id].media_type == "image/png"
    assert receipt.link.endswith(f"#{receipt.message_id}")


def test_a_channel_that_is_gone(platform: Platform) -> None:
    with pytest.raises(PlaceGone):
        platform.deliver(Address("echo", "app", {"channel": "closed"}), sample_parcel(), "job-2")


def test_a_token_that_is_not_ours(board) -> None:
    stranger = EchoPlatform(Registration("app", {**SECRETS, "token": "wrong"}, board.link))
    with pytest.raises(PlatformError):
        stranger.deliver(PLACE, sample_parcel(), "job-3")
    assert not board.messages


def test_the_board_says_so_when_the_app_is_away(board) -> None:
    board.say("/imagine a hippo")
    assert board.shown == {"show": "note", "text": "The app does not answer."}
