"""Both sides of the acknowledgement bench: started alike, loaded in turns, and asked afterwards what they kept."""

from __future__ import annotations

import contextlib
import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from bench.ack import bare
from bench.ack.interactions import APP
from bench.ack.load import Task
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from reelgate.chat import Registration
from reelgate_integrations import catalog
from reelgate_service import settings as settings_
from reelgate_service.db import apps, migrate
from reelgate_service.db.base import open_database
from reelgate_service.vault import open_vault
from reelgate_service.worker.supervise import web_child

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Plan:
    """``rate`` a second for ``seconds`` on each side, cut into ``blocks`` that take turns.

    For ``warm`` seconds before that nothing is timed: connections, plans and caches.
    """

    rate: float = 100.0
    seconds: float = 60.0
    blocks: int = 6
    seed: int = 1
    even: bool = False
    warm: float = 3.0


@dataclass(slots=True)
class Measured:
    """All blocks of one side: where its requests go, and what came back. Times are in seconds."""

    name: str
    port: int
    path: str
    counted: str
    took: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    rows: int = 0
    pid: int = 0
    spent: float = 0.0

    def cpu_ms(self) -> float:
        """Milliseconds of processor time that the web spent on each timed request: says what it costs on a busy
        machine, where the times do not.
        """
        return self.spent * 1000 / self.answers.total()

    def within(self, share: float) -> float:
        """Milliseconds within which that share of all requests was answered; one that never was took for ever."""
        return _rank(self.took, share, self.answers.total())

    def late_within(self, share: float) -> float:
        """Milliseconds within which that share of all requests went out after it was due."""
        return _rank(self.late, share, len(self.late))

    def faults(self) -> list[str]:
        """What is wrong with the answers and the rows; slowness is none of it."""
        found = [f"{self.name}: {count} times: {kind}" for kind, count in self.answers.items() if kind != "accepted"]
        if self.rows != self.accepted:
            found.append(f"{self.name}: {self.rows} rows were written, for {self.accepted} acknowledgements")
        return found


def measure(postgres: str, plan: Plan, key: Ed25519PrivateKey | None = None) -> tuple[Measured, Measured]:
    """The service and the bare application under the same load; ``key`` signs instead of the registered one."""
    registered = Ed25519PrivateKey.generate()
    public = registered.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    private = (key or registered).private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()).hex()
    ports = _free_ports(2)
    service = Measured("reelgate", ports[0], f"/platforms/discord/{APP}", "jobs")
    plain = Measured("bare", ports[1], "/interactions", "bare")
    with tempfile.TemporaryDirectory(prefix="reelgate-ack-") as folder, scratch(postgres) as url:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("REELGATE_")}
        ours = {
            **clean,
            "REELGATE_HOME": folder,
            "REELGATE_DATABASE_URL": url,
            "REELGATE_BIND": f"{HOST}:{service.port}",
            "REELGATE_MAX_QUEUE": "1000000",  # nobody films what is asked for here
        }
        chosen = settings_.from_environment(ours)
        _prepare(chosen, public)
        theirs = {**clean, "BARE_DATABASE_URL": url, "BARE_PUBLIC_KEY": public}
        command = web_child(chosen).command
        other = web_child(replace(chosen, bind=f"{HOST}:{plain.port}")).command
        alike = [*other[:-1], f"{bare.__name__}:create_app()"]
        log = Path(folder)
        with (
            running(command, ours, service.port, log / "web") as service.pid,
            running(alike, theirs, plain.port, log / "bare") as plain.pid,
        ):
            _take_turns((service, plain), plan, private)
        for side in (service, plain):
            side.rows = _rows(url, side.counted)
    return service, plain


def _take_turns(sides: Sequence[Measured], plan: Plan, key: str) -> None:
    for number in range(plan.blocks + 1):
        seconds = plan.seconds / plan.blocks if number else plan.warm
        for side in sides if number % 2 else sides[::-1]:
            seed = plan.seed * 1000 + number
            task = Task(HOST, side.port, side.path, key, plan.rate, seconds, seed, plan.even)
            before = _spent(side.pid)
            heard = block(task)
            side.accepted += heard["answers"].get("accepted", 0)
            if number:
                side.took += heard["took"]
                side.late += heard["late"]
                side.spent += _spent(side.pid) - before
            # What goes wrong while it warms up goes wrong all the same.
            wrong = {kind: count for kind, count in heard["answers"].items() if number or kind != "accepted"}
            side.answers.update(wrong)


def block(task: Task) -> dict[str, Any]:
    """Put one block of load on a side, from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.ack.load"],
        input=json.dumps(asdict(task)),
        capture_output=True,
        text=True,
        timeout=task.seconds + 120,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"The load broke down:\n{done.stderr}")
    heard: dict[str, Any] = json.loads(done.stdout)
    return heard


@contextlib.contextmanager
def scratch(postgres: str) -> Iterator[str]:
    """The address of a fresh schema, gone afterwards."""
    name = f"reelgate_ack_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f'CREATE SCHEMA "{name}"')  # type: ignore[arg-type]
        try:
            yield f"{postgres}{'&' if '?' in postgres else '?'}options=-csearch_path%3D{name}"
        finally:
            server.execute(f'DROP SCHEMA "{name}" CASCADE')  # type: ignore[arg-type]


@contextlib.contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], port: int, log: Path) -> Iterator[int]:
    """A web server that answers on ``port``, by its process id; ended afterwards."""
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=dict(environment), stdout=file, stderr=file)
    try:
        end = time.monotonic() + 60
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"The web did not start:\n{log.read_text()}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def _prepare(chosen: settings_.Settings, public: str) -> None:
    """The schema, the app with its key, and the bare application's one table."""
    db = open_database(chosen.database_url)
    migrate.upgrade(db)
    needed = catalog.platform("discord", Registration(APP)).facts.secrets
    secrets = {name: public if name == "public_key" else "bench" for name in needed}
    apps.register(
        db,
        open_vault(chosen),
        tenant_id="local",
        platform="discord",
        app=APP,
        name="Bench",
        api="",
        secrets=secrets,
        open=True,
    )
    db.close()
    with psycopg.connect(chosen.database_url, autocommit=True) as server:
        server.execute(bare.TABLE)


def _rows(url: str, table: str) -> int:
    with psycopg.connect(url) as server:
        row = server.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # type: ignore[arg-type]
    return int(row[0]) if row else 0


def _rank(times: Sequence[float], share: float, count: int) -> float:
    ranked, place = sorted(times), math.ceil(share * count) - 1
    return ranked[place] * 1000 if 0 <= place < len(ranked) else math.inf


def _spent(pid: int) -> float:
    """Seconds of processor time that a process and its children have spent so far (Linux)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            own = int(stat.parent.name)
            told = stat.read_text(encoding="latin-1").rpartition(")")[2].split()
            if pid in (own, int(told[1])):
                ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]
