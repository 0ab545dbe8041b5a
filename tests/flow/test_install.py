"""The wheel as strangers install it: light without extras, whole with its data files."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
USES_THE_CLIENT = """
import sys
from reelgate import Client
from reelgate.errors import Unavailable
from reelgate import webhooks
client = Client("http://127.0.0.1:9", "rg_live_x")
heavy = {"av", "PIL", "numpy", "flask", "celery", "sqlalchemy", "torch", "skia", "c2pa"} & set(sys.modules)
assert not heavy, heavy
print("light")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(build, check=True, stderr=subprocess.DEVNULL)
    return next(folder.glob("*.whl"))


def test_the_base_install_runs_the_client_with_requests_alone(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "bare")], check=True)
    python = tmp_path / "bare" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, stderr=subprocess.DEVNULL)
    said = subprocess.run([python, "-I", "-c", USES_THE_CLIENT], check=True, capture_output=True, text=True)
    assert said.stdout == "light\n"
    reelgate = tmp_path / "bare" / "bin" / "reelgate"
    missing = subprocess.run([reelgate, "imagine", "a dog"], capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert "pip install 'reelgate[" in missing.stderr


def test_the_wheel_holds_its_data_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    rooms = ("sdk/", "integrations/", "moderation/", "service/")
    ours = {name.split("/", 1)[1] for name in tracked if name.startswith(rooms)}
    assert ours <= names
