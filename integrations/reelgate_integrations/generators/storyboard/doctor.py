"""What the storyboard needs of the machine it draws on."""

from __future__ import annotations

from reelgate.doctor import Check
from reelgate.errors import MissingExtra

from .generator import drawing


def checks() -> list[Check]:
    """Whether the drawing library can be loaded and really draws."""
    try:
        drawing()
    except MissingExtra as fault:
        return [Check("drawing", False, "skia cannot be loaded", fault.says)]
    import skia

    surface = skia.Surface(2, 2)
    surface.getCanvas().clear(0xFFFF0000)
    red = int(surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)[0, 0, 0])
    if red != 255:
        return [
            Check(
                "drawing",
                False,
                "skia draws the wrong colours",
                "pip install --force-reinstall 'reelgate[storyboard]'",
            )
        ]
    return [Check("drawing", True, f"skia {skia.__version__}")]
