"""``reelgate dev discord`` as somebody uses it: one command, a page, a typed prompt, a playing reel, buttons."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.flow.browser import axe, plays, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.flow.browser import Browser

pytestmark = pytest.mark.e2e


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The page of a fresh ``reelgate dev discord``; at the end it is stopped as with Ctrl-C."""
    command = [
        sys.executable,
        "-m",
        "reelgate.cli",
        "dev",
        "discord",
        "--no-browser",
        "--home",
        str(tmp_path / "home"),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "REELGATE_HOME": "/none"}
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    try:
        assert found, (line, (tmp_path / "home" / "dev.log").read_text())
        yield found.group()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        process.stdout.close()
    left = subprocess.run(["pgrep", "-f", str(tmp_path / "home")], capture_output=True, check=False)
    assert left.stdout == b""


def test_from_a_typed_prompt_to_a_playing_reel_and_its_buttons(browser: Browser, url: str) -> None:
    page = browser.open(url)
    chat = page.get_by_role("log", name="Messages")
    page.get_by_label("Message", exact=True).press_sequentially("/imagine a baby hippo swimming")
    page.get_by_role("button", name="+ seconds").click()
    page.get_by_role("spinbutton", name="seconds").fill("2")
    page.keyboard.press("Enter")
    chat.get_by_text("used /imagine").wait_for()
    chat.locator("video").wait_for()
    chat.locator("video").evaluate("v => { v.muted = true; v.play(); }")
    plays(page)
    browser.picture(page, "discord-reel")
    assert not axe(page)
    edit = chat.get_by_role("button", name="Edit prompt")
    edit.click()
    field = page.get_by_role("dialog").get_by_role("textbox")
    assert field.input_value() == "a baby hippo swimming"
    field.fill("a sailboat at sunset")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    until(page, "document.querySelectorAll('#messages video').length === 2")
    browser.picture(page, "discord-edited")
    page.get_by_role("radio", name="Second member").check()
    chat.get_by_role("button", name="Delete").first.click()
    chat.get_by_text("Only you can see this").wait_for()
    browser.picture(page, "discord-refused")
    page.get_by_role("radio", name="Moderator").check()
    chat.get_by_role("button", name="Delete").first.click()
    until(page, "document.querySelectorAll('#messages video').length === 1")
    assert page.locator("#broken").is_hidden()


def test_a_reel_arrives_once_whatever_happens_on_the_way(browser: Browser, url: str) -> None:
    page = browser.open(url)
    chat = page.get_by_role("log", name="Messages")
    for trouble in ("Lose answers", "Too many requests", "Duplicates", "Bad signatures"):
        page.get_by_role("checkbox", name=trouble).check()
    page.get_by_label("Message", exact=True).press_sequentially("/imagine a sailboat at sunset")
    page.get_by_role("button", name="+ seconds").click()
    page.get_by_role("spinbutton", name="seconds").fill("1")
    page.keyboard.press("Enter")
    chat.locator("video").wait_for(timeout=120_000)
    for trouble in ("Lose answers", "Too many requests", "Duplicates", "Bad signatures"):
        page.get_by_role("checkbox", name=trouble).uncheck()
    page.get_by_label("Message", exact=True).press_sequentially("/imagine a baby hippo swimming")
    page.get_by_role("button", name="+ seconds").click()
    page.get_by_role("spinbutton", name="seconds").fill("2")
    page.keyboard.press("Enter")
    chat.get_by_text("used /imagine").nth(1).wait_for()
    page.get_by_role("button", name="Age tokens").click()
    until(page, "document.querySelectorAll('#messages video').length === 2")
    until(page, "document.querySelectorAll('#messages article').length === 2")
    assert chat.get_by_text("thinking").count() == 0
    browser.picture(page, "discord-trouble")
    assert page.locator("#broken").is_hidden()
