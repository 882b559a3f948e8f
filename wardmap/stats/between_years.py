"""What years add to the dispersion of months: κ, and the φ of a comparison of wards that follows from it.

Over years the count of a ward with mean μ has variance φμ + κμ². A comparison of the ward with others, or of
a set of wards with others, then has a φ of its own, which grows with the number of events.
"""

from typing import Any

import numpy as np

from wardmap.stats.checks import Numbers


def kappa(
    yearly_phi: Any, phi: Any, counts: Any, *, concentration: float | None = None, years: int | None = None
) -> float:
    """Return the variance between years, relative to the square of the mean, of all themes together.

    Parameters
    ----------
    yearly_phi
        φ of each theme from wards × years (`dispersion.yearly_moments`), NaN where unknown.
    phi
        φ of each theme from months within years, at least 1.
    counts
        The mean yearly count of each ward: themes × wards.
    concentration, years
        The sum of the squares of the wards' shares of the people, and the number of years. A single theme
        needs them: half a standard error is added to what it says alone.

    Examples
    --------
    >>> years = np.array([[40, 55, 61], [80, 70, 96], [150, 180, 149]])
    >>> kappa([2.452788], [1.5], [years.mean(axis=1)]).__round__(6)
    0.008012
    """
    both, within = np.asarray(yearly_phi, dtype=np.float64), np.asarray(phi, dtype=np.float64)
    mean = np.nan_to_num(np.asarray(counts, dtype=np.float64))
    total = mean.sum(axis=-1)
    known = np.isfinite(both) & np.isfinite(within) & (total > 0)
    if not known.any():
        return 0.0
    both, within = both[known], within[known]
    size = (mean[known] ** 2).sum(axis=-1) / total[known]
    each = (both - within) / size
    if len(each) == 1 and concentration is not None and years is not None:
        each = each + both * np.sqrt(2 * concentration / (years - 1)) / size / 2
    weight = (size / within) ** 2
    return max(0.0, float((weight * each).sum() / weight.sum()))


def phi_against_rest(phi: Any, kappa: Any, total: Any, share: Any) -> Numbers:
    """Return the φ of each ward's comparison with the rest of its district; wards are the last axis.

    Parameters
    ----------
    phi, kappa, total
        Numbers, or arrays that broadcast against `share`. The total is the district's in a year: of several
        years together their mean, since what years add is independent.
    share
        Each ward's share of the people, which add up to 1 over the last axis.

    Examples
    --------
    >>> phi_against_rest(1.5, 0.01, 100, [0.2, 0.3, 0.5]).round(6)
    array([1.745   , 1.834286, 1.88    ])
    """
    s = np.asarray(share, dtype=np.float64)
    square = s**2
    others = square.sum(axis=-1, keepdims=True) - square
    return np.asarray(np.asarray(phi) + np.asarray(kappa) * np.asarray(total) * _part(s, square, others))


def phi_of_sets(phi: Any, kappa: Any, total: Any, inside: Any, outside: Any) -> Numbers:
    """Return the φ of the comparison of two sets of wards: a set and its rest, or any two that share none.

    Parameters
    ----------
    phi, kappa
        Of a ward.
    total
        The events of both sets together, in a year.
    inside, outside
        The people of the wards of each set, wards in the last axis. Their unit does not matter.
    """
    one, two = np.asarray(inside, dtype=np.float64), np.asarray(outside, dtype=np.float64)
    everyone = one.sum(axis=-1) + two.sum(axis=-1)
    share = one.sum(axis=-1) / everyone
    squares = ((part**2).sum(axis=-1) / everyone**2 for part in (one, two))
    return np.asarray(np.asarray(phi) + np.asarray(kappa) * np.asarray(total) * _part(share, *squares))


def _part(share: Numbers, square: Numbers, others: Numbers) -> Numbers:
    """Return (1 - S) Σ_in s²/S + S Σ_out s²/(1 - S), NaN where one side has no people.

    It is what κ times the square of each ward's mean adds to the variance of the difference between a set
    and its share of the total, over what means add to it, for a total of 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (1 - share) * square / share + share * others / (1 - share)
    return np.where((share <= 0) | (share >= 1), np.nan, spread)
