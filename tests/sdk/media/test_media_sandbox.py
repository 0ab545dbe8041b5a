from __future__ import annotations

import ctypes
import mmap
import os
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reelgate.errors import MediaRejected
from reelgate.media.doctor import checks
from reelgate.media.lockdown import Limits, program, walls
from reelgate.media.sandbox import contain
from reelgate.media.zygote import Zygote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Python 3.12 warns of every fork beside threads; here no thread runs, but a library may have made one.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
TIGHT = Limits(memory=256 << 20, cpu_seconds=1, wall_seconds=3)

needs_seccomp = pytest.mark.skipif(not walls()["seccomp"], reason="this kernel or processor has no seccomp for us")
needs_walls = pytest.mark.skipif(
    not (walls()["seccomp"] or walls()["landlock"]), reason="this kernel has neither seccomp nor Landlock"
)


def endless() -> dict[str, Any]:
    while True:
        pass


def hungry() -> dict[str, Any]:
    held = []
    while True:
        held.append(bytearray(16 << 20))


def test_an_answer_comes_back() -> None:
    outcome = contain(lambda: {"pixels": 12, "pid": os.getpid()}, TIGHT)
    assert outcome.result()["pixels"] == 12
    assert outcome.answer["pid"] != os.getpid()


@pytest.mark.parametrize(
    ("work", "ended", "word"),
    [
        (lambda: ctypes.string_at(0), "killed", "SIGSEGV"),
        (os.abort, "killed", "SIG"),
        (endless, "late", "SIGXCPU"),
        (hungry, "rejected", "too_costly"),
        (lambda: {"flood": "x" * 300_000}, "killed", "cannot be read"),
        (lambda: 1 / 0, "rejected", "ZeroDivisionError"),
        (lambda: os._exit(0), "killed", "no answer"),
        (lambda: {"not": object()}, "rejected", "TypeError"),
    ],
)
def test_whatever_happens_in_there_stays_in_there(work: Callable[[], Any], ended: str, word: str) -> None:
    outcome = contain(work, TIGHT)
    assert (outcome.ended, word in outcome.detail) == (ended, True), outcome
    with pytest.raises(MediaRejected):
        outcome.result()


def test_sleeping_does_not_outlast_the_wall_clock() -> None:
    started = time.monotonic()
    outcome = contain(lambda: time.sleep(60) or {}, Limits(wall_seconds=0.5))
    assert outcome.ended == "late"
    assert time.monotonic() - started < 20
    with pytest.raises(MediaRejected, match="too_costly"):
        outcome.result()


@needs_walls
def test_no_file_can_be_opened(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("secret")
    for work in (
        lambda: {"read": there.read_text()},
        lambda: {"wrote": (tmp_path / "new").write_text("x")},
        lambda: {"listed": [path.name for path in tmp_path.iterdir()]},
        lambda: {"moved": str(there.rename(tmp_path / "moved"))},
        lambda: {"gone": there.unlink()},
    ):
        assert contain(work, TIGHT).ended in ("rejected", "killed")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


@needs_seccomp
def test_no_socket_no_program_no_process_no_signal() -> None:
    def shoot() -> dict[str, Any]:
        os.kill(os.getppid(), 0)
        return {}

    def fork() -> dict[str, Any]:
        os.fork()
        return {}

    def thread() -> dict[str, Any]:
        threading.Thread(target=print).start()
        return {}

    def executable() -> dict[str, Any]:
        mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        return {}

    for work in (
        lambda: {"socket": str(socket.socket())},
        lambda: {"ran": subprocess.run(["true"], check=True).returncode},
        lambda: os.execv("/bin/true", ["true"]),
        shoot,
        fork,
        thread,
        executable,
    ):
        assert contain(work, TIGHT).ended in ("rejected", "killed")


def test_only_the_given_file_is_open_and_no_larger_one_is_written() -> None:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as other:
        given.write(b"hello")
        given.flush()

        def look() -> dict[str, Any]:
            found = []
            for number in range(3, 64):
                try:
                    os.fstat(number)
                except OSError:
                    continue
                found.append(number)
            return {"text": os.pread(given.fileno(), 5, 0).decode(), "open": found}

        answer = contain(look, TIGHT, [given.fileno()]).result()
        assert answer["text"] == "hello"
        assert given.fileno() in answer["open"] and other.fileno() not in answer["open"]
        assert len(answer["open"]) == 2  # the file, and the pipe for the answer
        flood = contain(
            lambda: {"n": os.write(given.fileno(), b"x" * 8192) + os.write(given.fileno(), b"x" * 8192)},
            Limits(file_bytes=4096),
            [given.fileno()],
        )
        assert flood.ended != "answered"
        assert os.fstat(given.fileno()).st_size <= 4096


def test_no_child_is_left_behind() -> None:
    def children() -> str:
        return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text()

    before = children()
    for _ in range(5):
        contain(dict, TIGHT)
    assert children() == before


@needs_seccomp
def test_the_filter_is_well_formed() -> None:
    lines = program()
    assert len(lines) % 8 == 0 and len(lines) // 8 < 4096


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as started:
        yield started


def test_threads_share_a_zygote(zygote: Zygote, reel: bytes, tmp_path: Path) -> None:
    path = tmp_path / "reel.mp4"
    path.write_bytes(reel)
    answers: list[int] = []

    def ask() -> None:
        with path.open("rb") as file:
            answers.append(zygote.run("probe", file, wants={"moving": True}).result()["frames"])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [24] * 4


def test_a_killed_zygote_is_replaced_and_a_closed_one_starts_again(reel: bytes, tmp_path: Path) -> None:
    path = tmp_path / "reel.mp4"
    path.write_bytes(reel)
    with Zygote() as own, path.open("rb") as file:
        wants = {"moving": True}
        assert own.run("probe", file, wants=wants).ended == "answered"
        assert own._process is not None
        own._process.kill()
        assert own.run("probe", file, wants=wants).ended == "answered"
        own.close()
        assert own.run("probe", file, wants=wants).ended == "answered"
        last = own._process
    assert last is not None and last.poll() is not None


def test_a_zygote_carries_no_secret(zygote: Zygote, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REELGATE_SECRET_KEYS", "very-secret")
    with Zygote() as own, (tmp_path / "empty").open("w+b") as file:
        own.run("probe", file, wants={"moving": True})
        assert own._process is not None
        environment = Path(f"/proc/{own._process.pid}/environ")
        if not environment.exists():
            pytest.skip("no /proc here")
        assert b"very-secret" not in environment.read_bytes()


def test_the_doctor_tells_of_every_wall() -> None:
    found = {check.name: check for check in checks()}
    for name, there in walls().items():
        assert found[f"media sandbox: {name}"].ok is there
        assert there or found[f"media sandbox: {name}"].mend
    assert found["media codecs"].ok
