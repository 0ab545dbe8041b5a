"""How likely a sync score is on a picture that carries no mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_moderation.marks.tile import LINES

if TYPE_CHECKING:
    from reelgate_moderation.marks.search import Guess, Peaks

_SLOPES = np.linspace(0.02, 3.0, 150)


def sync_log_chance(found: Peaks, guess: Guess, searched: int) -> float:
    """Logarithm of a bound on the chance that keyed places hold as much power as ``guess`` found.

    The places of the 28 lines are keyed, so under no mark their powers are draws from the picture's own
    spectrum within the ring. Chernoff: P(sum >= s) <= min over t of M(t)^28 exp(-t s), with M the mean of
    exp(t power) over the ring as it is in this very picture, times the number of geometries searched. The
    draws are taken as independent; the reader only calls this presence, never a message.
    """
    rows = len(found.power)
    lowest, highest = ring(guess)
    down = np.fft.fftfreq(rows)[:, None]
    across = np.arange(found.power.shape[1])[None, :] / found.columns
    distance = np.hypot(down, across)
    values = found.power[(distance >= lowest) & (distance <= min(highest, 0.5))][::4].astype(np.float64)
    if not values.size:
        return 0.0
    moments = np.array([np.log(np.mean(np.exp(slope * values))) for slope in _SLOPES])
    return min(0.0, float(np.min(LINES * moments - _SLOPES * guess.total)) + float(np.log(searched)))


def ring(guess: Guess) -> tuple[float, float]:
    """The ring of frequencies, in cycles a pixel, that the guess's lines lie in."""
    size = np.sqrt(abs(np.linalg.det(guess.lattice.matrix)))
    return 6.0 / 64 * float(size), 20.0 / 64 * float(size)
