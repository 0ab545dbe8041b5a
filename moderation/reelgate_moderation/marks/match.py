"""Matching pictures too weak to read against ids that were really issued.

Decoding has to tell one word from 2^64; a registry only from as many as were ever issued. That reads marks
about 3 dB weaker (z of 10.6 instead of 15 for a million ids), at the price that only known ids are found. What
is found here is a candidate, never a payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate.words import MarkFormat
from reelgate_moderation.marks.code import code
from reelgate_moderation.marks.despread import cell_fields
from reelgate_moderation.marks.lattice import fold, mirrored, upright
from reelgate_moderation.marks.payload import DEFAULT_KEY, mark_id, message_bits
from reelgate_moderation.marks.residual import residual_sum
from reelgate_moderation.marks.tile import carrier, chips, variant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Candidate:
    """An issued id that fits, and the bound on the chance that any id of the list fits unmarked pictures so well."""

    id: str
    format: MarkFormat
    p_value: float


def match_luma(
    frames: Iterable[NDArray[np.uint8]],
    ids: Sequence[str],
    keys: Sequence[bytes] = (DEFAULT_KEY,),
    most: float = 1e-6,
) -> list[Candidate]:
    """The ids of ``ids`` whose marks fit the frames with a chance of at most ``most``, the surest first.

    Looks at pictures that were at most resized and mirrored. The bound counts every id, key, format, field and
    filter tried (Hoeffding, as in :mod:`reelgate_moderation.marks.despread`).
    """
    sums = residual_sum(frames)
    if sums is None or not min(sums.total.shape):
        return []
    found: list[Candidate] = []
    for key in keys:
        ground = carrier(key)
        places = (upright(sums.total.shape), mirrored(sums.total.shape))
        folds = [fold(total, place) for total in sums.each() for place in places]
        fields = [field for lines in folds for field in cell_fields(lines, ground)]
        units = [field / (np.linalg.norm(field) or 1.0) for field in fields]
        tried = len(ids) * len(keys) * len(MarkFormat) * len(units)
        for message in ids:
            found += _fitting(mark_id(message), key, units, tried, most)
    return sorted(found, key=lambda candidate: candidate.p_value)


def _fitting(
    message: str, key: bytes, units: Sequence[NDArray[np.floating]], tried: int, most: float
) -> list[Candidate]:
    found = []
    for kind in MarkFormat:
        symbols = code(kind).encode(message_bits(message, kind, key))
        chip_field = chips(key, kind, variant_of(message, key)).spread(symbols)
        statistic = max(float(np.vdot(chip_field, unit)) for unit in units)
        p_value = tried * float(np.exp(-(statistic**2) / 2)) if statistic > 0 else 1.0
        if p_value <= most:
            found.append(Candidate(message, kind, p_value))
    return found
