"""The tails of an observed count: what every test here is made of."""

from dataclasses import dataclass

import numpy as np

from wardmap.stats.checks import Numbers
from wardmap.stats.roots import Rows


@dataclass(frozen=True, slots=True)
class Tails:
    """The probability of a smaller count than the observed one, of the same, and of a larger one."""

    below: Numbers
    here: Numbers
    above: Numbers

    @property
    def at_least(self) -> Numbers:
        """Return P(X ≥ O)."""
        return self.here + self.above

    @property
    def at_most(self) -> Numbers:
        """Return P(X ≤ O)."""
        return self.here + self.below

    @property
    def mid_at_least(self) -> Numbers:
        """Return P(X > O) and half of P(X = O): the one-sided mid-p of a high count."""
        return self.here / 2 + self.above

    @property
    def mid_at_most(self) -> Numbers:
        """Return P(X < O) and half of P(X = O): the one-sided mid-p of a low count."""
        return self.here / 2 + self.below

    def two_sided(self, *, mid: bool = True) -> Numbers:
        """Return twice the smaller tail, at most 1."""
        high, low = (self.mid_at_least, self.mid_at_most) if mid else (self.at_least, self.at_most)
        return np.asarray(np.minimum(1.0, 2 * np.minimum(high, low)))


def tails_of(below: Numbers, above: Numbers) -> Tails:
    """Return the tails from the sums on both sides, given as multiples of the probability of the count."""
    with np.errstate(invalid="ignore"):
        here = 1 / (1 + below + above)
        return Tails(
            np.where(np.isinf(below), 1.0, below * here), here, np.where(np.isinf(above), 1.0, above * here)
        )


def once_each(scale: Numbers, *counts: Numbers) -> tuple[Rows, Rows]:
    """Return the first row of each different combination, and for every row which combination it has.

    Where nearly all scales differ, nothing would be gained by sorting: every row is then its own.
    """
    scales, key = np.unique(scale, return_inverse=True)
    sizes = [int(count.max(initial=0.0)) + 1 for count in counts]
    if 2 * len(scales) > len(scale) or np.prod([float(len(scales)), *sizes]) > 2.0**62:
        every = np.arange(len(scale))
        return every, every
    for count, size in zip(counts, sizes, strict=True):
        key = key * size + count.astype(np.int64)
    _, first, where = np.unique(key, return_index=True, return_inverse=True)
    return first, where
