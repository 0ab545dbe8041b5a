"""A finished reel in hands that are not ours: ffprobe, a C2PA reader in its own venv, bare cryptography."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.moderation.provenance import bare_c2pa

from reelgate.media import boxes

pytestmark = pytest.mark.e2e

READER = """
import importlib.util, json, sys
for ours in ("reelgate", "reelgate_moderation", "reelgate_service", "reelgate_integrations"):
    assert importlib.util.find_spec(ours) is None, ours
import c2pa
with c2pa.Reader(sys.argv[1]) as reader:
    store = json.loads(reader.json())
print(json.dumps({
    "state": store["validation_state"],
    "failures": [one["code"] for one in store["validation_results"]["activeManifest"].get("failure", [])],
}))
"""


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reel of two seconds, made with the command that a newcomer types."""
    folder = tmp_path_factory.mktemp("reel")
    imagine = [sys.executable, "-m", "reelgate.cli", "imagine", "a sailboat at sunset", "--local", "--seconds", "2"]
    made = subprocess.run(
        [*imagine, "--aspect", "16:9", "--seed", "3", "-o", f"{folder}/"],
        env={**os.environ, "REELGATE_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(made.stdout.strip())


def test_a_reader_in_a_venv_of_its_own_calls_it_valid(reel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    package = f"c2pa-python=={version('c2pa-python')}"
    subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True, stderr=subprocess.DEVNULL)
    said = subprocess.run([python, "-I", "-c", READER, str(reel)], check=True, capture_output=True, text=True)
    assert json.loads(said.stdout) == {"state": "Valid", "failures": ["signingCredential.untrusted"]}


def test_bare_cryptography_agrees(reel: Path) -> None:
    """Hash bindings, assertion hashes and the COSE signature, recomputed without any C2PA library."""
    data = reel.read_bytes()
    assert bare_c2pa.holds(data)
    flipped = bytearray(data)
    flipped[-1000] ^= 1
    assert not bare_c2pa.holds(bytes(flipped))


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed: nothing was compared with it")
def test_ffprobe_agrees_with_what_we_claim(reel: Path) -> None:
    probed = json.loads(
        subprocess.run(
            ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", str(reel)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    with reel.open("rb") as file:
        facts = boxes.read(file)
    picture = next(one for one in probed["streams"] if one["codec_type"] == "video")
    sound = next(one for one in probed["streams"] if one["codec_type"] == "audio")
    assert facts.moov_first
    assert (picture["codec_name"], picture["profile"], picture["pix_fmt"]) == ("h264", "High", "yuv420p")
    assert (picture["width"], picture["height"], picture["avg_frame_rate"]) == (1280, 720, "24/1")
    assert (picture["color_space"], picture["color_range"]) == ("bt709", "tv")
    assert (int(picture["nb_read_frames"]), float(picture["start_time"])) == (48, 0.0)
    assert (sound["codec_name"], sound["profile"], sound["sample_rate"], sound["channels"]) == (
        "aac",
        "LC",
        "48000",
        2,
    )
    assert abs(float(sound["duration"]) - 2.0) < 0.03
    assert float(probed["format"]["duration"]) == pytest.approx(2.0, abs=0.03)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed: nothing was re-encoded with it")
@pytest.mark.parametrize(
    "change", [["-crf", "28"], ["-vf", "scale=iw*7/10:-2", "-crf", "23"]], ids=["crf 28", "resized to 0.7"]
)
def test_a_copy_that_lost_its_manifest_is_still_known(reel: Path, tmp_path: Path, change: list[str]) -> None:
    copy = tmp_path / "copy.mp4"
    encode = ["ffmpeg", "-v", "error", "-i", str(reel), "-c:v", "libx264", *change, "-map_metadata", "-1", str(copy)]
    subprocess.run(encode, check=True)
    verify = [sys.executable, "-m", "reelgate.cli", "verify", str(copy), "--json"]
    environment = {**os.environ, "REELGATE_HOME": str(reel.parent / "home")}
    said = subprocess.run(verify, env=environment, check=True, capture_output=True, text=True)
    report = json.loads(said.stdout)
    assert report["manifest"]["present"] is False
    assert report["picture_mark"]["payload"] == report["ledger"]["mark_id"] == reel.stem.removeprefix("reel-")
    assert report["verdict"] == "ours_altered"
