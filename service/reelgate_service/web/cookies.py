"""The cookie of a signed-in browser, and proof that a request comes from our own page.

Off this machine the cookie is ``__Host-`` and ``Secure``: only https carries it, and no neighbouring host can plant
one. On 127.0.0.1, where there is no https, its name has the port, so that two services here do not sign each other
out. It is never sent along by a request that another site starts (``SameSite=Strict``), and a request that changes
something must moreover say that it comes from here.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request

from reelgate.errors import NotAllowed

if TYPE_CHECKING:
    from flask import Response

HEADER = "X-Reelgate-Page"
"""A header that a form on another site cannot send, and a script there only with a permission we never give."""

_SAFE = {"GET", "HEAD", "OPTIONS"}
_LONGEST = 100


class CrossSite(NotAllowed):
    """A request that changes something and was not started by our page."""

    code = "cross_site"
    default_says = "That did not come from this page. Please reload it and try again."


def here_alone() -> bool:
    """True when the browser reached us under a name of its own machine."""
    host = urlsplit(f"//{request.host}").hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def name() -> str:
    """What the cookie is called at the address the browser used."""
    if not here_alone():
        return "__Host-reelgate"
    return f"reelgate-{urlsplit(f'//{request.host}').port or 80}"


def sent() -> str | None:
    """The cookie that came along, if any."""
    value = request.cookies.get(name())
    return value if value and len(value) <= _LONGEST else None


def give(response: Response, value: str) -> None:
    """Let the browser keep ``value`` until it is closed or signed out; no script can read it."""
    response.set_cookie(
        name(), value, path="/", secure=request.is_secure or not here_alone(), httponly=True, samesite="Strict"
    )


def take_back(response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        name(), path="/", secure=request.is_secure or not here_alone(), httponly=True, samesite="Strict"
    )


def need_our_page() -> None:
    """Raise :class:`CrossSite` where a request changes something and was not started by a page of ours.

    The browser itself says where it comes from: in ``Sec-Fetch-Site``, or where that is missing in ``Origin``.
    """
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is None:
        ours = origin is not None and urlsplit(origin).netloc == request.host
    else:
        ours = site == "same-origin"
    if not ours or HEADER not in request.headers:
        raise CrossSite("The request was not started by our own page.")
