"""Sums of probabilities outwards from an observed count, each as a multiple of the count's own.

Every distribution here has probabilities whose ratio from one count to the next is a product of simple
fractions. A cell that grows from k gives (kd + u)/(k + 1), one that shrinks from m gives m/((m - 1)d + v),
where d is the dispersion less 1 and u, v are the counts expected. No logarithm of a gamma function is
taken, no difference formed, and nothing is divided by d: so a tail of 1e-32 has as many right digits as
one of .5, and d = 0 is the binomial, the Poisson or the hypergeometric without a case of its own.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from wardmap.stats.checks import Numbers

Cell = tuple[Numbers, Numbers]
"""The counts of a cell, and the counts expected in it."""

NEGLIGIBLE = 1e-17
"""The share of a sum that is left out at its far end: less than what a double can show."""

LARGEST = 1e300
"""A sum beyond this is given as infinite; the tail on the other side is then 0 to any purpose."""

_ROWS = 16_384  # taken together: they stay in the nearest memory while all their terms are added


class _Chain(NamedTuple):
    """The rows that are not yet summed: cells that grow, cells that shrink, d, and the factor."""

    grow: list[Cell]
    shrink: list[Cell]
    d: Numbers
    factor: Numbers

    def only(self, rows: np.ndarray[tuple[int], np.dtype[np.intp]] | slice) -> "_Chain":
        """Return the chain of some of the rows."""
        grow, shrink = ([(count[rows], mean[rows]) for count, mean in side] for side in self[:2])
        return _Chain(grow, shrink, self.d[rows], self.factor[rows])

    def fraction(self, step: int) -> Numbers:
        """Return the ratio of the next probability to this one."""
        above, below = self.factor.copy(), np.ones(len(self.d))
        for count, mean in self.grow:
            above *= (count + step) * self.d + mean
            below *= count + (step + 1)
        for count, mean in self.shrink:
            above *= np.maximum(count - step, 0.0)
            below *= np.maximum(count - (step + 1), 0.0) * self.d + mean
        ratio: Numbers = above / below
        return ratio

    def largest(self, step: int) -> Numbers:
        """Return what no ratio from this step on exceeds: the product of what no fraction exceeds.

        A cell that grows falls towards d where it expects at least d, and rises towards d otherwise; one
        that shrinks falls where it expects at least d, and otherwise rises to 1/v, its last.
        """
        most = self.factor.copy()
        for count, mean in self.grow:
            most *= np.maximum(((count + step) * self.d + mean) / (count + step + 1), self.d)
        for count, mean in self.shrink:
            left = count - step
            here = left / (np.maximum(left - 1, 0.0) * self.d + mean)
            most *= np.where(mean >= self.d, here, 1 / mean)
        return most


def one_side(
    grow: Sequence[Cell], shrink: Sequence[Cell], d: Numbers, factor: Numbers | None = None
) -> Numbers:
    """Return Σ P(k + j)/P(k) over j = 1, 2, …, row by row, until what remains is negligible.

    Parameters
    ----------
    grow, shrink
        The cells whose counts rise, or fall, by one with each step.
    d
        The dispersion less 1, a number for each row.
    factor
        What every ratio is multiplied by: 1 when left out.
    """
    chain = _Chain(list(grow), list(shrink), d, np.ones(len(d)) if factor is None else factor)
    sums = np.zeros(len(d))
    for start in range(0, len(d), _ROWS):
        part = slice(start, start + _ROWS)
        sums[part] = _portion(chain.only(part))
    return sums


def _portion(chain: _Chain) -> Numbers:
    sums = np.zeros(len(chain.d))
    rows, total, term = np.arange(len(sums)), np.zeros(len(sums)), np.ones(len(sums))
    step = 0
    while len(rows):
        term *= chain.fraction(step)
        total += term
        step += 1
        vast = total > LARGEST
        done = (term <= 0) | vast
        near = np.flatnonzero(~done & (term <= NEGLIGIBLE * total))
        if len(near):
            most = chain.only(near).largest(step)
            done[near] = (most < 1) & (term[near] * most <= NEGLIGIBLE * total[near] * (1 - most))
        # A row that is done loses nothing by staying, unless it overflows: what it still adds does not show.
        if 4 * done.sum() >= len(rows) or vast.any():
            sums[rows] = np.where(vast, np.inf, total)
            keep = np.flatnonzero(~done)
            rows, total, term, chain = rows[keep], total[keep], term[keep], chain.only(keep)
    return sums
