"""What wards that were chosen for being high would come down to by themselves."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wardmap.stats import gamma_poisson
from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import log_normal_limits


class Regressed(NamedTuple):
    """The incidents to expect in another such period, and the variance of what is expected."""

    expected: Numbers
    variance: Numbers


def regressed(count: Numbers, people: Numbers) -> Regressed:
    """Return what each ward's count would regress to, by the gamma-Poisson model of all wards.

    Examples
    --------
    >>> regressed(np.array([80.0, 30, 20]), np.full(3, 1000.0)).expected.round(1)
    array([77.5, 30.9, 21.6])
    """
    model = gamma_poisson.fit(count, people)
    expected = model.smoothed(count, people) * people
    alike = np.isinf(model.shape)
    return Regressed(expected, np.zeros(len(count)) if alike else expected**2 / (model.shape + count))


class Beyond(NamedTuple):
    """The chosen wards' ratios to the whole, and what came over what was to be expected, with its limits."""

    now: float
    expected: float
    following: float
    beyond: float
    lower: float
    upper: float


def beyond_regression(
    before: Numbers, after: Numbers, people: Numbers, chosen: npt.NDArray[np.bool_], *, confidence: float
) -> Beyond:
    """Compare the chosen wards' next ratio to the whole with the one that regression alone would leave.

    The limits hold the chance in both: in what was to be expected and in what came. NaN where nothing was
    chosen, or nothing happened; the upper limit alone where the chosen wards have no later incident.
    """
    if not chosen.any() or not before[chosen].sum() or not after.sum():
        return Beyond(*(np.nan,) * 6)
    expected, variance = regressed(before, people)
    share = people[chosen].sum() / people.sum()
    now, then, following = (
        float(counts[chosen].sum() / counts.sum() / share) for counts in (before, expected, after)
    )
    held = after[chosen].sum()
    if held == 0:
        return Beyond(now, then, 0.0, 0.0, 0.0, np.nan)
    doubt = variance[chosen].sum() / expected[chosen].sum() ** 2
    error = np.sqrt(doubt + 1 / held - 1 / after.sum())
    lower, upper = log_normal_limits(following / then, error, confidence)
    return Beyond(now, then, following, following / then, float(lower), float(upper))
