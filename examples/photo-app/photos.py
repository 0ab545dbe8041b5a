"""Photos: how an uploaded one is taken in, and the four that the wall starts with, which we draw ourselves."""

from __future__ import annotations

import math
import random
import uuid
import warnings
from typing import IO, TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store import Store

    Colour = tuple[int, int, int]

WIDEST = 1600
MOST_PIXELS = 40_000_000


class NotAPhoto(Exception):
    """What was uploaded cannot be shown; the message is for whoever sent it."""


def keep(store: Store, source: IO[bytes]) -> str:
    """Take a photo in: opened as what we know, turned upright, made small, written anew. Returns its file name.

    Written anew means that nothing else comes along: no place, no device, no hidden rest behind the picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=["JPEG", "PNG", "WEBP"]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotAPhoto("That photo has too many pixels. At most 40 megapixels, please.")
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except NotAPhoto:
        raise
    except Exception as cause:  # a broken picture can make Pillow raise nearly anything
        raise NotAPhoto("That file cannot be read as a photo. Please choose a JPEG, PNG or WebP.") from cause
    picture.thumbnail((WIDEST, WIDEST))
    return _written(store, Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture))


def starters(store: Store) -> None:
    """Give an empty wall something to look at."""
    if store.photos():
        return
    for draw, caption in reversed(STARTERS):
        store.add_photo(caption, _written(store, _finished(draw())))


def _written(store: Store, picture: Image.Image) -> str:
    name = f"{uuid.uuid4().hex}.jpg"
    picture.convert("RGB").save(store.media / name, quality=88, optimize=True)
    return name


# -- the four pictures -----------------------------------------------------------------------------------------

SIZE = 1200


def sea() -> Image.Image:
    """A sailboat before a low sun."""
    picture = _sky((24, 32, 84), (196, 74, 104), (255, 176, 92), (255, 224, 158))
    _glow(picture, (760, 640), 120, (255, 244, 204))
    water = _sky((238, 142, 96), (112, 60, 108), (24, 28, 70), height=SIZE - 700)
    picture.paste(water, (0, 700))
    brush, chance = ImageDraw.Draw(picture, "RGBA"), random.Random(3)  # noqa: S311  a drawing, no secret
    for step in range(90):
        y = 704 + int(step**1.36)
        spread = 30 + step * 3
        x, wide = 760 + chance.gauss(0, spread / 2.4), 14 + chance.random() * spread
        brush.ellipse((x - wide, y, x + wide, y + 2 + step // 16), fill=(255, 226, 160, 150 - step))
    dark = (38, 24, 58, 255)
    brush.polygon([(330, 762), (566, 762), (530, 812), (372, 812)], fill=dark)
    brush.polygon([(452, 430), (452, 742), (590, 742)], fill=(255, 236, 214, 255))
    brush.polygon([(438, 470), (438, 742), (346, 742)], fill=(238, 176, 152, 255))
    brush.line([(445, 420), (445, 764)], fill=dark, width=8)
    for step in range(26):
        wide = 110 - step * 3 + chance.random() * 20
        y = 826 + step * 9
        brush.line([(450 - wide, y), (450 + wide, y)], fill=(40, 24, 60, 110 - step * 4), width=4)
    return picture


def forest() -> Image.Image:
    """An owl over firs in the snow, by the light of the moon."""
    picture = _sky((8, 14, 42), (22, 44, 92), (74, 108, 156))
    brush, chance = ImageDraw.Draw(picture, "RGBA"), random.Random(8)  # noqa: S311  a drawing, no secret
    for _ in range(220):
        x, y, size = chance.random() * SIZE, chance.random() * 640, 1 + chance.random() * 2.4
        brush.ellipse((x, y, x + size, y + size), fill=(255, 255, 255, chance.randrange(90, 240)))
    _glow(picture, (850, 300), 96, (240, 244, 255))
    for base, size, shade in ((820, 190, (64, 92, 134)), (930, 290, (38, 62, 102)), (1090, 420, (16, 32, 62))):
        brush = ImageDraw.Draw(picture, "RGBA")
        x = -60.0
        while x < SIZE + 60:
            _fir(brush, x, base + chance.randrange(-24, 24), size * (0.75 + chance.random() * 0.5), shade)
            x += size * (0.3 + chance.random() * 0.24)
    _hill(picture, 1010, 26, 1.3, (206, 220, 242))
    _hill(picture, 1080, 34, 2.6, (234, 241, 252))
    brush = ImageDraw.Draw(picture, "RGBA")
    owl, face = (96, 82, 84, 255), (206, 190, 172, 255)
    wing = [(432, 380), (310, 270), (190, 300), (120, 380), (180, 366), (240, 400), (290, 388), (350, 430)]
    wing.append((424, 450))
    brush.polygon(_curve(wing), fill=owl)
    brush.polygon(_curve([(864 - x, y) for x, y in wing]), fill=owl)
    brush.ellipse((386, 340, 478, 500), fill=owl)
    brush.polygon([(392, 366), (398, 316), (428, 348)], fill=owl)
    brush.polygon([(472, 366), (466, 316), (436, 348)], fill=owl)
    for row in range(3):
        for x in range(404, 460, 18):
            brush.arc((x, 404 + row * 26, x + 18, 424 + row * 26), 20, 160, face, 3)
    for x in (409, 435):
        brush.ellipse((x - 8, 350, x + 28, 386), fill=face)
        brush.ellipse((x, 358, x + 20, 378), fill=(255, 204, 92, 255))
        brush.ellipse((x + 6, 363, x + 14, 373), fill=(24, 22, 34, 255))
    brush.polygon([(426, 376), (438, 376), (432, 394)], fill=(230, 168, 70, 255))
    for _ in range(150):
        x, y, size = chance.random() * SIZE, chance.random() * SIZE, 2 + chance.random() * 4
        brush.ellipse((x, y, x + size, y + size), fill=(255, 255, 255, 170))
    return picture


def meadow() -> Image.Image:
    """A fox on its way through the flowers."""
    picture = _sky((88, 160, 214), (164, 208, 232), (248, 240, 214))
    _glow(picture, (300, 330), 90, (255, 250, 224))
    brush, chance = ImageDraw.Draw(picture, "RGBA"), random.Random(5)  # noqa: S311  a drawing, no secret
    for x, y, size in ((820, 190, 90), (910, 214, 70), (740, 220, 64), (560, 360, 50), (620, 370, 40)):
        brush.ellipse((x - size * 1.4, y - size * 0.5, x + size * 1.4, y + size * 0.5), fill=(255, 255, 255, 190))
    _hill(picture, 640, 70, 0.4, (140, 178, 156))
    _hill(picture, 740, 60, 1.9, (112, 160, 104))
    _hill(picture, 850, 44, 3.0, (84, 142, 74))
    brush = ImageDraw.Draw(picture, "RGBA")
    red, pale, dark = (206, 92, 34, 255), (250, 236, 220, 255), (66, 36, 28, 255)
    tail = [(400, 800), (300, 716), (180, 744), (118, 830), (230, 856), (330, 862), (420, 840)]
    brush.polygon(_curve(tail), fill=red)
    brush.polygon(_curve([(196, 752), (118, 830), (230, 848), (222, 800)]), fill=pale)
    for x, lean in ((440, -50), (500, 26), (690, -30), (742, 54)):
        brush.line([(x, 840), (x + lean, 960)], fill=dark, width=26)
    brush.ellipse((370, 740, 790, 890), fill=red)
    brush.ellipse((620, 790, 800, 884), fill=pale)
    brush.polygon(_curve([(640, 790), (726, 690), (850, 760), (760, 870)]), fill=red)
    brush.polygon(_curve([(740, 640), (860, 636), (960, 742), (850, 782), (742, 772)]), fill=red)
    brush.polygon(_curve([(800, 744), (960, 742), (860, 784), (790, 788)]), fill=pale)
    for x in (752, 820):
        brush.polygon([(x, 672), (x + 14, 574), (x + 66, 652)], fill=red)
    brush.ellipse((842, 690, 862, 712), fill=dark)
    brush.ellipse((942, 730, 968, 754), fill=dark)
    for row in range(26):
        size = 3 + row * 0.5
        for _ in range(14 + row):
            root, top = chance.random() * SIZE, 900 + row * 12 + chance.random() * 12 - size * 5
            blade = [(root, top + size * 5), (root + chance.randrange(-8, 8), top)]
            brush.line(blade, fill=(62, 120, 56, 200), width=3)
            if chance.random() < 0.4:
                petal = chance.choice([(255, 255, 255), (250, 206, 84), (226, 104, 132), (150, 120, 210)])
                brush.ellipse((root - size, top - size, root + size, top + size), fill=(*petal, 255))
    return picture


def lake() -> Image.Image:
    """A duck on a lake, early."""
    picture = _sky((120, 152, 190), (224, 190, 186), (255, 226, 190))
    _glow(picture, (600, 520), 70, (255, 246, 226))
    _hill(picture, 480, 120, 0.2, (140, 142, 172))
    _hill(picture, 560, 70, 2.2, (96, 112, 140))
    mirror = ImageOps.flip(picture.crop((0, 120, SIZE, 620))).filter(ImageFilter.GaussianBlur(7)).resize((SIZE, 580))
    picture.paste(Image.blend(mirror, Image.new("RGB", mirror.size, (92, 128, 150)), 0.28), (0, 620))
    brush, chance = ImageDraw.Draw(picture, "RGBA"), random.Random(4)  # noqa: S311  a drawing, no secret
    for step in range(70):
        x, y, wide = chance.random() * SIZE, 640 + step * 8, 20 + chance.random() * step * 2
        brush.line([(x - wide, y), (x + wide, y)], fill=(255, 246, 232, 60), width=3)
    for ring in range(4):
        box = (410 - ring * 54, 874 - ring * 10, 830 + ring * 54, 950 + ring * 16)
        brush.arc(box, 10, 170, (255, 250, 240, 150), 4)
    body, wing, head = (244, 240, 232, 255), (208, 200, 190, 255), (36, 104, 84, 255)
    outline = [(430, 800), (380, 760), (440, 900), (640, 920), (790, 890), (800, 800), (640, 790)]
    brush.polygon(_curve(outline), fill=body)
    brush.polygon(_curve([(490, 826), (640, 800), (720, 840), (620, 884), (500, 876)]), fill=wing)
    brush.polygon(_curve([(706, 830), (724, 720), (800, 716), (806, 850), (760, 880)]), fill=head)
    brush.ellipse((704, 650, 820, 764), fill=head)
    brush.polygon([(810, 694), (890, 716), (812, 742)], fill=(238, 172, 60, 255))
    brush.ellipse((772, 682, 792, 702), fill=(20, 24, 28, 255))
    brush.rectangle((712, 776, 806, 790), fill=body)
    for _ in range(46):
        x, tall = chance.choice([chance.gauss(60, 60), chance.gauss(1150, 60)]), chance.randrange(260, 560)
        lean = chance.randrange(-50, 50)
        brush.line([(x, SIZE), (x + lean, SIZE - tall)], fill=(58, 76, 62, 255), width=7)
        if chance.random() < 0.4:
            brush.ellipse((x + lean - 11, SIZE - tall - 70, x + lean + 11, SIZE - tall + 10), fill=(92, 60, 44, 255))
    return picture


STARTERS: tuple[tuple[Callable[[], Image.Image], str], ...] = (
    (sea, "A sailboat at sunset"),
    (forest, "An owl flies over a snowy forest at night"),
    (meadow, "A fox runs across a flowery meadow"),
    (lake, "A duck swims on a lake in the morning"),
)


def _sky(*colours: Colour, height: int = SIZE) -> Image.Image:
    """A gradient from top to bottom through ``colours``."""
    column = Image.new("RGB", (1, len(colours)))
    column.putdata(colours)
    return column.resize((SIZE, height), Image.Resampling.BICUBIC)


def _glow(picture: Image.Image, at: tuple[int, int], size: int, colour: Colour) -> None:
    """A disc that shines into what is around it."""
    light = Image.new("RGB", picture.size)
    brush = ImageDraw.Draw(light)
    x, y = at
    brush.ellipse((x - size * 2, y - size * 2, x + size * 2, y + size * 2), fill=tuple(part // 3 for part in colour))
    light = light.filter(ImageFilter.GaussianBlur(size))
    picture.paste(ImageChops.screen(picture, light))
    ImageDraw.Draw(picture).ellipse((x - size, y - size, x + size, y + size), fill=colour)


def _hill(picture: Image.Image, y: float, swing: float, turn: float, colour: Colour) -> None:
    """A soft ridge from side to side, a little lighter at its top."""
    points = [
        (x, y + swing * (math.sin(x / 230 + turn * 2) * 0.6 + math.sin(x / 97 + turn * 5) * 0.25))
        for x in range(0, SIZE + 1, 8)
    ]
    brush = ImageDraw.Draw(picture)
    for step in range(3):
        shade = tuple(min(255, part + 18 - step * 9) for part in colour)
        brush.polygon([(0, SIZE), *((x, top + step * 16) for x, top in points), (SIZE, SIZE)], fill=shade)


def _fir(brush: ImageDraw.ImageDraw, x: float, y: float, size: float, colour: Colour) -> None:
    snow: Colour = tuple(min(255, part + 70) for part in colour)  # type: ignore[assignment]  # three in, three out
    for tier in range(5):
        top = y - size + tier * size * 0.17
        wide = size * (0.07 + tier * 0.042)
        brush.polygon([(x, top), (x - wide, top + size * 0.26), (x + wide, top + size * 0.26)], fill=colour)
        brush.polygon([(x, top), (x - wide * 0.5, top + size * 0.12), (x + wide * 0.3, top + size * 0.1)], fill=snow)
    brush.rectangle((x - size * 0.02, y - size * 0.1, x + size * 0.02, y + size * 0.2), fill=colour)


def _curve(points: Sequence[tuple[float, float]], steps: int = 12) -> list[tuple[float, float]]:
    """A closed curve through ``points`` (Catmull and Rom's), as a polygon."""
    count, out = len(points), []
    for at in range(count):
        a, b, c, d = (points[(at + shift) % count] for shift in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            weights = (-0.5 * t + t * t - 0.5 * t**3, 1 - 2.5 * t * t + 1.5 * t**3, 0.5 * t + 2 * t * t - 1.5 * t**3,
                       -0.5 * t * t + 0.5 * t**3)  # fmt: skip
            near = list(zip(weights, (a, b, c, d), strict=True))
            out.append((sum(weight * x for weight, (x, _) in near), sum(weight * y for weight, (_, y) in near)))
    return out


def _finished(picture: Image.Image) -> Image.Image:
    """A little grain and dark corners, as of a lens."""
    grain = Image.effect_noise(picture.size, 14).convert("RGB")
    picture = Image.blend(picture, ImageChops.soft_light(picture, grain), 0.55)
    dark = Image.radial_gradient("L").resize(picture.size).point(lambda part: 255 - max(0, part - 150) * 0.55)
    return ImageChops.multiply(picture, dark.convert("RGB"))
