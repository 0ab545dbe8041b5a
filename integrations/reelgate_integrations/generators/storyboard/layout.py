"""Where things go in a frame of any shape: composed for it, not cropped to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Pixels of one frame: y grows downwards.

    ``horizon`` is where land meets sky, ``ground`` where the subject's feet or waterline are, ``air`` where a
    flying or diving subject's middle is. ``size`` is the subject's standing height, ``u`` a hundredth of the
    frame's geometric mean side: the unit of all detail. ``third`` is the x a still subject takes.
    """

    width: int
    height: int
    horizon: float
    ground: float
    air: float
    size: float
    u: float
    third: float

    @property
    def tall(self) -> bool:
        """True when the frame is composed vertically."""
        return self.width < self.height * 0.85

    @property
    def wide(self) -> bool:
        """True when the frame is composed horizontally."""
        return self.width > self.height * 1.2


def compose(
    width: int, height: int, *, girth: float, scale: float = 1.0, facing: int = 1, still: bool = True
) -> Layout:
    """A layout for a subject ``girth`` times as long as it stands high.

    ``facing`` 1 looks to the right; a subject stands off the middle so that it looks into space, a ``still``
    one less so.
    """
    aspect = width / height
    if aspect < 0.85:
        horizon, ground, air, high, broad, off = 0.545, 0.735, 0.42, 0.38, 0.68, 0.03
    elif aspect <= 1.2:
        horizon, ground, air, high, broad, off = 0.535, 0.775, 0.44, 0.45, 0.56, 0.06
    else:
        horizon, ground, air, high, broad, off = 0.53, 0.80, 0.44, 0.50, 0.42, 0.10
    size = min(high * height, broad * width / max(girth, 0.3)) * scale
    size = max(12.0, min(size, ground * height * 0.86))
    if not still:
        off *= 1.5
    return Layout(
        width=width,
        height=height,
        horizon=horizon * height,
        ground=ground * height,
        air=air * height,
        size=size,
        u=(width * height) ** 0.5 / 100,
        third=width * (0.5 - off * facing),
    )
