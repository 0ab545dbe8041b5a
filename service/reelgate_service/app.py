"""The web application: routes and what they share, and nothing that decodes media."""

from __future__ import annotations

import gc
import sys
import threading
from typing import TYPE_CHECKING

from flask import Flask, request

from reelgate_service import settings as settings_
from reelgate_service.db.base import open_database
from reelgate_service.storage import DiskStore
from reelgate_service.vault import open_vault
from reelgate_service.web import doors, events, files, health, hooks, pages, problems, record, reels, sign_in, trust
from reelgate_service.web.parts import KEY, Parts
from reelgate_service.worker.lifeline import die_with_parent

if TYPE_CHECKING:
    from reelgate_service.settings import Settings

MAX_BODY = 64 * 1024
"""The most bytes a JSON request may have; uploads have their own limit."""

SWITCH_S = 0.0005
"""How long a thread of the web may compute while others wait. Python's own 5 ms is longer than most requests take,
and each answer of the database would have to wait for it.
"""


def create_app(settings: Settings | None = None) -> Flask:
    """The Flask application for one process."""
    chosen = settings or settings_.from_environment()
    app = Flask("reelgate_service", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=trust.MAX_UPLOAD + MAX_BODY, MAX_FORM_MEMORY_SIZE=1024 * 1024)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    here = app.extensions[KEY] = Parts(
        settings=chosen,
        db=open_database(chosen.database_url),
        vault=open_vault(chosen),
        store=DiskStore(chosen.store_path),
        streams=threading.BoundedSemaphore(max(1, chosen.web_threads // 4)),
    )
    problems.install(app)
    doors.open_doors(app, here)
    for room in (doors, files, health, pages, sign_in, reels, record, events, trust, hooks):
        app.register_blueprint(room.routes)
    app.before_request(_small_bodies)
    return app


def application() -> Flask:
    """:func:`create_app` for gunicorn, alone in its process, set up so that nobody waits for the interpreter.

    What is there by now stays for ever and is put out of the garbage collector's sight: a full collection would go
    through every module and word list again, now and then, while all requests stand still (70 to 100 ms). Should
    gunicorn's own process be killed, this one ends with it and leaves the address free at once.
    """
    die_with_parent()
    sys.setswitchinterval(SWITCH_S)
    app = create_app()
    gc.collect()
    gc.freeze()
    return app


def _small_bodies() -> None:
    if request.path == "/v1/verify":
        return
    request.max_content_length = MAX_BODY  # also where the length is not told
    if (request.content_length or 0) > MAX_BODY:
        raise problems.BodyTooLarge()
