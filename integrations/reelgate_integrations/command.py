"""``reelgate replay``: reads recorded traffic of a platform as the service would, and shows what it understood."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelgate.chat import Registration
from reelgate.door import Replayer
from reelgate.errors import BodyInvalid, NotFound, NotOffered
from reelgate.options import Options
from reelgate.words import Prompt
from reelgate_integrations import catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate.chat import Event

DEPTH = 2
"""How deep bodies may lie in containers: a list or an object of bodies, and one such in another."""


def replay_command(argv: list[str]) -> int:
    """One line of JSON for each event; what is no inbound body is named on the error stream and passed over.

    Raises ``NotFound`` (platform, file), ``NotOffered`` and ``BodyInvalid``, also where nothing was a body.
    """
    options = Options("replay", "Read recorded bodies of a platform as typed events, one line of JSON each.")
    options.add_argument("platform", metavar="PLATFORM", help="whose traffic it is, for example discord")
    options.add_argument("file", metavar="FILE", help="JSON: one body, a list, or an object whose members are bodies")
    asked = options.parse_args(argv)
    platform = catalog.platform(asked.platform, Registration(""))
    if not isinstance(platform, Replayer):
        raise NotOffered(f"{asked.platform} has no recorded traffic to read.", says="Nothing is typed into that one.")
    count = 0
    for where, body in bodies(_read(asked.file), platform):
        if body is None:
            print(f"passed over: {where or 'the file'} is no inbound body", file=sys.stderr)
            continue
        print(json.dumps(line(body), ensure_ascii=False))
        count += 1
    if not count:
        raise BodyInvalid(f"{asked.file} holds no inbound body.", says="There is no inbound body in that file.")
    return 0


def bodies(
    recorded: object, platform: Replayer, where: str = "", depth: int = 0
) -> Iterator[tuple[str, Event | None]]:
    """Every event in ``recorded`` with the place it was found at; ``None`` for a place that holds none."""
    event = platform.replay(recorded) if isinstance(recorded, dict) else None
    members: list[tuple[str, object]] = []
    if event is None and isinstance(recorded, list | dict) and depth < DEPTH:
        pairs = enumerate(recorded) if isinstance(recorded, list) else recorded.items()
        members = [(f"{where}.{name}" if where else str(name), each) for name, each in pairs]
    if not members:
        yield where, event
    for name, each in members:
        yield from bodies(each, platform, name, depth + 1)


def line(event: Event) -> dict[str, Any]:
    """An event as flat JSON. Where answers go is left out: it may hold a token."""
    heard = event.heard
    told: dict[str, Any] = {
        "event": type(event).__name__.lower(),
        "once_key": heard.once_key,
        "at": heard.at,
        "platform": heard.address.platform,
        "app": heard.address.app,
        "installation": heard.origin.installation,
        "channel": heard.origin.channel,
        "member": heard.origin.member,
        "surface": heard.origin.surface,
        "language": heard.origin.language,
        "moderator": heard.origin.moderator,
        "manager": heard.origin.manager,
    }
    for name in type(event).__slots__:
        value = getattr(event, name)
        if isinstance(value, Prompt):
            told["text"], told["seconds"], told["seed"] = value.text, value.seconds, value.seed
            told["aspect"] = f"{value.aspect[0]}:{value.aspect[1]}"
        elif name != "heard":
            told[name] = value
    return told


def _read(name: str) -> object:
    try:
        return json.loads(Path(name).read_bytes())
    except OSError as error:
        raise NotFound(f"{name} cannot be read ({error.strerror}).", says="That file cannot be read.") from None
    except (ValueError, RecursionError):
        raise BodyInvalid(f"{name} is not JSON.", says="That file is not JSON.") from None
