"""The conformance kit for clips: what every stream of frames and sound must keep to."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reelgate.contract import SAMPLE_RATE

if TYPE_CHECKING:
    from reelgate.contract import Clip, Frame, Moment


def check_clip(clip: Clip) -> str:
    """Read ``clip`` through, twice and once in part, and check every frame and block of sound.

    Returns the SHA-256 of all its planes and samples, so that two clips can be compared. Needs nothing in
    memory but one frame.
    """
    assert clip.width > 0 and clip.height > 0, (
        f"the clip is {clip.width} x {clip.height}: both sides must be above zero"
    )
    assert clip.width % 2 == 0 and clip.height % 2 == 0, (
        f"the clip is {clip.width} x {clip.height}: 4:2:0 needs both sides even"
    )
    assert clip.fps > 0 and clip.duration > 0, "fps and duration must be above zero"
    first = _read(clip)
    part = clip.open()
    for _, moment in zip(range(2), part, strict=False):
        _check_frame(clip, moment.frame, 0)
    close = getattr(part, "close", None)
    if close is not None:
        close()
    assert _read(clip) == first, "open() gave another stream the second time: a clip must start over identically"
    return first


def _read(clip: Clip) -> str:
    """Check the whole stream once; the digest of what it held."""
    total, frames, samples, with_alpha = hashlib.sha256(), 0, 0, 0
    for number, moment in enumerate(clip.open()):
        assert number < clip.frames, f"the stream goes on after the {clip.frames} frames that the clip promises"
        _check_frame(clip, moment.frame, number)
        _check_sound(clip, moment, number)
        planes = (moment.frame.y, moment.frame.u, moment.frame.v, moment.frame.alpha, moment.sound)
        for plane in planes:
            total.update(b"-" if plane is None else plane.tobytes())
        frames += 1
        samples += len(moment.sound)
        with_alpha += moment.frame.alpha is not None
    assert frames == clip.frames, f"the stream holds {frames} frames; the clip promises {clip.frames}"
    assert with_alpha in (0, frames), f"{with_alpha} of {frames} frames have alpha: it must be all or none"
    wanted = round(clip.duration * SAMPLE_RATE)
    assert samples == wanted, f"the blocks of sound add up to {samples} samples; {clip.duration} s are {wanted}"
    return total.hexdigest()


def _check_frame(clip: Clip, frame: Frame, number: int) -> None:
    full, half = (clip.height, clip.width), (clip.height // 2, clip.width // 2)
    for name, plane, shape in (("y", frame.y, full), ("u", frame.u, half), ("v", frame.v, half)):
        assert plane.shape == shape, f"frame {number}: plane {name} is {plane.shape}, not {shape}"
        assert str(plane.dtype) == "uint8", f"frame {number}: plane {name} is {plane.dtype}, not uint8"
    if frame.alpha is not None:
        assert frame.alpha.shape == full, f"frame {number}: alpha is {frame.alpha.shape}, not {full}"
        assert str(frame.alpha.dtype) == "uint8", f"frame {number}: alpha is {frame.alpha.dtype}, not uint8"


def _check_sound(clip: Clip, moment: Moment, number: int) -> None:
    sound = moment.sound
    assert sound.ndim == 2 and sound.shape[1] == 2, f"frame {number}: the sound is {sound.shape}, not (n, 2)"
    assert str(sound.dtype) == "float32", f"frame {number}: the sound is {sound.dtype}, not float32"
    if len(sound):
        peak = float(abs(sound).max())
        assert peak <= 1.0, (
            f"frame {number}: the sound reaches {peak} (or is not a number); it must stay within -1..1"
        )
        assert not (clip.silent and peak), f"frame {number}: the clip says it is silent but is not"
