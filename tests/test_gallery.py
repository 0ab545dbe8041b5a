"""The gallery shows eight different frames of each prompt, and names files that are there."""

from __future__ import annotations

import html.parser
from typing import TYPE_CHECKING

import numpy as np
from bench.gallery import COLUMNS, FRAMES, gallery
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path


class _Pictures(html.parser.HTMLParser):
    """Collects what the page's ``img`` elements show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attrs))


def test_the_page_and_its_contact_sheets(tmp_path: Path):
    prompts = ("a fox runs", "a whale & <a boat>")
    page = gallery(tmp_path / "sheets", prompts, seconds=1.0, side=144, stickers=("a cat waves",))
    reader = _Pictures()
    reader.feed(page.read_text(encoding="utf-8"))
    assert [one["alt"] for one in reader.found] == [f"Eight frames: {prompt}" for prompt in (*prompts, "a cat waves")]
    for one in reader.found:
        with Image.open(page.parent / str(one["src"])) as sheet:
            assert sheet.format == "PNG"
            assert f"{sheet.width}x{sheet.height}" == f"{one['width']}x{one['height']}"
            assert sheet.width == (512 if "sticker" in str(one["src"]) else 144) * COLUMNS
            pixels = np.asarray(sheet)
        rows = np.split(pixels, FRAMES // COLUMNS, axis=0)
        cells = [cell.tobytes() for row in rows for cell in np.split(row, COLUMNS, axis=1)]
        assert len(set(cells)) == FRAMES
