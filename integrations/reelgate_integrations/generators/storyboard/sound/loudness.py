"""How loud a mix is, after ITU-R BS.1770-4, and a limiter that keeps its peaks under a ceiling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_integrations.generators.storyboard.sound.filters import Biquad, causal
from reelgate_integrations.generators.storyboard.sound.signal import Wave, gain, length, smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

K_WEIGHTING: tuple[Biquad, Biquad] = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585),
    (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621),
)
"""The head shelf and the high-pass of BS.1770-4, tables 1 and 2, at 48 kHz."""

QUIET = -70.0
"""The absolute gate in LUFS, and the answer for silence."""


def loudness(x: NDArray[np.float32]) -> float:
    """Integrated loudness of (n, 2) in LUFS with both gates; :data:`QUIET` for silence."""
    power = np.cumsum(np.sum(np.square(causal(x, *K_WEIGHTING), dtype=np.float64), axis=1))
    power = np.concatenate(([0.0], power))
    block, hop = length(0.4), length(0.1)
    if len(x) < block:
        means = np.array([power[-1] / max(1, len(x))])
    else:
        starts = np.arange(0, len(x) - block + 1, hop)
        means = (power[starts + block] - power[starts]) / block
    levels = -0.691 + 10.0 * np.log10(np.maximum(means, 1e-12))
    loud = means[levels > QUIET]
    if not len(loud):
        return QUIET
    gate = -0.691 + 10.0 * np.log10(loud.mean()) - 10.0
    return float(-0.691 + 10.0 * np.log10(means[levels > max(gate, QUIET)].mean()))


def limited(x: NDArray[np.float32], ceiling: float, look: float = 0.004) -> NDArray[np.float32]:
    """``x`` (n, 2) turned down smoothly, ``look`` s ahead of each peak, so that no sample passes ``ceiling``."""
    peak = np.max(np.abs(x), axis=1)
    need = np.minimum(1.0, ceiling / np.maximum(peak, 1e-9))
    if need.min() >= 1.0:
        return x
    reach = length(look) + 1
    lowest = _lowest(_lowest(need, reach), reach)
    eased = smooth(smooth(lowest, 2 * look), 2 * look)
    return (x * eased[:, None]).astype(np.float32)


def _lowest(x: Wave, reach: int) -> Wave:
    """The lowest value within ``reach`` samples to either side, by doubling windows."""
    padded = np.concatenate((np.ones(reach, x.dtype), x, np.ones(reach, x.dtype)))
    wanted, have = 2 * reach + 1, 1
    while have < wanted:
        step = min(have, wanted - have)
        padded = np.minimum(padded[:-step], padded[step:])
        have += step
    return padded


def mastered(x: NDArray[np.float32], target: float, ceiling_db: float, most_limiting: float) -> NDArray[np.float32]:
    """``x`` brought to ``target`` LUFS under ``ceiling_db`` dBFS, limiting peaks by ``most_limiting`` dB at most."""
    level = loudness(x)
    if level <= QUIET:
        return x
    peak = float(np.max(np.abs(x)))
    lift = min(gain(target - level), gain(ceiling_db + most_limiting) / max(peak, 1e-9))
    return limited((x * np.float32(lift)).astype(np.float32), gain(ceiling_db))
