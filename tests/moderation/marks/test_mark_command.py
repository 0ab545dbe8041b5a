"""``reelgate mark`` on real files, read back by the blind reader."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from bench.marks import footage as f
from PIL import Image

from reelgate.media.decode import open_clip
from reelgate_moderation.marks.command import mark_command
from reelgate_moderation.marks.picture import TilePictureMark

if TYPE_CHECKING:
    from pathlib import Path

ID = "00ff5ee1a7e0c0de"


def video(path: Path, width: int = 256, height: int = 256, count: int = 12) -> Path:
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=24, options={"crf": "18", "preset": "veryfast", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for luma in f.footage("dark", width, height, count):
            planes = np.concatenate([luma, np.full((height // 2, width), 128, np.uint8)])
            out.mux(stream.encode(av.VideoFrame.from_ndarray(planes, "yuv420p")))
        out.mux(stream.encode(None))
    return path


def picture(path: Path, mode: str = "RGB") -> Path:
    luma = next(f.footage("dark", 513, 511, 1))
    colours = np.stack([luma, luma // 2 + 60, 255 - luma], axis=-1)
    if mode == "RGBA":
        alpha = np.full((*luma.shape, 1), 255, np.uint8)
        alpha[:20] = 0
        colours = np.concatenate([colours, alpha], axis=-1)
    Image.fromarray(colours).save(path)
    return path


def test_a_video_is_marked(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    assert mark_command([str(video(tmp_path / "in.mp4")), str(target), "--payload", ID]) == 0
    with target.open("rb") as file:
        clip = open_clip(file)
        assert (clip.width, clip.height, clip.frames) == (256, 256, 12)
        assert TilePictureMark().detect(clip).payload == ID
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mp4", "out.mp4"]


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_a_picture_is_marked_and_keeps_its_colours(tmp_path: Path, ending: str) -> None:
    source, target = picture(tmp_path / "in.png"), tmp_path / f"out.{ending}"
    assert mark_command([str(source), str(target), "--payload", ID]) == 0
    with target.open("rb") as file:
        assert TilePictureMark().detect(open_clip(file)).payload == ID
    with Image.open(source) as before, Image.open(target) as after:
        assert before.size == after.size
        change = np.asarray(after.convert("RGB"), float) - np.asarray(before.convert("RGB"), float)
    assert 10 * np.log10(255**2 / np.mean(change**2)) > (44 if ending == "png" else 38)


def test_transparency_is_kept_in_a_png(tmp_path: Path) -> None:
    source, target = picture(tmp_path / "in.png", "RGBA"), tmp_path / "out.png"
    assert mark_command([str(source), str(target), "--payload", ID, "--format", "short", "--strength", "2"]) == 0
    with Image.open(target) as after:
        assert after.mode == "RGBA"
        assert np.asarray(after)[:20, :, 3].max() == 0
    with target.open("rb") as file:
        assert TilePictureMark().detect(open_clip(file)).candidates == (ID[:8],)


@pytest.mark.parametrize(
    ("source", "target", "payload", "said"),
    [
        ("in.png", "out.mp4", ID, "picture"),
        ("in.png", "out.gif", ID, ".png"),
        ("in.png", "out.png", "12345", "16"),
        ("no.png", "out.png", ID, "No such file"),
        ("text.png", "out.png", ID, ""),
        ("cut.png", "out.png", ID, ""),
    ],
)
def test_bad_input_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, target: str, payload: str, said: str
) -> None:
    whole = picture(tmp_path / "in.png").read_bytes()
    (tmp_path / "text.png").write_text("not a picture, whatever its name says")
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    assert mark_command([str(tmp_path / source), str(tmp_path / target), "--payload", payload]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.strip().splitlines()) == 1
    assert not (tmp_path / target).exists()
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*"))


def test_an_animation_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames = [Image.fromarray(luma) for luma in f.footage("cartoon", 128, 128, 3)]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    (tmp_path / "in.gif").write_bytes(made.getvalue())
    assert mark_command([str(tmp_path / "in.gif"), str(tmp_path / "out.png"), "--payload", ID]) == 2
    assert "animated" in capsys.readouterr().err
