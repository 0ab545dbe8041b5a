"""The example photo app without a browser: what it hears, asks and lets in, against a scripted service."""

from __future__ import annotations

import importlib
import io
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from PIL import Image
from tests.sdk.fake_service import FILE, HANG_UP, KEY, RESULT, Answer, FakeService, FakeWorld, Seen, job, js, problem

from reelgate import webhooks
from reelgate.client import Client, Retry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

APP = Path(__file__).parents[2] / "examples" / "photo-app"
SECRET = webhooks.new_secret()
DONE = job("done", result=RESULT)
MINE = "0" * 32


class Road:
    """A service that takes every order, and answers what a test wants about jobs and files."""

    def __init__(self) -> None:
        self.job: Answer = js(job("rendering", progress={"done": 1, "total": 2}))
        self.order: Answer = js(job(), 202)
        self.file: Answer = Answer(200, FILE)

    def __call__(self, request: Seen) -> Answer:
        if request.method == "POST":
            return self.order
        return self.file if request.path.endswith("/file") else self.job


@pytest.fixture
def road() -> Road:
    return Road()


@pytest.fixture
def here(road: Road, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The app: its ``pages`` (a test client), its ``store``, and the ``service`` it asks."""
    monkeypatch.syspath_prepend(str(APP))
    modules = {name: importlib.import_module(name) for name in ("app", "making", "photos", "store")}
    plain = ((lambda: Image.new("RGB", (60, 60)), "A sailboat at sunset"),)
    monkeypatch.setattr(modules["photos"], "STARTERS", plain)
    monkeypatch.setattr(modules["photos"], "_finished", lambda picture: picture)
    store = modules["store"].Store(tmp_path)
    with FakeService(*[road] * 200) as service:
        world = FakeWorld().world()
        with Client(service.url, KEY, timeout=5.0, world=world, retry=Retry(attempts=1)) as client:
            app = modules["app"].create_app(client, store)
            app.config["WEBHOOK_SECRET"] = SECRET
            (photo,) = store.photos()
            yield SimpleNamespace(
                pages=app.test_client(), store=store, service=service, photo=photo["id"], views=modules["app"].view
            )
    store.close()
    for name in modules:
        monkeypatch.delitem(importlib.sys.modules, name)


def pressed(here: SimpleNamespace, kind: str = "reel", **more: str) -> Any:
    """Press a button; the row that came of it."""
    form = {"key": MINE, "words": "a hippo", **more}
    assert here.pages.post(f"/photos/{here.photo}/{kind}", data=form).status_code == 303
    return here.store.one(form["key"])


def told(data: object, type: str = "job.done") -> bytes:
    return json.dumps({"type": type, "timestamp": "2026-01-02T03:04:05Z", "data": data}).encode()


def call(pages: FlaskClient, body: bytes, headers: dict[str, str] | None = None, name: str = "msg_1") -> int:
    """Deliver a webhook, signed as the service does unless other headers are given."""
    signed = webhooks.sign(name, body, SECRET) if headers is None else headers
    return pages.post("/reelgate", data=body, headers=signed).status_code


def asked(here: SimpleNamespace, way: str) -> int:
    return sum(way in line for line in here.service.asked)


# -- the webhook ----------------------------------------------------------------------------------------------------


def test_a_webhook_brings_the_file(here: SimpleNamespace) -> None:
    pressed(here)
    assert call(here.pages, told(DONE)) == 204
    row = here.store.one(MINE)
    assert (row["stage"], row["label"]) == ("done", "Drawn by software")
    assert (here.store.media / row["file"]).read_bytes() == FILE
    assert row["file"].endswith(".mp4")
    with here.pages.get(f"/media/{row['file']}") as answer:
        assert answer.data == FILE


def test_the_same_webhook_again_is_answered_and_does_nothing(here: SimpleNamespace) -> None:
    pressed(here)
    for _ in range(3):
        assert call(here.pages, told(DONE)) == 204
    assert asked(here, "/file") == 1
    here.store.remove(MINE)
    pressed(here)  # the same id anew: a replay must not finish what it never spoke of
    assert call(here.pages, told(DONE)) == 204
    assert here.store.one(MINE)["stage"] != "done"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers, body: ({}, body),
        lambda headers, body: (webhooks.sign("msg_1", body, webhooks.new_secret()), body),
        lambda headers, body: (headers, body + b" "),
        lambda headers, body: (headers, json.dumps(json.loads(body), indent=1).encode()),
        lambda headers, body: ({**headers, "webhook-id": "msg_2"}, body),
        lambda headers, body: (webhooks.sign("msg_1", body, SECRET, lambda: 1_000_000_000), body),
    ],
    ids=["unsigned", "stranger", "changed", "rewritten", "renamed", "old"],
)
def test_a_forged_webhook_changes_nothing(
    here: SimpleNamespace, spoil: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]
) -> None:
    pressed(here)
    before = dict(here.store.one(MINE))
    headers, body = spoil(webhooks.sign("msg_1", told(DONE), SECRET), told(DONE))
    assert call(here.pages, body, headers) == 401
    assert dict(here.store.one(MINE)) == before
    assert asked(here, "/file") == 0
    assert call(here.pages, told(DONE)) == 204  # and the true one still counts
    assert here.store.one(MINE)["stage"] == "done"


def test_late_and_early_news_never_undo_an_end(here: SimpleNamespace, road: Road) -> None:
    pressed(here)
    road.job = js(DONE)
    here.pages.get(f"/photos/{here.photo}/news")
    assert here.store.one(MINE)["stage"] == "done"
    assert call(here.pages, told(job("failed"), "job.failed"), name="msg_2") == 204
    assert call(here.pages, told(job("rendering"), "job.started"), name="msg_3") == 204
    assert call(here.pages, told(DONE), name="msg_4") == 204
    row = here.store.one(MINE)
    assert (row["stage"], row["says"]) == ("done", "")
    assert asked(here, "/file") == 1


def test_a_webhook_of_a_job_that_is_not_ours_is_taken_note_of(here: SimpleNamespace) -> None:
    assert call(here.pages, told(job("done", id="job_9", result=RESULT))) == 204
    assert not here.service.seen


def test_a_signed_webhook_that_tells_of_no_job_is_refused(here: SimpleNamespace) -> None:
    assert call(here.pages, b'{"type": "ping"}') == 400
    assert call(here.pages, b"not json") == 400


def test_a_webhook_whose_file_cannot_be_fetched_is_asked_for_again(here: SimpleNamespace, road: Road) -> None:
    pressed(here)
    road.file = HANG_UP
    assert call(here.pages, told(DONE)) == 503
    road.file = Answer(200, b"other bytes....")
    assert call(here.pages, told(DONE)) == 503
    assert here.store.one(MINE)["stage"] == "queued"
    assert not list(here.store.media.glob("*.mp4"))
    road.file = Answer(200, FILE)
    assert call(here.pages, told(DONE)) == 204
    assert here.store.one(MINE)["stage"] == "done"


def test_without_a_secret_there_is_no_webhook(here: SimpleNamespace) -> None:
    here.pages.application.config["WEBHOOK_SECRET"] = ""
    assert call(here.pages, told(DONE)) == 404


# -- asking ---------------------------------------------------------------------------------------------------------


def test_pressed_twice_is_asked_with_one_key(here: SimpleNamespace) -> None:
    pressed(here)
    pressed(here)
    assert {request.headers["idempotency-key"] for request in here.service.seen} == {MINE}
    assert len(here.store.extras(here.photo)) == 1


def test_what_could_not_be_asked_is_asked_again_with_the_same_key(here: SimpleNamespace, road: Road) -> None:
    road.order = HANG_UP
    row = pressed(here)
    assert (row["stage"], row["job"]) == ("asking", "")
    assert "not answering" in here.pages.get("/").text
    road.order = js(job(), 202)
    here.pages.get(f"/photos/{here.photo}/news")
    assert here.store.one(MINE)["job"] == "job_1"
    assert {request.headers["idempotency-key"] for request in here.service.seen} == {MINE}


def test_a_sticker_goes_where_it_was_put(here: SimpleNamespace) -> None:
    row = pressed(here, "sticker", x="0.25", y="0.7")
    assert here.service.seen[-1].path == "/v1/stickers"
    assert here.service.seen[-1].json == {"prompt": "a hippo"}
    assert (row["x"], row["y"]) == (0.25, 0.7)
    here.pages.post(f"/extras/{MINE}/place", data={"x": "7", "y": "nan"})
    assert (here.store.one(MINE)["x"], here.store.one(MINE)["y"]) == (0.95, 0.5)


def test_the_caption_stands_in_for_words_left_out(here: SimpleNamespace) -> None:
    pressed(here, words="  ")
    assert here.service.seen[-1].json["prompt"] == "A sailboat at sunset"


@pytest.mark.parametrize(
    ("answer", "stage", "sentence"),
    [
        (js(job("refused", error={"code": "policy", "says": "We can't film that one."})), "refused", "film that one"),
        (js(job("failed", error={"code": "x", "says": "It broke. Try again."})), "failed", "It broke"),
        (js(job("expired")), "failed", "could not be finished"),
        (js(job("review")), "review", "A person looks at this one first"),
        (js(job("held")), "held", "A person has to look into this one"),
        (js(job("marking", waits={"code": "out_of_space", "says": "No room left."})), "marking", "No room left."),
        (js(job("dreaming")), "dreaming", "Working on it"),
        (problem(404, "not_found"), "failed", "does not know this one"),
        (problem(503, "unavailable"), "queued", "told: unavailable"),
    ],
)
def test_what_became_of_it_is_said_honestly(
    here: SimpleNamespace, road: Road, answer: Answer, stage: str, sentence: str
) -> None:
    pressed(here)
    road.job = answer
    here.pages.get(f"/photos/{here.photo}/news")
    assert here.store.one(MINE)["stage"] == stage
    page = here.pages.get("/").text.replace("&#39;", "'")
    assert sentence in page
    assert ("Try other words" in page) == (stage in {"refused", "failed"})


def test_other_words_take_the_place_of_the_refused_ones(here: SimpleNamespace, road: Road) -> None:
    road.order = problem(422, "refused")
    assert pressed(here)["stage"] == "refused"
    road.order = js(job(), 202)
    again = pressed(here, key="1" * 32, words="an owl", instead=MINE)
    assert again["words"] == "an owl"
    assert len(here.store.extras(here.photo)) == 1


def test_stopping_asks_the_service_and_says_so(here: SimpleNamespace, road: Road) -> None:
    pressed(here)
    road.order = problem(409, "too_late")
    here.pages.post(f"/extras/{MINE}/stop")
    assert here.store.one(MINE)["stage"] == "rendering"
    road.order = js(job("cancelled", error={"code": "cancelled", "says": "This one was stopped, as asked."}), 202)
    here.pages.post(f"/extras/{MINE}/stop")
    assert here.service.asked[-1] == "POST /v1/jobs/job_1/cancel"
    assert here.store.one(MINE)["says"] == "This one was stopped, as asked."


def test_removing_takes_the_file_along(here: SimpleNamespace) -> None:
    pressed(here)
    call(here.pages, told(DONE))
    file = here.store.media / here.store.one(MINE)["file"]
    assert file.exists()
    here.pages.post(f"/extras/{MINE}/remove")
    assert not file.exists()
    assert here.pages.post(f"/extras/{MINE}/remove").status_code == 404


# -- what reaches a browser, and what comes from one ----------------------------------------------------------------


def test_the_key_and_the_secret_stay_on_the_server(here: SimpleNamespace) -> None:
    pressed(here)
    call(here.pages, told(DONE))
    for path in ("/", f"/photos/{here.photo}/card", f"/photos/{here.photo}/news", "/static/app.js"):
        with here.pages.get(path) as answer:
            assert not {word for word in (KEY, SECRET, here.service.url) if word in answer.text}


def test_no_script_and_no_style_stands_in_the_page(here: SimpleNamespace) -> None:
    answer = here.pages.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)", answer.text)


def test_words_of_people_are_words_in_the_page(here: SimpleNamespace) -> None:
    pressed(here, words='<img src=x onerror="alert(1)">')
    assert "<img src=x" not in here.pages.get("/").text


def test_another_sites_page_cannot_press_our_buttons(here: SimpleNamespace) -> None:
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site}
        assert here.pages.post(f"/photos/{here.photo}/reel", data={}, headers=headers).status_code == 403
    assert not here.service.seen


def uploaded(here: SimpleNamespace, data: bytes, name: str = "photo.jpg") -> Any:
    fields = {"caption": "A  cat\nin the sun"}
    form = requests.Request("POST", "http://here/", files={"photo": (name, data)}, data=fields).prepare()
    return here.pages.post("/photos", data=form.body, content_type=form.headers["content-type"])


def test_an_uploaded_photo_is_written_anew(here: SimpleNamespace) -> None:
    kept = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "a camera"
    Image.new("RGB", (3000, 2000), "red").save(kept, "JPEG", exif=exif)
    assert uploaded(here, kept.getvalue() + b"something behind it").status_code == 303
    newest = here.store.photos()[0]
    assert newest["caption"] == "A cat in the sun"
    data = (here.store.media / newest["file"]).read_bytes()
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (1067, 1600), 0)
    assert b"something behind it" not in data


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(40), b"<svg xmlns='x'/>", b"\xff\xd8\xff\xe0" + bytes(50)])
def test_what_is_no_photo_is_refused_kindly(here: SimpleNamespace, data: bytes) -> None:
    answer = uploaded(here, data)
    assert answer.status_code == 422
    assert "cannot be read as a photo" in answer.text
    assert len(here.store.photos()) == 1


def test_too_many_bytes_and_too_many_pixels_are_refused_kindly(here: SimpleNamespace) -> None:
    assert "At most 12 MB, please" in uploaded(here, bytes(13 << 20)).text
    kept = io.BytesIO()
    Image.new("1", (9000, 9000)).save(kept, "PNG")
    answer = uploaded(here, kept.getvalue())
    assert answer.status_code == 422
    assert "40 megapixels" in answer.text


def test_a_missing_photo_is_asked_for(here: SimpleNamespace) -> None:
    answer = here.pages.post("/photos", data={"caption": "x"})
    assert answer.status_code == 422
    assert "choose a photo" in answer.text


def test_the_wall_draws_its_own_first_photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(APP))
    photos, stores = importlib.import_module("photos"), importlib.import_module("store")
    store = stores.Store(tmp_path)
    photos.starters(store)
    photos.starters(store)
    shown = store.photos()
    assert [photo["caption"] for photo in shown] == [caption for _, caption in photos.STARTERS]
    for photo in shown:
        with Image.open(store.media / photo["file"]) as picture:
            assert picture.size == (1200, 1200)
            assert len(picture.getcolors(1 << 24)) > 1000
    store.close()
