"""The HTTP API as its users meet it: what it takes, what it refuses, and in which words."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from tests.service.web_client import Web, rows, web_of

from reelgate.client.events import EventParser
from reelgate.errors import OutOfSpace
from reelgate_service import access
from reelgate_service.db import jobs, tables
from reelgate_service.web import events
from reelgate_service.web.openapi import document

if TYPE_CHECKING:
    import sqlite3

    from reelgate_service.settings import Settings

OPENAPI = Path(__file__).parents[2] / "docs" / "openapi.json"


def make(web: Web, **body: object) -> dict[str, Any]:
    answer = web.call("POST", "/v1/reels", json={"prompt": "a baby hippo swimming", **body})
    assert answer.status_code == 202, answer.text
    view: dict[str, Any] = answer.json  # type: ignore[assignment]
    return view


def test_a_reel_is_accepted_and_can_be_looked_at(web: Web) -> None:
    answer = web.call("POST", "/v1/reels", json={"prompt": "a baby hippo swimming", "seconds": 4, "aspect": "1:1"})
    assert answer.status_code == 202
    job: Any = answer.json
    web.check("Job", job)
    assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
    assert job["stage"] == "queued"
    again = web.call("GET", answer.headers["Location"])
    assert again.json == job
    assert int(again.headers["Retry-After"]) >= 1


BAD: list[tuple[str, Any, int, str, str]] = [
    ("an empty prompt", {"prompt": ""}, 422, "prompt_empty", "type a few words"),
    ("only spaces", {"prompt": " \n\t "}, 422, "prompt_empty", "type a few words"),
    ("only punctuation", {"prompt": "...!?"}, 422, "prompt_empty", "type a few words"),
    ("10,000 characters", {"prompt": "a" * 10_000}, 422, "prompt_too_long", "10,000 characters"),
    ("17 seconds", {"prompt": "a dog", "seconds": 17}, 422, "seconds_out_of_range", "between 1 and 16"),
    ("no seconds", {"prompt": "a dog", "seconds": 0}, 422, "seconds_out_of_range", "between 1 and 16"),
    ("an aspect of 0:0", {"prompt": "a dog", "aspect": "0:0"}, 422, "aspect_invalid", "9:16, 1:1 or 16:9"),
    ("an aspect of words", {"prompt": "a dog", "aspect": "wide"}, 422, "aspect_invalid", "9:16, 1:1 or 16:9"),
    ("a seed below nothing", {"prompt": "a dog", "seed": -1}, 400, "bad_input", "0 to 4294967295"),
    ("an unknown generator", {"prompt": "a dog", "generator": "magic"}, 422, "not_offered", "reelgate plugins"),
    ("no prompt", {"seconds": 4}, 400, "body_invalid", "'prompt' is missing"),
    ("an unknown field", {"prompt": "a dog", "lenght": 4}, 400, "body_invalid", "Known fields: prompt"),
    ("a number for words", {"prompt": 7}, 400, "body_invalid", "'prompt' must be a string"),
    ("true for seconds", {"prompt": "a dog", "seconds": True}, 400, "body_invalid", "must be a number"),
    ("a list", ["a dog"], 400, "body_invalid", "JSON object"),
    ("a NUL", {"prompt": "a\x00dog"}, 400, "body_invalid", "'prompt'"),
]


@pytest.mark.parametrize(("body", "status", "code", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input_gets_its_typed_problem_and_stores_nothing(
    web: Web, body: object, status: int, code: str, words: str
) -> None:
    answer = web.call("POST", "/v1/reels", json=body)
    problem: Any = answer.json
    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"
    web.check("Problem", problem)
    assert words in problem["detail"]
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert rows(web, tables.Job) == rows(web, tables.Inbox) == rows(web, tables.Leaf) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"prompt": "a dog"',
        b"\xff\xfe",
        b'{"prompt": "a", "prompt": "b"}',
        b'{"prompt": "a dog", "seconds": NaN}',
        b'{"prompt": "a dog", "seconds": 1e999}',
        b'{"prompt": "\\ud800"}',
        b"[" * 50_000,
    ],
)
def test_broken_json_is_told_kindly(web: Web, raw: bytes) -> None:
    answer = web.call("POST", "/v1/reels", data=raw, content_type="application/json")
    problem: Any = answer.json
    assert (answer.status_code, problem["code"]) in {(400, "body_invalid"), (422, "seconds_out_of_range")}
    assert rows(web, tables.Job) == 0


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_no_json_at_all_makes_the_service_stumble(web: Web, value: object) -> None:
    answer = web.call("POST", "/v1/reels", data=json.dumps({"prompt": value}), content_type="application/json")
    assert answer.status_code in {202, 400, 422}


def test_a_missing_and_a_wrong_key_are_told_apart(web: Web) -> None:
    for key, code in (
        ("", "key_missing"),
        ("rg_live_00000000_nonsense", "key_invalid"),
        (web.key[:-1] + "x", "key_invalid"),
    ):
        answer = web.call("GET", "/v1/jobs", key=key)
        assert (answer.status_code, answer.json["code"]) == (401, code)  # type: ignore[index]
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_opens_nothing(web: Web) -> None:
    access.revoke(web.parts.db, web.key.split("_")[2])
    assert web.call("GET", "/v1/jobs").status_code == 401


def test_a_lesser_key_may_not_decide(web: Web) -> None:
    lesser = access.make_key(web.parts.db, web.parts.vault, "local", "app", ("make",))
    answer = web.call("GET", "/v1/reviews", key=lesser)
    assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")  # type: ignore[index]


def test_the_same_key_and_body_is_done_once(web: Web) -> None:
    headers = {"Idempotency-Key": "order-7"}
    first = web.call("POST", "/v1/reels", json={"prompt": "a dog"}, headers=headers)
    again = web.call("POST", "/v1/reels", json={"prompt": "a dog"}, headers=headers)
    assert first.json["id"] == again.json["id"]  # type: ignore[index]
    assert again.headers["Idempotency-Replayed"] == "true"
    other = web.call("POST", "/v1/reels", json={"prompt": "a cat"}, headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")  # type: ignore[index]
    assert rows(web, tables.Job) == 1


def test_a_foreign_job_looks_like_an_absent_one(web: Web) -> None:
    access.make_tenant(web.parts.db, "other", "Other")
    theirs = access.make_key(web.parts.db, web.parts.vault, "other", "theirs", ("make", "review"))
    job = make(web)["id"]
    for method, path in (
        ("GET", "/v1/jobs/{}"),
        ("GET", "/v1/jobs/{}/file"),
        ("GET", "/v1/jobs/{}/events"),
        ("POST", "/v1/jobs/{}/cancel"),
        ("POST", "/v1/reviews/{}"),
        ("DELETE", "/v1/webhooks/{}"),
    ):
        kwargs = {"json": {"decision": "approve"}} if "reviews" in path else {}
        foreign = web.call(method, path.format(job), key=theirs, **kwargs)
        absent = web.call(method, path.format("0" * 32), key=theirs, **kwargs)
        bodies = [{**answer.json, "request_id": ""} for answer in (foreign, absent)]  # type: ignore[dict-item]
        assert (foreign.status_code, bodies[0]) == (absent.status_code, bodies[1]) == (404, bodies[0])
    assert web.call("GET", "/v1/jobs", key=theirs).json == {"items": [], "next": None}


def test_pages_hold_every_job_once(web: Web) -> None:
    made = [make(web)["id"] for _ in range(7)]
    seen: list[str] = []
    cursor = ""
    while True:
        page: Any = web.call("GET", f"/v1/jobs?limit=3{cursor}").json
        web.check("JobPage", page)
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted(made)
    for bad in ("limit=0", "limit=101", "limit=x", "cursor=%00", "cursor=bm9wZQ=="):
        assert web.call("GET", f"/v1/jobs?{bad}").status_code == 400


def test_cancelling(web: Web) -> None:
    job = make(web)["id"]
    answer = web.call("POST", f"/v1/jobs/{job}/cancel")
    assert (answer.status_code, answer.json["stage"]) == (202, "cancelled")  # type: ignore[index]
    assert answer.json["error"]["code"] == "cancelled"  # type: ignore[index]


def test_a_stream_gives_signs_of_life_and_closes(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a reader that left is noticed, and its place among the few streams is free again."""
    monkeypatch.setattr(events, "OPEN_FOR_S", 0.2)
    monkeypatch.setattr(events, "_LOOK_EVERY_S", 0.01)
    said = web.call("GET", f"/v1/jobs/{make(web)['id']}/events").text
    assert ":\n\n" in said.partition("event: state")[2]
    parser = EventParser()
    assert [event.type for event in parser.feed(said.encode())] == ["state"]


def test_events_tell_states_and_the_result_and_resume(web: Web) -> None:
    job = make(web)["id"]
    claimed = jobs.claim(web.parts.db, job, "me", 30_000)
    assert claimed is not None
    admitted = jobs.move(web.parts.db, claimed, "admitted", "admitted")
    jobs.move(
        web.parts.db, admitted, "refused", "prompt.screened", values={"error_code": "refused", "error_says": "No."}
    )
    stream = web.call("GET", f"/v1/jobs/{job}/events")
    assert stream.mimetype == "text/event-stream"
    told = stream.text
    assert [line for line in told.splitlines() if line.startswith("event:")] == ["event: state"] * 3 + [
        "event: result"
    ]
    assert '"stage": "refused"' in told
    resumed = web.call("GET", f"/v1/jobs/{job}/events", headers={"Last-Event-ID": "2"}).text
    assert resumed.count("event: state") == 1
    assert web.call("GET", f"/v1/jobs/{job}/events", headers={"Last-Event-ID": "x"}).status_code == 400


def test_too_many_streams_are_refused_and_given_back(settings: Settings) -> None:
    web = web_of(replace(settings, web_threads=4))
    job = make(web)["id"]
    held = web.call("GET", f"/v1/jobs/{job}/events")
    refused = web.call("GET", f"/v1/jobs/{job}/events")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    held.close()
    web.call("POST", f"/v1/jobs/{job}/cancel")
    assert web.call("GET", f"/v1/jobs/{job}/events").status_code == 200


def test_webhook_endpoints_come_with_a_secret_once(web: Web) -> None:
    made: Any = web.call("POST", "/v1/webhooks", json={"url": "https://example.com/hook"}).json
    assert made["secret"].startswith("whsec_")
    listed: Any = web.call("GET", "/v1/webhooks").json
    assert [(item["id"], "secret" in item) for item in listed["items"]] == [(made["id"], False)]
    for bad in ("http://example.com", "ftp://x", "https://", "https://me:pw@example.com", "javascript:alert(1)", "x"):
        assert web.call("POST", "/v1/webhooks", json={"url": bad}).json["code"] == "bad_input"  # type: ignore[index]
    assert web.call("DELETE", f"/v1/webhooks/{made['id']}").status_code == 204
    assert web.call("GET", "/v1/webhooks").json == {"items": []}


def test_an_upload_to_verify_is_kept_whole_or_not_at_all(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    assert web.call("POST", "/v1/verify", data=b"").json["code"] == "bad_input"  # type: ignore[index]
    monkeypatch.setattr("reelgate_service.web.trust.WAIT_S", 0.1)
    answer = web.call("POST", "/v1/verify", data=b"not a video", content_type="application/octet-stream")
    assert (answer.status_code, answer.json["kind"]) == (202, "verify")  # type: ignore[index]
    form = web.call("POST", "/v1/verify", data={"file": (io.BytesIO(b"x" * 300_000), "x.mp4")})
    assert form.status_code == 202
    as_curl_says = web.call("POST", "/v1/verify", data=b"raw", content_type="application/x-www-form-urlencoded")
    assert as_curl_says.status_code == 202
    with web.parts.db.read() as session:
        sizes = sorted(session.scalars(select(tables.Blob.size)))
    assert sizes == [3, 11, 300_000]


def test_a_large_body_is_refused(web: Web) -> None:
    answer = web.call("POST", "/v1/reels", data=b"x" * 70_000, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")  # type: ignore[index]


def test_a_full_disk_is_told_and_stores_nothing_half(web: Web) -> None:
    pages = []

    @event.listens_for(web.parts.db.engine, "checkout")
    def _full(connection: sqlite3.Connection, *_: object) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        pages.append(used)
        connection.execute(f"PRAGMA max_page_count = {used}")

    refused = None
    for _ in range(40):  # until the pages that are there are full
        answer = web.call("POST", "/v1/reels", json={"prompt": "a dog " * 300})
        if answer.status_code != 202:
            refused = answer
            break
    assert refused is not None
    assert (refused.status_code, refused.json["code"]) == (507, "out_of_space")  # type: ignore[index]
    assert "room" in refused.json["detail"]  # type: ignore[index]
    assert rows(web, tables.Job) == rows(web, tables.Inbox) == rows(web, tables.Leaf)
    event.remove(web.parts.db.engine, "checkout", _full)
    web.parts.db.engine.dispose()
    assert web.call("POST", "/v1/reels", json={"prompt": "a dog"}).status_code == 202


def test_a_full_store_refuses_the_upload(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OutOfSpace("The disk that holds the store is full.")

    monkeypatch.setattr(type(web.parts.store), "put", full)
    answer = web.call("POST", "/v1/verify", data=b"bytes")
    assert (answer.status_code, rows(web, tables.Job)) == (507, 0)


def test_health_and_figures(web: Web) -> None:
    make(web)
    assert web.call("GET", "/livez", key="").json == {"status": "alive"}
    assert web.call("GET", "/readyz", key="").json == {"status": "ready"}
    figures = web.call("GET", "/metrics", key="").text
    assert 'reelgate_jobs{stage="queued"} 1.0' in figures
    assert "local" not in figures


def test_not_ready_before_the_schema_is_there(settings: Settings) -> None:
    from reelgate_service.app import create_app

    answer = create_app(settings).test_client().get("/readyz")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")  # type: ignore[index]


def test_what_is_not_made_yet_says_so(web: Web) -> None:
    for path in ("/v1/edits",):
        answer = web.call("POST", path, json={"prompt": "a dog"})
        assert (answer.status_code, answer.json["code"]) == (422, "not_offered")  # type: ignore[index]
        assert web.call("POST", path, json={}, key="").status_code == 401


def test_unknown_addresses_and_methods_are_problems_too(web: Web) -> None:
    for method, path, status, code in (
        ("GET", "/nowhere", 404, "not_found"),
        ("DELETE", "/v1/reels", 405, "method_not_allowed"),
        ("GET", "/v1/provenance/zz", 404, "not_found"),
        ("GET", "/v1/provenance/0123456789abcdef", 404, "not_found"),
    ):
        answer = web.call(method, path)
        assert (answer.status_code, answer.json["code"]) == (status, code)  # type: ignore[index]


def test_an_unexpected_error_tells_no_secret(
    web: Web, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("a baby hippo swimming")

    monkeypatch.setattr("reelgate_service.db.inbox.accept", explode)
    answer = web.call("POST", "/v1/reels", json={"prompt": "a baby hippo swimming"})
    assert (answer.status_code, answer.json["code"]) == (500, "error")  # type: ignore[index]
    captured = capsys.readouterr()
    assert "hippo" not in answer.text + captured.err + captured.out
    assert "request_crashed" in captured.err


def test_the_openapi_file_is_this_versions(web: Web) -> None:
    assert json.loads(OPENAPI.read_text()) == document(web.app), "write it anew: make openapi"


def test_every_route_is_described_or_meant_not_to_be(web: Web) -> None:
    described = set(document(web.app)["paths"])
    routes = {rule.rule.replace("<", "{").replace(">", "}") for rule in web.app.url_map.iter_rules()}
    pages = {"/", "/sign-in", "/session", "/static/{name}", "/favicon.ico"}
    platforms = {"/platforms/{slug}/{app}", "/f/{token}"}
    assert routes - described == pages | platforms | {"/v1/edits"}
