"""The pieces of work that touch foreign bytes; they run only inside :func:`reelgate.media.sandbox.contain`.

Each takes the open file (and the file to write), and a mapping of plain values, and answers with one.
"""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from PIL import Image

from reelgate.contract import Moment
from reelgate.media.clip import frame_from_rgb, mapped, scaled
from reelgate.media.decode import count_frames, open_clip
from reelgate.media.encode import encode
from reelgate.media.findings import reject
from reelgate.media.fit import EncodePlan, plan_like
from reelgate.media.picture import draw_all, read_pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def probe(file: BinaryIO, out: BinaryIO | None, wants: Mapping[str, Any]) -> dict[str, Any]:
    """Decode everything once. Answers ``width``, ``height`` and ``frames`` as decoded."""
    if wants["moving"]:
        width, height, frames = count_frames(file)
        return {"width": width, "height": height, "frames": frames}
    width, height, frames = draw_all(file)
    return {"width": width, "height": height, "frames": frames}


def sanitize(file: BinaryIO, out: BinaryIO | None, wants: Mapping[str, Any]) -> dict[str, Any]:
    """Decode and encode again into ``out``: a video as our own MP4, a picture as PNG; nothing else survives.

    ``wants`` may hold ``max_bytes`` and ``fps``. Answers ``width``, ``height``, ``frames``, ``size`` and for
    a video the ``plan`` as a mapping.
    """
    if out is None:
        raise reject("no_output", "there is no file to write")
    if not wants["moving"]:
        pixels = read_pixels(file)
        kept = io.BytesIO()
        Image.fromarray(pixels).save(kept, "PNG")
        out.write(kept.getvalue())
        return {"width": pixels.shape[1], "height": pixels.shape[0], "frames": 1, "size": len(kept.getvalue())}
    clip = open_clip(file, fps=wants.get("fps"))
    plan = plan_like(clip.width, clip.height, clip.frames, clip.fps, _budget(wants), threads=1)
    fitted = mapped(clip, lambda _, moment: Moment(scaled(moment.frame, plan.width, plan.height), moment.sound))
    made = encode(fitted.open(), plan, out)
    return {
        "width": plan.width,
        "height": plan.height,
        "frames": made.frames,
        "size": made.size,
        "plan": dataclasses.asdict(plan),
    }


def _budget(wants: Mapping[str, Any]) -> int:
    return int(wants.get("max_bytes", 50_000_000))


JOBS: Mapping[str, Callable[[BinaryIO, BinaryIO | None, Mapping[str, Any]], dict[str, Any]]] = {
    "probe": probe,
    "sanitize": sanitize,
}
"""What a zygote can be asked to do."""


def rehearse() -> None:
    """Do every job once on small files of our own.

    Decoders import parts of themselves at first use, which behind the sandbox's walls is too late.
    """
    pixels = np.zeros((64, 64, 3), np.uint8)
    for name in ("PNG", "JPEG", "GIF", "WEBP"):
        still = io.BytesIO()
        Image.fromarray(pixels).save(still, name)
        for job in JOBS.values():
            job(still, io.BytesIO(), {"moving": False})
    silence = Moment(frame_from_rgb(pixels), np.zeros((1600, 2), np.float32))
    film = io.BytesIO()
    encode(iter([silence] * 3), plan_like(64, 64, frames=3, fps=30, threads=1), film)
    for job in JOBS.values():
        job(film, io.BytesIO(), {"moving": True})


def plan_of(answer: Mapping[str, Any]) -> EncodePlan:
    """The plan in an answer of :func:`sanitize`."""
    return EncodePlan(**answer["plan"])
