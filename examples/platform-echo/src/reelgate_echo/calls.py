"""Calls to the board, and what each answer means for a delivery: the one part where guessing costs a double post."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import requests  # it comes with reelgate
from requests.exceptions import ConnectTimeout, InvalidURL, MissingSchema

from reelgate.errors import AnswerLost, NotFound, PlatformBusy, PlatformError, PlatformFault, TooBig

if TYPE_CHECKING:
    from reelgate.contract import Parcel


class Calls:
    """The board at ``api``. ``timeout`` is in seconds, to connect and for each silence after that."""

    def __init__(self, api: str, token: str, timeout: float) -> None:
        self._api = api.rstrip("/")
        self._token = token
        self._timeout = timeout

    def ask(self, method: str, path: str, value: object = None, key: str = "") -> dict[str, Any]:
        """One call with JSON; ``key`` makes it safe to repeat. Raises what :func:`_told` and :meth:`_send` raise."""
        headers = {"Content-Type": "application/json"} if value is not None else {}
        if key:
            headers["Idempotency-Key"] = key
        return self._send(method, path, headers, None if value is None else json.dumps(value).encode())

    def upload(self, path: str, parcel: Parcel) -> None:
        """Send the file's bytes as a stream: a reel is never held in memory as a whole."""
        with parcel.open() as file:
            self._send("PUT", path, {"Content-Type": parcel.media_type}, file)

    def _send(self, method: str, path: str, headers: dict[str, str], body: Any) -> dict[str, Any]:
        sent = {**headers, "Authorization": f"Bearer {self._token}"}
        try:
            answer = requests.request(
                method, f"{self._api}{path}", headers=sent, data=body, timeout=self._timeout, allow_redirects=False
            )
        except (ConnectTimeout, InvalidURL, MissingSchema):
            raise PlatformFault("the board cannot be reached") from None
        except requests.RequestException as cause:
            # It may have arrived all the same. Reelgate decides what that means by the platform's kind of once.
            raise AnswerLost(f"the board gave no answer ({type(cause).__name__})") from None
        return _told(answer)


def _told(answer: requests.Response) -> dict[str, Any]:
    """The answer's JSON, or the typed error that its status means."""
    status = answer.status_code
    if status < 300:
        try:
            told = answer.json() if answer.content else {}
        except ValueError:
            raise AnswerLost("the board answered something that cannot be read") from None
        return told if isinstance(told, dict) else {}
    if status == 404:
        raise NotFound("the board has nothing there")
    if status == 413:
        raise TooBig("the board takes no file of this size")
    if status == 429:
        wait = answer.headers.get("Retry-After", "")
        raise PlatformBusy("the board asks us to slow down", retry_after=float(wait) if wait.isdigit() else None)
    if status >= 500:
        raise PlatformFault(f"the board answered {status}")
    raise PlatformError(f"the board answered {status}")
