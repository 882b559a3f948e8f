"""The funnel: which counts chance gives around a number expected, and how far wards differ beyond that.

A funnel limit is a prediction of the count, given what is expected; not an interval of a mean, given a count.
Between wards the true rates differ, and τ² is the variance of their logarithms beyond chance (Spiegelhalter
2005, doi:10.1002/sim.1970). The φ here is between wards, and about real differences too: not that of months.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special, stats

from wardmap.stats.checks import Numbers, whole_counts

WINSORISED = 0.1
"""The share of wards at each end that are drawn in, so that outliers do not widen the funnel for all."""

_EXACT_UP_TO = 400  # wards; beyond that the ranks of a sample are those of the distribution
_NODES = 400


def prediction_limits(expected: Any, tail: float) -> tuple[Numbers, Numbers]:
    """Return the ends of the counts that are not unusual, interpolated so that the curves have no steps.

    A count is above exactly where P(X ≥ count) ≤ tail, and below where P(X ≤ count) ≤ tail. NaN where
    nothing is expected.

    Examples
    --------
    >>> lower, upper = prediction_limits([1.0, 10.0], 0.025)
    >>> lower.round(6).tolist(), upper.round(6).tolist()
    ([0.0, 3.775188], [3.901949, 17.159951])
    """
    mean = np.asarray(expected, dtype=np.float64)
    known = (mean > 0) & np.isfinite(mean)
    e = np.where(known, mean, 1.0)
    first = stats.poisson.ppf(tail, e)  # the first count with P(X ≤ r) above the tail
    lower = np.maximum(0.0, first - (special.pdtr(first, e) - tail) / _chance(first, e))
    last = stats.poisson.isf(tail, e)  # the last count with P(X ≥ k) above the tail
    upper = last + (_at_least(last, e) - tail) / _chance(last, e)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def status(count: Any, expected: Any, tail: float) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Return 1 where the count is above what chance gives, -1 where it is below, else 0.

    It is 0 too where count or expected number are not known; ask that beforehand.
    """
    o, e = np.broadcast_arrays(whole_counts(count), np.asarray(expected, dtype=np.float64))
    known = (e > 0) & np.isfinite(e) & ~np.isnan(o)
    k, mean = np.where(known, o, 0.0), np.where(known, e, 1.0)
    high, low = known & (_at_least(k, mean) <= tail), known & (special.pdtr(k, mean) <= tail)
    return np.asarray(high.astype(np.int8) - low.astype(np.int8))


def adjusted_limits(expected: Any, tau2: Any, tail: float) -> tuple[Numbers, Numbers]:
    """Return the limits of the ratio to what is expected, chance and differences between wards together."""
    e = np.asarray(expected, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = special.ndtri(1 - tail) * np.sqrt(np.where(e > 0, 1 / e, np.nan) + np.asarray(tau2))
    return np.exp(-width), np.exp(width)


def overdispersion(
    observed: Numbers, expected: Numbers, *, winsorised: float = WINSORISED
) -> tuple[float, float]:
    """Return φ, the mean square of the z-scores, and τ², the variance between wards beyond chance.

    z is ln(O/E)√E, or 2(√O - √E) where a ward has none. The outer z are drawn in to those next to them, and
    φ is divided by what that takes away where there is nothing but chance. NaN without wards.

    Examples
    --------
    >>> observed, expected = np.array([120.0, 80, 150, 60, 95]), np.full(5, 100.0)
    >>> [round(number, 6) for number in overdispersion(observed, expected, winsorised=0)]
    [10.220199, 0.117752]
    """
    wards = len(observed)
    if not wards:
        return np.nan, np.nan
    if (observed == 0).any():
        z = 2 * (np.sqrt(observed) - np.sqrt(expected))
    else:
        z = np.log(observed / expected) * np.sqrt(expected)
    drawn = int(winsorised * wards)
    ordered = np.sort(z)
    ordered = np.clip(ordered, ordered[drawn], ordered[wards - 1 - drawn])
    phi = float((ordered**2).mean()) / winsorised_square(wards, drawn)
    weight = expected.sum() - (expected**2).sum() / expected.sum()
    beyond = wards * phi - (wards - 1)
    return phi, float(max(0.0, beyond / weight)) if weight > 0 else 0.0


@lru_cache(maxsize=1024)
def winsorised_square(wards: int, drawn: int) -> float:
    """Return the mean square of standard normal numbers, `drawn` at each end drawn in to those next to them.

    In a long list with a share p at each end, q = -Φ⁻¹(p): 1 - 2p - 2qφ(q) + 2pq², .678655 for tenths. In a
    short one the mean is over where the ordered numbers lie: the number of rank i + 1 has, as a probability,
    the beta distribution (i + 1, n - i).

    Examples
    --------
    >>> round(winsorised_square(100_000, 10_000), 4), winsorised_square(21, 0)
    (0.6787, 1.0)
    """
    if not drawn:
        return 1.0
    if wards > _EXACT_UP_TO:
        share = drawn / wards
        q = -special.ndtri(share)
        return float(1 - 2 * share - 2 * q * stats.norm.pdf(q) + 2 * share * q**2)
    nodes, weights = special.roots_legendre(_NODES)
    z, step = 9 * nodes, 9 * weights
    rank = np.arange(drawn, wards - drawn)[:, np.newaxis]
    log_density = (
        rank * special.log_ndtr(z)
        + (wards - 1 - rank) * special.log_ndtr(-z)
        - special.betaln(rank + 1, wards - rank)
        - z**2 / 2
    )
    squares = (np.exp(log_density) / np.sqrt(2 * np.pi) * z**2 * step).sum(axis=1)
    return float((squares.sum() + drawn * (squares[0] + squares[-1])) / wards)


def _at_least(count: Numbers, mean: Numbers) -> Numbers:
    return np.where(count > 0, special.pdtrc(np.maximum(count - 1, 0), mean), 1.0)


def _chance(count: Numbers, mean: Numbers) -> Numbers:
    return np.asarray(stats.poisson.pmf(count, mean))
