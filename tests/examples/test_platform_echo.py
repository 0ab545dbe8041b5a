"""The example platform, installed by pip as a stranger would, offline: found, listed, and proved by the kits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ECHO = Path(__file__).parents[2] / "examples" / "platform-echo"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the package is installed, and nothing of its source folder is on the path."""
    folder = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--target", folder, ECHO], check=True)
    return {**os.environ, "PYTHONPATH": str(folder)}


def test_it_shows_up_among_the_plugins(installed: dict[str, str]) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "reelgate.cli", "plugins", "--json"], env=installed, capture_output=True, check=True
    )
    (echo,) = [each for each in json.loads(listed.stdout) if each["name"] == "echo"]
    assert echo == {"kind": "platforms", "name": "echo", "sentence": "from reelgate-echo 0.1.0", "needs": ""}


def test_the_service_can_make_one(installed: dict[str, str]) -> None:
    script = """
from reelgate.chat import Registration
from reelgate.door import Door
from reelgate_integrations import catalog
made = catalog.platform("echo", Registration("app", {"signing_secret": "s", "token": "t"}, "http://127.0.0.1:9"))
print(made.facts.title, isinstance(made, Door))
"""
    made = subprocess.run([sys.executable, "-c", script], env=installed, capture_output=True, text=True, check=True)
    assert made.stdout == "Echo board True\n"


def test_its_own_tests_pass(installed: dict[str, str]) -> None:
    """Both kits, reached through the entry point, in a process that sees only what was installed."""
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "-W", "error", "tests"],
        cwd=ECHO, env=installed, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout
    assert " passed" in told.stdout
    assert "skipped" not in told.stdout
