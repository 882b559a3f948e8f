"""Mann-Kendall: whether later values are higher than earlier ones, by their order alone."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import two_sided_p

EXACT_UP_TO = 10


@dataclass(frozen=True, slots=True)
class Trend:
    """S (later above earlier pairs less the others), its two-sided p, and the smallest p it could have."""

    s: int
    p: float
    attainable_p: float
    slope: float


def mann_kendall(series: list[tuple[Numbers, Numbers]]) -> Trend:
    """Test the series together: one series for years, one for each month where there are seasons.

    Each series is its times and its values, without gaps to be filled: only their order counts. p is
    exact where no series has more than ten values, ties allowed for (Mann 1945; Kendall 1975); else
    normal with a continuity correction. With several series S, its variance and its exact
    distribution are added up (Hirsch, Slack and Smith 1982, doi:10.1029/WR018i001p00107).
    """
    slopes, s = [], 0
    for times, values in series:
        first, later = np.triu_indices(len(values), 1)
        rise = values[later] - values[first]
        s += int(np.sign(rise).sum())
        slopes.append(rise / (times[later] - times[first]))
    ties = [tuple(sorted(Counter(values.tolist()).values())) for _, values in series]
    joined = np.concatenate(slopes) if slopes else np.empty(0)
    slope = float(np.median(joined)) if joined.size else math.nan
    if max((len(values) for _, values in series), default=0) <= EXACT_UP_TO:
        return Trend(s, *_exact(s, tuple(ties)), slope)
    variance = sum(map(_variance, ties))
    # the smallest p that a normal distribution can reach is no limit in practice
    return Trend(s, normal_p(s, variance), 0.0, slope)


def normal_p(s: int, variance: float) -> float:
    """Return the two-sided p of S by the normal distribution, one step nearer to nought."""
    if variance == 0:
        return 1.0
    z = (s - np.sign(s)) / math.sqrt(variance)
    return float(two_sided_p(z))


def _variance(ties: tuple[int, ...]) -> float:
    n = sum(ties)
    tied = sum(t * (t - 1) * (2 * t + 5) for t in ties)
    return (n * (n - 1) * (2 * n + 5) - tied) / 18


def _exact(s: int, ties: tuple[tuple[int, ...], ...]) -> tuple[float, float]:
    chance = _distribution(tuple(sorted(ties)))
    largest = len(chance) - 1  # the pairs that are not tied; S = largest - 2 × inversions
    tail = chance[: (largest - abs(s)) // 2 + 1].sum()
    return min(1.0, 2 * float(tail)), min(1.0, 2 * float(chance[0]))


@lru_cache(maxsize=4096)
def _distribution(ties: tuple[tuple[int, ...], ...]) -> Numbers:
    """Return the chance of each number of inversions, all orders of the values being equally likely.

    The inversions of n different values are counted by the product of 1 + q + … + q^(k−1) for k up
    to n; a group of t ties divides it by the same product up to t. Series are independent.
    """
    chance = np.ones(1)
    for groups in ties:
        ways = _orders(sum(groups))
        for tied in groups:
            ways = np.rint(np.polydiv(ways, _orders(tied))[0])
        chance = np.convolve(chance, ways / ways.sum())
    return chance


def _orders(n: int) -> Numbers:
    ways = np.ones(1)
    for k in range(2, n + 1):
        ways = np.convolve(ways, np.ones(k))
    return ways
