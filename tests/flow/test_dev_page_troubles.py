"""The chat page when things go wrong or fast: double presses, a twin that is gone, answers that overtake others."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.flow.browser import PATIENCE_MS, axe
from tests.flow.test_dev_page import chat, imagine, post, sticker, twin
from tests.integrations.discord.bot import FORM, SILENT, Bot

from reelgate_integrations.dev.pages import Page as ChatPage
from reelgate_integrations.discord.standin.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Route
    from tests.flow.browser import Browser

    from reelgate_integrations.discord.twin import DiscordTwin

pytestmark = pytest.mark.e2e
__all__ = ["twin"]  # the fixture

expect.set_options(timeout=PATIENCE_MS)
GONE = "The twin does not answer. Was it stopped?"
TWO_CLICKS = "each => { each.click(); each.click(); }"
QUIET = {"type": 4, "data": {"content": "Heard.", "flags": 64, **SILENT}}


@pytest.fixture
def served(twin: DiscordTwin) -> Iterator[ChatPage]:
    page = ChatPage(View(twin))
    yield page
    page.close()


def heard(twin: DiscordTwin) -> list[int]:
    """The kinds of interactions that reached the app."""
    bot: Bot = twin.bot  # type: ignore[attr-defined]
    return [each["type"] for each in bot.heard if each.get("type") in {2, 3, 5}]


def test_pressed_twice_is_sent_once(twin: DiscordTwin, served: ChatPage, browser: Browser) -> None:
    bot: Bot = twin.bot  # type: ignore[attr-defined]
    page = browser.open(served.url)
    imagine(page, "a baby hippo swimming")
    chat(page).get_by_text("Reelgate is thinking…").wait_for()
    post(bot, "a baby hippo swimming")
    bot.answers = [QUIET]
    page.get_by_role("button", name="Again").evaluate(TWO_CLICKS)
    expect(chat(page).get_by_text("Heard.")).to_have_count(1)
    assert heard(twin) == [2, 3]
    bot.answers = [FORM]
    page.get_by_role("button", name="Again").click()
    page.get_by_label("Your idea").fill("a happy hippo")
    bot.answers = [QUIET]
    page.get_by_role("dialog").get_by_role("button", name="Send").evaluate(TWO_CLICKS)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(chat(page).get_by_text("Heard.")).to_have_count(2)
    assert heard(twin) == [2, 3, 3, 5]
    page.get_by_label("Message", exact=True).fill("hello there")
    page.get_by_role("button", name="Send", exact=True).evaluate(TWO_CLICKS)
    expect(page.get_by_label("Message", exact=True)).to_have_value("")
    expect(chat(page).get_by_text("hello there")).to_have_count(1)


def test_a_twin_that_is_gone_is_said_and_the_words_stay(
    twin: DiscordTwin, served: ChatPage, browser: Browser
) -> None:
    browser.expects("net::ERR_")
    page = browser.open(served.url)
    expect(page.get_by_role("heading", name="# general")).to_be_visible()
    page.context.set_offline(True)
    imagine(page, "a sailboat")
    expect(page.locator("#says")).to_have_text(GONE)
    expect(page.get_by_label("prompt")).to_have_value("a sailboat")
    assert not axe(page)
    browser.picture(page, "twin-gone")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send", exact=True).click()
    chat(page).get_by_text("Reelgate is thinking…").wait_for()
    expect(page.locator("#says")).to_have_text("")
    assert heard(twin) == [2]


def test_a_stream_that_is_cut_is_said_until_it_is_back(served: ChatPage, browser: Browser) -> None:
    browser.expects("net::ERR_")
    page = browser.open(served.url)
    expect(page.get_by_role("heading", name="# general")).to_be_visible()
    page.route("**/changes", lambda route: route.abort())
    page.reload()
    expect(page.locator("#says")).to_have_text(GONE)
    page.unroute("**/changes")
    expect(page.locator("#says")).to_have_text("")


def test_a_late_answer_does_not_lead_back(twin: DiscordTwin, served: ChatPage, browser: Browser) -> None:
    page = browser.open(served.url)
    expect(page.get_by_role("heading", name="# general")).to_be_visible()
    asked, moved = threading.Event(), []

    def delay(route: Route) -> None:
        if not asked.is_set():  # the first is answered only when the second was
            asked.set()
            moved.append(route)
        else:
            route.continue_()

    page.route("**/state?*", delay)
    page.get_by_role("radio", name="Second member").check()
    page.get_by_role("button", name="# reels").click()
    expect(page.get_by_role("heading", name="# reels")).to_be_visible()
    moved[0].continue_()
    page.wait_for_timeout(500)
    expect(page.get_by_role("heading", name="# reels")).to_be_visible()
    expect(page.get_by_role("radio", name="Second member")).to_be_checked()


def test_a_command_that_is_typed_before_the_list_has_come_is_one(
    twin: DiscordTwin, served: ChatPage, browser: Browser
) -> None:
    page = browser.open(served.url)
    expect(page.get_by_role("heading", name="# general")).to_be_visible()
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    def let_go() -> None:
        while not waiting:
            page.wait_for_timeout(50)
        for route in waiting:
            route.continue_()
        waiting.clear()
        page.unroute("**/state?*")

    page.route("**/state?*", hold)
    page.get_by_role("radio", name="Manager").check()
    page.get_by_label("Message", exact=True).fill("/reelgate quota ")
    expect(page.get_by_label("reels")).to_have_count(0)
    let_go()
    expect(page.get_by_label("reels")).to_be_focused()
    page.get_by_role("button", name="Leave the command").click()
    page.route("**/state?*", hold)
    page.get_by_role("radio", name="Second member").check()
    page.get_by_label("Message", exact=True).fill("/")
    expect(page.get_by_role("option", name="/reelgate quota")).to_be_visible()
    let_go()
    expect(page.get_by_role("option", name="/reelgate quota")).to_have_count(0)
    expect(page.get_by_role("option", name="/imagine")).to_be_visible()
    page.route("**/state?*", hold)
    page.reload()
    imagine(page, "a hippo")  # sent with Enter, and the page knows nothing yet
    let_go()
    chat(page).get_by_text("Reelgate is thinking…").wait_for()
    assert heard(twin) == [2]


def test_a_sticker_is_still_for_who_wants_it_still(twin: DiscordTwin, served: ChatPage, browser: Browser) -> None:
    bot: Bot = twin.bot  # type: ignore[attr-defined]
    page = browser.open(served.url, still=True, phone=True)
    imagine(page, "a hippo")
    chat(page).get_by_text("Reelgate is thinking…").wait_for()
    post(bot, "", "SPOILER_sticker.webp", sticker(), "image/webp")
    page.get_by_role("button", name="Spoiler: show it").click()
    expect(page.locator("canvas.sticker")).to_be_visible()
    move = page.get_by_role("button", name="Let it move")
    move.click()
    expect(page.locator("img.sticker")).to_be_visible()
    expect(move).to_have_attribute("aria-pressed", "true")
    assert not axe(page)
    move.click()
    expect(page.locator("canvas.sticker")).to_be_visible()
