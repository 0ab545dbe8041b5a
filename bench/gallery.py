"""Draws five reels and four stickers as contact sheets to look at: ``python -m bench.gallery DIR``.

Each sheet shows eight frames, evenly spaced over a clip of four seconds, as the generator drew them: before the
label and the mark; stickers with their label and their white edge, on squares that show where they are clear. An
``index.html`` shows them all with what the storyboard says it understood.
"""

from __future__ import annotations

import html
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reelgate.media import fit
from reelgate.media.clip import rgb_from_frame
from reelgate.media.sniff import MediaKind
from reelgate.media.still import write_still
from reelgate.words import Kind, Order
from reelgate_integrations import catalog
from reelgate_moderation.marks.label import label_text
from reelgate_service.steps.forms import STICKER

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from reelgate.contract import Clip, Frame, Generator, Scene

PROMPTS = (
    "a baby hippo swimming",
    "an owl flies over a snowy forest at night",
    "a red boat sails into the sunset",
    "a robot dances in a rainy city",
    "an elephant walks slowly through the desert at dawn",
)
STICKERS = ("a baby hippo waving", "a red fox running", "a robot dancing", "a cat sleeping")
SECONDS = 4.0
SHORT_SIDE = 480
FRAMES = 8
COLUMNS = 4
SEED = 7

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Storyboard gallery</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }}
img {{ width: 100% }}
h2 {{ margin: 2.5rem 0 0 }}
dl {{ margin: 0 0 .5rem }} dt, dd {{ display: inline; margin: 0 }} dt::after {{ content: ": " }}
</style>
<h1>Storyboard gallery</h1>
<p>Drawn by software from tables written by hand; no trained model, no weights. Eight frames of {seconds:g} seconds,
seed {seed}, as the generator drew them: before the label and the mark. Stickers are shown with label and edge.</p>
{sheets}
</html>
"""
_SHEET = """<h2>{prompt}</h2>
<dl>{told}</dl>
<img src="{name}" alt="Eight frames: {prompt}" width="{width}" height="{height}">"""


def contact_sheet(clip: Clip, shown: Callable[[Frame], NDArray[np.uint8]] = rgb_from_frame) -> NDArray[np.uint8]:
    """Eight frames of ``clip`` in two rows, sRGB uint8 (height, width, 3); frames are the middle of each eighth."""
    wanted = {(2 * k + 1) * clip.frames // (2 * FRAMES) for k in range(FRAMES)}
    # Each frame is copied out at once: a generator may draw the next one over it.
    cells = [shown(one.frame) for i, one in enumerate(islice(clip.open(), max(wanted) + 1)) if i in wanted]
    rows = [np.concatenate(cells[start : start + COLUMNS], axis=1) for start in range(0, FRAMES, COLUMNS)]
    return np.concatenate(rows, axis=0)


def draw(generator: Generator, prompt: str, seconds: float, short_side: int) -> tuple[NDArray[np.uint8], Scene]:
    """One prompt's contact sheet, and what the generator made of the words."""
    plan = fit.plan(aspect=(9, 16), seconds=seconds, fps=generator.facts.fps, short_side=short_side, targets=[])
    order = Order(Kind.REEL, prompt, plan.seconds, plan.width, plan.height, plan.fps, SEED)
    footage = generator.collect(generator.start(order, prompt).external_id, order)
    return contact_sheet(footage.clip), footage.scene


def draw_sticker(generator: Generator, prompt: str) -> tuple[NDArray[np.uint8], Scene]:
    """One sticker's contact sheet, on squares, and what the generator made of the words."""
    cut = STICKER.cut({"seconds": 2.4}, generator.facts, [])
    order = Order(Kind.STICKER, prompt, cut.plan.seconds, cut.plan.width, cut.plan.height, cut.plan.fps, SEED)
    footage = generator.collect(generator.start(order, prompt).external_id, order)
    dressed = cut.dresser(label_text(generator.facts.source_type))
    rows, columns = np.mgrid[0 : cut.plan.height, 0 : cut.plan.width]
    squares = np.where((rows // 16 + columns // 16) % 2, 178.0, 140.0)[..., None]

    def shown(frame: Frame) -> NDArray[np.uint8]:
        made = dressed(frame)
        cover = np.ones((cut.plan.height, cut.plan.width, 1)) if made.alpha is None else made.alpha[..., None] / 255
        return np.rint(rgb_from_frame(made) * cover + squares * (1 - cover)).astype(np.uint8)

    return contact_sheet(footage.clip, shown), footage.scene


def gallery(
    folder: Path,
    prompts: tuple[str, ...] = PROMPTS,
    seconds: float = SECONDS,
    side: int = SHORT_SIDE,
    stickers: tuple[str, ...] = STICKERS,
) -> Path:
    """Write one PNG a prompt or sticker and an ``index.html`` into ``folder``; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = catalog.generator("storyboard")
    sheets = []
    for number, prompt in enumerate((*prompts, *stickers), start=1):
        started = time.monotonic()
        if number <= len(prompts):
            pixels, scene = draw(generator, prompt, seconds, side)
        else:
            pixels, scene = draw_sticker(generator, prompt)
        kind = "" if number <= len(prompts) else "sticker-"
        name = f"{number}-{kind}{'-'.join(prompt.split())}.png"
        with (folder / name).open("wb") as out:
            write_still(pixels, MediaKind.PNG, out)
        print(f"{folder / name}  {time.monotonic() - started:.1f} s")
        height, width = pixels.shape[:2]
        sheets.append(
            _SHEET.format(prompt=html.escape(prompt), name=name, width=width, height=height, told=_told(scene))
        )
    page = folder / "index.html"
    page.write_text(_PAGE.format(seconds=seconds, seed=SEED, sheets="\n".join(sheets)), encoding="utf-8")
    return page


def _told(scene: Scene) -> str:
    told = (("understood", scene.understood), ("approximated", scene.approximated), ("ignored", scene.ignored))
    return "; ".join(f"<dt>{name}</dt><dd>{html.escape(', '.join(words))}</dd>" for name, words in told if words)


def main(argv: list[str]) -> int:
    """Write the gallery into the one folder that ``argv`` names."""
    if len(argv) != 1:
        print("usage: python -m bench.gallery DIR", file=sys.stderr)
        return 2
    print(gallery(Path(argv[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
