"""The Celery worker: answers the doorbell, one job a child process.

Started as ``celery -A reelgate_service.worker.bell worker``; each forked child builds its own studio, so no
connection is ever shared across a fork.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery.signals import worker_process_init

from reelgate_service import broker, settings, studio
from reelgate_service.worker.run import run

if TYPE_CHECKING:
    from reelgate_service.studio import Studio

_settings = settings.from_environment()
app: Any = broker.celery_app(_settings.broker_url)
_studio: Studio | None = None


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _build(**_: object) -> None:
    global _studio
    _studio = studio.build(_settings)


@app.task(name=broker.RUN)  # type: ignore[untyped-decorator]
def answer(job_id: str) -> None:
    """Take the job if it is there to be taken."""
    if _studio is not None:
        run(job_id, _studio)
