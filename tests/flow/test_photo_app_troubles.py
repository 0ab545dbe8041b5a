"""The photo app's page when things go wrong or fast, in a real browser, against a scripted service."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.examples.test_photo_app import DONE, MINE, Road, here, pressed, road
from tests.flow.browser import PATIENCE_MS, Browser, axe
from tests.sdk.fake_service import job, js
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e
__all__ = ["here", "road"]  # fixtures of the tests without a browser

expect.set_options(timeout=PATIENCE_MS)
REFUSED = js(job("refused", error={"code": "policy", "says": "We can't film that one."}))


class Quiet(WSGIRequestHandler):
    """No line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture
def url(here: SimpleNamespace) -> Iterator[str]:
    """Where the app is served. Named before ``browser``: pages are closed before what they ask is gone."""
    server = make_server("127.0.0.1", 0, here.pages.application, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def orders(here: SimpleNamespace) -> list[str]:
    return [seen.headers["idempotency-key"] for seen in here.service.seen if seen.method == "POST"]


def submit_twice(page: Page, form: str) -> list[bool]:
    """Two presses before anything could answer; for each, whether the browser would send the form itself."""
    script = (
        "each => [1, 2].map(() => each.dispatchEvent(new SubmitEvent('submit', {bubbles: true, cancelable: true})))"
    )
    prevented: list[bool] = page.locator(form).first.evaluate(script)
    return prevented


def test_pressed_twice_is_asked_once(here: SimpleNamespace, url: str, browser: Browser) -> None:
    page = browser.open(url)
    submit_twice(page, "[action$='/reel']")
    expect(page.locator(".news li")).to_have_count(1)
    assert len(here.store.extras()) == 1
    assert len(set(orders(here))) == 1
    assert submit_twice(page, ".add form") == [True, False]


def test_what_did_not_get_through_is_said_for_all_to_see(here: SimpleNamespace, url: str, browser: Browser) -> None:
    browser.expects("net::ERR_FAILED")
    page = browser.open(url)
    page.route("**/reel", lambda route: route.abort())
    make = page.get_by_role("button", name="Make a reel")
    make.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="That did not get through")).to_be_visible()
    expect(make).to_be_focused()
    assert not axe(page)
    browser.picture(page, "photo-app-not-sent")
    page.unroute("**/reel")
    make.click()
    expect(page.locator(".news li")).to_have_count(1)
    expect(page.locator("[data-amiss]")).to_be_hidden()
    assert len(here.store.extras()) == 1


def test_a_missing_answer_ends_nothing(here: SimpleNamespace, road: Road, url: str, browser: Browser) -> None:
    browser.expects("net::ERR_FAILED")
    pressed(here, "sticker")
    page = browser.open(url)
    expect(page.locator("progress")).to_be_visible()
    page.route("**/card", lambda route: route.abort())
    road.job = REFUSED
    expect(page.locator("#lost")).to_contain_text("Windowsill does not answer")
    browser.picture(page, "photo-app-lost")
    page.unroute("**/card")
    expect(page.locator(".news .wrong")).to_have_text("We can't film that one.")
    expect(page.locator("#lost")).to_be_hidden()


def test_the_keyboard_keeps_its_place(here: SimpleNamespace, road: Road, url: str, browser: Browser) -> None:
    pressed(here, "sticker")
    page = browser.open(url)
    page.get_by_role("button", name="Stop the sticker").focus()
    road.job = REFUSED
    expect(page.locator("summary", has_text="Try other words")).to_be_focused()
    page.get_by_role("button", name="Remove the sticker").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".news li")).to_have_count(0)
    expect(page.get_by_role("button", name="Make a reel")).to_be_focused()


def test_typed_words_stay_and_news_catch_up(here: SimpleNamespace, road: Road, url: str, browser: Browser) -> None:
    road.order = REFUSED
    pressed(here, "sticker")
    road.order = js(job(), 202)
    pressed(here, "sticker", key="1" * 32, words="an owl")
    page = browser.open(url)
    page.locator("summary", has_text="Try other words").click()
    page.get_by_label("Words").fill("a happy hippo")
    page.get_by_role("heading", name="Windowsill").click()
    road.job = js({**DONE, "id": "job_1"})
    expect(page.locator("#live")).to_have_text("The sticker is ready.")
    page.wait_for_timeout(2500)
    expect(page.get_by_label("Words")).to_have_value("a happy hippo")
    page.locator("summary", has_text="Try other words").click()
    expect(page.locator(".news .label")).to_have_text("Drawn by software")
    expect(page.locator("progress")).to_have_count(0)
    assert here.store.one(MINE)["stage"] == "refused"


def test_a_key_that_is_held_keeps_the_last(here: SimpleNamespace, road: Road, url: str, browser: Browser) -> None:
    road.job = js(DONE)
    pressed(here, "sticker", x="0.5", y="0.5")
    here.pages.get(f"/photos/{here.photo}/news")
    page = browser.open(url)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/place") else None)
    page.locator(".sticker").focus()
    with page.expect_response("**/place"):
        page.evaluate(
            """() => { for (let n = 0; n < 12; n += 1) document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true })); }"""
        )
    assert here.store.one(MINE)["x"] == pytest.approx(0.86)
    assert len(sent) == 1
