"""Two counts over equally long periods, and two pairs of them, each taken as Poisson.

Where counts vary more than chance, `two_periods` has the tests that allow for it.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from scipy import stats

from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import binomial_p, log_normal_limits, two_sided_p

Test = Literal["exact", "mid-p", "E-test"]


def equal_rates_p(before: Numbers, after: Numbers, test: Test) -> Numbers:
    """Return the two-sided p of equal rates; NaN where neither period has an incident.

    The E-test is Krishnamoorthy and Thomson's (2004), doi:10.1016/S0378-3758(02)00408-1; the others are
    conditional: given the total, the later count is binomial with one half.

    Examples
    --------
    >>> equal_rates_p(np.array([16.0]), np.array([25.0]), "E-test").round(5)
    array([0.1648])
    """
    total = before + after
    p = np.full(len(total), np.nan)
    some = total > 0
    if test == "E-test":
        pairs, where = np.unique(np.stack([before[some], after[some]]), axis=1, return_inverse=True)
        each = [stats.poisson_means_test(int(b), 1, int(a), 1).pvalue for a, b in pairs.T]
        p[some] = np.array(each, dtype=float)[where.ravel()]
    else:
        p[some] = binomial_p(after[some], total[some], np.full(some.sum(), 0.5), mid=test == "mid-p")
    return p


def detectable(before: float, level: float) -> tuple[float, float]:
    """Return the highest later count that the E-test calls a fall, and the lowest that it calls a rise.

    NaN where not even no incident would be a fall.

    Examples
    --------
    >>> detectable(41.0, 0.05)
    (25.0, 61.0)
    """
    return _nearest(before, -1, level), _nearest(before, 1, level)


class LogRatio(NamedTuple):
    """A ratio of two ratios, its log-normal limits and its two-sided p; NaN where a count is 0."""

    ratio: Numbers
    lower: Numbers
    upper: Numbers
    p: Numbers


def log_ratio_of_ratios(
    own: tuple[Any, Any], other: tuple[Any, Any], *, confidence: float, phi: Any = 1.0
) -> LogRatio:
    """Return (own after ÷ before) ÷ (other after ÷ before).

    Parameters
    ----------
    own, other
        The counts before and after.
    phi
        How many times a Poisson count's variance the own counts have.

    Examples
    --------
    >>> found = log_ratio_of_ratios((40, 50), (300_000, 400_000), confidence=0.95)
    >>> [float(part.round(4)) for part in found]
    [0.9375, 0.6186, 1.4209, 0.761]
    """
    early, late, other_early, other_late = (
        np.where(count > 0, count, np.nan)
        for count in (np.asarray(number, dtype=np.float64) for number in (*own, *other))
    )
    ratio = np.asarray((late / early) / (other_late / other_early))
    error = np.sqrt(phi * (1 / late + 1 / early) + 1 / other_late + 1 / other_early)
    return LogRatio(ratio, *log_normal_limits(ratio, error, confidence), two_sided_p(np.log(ratio) / error))


def _nearest(before: float, step: int, level: float) -> float:
    """Walk away from the count until another is told from it; NaN where even none is not."""
    count = before
    while count >= 0:
        if equal_rates_p(np.array([before]), np.array([count]), "E-test")[0] < level:
            return count
        count += step
    return np.nan
