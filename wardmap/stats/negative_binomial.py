"""A count against a fixed rate where counts vary more than chance: the negative binomial.

The variance is φ times the mean μ: size μ/d, probability 1/φ, d = φ - 1; at φ = 1 the Poisson. p and limits
are mid-p unless asked for plain.
"""

from typing import Any

import numpy as np

from wardmap.stats import outward
from wardmap.stats.checks import Numbers, at_least_one, flat, whole_counts
from wardmap.stats.intervals import check_confidence
from wardmap.stats.roots import Rows, Side, limits
from wardmap.stats.tails import Tails, once_each, tails_of


def tails(count: Any, expected: Any, phi: Any) -> Tails:
    """Return the tails of `count` where `expected` is known, as a national rate gives it.

    NaN where nothing is expected.

    Examples
    --------
    >>> found = tails(20, 12, [1.0, 2.0])
    >>> found.at_least, found.mid_at_least
    (array([0.02127977, 0.07480639]), array([0.01643875, 0.06494924]))
    """
    shape, (o, mean, f) = flat(whole_counts(count), expected, at_least_one(phi))
    known = (mean > 0) & np.isfinite(mean) & ~np.isnan(o) & ~np.isnan(f)
    below, above = np.full((2, len(o)), np.nan)
    below[known], above[known] = _both_sides(o[known], mean[known], f[known])
    return tails_of(below.reshape(shape), above.reshape(shape))


def mean_limits(
    count: Any, phi: Any, *, confidence: float = 0.95, mid: bool = True
) -> tuple[Numbers, Numbers]:
    """Return the limits of the number expected behind each count; the lower one of none is 0.

    Examples
    --------
    >>> lower, upper = mean_limits([20, 0], 2.0, mid=False)
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([9.6047, 0.0], [35.5449, 5.3219])
    """
    check_confidence(confidence)
    shape, (o, f) = flat(whole_counts(count), at_least_one(phi))
    lower, upper = np.full((2, len(o)), np.nan)
    known = np.flatnonzero(~np.isnan(o) & ~np.isnan(f))
    first, where = once_each(f[known], o[known])
    o, f = o[known][first], f[known][first]
    tail = (1 - confidence) / 2
    lower[known] = _limit(o, f, Side(upper=False, tail=tail, mid=mid))[where]
    upper[known] = _limit(o, f, Side(upper=True, tail=tail, mid=mid))[where]
    return lower.reshape(shape), upper.reshape(shape)


def _both_sides(count: Numbers, mean: Numbers, phi: Numbers) -> tuple[Numbers, Numbers]:
    """Return the sums below and above the count, as multiples of its own probability."""
    below = outward.one_side([], [(count, mean)], phi - 1, phi)
    return below, outward.one_side([(count, mean)], [], phi - 1, 1 / phi)


def _limit(o: Numbers, f: Numbers, side: Side) -> Numbers:
    """Return the limit of the mean: a root in its logarithm."""
    limit = np.zeros(len(o))
    rows = np.flatnonzero((o > 0) | side.upper)
    count, phi = o[rows], f[rows]

    def sides(x: Numbers, at: Rows) -> tuple[Numbers, Numbers]:
        return _both_sides(count[at], np.exp(x), phi[at])

    error = np.sqrt(phi / (count + 0.5))
    limit[rows] = np.exp(limits(sides, np.log(count + 0.5) + side.z * error, error, side))
    return limit
