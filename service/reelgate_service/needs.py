"""What must be there before anything is accepted or started, so that a slip in a setting is one sentence at once.

A worker that cannot even start would otherwise be started again and again, and its reason be lost in a log.
"""

from __future__ import annotations

import os
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reelgate.plugins import missing
from reelgate_service.settings import SettingInvalid

if TYPE_CHECKING:
    from reelgate_service.settings import Settings

_DRIVERS = {"postgresql": ("psycopg", "postgres"), "redis": ("redis", "redis"), "rediss": ("redis", "redis")}
"""Scheme of an address: the module that speaks it, and the extra that brings it."""


def need_drivers(settings: Settings) -> None:
    """Raise ``MissingExtra`` where the database or the broker needs a package that is not installed."""
    for url in (settings.database_url, settings.broker_url):
        module, extra = _DRIVERS.get(url.partition(":")[0].partition("+")[0], ("", ""))
        if module and find_spec(module) is None:
            raise missing(extra, ModuleNotFoundError(name=module))


def need_parts(settings: Settings) -> None:
    """Raise the typed error of a policy, hash list, mark key or certificate that no worker could start with."""
    from reelgate_moderation.hashes.bank import HashBank
    from reelgate_moderation.policy.loader import load
    from reelgate_service import marking, signing

    need_drivers(settings)
    _ = settings.store_path
    marking.keys(settings)
    load(Path(settings.policy_dir) if settings.policy_dir else None)
    HashBank.load(settings.home / "hashes")
    if settings.signing_cert:
        signing.identity(settings)  # one of our own is made when it is first needed


def need_address(bind: str) -> None:
    """Raise :class:`SettingInvalid` unless ``bind`` is ``ADDRESS:PORT`` and free to listen on.

    gunicorn would try a taken address for seconds and end, and its supervisor would start it for ever.
    """
    try:
        parsed = urlsplit(f"//{bind}")
        host, port = parsed.hostname, parsed.port
    except ValueError:
        host, port = None, None
    if not host or not port or parsed.netloc != bind or parsed.username is not None:
        raise SettingInvalid(f"REELGATE_BIND must be ADDRESS:PORT, like 127.0.0.1:8700, not {bind!r}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As gunicorn does: connections of a service that has just ended are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise SettingInvalid(
            f"Nothing can listen on {bind} ({why}). Does a service run there already? "
            "REELGATE_BIND or --bind chooses another address."
        ) from error
