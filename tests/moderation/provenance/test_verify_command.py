"""``reelgate verify`` as a person or a script runs it: a process of its own, the file opened in a child."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reelgate.errors import BadInput
from reelgate.words import Claim, MarkFormat, SourceType
from reelgate_moderation.provenance.command import verify_command
from reelgate_moderation.provenance.manifest import sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate_moderation.provenance.identity import SigningIdentity

MARK = "00c0ffee00c0ffee"
ROOMS = [str(Path(__file__).parents[3] / room) for room in ("sdk", "integrations", "moderation", "service")]
RUN = "import sys; from reelgate.cli import main; sys.exit(main(['verify', *sys.argv[1:]]))"

LEDGER = """
import hashlib, json, pathlib
from reelgate.words import MarkFormat
from reelgate_moderation.marks.payload import DEFAULT_KEY
from reelgate_moderation.provenance.ledger import LedgerEntry

HERE = pathlib.Path(__file__).parent

class Ledger:
    def find(self, mark_id):
        sha256 = (HERE / "sha256").read_text()
        return LedgerEntry("{mark}", MarkFormat.FULL, sha256, None, "label", "now") if mark_id == "{mark}" else None

    def mark_keys(self):
        return [DEFAULT_KEY]

    def signers(self):
        return [(HERE / "chain.pem").read_bytes()]
"""


def environment(home: Path, *more: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([*map(str, more), *ROOMS]),
        "REELGATE_HOME": str(home),
        "TERM": "xterm",
    }


def run(home: Path, *words: str, more: tuple[Path, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *words],
        env=environment(home, *more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def reel(
    reel_maker: Callable[..., Path], identity: SigningIdentity, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("command") / "reel.mp4"
    claim = Claim(MARK, MarkFormat.FULL, SourceType.ALGORITHMIC, "storyboard", "1", "label", "2026-11-20T10:00:00Z")
    with reel_maker(seed=5, mark=MARK).open("rb") as source, path.open("w+b") as out:
        sign(source, out, claim, identity)
    return path


@pytest.fixture
def ledger(tmp_path: Path, reel: Path, identity: SigningIdentity) -> Path:
    """An installed package that offers a ledger by entry point."""
    folder = tmp_path / "installed"
    metadata = folder / "ledger_of_a_test-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: ledger-of-a-test\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[reelgate.ledger]\na = ledger_of_a_test:Ledger\n")
    (folder / "ledger_of_a_test.py").write_text(LEDGER.replace("{mark}", MARK))
    (folder / "sha256").write_text(hashlib.sha256(reel.read_bytes()).hexdigest())
    (folder / "chain.pem").write_bytes(identity.chain_pem)
    return folder


def test_with_this_machines_ledger_it_is_ours(reel: Path, ledger: Path, tmp_path: Path) -> None:
    done = run(tmp_path, str(reel), "--json", more=(ledger,))
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert list(found) == ["label", "picture_mark", "sound_mark", "manifest", "ledger", "verdict"]
    assert found["verdict"] == "ours"
    assert found["picture_mark"]["payload"] == MARK
    assert done.stderr == ""


def test_a_person_gets_words_and_a_script_no_colour(reel: Path, ledger: Path, tmp_path: Path) -> None:
    done = run(tmp_path, str(reel), more=(ledger,))
    assert done.returncode == 0, done.stderr
    assert "(ours)" in done.stdout and MARK in done.stdout
    assert "\033" not in done.stdout


def test_colour_on_a_terminal_unless_it_is_not_wanted(reel: Path, ledger: Path, tmp_path: Path) -> None:
    def shown(more: dict[str, str]) -> str:
        upper, lower = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-c", RUN, str(reel)],
            env={**environment(tmp_path, ledger), **more},
            stdout=lower,
            stderr=subprocess.DEVNULL,
        ):
            os.close(lower)
            text = b""
            while True:
                try:
                    part = os.read(upper, 4096)
                except OSError:
                    break
                if not part:
                    break
                text += part
        os.close(upper)
        return text.decode()

    assert "\033[32mOurs" in shown({})
    assert "\033" not in shown({"NO_COLOR": "1"})


def test_an_ordinary_video_exits_with_one(reel_maker: Callable[..., Path], tmp_path: Path) -> None:
    done = run(tmp_path, str(reel_maker(seed=7)), "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["verdict"] == "nothing_found"


@pytest.mark.parametrize("data", [b"", b"only words, no video", b"\0\0\0\x18ftypisom\0\0\0\0" + b"\xff" * 500])
def test_what_is_no_video_exits_with_two(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.mp4"
    path.write_bytes(data)
    done = run(tmp_path, str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr and done.stderr.strip()


def test_what_is_not_there_is_said_kindly(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        verify_command([str(tmp_path / "absent.mp4")])
    assert "absent.mp4" in caught.value.says


def test_trust_must_be_certificates(reel: Path, tmp_path: Path, identity: SigningIdentity) -> None:
    pem = tmp_path / "trust.pem"
    pem.write_bytes(b"none")
    refused = run(tmp_path, str(reel), "--trust", str(pem))
    assert refused.returncode == 2 and "authorities" in refused.stderr
    pem.write_bytes(identity.chain_pem)
    found = json.loads(run(tmp_path, str(reel), "--trust", str(pem), "--json").stdout)
    assert found["manifest"]["trusted"] and found["verdict"] in {"signed_by_others", "contradiction"}
