"""Prints what the invisible picture mark endures: ``python -m bench.marks [FRAMES]``.

One message, one seed a cell, so read a row as "so many of four clips", not as a rate. The footage is drawn here,
720p, at standard strength (48 dB); the geometry is applied after one encode at CRF 23, and another encode at
CRF 23 follows. Nothing is told to the reader. Stickers follow, as the service makes them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from bench.marks import footage as f
from bench.marks import stickers

from reelgate_moderation.marks.picture import TilePictureMark
from reelgate_moderation.marks.read import detect_luma

MESSAGE = "5ee1a7e0c0ffee42"

Change = Callable[[list[f.Luma]], list[f.Luma]]


def _again(change: Callable[[f.Luma], f.Luma]) -> Change:
    return lambda frames: f.through_h264(f.each(f.through_h264(frames, 23), change), 23)


ROWS: dict[str, Change] = {
    "H.264 CRF 23": lambda frames: f.through_h264(frames, 23),
    "H.264 CRF 28": lambda frames: f.through_h264(frames, 28),
    "H.264 CRF 36": lambda frames: f.through_h264(frames, 36),
    "resize .7": _again(lambda luma: f.resized(luma, 0.7)),
    "resize .5": _again(lambda luma: f.resized(luma, 0.5)),
    "crop .71": _again(lambda luma: f.cropped(luma, 0.71)),
    "mirrored": _again(f.mirrored),
    "turned 5 degrees": _again(lambda luma: f.turned(luma, 5)),
    "one frame, JPEG 60": lambda frames: [f.through_jpeg(frames[0], 60)],
    "unmarked, CRF 23": lambda frames: f.through_h264(frames, 23),
}


def main() -> None:
    """Print one line a row and clip, then how many clips each row read."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 36
    shapes = {"texture": (720, 1280), "dark": (1280, 720), "cartoon": (720, 1280), "title": (720, 720)}
    print(f"{count} frames at 24 a second, 48 dB, full message\n")
    print(f"{'row':<20} {'clip':<9} {'read':<6} {'z':>6} {'p':>8} {'seconds':>8}")
    tally: dict[str, int] = {}
    for kind, (width, height) in shapes.items():
        plain = list(f.footage(kind, width, height, count))
        embed = TilePictureMark().embedder(width, height, MESSAGE, "full", 0)
        began = time.perf_counter()
        marked = [embed(f.frame_of(luma)).y for luma in plain]
        spent = (time.perf_counter() - began) / count * 1000
        noise = np.mean([np.mean((a.astype(float) - b) ** 2) for a, b in zip(plain, marked, strict=True)])
        psnr = 10 * np.log10(255**2 / noise)
        print(f"{'embedding':<20} {kind:<9} {spent:.1f} ms a frame, PSNR {psnr:.1f} dB", flush=True)
        for row, change in ROWS.items():
            frames = change(plain if row.startswith("unmarked") else marked)
            began = time.perf_counter()
            found = detect_luma(frames[::3])
            spent = time.perf_counter() - began
            right = found.payload == (None if row.startswith("unmarked") else MESSAGE)
            tally[row] = tally.get(row, 0) + right
            said = ("none" if found.payload is None else "exact") if right else "no"
            line = f"{row:<20} {kind:<9} {said:<6} {found.presence:>6.1f} {found.p_value:>8.0e} {spent:>8.2f}"
            print(line, flush=True)
    print()
    for row, right in tally.items():
        print(f"{row:<20} {right} of {len(shapes)}")
    print("\nstickers, as the service makes them\n")
    stickers.run()


if __name__ == "__main__":
    main()
