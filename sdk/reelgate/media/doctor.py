"""What ``reelgate doctor`` says of this room: codecs, library versions, and the walls around foreign files."""

from __future__ import annotations

import av
import PIL
from av.codec import codecs_available

from reelgate.doctor import Check
from reelgate.media.lockdown import landlock_version, walls

_NEEDED = ("libx264", "aac", "h264")
_LEAST_AVFORMAT = (62, 0, 0)
_LEAST_PILLOW = (12, 2)


def checks() -> list[Check]:
    """Every check of the media room."""
    missing = [name for name in _NEEDED if name not in codecs_available]
    return [
        Check(
            "media codecs",
            not missing,
            f"av {av.__version__}; " + (f"missing: {', '.join(missing)}" if missing else "H.264 and AAC in and out"),
            "pip install --force-reinstall 'reelgate[media]'" if missing else "",
        ),
        _versions(),
        *_walls(),
    ]


def _versions() -> Check:
    """The bundled C libraries must be past their known holes (mov.c's CENC before FFmpeg 8.1)."""
    avformat = av.library_versions["libavformat"]
    pillow = tuple(int(part) for part in PIL.__version__.split(".")[:2])
    fresh = avformat >= _LEAST_AVFORMAT and pillow >= _LEAST_PILLOW
    detail = f"libavformat {'.'.join(map(str, avformat))}, Pillow {PIL.__version__}"
    return Check("media libraries", fresh, detail, "" if fresh else "pip install --upgrade av pillow")


def _walls() -> list[Check]:
    """One check a wall: a missing one is told, since foreign files then lean on the others alone."""
    mends = {
        "seccomp": "run on Linux x86_64 with CONFIG_SECCOMP_FILTER; until then take files only from people you trust",
        "landlock": "run on Linux 5.13 or newer with Landlock enabled (lsm=landlock,...)",
        "no_new_privs": "run on Linux",
    }
    found = []
    for name, there in walls().items():
        detail = "in place" if there else "not offered by this kernel or processor"
        if name == "landlock" and there:
            detail = f"in place, ABI {landlock_version()}"
        found.append(Check(f"media sandbox: {name}", there, detail, "" if there else mends.get(name, "")))
    return found
