"""Has it changed? Two counts, and two counts beside two others, where counts vary more than chance."""

from typing import Any

import numpy as np

from wardmap.stats import beta_binomial, outward
from wardmap.stats.checks import Numbers, at_least_one, flat, whole_counts
from wardmap.stats.intervals import check_confidence
from wardmap.stats.roots import Rows, Side, limits
from wardmap.stats.tails import Tails, tails_of


def two_counts(before: Any, after: Any, phi: Any, *, time_before: Any = 1.0, time_after: Any = 1.0) -> Tails:
    """Return the tails of the count `after`, given that of both periods together and no change of the rate.

    The test is `Tails.two_sided`. The times are how long the periods were, or person-years.

    Examples
    --------
    >>> two_counts(16, 25, [1.0, 1.5, 2.0]).two_sided()
    array([0.1641494 , 0.25430954, 0.32322917])
    """
    return beta_binomial.tails(after, _sum(before, after), _share(time_before, time_after), phi)


def change_limits(
    before: Any,
    after: Any,
    phi: Any,
    *,
    time_before: Any = 1.0,
    time_after: Any = 1.0,
    confidence: float = 0.95,
    mid: bool = True,
) -> tuple[Numbers, Numbers]:
    """Return the limits of the ratio of the rate after to the rate before."""
    total, share = _sum(before, after), _share(time_before, time_after)
    return beta_binomial.ratio_limits(after, total, share, phi, confidence=confidence, mid=mid)


def with_year_effects(phi: Any, kappa: Any, before: Any, after: Any) -> Numbers:
    """Return the φ of a comparison of a ward's two years: φ + κ × the mean of the two counts.

    Each year's count has variance φμ + κμ². For two sums of several years divide κ by their number.
    """
    return np.asarray(np.asarray(phi) + np.asarray(kappa) * (np.asarray(before) + np.asarray(after)) / 2)


def table_with_year_effects(
    phi: Any,
    kappa: Any,
    treated: tuple[Any, Any],
    control: tuple[Any, Any],
    *,
    treated_concentration: float = 1.0,
    control_concentration: float = 1.0,
) -> Numbers:
    """Return the one φ for all cells that gives the ratio of ratios its variance.

    Each area has a φ of its own, and counts in it as its cells count in the variance of the logarithm. The
    treated area's φ in all cells would be too low beside a control area that is one large ward.

    Parameters
    ----------
    treated, control
        The counts after and before.
    treated_concentration, control_concentration
        The sum of the squares of the shares that the wards have of their area: 1 for a single ward.

    Examples
    --------
    >>> float(table_with_year_effects(1.5, 0.01, (60, 40), (1000, 1000), control_concentration=0.05).round(6))
    2.0
    """
    whole, variance = np.zeros(()), np.zeros(())
    for (after, before), concentration in (
        (treated, treated_concentration),
        (control, control_concentration),
    ):
        one, two = np.asarray(after, dtype=np.float64), np.asarray(before, dtype=np.float64)
        part = 1 / (one + 0.5) + 1 / (two + 0.5)  # a cell may be empty
        whole = whole + part * with_year_effects(phi, np.asarray(kappa) * concentration, two, one)
        variance = variance + part
    return np.asarray(whole / variance)


def ratio_of_ratios(
    treated_after: Any, treated_before: Any, control_after: Any, control_before: Any, phi: Any
) -> Tails:
    """Return the tails of `treated_after`, given all four sums of the table and like changes in both areas.

    Examples
    --------
    >>> ratio_of_ratios(30, 20, 200, 220, [1.0, 1.5, 2.0]).two_sided()
    array([0.10110469, 0.17947388, 0.24479737])
    """
    shape, (cells, phi) = _table(treated_after, treated_before, control_after, control_before, phi)
    known = _comparable(cells, phi)
    below, above = np.full((2, len(phi)), np.nan)
    found = cells[:, known]
    below[known], above[known] = _both_sides(found, np.ones(found.shape[1]), phi[known] - 1)
    return tails_of(below.reshape(shape), above.reshape(shape))


def ratio_of_ratios_limits(
    treated_after: Any,
    treated_before: Any,
    control_after: Any,
    control_before: Any,
    phi: Any,
    *,
    confidence: float = 0.95,
    mid: bool = True,
) -> tuple[Numbers, Numbers]:
    """Return the limits of (treated after ÷ before) ÷ (control after ÷ before).

    Examples
    --------
    >>> [float(limit.round(4)) for limit in ratio_of_ratios_limits(30, 20, 200, 220, 2.0)]
    [0.7138, 3.9588]
    """
    check_confidence(confidence)
    shape, (cells, phi) = _table(treated_after, treated_before, control_after, control_before, phi)
    known = np.flatnonzero(_comparable(cells, phi))
    lower, upper = np.full((2, len(phi)), np.nan)
    tail = (1 - confidence) / 2
    lower[known] = _limit(cells[:, known], phi[known] - 1, Side(upper=False, tail=tail, mid=mid))
    upper[known] = _limit(cells[:, known], phi[known] - 1, Side(upper=True, tail=tail, mid=mid))
    return lower.reshape(shape), upper.reshape(shape)


def odds_ratio(treated_after: Any, treated_before: Any, control_after: Any, control_before: Any) -> Numbers:
    """Return the ratio of the two ratios; infinite, or NaN, where it divides by nothing."""
    t1, t0, c1, c0 = (
        np.asarray(n, dtype=np.float64)
        for n in (treated_after, treated_before, control_after, control_before)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(t1 * c0 / (t0 * c1))


def _sum(before: Any, after: Any) -> Numbers:
    return whole_counts(before) + whole_counts(after)


def _share(time_before: Any, time_after: Any) -> Numbers:
    first, second = np.asarray(time_before, dtype=np.float64), np.asarray(time_after, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(second / (first + second))


def _table(t1: Any, t0: Any, c1: Any, c0: Any, phi: Any) -> tuple[tuple[int, ...], tuple[Numbers, Numbers]]:
    shape, (*cells, spread) = flat(*(whole_counts(cell) for cell in (t1, t0, c1, c0)), at_least_one(phi))
    return shape, (np.stack(cells), spread)


def _comparable(cells: Numbers, phi: Numbers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say where the four sums leave more than one table: none of them is 0."""
    t1, t0, c1, c0 = cells
    some = (t1 + t0 > 0) & (c1 + c0 > 0) & (t1 + c1 > 0) & (t0 + c0 > 0)
    return np.asarray(some & ~np.isnan(cells).any(axis=0) & ~np.isnan(phi))


def _both_sides(cells: Numbers, odds: Numbers, d: Numbers) -> tuple[Numbers, Numbers]:
    """Return the sums below and above the first cell, at an odds ratio, as multiples of its probability."""
    t1, t0, c1, c0 = cells
    up = [(t1, _expected(t1 + t0, c1 + c0, t1 + c1, odds)), (c0, _expected(c1 + c0, t1 + t0, t0 + c0, odds))]
    down = [
        (t0, _expected(t1 + t0, c1 + c0, t0 + c0, 1 / odds)),
        (c1, _expected(c1 + c0, t1 + t0, t1 + c1, 1 / odds)),
    ]
    return outward.one_side(down, up, d), outward.one_side(up, down, d)


def _expected(row: Numbers, other_row: Numbers, column: Numbers, odds: Numbers) -> Numbers:
    """Return the cell of a table with these sums and this odds ratio: x(R - c + x) = ρ(r - x)(c - x).

    Each cell is a root of its own quadratic, in the form that loses no digits.
    """
    middle = other_row - column + odds * (row + column)
    root = np.sqrt(middle**2 + 4 * (1 - odds) * odds * row * column)
    with np.errstate(divide="ignore", invalid="ignore"):
        steep = (root - middle) / (2 * (1 - odds))
    return np.where(middle >= 0, 2 * odds * row * column / (np.abs(middle) + root), steep)


def _limit(cells: Numbers, d: Numbers, side: Side) -> Numbers:
    """Return the limit of the ratio of ratios: a root in its logarithm."""
    t1, t0, c1, c0 = cells
    limit = np.full(len(d), np.inf if side.upper else 0.0)
    rows = np.flatnonzero((np.minimum(t0, c1) if side.upper else np.minimum(t1, c0)) > 0)
    found, spread = cells[:, rows], d[rows]

    def sides(x: Numbers, at: Rows) -> tuple[Numbers, Numbers]:
        return _both_sides(found[:, at], np.exp(x), spread[at])

    logs = np.log(found + 0.5)
    error = np.sqrt((1 + spread) * np.exp(-logs).sum(axis=0))
    start = logs[0] - logs[1] - logs[2] + logs[3] + side.z * error
    limit[rows] = np.exp(limits(sides, start, error, side))
    return limit
