"""The doorbell: Celery over Redis or RabbitMQ, carrying job ids and nothing else.

The database is the queue. A message that is lost, doubled or late costs time and nothing more, so none of
Celery's delivery features is used: early acknowledgement, no prefetch, no retry, no result, no countdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import Celery
from kombu.exceptions import OperationalError as BrokerDown

from reelgate_service.observe import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate_service.settings import Settings

RUN = "reelgate.run"
QUEUE = "reelgate-ring"


def celery_app(broker_url: str) -> Celery:
    """The Celery application on both sides of the bell."""
    app = Celery("reelgate", broker=broker_url)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=False,
        task_default_queue=QUEUE,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=200,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 5},
    )
    return app


def ringer(settings: Settings) -> Callable[[str], None] | None:
    """A function that rings for a job id, or ``None`` where there is no broker and the poller does it all."""
    if not settings.broker_url:
        return None
    app: Any = celery_app(settings.broker_url)

    def ring(job_id: str) -> None:
        try:
            app.send_task(RUN, args=[job_id], queue=QUEUE, ignore_result=True)
        except (BrokerDown, OSError) as error:
            log("bell_broken", kind=type(error).__name__, job=job_id)  # the poller drains all the same

    return ring
