"""The base install: the client works where nothing but Python and requests is installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from tests.sdk.fake_service import FakeService, job, js

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "sdk/reelgate",
    "integrations/reelgate_integrations",
    "moderation/reelgate_moderation",
    "service/reelgate_service",
)


def needed(name: str) -> set[str]:
    """The distributions that a plain install of ``name`` brings, itself included."""
    found: set[str] = set()
    queue = [name]
    while queue:
        here = queue.pop()
        if here not in found:
            found.add(here)
            lines = [line for line in metadata.requires(here) or [] if "extra ==" not in line]
            queue += [re.match(r"[A-Za-z0-9._-]+", line)[0] for line in lines]
    return found


@pytest.fixture
def base_install(tmp_path: Path) -> Path:
    """A folder as ``pip install reelgate`` leaves it: our four packages, requests and what that needs."""
    folder = tmp_path / "base"
    folder.mkdir()
    for name in needed("reelgate"):
        for file in metadata.files(name) or []:
            top = file.parts[0]
            installed = Path(str(metadata.distribution(name).locate_file(top)))
            if top not in ("..", "__pycache__") and not top.endswith(".pth") and not (folder / top).exists():
                (folder / top).symlink_to(installed)
    for package in PACKAGES:
        (folder / package.partition("/")[2]).symlink_to(ROOT / package)
    return folder


def run(folder: Path, script: str, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run ``script`` with the standard library and ``folder`` on the path (-S keeps all else away)."""
    head = f"import sys\nsys.path.append({str(folder)!r})\n"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-W", "error", "-c", head + script, *argv],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder.parent,
    )


def test_the_path_really_is_bare(base_install: Path):
    script = """
missing = []
for name in ("numpy", "av", "PIL", "flask", "celery", "sqlalchemy", "c2pa"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
print(len(missing))
"""
    assert run(base_install, script).stdout.strip() == "7"


def test_the_client_works_with_requests_alone(base_install: Path):
    script = """
import json, reelgate
from reelgate import Client, Prompt, ReelgateError, webhooks
import reelgate.words, reelgate.contract, reelgate.errors, reelgate.plugins, reelgate.doctor, reelgate.client
with Client(sys.argv[1], "rg_live_x") as client:
    made = client.reels.create(Prompt("a hippo"))
signed = webhooks.sign("m", b"{}", webhooks.new_secret())
print(json.dumps([made.id, sorted(signed), reelgate.__version__]))
"""
    with FakeService(js(job(), 202)) as service:
        done = run(base_install, script, service.url)
    assert done.returncode == 0, done.stderr
    made, signed, version = json.loads(done.stdout)
    assert made == "job_1"
    assert len(signed) == 3
    assert version


def test_the_command_answers_without_any_extra(base_install: Path):
    script = """
from reelgate import cli
asked = [["--help"], ["doctor"], ["imagine", "a hippo", "--local"], ["inspect", "x"]]
print([cli.main(argv) for argv in asked])
"""
    done = run(base_install, script)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[0, 0, 2, 2]"
    assert "Traceback" not in done.stderr
    for extra in ("service", "media"):
        assert f"pip install 'reelgate[{extra}]'" in done.stderr


def test_importing_reelgate_imports_nothing_heavy(base_install: Path):
    """``import reelgate`` loads no other module of ours and no third-party one; ``cli`` does not load requests."""
    script = """
import reelgate
ours = {name for name in sys.modules if name.startswith("reelgate")}
from reelgate import cli
cli.usage()
print(sorted(ours), "requests" in sys.modules)
"""
    assert run(base_install, script).stdout.strip() == "['reelgate'] False"
