"""A small real MP4, a signing identity, and the claim made of it."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from reelgate.contract import Frame
from reelgate.media.clip import video_frame
from reelgate.words import Claim, MarkFormat, SourceType
from reelgate_moderation.marks.picture import TilePictureMark
from reelgate_moderation.provenance.certificate import ensure_development_certificate
from reelgate_moderation.provenance.manifest import sign

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reelgate_moderation.provenance.identity import SigningIdentity

MARK_ID = "0123456789abcdef"


def make_mp4(path: Path, *, seconds: float = 1.0, seed: int = 1) -> bytes:
    """An H.264 + AAC file with ``moov`` before ``mdat``; blurred noise drifting, and a tone."""
    drawn = np.random.default_rng(seed)
    big = drawn.integers(0, 255, (12, 12, 3), dtype=np.uint8).repeat(16, 0).repeat(16, 1)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        video = out.add_stream("libx264", rate=24, options={"preset": "ultrafast", "threads": "1"})
        video.width = video.height = 128
        video.pix_fmt = "yuv420p"
        sound = out.add_stream("aac", rate=48_000, layout="stereo")
        for number in range(round(seconds * 24)):
            picture = np.ascontiguousarray(big[number : number + 128, 2:130])
            out.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            at = np.arange(2000) + number * 2000
            tone = np.tile(0.2 * np.sin(at * 0.05).astype(np.float32), (2, 1))
            block = av.AudioFrame.from_ndarray(tone, format="fltp", layout="stereo")
            block.sample_rate = 48_000
            block.pts = number * 2000
            out.mux(sound.encode(block))
        out.mux(video.encode(None))
        out.mux(sound.encode(None))
    return path.read_bytes()


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_mp4(tmp_path_factory.mktemp("clip") / "plain.mp4")


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> SigningIdentity:
    return ensure_development_certificate(tmp_path_factory.mktemp("keys") / "signing", time.time())


@pytest.fixture(scope="session")
def claim() -> Claim:
    return Claim(
        mark_id=MARK_ID,
        mark_format=MarkFormat.FULL,
        source_type=SourceType.ALGORITHMIC,
        generator="storyboard",
        generator_version="1.0",
        label="Drawn by software",
        created="2026-11-20T10:00:00Z",
        training_data="None: drawn by rules.",
    )


@pytest.fixture(scope="session")
def signed(plain: bytes, identity: SigningIdentity, claim: Claim) -> bytes:
    out = io.BytesIO()
    sign(io.BytesIO(plain), out, claim, identity)
    return out.getvalue()


@pytest.fixture(scope="session")
def now() -> float:
    """The real time: the C2PA library judges certificates by the real clock."""
    return time.time()


def make_reel(path: Path, *, seed: int, seconds: float = 2.0, size: int = 256, mark: str = "", crf: int = 20) -> Path:
    """A drawn scene (hard-edged discs drifting over a gradient), marked when ``mark`` is given; no sound."""
    drawn = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32) / size
    discs = [
        (drawn.random(2), drawn.normal(0, 0.06, 2), drawn.uniform(0.05, 0.25), drawn.uniform(30, 220))
        for _ in range(14)
    ]
    embed = TilePictureMark().embedder(size, size, mark, "full", 0) if mark else None
    half = np.full((size // 2, size // 2), 128, np.uint8)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        video = out.add_stream("libx264", rate=24, options={"preset": "veryfast", "crf": str(crf), "threads": "1"})
        video.width = video.height = size
        video.pix_fmt = "yuv420p"
        for number in range(round(seconds * 24)):
            luma = 110 + 30 * rows
            for centre, speed, radius, grey in discs:
                x, y = centre + speed * number / 24
                luma = np.where((columns - x) ** 2 + (rows - y) ** 2 < radius**2, grey, luma)
            luma = luma + drawn.normal(0, 2, (size, size))
            frame = Frame(np.clip(luma, 16, 235).astype(np.uint8), half, half)
            frame = embed(frame) if embed else frame
            out.mux(video.encode(video_frame(frame)))
        out.mux(video.encode(None))
    return path


@pytest.fixture(scope="session")
def reel_maker(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``reel_maker(seed=1, mark=...)``: the path of such a reel, made once a session."""
    folder, made = tmp_path_factory.mktemp("reels"), {}

    def make(**wanted: Any) -> Path:
        key = repr(sorted(wanted.items()))
        if key not in made:
            made[key] = make_reel(folder / f"{len(made)}.mp4", **wanted)
        return made[key]

    return make
