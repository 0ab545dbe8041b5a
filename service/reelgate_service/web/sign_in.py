"""Signing a browser in by a link that works once, and out again.

The secret stands behind the ``#`` of the link: browsers keep that to themselves, so that it is in no log and no
preview of a chat uses it up. The page sends it in a POST.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from reelgate.errors import NotFound
from reelgate_service.db import sessions
from reelgate_service.db.queries import iso
from reelgate_service.web import cookies
from reelgate_service.web.contract import Body, Field
from reelgate_service.web.parts import parts

routes = Blueprint("sign_in", __name__)

LINK = Body("SignIn", (Field("secret", "string", "What stands behind the # of the link.", True),))


@routes.before_request
def _only_with_a_playground() -> None:
    if not parts().settings.playground:
        raise NotFound("The playground is off.", says="There is nothing at this address.")


@routes.post("/sign-in")
def redeem() -> Response:
    """Use the link up; the browser gets a fresh session and loses the one it had."""
    cookies.need_our_page()
    here = parts()
    secret = LINK.parse(request.get_data())["secret"]
    cookie = sessions.redeem(here.db, here.vault, secret, cookies.sent())
    response = _view(sessions.find(here.db, here.vault, cookie))
    cookies.give(response, cookie)
    return response


@routes.get("/session")
def session() -> Response:
    """Who is signed in."""
    here = parts()
    cookie = cookies.sent()
    if cookie is None:
        raise sessions.SessionEnded("No cookie was sent.")
    return _view(sessions.find(here.db, here.vault, cookie))


@routes.delete("/session")
def sign_out() -> Response:
    """End the session here and in the browser."""
    cookies.need_our_page()
    here = parts()
    cookie = cookies.sent()
    if cookie is not None:
        sessions.end(here.db, here.vault, cookie)
    response = Response(status=204)
    cookies.take_back(response)
    return response


def _view(browser: sessions.Browser) -> Response:
    return jsonify({"tenant": browser.tenant_id, "name": browser.tenant, "ends_at": iso(browser.ends_at)})
