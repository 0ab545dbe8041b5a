"""Whether the web can listen where it is told to, found out before anything is started."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

from reelgate_service.settings import SettingInvalid


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
