"""What the arithmetic refuses, and the shape in which it takes its numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt

from wardmap.errors import InputError, listed

Numbers = npt.NDArray[np.float64]


def whole_counts(counts: npt.ArrayLike) -> Numbers:
    """Return the counts as numbers, null as NaN; raise where one is negative, infinite or not whole."""
    numbers = np.asarray(counts, dtype=np.float64)
    wrong = (numbers < 0) | np.isinf(numbers) | (numbers != np.floor(numbers))
    wrong &= ~np.isnan(numbers)
    if wrong.any():
        raise InputError("A count must be a whole number, not below 0.", f"counts: {listed(numbers[wrong])}")
    return numbers


def at_least_one(phi: npt.ArrayLike) -> Numbers:
    """Return φ as numbers, null as NaN; raise where it is below 1: counts vary at least as chance does."""
    numbers = np.asarray(phi, dtype=np.float64)
    if (numbers < 1).any() or np.isinf(numbers).any():
        raise InputError(
            "A dispersion must be a number from 1 up.",
            f"phi: {listed(np.unique(numbers))}",
            mend="phi=1.0, where only chance is at work",
        )
    return numbers


def flat(*arrays: npt.ArrayLike) -> tuple[tuple[int, ...], list[Numbers]]:
    """Return the common shape of the arrays, and each of them as one row of numbers."""
    together: Any = np.broadcast_arrays(*(np.asarray(array, dtype=np.float64) for array in arrays))
    return together[0].shape, [np.ascontiguousarray(array).ravel() for array in together]
