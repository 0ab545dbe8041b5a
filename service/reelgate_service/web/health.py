"""Is it alive, is it ready, how much is there: for whoever runs the service."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from reelgate_service.db import migrate, tables
from reelgate_service.db.states import PUBLIC
from reelgate_service.web import openapi
from reelgate_service.web.parts import parts

routes = Blueprint("health", __name__)


@routes.get("/livez")
@openapi.says("Is the process alive?", answers={200: "Health"}, public=True)
def alive() -> Response:
    """Yes, without asking anything else."""
    return jsonify({"status": "alive"})


@routes.get("/readyz")
@openapi.says("Can it work?", answers={200: "Health"}, errors=(503,), public=True)
def ready() -> Response:
    """Yes when the database answers and its schema is this version's; else 503 with the reason."""
    here = parts()
    migrate.check(here.db)
    here.db.time()
    return jsonify({"status": "ready"})


@routes.get("/metrics")
@openapi.says("Figures for Prometheus", answers={200: "text/plain"}, public=True)
def metrics() -> Response:
    """Jobs by public stage, and what waits for a person, a number or a sender. No tenant, no member."""
    registry = CollectorRegistry()
    by_stage = Gauge("reelgate_jobs", "Jobs by public stage", ["stage"], registry=registry)
    meaning = "Open reviews, ledger leaves without a number, news not sent yet"
    waiting = Gauge("reelgate_waiting", meaning, ["what"], registry=registry)
    with parts().db.read() as session:
        counts = session.execute(select(tables.Job.state, func.count()).group_by(tables.Job.state)).all()
        totals: dict[str, int] = {stage.value: 0 for stage in PUBLIC.values()}
        for state, count in counts:
            totals[PUBLIC[state].value] += count
        for stage, total in totals.items():
            by_stage.labels(stage).set(total)
        for what, condition in (
            ("review", tables.Review.state == "open"),
            ("leaf", tables.Leaf.seq.is_(None)),
            ("outbox", tables.Outbox.sent_at.is_(None)),
        ):
            waiting.labels(what).set(session.execute(select(func.count()).where(condition)).scalar_one())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@routes.get("/openapi.json")
@openapi.says("This description", answers={200: "application/json"}, public=True)
def description() -> Response:
    """The OpenAPI 3.1 file of exactly this version."""
    return jsonify(openapi.document(current_app))
