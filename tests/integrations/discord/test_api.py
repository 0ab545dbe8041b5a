"""Discord's API: what goes out, whose turn it is, and what the answers mean."""

from __future__ import annotations

import json

import pytest
import responses

from reelgate.chat import Registration
from reelgate.errors import (
    AnswerLost,
    BadInput,
    PlaceGone,
    PlatformBusy,
    PlatformError,
    PlatformFault,
    ReelgateError,
    TooBig,
)
from reelgate.testing.forms import parts
from reelgate_integrations.discord.api import DiscordApi, Said, Upload
from reelgate_integrations.discord.facts import API

ROOT = f"{API}/channels/7/messages"
ORIGINAL = f"{API}/webhooks/42/to-ken/messages/@original"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(clock: Clock) -> DiscordApi:
    return DiscordApi(Registration("42", {"bot_token": "bot"}), clock, wait=clock.wait)


@responses.activate
def test_the_bot_says_who_it_is_and_an_interaction_keeps_the_bots_token_at_home(api: DiscordApi):
    responses.post(ROOT, json={"id": "1"})
    responses.patch(ORIGINAL, json={"id": "1"})
    api.post("7", {"content": "x"})
    api.edit_original("to-ken", {"content": "x"})
    bot, hook = (call.request.headers for call in responses.calls)
    assert bot["Authorization"] == "Bot bot" and "Authorization" not in hook
    assert bot["User-Agent"].startswith("DiscordBot (https://discord.com/oauth2/authorize?client_id=42, ")
    assert bot["Content-Type"] == "application/json"


@responses.activate
def test_a_file_goes_as_a_form_with_what_is_said_about_it(api: DiscordApi):
    responses.post(ROOT, json={"id": "1"})
    api.post("7", {"content": "é"}, Upload("a.mp4", "video/mp4", b"\x00\r\n--"))
    sent = responses.calls[0].request
    (said, file) = parts(sent.headers["Content-Type"], sent.body)
    assert (said.name, said.media_type, json.loads(said.data)) == (
        "payload_json",
        "application/json",
        {"content": "é"},
    )
    assert (file.name, file.filename, file.media_type) == ("files[0]", "a.mp4", "video/mp4")
    assert file.data == b"\x00\r\n--"


@responses.activate
def test_an_empty_bucket_is_waited_for_and_only_that(api: DiscordApi, clock: Clock):
    told = {"X-RateLimit-Bucket": "abc", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "30.5"}
    responses.post(ROOT, json={"id": "1"}, headers=told)
    responses.post(f"{API}/channels/8/messages", json={"id": "1"})
    api.post("7", {})
    with pytest.raises(PlatformBusy) as caught:
        api.post("7", {})
    assert caught.value.retry_after == 30.5 and len(responses.calls) == 1
    api.post("8", {})
    clock.now += 30.5
    api.post("7", {})


@responses.activate
def test_a_short_turn_is_waited_for_here(api: DiscordApi, clock: Clock):
    told = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "1.25"}
    responses.post(ROOT, json={"id": "1"}, headers=told)
    api.post("7", {})
    api.post("7", {})
    assert clock.now >= 1001.25 and len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "65"}, {"retry_after": 64.57, "global": False}, 65.0),
        ({"Retry-After": "64.57"}, {}, 64.57),
        ({}, {"retry_after": 64.57}, 64.57),
        ({}, {"retry_after": "64.57"}, 64.57),
        ({"Retry-After": "soon"}, {"retry_after": None}, 10.0),
    ],
)
def test_a_429_in_every_spelling(
    api: DiscordApi, clock: Clock, headers: dict[str, str], body: dict[str, object], seconds: float
):
    responses.post(ROOT, json=body, status=429, headers=headers)
    for _ in range(2):
        with pytest.raises(PlatformBusy) as caught:
            api.post("7", {})
        assert caught.value.retry_after == pytest.approx(seconds)
    assert len(responses.calls) == 1


@responses.activate
def test_a_server_error_says_whether_it_may_have_happened(api: DiscordApi):
    for method in (responses.POST, responses.GET):
        responses.add(method, ROOT, status=502, body="<html>")
    responses.patch(ORIGINAL, status=500)
    responses.delete(ORIGINAL, status=503)
    responses.put(f"{API}/applications/42/commands", status=500)
    responses.post(f"{API}/users/@me/channels", status=500)
    for call in (lambda: api.post("7", {}), lambda: api.edit_original("to-ken", {})):
        with pytest.raises(AnswerLost):
            call()
    for call in (
        lambda: api.history("7"),
        lambda: api.delete_original("to-ken"),
        lambda: api.set_commands([]),
        lambda: api.open_dm("5"),
    ):
        with pytest.raises(PlatformFault):
            call()


@responses.activate
def test_an_answer_that_is_not_discords_is_no_receipt(api: DiscordApi):
    responses.post(ROOT, body="<html>Welcome to the hotel</html>")
    responses.get(ORIGINAL, body="<html>Welcome to the hotel</html>")
    with pytest.raises(AnswerLost):
        api.post("7", {})
    with pytest.raises(PlatformFault):
        api.get_original("to-ken")


@pytest.mark.parametrize(
    ("status", "code", "kind", "retryable"),
    [
        (413, 0, TooBig, False),
        (400, 40005, TooBig, False),
        (403, 50007, PlaceGone, False),
        (404, 10003, PlaceGone, False),
        (403, 50001, PlaceGone, False),
        (400, 50035, PlatformError, False),
        (401, 0, PlatformFault, True),
        (403, 0, PlatformFault, True),
        (404, 0, PlatformFault, True),
    ],
)
def test_what_a_refusal_means(status: int, code: int, kind: type[ReelgateError], retryable: bool):
    error = Said(status, code, {"message": "secret"}).error("a message")
    assert type(error) is kind and error.retryable is retryable
    assert "secret" not in str(error) and (str(code) in str(error) or not code)


def test_only_https_or_this_machine(clock: Clock):
    with pytest.raises(BadInput):
        DiscordApi(Registration("42", api="http://discord.com/api/v10"), clock)
    DiscordApi(Registration("42", api="http://127.0.0.1:1/api/v10"), clock)


@responses.activate
def test_what_is_put_into_an_address_stays_in_its_place(api: DiscordApi):
    responses.get(f"{API}/channels/..%2F..%2Fusers%3Fx/messages", json=[])
    api.history("../../users?x")
    assert len(responses.calls) == 1


ODD = [b"[]", b"{}", b'"x"', b"5", b'{"id":5}', b'{"id":null}', b'{"id":"none"}', b"[5]", b"<html>", b""]


@responses.activate
@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_message_is_never_taken_for_one(api: DiscordApi, status: int, odd: bytes):
    """A proxy on the way may say that all is well; the message may have been made behind it, or not."""
    responses.post(ROOT, body=odd, status=status)
    responses.patch(ORIGINAL, body=odd, status=status)
    responses.get(ORIGINAL, body=odd, status=status)
    for call in (lambda: api.post("7", {}), lambda: api.edit_original("to-ken", {})):
        with pytest.raises(AnswerLost):
            call()
    with pytest.raises(PlatformFault):
        api.get_original("to-ken")


@responses.activate
@pytest.mark.parametrize("odd", [b"{}", b"5", b"[5]", b"[[]]", b"[{}]", b'[{"id":"1"},{"id":2}]', b"<html>", b""])
def test_what_is_no_history_is_never_taken_for_one(api: DiscordApi, odd: bytes):
    responses.get(ROOT, body=odd)
    with pytest.raises(PlatformFault):
        api.history("7")


@responses.activate
def test_a_deletion_promises_nothing(api: DiscordApi):
    responses.delete(ORIGINAL, status=204)
    responses.delete(f"{ROOT}/9", status=200, body=b"<html>")
    assert api.delete_original("to-ken").good and api.delete("7", "9").good
