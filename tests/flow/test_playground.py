"""The playground as people use it: a real service, a real Chromium, from typed words to a reel that plays."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect
from tests.flow.browser import PATIENCE_MS, Browser, axe, plays, until
from tests.flow.running import Running

from reelgate_service.web.pages import STATIC

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e

expect.set_options(timeout=PATIENCE_MS)
SIGN_IN = re.compile(r"http://127\.0\.0\.1:\d+/sign-in#\S{43}")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("playground") / "home").start()
    yield running
    running.stop()


def signed_in(browser: Browser, service: Running, **look: bool) -> Page:
    page = browser.open(service.run("sign-in"), **look)
    expect(page.get_by_label("Your idea")).to_be_visible()
    return page


def ask(page: Page, words: str, *, seconds: int = 2, seed: int | None = None) -> None:
    if not page.get_by_label("Length").is_visible():
        page.locator("#more summary").click()
    page.get_by_label("Length").fill(str(seconds))
    page.get_by_label("1:1").check()
    if seed is not None:
        page.get_by_label("Seed", exact=True).fill(str(seed))
    page.get_by_label("Your idea").fill(words)
    page.keyboard.press("Enter")


def test_from_the_printed_link_to_a_playing_reel_and_its_record(
    browser: Browser, service: Running, tmp_path: Path
) -> None:
    browser.expects("status of 401")
    page = browser.open(f"{service.url}/")
    expect(page.get_by_role("heading", name="Sign in to try it")).to_be_visible()
    assert axe(page) == []
    browser.picture(page, "signed-out")

    printed = SIGN_IN.search(service.log())
    assert printed is not None
    page.goto(printed.group())
    expect(page.get_by_text("This machine")).to_be_visible()
    assert page.url == f"{service.url}/"
    assert axe(page) == []
    browser.picture(page, "empty")

    ask(page, "/imagine a baby hippo swimming", seed=5)
    expect(page.get_by_text(re.compile(r"Drawing picture \d+ of 48"))).to_be_visible()
    assert axe(page) == []
    browser.picture(page, "drawing")
    plays(page)
    expect(page.locator("#live")).to_have_text("Your reel is ready.")
    page.get_by_role("button", name="Turn the sound on").click()
    until(page, "document.querySelector('video').webkitAudioDecodedByteCount > 0")
    assert page.evaluate("document.querySelector('video').muted") is False
    assert axe(page) == []
    browser.picture(page, "made")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"reel-[0-9a-f]{16}\.mp4", download.value.suggested_filename)
    download.value.save_as(tmp_path / "reel.mp4")
    report = service.client().verify.file(tmp_path / "reel.mp4")
    assert report.verdict == "ours"  # type: ignore[union-attr]

    page.get_by_text("How it was made").click()
    record = page.locator("details.record")
    mark = download.value.suggested_filename[5:21]
    for said in (
        "Drawn by software",
        "subject: hippo",
        "let through",
        "reelgate-default@",
        mark,
        "The signature holds",
    ):
        expect(record).to_contain_text(said)
    expect(record).to_contain_text(re.compile(r"number \d+"))  # the ledger numbers its leaves moments later
    record.get_by_text("The whole C2PA manifest").click()
    expect(record.locator("pre").first).to_contain_text("com.reelgate.disclosure")
    assert axe(page) == []
    browser.picture(page, "record")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to try it")).to_be_visible()
    assert page.evaluate("fetch('/v1/jobs').then(answer => answer.status)") == 401


def test_on_a_phone_in_the_dark(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service, phone=True, dark=True)
    ask(page, "a red sailboat at sunset", seconds=1)
    plays(page)
    assert axe(page) == []
    browser.picture(page, "dark-made")
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], "the page is wider than the phone"


def test_remix_vary_and_the_way_back(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    title = page.locator("#stage h2")
    ask(page, "a fox runs", seconds=1, seed=5)
    plays(page)
    page.get_by_role("button", name="Remix").click()
    expect(page.get_by_label("Your idea")).to_have_value("a fox runs")
    expect(page.get_by_label("Seed", exact=True)).to_have_value("5")
    assert axe(page) == []
    browser.picture(page, "remix")
    page.get_by_label("Keep its seed").uncheck()
    expect(page.get_by_label("Seed", exact=True)).to_have_value("")
    page.get_by_label("Your idea").fill("a fox runs at night")
    page.get_by_role("button", name="Make it").click()
    expect(title).to_have_text("a fox runs at night")
    plays(page)
    page.get_by_role("link", name="made from another").click()
    expect(title).to_have_text("a fox runs")
    page.go_back()
    expect(title).to_have_text("a fox runs at night")
    first = page.url
    page.get_by_role("button", name="Vary").click()
    page.wait_for_url(lambda url: url != first)
    plays(page)
    page.get_by_text("How it was made").click()
    expect(page.locator("details.record")).to_contain_text(re.compile(r"\d+, variation \d+"))


def test_a_sticker_of_it(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service, phone=True)
    ask(page, "a baby hippo swimming", seconds=1)
    plays(page)
    page.get_by_role("button", name="Make a sticker").tap()
    until(page, "document.querySelector('.checker img')?.naturalWidth === 512")
    expect(page.locator("#live")).to_have_text("Your sticker is ready.")
    assert axe(page) == []
    browser.picture(page, "sticker")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").tap()
    assert download.value.suggested_filename.endswith(".webp")
    page.get_by_text("How it was made").tap()
    for said in ("a sticker", "let through", "The signature holds"):
        expect(page.locator("details.record")).to_contain_text(said)
    browser.picture(page, "sticker-record")


def test_an_idea_that_is_refused_gets_a_kind_sentence_and_its_words_back(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    ask(page, "how to build a pipe bomb at home")
    said = page.locator(".verdict")
    expect(said).to_contain_text("This one was not made")
    expect(said.locator("p")).not_to_be_empty()
    assert axe(page) == []
    browser.picture(page, "refused")
    page.get_by_role("button", name="Change the words").click()
    expect(page.get_by_label("Your idea")).to_have_value("how to build a pipe bomb at home")


def test_one_that_waits_for_a_person_goes_on_by_itself(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    ask(page, "a knight kills a dragon with blood", seconds=1)
    expect(page.locator(".verdict")).to_contain_text("A person will look at this one")
    assert axe(page) == []
    browser.picture(page, "waits")
    service.run("reviews", "approve", json.loads(service.run("reviews", "list", "--json"))["id"])
    plays(page)
    page.get_by_text("How it was made").click()
    expect(page.locator("details.record")).to_contain_text("left to a person by rules on the grounds: gore, violence")
    expect(page.locator("details.record")).to_contain_text("let through by a person")


def test_it_can_be_stopped_while_it_is_made(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    ask(page, "an owl flies over a snowy forest at night", seconds=16)
    expect(page.get_by_text(re.compile("Drawing picture"))).to_be_visible()
    page.get_by_role("button", name="Stop it").click()
    expect(page.locator(".verdict h2")).to_have_text("Stopped")
    expect(page.locator("#past button").first).to_contain_text("stopped")


def test_slips_are_said_before_anything_is_sent(browser: Browser, service: Running) -> None:
    page = signed_in(browser, service)
    wrong = page.locator("#words-wrong")
    page.get_by_role("button", name="Make it").click()
    expect(wrong).to_contain_text("type a few words")
    page.get_by_label("Your idea").fill("/dance a fox")
    page.keyboard.press("Enter")
    expect(wrong).to_contain_text("There is no /dance here")
    page.get_by_label("Your idea").fill("/sticker a fox")
    assert page.get_by_label("Sticker").is_checked()
    page.get_by_label("Your idea").fill('<img src=x onerror="alert(1)"> a fox')
    page.get_by_label("Reel", exact=True).check()
    page.keyboard.press("Tab")
    assert axe(page) == []


def test_the_keyboard_alone_is_enough_and_nothing_moves_for_who_wants_it_still(
    browser: Browser, service: Running
) -> None:
    page = signed_in(browser, service, still=True)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the reel")).to_be_focused()
    page.get_by_label("Your idea").focus()
    page.keyboard.type("a fox <b>runs</b>")
    page.locator("#more summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Length").focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Make it").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stage h2")).to_have_text("a fox <b>runs</b>")
    video = page.locator("video")
    expect(video).to_be_visible()
    page.locator("#skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stage")).to_be_focused()
    page.wait_for_timeout(500)
    assert video.evaluate("v => v.paused && v.readyState >= 2")
    assert page.evaluate("getComputedStyle(document.querySelector('summary'), '::before').transitionDuration") == "0s"


def test_where_no_stream_is_to_be_had_it_asks_again(browser: Browser, tmp_path: Path) -> None:
    browser.expects("status of 503")
    few = {"REELGATE_WEB_PROCESSES": "1", "REELGATE_WEB_THREADS": "4"}  # of which one may stream
    narrow = Running(tmp_path / "home", few).start()
    try:
        client = narrow.client()
        job = client.reels.create("a fox runs", seconds=16)
        headers = {"Authorization": f"Bearer {narrow.key}"}
        with requests.get(f"{narrow.url}/v1/jobs/{job.id}/events", headers=headers, stream=True, timeout=60) as held:
            assert held.ok
            page = signed_in(browser, narrow)
            page.locator("#past button").first.click()
            expect(page.get_by_text(re.compile("Drawing picture"))).to_be_visible()
            assert any("503" in line for line in browser.problems)
            browser.close()
    finally:
        narrow.kill()


def test_a_link_works_once_and_says_so(browser: Browser, service: Running) -> None:
    browser.expects("status of 401")
    link = service.run("sign-in")
    page = browser.open(link)
    expect(page.get_by_label("Your idea")).to_be_visible()
    other = browser.open(link)
    expect(other.get_by_text("This link was used already")).to_be_visible()
    assert axe(other) == []
    browser.picture(other, "link-used")
    assert link.partition("#")[2] not in service.log().replace(link, "")
    assert link not in service.log()


def test_the_scripts_ask_for_nothing_from_elsewhere_and_parse_no_markup() -> None:
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8")
        elsewhere = set(re.findall(r"https?://[\w.]+", text)) - {"http://www.w3.org"}
        assert not elsewhere, f"{path.name}: {elsewhere}"
        assert not re.search(r"innerHTML|insertAdjacentHTML|outerHTML|document\.write|\beval\(| on\w+=| style=", text)
