"""Lists, reviews, provenance, verifying, webhook endpoints and files."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from tests.sdk.fake_service import KEY, Answer, FakeService, FakeWorld, client_of, job, js, problem

from reelgate import webhooks
from reelgate.client.model import job as read_job
from reelgate.errors import BodyInvalid, JobFailed, NotFound, ServiceError, TooLate
from reelgate.words import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from reelgate.client import Job

FILE = b"these are the bytes of a reel " * 5000


def done(url: str = "/v1/jobs/job_1/file", data: bytes = FILE, **more: object) -> Job:
    result = {"url": url, "media_type": "video/mp4", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return read_job(job("done", result={**result, **more}))


# -- lists and small things ------------------------------------------------------------------------------------------


def test_a_list_turns_its_pages_only_as_far_as_it_is_read():
    pages = [
        js({"items": [job(id="a"), job(id="b")], "next": "c/1"}, Link='</v1/jobs?cursor=c%2F1>; rel="next"'),
        js({"items": [], "next": "c/2"}),
        js({"items": [job(id="c")], "next": None}),
    ]
    with FakeService(*pages) as service, client_of(service) as client:
        jobs = client.jobs.list(page_size=2)
        assert service.seen == []
        assert next(jobs).id == "a"
        assert len(service.seen) == 1
        assert [each.id for each in jobs] == ["b", "c"]
    assert [request.query for request in service.seen] == [
        {"limit": "2"},
        {"limit": "2", "cursor": "c/1"},
        {"limit": "2", "cursor": "c/2"},
    ]


def test_a_list_that_turns_in_circles_is_left():
    page = js({"items": [job()], "next": "again"})
    with FakeService(page, page, page) as service, client_of(service) as client:
        with pytest.raises(ServiceError, match="twice"):
            list(client.jobs.list())


def test_a_job_is_asked_to_stop():
    with FakeService(js(job("cancelled")), problem(409, "too_late")) as service, client_of(service) as client:
        assert client.jobs.cancel("job_1").ended
        with pytest.raises(TooLate):
            client.jobs.cancel("job_1")
    assert service.asked == ["POST /v1/jobs/job_1/cancel"] * 2
    assert service.seen[0].headers["idempotency-key"]


def test_reviews_are_listed_and_decided():
    listed = js({"items": [{"id": "rev_1", "job": "job_1", "why": "words"}], "next": None})
    with FakeService(listed, js({}), Answer(204), js({})) as service, client_of(service) as client:
        review = next(client.reviews.list())
        client.reviews.approve(review, note="fine")
        client.reviews.block("rev_2")
        client.reviews.decide("rev_3", "adopt", external_id="ext-9")
    assert (review.job_id, review.raw["why"]) == ("job_1", "words")
    assert [(request.path, request.json) for request in service.seen[1:]] == [
        ("/v1/reviews/rev_1", {"decision": "approve", "note": "fine"}),
        ("/v1/reviews/rev_2", {"decision": "block"}),
        ("/v1/reviews/rev_3", {"decision": "adopt", "external_id": "ext-9"}),
    ]


def test_provenance_is_given_as_it_is():
    with FakeService(js({"mark_id": "00ff", "new": 1}), problem(404, "not_found")) as service:
        with client_of(service) as client:
            assert client.provenance.get("00ff") == {"mark_id": "00ff", "new": 1}
            with pytest.raises(NotFound):
                client.provenance.get("00aa")


def test_a_webhook_tells_of_a_job_without_asking():
    told = {"type": "job.done", "timestamp": "2026-01-02T03:04:05Z", "data": job("done", result={"size": 3})}
    with FakeService() as service, client_of(service) as client:
        secret = webhooks.new_secret()
        for body in (b'{"type": "job.done"}', b'{"data": {"id": "job_1"}}', b"[]", b"{"):
            signed = webhooks.verify(webhooks.sign("m", body, secret), body, secret)
            with pytest.raises(BodyInvalid):
                client.jobs.from_webhook(signed)
        body = json.dumps(told).encode()
        read = client.jobs.from_webhook(webhooks.verify(webhooks.sign("m", body, secret), body, secret))
    assert (read.id, read.stage) == ("job_1", "done")
    assert read.result is not None
    assert not service.seen


def test_a_job_says_what_it_waits_for_and_how_far_it_is():
    full = {"code": "out_of_space", "says": "We've run out of room."}
    with FakeService(js(job("marking", waits=full, progress={"done": 1, "total": 2}))) as service:
        with client_of(service) as client:
            seen = client.jobs.get(read_job(job()))
    assert (seen.waits.code, seen.waits.says) == ("out_of_space", "We've run out of room.")
    assert seen.progress == pytest.approx(0.8)
    way = [read_job(job(stage)).progress for stage in Stage if stage not in ("review", "held")]
    assert way == sorted(way)
    assert (way[0], way[-1]) == (0.0, 1.0)
    assert read_job(job("rendering", progress={"done": 9, "total": 3})).progress == read_job(job("checking")).progress
    assert read_job(job("review")).progress is None
    assert read_job(job("dreaming")).progress is None
    assert read_job(job()).waits is None


def test_a_webhook_secret_comes_once_and_is_not_shown():
    made = js({"id": "wh_1", "url": "https://a.example/hook", "secret": "whsec_abc"}, 201)
    listed = js({"items": [{"id": "wh_1", "url": "https://a.example/hook", "disabled": True}]})
    with FakeService(made, listed, Answer(204), problem(404, "not_found")) as service, client_of(service) as client:
        endpoint = client.webhooks.create("https://a.example/hook")
        assert endpoint.secret == "whsec_abc"
        assert "whsec" not in repr(endpoint)
        assert [(each.secret, each.disabled) for each in client.webhooks.list()] == [("", True)]
        assert not endpoint.disabled
        client.webhooks.delete(endpoint)
        client.webhooks.delete("wh_1")
    assert service.asked[2:] == ["DELETE /v1/webhooks/wh_1"] * 2


# -- verifying -------------------------------------------------------------------------------------------------------


def test_a_file_is_sent_whole_and_again_whole_when_the_answer_is_lost(tmp_path: Path):
    place = tmp_path / "clip.mp4"
    place.write_bytes(FILE)
    report = {"verdict": "ours", "label": None, "picture_mark": {"payload": "00ff"}}
    with FakeService(Answer(503), js(report)) as service, client_of(service) as client:
        seen = client.verify.file(place)
    assert seen.verdict == "ours"
    assert seen.raw["picture_mark"] == {"payload": "00ff"}
    assert [request.body for request in service.seen] == [FILE] * 2
    assert service.seen[0].headers["content-type"] == "video/mp4"
    assert service.seen[0].headers["idempotency-key"] == service.seen[1].headers["idempotency-key"]


def test_a_file_that_takes_longer_is_waited_for(tmp_path: Path):
    place = tmp_path / "clip.mp4"
    place.write_bytes(FILE)
    looked = js(job("done", kind="verify", result={"verdict": "mark_only"}))
    failed = js(job("failed", kind="verify", error={"code": "media_rejected", "says": "Not a video."}))
    for ended in (looked, failed):
        with FakeService(js(job(kind="verify"), 202), problem(404, "not_found"), ended) as service:
            with client_of(service) as client:
                if ended is looked:
                    assert client.verify.file(place).verdict == "mark_only"
                else:
                    with pytest.raises(JobFailed, match="media_rejected"):
                        client.verify.file(place)


# -- files -----------------------------------------------------------------------------------------------------------


def test_a_file_arrives_whole_or_again(tmp_path: Path):
    with FakeService(Answer(200, FILE, break_after=70_000), Answer(200, FILE)) as service:
        with client_of(service) as client:
            place = client.download(done(), tmp_path / "reel.mp4")
    assert place.read_bytes() == FILE
    assert [each.name for each in tmp_path.iterdir()] == ["reel.mp4"]
    assert service.seen[0].headers["authorization"] == f"Bearer {KEY}"


def test_what_a_longer_lost_attempt_left_behind_is_gone(tmp_path: Path):
    short = b"short"
    with FakeService(Answer(200, FILE, break_after=70_000), Answer(200, short)) as service:
        with client_of(service) as client:
            place = client.download(done(data=short, size=0), tmp_path / "reel.mp4")
    assert place.read_bytes() == short


@pytest.mark.parametrize(
    "wrong",
    [FILE[:-1] + b"!", FILE[:-1], FILE + b"more", b""],
    ids=["changed", "shorter", "longer", "empty"],
)
def test_other_bytes_never_take_the_place_of_the_file(tmp_path: Path, wrong: bytes):
    place = tmp_path / "reel.mp4"
    place.write_bytes(b"what was here before")
    with FakeService(Answer(200, wrong)) as service, client_of(service) as client:
        with pytest.raises(ServiceError, match="announced"):
            client.download(done(), place)
    assert place.read_bytes() == b"what was here before"
    assert list(tmp_path.iterdir()) == [place]


def test_a_signed_link_elsewhere_is_followed_without_the_key(tmp_path: Path):
    with FakeService(Answer(200, FILE)) as store:
        with FakeService(Answer(302, b"", {"Location": f"{store.url}/blob?sig=1"})) as service:
            with client_of(service) as client:
                place = client.download(done(), tmp_path / "reel.mp4")
    assert place.read_bytes() == FILE
    assert "authorization" in service.seen[0].headers
    assert "authorization" not in store.seen[0].headers
    assert store.seen[0].query == {"sig": "1"}


def test_a_direct_link_elsewhere_has_no_key_and_a_lost_one_no_end(tmp_path: Path):
    with FakeService(Answer(200, FILE)) as store, FakeService() as service, client_of(service) as client:
        client.download(done(f"{store.url}/blob"), tmp_path / "reel.mp4")
        assert "authorization" not in store.seen[0].headers
        store.script.extend([Answer(302, b"", {"Location": "/again"})] * 9)
        with pytest.raises(ServiceError, match="redirects"):
            client.download(done(f"{store.url}/blob"), tmp_path / "other.mp4")
        with pytest.raises(ServiceError, match="as safe"):
            client.download(done("file:///etc/passwd"), tmp_path / "other.mp4")
    assert len(store.seen) == 5


def test_a_job_without_a_file_has_nothing_to_download(tmp_path: Path):
    with FakeService() as service, client_of(service) as client, pytest.raises(NotFound):
        client.download(read_job(job("rendering")), tmp_path / "reel.mp4")


def test_keys_of_the_world_name_the_temporary_file(tmp_path: Path):
    """Two downloads to one place at once do not write into each other's bytes."""
    world = FakeWorld()
    with FakeService(Answer(200, FILE), Answer(200, FILE)) as service, client_of(service, world) as client:
        client.download(done(), tmp_path / "reel.mp4")
        client.download(done(), tmp_path / "reel.mp4")
    assert world.keys == 2
