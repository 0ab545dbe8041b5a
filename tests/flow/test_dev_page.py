"""The chat page of Discord's twin in a real browser, with a scripted bot on the other side."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from tests.flow.browser import axe, plays, until
from tests.integrations.discord.bot import BUTTONS, FORM, IMAGINE, SILENT, Bot

from reelgate.contract import SAMPLE_RATE, Moment
from reelgate.media.clip import frame_from_rgb
from reelgate.media.encode import encode
from reelgate.media.fit import plan
from reelgate_integrations.dev.pages import Page as ChatPage
from reelgate_integrations.discord.standin.view import View
from reelgate_integrations.discord.twin import DiscordTwin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page
    from tests.flow.browser import Browser

pytestmark = pytest.mark.e2e

SETTINGS = {
    "name": "reelgate",
    "description": "How Reelgate behaves in this server",
    "default_member_permissions": "32",
    "contexts": [0],
    "options": [
        {"name": "settings", "type": 1, "description": "Show the settings"},
        {"name": "quota", "type": 1, "description": "Reels a member may ask for in a day", "options": [
            {"name": "reels", "type": 4, "description": "A number; 0 means no limit", "required": True,
             "min_value": 0, "max_value": 1000}]},
    ],
}  # fmt: skip


def film() -> bytes:
    size = plan((9, 16), 2, short_side=270)
    rows, columns = np.mgrid[0 : size.height, 0 : size.width]

    def moments() -> Iterator[Moment]:
        for n in range(size.frames):
            rgb = np.stack([(columns + 4 * n) % 256, rows * 255 // size.height, np.full_like(rows, 120)], -1)
            silence = np.zeros((SAMPLE_RATE // size.fps, 2), np.float32)
            yield Moment(frame_from_rgb(rgb.astype(np.uint8)), silence)

    out = io.BytesIO()
    encode(moments(), size, out)
    return out.getvalue()


def sticker() -> bytes:
    frames = []
    for n in range(6):
        picture = Image.new("RGBA", (256, 256))
        picture.paste((240, 150 + 10 * n, 90, 255), (60, 60 + 4 * n, 196, 196 + 4 * n))
        frames.append(picture)
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=80, loop=0)
    return out.getvalue()


@pytest.fixture(scope="module")
def reel() -> bytes:
    return film()


@pytest.fixture
def twin() -> Iterator[DiscordTwin]:
    with DiscordTwin(patience=20) as twin:
        bot = Bot(twin.registration)
        twin.connect(send=bot)
        menu = {"name": "Make a sticker of this", "type": 3}
        bot.call("PUT", f"/applications/{twin.registration.app}/commands", [IMAGINE, SETTINGS, menu])
        twin.bot = bot  # type: ignore[attr-defined]
        yield twin


@pytest.fixture
def url(twin: DiscordTwin) -> Iterator[str]:
    page = ChatPage(View(twin))
    yield page.url
    page.close()


def post(bot: Bot, content: str, name: str = "", data: bytes = b"", media: str = "", **more: Any) -> None:
    value = {"content": content, "components": BUTTONS, **SILENT, **more}
    if data:
        told = bot.hook("PATCH", value={**value, "attachments": [{"id": 0}]}, files=[(name, data, media)])
    else:
        told = bot.hook("PATCH", value=value)
    assert told.status_code == 200, told.text


def chat(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages")


def imagine(page: Page, words: str) -> None:
    page.get_by_label("Message", exact=True).press_sequentially(f"/imagine {words}")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_from_a_typed_command_to_a_playing_film(
    browser: Browser, twin: DiscordTwin, url: str, reel: bytes, phone: bool
) -> None:
    bot: Bot = twin.bot  # type: ignore[attr-defined]
    page = browser.open(url, phone=phone, dark=phone)
    page.get_by_label("Message", exact=True).press_sequentially("/")
    page.get_by_role("option", name="/imagine").wait_for()
    browser.picture(page, "twin-commands")
    page.keyboard.press("Escape")
    page.get_by_label("Message", exact=True).fill("")
    imagine(page, "a baby hippo swimming")
    chat(page).get_by_text("Reelgate is thinking…").wait_for()
    assert bot.heard[-1]["data"]["options"] == [{"name": "prompt", "type": 3, "value": "a baby hippo swimming"}]
    browser.picture(page, "twin-thinking")
    post(bot, "**Filming** … 12 of 48 pictures")
    chat(page).get_by_text("12 of 48 pictures").wait_for()
    post(bot, "a baby hippo swimming\n-# Drawn by software · Reelgate", "reel.mp4", reel, "video/mp4")
    page.locator("video").evaluate("v => { v.muted = true; v.play(); }")
    plays(page)
    assert page.locator("video").evaluate("v => v.loop && v.controls")
    assert not axe(page)
    browser.picture(page, "twin-reel")
    if phone:
        for drawer in ("People and places", "Workbench"):
            page.get_by_role("button", name=drawer).click()
            assert not axe(page)
            browser.picture(page, f"twin-{drawer.split()[-1].lower()}")
            page.keyboard.press("Escape")
            assert page.evaluate("document.activeElement.getAttribute('aria-label')") == drawer
    assert not twin.violations


def test_buttons_forms_whispers_and_people(browser: Browser, twin: DiscordTwin, url: str, reel: bytes) -> None:
    bot: Bot = twin.bot  # type: ignore[attr-defined]
    page = browser.open(url)
    imagine(page, "a baby hippo swimming")
    chat(page).get_by_text("Reelgate is thinking…").wait_for()
    post(bot, "a baby hippo swimming", "reel.mp4", reel, "video/mp4")
    bot.answers = [FORM]
    page.get_by_role("button", name="Again").click()
    field = page.get_by_label("Your idea")
    assert field.input_value() == "a hippo"
    field.fill("a happy hippo")
    assert not axe(page)
    browser.picture(page, "twin-form")
    bot.answers = [{"type": 4, "data": {"content": "Only the one who asked can change it.", "flags": 64, **SILENT}}]
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    chat(page).get_by_text("Only you can see this").wait_for()
    assert bot.heard[-1]["data"]["components"][0]["component"]["value"] == "a happy hippo"
    browser.picture(page, "twin-whisper")
    assert not axe(page)
    page.get_by_role("radio", name="Second member").check()
    chat(page).get_by_text("Only you can see this").wait_for(state="detached")
    page.get_by_role("button", name="Delete").wait_for()
    page.get_by_label("Message", exact=True).press_sequentially("/")
    assert page.get_by_role("option", name="/reelgate").count() == 0
    page.get_by_role("radio", name="Manager").check()
    page.get_by_label("Message", exact=True).fill("/reelgate quota ")
    page.get_by_label("reels").fill("5")
    browser.picture(page, "twin-settings")
    page.keyboard.press("Enter")
    until(page, "[...document.querySelectorAll('.asked')].some(each => each.textContent.includes('/reelgate quota'))")
    assert bot.heard[-1]["data"]["options"][0]["options"] == [{"name": "reels", "type": 4, "value": 5}]


def test_stickers_suggestions_trouble_and_silence(browser: Browser, twin: DiscordTwin, url: str) -> None:
    bot: Bot = twin.bot  # type: ignore[attr-defined]
    page = browser.open(url)
    page.get_by_label("Message", exact=True).press_sequentially("/imagine a hippo")
    page.get_by_role("button", name="+ idea").click()
    bot.answers = [{"type": 8, "data": {"choices": [{"name": "a brave hippo", "value": "a brave hippo"}]}}]
    page.get_by_label("idea").press_sequentially("a b")
    until(page, "document.querySelector('datalist option')?.value === 'a brave hippo'")
    bot.answers = [{"type": 5}]
    page.get_by_role("button", name="Send", exact=True).click()
    chat(page).get_by_text("Reelgate is thinking…").wait_for()
    post(bot, "", "SPOILER_sticker.webp", sticker(), "image/webp")
    page.get_by_role("button", name="Spoiler: show it").click()
    until(page, "document.querySelector('img.sticker')?.naturalWidth === 256")
    page.get_by_label("More for this message").click()
    page.get_by_role("button", name="Make a sticker of this").click()
    chat(page).get_by_text("Reelgate is thinking…").wait_for()
    assert bot.heard[-1]["data"]["type"] == 3
    page.get_by_label("Silence").check()
    imagine(page, "a sailboat")
    chat(page).get_by_text("The application did not respond").wait_for()
    page.get_by_role("button", name="Send a bad signature").click()
    page.get_by_text("The app answered 401. That is right.").wait_for()
    page.get_by_role("button", name="Age tokens").click()
    page.get_by_text("15 minutes older now").wait_for()
    page.locator("#log summary").first.click()
    bot.hook("PATCH", value={"content": "no allowed mentions"})
    page.get_by_role("heading", name="Rules that were broken").wait_for()
    browser.picture(page, "twin-trouble")
    assert not axe(page)


def test_the_page_takes_orders_from_itself_alone(twin: DiscordTwin, url: str) -> None:
    import requests

    order = {"json": {"verb": "age"}, "timeout": 10}
    assert requests.post(f"{url}do", **order).status_code == 403
    assert requests.post(f"{url}do", headers={"Origin": "http://elsewhere.example"}, **order).status_code == 403
    assert requests.get(url, headers={"Host": "elsewhere.example:80"}, timeout=10).status_code == 403
    ours = {"Origin": url.rstrip("/")}
    assert requests.post(f"{url}do", headers=ours, **order).json()["ok"]
    assert requests.post(f"{url}do", headers=ours, json={"verb": "dance"}, timeout=10).json()["ok"] is False
    assert requests.post(f"{url}do", headers=ours, json={"verb": "press"}, timeout=10).json()["ok"] is False
    assert "script-src 'self'" in requests.get(url, timeout=10).headers["Content-Security-Policy"]
    threads = [threading.Thread(target=lambda: requests.get(f"{url}state", timeout=10)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
