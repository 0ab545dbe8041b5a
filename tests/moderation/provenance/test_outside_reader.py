"""A C2PA reader in a process that cannot import any of our code finds the file valid."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import c2pa
import pytest

if TYPE_CHECKING:
    from reelgate.words import Claim

READER = """
import json, sys
sys.path[:] = [p for p in sys.path if "site-packages" not in p and "dist-packages" not in p]
sys.path.insert(0, sys.argv[1])
for ours in ("reelgate", "reelgate_moderation", "reelgate_service", "reelgate_integrations", "cryptography"):
    try:
        __import__(ours)
    except ImportError:
        continue
    raise SystemExit(ours + " can be imported here")
import c2pa
with c2pa.Reader(sys.argv[2]) as reader:
    store = json.loads(reader.json())
print(json.dumps({
    "state": store["validation_state"],
    "failures": [one["code"] for one in store["validation_results"]["activeManifest"].get("failure", [])],
    "manifest": store["manifests"][store["active_manifest"]],
}))
"""


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A folder that leads to the C2PA reader's package and nothing else."""
    folder = tmp_path / "alone"
    folder.mkdir()
    (folder / "c2pa").symlink_to(Path(c2pa.__file__).parent, target_is_directory=True)
    return folder


def read(alone: Path, file: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", READER, str(alone), str(file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=alone,
        env={},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_it_is_valid_but_for_the_unknown_signer(alone: Path, tmp_path: Path, signed: bytes, claim: Claim) -> None:
    file = tmp_path / "reel.mp4"
    file.write_bytes(signed)
    found = read(alone, file)
    assert (found["state"], found["failures"]) == ("Valid", ["signingCredential.untrusted"])
    manifest = found["manifest"]
    assert isinstance(manifest, dict)
    data = {one["label"]: one["data"] for one in manifest["assertions"]}
    assert data["c2pa.actions.v2"]["actions"][0]["digitalSourceType"] == claim.source_type.uri
    assert data["c2pa.soft-binding"]["blocks"][0]["value"] == claim.mark_id
    assert manifest["signature_info"]["common_name"] == "Reelgate development certificate, not trusted"


def test_it_sees_what_was_changed(alone: Path, tmp_path: Path, signed: bytes) -> None:
    file = tmp_path / "reel.mp4"
    file.write_bytes(signed[:-1] + bytes([signed[-1] ^ 1]))
    found = read(alone, file)
    assert found["state"] == "Invalid"
    failures = found["failures"]
    assert isinstance(failures, list) and "assertion.bmffHash.mismatch" in failures
