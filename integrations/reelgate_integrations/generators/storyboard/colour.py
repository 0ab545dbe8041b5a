"""Colours as 0xRRGGBB numbers, mixed where the eye mixes them: in OKLab.

Conversions follow Björn Ottosson, "A perceptual color space for image processing" (2020). Colours too strong
for sRGB lose chroma, never hue or lightness.
"""

from __future__ import annotations

from functools import lru_cache
from math import atan2, cos, hypot, pi, sin

Lab = tuple[float, float, float]


def _encode(v: float) -> float:
    return 12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055


def _decode(v: float) -> float:
    return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4


def _linear(lab: Lab) -> tuple[float, float, float]:
    L, a, b = lab
    l_ = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (L - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_,
    )


@lru_cache(maxsize=4096)
def lab(colour: int) -> Lab:
    """OKLab of an sRGB colour: lightness 0..1, a and b about -0.4..0.4."""
    r, g, b = (_decode(((colour >> shift) & 255) / 255) for shift in (16, 8, 0))
    l_ = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m_ = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s_ = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * l_ + 0.7936177850 * m_ - 0.0040720468 * s_,
        1.9779984951 * l_ - 2.4285922050 * m_ + 0.4505937099 * s_,
        0.0259040371 * l_ + 0.7827717662 * m_ - 0.8086757660 * s_,
    )


def from_lab(value: Lab) -> int:
    """The nearest sRGB colour of the same lightness and hue."""
    L, a, b = value
    L = min(1.0, max(0.0, L))
    keep = 1.0
    for _ in range(24):
        rgb = _linear((L, a * keep, b * keep))
        if all(-0.002 <= v <= 1.002 for v in rgb):
            break
        keep *= 0.9
    out = 0
    for v in _linear((L, a * keep, b * keep)):
        out = out << 8 | round(_encode(min(1.0, max(0.0, v))) * 255)
    return out


@lru_cache(maxsize=4096)
def oklch(lightness: float, chroma: float, hue: float) -> int:
    """A colour by lightness 0..1, chroma 0..0.37 and hue in degrees."""
    return from_lab((lightness, chroma * cos(hue * pi / 180), chroma * sin(hue * pi / 180)))


def lch(colour: int) -> tuple[float, float, float]:
    """Lightness, chroma and hue in degrees of an sRGB colour."""
    L, a, b = lab(colour)
    return L, hypot(a, b), atan2(b, a) * 180 / pi % 360


@lru_cache(maxsize=8192)
def mix(one: int, other: int, share: float) -> int:
    """``share`` 0 gives ``one``, 1 gives ``other``."""
    p, q = lab(one), lab(other)
    return from_lab((p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share, p[2] + (q[2] - p[2]) * share))


@lru_cache(maxsize=8192)
def shift(colour: int, lightness: float = 0.0, chroma: float = 1.0, hue: float = 0.0) -> int:
    """``colour`` with lightness added, chroma multiplied and hue turned by degrees."""
    L, c, h = lch(colour)
    return oklch(L + lightness, c * chroma, h + hue)


def argb(colour: int, alpha: float = 1.0) -> int:
    """The colour as skia takes it, with opacity 0..1."""
    return round(min(1.0, max(0.0, alpha)) * 255) << 24 | colour
