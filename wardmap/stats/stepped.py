"""The stepped rest: the highest ward, where it is above and large, leaves the rest of the others; and so on.

A ward far above all others is in everyone else's rest and hides them. Under one rate for all nothing changes,
because the first step must be passed. It is a second comparison beside that with the plain rest, not in its
place: in a district of town and country the stepped rest sinks to the country's rate.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wardmap.stats import beta_binomial
from wardmap.stats.checks import Numbers, whole_counts

Flags = npt.NDArray[np.bool_]
Passes = Callable[[Numbers, Numbers, Numbers, Numbers], Flags]
"""Takes counts, totals, shares of the people and places of wards; says which are above and large."""

AT_MOST = 1 / 3
"""The share of the wards that may leave the rest."""


class Stepped(NamedTuple):
    """What each ward is compared with: `step` 1, 2, … in which it left the rest, 0 where it did not.

    `total` and `share` are of the ward and its own rest together: for a ward that left, of all that were
    still in when it did; for another, of all that are still in at the end.
    """

    step: npt.NDArray[np.int64]
    total: Numbers
    share: Numbers
    ratio: Numbers


def stepped_rest(count: Any, people: Any, passes: Passes, *, at_most: float = AT_MOST) -> Stepped:
    """Return each ward's stepped comparison.

    Parameters
    ----------
    count, people
        Of the wards of one district. A ward without people, or not observed, takes no part: NaN.
    passes
        The rule: which of the wards given are above the rest and large. It is asked for one ward at a time,
        the highest that is left: of equal ratios the one with more incidents, then the first.
    at_most
        The share of the wards that may leave.

    Examples
    --------
    >>> rule = passing(phi=1.0, size=1.5, level=0.025)
    >>> stepped_rest([400, 60, 35, 30, 30, 30], [1000] * 6, rule).step
    array([1, 2, 0, 0, 0, 0])
    """
    o, n = whole_counts(count), np.asarray(people, dtype=np.float64)
    inside = (n > 0) & ~np.isnan(o)
    step = np.zeros(len(o), dtype=np.int64)
    total, share = np.full((2, len(o)), np.nan)
    rate = np.divide(o, n, out=np.full(len(o), -np.inf), where=inside)
    for taken in range(1, int(at_most * inside.sum()) + 1):
        left = np.flatnonzero(inside & (step == 0))
        if len(left) < 2:
            break
        highest = left[np.lexsort((left, -o[left], -rate[left]))[:1]]
        events, part = np.full(1, o[left].sum()), n[highest] / n[left].sum()
        if not passes(o[highest], events, part, highest.astype(np.float64))[0]:
            break
        step[highest], total[highest], share[highest] = taken, events, part
    left = np.flatnonzero(inside & (step == 0))
    total[left], share[left] = o[left].sum(), n[left] / n[left].sum()
    return Stepped(step, total, share, beta_binomial.rate_ratio(np.nan_to_num(o), total, share))


def passing(*, phi: Any, size: float, level: float) -> Passes:
    """Return the rule: the one-sided mid-p is at most `level`, and the ratio to the rest at least `size`.

    Parameters
    ----------
    phi
        The dispersion, a number or one for each ward of the district.
    """
    dispersion = np.asarray(phi, dtype=np.float64)

    def passes(count: Numbers, total: Numbers, share: Numbers, wards: Numbers) -> Flags:
        own = dispersion[wards.astype(int)] if dispersion.ndim else dispersion
        p = beta_binomial.tails(count, total, share, own).mid_at_least
        return np.asarray((p <= level) & (beta_binomial.rate_ratio(count, total, share) >= size))

    return passes
