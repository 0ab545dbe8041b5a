"""What ``reelgate dev`` asks of a platform's twin, so that its page can show any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reelgate.chat import Registration


class Chat(Protocol):
    """A twin as people see it; everything is JSON that the page understands."""

    def version(self, known: str, seconds: float) -> str:
        """What names the present state, waiting for one that is not ``known``, for so many seconds at most."""
        ...

    def state(self, viewer: str, channel: str) -> Mapping[str, Any]:
        """Everything that one person sees in one channel; unknown ids give the first of each."""
        ...

    def do(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What somebody did on the page; raises our errors."""
        ...

    def file(self, id: str) -> tuple[bytes, str] | None:
        """The bytes and media type of a file that was posted."""
        ...


@runtime_checkable
class ChatTwin(Protocol):
    """A twin that listens on a port of this machine and can be told where the app is."""

    @property
    def registration(self) -> Registration:
        """The app as an operator would register it, with the twin's own secrets and address."""
        ...

    def connect(self, url: str) -> None:
        """Send what happens to this address of the app's."""
        ...

    def ping(self) -> bool:
        """Ask the app whether it is there."""
        ...

    def view(self) -> Chat:
        """The twin as people see it."""
        ...

    def close(self) -> None:
        """Stop listening."""
        ...
