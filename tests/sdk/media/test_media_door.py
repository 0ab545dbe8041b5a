from __future__ import annotations

import io
import json
import random
import struct
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from reelgate.errors import MediaRejected
from reelgate.media import boxes
from reelgate.media.command import inspect_command
from reelgate.media.decode import open_clip
from reelgate.media.door import inspect, sanitize
from reelgate.media.ebml import check_webm
from reelgate.media.findings import Entry
from reelgate.media.jobs import plan_of
from reelgate.media.pictures import check_picture
from reelgate.media.sniff import MediaKind, sniff
from reelgate.media.zygote import Zygote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as started:
        yield started


def saved(form: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 4), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(out, form, **options)
    return out.getvalue()


def film(container: str, codec: str, sound: str | None, frames: int = 10, **options: str) -> bytes:
    """A small video by av itself."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=10, options={"threads": "1", **options})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        audio = file.add_stream(sound, rate=48_000, layout="stereo") if sound else None
        for index in range(frames):
            rgb = np.full((48, 64, 3), (20 * index % 256, 90, 200), np.uint8)
            frame = av.VideoFrame.from_ndarray(rgb).reformat(format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 10)
            file.mux(stream.encode(frame))
        if audio is not None:
            resampler = av.AudioResampler(audio.format, "stereo", 48_000, frame_size=audio.frame_size or 960)
            quiet = av.AudioFrame.from_ndarray(np.zeros((2, 48_000), np.float32), format="fltp", layout="stereo")
            quiet.sample_rate, quiet.pts, quiet.time_base = 48_000, 0, Fraction(1, 48_000)
            for piece in [*resampler.resample(quiet), *resampler.resample(None)]:
                file.mux(audio.encode(piece))
            file.mux(audio.encode(None))
        file.mux(stream.encode(None))
    return out.getvalue()


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, data: bytes, *, depth: int = 8, colour: int = 2, extra: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND")


def gif(width: int, height: int, frames: int = 1, at: tuple[int, int] = (0, 0)) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", *at, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    header = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return header + frame * frames + b"\x3b"


def jpeg_sized(width: int, height: int) -> bytes:
    data = saved("JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def noted() -> bytes:
    """A PNG with a line of text in it."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "hello")
    return saved("PNG", pnginfo=info)


MODES = {
    "JPEG": ["RGB", "L", "CMYK"],
    "PNG": ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"],
    "GIF": ["P", "L"],
    "WEBP": ["RGB", "RGBA"],
}


@pytest.mark.parametrize(("form", "mode"), [(form, mode) for form, modes in MODES.items() for mode in modes])
def test_ordinary_pictures_come_in(zygote: Zygote, form: str, mode: str) -> None:
    if mode == "I;16":
        out = io.BytesIO()
        Image.fromarray(np.arange(1200, dtype=np.uint16).reshape(30, 40)).save(out, form)
        data = out.getvalue()
    else:
        data = saved(form, mode=mode)
    assert inspect(io.BytesIO(data), zygote).verdict is Entry.ACCEPT


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (saved("PNG", size=(1, 1)), "ok"),
        (saved("JPEG", progressive=True), "ok"),
        (saved("JPEG", subsampling=0, quality=100), "ok"),
        (saved("WEBP", lossless=True), "ok"),
        (saved("PNG", optimize=True, mode="P"), "ok"),
        (saved("JPEG", exif=Image.Exif().tobytes() + b"\0" * 20), "metadata"),
        (saved("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"), "metadata"),
        (noted(), "metadata"),
        (saved("JPEG", comment=b"taken at home"), "metadata"),
        (saved("JPEG") + b"later bytes", "trailing_data"),
        (saved("PNG") + b"later bytes", "trailing_data"),
        (saved("GIF", save_all=True, append_images=[Image.new("RGB", (40, 30))] * 2), "animated"),
        (saved("PNG", save_all=True, append_images=[Image.new("RGB", (40, 30))] * 2), "animated"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_must_go_is_told(zygote: Zygote, data: bytes, code: str) -> None:
    found = inspect(io.BytesIO(data), zygote)
    assert (found.verdict, found.code) == (Entry.ACCEPT if code == "ok" else Entry.SANITIZE, code)


def test_ordinary_videos_come_in(zygote: Zygote, reel: bytes) -> None:
    assert inspect(io.BytesIO(reel), zygote).verdict is Entry.ACCEPT
    for data in (
        film("mp4", "libx264", "aac"),
        film("mp4", "libx264", None, bf="2"),
        film("webm", "libvpx-vp9", "libopus"),
        film("webm", "libvpx", None),
    ):
        assert inspect(io.BytesIO(data), zygote).verdict in (Entry.SANITIZE, Entry.ACCEPT)


REJECTED = {
    "empty": (b"", "empty"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not_media"),
    "xml": (b'<?xml version="1.0"?><svg/>', "not_media"),
    "html": (b"<!doctype html><script>1</script>", "not_media"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not_media"),
    "pdf": (b"%PDF-1.7\n", "not_media"),
    "zip": (b"PK\x03\x04" + b"\0" * 40, "not_media"),
    "concat": (b"ffconcat version 1.0\nfile a.mp4\n", "not_media"),
    "playlist": (b"#EXTM3U\na.mp4\n", "not_media"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "not_media"),
    "matroska": (b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska", "not_media"),
    "tiff": (b"II*\0\x08\0\0\0", "not_media"),
    "bmp": (b"BM" + b"\0" * 60, "not_media"),
    "png stump": (b"\x89PNG\r\n\x1a\n", "truncated"),
    "png huge": (png(30_000, 30_000, b"\0"), "too_many_pixels"),
    "png without size": (png(0, 4, b"\0"), "picture_size"),
    "png bomb": (png(16, 16, bytes(40_000_000)), "bomb"),
    "png short": (png(16, 16, bytes(100)), "truncated"),
    "png depth": (png(1, 1, bytes(4), depth=3), "malformed"),
    "png no palette": (png(1, 1, bytes(2), colour=3), "malformed"),
    "png checksum": (saved("PNG")[:40] + b"\xee" + saved("PNG")[41:], "checksum"),
    "png many chunks": (png(1, 1, bytes(4), extra=chunk(b"tEXt", b"a\0b") * 6000), "too_many_parts"),
    "png unknown": (png(1, 1, bytes(4), extra=chunk(b"ABCD")), "unknown_part"),
    "png frames": (png(1, 1, bytes(4), extra=chunk(b"acTL", struct.pack(">II", 90_000, 0))), "too_costly"),
    "png + html": (saved("PNG") + b"<html><script>alert(1)</script>", "polyglot"),
    "jpeg + zip": (saved("JPEG") + b"PK\x03\x04" + b"\0" * 30, "polyglot"),
    "jpeg + php": (saved("JPEG", comment=b"<?php system($_GET[0]); ?>" + b" " * 60), "polyglot"),
    "gif + script": (saved("GIF", comment=b" " * 80 + b"<script>alert(1)</script>"), "polyglot"),
    "gif huge": (gif(60_000, 60_000), "too_many_pixels"),
    "gif frames": (gif(64, 64, frames=2000), "too_costly"),
    "gif outside": (gif(20, 10, at=(5, 5)), "frame_outside"),
    "gif stump": (saved("GIF")[:-20], "truncated"),
    "gif of nothing": (b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0, 0, 0) + b"\x3b", "no_media"),
    "jpeg huge": (jpeg_sized(65_000, 65_000), "too_many_pixels"),
    "jpeg flat": (jpeg_sized(0, 30), "picture_size"),
    "jpeg stump": (saved("JPEG")[:-300], "truncated"),
    "jpeg arithmetic": (saved("JPEG").replace(b"\xff\xc0", b"\xff\xc9"), "codec"),
    "webp stump": (saved("WEBP")[:-40], "truncated"),
    "webp length": (b"RIFF\xff\xff\xff\x7fWEBPVP8 ", "truncated"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_stays_outside(zygote: Zygote, name: str) -> None:
    data, code = REJECTED[name]
    found = inspect(io.BytesIO(data), zygote)
    assert (found.verdict, found.code) == (Entry.REJECT, code)
    assert found.detail


def test_a_picture_whose_structure_is_good_and_whose_data_is_not_ends_in_the_child(zygote: Zygote) -> None:
    lossy = bytearray(saved("WEBP", size=(64, 64), lossless=True))
    lossy[30:300] = bytes(270)
    assert inspect(io.BytesIO(bytes(lossy)), zygote).verdict is Entry.REJECT


@pytest.mark.parametrize(
    ("container", "codec", "sound"),
    [
        ("mp4", "libx264", "aac"),
        ("mp4", "libx265", None),
        ("webm", "libvpx-vp9", "libopus"),
        ("webm", "libvpx", None),
    ],
)
def test_a_foreign_video_leaves_the_door_as_our_own(
    zygote: Zygote, tmp_path: Path, container: str, codec: str, sound: str | None
) -> None:
    options = {"x265-params": "log-level=0"} if codec == "libx265" else {}
    source = tmp_path / f"in.{container}"
    source.write_bytes(film(container, codec, sound, **options))
    with (tmp_path / "out.mp4").open("w+b") as out:
        answer = sanitize(source, out, zygote)
        facts = boxes.read(out)
        boxes.prove(facts, plan_of(answer))
        assert (facts.video.width, facts.video.height, facts.video.samples) == (64, 48, 10)
        assert inspect(out, zygote).verdict is Entry.ACCEPT
        blue = [moment.frame.u.mean() for moment in open_clip(out).open()]
    assert min(blue) > 140


def test_a_sanitized_picture_has_lost_everything_but_the_picture(zygote: Zygote, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "a camera", {1: "N"}
    source = io.BytesIO()
    picture = Image.new("RGB", (40, 20), (10, 200, 30))
    picture.save(source, "JPEG", exif=exif, comment=b"where I live")
    source.write(b"and more")
    with (tmp_path / "out.png").open("w+b") as out:
        sanitize(source, out, zygote)
        assert inspect(out, zygote).code == "ok"
        out.seek(0)
        kept = Image.open(out)
        kept.load()
    assert kept.size == (20, 40)
    assert not kept.info and not kept.getexif()
    assert np.abs(np.asarray(kept)[20, 10].astype(int) - (10, 200, 30)).max() < 6


def test_a_rejected_file_is_never_written(zygote: Zygote, tmp_path: Path) -> None:
    with (tmp_path / "out.png").open("w+b") as out, pytest.raises(MediaRejected, match="bomb"):
        sanitize(io.BytesIO(REJECTED["png bomb"][0]), out, zygote)
    assert (tmp_path / "out.png").stat().st_size == 0


SEEDS = {
    MediaKind.PNG: saved("PNG", size=(12, 9)),
    MediaKind.JPEG: saved("JPEG", size=(12, 9)),
    MediaKind.GIF: gif(12, 9, frames=2),
    MediaKind.WEBP: saved("WEBP", size=(12, 9)),
}


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(SEEDS)), st.integers(0, 2**32 - 1))
def test_a_mutated_picture_is_read_or_refused_and_nothing_else(kind: MediaKind, seed: int) -> None:
    rng = random.Random(seed)
    mutant = bytearray(SEEDS[kind])
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(mutant))
        choice = rng.random()
        if choice < 0.6:
            mutant[at] = rng.choice([0, 1, 127, 128, 255, rng.randrange(256)])
        elif choice < 0.8:
            del mutant[at : at + rng.randint(1, 9)]
        else:
            mutant[at:at] = mutant[at : at + rng.randint(1, 9)]
    try:
        assert check_picture(kind, bytes(mutant)).width > 0
    except MediaRejected:
        return


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_mutated_webm_is_read_or_refused_and_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    mutant = bytearray(WEBM)
    for _ in range(rng.randint(1, 5)):
        mutant[rng.randrange(min(600, len(mutant)))] = rng.choice([0, 1, 127, 128, 255, rng.randrange(256)])
    try:
        check_webm(io.BytesIO(bytes(mutant)), 1 << 22, 120, 36_000)
    except MediaRejected:
        return


WEBM = film("webm", "libvpx", None)


def test_a_few_mutants_through_the_whole_door(zygote: Zygote, reel: bytes) -> None:
    """Past the structure lies the decoder: whatever it does with these, the door answers."""
    rng = random.Random(11)
    for seed in [*SEEDS.values(), reel, WEBM] * 4:
        mutant = bytearray(seed)
        for _ in range(6):
            mutant[rng.randrange(len(mutant) // 2, len(mutant))] = rng.randrange(256)
        assert inspect(io.BytesIO(bytes(mutant)), zygote).verdict in Entry


@given(st.binary(max_size=80))
def test_random_bytes_are_not_media(data: bytes) -> None:
    with pytest.raises(MediaRejected):
        check_picture(sniff(data), data)


def test_the_command_prints_one_line_a_file(
    reel: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "a.mp4", tmp_path / "playlist.mp4"
    good.write_bytes(reel)
    bad.write_text("#EXTM3U\na.mp4\n")
    names = [str(good), str(bad), str(tmp_path / "nothing.png"), str(tmp_path)]
    assert inspect_command([*names, "--json"]) == 3
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == names
    assert [line["verdict"] for line in lines] == ["accept", "reject", "reject", "reject"]
    assert all(set(line) == {"file", "verdict", "code", "detail"} for line in lines)
    assert inspect_command([str(good)]) == 0
    assert capsys.readouterr().out.startswith("accept")
