"""The example photo app as its members use it: a reel from a caption, a sticker on a photo, with nothing mocked."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from tests.flow.browser import axe, plays, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.flow.browser import Browser

pytestmark = pytest.mark.e2e

APP = Path(__file__).parents[2] / "examples" / "photo-app" / "run.py"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[str]:
    """The app, started by its one command with a service of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(APP), "--port", str(port), "--home", str(tmp_path / "home")]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stderr=log) as running:
        url = f"http://127.0.0.1:{port}/"
        for _ in range(900):
            try:
                requests.get(url, timeout=2)
                break
            except requests.RequestException:
                time.sleep(0.1)
        try:
            yield url
        finally:
            running.send_signal(signal.SIGINT)
            assert running.wait(60) == 0, (tmp_path / "log").read_text()


def test_a_reel_and_a_sticker_from_the_buttons_under_a_photo(app: str, browser: Browser) -> None:
    page = browser.open(app)
    card = page.locator(".card").first
    card.get_by_role("button", name="Make a reel").click()
    card.locator(".news li").first.wait_for()
    until(page, "document.querySelector('.card video') !== null", 180_000)
    plays(page, ".card video")
    card.locator("summary", has_text="Sticker").click()
    card.get_by_label("What should it be?").fill("a happy fox")
    card.get_by_role("button", name="Make the sticker").click()
    until(page, "document.querySelector('.card .sticker img')?.naturalWidth === 512", 180_000)
    assert not axe(page)
    browser.picture(page, "photo-app")
    assert not axe(browser.open(app, phone=True))
    phone = browser.open(app, phone=True, still=True)
    browser.picture(phone, "photo-app")


def test_words_that_are_refused_say_so_kindly_and_can_be_changed(app: str, browser: Browser) -> None:
    page = browser.open(app)
    card = page.locator(".card").first
    card.locator("summary", has_text="Sticker").click()
    card.get_by_label("What should it be?").fill("a naked child")
    card.get_by_role("button", name="Make the sticker").click()
    card.locator("summary", has_text="Try other words").wait_for(timeout=90_000)
    browser.picture(page, "photo-app-refused")


def test_only_a_signed_webhook_is_heard(app: str) -> None:
    for headers in ({}, {"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}):
        assert requests.post(f"{app}reelgate", data=b"{}", headers=headers, timeout=10).status_code == 401
