"""The rig itself: it sees broken pages, and this machine's Chromium plays what we make."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from tests.flow.browser import Browser, axe, plays

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

PAGE = "<!doctype html><html lang=en><title>t</title><main><h1>t</h1>{}</main>"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and keeps quiet about it."""

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address it is served at."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_broken_page_is_noticed(browser: Browser, site: tuple[Path, str]) -> None:
    folder, url = site
    (folder / "favicon.ico").write_bytes(b"")
    policy = "<meta http-equiv=Content-Security-Policy content=\"style-src 'none'\"><style>p{}</style>"
    (folder / "broken.html").write_text(
        PAGE.format(f"{policy}<img src=http://pictures.example/a.png><script>nothing()</script>")
    )
    page = browser.open(f"{url}broken.html")
    page.wait_for_load_state()
    said = "\n".join(browser.unexpected())
    assert "nothing is not defined" in said
    assert "Content Security Policy" in said
    assert "left this machine: http://pictures.example/a.png" in said
    assert any("image-alt" in line for line in axe(page))
    browser.expects("")


def test_chromium_plays_our_reels(browser: Browser, site: tuple[Path, str]) -> None:
    folder, url = site
    (folder / "favicon.ico").write_bytes(b"")
    (folder / "plays.html").write_text(PAGE.format("<video src=reel.mp4 controls autoplay muted loop></video>"))
    imagine = [sys.executable, "-m", "reelgate.cli", "imagine", "a sailboat at sunset", "--local", "--seconds", "2"]
    subprocess.run(
        [*imagine, "--seed", "3", "-o", str(folder / "reel.mp4")],
        env={**os.environ, "REELGATE_HOME": str(folder.parent / "home")},
        check=True,
        capture_output=True,
    )
    page = browser.open(f"{url}plays.html", phone=True)
    plays(page)
    assert page.evaluate("document.querySelector('video').webkitAudioDecodedByteCount") > 0
    size = page.evaluate(
        "(({videoWidth, videoHeight}) => [videoWidth, videoHeight])(document.querySelector('video'))"
    )
    assert size == [720, 1280]
    assert browser.picture(page, "plays").stat().st_size > 10_000
