"""What the mark of a sticker endures: stickers as the service makes them, then changed as people change them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageSequence

from reelgate.media.decode import open_clip
from reelgate.words import Detection, Kind, Order
from reelgate_integrations import catalog
from reelgate_moderation.marks.label import TEXTS
from reelgate_moderation.marks.picture import TilePictureMark
from reelgate_service.steps.forms import STICKER

if TYPE_CHECKING:
    from collections.abc import Callable

PROMPTS = (
    "a baby hippo waving",
    "a red fox running",
    "a robot dancing",
    "a car driving",
    "a cat sleeping",
    "a sailboat",
    "an owl flying",
    "a fish swimming",
)
MESSAGE = "5ee1a7e0c0ffee42"

_MARK = TilePictureMark()


@dataclass(frozen=True, slots=True)
class Made:
    """A sticker's file, and the format and strength its mark was made with."""

    data: bytes
    strength: int
    found: Detection


def make(prompt: str) -> Made:
    """The sticker of a prompt, made stronger as long as its mark reads thinly, as the service does."""
    generator = catalog.generator("storyboard")
    cut = STICKER.cut({"seconds": 2.4}, generator.facts, [])
    order = Order(Kind.STICKER, prompt, cut.plan.seconds, cut.plan.width, cut.plan.height, cut.plan.fps, 7)
    clip = generator.collect("bench", order).clip
    dressed = cut.dresser(TEXTS[generator.facts.source_type])
    for format_, strength in (rung for rung in STICKER.ladder if rung[0] == "full"):
        embed = _MARK.embedder(cut.plan.width, cut.plan.height, MESSAGE, format_, strength)
        moments = (type(moment)(embed(dressed(moment.frame)), moment.sound) for moment in clip.open())
        out = io.BytesIO()
        cut.write(moments, strength, out, lambda done, total: None)
        found = _MARK.detect(open_clip(out))
        if found.p_value <= STICKER.firm_p:
            break
    return Made(out.getvalue(), strength, found)


def _frames(data: bytes) -> list[Image.Image]:
    with Image.open(io.BytesIO(data)) as image:
        return [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]


def _saved(frames: list[Image.Image], kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:], "duration": 67, "loop": 0} if len(frames) > 1 else {}
    frames[0].save(out, kind, **more, **options)  # type: ignore[arg-type]
    return out.getvalue()


def _sized(frames: list[Image.Image], side: int) -> list[Image.Image]:
    return [frame.resize((side, side), Image.Resampling.LANCZOS) for frame in frames]


def _on(frame: Image.Image, ground: str) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", frame.size, ground), frame).convert("RGB")


def _gif(data: bytes, side: int) -> bytes:
    return _saved(
        [frame.convert("P", palette=Image.Palette.ADAPTIVE) for frame in _sized(_frames(data), side)], "GIF"
    )


ROWS: dict[str, Callable[[bytes], bytes]] = {
    "as made": lambda data: data,
    "WebP again, quality 75": lambda data: _saved(_frames(data), "WEBP", quality=75),
    "WebP again, quality 50": lambda data: _saved(_frames(data), "WEBP", quality=50),
    "256 px, WebP 75": lambda data: _saved(_sized(_frames(data), 256), "WEBP", quality=75),
    "GIF, 512 px": lambda data: _gif(data, 512),
    "GIF, 320 px": lambda data: _gif(data, 320),
    "one frame, PNG": lambda data: _saved(_frames(data)[:1], "PNG"),
    "one frame on white, JPEG 75": lambda data: _saved([_on(_frames(data)[0], "white")], "JPEG", quality=75),
    "one frame on dark grey, PNG": lambda data: _saved([_on(_frames(data)[0], "#313338")], "PNG"),
}


def run() -> None:
    """Print the stickers, then how many of them each change left readable and how many only recognisable."""
    files = {}
    for prompt in PROMPTS:
        made = files[prompt] = make(prompt)
        print(
            f"{prompt:<24} {len(made.data) // 1000} kB  strength {made.strength}  p {made.found.p_value:.0e}",
            flush=True,
        )
    print(f"\n{'row':<30} read  present")
    for row, change in ROWS.items():
        found = [_MARK.detect(open_clip(io.BytesIO(change(made.data)))) for made in files.values()]
        read = sum(each.payload == MESSAGE for each in found)
        present = sum(each.p_value <= 1e-6 for each in found)
        wrong = sum(each.payload not in (None, MESSAGE) for each in found)
        print(
            f"{row:<30} {read}/{len(found)}   {present}/{len(found)}" + (f"  WRONG {wrong}" if wrong else ""),
            flush=True,
        )


if __name__ == "__main__":
    run()
