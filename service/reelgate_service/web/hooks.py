"""Where a tenant wants to be told of ended jobs."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from reelgate import webhooks
from reelgate.errors import BadInput, KeyReused, NotFound
from reelgate_service.db import queries, tables
from reelgate_service.db.base import new_id
from reelgate_service.web import openapi
from reelgate_service.web.contract import Body, Field
from reelgate_service.web.parts import Parts, once_key, parts, who

routes = Blueprint("hooks", __name__)

MAX_HOOKS = 10
ENDPOINT = Body("Endpoint", (Field("url", "string", "Where to POST signed events; https.", True),))


@routes.post("/v1/webhooks")
@openapi.says("Be told when jobs end", body=ENDPOINT, answers={201: "Endpoint"}, errors=(400, 401, 422), once=True)
def add() -> Response:
    """Register an endpoint; its signing secret (Standard Webhooks) is shown this once, and to a repeat."""
    asking = who()
    here = parts()
    url = ENDPOINT.parse(request.get_data())["url"]
    _check_url(url, allow_http=here.settings.allow_private_hooks)
    key = once_key()
    # The id follows from the key, so that the same request twice is one row even when both come at once.
    hook_id = here.vault.fingerprint(f"webhook|{asking.tenant_id}|{key}")[:32] if key else new_id()
    secret, fresh = _known(here, asking.tenant_id, hook_id, url), False
    if not secret:
        try:
            secret, fresh = _made(here, asking.tenant_id, hook_id, url), True
        except IntegrityError:
            secret = _known(here, asking.tenant_id, hook_id, url)
    response = jsonify({"id": hook_id, "url": url, "secret": secret})
    response.status_code = 201
    if not fresh:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _known(here: Parts, tenant_id: str, hook_id: str, url: str) -> str:
    """The secret of an endpoint that is there already, or ``""``; raises :class:`KeyReused`."""
    with here.db.read() as session:
        row = session.get(tables.Webhook, hook_id)
    if row is None:
        return ""
    if row.url != url:
        raise KeyReused("This key was used before for another endpoint.")
    return here.vault.open(row.sealed, tenant_id, "webhooks", "sealed", hook_id).decode()


def _made(here: Parts, tenant_id: str, hook_id: str, url: str) -> str:
    secret = webhooks.new_secret()
    with here.db.write("hook.made") as session:
        count = len(
            session.scalars(select(tables.Webhook.id).where(tables.Webhook.tenant_id == tenant_id)).all()
        )
        if count >= MAX_HOOKS:
            raise BadInput("Too many endpoints.", says="There are 10 endpoints already. Please remove one first.")
        now = here.db.now(session)
        sealed = here.vault.seal(secret.encode(), tenant_id, "webhooks", "sealed", hook_id)
        session.add(tables.Webhook(id=hook_id, tenant_id=tenant_id, url=url, sealed=sealed, created_at=now))
    return secret


@routes.get("/v1/webhooks")
@openapi.says("List endpoints", answers={200: "EndpointPage"}, errors=(401,))
def list_hooks() -> Response:
    """The tenant's endpoints, without their secrets."""
    asking = who()
    with parts().db.read() as session:
        rows = session.scalars(
            select(tables.Webhook)
            .where(tables.Webhook.tenant_id == asking.tenant_id)
            .order_by(tables.Webhook.created_at)
        ).all()
    items = [
        {
            "id": row.id,
            "url": row.url,
            "created_at": queries.iso(row.created_at),
            "disabled": row.disabled_at is not None,
        }
        for row in rows
    ]
    return jsonify({"items": items})


@routes.delete("/v1/webhooks/<hook_id>")
@openapi.says("Remove an endpoint", answers={204: ""}, errors=(401, 404))
def remove(hook_id: str) -> Response:
    """Nothing more is sent there."""
    asking = who()
    with parts().db.write("hook.removed") as session:
        row = session.get(tables.Webhook, hook_id)
        if row is None or row.tenant_id != asking.tenant_id:
            raise NotFound("No such endpoint.", says="There is no endpoint by that name.")
        session.delete(row)
    return Response(status=204)


def _check_url(url: str, *, allow_http: bool) -> None:
    try:
        parsed = urlsplit(url)
        port_ok = parsed.port is None or 0 < parsed.port < 65536
    except ValueError:
        parsed, port_ok = urlsplit(""), False
    good = parsed.scheme == "https" or (allow_http and parsed.scheme == "http")
    if not good or not parsed.hostname or parsed.username or not port_ok or len(url) > 2000:
        raise BadInput("A bad address.", says="Please give a full https address without a user name in it.")
