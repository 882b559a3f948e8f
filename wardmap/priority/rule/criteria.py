"""The rule on plain arrays: which wards meet it. Flags and every repetition of them use this one function."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]


class Criteria(NamedTuple):
    """The facts that a partnership can disagree about, one by one; arrays of one shape."""

    above: Flags
    large: Flags
    volume: Flags
    clustered: Flags
    enough: Flags

    @property
    def passed(self) -> Flags:
        """Say which wards meet the rule for a priority."""
        return self.above & self.large & self.enough & (self.volume | self.clustered)


def is_large(ratio: Any, min_ratio: float) -> Flags:
    """Say where a ratio is at least the agreed size; an infinite one is."""
    return np.asarray(np.nan_to_num(np.asarray(ratio, dtype=np.float64), nan=0.0, posinf=np.inf) >= min_ratio)
