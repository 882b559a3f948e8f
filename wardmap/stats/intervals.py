"""Intervals and p-values of counts and of their ratios: the arithmetic, on plain arrays.

Crime has many wards and few different counts, so the quantiles that cost time are worked out once for
each count that occurs.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from wardmap.errors import InputError, listed
from wardmap.stats.checks import Numbers
from wardmap.stats.ratios import Parts, ratio

BYAR_FROM = 10
NORMAL_FROM = 20


def check_confidence(confidence: float) -> None:
    """Raise unless the confidence lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise InputError(
            "A confidence must lie between 0 and 1.", f"confidence: {confidence}", mend="confidence=0.95"
        )


def check_counts(counts: npt.ArrayLike) -> Numbers:
    """Return the counts as numbers, null as NaN; raise where one is negative or infinite."""
    observed = np.asarray(counts, dtype=np.float64)
    if (observed < 0).any():
        raise InputError("A count cannot be negative.", f"counts: {listed(observed[observed < 0])}")
    if np.isinf(observed).any():
        raise InputError("A count cannot be infinite.")
    return observed


def poisson_limits(counts: npt.ArrayLike, confidence: float) -> tuple[Numbers, Numbers]:
    """Return the limits of the expected number behind each count: Byar's, exact ones below ten."""
    check_confidence(confidence)
    observed = check_counts(counts)
    z, tail = normal_quantile(confidence), (1 - confidence) / 2
    few = observed < BYAR_FROM
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = observed * (1 - 1 / (9 * observed) - z / (3 * np.sqrt(observed))) ** 3
        one_more = observed + 1
        upper = one_more * (1 - 1 / (9 * one_more) + z / (3 * np.sqrt(one_more))) ** 3
    lower[few] = _once_each(lambda o: np.where(o > 0, stats.chi2.ppf(tail, 2 * o) / 2, 0.0), observed[few])
    upper[few] = _once_each(lambda o: stats.chi2.isf(tail, 2 * o + 2) / 2, observed[few])
    return lower, upper


def poisson_p(counts: Numbers, expected: Numbers) -> Numbers:
    """Return the p of each count where the expected number is known: twice the smaller exact tail."""
    with np.errstate(invalid="ignore"):
        at_most = special.pdtr(counts, expected)
        at_least = np.where(counts > 0, special.pdtrc(counts - 1, expected), 1.0)
        p: Numbers = np.minimum(1.0, 2 * np.minimum(at_most, at_least))
    return np.where(np.isfinite(counts) & (expected > 0), p, np.nan)


def rate_ratio(
    count: Numbers, people: Numbers, base_count: Numbers, base_people: Numbers, *, confidence: float
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the ratio of two rates and its limits; NaN where there is nothing to compare.

    Where only the base has no incident the ratio is infinite, and so is its upper limit; the lower is not.
    """
    check_confidence(confidence)
    comparable = (people > 0) & (base_people > 0) & (count + base_count > 0)
    found = ratio(Parts(count, people, base_count, base_people))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = base_people / people
        error = np.sqrt(1 / np.where(comparable, count, np.nan) + 1 / base_count)
        lower, upper = log_normal_limits(found, error, confidence)
        few = comparable & (np.minimum(count, base_count) < NORMAL_FROM)
        tail = (1 - confidence) / 2
        odds_lower, odds_upper = _once_each(
            lambda o, base: _clopper_pearson_odds(o, base, tail), count[few], base_count[few]
        )
        lower[few], upper[few] = odds_lower * scale[few], odds_upper * scale[few]
    return found, lower, upper


def ratio_p(count: Numbers, people: Numbers, base_count: Numbers, base_people: Numbers) -> Numbers:
    """Return the two-sided p of equal rates, by the rule that the limits follow.

    So p is below 1 - confidence exactly where the interval leaves out 1.
    """
    comparable = (people > 0) & (base_people > 0) & (count + base_count > 0)
    p = np.full(count.shape, np.nan)
    few = comparable & (np.minimum(count, base_count) < NORMAL_FROM)
    many = comparable & ~few
    log_ratio = np.log(count[many] / people[many] * base_people[many] / base_count[many])
    p[many] = two_sided_p(log_ratio / np.sqrt(1 / count[many] + 1 / base_count[many]))
    p[few] = binomial_p(count[few], (count + base_count)[few], (people / (people + base_people))[few])
    return p


def binomial_p(count: Numbers, total: Numbers, share: Numbers, *, mid: bool = False) -> Numbers:
    """Return the p of `count` out of `total` at a known share: twice the smaller exact tail, at most 1.

    With `mid`, the count itself is counted half: less cautious, and closer to its nominal rate.
    """
    at_most = special.bdtr(count, total.astype(np.int64), share)
    below = np.where(count > 0, special.bdtr(np.maximum(count - 1, 0), total.astype(np.int64), share), 0.0)
    here = at_most - below
    if mid:
        at_most, at_least = at_most - here / 2, 1 - below - here / 2
    else:
        at_least = np.where(
            count > 0, special.bdtrc(np.maximum(count - 1, 0), total.astype(np.int64), share), 1.0
        )
    return np.asarray(np.minimum(1.0, 2 * np.minimum(at_most, at_least)))


def wilson_limits(share: Numbers, number: Numbers, confidence: float) -> tuple[Numbers, Numbers]:
    """Return Wilson's limits of a share (0 to 1) of `number` people (1927, doi:10.2307/2276774)."""
    check_confidence(confidence)
    z2 = normal_quantile(confidence) ** 2
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    half = np.sqrt(z2 * (share * (1 - share) / number + z2 / (4 * number**2))) / (1 + z2 / number)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def two_shares_p(first: Numbers, second: Numbers, of_first: Numbers, of_second: Numbers) -> Numbers:
    """Return the two-sided p of equal shares (0 to 1) of two samples: the z-test with pooled variance."""
    pooled = (first * of_first + second * of_second) / (of_first + of_second)
    error = np.sqrt(pooled * (1 - pooled) * (1 / of_first + 1 / of_second))
    return two_sided_p(np.divide(second - first, error, out=np.zeros(len(error)), where=error > 0))


def weighted_limits(
    count: Numbers, weighted: Numbers, variance: Numbers, confidence: float
) -> tuple[Numbers, Numbers]:
    """Return the limits of a weighted sum: those of its count, scaled to its variance, cut at 0.

    Dobson and others (1991), doi:10.1002/sim.4780100317.
    """
    below, above = poisson_limits(count, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(variance / count)
    return np.maximum(weighted + spread * (below - count), 0.0), weighted + spread * (above - count)


def log_normal_limits(
    middle: npt.ArrayLike, error: npt.ArrayLike, confidence: float
) -> tuple[Numbers, Numbers]:
    """Return the limits of a ratio whose logarithm has this standard error."""
    spread = normal_quantile(confidence) * np.asarray(error, dtype=np.float64)
    return np.asarray(middle * np.exp(-spread)), np.asarray(middle * np.exp(spread))


def normal_quantile(confidence: float) -> float:
    """Return the z that an interval of this confidence reaches to: 1.96 for 0.95."""
    return float(special.ndtri(0.5 + confidence / 2))


def two_sided_p(z: npt.ArrayLike) -> Numbers:
    """Return how often a standard normal number lies as far from 0 as z."""
    return np.asarray(2 * special.ndtr(-np.abs(z)))


def _clopper_pearson_odds(count: Numbers, base_count: Numbers, tail: float) -> Numbers:
    """Return limits of π/(1−π) for `count` out of `count + base_count`."""
    low = np.where(count > 0, stats.beta.ppf(tail, count, base_count + 1), 0.0)
    high = np.where(base_count > 0, stats.beta.ppf(1 - tail, count + 1, base_count), 1.0)
    return np.stack([low / (1 - low), np.where(high < 1, high / (1 - high), np.inf)])


def _once_each(quantiles: Callable[..., Numbers], *counts: Numbers) -> Numbers:
    """Apply `quantiles` to each combination of counts once, and hand the answers out to all."""
    if not counts[0].size:
        return quantiles(*counts)
    base = np.max(counts[-1]) + 1
    key = counts[0] if len(counts) == 1 else counts[0] * base + counts[1]
    _, first, where = np.unique(key, return_index=True, return_inverse=True)
    return quantiles(*(values[first] for values in counts))[..., where]
