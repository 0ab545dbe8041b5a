"""The line from Discord to the app: signed, timed, with what the app answers taking effect as it would there."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reelgate.errors import NotOffered
from reelgate.testing.sending import Delivered, Send, Sender
from reelgate.testing.twin import Asked, Call, Entry, Route, Told, Twin, Violation, shown
from reelgate_integrations.discord.standin import envelopes, forms, hooks, posting
from reelgate_integrations.discord.standin import world as w
from reelgate_integrations.discord.standin.limits import EVENT_S, EVENT_TRIES_S, FIRST_RESPONSE_S
from reelgate_integrations.discord.standin.rules import RESPONSE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reelgate.testing.faults import Faults

SIGNATURE, TIMESTAMP = "X-Signature-Ed25519", "X-Signature-Timestamp"
NO_ANSWER = "The application did not respond"
_FIRST = Route(RESPONSE, "POST", "", lambda call: Told(500))


@dataclass(frozen=True, slots=True)
class Keys:
    """The app's secrets at Discord: the key that signs what is sent to it, and the bot's token."""

    signing: Ed25519PrivateKey = field(repr=False)
    bot_token: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Keys:
        """New ones."""
        return cls(Ed25519PrivateKey.generate(), secrets.token_urlsafe(40))

    @property
    def public_key(self) -> str:
        """The public half in hex, as an app is told."""
        return self.signing.public_key().public_bytes_raw().hex()

    def sign(self, body: bytes, now: float) -> dict[str, str]:
        """The headers of a true request."""
        stamp = str(int(now))
        signature = self.signing.sign(stamp.encode() + body).hex()
        agent = "Discord-Interactions/1.0 (+https://discord.com)"
        return {SIGNATURE: signature, TIMESTAMP: stamp, "Content-Type": "application/json", "User-Agent": agent}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of something that a person did.

    ``failed``: the chat shows that the application did not respond. ``message`` is what the first response made or
    changed, ``modal`` the form it opened, ``choices`` what it suggested. ``duplicates`` are the statuses that
    copies sent at once got, ``forged`` those of copies with a bad signature.
    """

    interaction: w.Interaction
    status: int | None
    response: Mapping[str, Any]
    failed: bool
    message: w.Message | None = None
    modal: w.Modal | None = None
    choices: tuple[str, ...] = ()
    duplicates: tuple[int | None, ...] = ()
    forged: tuple[int, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _Owed:
    """A webhook event: since when, how often it was sent, and when it is the next time."""

    body: bytes = field(repr=False)
    first: float
    tries: int = 0
    next: float = 0.0


def _written(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


class Line:
    """Speaks to one app. ``base`` says where the twin serves files."""

    def __init__(
        self,
        world: w.World,
        engine: Twin,
        keys: Keys,
        wait: Callable[[float], None],
        base: Callable[[], str],
    ) -> None:
        self._world, self._engine, self._keys, self._wait, self._base = world, engine, keys, wait, base
        self._sender: Sender | None = None
        self._owed: list[_Owed] = []

    def open(self, send: Send, faults: Faults) -> None:
        """Speak to the app through ``send``."""
        self._sender = Sender(send, faults, lambda headers: self._forged("flipped", headers), self._wait)

    def act(
        self,
        name: str,
        kind: int,
        user: w.User,
        channel: w.Channel,
        data: Mapping[str, Any],
        *,
        source: w.Message | None = None,
        opened_by: w.Interaction | None = None,
        what: str = "",
    ) -> Outcome:
        """Tell the app what a person did, and let its answer take effect."""
        with self._world.lock:
            owners = envelopes.owners(self._world, user, channel)
            if source is not None and source.interaction:
                owners = dict(self._world.interactions[source.interaction].owners)
            asked = self._world.interaction(kind, user, channel, owners, source)
            asked.what, asked.opened_by = what, opened_by
            told = envelopes.interaction(self._world, asked, data, self._base())
        delivered = self._send(name, told)
        with self._world.lock:
            response = self._settle(asked, delivered)
            failed = asked.answered is None
            if failed:
                self._fail(asked)
        return Outcome(
            interaction=asked,
            status=delivered.answer[0] if delivered.answer else None,
            response=response,
            failed=failed,
            message=asked.original,
            modal=asked.modal,
            choices=tuple(str(each.get("value")) for each in asked.choices),
            duplicates=tuple(each[0] if each else None for each in delivered.duplicates),
            forged=delivered.forged,
            troubles=delivered.troubles,
        )

    def ping(self) -> bool:
        """Whether the app greets."""
        answer = self._send("ping", envelopes.ping(self._world)).answer
        form = forms.read(answer[1].get("content-type", ""), answer[2]) if answer else forms.Form()
        return answer is not None and answer[0] == 200 and form.data == {"type": 1}

    def ping_events(self) -> bool:
        """Whether the app greets where webhook events go."""
        told = {"version": 1, "application_id": self._world.app, "type": 0}
        answer = self._send("ping", told).answer
        return answer is not None and answer[0] == 204 and not answer[2]

    def tell(self, name: str, data: Mapping[str, Any]) -> int | None:
        """Send a webhook event; the status of the answer, which should be 204."""
        body = _written(envelopes.event(self._world, name, data))
        owed = _Owed(body, self._world.clock())
        status, taken = self._told(owed)
        if not taken:
            with self._world.lock:
                self._owed.append(owed)
        return status

    def again(self) -> list[int | None]:
        """Send those webhook events again that were not taken and whose time it is; the statuses."""
        now = self._world.clock()
        with self._world.lock:
            self._owed = [each for each in self._owed if now - each.first <= EVENT_TRIES_S]
            due = [each for each in self._owed if each.next <= now]
            self._owed = [each for each in self._owed if each not in due]
        statuses = []
        for each in due:
            status, taken = self._told(each)
            statuses.append(status)
            if not taken:
                with self._world.lock:
                    self._owed.append(each)
        return statuses

    def _told(self, owed: _Owed) -> tuple[int | None, bool]:
        """Send a webhook event; its status, and whether it was taken: 204 and nothing, in time."""
        began = self._world.clock()
        answer = self._deliver("webhook", owed.body).answer
        owed.tries += 1
        owed.next = self._world.clock() + 2.0 ** (owed.tries - 1)
        if answer is None:
            return None, False
        late = self._world.clock() - began > EVENT_S
        taken = answer[0] == 204 and not answer[2] and not late
        if not taken and answer[0] < 500:
            detail = "too late" if late else f"{answer[0]} with {len(answer[2])} bytes"
            self._engine.breach(Violation("event-answer", "event.webhook", f"{detail}; 204 and nothing is wanted"))
        return answer[0], taken

    def probe(self, how: str) -> int:
        """A ping with a bad signature."""
        body = json.dumps(envelopes.ping(self._world)).encode()
        answer = self._open.once(body, self._forged(how, self._keys.sign(body, self._world.clock()), body))
        status = answer[0] if answer else 0
        self._must_refuse((status,))
        self._note("probe", body, status, answer[2] if answer else b"")
        return status

    def repeat(self) -> list[int | None]:
        """Send again what was kept for later."""
        return [answer[0] if answer else None for answer in self._open.repeat()]

    @property
    def _open(self) -> Sender:
        if self._sender is None:
            raise NotOffered("the twin is not connected to an app: call connect() first")
        return self._sender

    def _send(self, name: str, told: Mapping[str, Any]) -> Delivered:
        return self._deliver(name, _written(told))

    def _deliver(self, name: str, body: bytes) -> Delivered:
        delivered = self._open.deliver(name, body, self._keys.sign(body, self._world.clock()))
        self._must_refuse(delivered.forged)
        answer = delivered.answer
        self._note(name, body, answer[0] if answer else None, answer[2] if answer else b"", delivered.troubles)
        return delivered

    def _settle(self, asked: w.Interaction, delivered: Delivered) -> dict[str, Any]:
        """Let the first response take effect if it came in time and says something that may be said."""
        answer = delivered.answer
        if asked.answered is not None or answer is None or answer[0] != 200:
            return {}
        if self._world.clock() - asked.at > FIRST_RESPONSE_S:
            return {}
        form = forms.read(answer[1].get("content-type", ""), answer[2])
        seen = Asked(self._world.clock(), "POST", "", {}, answer[1], answer[2])
        broken = self._engine.check(Call(seen, _FIRST, {}, form))
        if any(rule.refuses for rule, _ in broken):
            return form.fields
        if not hooks.fits(asked, form.fields["type"]):
            self._engine.breach(Violation("response-fits", RESPONSE, f"type {form.fields['type']} does not fit here"))
            return form.fields
        if hooks.empty(asked, form):
            self._engine.breach(Violation("response-empty", RESPONSE, "a message with nothing in it"))
            return form.fields
        hooks.respond(self._world, asked, form)
        return form.fields

    def _fail(self, asked: w.Interaction) -> None:
        asked.void = True
        if asked.kind == 4:
            return
        note = posting.make(self._world, asked.channel, {"content": NO_ANSWER}, {})
        note.only_for, note.failed, note.asked_by, note.asked_what = asked.user.id, True, asked.user.id, asked.what
        self._world.changed()

    def _must_refuse(self, statuses: tuple[int, ...]) -> None:
        for status in statuses:
            if status != 401:
                detail = f"a bad signature was answered {status}; Discord takes such an app off the air"
                self._engine.breach(Violation("forgery", "event.probe", detail))

    def _forged(self, how: str, headers: Mapping[str, str], body: bytes = b"") -> dict[str, str]:
        """Headers that a true app must refuse."""
        bad = dict(headers)
        if how == "flipped":
            bad[SIGNATURE] = ("0" if bad[SIGNATURE][0] != "0" else "1") + bad[SIGNATURE][1:]
        elif how == "timestamp":
            bad[TIMESTAMP] = str(int(bad[TIMESTAMP]) + 1)
        elif how == "missing":
            del bad[SIGNATURE], bad[TIMESTAMP]
        elif how == "other":
            bad.update(Keys.fresh().sign(body, self._world.clock()))
        else:
            raise NotOffered(f"there is no forgery called {how!r}")
        return bad

    def _note(self, name: str, body: bytes, status: int | None, got: bytes, troubles: tuple[str, ...] = ()) -> None:
        sent, answer = shown("application/json", body), shown("application/json", got)
        at = self._world.clock()
        self._engine.note(
            Entry(0, at, "out", f"event.{name}", f"POST {name} to the app", status, sent, answer, troubles)
        )
