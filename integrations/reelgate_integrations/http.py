"""One polite way out: every request to an address that somebody else chose goes through here.

The name is resolved once, every address is checked, and the connection goes to the checked address with the
name in TLS and ``Host``: nothing can be swapped between the check and the call. Private, loopback, link-local
and translated addresses are refused, redirects are not followed, proxies from the environment are not used,
and the other side has so long for all of it: it cannot hold us by answering one byte at a time.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from reelgate.errors import BadInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Resolver = Callable[[str, int], list[str]]

CONNECT_S, TOTAL_S = 5.0, 15.0
MAX_LINE = 8192
"""The most bytes in which a status line is looked for."""

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)[ \r\n]")
_PLAIN = "/%:@!$&'()*+,;=~-._?"

_TRANSLATED = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


class AddressRefused(BadInput):
    """The address leads somewhere that nobody outside may send us to."""

    code = "address_refused"
    default_says = "That address cannot be used: it does not lead to a public server."


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_private: bool = False,
    resolve: Resolver | None = None,
    limit_s: float | None = None,
) -> int:
    """POST ``body`` and return the status; nothing after it is read.

    ``allow_private`` is for an operator's own network. ``limit_s`` is for the whole call once the name is
    resolved, however slowly the other side talks; :data:`TOTAL_S` when left out. Raises :class:`AddressRefused`
    and :class:`reelgate.errors.Unavailable` (no answer, or not in time). A redirect is an answer like any other.
    """
    parsed = _checked(url, allow_private=allow_private)
    host, port = parsed.hostname or "", parsed.port or (443 if parsed.scheme == "https" else 80)
    address = public_address(host, port, resolve or _resolve, allow_private=allow_private)
    until = time.monotonic() + (TOTAL_S if limit_s is None else limit_s)
    try:
        with _connected(address, port, host if parsed.scheme == "https" else "", until) as connection:
            connection.settimeout(_left(until))
            connection.sendall(_request(parsed, body, headers))
            return _status(connection, until)
    except (OSError, ValueError) as error:  # the message may quote the address; the kind is enough
        raise Unavailable(f"The other side did not answer ({type(error).__name__}).") from None


def _connected(address: str, port: int, tls_name: str, until: float) -> socket.socket:
    """A connection to exactly this address; over TLS the certificate must be ``tls_name``'s."""
    plain = socket.create_connection((address, port), min(CONNECT_S, _left(until)))
    if not tls_name:
        return plain
    try:
        plain.settimeout(_left(until))
        return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH).wrap_socket(plain, server_hostname=tls_name)
    except BaseException:
        plain.close()
        raise


def _request(parsed: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    host = parsed.hostname or ""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode()
    told = {
        **headers,
        "host": name if parsed.port is None else f"{name}:{parsed.port}",
        "user-agent": "reelgate",
        "content-length": str(len(body)),
        "connection": "close",
    }
    if any(sign in text for pair in told.items() for text in pair for sign in "\r\n"):
        raise ValueError("a header holds a line break")
    target = quote(parsed.path or "/", safe=_PLAIN) + (f"?{quote(parsed.query, safe=_PLAIN)}" if parsed.query else "")
    lines = [f"POST {target} HTTP/1.1", *(f"{key}: {value}" for key, value in told.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def _status(connection: socket.socket, until: float) -> int:
    """The status of the answer; what else is in it nobody needs."""
    head = b""
    while b"\n" not in head:
        connection.settimeout(_left(until))
        more = connection.recv(4096)
        if not more or len(head) > MAX_LINE:
            raise ValueError("no status line")
        head += more
    found = _STATUS_LINE.match(head)
    if found is None:
        raise ValueError("not a status line")
    return int(found[1])


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def public_address(host: str, port: int, resolve: Resolver, *, allow_private: bool = False) -> str:
    """The first address of ``host``, when every one of its addresses is public; raises :class:`AddressRefused`."""
    try:
        addresses = resolve(host, port)
    except UnicodeError as error:
        raise AddressRefused("That is not a name that can be resolved.") from error
    except OSError as error:
        raise Unavailable("The name could not be resolved.") from error
    if not addresses:
        raise AddressRefused("The name has no address.")
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise AddressRefused("The name leads to a private address.")
    return addresses[0]


def _checked(url: str, *, allow_private: bool) -> SplitResult:
    try:
        parsed = urlsplit(url)
        port = parsed.port
    except ValueError as error:
        raise AddressRefused("The address cannot be read.") from error
    schemes = {"https", "http"} if allow_private else {"https"}
    if parsed.scheme not in schemes or not parsed.hostname or parsed.username or "\\" in url:
        raise AddressRefused("Only plain https addresses are called.")
    if not allow_private and port not in {None, 443}:
        raise AddressRefused("Only port 443 is called.")
    return parsed


def _is_public(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return _is_public(str(parsed.ipv4_mapped))
        if any(parsed in net for net in _TRANSLATED):
            return False
    return parsed.is_global and not parsed.is_multicast


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))

