"""``reelgate imagine`` and ``reelgate wait``: one job on a service, from the words to the file."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate import commands
from reelgate.console import INTERRUPTED, MADE, Console
from reelgate.errors import BadInput, Held, KeyMissing
from reelgate.options import Options, aspect, imagine_options

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from reelgate.client.client import Client
    from reelgate.client.model import Job, Update

_SUFFIXES = {
    "image/gif": ".gif",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
}


def imagine(argv: list[str]) -> int:
    """Make a reel on the service at ``--url`` or ``REELGATE_URL``; without one, or with ``--local``, here."""
    asked = imagine_options().parse_args(argv)
    url = asked.url or os.environ.get("REELGATE_URL", "")
    if asked.local and asked.url:
        raise BadInput("--local and --url together", says="Choose one: --local or --url.")
    shape = aspect(asked.aspect) if asked.aspect else None
    if asked.local or not url:
        return commands.run("imagine-local", _for_here(asked))
    _check_place(asked.output)

    def order(client: Client) -> Job:
        works = client.stickers if asked.kind == "sticker" else client.reels
        return works.create(
            " ".join(asked.prompt),
            seconds=asked.seconds,
            aspect=shape,
            seed=asked.seed,
            generator=asked.generator,
        )

    with _client(url) as client:
        return _see_through(client, order, asked)


def wait(argv: list[str]) -> int:
    """Wait for a job of the service and fetch its file."""
    options = Options("wait", "Wait for a job and fetch its file.")
    options.add_argument("job", metavar="JOB", help="its id")
    options.add_argument("--url", metavar="URL", help="the service (REELGATE_URL)")
    options.add_argument("--timeout", type=float, metavar="N", help="give up waiting after so many seconds")
    options.add_argument("--approve", action="store_true", help="you decide what waits for a person; it is recorded")
    options.add_argument("-o", dest="output", metavar="PATH", help="where to put the file")
    options.add_argument("--json", action="store_true", help="answer in JSON")
    asked = options.parse_args(argv)
    url = asked.url or os.environ.get("REELGATE_URL", "")
    if not url:
        raise BadInput("no service is named", says="Say which service: --url URL, or set REELGATE_URL.")
    _check_place(asked.output)
    with _client(url) as client:
        return _see_through(client, lambda client: client.jobs.get(asked.job), asked)


def _see_through(client: Client, start: Callable[[Client], Job], asked: argparse.Namespace) -> int:
    """Wait for the job that ``start`` gives, fetch its file, and say where it is."""
    console = Console()
    job: Job | None = None
    try:
        job = start(client)
        job = _decided(client, console, job, asked)
        path = client.download(job, _place(job, asked.output))
    except KeyboardInterrupt:
        if job is None:
            console.say("Stopped before the service confirmed the job.")
        else:
            console.say(f"Stopped waiting; the job goes on. To wait for it again: reelgate wait {job.id}")
        return INTERRUPTED
    if asked.json:
        console.answer_json({**job.raw, "path": str(path)})
    else:
        if job.result is not None and job.result.label:
            console.say(f"Labelled '{job.result.label}', mark {job.result.mark_id}", good=True)
        console.answer(str(path))
    return MADE


def _decided(client: Client, console: Console, job: Job, asked: argparse.Namespace) -> Job:
    """The finished job; with ``--approve`` the person at the keyboard lets through what waits for a person."""

    def show(update: Update) -> None:
        console.progress(update.stage, update.done, update.total)

    timeout: float | None = getattr(asked, "timeout", None)
    approved: set[str] = set()
    while True:
        try:
            return client.jobs.wait(job, timeout, show)
        except Held:
            review = client.jobs.get(job.id).review_id
            if not asked.approve or not review or review in approved:
                raise
            client.reviews.approve(review, note="approved at the keyboard")
            approved.add(review)
            console.say("Approved by you; going on.")


def _client(url: str, environ: Mapping[str, str] = os.environ) -> Client:
    from reelgate.client.client import Client  # requests takes a moment to import; --help should not

    key = environ.get("REELGATE_API_KEY", "")
    if not key:
        raise KeyMissing("REELGATE_API_KEY is not set", says="Set REELGATE_API_KEY to your key (it starts with rg_).")
    return Client(url, key)


def _check_place(output: str | None) -> None:
    """Find out before anything is paid for that the file will have a place."""
    if output is not None and not Path(output).is_dir() and not Path(output).absolute().parent.is_dir():
        raise BadInput("the folder of -o does not exist", says="The folder for the file is not there; make it first.")


def _place(job: Job, output: str | None) -> Path:
    suffix = _SUFFIXES.get(job.result.media_type, "") if job.result else ""
    name = f"{job.kind or 'reel'}-{job.id}"
    default = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:100] + suffix
    if output is None:
        return Path(default)
    return Path(output) / default if Path(output).is_dir() else Path(output)


def _for_here(asked: argparse.Namespace) -> list[str]:
    """The same request for the embedded road: options first, then the words, so that no word reads as an option."""
    argv = ["--kind", asked.kind]
    for name in ("seconds", "aspect", "seed", "generator"):
        value = getattr(asked, name)
        if value is not None:
            argv.append(f"--{name}={value}")
    if asked.output is not None:
        argv += ["-o", asked.output]
    argv += [flag for flag, on in (("--approve", asked.approve), ("--json", asked.json)) if on]
    return [*argv, "--", " ".join(asked.prompt)]
