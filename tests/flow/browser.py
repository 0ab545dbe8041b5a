"""A real Chromium for tests of pages: opened fresh, watched for faults, asked for pictures and judged by axe.

    def test_my_page(browser: Browser) -> None:
        page = browser.open("http://127.0.0.1:8700/", phone=True)
        page.get_by_label("Idea").fill("a baby hippo swimming")
        assert not axe(page)
        browser.picture(page, "my-page")          # kept where REELGATE_TEST_PICTURES says, else thrown away

Whatever the console calls an error (a broken script, a policy violation, a missing file) and every request that
leaves this machine fails the test at its end, unless the test says ``browser.expects("part of the message")``.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser as Engine
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
"""How long a page may take over one step: these machines are shared and slow."""

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names resolve nowhere: a page that asks outside fails in here, and the test says what it asked for.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
_HERE = {"127.0.0.1", "localhost", "::1", None}


@dataclass
class Browser:
    """One running Chromium. ``problems`` is what went wrong in any page so far, in plain lines."""

    engine: Engine
    pictures: Path
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    _opened: list[BrowserContext] = field(default_factory=list)

    def open(self, url: str, *, phone: bool = False, dark: bool = False, still: bool = False) -> Page:
        """``url`` in a fresh profile: desktop size, or a phone with touch; ``still`` asks for reduced motion."""
        context = self.engine.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if still else "no-preference",
            accept_downloads=True,
            locale="en-GB",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("request", self._request)
        self._opened.append(context)
        page = context.new_page()
        page.goto(url)
        return page

    def expects(self, words: str) -> None:
        """The console may say this once the test provokes it (a refused request is logged as an error)."""
        self.expected.append(words)

    def picture(self, page: Page, name: str) -> Path:
        """A picture of the whole page, named by size: ``NAME-desktop.png`` or ``NAME-phone.png``."""
        size = page.viewport_size or DESKTOP
        path = self.pictures / f"{name}-{'phone' if size['width'] < 500 else 'desktop'}.png"
        page.screenshot(path=path, full_page=True)
        return path

    def close(self) -> None:
        """Close every page opened through here."""
        for context in self._opened:
            context.close()
        self._opened.clear()

    def unexpected(self) -> list[str]:
        """The problems that the test did not announce."""
        return [line for line in self.problems if not any(words in line for words in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in _HERE:
            self.problems.append(f"a request left this machine: {request.url}")


def until(page: Page, expression: str, patience_ms: int = PATIENCE_MS) -> Any:
    """The first true value of a script's expression, on pages whose policy forbids ``page.wait_for_function``."""
    for _ in range(patience_ms // 100):
        value = page.evaluate(expression)
        if value:
            return value
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def plays(page: Page, which: str = "video") -> None:
    """Wait until the video that the selector ``which`` finds shows moving pictures."""
    page.locator(which).wait_for()
    moving = "v => v && v.readyState >= 2 && !v.paused && v.currentTime > 0.2"
    until(page, f"({moving})(document.querySelector({which!r}))")


def axe(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it is now, a line each."""
    # Through the debugger, not as a script of the page: its policy on scripts stays as it is.
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['impact']}: {one['id']}: {one['help']}: {node['html'][:160]} {_figures(node)}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def _figures(node: dict[str, Any]) -> str:
    said = re.search(r"contrast of [\d.]+ \([^)]*\)", node.get("failureSummary", ""))
    return said.group() if said else ""


def program() -> str:
    """The Chromium of this machine; skips loudly where there is none, and fails in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        missing = "Chromium is not installed (apt install chromium): no page was looked at"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextmanager
def running(pictures: Path) -> Iterator[Browser]:
    """A Chromium of its own for the length of a ``with``; its end fails on any problem not announced."""
    chosen = os.environ.get("REELGATE_TEST_PICTURES")
    folder = Path(chosen) if chosen else pictures
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=program(), headless=True, args=[*_FLAGS])
        made = Browser(engine, folder)
        try:
            yield made
        finally:
            made.close()
            engine.close()
    assert not made.unexpected(), "\n".join(made.unexpected())
