"""Where platforms knock: verify, greet, read, take in, acknowledge. Nothing slow happens before the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app, request

from reelgate.chat import Quiet
from reelgate.door import Door, Inbound
from reelgate.errors import NotFound
from reelgate_integrations import catalog
from reelgate_moderation.policy.loader import load as load_policy
from reelgate_moderation.prompt.screen import PolicyPromptScreen
from reelgate_service.chat.hearing import Ears
from reelgate_service.chat.listener import hear
from reelgate_service.db import apps

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from reelgate.contract import Platform
    from reelgate_service.db.apps import Registered
    from reelgate_service.web.parts import Parts

routes = Blueprint("doors", __name__)

KEY = "reelgate.doors"
FRESH_S = 10.0
"""How long a registration is used before it is looked up again: a rotated secret counts after that."""


@dataclass(frozen=True, slots=True)
class Knocked:
    """An app that was knocked for: as registered, and as a platform that can be listened to."""

    registered: Registered
    platform: Platform
    until: float


class Doors:
    """The registered apps of this web process, looked up at most every few seconds."""

    def __init__(self, here: Parts, clock: Callable[[], float] = time.time) -> None:
        """``clock`` is Unix seconds, held against the time that a platform signed."""
        policy = load_policy(Path(here.settings.policy_dir) if here.settings.policy_dir else None)
        self.ears = Ears(here.settings, here.db, here.vault, PolicyPromptScreen(policy))
        self.clock = clock
        self._known: dict[tuple[str, str], Knocked] = {}

    def find(self, slug: str, app: str) -> Knocked:
        """The app; raises :class:`NotFound` for one that is not registered, is disabled, or cannot be knocked for."""
        known = self._known.get((slug, app))
        now = time.monotonic()
        if known is not None and now < known.until:
            return known
        registered = apps.find(self.ears.db, self.ears.vault, slug, app)
        if known is not None and known.registered == registered:
            platform = known.platform
        else:
            platform = catalog.platform(slug, registered.registration)
        if not isinstance(platform, Door):
            raise NotFound(f"{slug} has no door.")
        self._known[slug, app] = Knocked(registered, platform, now + FRESH_S)
        return self._known[slug, app]


def open_doors(app: Flask, here: Parts, clock: Callable[[], float] = time.time) -> None:
    """Make the application's doors."""
    app.extensions[KEY] = Doors(here, clock)


@routes.post("/platforms/<slug>/<app>")
def knock(slug: str, app: str) -> Response:
    """Take in what a platform sends. 401 when it was not the platform, or not now."""
    doors = cast("Doors", current_app.extensions[KEY])
    known = doors.find(slug, app)
    door = cast("Door", known.platform)
    inbound = Inbound(request.get_data(), {name.lower(): value for name, value in request.headers.items()})
    door.verify(inbound, doors.clock())
    answer = door.greet(inbound)
    if answer is None:
        retries = known.platform.facts.retry_horizon > 0
        events = door.read(inbound)
        replies = [(event, hear(doors.ears, known.registered, event, retries=retries)) for event in events]
        if not replies:
            return Response(status=204)
        event, reply = replies[-1]
        answer = door.acknowledge(event, reply if len(replies) == 1 else Quiet())
    return Response(answer.body, answer.status, mimetype=answer.media_type)

