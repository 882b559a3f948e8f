"""A part of a total where counts vary more than chance: the beta-binomial, its tails and its limits.

Each ward's count has variance φ times its mean, with one scale for all wards (gamma-Poisson, NB1). Given
the total N, the count of a ward with the share s of the people is then beta-binomial with α = Ns/d and
β = N(1 - s)/d, d = φ - 1: the binomial at φ = 1. Everything is continuous in φ.

p and limits are *mid-p* unless asked for plain: of the probability of the observed count itself a half is
taken. Plain ones are cautious, the more so the fewer events there are.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from wardmap.stats import outward
from wardmap.stats.checks import Numbers, at_least_one, flat, whole_counts
from wardmap.stats.intervals import check_confidence
from wardmap.stats.roots import Rows, Side, limits
from wardmap.stats.tails import Tails, once_each, tails_of

COMPILE_FROM = 30_000_000
"""Terms from which a compiled sum pays for the compiler, which takes a second or two to be ready."""

_ROUNDS = 12  # sums that a pair of limits takes, about
_PORTION = 32_768  # rows at once


def tails(count: Any, total: Any, share: Any, phi: Any) -> Tails:
    """Return the tails of `count` out of `total` for a ward with the share `share` of the people.

    NaN where nothing happened at all, or one side has no people: there is nothing to compare.

    Examples
    --------
    >>> found = tails([8, 8], 60, 0.05, [1.0, 2.0])
    >>> found.at_least, found.mid_at_least
    (array([0.00978915, 0.05005271]), array([0.00631888, 0.03929426]))
    """
    shape, (o, n, s, d) = _inputs(count, total, share, phi)
    known = (n > 0) & (s > 0) & (s < 1) & ~np.isnan(o) & ~np.isnan(d)
    below, above = np.full((2, len(o)), np.nan)
    o, n, s, d = o[known], n[known], s[known], d[known]
    compiled = _terms(o, n, s, d) > COMPILE_FROM

    def sides(part: slice) -> tuple[Numbers, Numbers]:
        k, total, own = o[part], n[part], s[part]
        return _both_sides(k, total - k, total * own, total * (1 - own), d[part], compiled=compiled)

    below[known], above[known] = _in_portions(sides, len(o), compiled=compiled)
    return tails_of(below.reshape(shape), above.reshape(shape))


def share_limits(
    count: Any, total: Any, phi: Any, *, confidence: float = 0.95, mid: bool = True
) -> tuple[Numbers, Numbers]:
    """Return the limits of the odds s/(1 - s) of a share s, given `count` out of `total`.

    The lower limit is 0 where the count is 0, the upper one infinite where it is the total. Where many rows
    have the same numbers, each is worked out once.
    """
    check_confidence(confidence)
    shape, (o, n, d) = _inputs_without_share(count, total, phi)
    lower, upper = np.full((2, len(o)), np.nan)
    known = np.flatnonzero((n > 0) & ~np.isnan(o) & ~np.isnan(d))
    first, where = once_each(d[known], n[known], o[known])
    o, n, d = o[known][first], n[known][first], d[known][first]
    compiled = _ROUNDS * _terms(o, n, np.clip(o / n, 0.5 / n, 1 - 0.5 / n), d) > COMPILE_FROM
    tail = (1 - confidence) / 2

    def both(part: slice) -> Numbers:
        return _odds_limits(o[part], n[part], d[part], tail, mid=mid, compiled=compiled)

    lower[known], upper[known] = _in_portions(both, len(o), compiled=compiled)[:, where]
    return lower.reshape(shape), upper.reshape(shape)


def ratio_limits(
    count: Any, total: Any, share: Any, phi: Any, *, confidence: float = 0.95, mid: bool = True
) -> tuple[Numbers, Numbers]:
    """Return the limits of the ratio of a ward's rate to that of the rest.

    p, mid or plain as the limits are, is below 1 - confidence exactly where they leave out 1.

    Examples
    --------
    >>> lower, upper = ratio_limits([8, 0, 5], [60, 60, 5], 0.05, 2.0)
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.8422, 0.0, 13.028], [7.4804, 1.425, inf])
    """
    s = np.asarray(share, dtype=np.float64)
    lower, upper = share_limits(count, total, phi, confidence=confidence, mid=mid)
    with np.errstate(divide="ignore", invalid="ignore"):
        equal = np.where((s > 0) & (s < 1), (1 - s) / s, np.nan)
        return lower * equal, upper * equal


def rate_ratio(count: Any, total: Any, share: Any) -> Numbers:
    """Return the ratio of a ward's rate to that of the rest: infinite where the rest has no incident.

    NaN where nothing happened at all, or one side has no people.
    """
    o, n, s = (np.asarray(number, dtype=np.float64) for number in (count, total, share))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = o / (n - o) * ((1 - s) / s)
    return np.where((n > 0) & (s > 0) & (s < 1), ratio, np.nan)


def _inputs(count: Any, total: Any, share: Any, phi: Any) -> tuple[tuple[int, ...], list[Numbers]]:
    shape, (o, n, s, f) = flat(whole_counts(count), whole_counts(total), share, at_least_one(phi))
    return shape, [np.where(o <= n, o, np.nan), n, s, f - 1]


def _inputs_without_share(count: Any, total: Any, phi: Any) -> tuple[tuple[int, ...], list[Numbers]]:
    shape, (o, n, f) = flat(whole_counts(count), whole_counts(total), at_least_one(phi))
    return shape, [np.where(o <= n, o, np.nan), n, f - 1]


def _in_portions(work: Callable[[slice], Any], rows: int, *, compiled: bool) -> Numbers:
    """Return the two numbers of each row, worked out by portions; compiled ones share the processors."""
    found = np.empty((2, rows))

    def fill(start: int) -> None:
        part = slice(start, start + _PORTION)
        found[:, part] = work(part)

    starts = range(0, rows, _PORTION)
    if not compiled:
        for start in starts:
            fill(start)
        return found
    from wardmap.stats import _outward_kernel  # noqa: F401, PLC0415 - ready before threads ask for it

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        list(threads.map(fill, starts))  # each writes to rows of its own
    return found


def _both_sides(
    count: Numbers, other: Numbers, mean: Numbers, other_mean: Numbers, d: Numbers, *, compiled: bool
) -> tuple[Numbers, Numbers]:
    """Return the sums below and above the count, as multiples of its own probability."""
    if compiled:
        from wardmap.stats import _outward_kernel  # noqa: PLC0415 - small jobs never wait for a compiler

        below = _outward_kernel.one_side(other, other_mean, count, mean, d)
        return below, _outward_kernel.one_side(count, mean, other, other_mean, d)
    below = outward.one_side([(other, other_mean)], [(count, mean)], d)
    return below, outward.one_side([(count, mean)], [(other, other_mean)], d)


def _terms(o: Numbers, n: Numbers, s: Numbers, d: Numbers) -> float:
    """Return about how many terms the sums on both sides have: ten standard deviations about the mean."""
    reach = 10 * np.sqrt(n * s * (1 - s) * (1 + d)) + 10 * (1 + d)
    mean = n * s
    up = np.minimum(n - o, np.maximum(mean - o, 0) + reach)
    return float((up + np.minimum(o, np.maximum(o - mean, 0) + reach)).sum())


def _odds_limits(o: Numbers, n: Numbers, d: Numbers, tail: float, *, mid: bool, compiled: bool) -> Numbers:
    """Return the lower and the upper limits of the odds: roots in the log odds of the share."""
    found = np.empty((2, len(o)))
    for upper, rows in ((False, np.flatnonzero(o > 0)), (True, np.flatnonzero(o < n))):
        k, m, total, spread = o[rows], n[rows] - o[rows], n[rows], d[rows]

        def sides(
            x: Numbers, at: Rows, cells: tuple[Numbers, ...] = (k, m, total, spread)
        ) -> tuple[Numbers, Numbers]:
            count, other, everything, dispersion = (cell[at] for cell in cells)
            mean, rest = everything / (1 + np.exp(-x)), everything / (1 + np.exp(x))
            return _both_sides(count, other, mean, rest, dispersion, compiled=compiled)

        side = Side(upper, tail, mid)
        found[int(upper)] = np.inf if upper else 0.0
        found[int(upper), rows] = np.exp(limits(sides, *_guess(k, m, spread, side.z), side))
    return found


def _guess(k: Numbers, m: Numbers, d: Numbers, z: float) -> tuple[Numbers, Numbers]:
    """Return the log odds where a limit may be, and about their standard error.

    Cube roots of gamma variables are near to normal (Wilson and Hilferty 1931), so the limit is the root of
    a quadratic in the cube root of the odds. The counts are effective ones, their number over φ, which is
    good enough to start from and for nothing else.
    """
    a, b = (k + 0.5) / (1 + d), (m + 0.5) / (1 + d)
    middle_a, middle_b = 1 - 1 / (9 * a), 1 - 1 / (9 * b)
    square, rest = middle_b**2 - z**2 / (9 * b), middle_a**2 - z**2 / (9 * a)
    with np.errstate(invalid="ignore", divide="ignore"):
        half = np.sqrt(z**2 / 9 * (middle_a**2 / b + middle_b**2 / a - z**2 / (9 * a * b)))
        guess = np.log(a / b) + 3 * np.log((middle_a * middle_b + np.sign(z) * half) / square)
    wide = np.log(a / b) + z * np.sqrt(1 / a + 1 / b)
    start = np.where((square > 0) & (rest > 0) & np.isfinite(guess), guess, wide)
    return start, np.maximum(np.abs(start - np.log(a / b)), 0.01) / max(abs(z), 0.01)
