"""Errors on the wire: RFC 9457 ``application/problem+json`` with a stable ``code`` and a ``request_id``."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from reelgate.errors import BadInput, BodyInvalid, NotFound, ReelgateError
from reelgate_service.observe import log

MEDIA_TYPE = "application/problem+json"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class MethodNotAllowed(BadInput):
    """The address is right, the method is not."""

    code = "method_not_allowed"
    status = 405
    default_says = "That address does not take this method."


class BodyTooLarge(BadInput):
    """More bytes than this address takes."""

    code = "body_too_large"
    status = 413
    default_says = "That is too large to send here."


def problem(error: ReelgateError) -> Response:
    """``error`` as a response. The detail is the kind sentence; what only operators may read is logged."""
    body: dict[str, Any] = {
        "type": f"https://reelgate.dev/problems/{error.code}",
        "title": type(error).__name__,
        "status": error.status,
        "detail": error.says,
        "code": error.code,
        "request_id": request_id(),
    }
    response = Response(json.dumps(body), status=error.status, mimetype=MEDIA_TYPE)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def request_id() -> str:
    """This request's id: the caller's own when it is plain, else a fresh one."""
    if "request_id" not in g:
        sent = request.headers.get("X-Request-Id", "")
        g.request_id = sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex[:16]
    return str(g.request_id)


def install(app: Flask) -> None:
    """Have every error leave as a problem, and every answer carry its request id."""

    @app.errorhandler(ReelgateError)
    def _typed(error: ReelgateError) -> Response:
        if error.status >= 500:
            log("request_failed", request=request_id(), code=error.code, route=str(request.url_rule))
        return problem(error)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        return problem(_ours(error))

    @app.errorhandler(Exception)
    def _unknown(error: Exception) -> Response:
        # The message may quote the request; the kind of error is enough to find it.
        log("request_crashed", request=request_id(), kind=type(error).__name__, route=str(request.url_rule))
        return problem(ReelgateError("An unexpected error."))

    @app.after_request
    def _stamp(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _ours(error: HTTPException) -> ReelgateError:
    if error.code == 404:
        return NotFound("No such address.", says="There is nothing at this address.")
    if error.code == 405:
        return MethodNotAllowed()
    if error.code == 413:
        return BodyTooLarge()
    if error.code is not None and 400 <= error.code < 500:
        return BodyInvalid(error.name, says="The request could not be read.")
    return ReelgateError(error.name)
