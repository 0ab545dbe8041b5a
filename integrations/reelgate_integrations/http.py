"""One polite way out: every request to an address that somebody else chose goes through here.

The name is resolved once, every address is checked, and the connection goes to the checked address with the
name in TLS and ``Host``: nothing can be swapped between the check and the call. Private, loopback, link-local
and translated addresses are refused, redirects are not followed, proxies from the environment are not used,
and an answer is read to a small limit only.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from reelgate.errors import BadInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Resolver = Callable[[str, int], list[str]]

CONNECT_S, READ_S = 5.0, 15.0
MAX_ANSWER = 64 * 1024

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
) -> int:
    """POST ``body`` and return the status; the answer's bytes are dropped.

    ``allow_private`` is for an operator's own network. Raises :class:`AddressRefused` and
    :class:`reelgate.errors.Unavailable` (no answer, or not in time). A redirect is an answer like any other.
    """
    parsed = _checked(url, allow_private=allow_private)
    host, port = parsed.hostname or "", parsed.port or (443 if parsed.scheme == "https" else 80)
    address = public_address(host, port, resolve or _resolve, allow_private=allow_private)
    literal = f"[{address}]" if ":" in address else address
    pinned = urlunsplit((parsed.scheme, f"{literal}:{port}", parsed.path or "/", parsed.query, ""))
    name = host if parsed.port is None else f"{host}:{parsed.port}"
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", _PinnedName(host))
        try:
            with session.post(
                pinned,
                data=body,
                headers={**headers, "host": name, "user-agent": "reelgate"},
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
                stream=True,
            ) as answer:
                answer.raw.read(MAX_ANSWER, decode_content=False)
                return answer.status_code
        except requests.RequestException as error:
            # requests quotes the URL in its message; the kind is enough.
            raise Unavailable(f"The other side did not answer ({type(error).__name__}).") from None


def public_address(host: str, port: int, resolve: Resolver, *, allow_private: bool = False) -> str:
    """The first address of ``host``, when every one of its addresses is public; raises :class:`AddressRefused`."""
    try:
        addresses = resolve(host, port)
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


class _PinnedName(HTTPAdapter):
    """TLS for a connection by address: the certificate must be the name's."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Ask for, and check, the certificate of the name instead of the address."""
        super().init_poolmanager(*args, server_hostname=self._host, assert_hostname=self._host, **kwargs)
