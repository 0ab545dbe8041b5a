"""Writes one still picture with Pillow; reading is :mod:`reelgate.media.picture`'s."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image

from reelgate.media.findings import reject
from reelgate.media.sniff import MediaKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

_WAYS: Mapping[MediaKind, tuple[str, Mapping[str, Any]]] = {
    MediaKind.PNG: ("PNG", {"compress_level": 6}),
    MediaKind.JPEG: ("JPEG", {"quality": 92, "subsampling": 0}),
    MediaKind.WEBP: ("WEBP", {"quality": 92, "method": 4, "exact": False}),
}


def write_still(pixels: NDArray[np.uint8], kind: MediaKind, out: BinaryIO) -> int:
    """Write sRGB ``pixels``, uint8 (height, width, 3) or 4 with straight alpha; returns how many bytes.

    No metadata is written. A JPEG has no alpha: pictures with it are laid on white. Raises ``MediaRejected``
    for a kind that is no still picture, or that cannot hold one of that size.
    """
    if kind not in _WAYS:
        raise reject("wrong_kind", f"a picture cannot be written as {kind.value}")
    name, options = _WAYS[kind]
    image = Image.fromarray(pixels)
    if kind is MediaKind.JPEG and image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    kept = io.BytesIO()
    try:
        image.save(kept, name, **options)
    except (OSError, ValueError) as cause:
        raise reject("does_not_fit", f"{image.width}x{image.height} does not go into a {kind.value}") from cause
    return out.write(kept.getvalue())
