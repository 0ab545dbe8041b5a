"""The playground at ``/`` and the files it is made of. The pages hold nothing of anybody: what they show, their own
scripts ask of the API as the browser that is signed in.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, request

from reelgate.errors import NotFound
from reelgate_service.web.parts import parts

routes = Blueprint("pages", __name__)

STATIC = Path(__file__).with_name("static")
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What a page of ours may load and where it may send: from here, to here, and no script but our files."""


@routes.get("/")
def home() -> Response:
    """The playground for a browser; a few lines for whoever asks with a command line, or where it is off."""
    wants = request.accept_mimetypes.best_match(["text/plain", "text/html"], default="text/plain")
    if parts().settings.playground and wants == "text/html":
        response = _file("playground.html")
    else:
        response = Response(_words(), mimetype="text/plain")
    response.vary.add("Accept")
    return response


@routes.get("/sign-in")
def sign_in() -> Response:
    """Where a link that signs in leads; looking at it uses nothing up."""
    if not parts().settings.playground:
        raise NotFound("The playground is off.", says="There is nothing at this address.")
    return _file("sign-in.html")


@routes.get("/static/<name>")
def static(name: str) -> Response:
    """A style, script or picture of the pages."""
    if name.endswith(".html"):
        raise NotFound("A page has an address of its own.", says="There is nothing at this address.")
    return _file(name)


@routes.get("/favicon.ico")
def icon() -> Response:
    """Browsers ask for it under this name whatever a page says."""
    return _file("icon.svg")


def _file(name: str) -> Response:
    path = STATIC / name
    kind = TYPES.get(path.suffix)
    if kind is None or path.parent != STATIC or not path.is_file():
        raise NotFound("No such file.", says="There is nothing at this address.")
    response = Response(path.read_bytes(), content_type=kind)
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"  # asked about each time: a new version is seen at once
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    response.make_conditional(request)
    return response


def _words() -> str:
    lines = ["Reelgate is running.", ""]
    if parts().settings.playground:
        lines += ["Try it: open this address in a browser. A link that signs you in: reelgate-service sign-in"]
    lines += ["API description: /openapi.json", "Make an API key: reelgate-service keys add NAME"]
    return "\n".join(lines) + "\n"
