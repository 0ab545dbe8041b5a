"""Waiting for a job: through its event stream, through losses of it, and without one."""

from __future__ import annotations

import pytest
from tests.sdk.fake_service import (
    HANG_UP,
    Answer,
    FakeService,
    FakeWorld,
    Seen,
    client_of,
    event,
    job,
    js,
    problem,
    stream,
)

from reelgate.client import Retry, Update
from reelgate.errors import Held, JobFailed, NotFound, ReelgateError, Refused, StillRunning, Unavailable

RESULT = {
    "url": "/v1/jobs/job_1/file",
    "media_type": "video/mp4",
    "size": 5,
    "sha256": "00" * 32,
    "width": 720,
    "height": 1280,
    "seconds": 4.0,
    "mark_id": "00112233445566ff",
    "label": "Drawn by software",
    "caption": "a hippo",
}
DONE = job("done", result=RESULT)
NO_STREAM = problem(404, "not_found")


def test_the_stream_tells_each_stage_and_the_job_has_the_last_word():
    news: list[Update] = []
    told = stream(
        event("state", {"stage": "rendering"}, "1"),
        event("progress", {"stage": "rendering", "done": 12, "total": 96}, "2"),
        ": still here\n\n",
        event("dance", {"stage": "rendering"}),
        event("result", DONE, "3"),
    )
    with FakeService(told, js(DONE)) as service, client_of(service) as client:
        done = client.jobs.wait("job_1", on_progress=news.append)
    assert [(update.stage, update.done, update.total) for update in news] == [
        ("rendering", 0, 0),
        ("rendering", 12, 96),
        ("done", 0, 0),
    ]
    assert done.result is not None
    assert done.result.mark_id == "00112233445566ff"
    assert service.seen[0].headers["accept"] == "text/event-stream"
    assert "last-event-id" not in service.seen[0].headers
    assert service.asked == ["GET /v1/jobs/job_1/events", "GET /v1/jobs/job_1"]


@pytest.mark.parametrize("cut", [False, True], ids=["closed", "broken off"])
def test_a_stream_that_ends_is_joined_again_where_it_was(cut: bool):
    first = stream(event("state", {"stage": "rendering"}, "41"), 'id: 42\nevent: state\ndata: {"sta', cut=cut)
    second = stream(event("result", DONE, "43"))
    script = [first, js(job("rendering")), second, js(DONE)]
    world = FakeWorld()
    with FakeService(*script) as service, client_of(service, world) as client:
        assert client.jobs.wait("job_1").stage == "done"
    assert service.seen[2].headers["last-event-id"] == "41"
    assert world.slept == [0.5]


def test_the_service_says_how_soon_to_join_again():
    world = FakeWorld()
    script = [stream("retry: 3000\n\n"), js(job("rendering")), stream(event("result", DONE)), js(DONE)]
    with FakeService(*script) as service, client_of(service, world) as client:
        client.jobs.wait("job_1")
    assert world.slept == [3.0]
    assert not service.script


def test_a_stream_and_a_job_that_disagree_make_no_tight_loop():
    world = FakeWorld()
    hasty = stream("retry: 0\n\n", event("state", {"stage": "done"}))
    still = js(job("rendering"), Retry_After="0")
    script = [hasty, still, stream("retry: 0\n\n"), still, hasty, js(DONE)]
    with FakeService(*script) as service, client_of(service, world) as client:
        client.jobs.wait("job_1")
    assert world.slept == [0.1, 0.1]


def test_without_a_stream_it_asks_as_often_as_the_service_likes():
    world = FakeWorld()
    script = [NO_STREAM, js(job(), Retry_After="4"), js(job("rendering"), Retry_After="1"), js(DONE)]
    with FakeService(*script) as service, client_of(service, world) as client:
        assert client.jobs.wait("job_1").stage == "done"
    assert world.slept == [4.0, 1.0]
    assert service.asked[1:] == ["GET /v1/jobs/job_1"] * 3


def test_a_page_that_is_no_stream_is_not_read_as_one():
    page = Answer(200, event("state", {"stage": "dancing"}).encode(), {"Content-Type": "text/html"})
    with FakeService(page, js(DONE)) as service, client_of(service) as client:
        assert [update.stage for update in client.jobs.events("job_1")] == ["done"]


@pytest.mark.parametrize("status", [404, 405, 406, 501])
def test_a_service_without_streams_is_not_asked_for_one_again(status: int):
    script = [Answer(status), *[js(job("rendering"), Retry_After="60")] * 3, js(DONE)]
    with FakeService(*script) as service, client_of(service) as client:
        client.jobs.wait("job_1")
    assert service.asked.count("GET /v1/jobs/job_1/events") == 1


def test_no_room_for_streams_means_asking_until_there_is():
    world = FakeWorld()
    full = problem(503, "busy", Retry_After="5")
    script = [full, *[js(job("rendering"), Retry_After="3")] * 2, stream(event("result", DONE)), js(DONE)]
    with FakeService(*script) as service, client_of(service, world) as client:
        client.jobs.wait("job_1")
    assert world.slept == [3.0, 3.0]
    assert service.asked.count("GET /v1/jobs/job_1/events") == 2


def test_what_a_stream_swallowed_is_found_by_asking():
    with FakeService(stream(": nothing but comments\n\n"), js(DONE)) as service, client_of(service) as client:
        assert client.jobs.wait("job_1").stage == "done"


def test_an_outage_is_waited_through():
    world = FakeWorld()
    script = [HANG_UP, *[HANG_UP] * 3, HANG_UP, Answer(503), js(DONE)]
    with FakeService(*script) as service, client_of(service, world, Retry(attempts=3)) as client:
        assert client.jobs.wait("job_1").stage == "done"
    assert not service.script


def test_a_service_that_stays_silent_is_given_up():
    with FakeService(*[HANG_UP] * 40) as service, client_of(service, retry=Retry(attempts=2)) as client:
        with pytest.raises(Unavailable):
            client.jobs.wait("job_1", timeout=None)
    assert service.script


def test_time_runs_out_and_the_job_goes_on():
    world = FakeWorld()
    script = [NO_STREAM, *[js(job("rendering"), Retry_After="4")] * 5]
    with FakeService(*script) as service, client_of(service, world) as client:
        with pytest.raises(StillRunning) as caught:
            client.jobs.wait("job_1", timeout=10)
    assert caught.value.retryable
    assert sum(world.slept) == 10
    assert not any(request.method == "POST" for request in service.seen)


def test_a_job_that_is_not_there_is_not_waited_for():
    with FakeService(NO_STREAM, NO_STREAM) as service, client_of(service) as client, pytest.raises(NotFound):
        client.jobs.wait("job_1")


@pytest.mark.parametrize(
    ("ended", "error"),
    [
        (job("refused", error={"code": "refused", "says": "Not that one."}), Refused),
        (job("review", review={"id": "rev_1"}), Held),
        (job("held", review={"id": "rev_1"}), Held),
        (job("failed", error={"code": "mark_failed", "says": "It could not be marked."}), JobFailed),
        (job("cancelled"), JobFailed),
        (job("expired"), JobFailed),
    ],
    ids=lambda value: value["stage"] if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("streamed", [True, False])
def test_a_job_without_a_file_raises_what_it_ended_as(
    ended: dict[str, object], error: type[ReelgateError], streamed: bool
):
    told = stream(event("state", {"stage": ended["stage"]})) if streamed else NO_STREAM
    with FakeService(told, js(ended)) as service, client_of(service) as client, pytest.raises(error) as caught:
        client.jobs.wait("job_1")
    assert "job_1" in str(caught.value)
    if isinstance(caught.value, JobFailed):
        assert caught.value.stage == ended["stage"]
    if ended["stage"] == "failed":
        assert isinstance(caught.value, JobFailed)
        assert (caught.value.reason, caught.value.says) == ("mark_failed", "It could not be marked.")
    if ended["stage"] == "refused":
        assert caught.value.says == "Not that one."
    if error is Held:
        assert "rev_1" in str(caught.value)


def test_events_tell_how_it_ended_without_raising():
    with FakeService(NO_STREAM, js(job("failed"))) as service, client_of(service) as client:
        last = list(client.jobs.events("job_1"))[-1]
    assert last.job is not None
    assert last.job.stage == "failed"


def test_events_go_on_from_where_the_program_was():
    with FakeService(stream(event("result", DONE)), js(DONE)) as service, client_of(service) as client:
        list(client.jobs.events("job_1", last_event_id="17"))
    assert service.seen[0].headers["last-event-id"] == "17"


def test_leaving_the_loop_lets_go_of_the_stream():
    def slow(_: Seen) -> Answer:
        return stream(*[event("progress", {"stage": "rendering", "done": n, "total": 99}) for n in range(99)])

    with FakeService(slow, js(job())) as service, client_of(service) as client:
        for update in client.jobs.events("job_1"):
            assert update.stage == "rendering"
            break
        assert client.jobs.get("job_1").id == "job_1"
