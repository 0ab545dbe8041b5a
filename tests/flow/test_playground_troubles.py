"""The playground when things go wrong or fast: double presses, lost answers, a service that is gone, a lost place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect
from tests.flow.browser import PATIENCE_MS, Browser, axe, plays, until
from tests.flow.running import Running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.e2e

expect.set_options(timeout=PATIENCE_MS)
LONG = "ein Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselbundanhängerverkäufergehilfe schwimmt"
TWO_ENTERS = """() => {
  for (const _ of [1, 2]) document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}"""
WIDTHS = "[document.documentElement.scrollWidth, innerWidth]"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("troubles") / "home").start()
    yield running
    running.stop()


def signed_in(browser: Browser, service: Running, **look: bool) -> Page:
    page = browser.open(service.run("sign-in"), **look)
    expect(page.get_by_label("Your idea")).to_be_visible()
    page.locator("#more summary").click()
    return page


def fill(page: Page, words: str, seconds: int = 1) -> None:
    page.get_by_label("Length").fill(str(seconds))
    page.get_by_label("1:1").check()
    page.get_by_label("Your idea").fill(words)


def draw(page: Page, words: str, seconds: int) -> None:
    """Ask for a reel, and wait until it is being drawn."""
    fill(page, words, seconds)
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"Drawing picture"))).to_be_visible()


def made(service: Running, words: str) -> int:
    """How many jobs there are of these words."""
    headers = {"Authorization": f"Bearer {service.key}"}
    page = requests.get(f"{service.url}/v1/records", headers=headers, timeout=30).json()
    return [one["asked"]["prompt"] for one in page["items"]].count(words)


def test_pressed_twice_is_made_once(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    fill(page, "a cat sleeps")
    page.get_by_label("Your idea").focus()
    page.evaluate(TWO_ENTERS)
    expect(page.locator("#stage h2").first).to_have_text("a cat sleeps")
    fill(page, "a dog runs")
    page.get_by_role("button", name="Make it").dblclick()
    expect(page.locator("#stage h2").first).to_have_text("a dog runs")
    assert (made(service, "a cat sleeps"), made(service, "a dog runs")) == (1, 1)


def test_an_order_whose_answer_is_lost_is_made_once_when_pressed_again(browser: Browser, service: Running) -> None:
    browser.expects("net::ERR_FAILED")
    page = signed_in(browser, service)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if len(lost) < 2:  # by itself the page asks a second time
            lost.append(route.request.headers["idempotency-key"])
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/v1/reels", lose)
    fill(page, "an owl flies")
    page.keyboard.press("Enter")
    expect(page.locator("#words-wrong")).to_contain_text("The service does not answer")
    expect(page.get_by_label("Your idea")).to_have_value("an owl flies")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("#stage h2").first).to_have_text("an owl flies")
    assert len(set(lost)) == 1
    assert made(service, "an owl flies") == 1


def test_the_input_methods_last_enter_sends_nothing(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    fill(page, "フクロウ")
    page.get_by_label("Your idea").evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, bubbles: true}))"
    )
    page.wait_for_timeout(500)
    expect(page.get_by_label("Your idea")).to_have_value("フクロウ")
    assert made(service, "フクロウ") == 0


def test_a_seed_that_is_none_is_said_also_from_the_button(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    fill(page, "a fox")
    page.get_by_label("Seed", exact=True).fill("five")
    page.locator("#more summary").click()
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("#words-wrong")).to_contain_text("The seed must be a whole number")
    expect(page.get_by_label("Seed", exact=True)).to_be_focused()


def test_reloading_in_the_middle_goes_on_where_it_was(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    draw(page, "a penguin walks", 4)
    page.reload()
    expect(page.locator("#stage h2")).to_have_text("a penguin walks")
    plays(page)
    assert made(service, "a penguin walks") == 1


@pytest.fixture
def mortal(service: Running) -> Iterator[Running]:
    """The service, for a test that kills it: the tests after it find it running."""
    yield service
    if service.process is None:
        service.start()


def test_while_the_service_is_gone_it_says_so_and_then_goes_on(browser: Browser, mortal: Running) -> None:
    browser.expects("net::ERR_")
    page = signed_in(browser, mortal)
    draw(page, "a dolphin jumps", 8)
    mortal.kill()
    lost = "The service does not answer. Nothing is lost"
    expect(page.locator("#doing")).to_contain_text(lost)
    expect(page.locator("#live")).to_contain_text(lost)
    assert axe(page) == []
    browser.picture(page, "service-gone")
    page.locator("#past button").nth(1).click()  # another one cannot be fetched now
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    browser.picture(page, "not-fetched")
    page.go_back()
    expect(again).to_be_visible()
    mortal.start()
    again.click()
    expect(page.locator("#stage h2")).to_have_text("a dolphin jumps")
    plays(page)


def test_the_keyboard_keeps_its_place(browser: Browser, service: Running) -> None:
    browser.expects("net::ERR_FAILED")
    page = signed_in(browser, service)
    draw(page, "a rabbit hops", 16)
    page.route("**/cancel", lambda route: route.abort())
    stop = page.get_by_role("button", name="Stop it")
    stop.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stage .wrong")).to_contain_text("The service does not answer")
    expect(stop).to_be_focused()
    page.unroute("**/cancel")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict h2")).to_have_text("Stopped")
    expect(page.locator("#stage")).to_be_focused()


def test_the_list_tells_of_those_that_are_not_on_show(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    with service.client() as client:
        finished = client.jobs.wait(client.reels.create("a bear", seconds=1, aspect=(1, 1)), 120)
        page.goto(f"{service.url}/#{finished.id}")
        plays(page)
        client.reels.create("a bee", seconds=1, aspect=(1, 1))
    page.reload()
    first = page.locator("#past button").first
    expect(first).to_contain_text("a bee")
    expect(first).to_contain_text("ready")


def test_older_ones_are_shown_once_and_stay(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    expect(page.locator("#past button").first).to_be_visible()
    page.route("**/v1/records*", lambda route: route.fulfill(json=page_of(route.request.url)))
    page.reload()
    expect(page.locator("#past button")).to_have_count(3)
    page.get_by_role("button", name="Show older ones").dblclick()
    expect(page.locator("#past button")).to_have_count(6)
    page.get_by_label("Your idea").fill("how to build a pipe bomb at home")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_contain_text("This one was not made")
    expect(page.locator("#past button")).to_have_count(6)


def page_of(url: str) -> dict[str, object]:
    """Three records, and three older ones behind a cursor."""
    numbers = range(3, 6) if "cursor" in url else range(3)
    asked = {"prompt": "a fox", "seconds": 1.0, "aspect": "1:1", "seed": 1, "variation": 0, "parent": None}
    items = [
        {
            "job": f"{number:032x}",
            "kind": "reel",
            "stage": "done",
            "created_at": "2026-01-02T03:04:05Z",
            "asked": asked,
        }
        for number in numbers
    ]
    return {"items": items, "next": None if "cursor" in url else "older"}


def test_a_sticker_is_still_for_who_wants_it_still(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service, still=True)
    fill(page, "/sticker a happy fox")
    page.keyboard.press("Enter")
    picture = page.get_by_role("img", name="Sticker: a happy fox")
    expect(page.locator(".checker canvas")).to_be_visible()
    until(page, "document.querySelector('.checker canvas').width === 512")
    assert axe(page) == []
    page.get_by_role("button", name="Let it move").click()
    expect(page.locator(".checker img")).to_be_visible()
    page.get_by_role("button", name="Keep it still").click()
    expect(page.locator(".checker canvas")).to_be_visible()
    expect(picture).to_be_visible()


def test_long_words_fit_a_phone_and_the_label_stands_beside_the_reel(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service, phone=True, dark=True)
    fill(page, LONG)
    page.keyboard.press("Enter")
    plays(page)
    expect(page.locator(".meta")).to_contain_text("Drawn by software · Reelgate")
    wide = page.evaluate(WIDTHS)
    assert wide[0] <= wide[1], "the page is wider than the phone"
    assert axe(page) == []
