"""The HTTP API under repeats, races and bodies of unknown length."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.service.web_client import Web, rows, web_of

from reelgate_service import access
from reelgate_service.db import jobs, reviews, tables

if TYPE_CHECKING:

    import pytest

    from reelgate_service.settings import Settings


def add_hook(web: Web, url: str, once_key: str, key: str | None = None) -> Any:
    return web.call("POST", "/v1/webhooks", json={"url": url}, headers={"Idempotency-Key": once_key}, key=key)


def test_the_same_endpoint_asked_for_twice_is_one(web: Web) -> None:
    first, again = (add_hook(web, "https://example.com/hook", "hook-1") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    other = add_hook(web, "https://example.com/another", "hook-1")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    fresh = add_hook(web, "https://example.com/hook", "hook-2")
    assert fresh.json["id"] != first.json["id"]
    assert fresh.json["secret"] != first.json["secret"]
    assert rows(web, tables.Webhook) == 2
    access.make_tenant(web.parts.db, "other", "Other")
    theirs = access.make_key(web.parts.db, web.parts.vault, "other", "theirs", ("make",))
    foreign = add_hook(web, "https://example.com/hook", "hook-1", theirs)
    assert foreign.json["id"] != first.json["id"]
    assert foreign.json["secret"] != first.json["secret"]


def test_endpoints_asked_for_at_once_are_one(web: Web) -> None:
    found: list[Any] = []
    start = threading.Barrier(5)

    def come() -> None:
        start.wait()
        found.append(add_hook(web, "https://example.com/hook", "hook-1").json)

    threads = [threading.Thread(target=come) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(item == found[0] for item in found)
    assert "secret" in found[0]
    assert rows(web, tables.Webhook) == 1


def test_a_decision_may_be_sent_again(web: Web) -> None:
    job = web.call("POST", "/v1/reels", json={"prompt": "a dog"}).json["id"]  # type: ignore[index]
    claimed = jobs.claim(web.parts.db, job, "me", 30_000)
    assert claimed is not None
    admitted = jobs.move(web.parts.db, claimed, "admitted", "admitted")
    jobs.move(
        web.parts.db,
        admitted,
        "review",
        "prompt.screened",
        with_=lambda session, now: reviews.open_review(session, "local", job, "prompt", "cleared", "why", now),
    )
    item = web.call("GET", "/v1/reviews").json["items"][0]["id"]  # type: ignore[index]
    first, again = (web.call("POST", f"/v1/reviews/{item}", json={"decision": "approve"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    other = access.make_key(web.parts.db, web.parts.vault, "local", "other", ("review", "make"))
    assert web.call("POST", f"/v1/reviews/{item}", json={"decision": "approve"}, key=other).status_code == 409
    assert web.call("POST", f"/v1/reviews/{item}", json={"decision": "block"}).status_code == 409
    assert rows(web, tables.Verdict) == 1


def chunked(web: Web, path: str, body: bytes) -> Any:
    return web.call(
        "POST",
        path,
        input_stream=io.BytesIO(body),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )


def test_a_body_of_unknown_length_is_limited_too(web: Web) -> None:
    padded = [b'{"prompt": "a dog"' + b" " * spaces + b"}" for spaces in (1000, 70_000)]
    assert chunked(web, "/v1/reels", padded[0]).status_code == 202
    assert chunked(web, "/v1/reels", padded[1]).status_code in {400, 413}
    assert rows(web, tables.Job) == 1


def test_an_upload_of_unknown_length_is_limited_too(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reelgate_service.web.trust.WAIT_S", 0.1)
    web.app.config["MAX_CONTENT_LENGTH"] = 200_000
    assert chunked(web, "/v1/verify", b"x" * 100_000).status_code == 202
    answer = chunked(web, "/v1/verify", b"x" * 300_000)
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


def test_waiting_for_a_verdict_takes_no_more_than_its_share_of_threads(settings: Settings) -> None:
    web = web_of(replace(settings, web_threads=4))
    job = web.call("POST", "/v1/reels", json={"prompt": "a dog"}).json["id"]  # type: ignore[index]
    stream = web.call("GET", f"/v1/jobs/{job}/events")
    started = time.monotonic()
    answer = web.call("POST", "/v1/verify", data=b"not a video")
    assert (answer.status_code, answer.json["stage"]) == (202, "queued")  # type: ignore[index]
    assert time.monotonic() - started < 15  # it did not wait its 20 seconds
    stream.close()
    assert web.parts.streams.acquire(blocking=False)


def test_waiting_gives_its_share_back(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reelgate_service.web.trust.WAIT_S", 0.1)
    web = web_of(replace(settings, web_threads=4))
    for _ in range(3):
        assert web.call("POST", "/v1/verify", data=b"not a video").status_code == 202
    assert web.parts.streams.acquire(blocking=False)


def test_a_verify_key_is_held_to_the_same_length(web: Web) -> None:
    answer = web.call("POST", "/v1/verify", data=b"x", headers={"Idempotency-Key": "k" * 256})
    assert (answer.status_code, answer.json["code"]) == (400, "bad_input")  # type: ignore[index]
