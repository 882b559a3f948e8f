"""The same sums as `outward.one_side` makes of two cells, compiled: for jobs that numpy would take long over.

Every operation is done in the same order, so the sums are the same to the last bit. It holds no lock of
Python's, so that threads which take portions of the rows do not wait for each other.
"""

import numba
import numpy as np

from wardmap.stats.checks import Numbers
from wardmap.stats.outward import LARGEST, NEGLIGIBLE


@numba.njit(cache=True, nogil=True, error_model="numpy")
def one_side(count: Numbers, mean: Numbers, other: Numbers, other_mean: Numbers, d: Numbers) -> Numbers:
    """Return the sum of each row, where `count` grows and `other` shrinks."""
    sums = np.empty(len(d))
    for row in range(len(d)):
        sums[row] = _sum(count[row], mean[row], other[row], other_mean[row], d[row])
    return sums


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _sum(count: float, mean: float, other: float, other_mean: float, d: float) -> float:
    total, term, step = 0.0, 1.0, 0
    while True:
        left = other - step
        above = (count + step) * d + mean
        above *= max(left, 0.0)
        below = (count + (step + 1)) * (max(other - (step + 1), 0.0) * d + other_mean)
        term *= above / below
        total += term
        step += 1
        if term <= 0:
            return total
        if total > LARGEST:
            return np.inf
        if term <= NEGLIGIBLE * total:
            left = other - step
            ratio = max(((count + step) * d + mean) / (count + step + 1), d)
            ratio *= left / (max(left - 1, 0.0) * d + other_mean) if other_mean >= d else 1 / other_mean
            if ratio < 1 and term * ratio <= NEGLIGIBLE * total * (1 - ratio):
                return total
