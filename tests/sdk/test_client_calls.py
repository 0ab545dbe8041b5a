"""One call to the service: what is sent, what is tried again, and what comes back as which error."""

from __future__ import annotations

import logging
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest
from tests.sdk.fake_service import HANG_UP, KEY, Answer, FakeService, FakeWorld, client_of, job, js, problem

from reelgate import Prompt
from reelgate.client import Client, Retry
from reelgate.errors import (
    BadInput,
    KeyInvalid,
    KeyMissing,
    NotFound,
    RateLimited,
    ReelgateError,
    ServiceError,
    Unavailable,
    by_code,
)

if TYPE_CHECKING:
    from pathlib import Path

ACCEPTED = js(job(), 202, Location="/v1/jobs/job_1")


def test_a_reel_is_asked_for_with_key_json_and_idempotency_key():
    with FakeService(ACCEPTED) as service, client_of(service) as client:
        made = client.reels.create("a hippo", seconds=4, aspect=(1, 1), seed=7)
    assert (made.id, made.stage, made.understood) == ("job_1", "queued", ("hippo",))
    request = service.seen[0]
    assert (request.method, request.path) == ("POST", "/v1/reels")
    assert request.json == {"prompt": "a hippo", "seconds": 4, "aspect": "1:1", "seed": 7}
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == "key-1"


def test_a_prompt_noun_brings_its_own_wishes_and_arguments_go_first():
    with FakeService(ACCEPTED, ACCEPTED, ACCEPTED) as service, client_of(service) as client:
        client.stickers.create(Prompt("a hippo", seconds=3, aspect=(16, 9), seed=1))
        client.reels.create(Prompt("a hippo", seconds=3), seconds=5, idempotency_key="mine")
        client.stickers.create(parent="job_1", variation=2)
    assert service.seen[0].path == "/v1/stickers"
    assert service.seen[0].json == {"prompt": "a hippo", "seed": 1}  # a sticker has its own shape and length
    assert service.seen[1].json == {"prompt": "a hippo", "seconds": 5, "aspect": "9:16"}
    assert service.seen[1].headers["idempotency-key"] == "mine"
    assert service.seen[2].json == {"parent": "job_1", "variation": 2}


def test_each_call_has_its_own_key():
    with FakeService(ACCEPTED, ACCEPTED) as service, client_of(service) as client:
        client.reels.create("a hippo")
        client.reels.create("a hippo")
    assert service.seen[0].headers["idempotency-key"] != service.seen[1].headers["idempotency-key"]


@pytest.mark.parametrize(
    "loss",
    [
        HANG_UP,
        Answer(202, b'{"id": "job_1", "stage": "queued"}', {"Content-Type": "application/json"}, break_after=9),
        Answer(502, b"<html>bad gateway</html>"),
        Answer(503),
        Answer(504),
        problem(429, "rate_limited"),
        problem(503, "busy"),
    ],
    ids=["no answer", "half an answer", "502", "503", "504", "rate limited", "busy"],
)
def test_what_was_lost_is_sent_again_with_the_same_key(loss: Answer):
    world = FakeWorld()
    with FakeService(loss, ACCEPTED) as service, client_of(service, world) as client:
        assert client.reels.create("a hippo").id == "job_1"
    first, second = service.seen
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.body == second.body
    assert len(world.slept) == 1


def test_pauses_grow_with_full_jitter_and_end():
    for chance in (0.0, 0.5, 1.0):
        world = FakeWorld(chance)
        retry = Retry(attempts=5, base=1.0, cap=5.0)
        with FakeService(*[Answer(503)] * 9) as service, client_of(service, world, retry) as client:
            with pytest.raises(Unavailable):
                client.jobs.get("job_1")
        assert len(service.seen) == 5
        assert world.slept == [chance * most for most in (1.0, 2.0, 4.0, 5.0)]


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_waited_for(form: str):
    world = FakeWorld(chance=0.0)
    asked = "7" if form == "seconds" else formatdate(1_800_000_000 + 7, usegmt=True)
    with FakeService(problem(503, "busy", Retry_After=asked), js(job())) as service:
        with client_of(service, world) as client:
            client.jobs.get("job_1")
    assert world.slept == [7.0]


def test_a_retry_after_beyond_patience_is_raised_for_the_program_to_decide():
    world = FakeWorld()
    with FakeService(problem(429, "rate_limited", Retry_After="3600")) as service:
        with client_of(service, world) as client, pytest.raises(RateLimited) as caught:
            client.reels.create("a hippo")
    assert caught.value.retry_after == 3600
    assert caught.value.retryable
    assert world.slept == []


@pytest.mark.parametrize("nonsense", ["soon", "-3", "1e3", ""])
def test_a_retry_after_that_means_nothing_is_left_alone(nonsense: str):
    world = FakeWorld(chance=0.0)
    with FakeService(problem(503, "busy", Retry_After=nonsense), js(job())) as service:
        with client_of(service, world) as client:
            client.jobs.get("job_1")
    assert world.slept == [0.0]


@pytest.mark.parametrize("code", sorted(by_code()))
def test_every_code_comes_back_as_its_own_error(code: str):
    with FakeService(problem(422, code)) as service, client_of(service) as client:
        with pytest.raises(by_code()[code]) as caught:
            client.reels.create("a hippo")
    assert type(caught.value) is by_code()[code]
    assert caught.value.request_id == "req-7"
    assert caught.value.says == f"told: {code}"
    assert f"told: {code}" in str(caught.value)
    assert len(service.seen) == 1


def test_a_code_from_the_future_is_a_service_error_that_names_it():
    with FakeService(problem(418, "teapot")) as service, client_of(service) as client:
        with pytest.raises(ServiceError, match="418 teapot") as caught:
            client.reels.create("a hippo")
    assert caught.value.says == "told: teapot"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, b"oops"),
        Answer(404, b"<html>no such page</html>", {"Content-Type": "text/html"}),
        Answer(400, b"[1]", {"Content-Type": "application/problem+json"}),
        Answer(400, b"{", {"Content-Type": "application/problem+json"}),
        Answer(200, b"<html>hello</html>"),
        js([1, 2]),
        js({"id": 5, "stage": "queued"}),
        js({"id": "job_1"}),
    ],
)
def test_an_answer_of_another_shape_is_a_service_error(answer: Answer):
    with FakeService(answer) as service, client_of(service) as client, pytest.raises(ServiceError):
        client.jobs.get("job_1")
    assert len(service.seen) == 1


def test_fields_and_stages_from_the_future_are_no_trouble():
    grown = job("polishing", colour="blue", result={"url": "/x", "size": 3, "sparkle": True}, error=None, review=5)
    with FakeService(js(grown)) as service, client_of(service) as client:
        seen = client.jobs.get("job_1")
    assert seen.stage == "polishing"
    assert not seen.ended
    assert not seen.settled
    assert seen.raw["colour"] == "blue"


def test_nothing_follows_a_redirect_with_the_key():
    with FakeService() as elsewhere, FakeService(Answer(307, b"", {"Location": elsewhere.url})) as service:
        with client_of(service) as client, pytest.raises(ServiceError, match="redirect"):
            client.reels.create("a hippo")
        assert elsewhere.seen == []


def test_a_service_that_is_not_there_is_unavailable():
    with FakeService() as service:
        gone = service.url
    with Client(gone, KEY, world=FakeWorld().world(), retry=Retry(attempts=2)) as client:
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1"):
            client.jobs.get("job_1")


def test_the_key_is_never_seen(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    with FakeService(HANG_UP, problem(401, "key_invalid"), Answer(302), ACCEPTED) as service:
        with client_of(service) as client:
            told += [repr(client), repr(client._caller), repr(client._caller.call("GET", "/v1/jobs"))]
            for _ in range(2):
                with pytest.raises(ReelgateError) as caught:
                    client.jobs.get("job_1")
                error: BaseException | None = caught.value
                while error is not None:
                    told += [repr(error), str(error), repr(vars(error))]
                    error = error.__cause__
            client.reels.create("prompt words stay private")
    assert KEY not in " ".join(told)
    assert "5uper" not in " ".join(told)
    assert KEY not in caplog.text
    assert "private" not in caplog.text
    assert "rg_live_***" in told[0]


def test_a_netrc_does_not_replace_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with FakeService(js(job())) as service, client_of(service) as client:
        client.jobs.get("job_1")
    assert service.seen[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "url",
    ["", "reels.example.org", "ftp://reels.example.org", "file:///etc/passwd", "http://", "https://me:pw@x.org",
     "https://x.org/?a=1", "https://x.org/#f", "http://x.org:no"],
)  # fmt: skip
def test_only_a_plain_web_address_is_a_service(url: str):
    with pytest.raises(BadInput):
        Client(url, KEY)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("", KeyMissing),
        ("  ", KeyMissing),
        ("rg_a\r\nX-Evil: 1", KeyInvalid),
        ("rg_ä", KeyInvalid),
        ("a b", KeyInvalid),
    ],
)
def test_a_key_that_no_header_can_hold_is_refused_unsaid(key: str, error: type[ReelgateError]):
    with pytest.raises(error) as caught:
        Client("http://127.0.0.1", key)
    assert "Evil" not in str(caught.value)


def test_an_id_cannot_walk_the_path():
    with FakeService(problem(404, "not_found")) as service, client_of(service) as client:
        with pytest.raises(NotFound):
            client.jobs.get("../reviews/1?x=/")
        with pytest.raises(BadInput):
            client.jobs.get("..")
    assert service.seen[0].path == "/v1/jobs/..%2Freviews%2F1%3Fx%3D%2F"


def test_what_json_cannot_say_is_bad_input():
    with FakeService() as service, client_of(service) as client:
        with pytest.raises(BadInput):
            client.reels.create("a hippo", seconds=float("nan"))
        with pytest.raises(BadInput):
            client.reels.create("half a \ud83d")
    assert service.seen == []
