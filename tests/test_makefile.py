"""``make reel`` hands the prompt on as it was typed, whatever signs are in it."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECORDER = '#!/bin/sh\n[ "$1" = verify ] || printf "%s" "$*" > "$ASKED"\necho made.mp4\n'


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    "prompt",
    ["a baby hippo", 'he said "hi"', "it's $HOME and $(id) and `id`", "--help", "a; b && c | d", "größer 🦛 \\"],
)
def test_the_prompt_reaches_the_command_unread(prompt: str, tmp_path: Path) -> None:
    command = tmp_path / "bin" / "reelgate"
    command.parent.mkdir()
    command.write_text(RECORDER)
    command.chmod(0o755)
    (tmp_path / ".road").touch()
    asked = tmp_path / "asked"
    done = subprocess.run(
        ["make", "-s", "reel", f"VENV={tmp_path}", f"OUT={tmp_path}/out", f"PROMPT={prompt}"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "ASKED": str(asked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.read_text() == f"imagine --local -o {tmp_path}/out/ -- {prompt}"
    assert "Your reel: made.mp4" in done.stdout
