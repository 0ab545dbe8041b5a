"""``reelgate dev PLATFORM``: a platform's twin with a chat page, and a service wired to it. No account needed."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import webbrowser
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate.console import MADE, OTHER, Console
from reelgate.errors import Unavailable
from reelgate.options import Options
from reelgate_integrations import catalog
from reelgate_integrations.dev.pages import Page
from reelgate_integrations.dev.service import Service

if TYPE_CHECKING:
    from argparse import Namespace
    from types import FrameType

    from reelgate.testing.chatting import Chat

_LOOK_S = 0.5


def dev_command(argv: list[str]) -> int:
    """Run until Ctrl-C; 0 then, 1 when the service ended by itself.

    Raises ``NotFound`` for a platform without a twin, ``MissingExtra``, and ``Unavailable`` when the service does not
    start.
    """
    options = Options("dev", "Try a chat platform on this machine: its twin, a chat page, and a service behind it.")
    options.add_argument("platform", metavar="PLATFORM", help="discord")
    options.add_argument(
        "--home", type=Path, metavar="DIR", help="keep the service's data there (a temporary folder)"
    )
    options.add_argument("--port", type=int, default=0, metavar="N", help="the page's port (a free one)")
    options.add_argument("--no-browser", action="store_true", help="print the page's address, and open nothing")
    asked = options.parse_args(argv)
    stop = threading.Event()

    def ended(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ended) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return _run(asked, stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(asked: Namespace, stop: threading.Event) -> int:
    console = Console()
    make = catalog.twin_maker(asked.platform)
    with ExitStack() as after:
        home = asked.home.expanduser().absolute() if asked.home else None
        service = Service(home or Path(after.enter_context(tempfile.TemporaryDirectory(prefix="reelgate-dev-"))))
        after.callback(service.close)
        service.start()
        console.say("Starting a service, the twin and its page; the first time takes a few seconds ...")
        twin = make()
        after.callback(twin.close)
        page = _page(twin.view(), asked.port)
        after.callback(page.close)
        if not service.wait(stop.is_set):
            return MADE
        twin.connect(service.register(asked.platform, twin.registration))
        if not twin.ping():
            raise Unavailable("the service does not greet the twin as the platform asks")
        console.answer(f"Open {page.url} and type /")
        console.say(
            f"The service behind it: {service.url} (data and log: {service.home}). Stop everything with Ctrl-C."
        )
        if not asked.no_browser and _has_screen():
            webbrowser.open(page.url)
        while not stop.wait(_LOOK_S):
            if service.ended():
                console.say(f"The service ended by itself; see {service.log}")
                return OTHER
        console.say("Stopping ...")
    return MADE


def _page(view: Chat, port: int) -> Page:
    try:
        return Page(view, port)
    except OSError as cause:
        raise Unavailable(f"the page cannot listen on port {port}: {cause.strerror}") from None


def _has_screen() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
