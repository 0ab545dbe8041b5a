"""Footage for measuring marks, drawn here so that nothing has to be downloaded, and ways to ill-treat it.

Luma only: uint8 (height, width). Four kinds: ``texture`` pans over patchy detail, ``dark`` over a dim scene with
grain, ``cartoon`` moves flat shapes over a gradient, ``title`` shows text-like strokes on flat colour.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator

import av
import numpy as np
from numpy.typing import NDArray

from reelgate.contract import Frame

Luma = NDArray[np.uint8]
Change = Callable[[Luma], Luma]

KINDS = ("texture", "dark", "cartoon", "title")


def footage(kind: str, width: int, height: int, count: int, seed: int = 1) -> Iterator[Luma]:
    """``count`` frames of one kind."""
    random = np.random.default_rng(seed)
    if kind in ("texture", "dark"):
        room = (height + 64, width + count + 64)
        if kind == "texture":
            patches = 1 / (1 + np.exp(-2.5 * _cloud(random, room, 0.02, 2.2)))
            ground = 120 + 36 * _cloud(random, room, 0.003, 2.0) + 9 * patches * _cloud(random, room, 0.06, 1.2)
        else:
            ground = 36 + 11 * _cloud(random, room, 0.002, 1.6)
        for index in range(count):
            down, across = int(32 + 16 * np.sin(index / 12)), index
            grain = random.normal(size=(height, width)) * (1.0 if kind == "dark" else 0.7)
            yield np.clip(ground[down : down + height, across : across + width] + grain, 16, 235).astype(np.uint8)
        return
    y, x = np.mgrid[:height, :width]
    ground = np.where(y < 0.75 * height, 140 + 60 * y / height, 95.0)
    if kind == "title":
        ground = np.full((height, width), 200.0)
        for _ in range(150):
            left, top = random.integers(0, width), random.integers(0, height)
            wide, high = (random.integers(2, max(3, width // part)) for part in (12, 40))
            ground[top : top + high, left : left + wide] = random.choice([30, 60, 235])
    shapes = random.uniform(size=(7, 6))
    for index in range(count):
        picture = ground.copy()
        for px, py, size, shade, vx, vy in shapes:
            cx = (px + (vx - 0.5) * 0.02 * index) % 1 * width
            cy = (py + (vy - 0.5) * 0.02 * index) % 1 * height
            inside = (x - cx) ** 2 + (y - cy) ** 2 < ((0.06 + 0.12 * size) * min(width, height)) ** 2
            if kind == "cartoon":
                picture[inside] = 40 + 180 * shade
        yield picture.astype(np.uint8)


def frame_of(luma: Luma) -> Frame:
    """A grey frame with that luma."""
    half = (luma.shape[0] // 2, luma.shape[1] // 2)
    return Frame(luma, np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))


def through_h264(frames: Iterable[Luma], crf: int, preset: str = "veryfast") -> list[Luma]:
    """The frames after libx264 at that rate factor, one thread."""
    return _through("libx264", frames, {"crf": str(crf), "preset": preset})


def _through(codec: str, frames: Iterable[Luma], options: dict[str, str]) -> list[Luma]:
    made = io.BytesIO()
    stream = None
    with av.open(made, "w", format="mp4") as out:
        for luma in frames:
            height, width = luma.shape
            if stream is None:
                stream = out.add_stream(codec, rate=24, options=options)
                stream.width, stream.height, stream.pix_fmt, stream.thread_count = width, height, "yuv420p", 1
            planes = np.concatenate([luma, np.full((height // 2, width), 128, np.uint8)])
            out.mux(stream.encode(av.VideoFrame.from_ndarray(planes, "yuv420p")))
        if stream is not None:
            out.mux(stream.encode(None))
    made.seek(0)
    with av.open(made) as back:
        return [_plane(picture) for picture in back.decode(video=0)]


def through_jpeg(luma: Luma, quality: int) -> Luma:
    """One frame after a JPEG of that quality (Pillow's scale)."""
    from PIL import Image

    made = io.BytesIO()
    Image.fromarray(luma).save(made, "JPEG", quality=quality)
    return np.asarray(Image.open(made))


def resized(luma: Luma, share: float) -> Luma:
    """The frame at ``share`` of its size, sides even."""
    height, width = (int(length * share) & ~1 for length in luma.shape)
    picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(luma), "gray")
    return _plane(picture.reformat(width, height, interpolation="AREA" if share < 1 else "BICUBIC"))


def cropped(luma: Luma, share: float) -> Luma:
    """The part of the frame whose sides are ``share`` of its own, off centre."""
    height, width = (int(length * share) & ~1 for length in luma.shape)
    top, left = (luma.shape[0] - height) // 3, (luma.shape[1] - width) // 2
    return np.ascontiguousarray(luma[top : top + height, left : left + width])


def mirrored(luma: Luma) -> Luma:
    """The frame flipped left to right."""
    return np.ascontiguousarray(luma[:, ::-1])


def turned(luma: Luma, degrees: float) -> Luma:
    """The frame turned about its centre, black where nothing is, bilinear."""
    height, width = luma.shape
    angle = np.deg2rad(degrees)
    y, x = (axis - length / 2 for axis, length in zip(np.mgrid[:height, :width], luma.shape, strict=True))
    across = np.cos(angle) * x - np.sin(angle) * y + width / 2
    down = np.sin(angle) * x + np.cos(angle) * y + height / 2
    left = np.clip(np.floor(across).astype(int), 0, width - 2)
    top = np.clip(np.floor(down).astype(int), 0, height - 2)
    right_share, low_share = np.clip(across - left, 0, 1), np.clip(down - top, 0, 1)
    grey = luma.astype(np.float32)
    upper = grey[top, left] * (1 - right_share) + grey[top, left + 1] * right_share
    lower = grey[top + 1, left] * (1 - right_share) + grey[top + 1, left + 1] * right_share
    picture = upper * (1 - low_share) + lower * low_share
    picture[(across < 0) | (across >= width) | (down < 0) | (down >= height)] = 16
    return picture.astype(np.uint8)


def each(frames: Iterable[Luma], change: Callable[[Luma], Luma]) -> list[Luma]:
    """Every frame changed the same way."""
    return [change(luma) for luma in frames]


def _cloud(random: np.random.Generator, shape: tuple[int, int], knee: float, slope: float) -> NDArray[np.float64]:
    """A random field with power falling beyond ``knee`` cycles a pixel, deviation 1."""
    waves = np.fft.rfft2(random.normal(size=shape))
    distance = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :])
    waves /= (knee + distance) ** slope
    waves[0, 0] = 0
    field: NDArray[np.float64] = np.fft.irfft2(waves, shape)
    return field / field.std()


def _plane(picture: av.VideoFrame) -> Luma:
    plane = picture.planes[0]
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return lines[:, : plane.width].copy()
