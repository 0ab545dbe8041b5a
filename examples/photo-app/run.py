"""Starts the photo app, and a Reelgate service of its own unless REELGATE_URL names one. Ctrl-C ends all of it."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import requests
from app import create_app
from making import Making
from store import Store
from werkzeug.serving import WSGIRequestHandler, make_server

from reelgate import Client, ReelgateError

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 90
SERVICE = [sys.executable, "-m", "reelgate_service"]


class Quiet(WSGIRequestHandler):
    """No line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def main() -> int:
    """Run until Ctrl-C."""
    options = argparse.ArgumentParser(description="Windowsill, a photo app with reels and stickers.")
    options.add_argument("--port", type=int, default=8720)
    options.add_argument("--home", type=Path, default=Path("out/photo-app"), help="where photos and records are kept")
    asked = options.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: _stop())
    home = asked.home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    try:
        with service(home) as (url, key), Client(url, key) as client:
            serve(client, Store(home), asked.port)
    except ReelgateError as error:
        say(f"{error.says} ({error})")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def serve(client: Client, store: Store, port: int) -> None:
    """Tell Reelgate where we are, take up what was left unfinished, and serve the wall."""
    app = create_app(client, store)
    making = Making(client, store)
    address = f"http://127.0.0.1:{port}"
    try:
        app.config["WEBHOOK_SECRET"] = making.register(os.environ.get("PHOTO_APP_URL", address) + "/reelgate")
    except ReelgateError as error:
        say(f"Reelgate will not call us back ({error.says}); the pages ask it themselves.")
    for extra in store.extras():
        making.look(extra)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    say(f"Windowsill is at {address}/ (stop it with Ctrl-C)")
    try:
        server.serve_forever()
    finally:
        server.server_close()
        store.close()


@contextmanager
def service(home: Path) -> Iterator[tuple[str, str]]:
    """Address and key of the service: the one that the environment names, or one of our own in ``home``."""
    if "REELGATE_URL" in os.environ:
        yield os.environ["REELGATE_URL"], os.environ.get("REELGATE_API_KEY", "")
        return
    port = free_port()
    settings = {
        "REELGATE_HOME": str(home / "reelgate"),
        "REELGATE_BIND": f"127.0.0.1:{port}",
        "REELGATE_ALLOW_PRIVATE_HOOKS": "1",  # our webhook is on this machine
    }
    # Whatever else is set is meant for another service: ours shares nothing with it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REELGATE_")} | settings
    say("Starting a Reelgate service of our own ...")
    with (home / "reelgate.log").open("ab") as log:
        # In a session of its own: Ctrl-C reaches us alone, and we end it in good order.
        running = subprocess.Popen(
            [*SERVICE, "serve"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, running, home / "reelgate.log")
        yield url, own_key(home / "reelgate.key", environment)
    finally:
        running.terminate()
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()


def wait_for(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    """Until the service is ready."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and running.poll() is None:
        try:
            if requests.get(f"{url}/readyz", timeout=2).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    sys.exit(f"The service did not start. Its log: {log}")


def own_key(file: Path, environment: dict[str, str]) -> str:
    """The app's API key, made once and kept where only we can read it."""
    if not file.exists():
        made = subprocess.run(
            [*SERVICE, "keys", "add", "photo-app"], env=environment, capture_output=True, text=True, check=True
        )
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(made.stdout.strip())
    return file.read_text().strip()


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(words: str) -> None:
    """A line for the person at the keyboard."""
    sys.stderr.write(f"{words}\n")


def _stop() -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
