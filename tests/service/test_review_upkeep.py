"""Upkeep goes on whatever a customer's endpoint does: it may be slow, broken, hostile, or not there."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update
from tests.service.test_machine import accept, asked

from reelgate.errors import ReelgateError
from reelgate_integrations import http
from reelgate_service import studio as studio_
from reelgate_service.db import jobs, ledger, tables
from reelgate_service.worker import loop, relay
from reelgate_service.worker.sweeper import Sweeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reelgate_service.clock import SharedClock
    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings
    from reelgate_service.studio import Studio
    from reelgate_service.vault import Vault

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/reelgate.db"


@pytest.fixture
def studio(db: Database, settings: Settings) -> Studio:
    return studio_.build(replace(settings, allow_private_hooks=True, sweep_s=0.05, orphan_s=0.0), db=db)


@contextlib.contextmanager
def endpoint(answer: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a request and then does as it likes; yields its URL and what it heard."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    done = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(2)
            data = b""
            while b"\r\n\r\n" not in data or not data.partition(b"\r\n\r\n")[2].endswith(b"}"):
                data += connection.recv(65536)
            heard.append(data)
            answer(connection)

    def listen() -> None:
        while not done.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = server.accept()
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/hook?a=b", heard
    done.set()
    thread.join()
    server.close()


def hook(studio: Studio, name: str, url: str) -> None:
    sealed = studio.vault.seal(b"whsec_" + b"a" * 32, "local", "webhooks", "sealed", name)
    with studio.db.write("test") as session:
        session.add(tables.Webhook(id=name, tenant_id="local", url=url, sealed=sealed, created_at=0))


def tell(studio: Studio, once_key: str = "one") -> str:
    """End a job, so that every endpoint is to be told of it."""
    job_id = accept(studio.db, studio.vault, asked(once_key)).job_id
    assert jobs.request_cancel(studio.db, "local", job_id) == "cancelled"
    return job_id


def left(studio: Studio, name: str) -> int:
    with studio.db.read() as session:
        query = select(tables.Outbox.id).where(tables.Outbox.target == name, tables.Outbox.sent_at.is_(None))
        return len(session.scalars(query).all())


def drip(connection: socket.socket) -> None:
    for _ in range(600):
        connection.sendall(b"H")
        time.sleep(0.05)


def stall(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\nx")
    time.sleep(1)


def cut(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n")


@pytest.mark.parametrize("answer", [stall, cut, lambda it: it.sendall(OK)])
def test_a_status_is_an_answer_whatever_follows_it(answer: Callable[[socket.socket], None]) -> None:
    with endpoint(answer) as (url, heard):
        assert http.post(url, b"{}", {"x-one": "1"}, allow_private=True) == 200
    assert heard[0].startswith(b"POST /hook?a=b HTTP/1.1\r\n")
    assert b"x-one: 1" in heard[0].lower()
    assert heard[0].endswith(b"\r\n\r\n{}")


def babble(connection: socket.socket) -> None:
    connection.sendall(b"\x00" * 9000)


@pytest.mark.parametrize("answer", [drip, lambda _: None, lambda it: it.sendall(b"SSH-2.0-x\r\n"), babble])
def test_no_answer_is_told_as_such_and_in_time(answer: Callable[[socket.socket], None]) -> None:
    with endpoint(answer) as (url, _), pytest.raises(ReelgateError, match="did not answer"):
        http.post(url, b"{}", {}, allow_private=True, limit_s=0.5)


@pytest.mark.parametrize("url", ["https://a..b/", "https://" + "a" * 70 + ".example/", "https://[::1", "https://x\udcff/"])
def test_an_address_that_nobody_can_resolve_is_refused(url: str) -> None:
    with pytest.raises(ReelgateError):
        http.post(url, b"{}", {})


def test_a_redirect_is_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\n\r\n"
    with endpoint(lambda it: it.sendall(moved)) as (url, heard):
        assert http.post(url, b"{}", {}, allow_private=True) == 302
    assert len(heard) == 1


def test_tls_needs_the_names_certificate() -> None:
    with endpoint(lambda it: it.sendall(OK)) as (url, _), pytest.raises(ReelgateError, match="did not answer"):
        http.post(url.replace("http:", "https:"), b"{}", {}, allow_private=True, limit_s=2)


def test_a_hostile_endpoint_keeps_nobody_waiting(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TOTAL_S", 1.0)
    with endpoint(drip) as (slow, _), endpoint(lambda it: it.sendall(OK)) as (good, heard):
        hook(studio, "slow", slow)
        hook(studio, "lost", "https://a..b/hook")
        hook(studio, "good", good)
        for number in range(12):
            tell(studio, f"k{number}")
        for _ in range(3):
            relay.send_webhooks(studio)
    assert len(heard) == 12
    assert left(studio, "good") == 0
    assert left(studio, "slow") == left(studio, "lost") == 12


def test_a_webhook_is_in_one_hand_at_a_time(studio: Studio) -> None:
    with endpoint(lambda it: (time.sleep(0.5), it.sendall(OK))[1]) as (url, heard):
        hook(studio, "good", url)
        tell(studio)
        threads = [threading.Thread(target=relay.send_webhooks, args=(studio,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(heard) == 1
    assert left(studio, "good") == 0


def test_a_sender_that_died_is_followed_by_another(studio: Studio, clock: SharedClock) -> None:
    with endpoint(lambda it: it.sendall(OK)) as (url, heard):
        hook(studio, "good", url)
        tell(studio)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(http, "post", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("died")))
            relay.send_webhooks(studio)
        assert left(studio, "good") == 1
        clock.advance(600)
        relay.send_webhooks(studio)
    assert (len(heard), left(studio, "good")) == (1, 0)


def test_retries_are_counted_and_end(studio: Studio, clock: SharedClock) -> None:
    with endpoint(lambda it: it.sendall(b"HTTP/1.1 500 No\r\n\r\n")) as (url, heard):
        hook(studio, "bad", url)
        tell(studio)
        for _ in range(12):
            relay.send_webhooks(studio)
            clock.advance(40_000)
    assert len(heard) == len(relay.RETRY_S) + 1
    assert left(studio, "bad") == 0


def test_an_endpoint_that_is_gone_is_switched_off_and_owes_nothing(studio: Studio) -> None:
    with endpoint(lambda it: it.sendall(b"HTTP/1.1 410 Gone\r\n\r\n")) as (url, heard):
        hook(studio, "gone", url)
        for number in range(3):
            tell(studio, f"k{number}")
        relay.send_webhooks(studio)
        relay.send_webhooks(studio)
    assert len(heard) == 1
    assert left(studio, "gone") == 0
    tell(studio, "later")
    assert left(studio, "gone") == 0


def test_the_sweeper_outlives_a_surprise(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    real, times = Sweeper.sweep, []

    def stumbles(self: Sweeper) -> bool:
        times.append(1)
        if len(times) == 1:
            raise FileNotFoundError("a file that was there a moment ago")
        return real(self)

    monkeypatch.setattr(Sweeper, "sweep", stumbles)
    accept(studio.db, studio.vault)
    stop = threading.Event()
    thread = threading.Thread(target=loop.serve, args=(studio, stop), kwargs={"work": False})
    thread.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with studio.db.read() as session:
            if session.scalars(select(tables.Leaf.seq)).all() == [1]:
                break
        time.sleep(0.05)
    stop.set()
    thread.join()
    assert len(times) >= 2
    with studio.db.read() as session:
        assert session.scalars(select(tables.Leaf.seq)).all() == [1]


def test_what_a_dead_worker_left_in_the_spool_is_swept(studio: Studio) -> None:
    spool = studio.settings.spool
    old, young = spool / "tmpold", spool / "tmpyoung"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "upload").write_bytes(b"somebody's face")
    os.utime(old, (0, 0))
    later = replace(studio, settings=replace(studio.settings, orphan_s=60.0))
    Sweeper(later, None).sweep()
    assert (old.exists(), young.exists()) == (False, True)


def test_reading_the_whole_ledger_keeps_no_writer_waiting(db: Database, vault: Vault) -> None:
    accept(db, vault)
    ledger.sequence(db)
    wrote = []
    real = ledger.leaf.verify_chain

    def slow(rows: object, **kwargs: object) -> object:
        def while_writing() -> Iterator[object]:
            for row in rows:  # type: ignore[attr-defined]
                with db.write("test") as session:
                    session.connection().exec_driver_sql("PRAGMA busy_timeout = 200")
                    session.execute(update(tables.Tenant).values(name="Busy"))
                wrote.append(row)
                yield row

        return real(while_writing(), **kwargs)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.leaf, "verify_chain", slow)
        assert ledger.verify(db).ok
    assert len(wrote) == 1
