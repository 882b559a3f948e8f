"""How often would chance give a ward such neighbours? Every arrangement counted, or a fair sample.

Under the conditional null hypothesis a ward keeps its own value, and its k neighbours are any k of
the other n - 1 wards. With weights of 1 all that matters is the sum of the neighbours' values.

Which k of n - 1 positions are chosen depends on neither ward nor variable, so the sums are made and
sorted once for all wards with k neighbours, and looked up. They are made for the last ward, whose
others are the positions 0 … n - 2. Any other ward i finds itself in some of those sets: there the
last ward takes its place, which turns the sets of the last ward into those of ward i, one to one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import binom

Alternative = Literal["greater", "less", "two-sided"]
Numbers = NDArray[np.float64]
Positions = NDArray[np.intp]

ENUMERATE_UP_TO = 100_000
"""Arrangements of a ward's neighbours up to which all are counted."""

_TIE = 1e-13
"""Sums closer than this times n times the largest value are equal: rounding is not evidence."""

_CELLS = 4_000_000
"""Numbers held at once (32 MB): variables are taken in portions that fit."""


@dataclass(frozen=True, slots=True)
class Tails:
    """Where each ward's observed sum lies among the arrangements, wards in rows, variables in columns.

    `at_least` and `at_most` are the shares of arrangements with a sum at least, or at most, as high
    as the observed one; both count it, so neither is ever 0. `least_high` and `least_low` are what they
    would be, had the ward the highest or the lowest sum that there is: the least that they can be. Where
    values are equal, several arrangements reach it; `smallest` is the share of a single one. `exact` says
    whether every arrangement was counted. A ward without neighbours has NaN.
    """

    at_least: Numbers
    at_most: Numbers
    least_high: Numbers
    least_low: Numbers
    smallest: Numbers
    exact: NDArray[np.bool_]


def neighbour_tails(
    values: Numbers, links: csr_array, *, permutations: int, seed: int, compiled: bool = False
) -> Tails:
    """Compare the sum of each ward's neighbours with that of all, or of drawn, arrangements.

    Parameters
    ----------
    values
        Wards in rows, variables in columns, all finite. Give the wards in the order of their codes:
        a drawn arrangement is a set of positions, so the order decides which wards are drawn.
    links
        Wards by wards: 1 where the column's ward is a neighbour of the row's, the diagonal empty.
    permutations
        How many arrangements to draw, R, for wards with more than `ENUMERATE_UP_TO` of them. All wards
        and variables share the draws, and a share is (found + 1)/(R + 1).
    seed
        Of the draws.
    compiled
        Look sums up by compiled code: for large jobs. The result is the same to the last bit.

    Examples
    --------
    Four wards in a row. The neighbours of the third are the second and the fourth: 3 + 9. Of the
    three pairs of others, two have a sum as high.

    >>> row = csr_array(np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]))
    >>> tails = neighbour_tails(np.array([[4.0], [3.0], [2.0], [9.0]]), row, permutations=99, seed=0)
    >>> tails.at_least[:, 0].round(3).tolist()
    [0.667, 1.0, 0.667, 1.0]
    """
    n, variables = values.shape
    degree = np.diff(links.indptr)
    columns = np.ascontiguousarray(values.T)
    observed = np.ascontiguousarray((links @ values).T)
    slack = _TIE * n * np.abs(columns).max(axis=1, keepdims=True, initial=0.0)
    at_least, at_most, least_high, least_low = np.full((4, variables, n), np.nan)
    smallest, exact = np.full(n, np.nan), np.ones(n, dtype=bool)
    arrangements = list(_arrangements(degree, permutations, seed))
    for found in arrangements:
        smallest[found.wards], exact[found.wards] = 1 / found.total, not found.drawn
    step = max(1, _CELLS // max((found.cells for found in arrangements), default=1))
    for start in range(0, variables, step):
        part = slice(start, start + step)
        counted = at_least[part], at_most[part]
        _count(columns[part], observed[part], slack[part], arrangements, counted, compiled=compiled)
    least_high[:] = least_low[:] = smallest
    tied = (np.diff(np.sort(columns, axis=1), axis=1) <= slack).any(axis=1)
    if tied.any():
        level = np.round(columns[tied] / np.where(slack > 0, slack, 1.0)[tied])  # what is equal in a sum
        least_high[tied] = np.fmax(least_high[tied], _share_of_best(level, degree))
        least_low[tied] = np.fmax(least_low[tied], _share_of_best(-level, degree))
    at_least = np.where(exact, at_least, np.fmax(at_least, least_high))
    at_most = np.where(exact, at_most, np.fmax(at_most, least_low))
    return Tails(at_least.T, at_most.T, least_high.T, least_low.T, smallest, exact)


def p_values(tails: Tails, alternative: Alternative) -> tuple[Numbers, Numbers]:
    """Return p, wards by variables, and the smallest p that each ward could have with these values.

    `greater` and `less` take one tail. `two-sided` is twice the smaller tail, at most 1; so is its
    smallest p. Where that is 1 every arrangement has the same sum, and nothing can be tested.

    Examples
    --------
    >>> shares = np.array([[0.02]]), np.array([[0.99]]), np.array([[0.01]]), np.array([[0.05]])
    >>> p_values(Tails(*shares, np.array([0.01]), exact=np.array([True])), "two-sided")
    (array([[0.04]]), array([[0.02]]))
    """
    if alternative == "greater":
        return tails.at_least, tails.least_high
    if alternative == "less":
        return tails.at_most, tails.least_low
    both, least = np.minimum(tails.at_least, tails.at_most), np.minimum(tails.least_high, tails.least_low)
    return np.minimum(2 * both, 1.0), np.minimum(2 * least, 1.0)


def _share_of_best(columns: Numbers, degree: NDArray[np.integer]) -> Numbers:
    """Return the share of arrangements with the highest sum that there is: variables by wards.

    The best k of a ward's others are those above a bar and some, s, of the t that are at the bar: there
    are C(t, s) such sets of C(n - 1, k).
    """
    n = columns.shape[1]
    order = np.argsort(-columns, axis=1)
    ranked = np.take_along_axis(columns, order, axis=1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(n), axis=1)
    last = np.where(place < degree, degree, degree - 1)  # the place of the k-th best that is not the ward
    bar = np.take_along_axis(ranked, last, axis=1)
    starts = np.diff(ranked, axis=1, prepend=np.inf) != 0
    first = np.maximum.accumulate(np.where(starts, np.arange(n), 0), axis=1)
    group = np.cumsum(starts, axis=1) + n * np.arange(len(columns))[:, np.newaxis]
    size = np.bincount(group.ravel(), minlength=group.max() + 1)[group]
    above = np.take_along_axis(first, last, axis=1) - (columns > bar)
    equal = np.take_along_axis(size, last, axis=1) - (columns == bar)
    ways, sets = binom(equal, degree - above), binom(n - 1, degree)
    # beyond what a double holds the share is next to nothing, unless there is one arrangement only
    share = np.divide(ways, sets, out=np.zeros_like(ways), where=np.isfinite(sets) & np.isfinite(ways))
    share[:, ~np.isfinite(sets)] = (np.ptp(columns, axis=1) == 0)[:, np.newaxis]
    return np.where(degree > 0, share, np.nan)


@dataclass(frozen=True, slots=True)
class _Arrangements:
    """The sets of positions, in columns, that wards with one number of neighbours are compared with.

    Of more than half of the others, those `left_out` are given instead. `drawn` is 1 where the sets are a
    sample, to which the observed one is added. In the set `columns[j]` the ward `owners[j]`, counted from 0
    among `wards`, finds itself.
    """

    wards: Positions
    sets: Positions
    drawn: int
    left_out: bool
    owners: Positions
    columns: Positions

    @property
    def total(self) -> int:
        return int(self.sets.shape[1]) + self.drawn

    @property
    def cells(self) -> int:
        """Return how many numbers one variable takes."""
        return int(self.sets.shape[1]) + len(self.owners)


def _arrangements(degree: NDArray[np.integer], permutations: int, seed: int) -> Iterator[_Arrangements]:
    """Yield the arrangements for each number of neighbours, drawn ones by the size of their sets."""
    others = len(degree) - 1
    found = sorted((k for k in np.unique(degree).tolist() if k), key=lambda k: min(k, others - k))
    sampled = [k for k in found if comb(others, k) > ENUMERATE_UP_TO]
    draws = _drawn(others, max((min(k, others - k) for k in sampled), default=0), permutations, seed)
    for k in found:
        size, wards = min(k, others - k), np.flatnonzero(degree == k)
        sets = draws[:size] if k in sampled else _every(others, size)
        yield _Arrangements(wards, sets, int(k in sampled), size < k, *_memberships(len(degree), wards, sets))


def _every(others: int, size: int) -> Positions:
    count = comb(others, size)
    flat = chain.from_iterable(combinations(range(others), size))
    return np.fromiter(flat, dtype=np.intp, count=count * size).reshape(count, size).T.copy()


def _drawn(others: int, size: int, permutations: int, seed: int) -> Positions:
    """Draw `permutations` ordered samples without replacement, one per column.

    The first k of an ordered sample are a fair sample of k, so one draw serves every k; and rows are
    drawn one after the other, so they do not depend on how many follow.
    """
    rng = np.random.default_rng(seed)
    draws = np.empty((size, permutations), dtype=np.intp)
    for row in range(size):
        draws[row] = rng.integers(others, size=permutations)
        again = np.flatnonzero((draws[:row] == draws[row]).any(axis=0))
        while len(again):
            draws[row, again] = rng.integers(others, size=len(again))
            again = again[(draws[:row, again] == draws[row, again]).any(axis=0)]
    return draws


def _count(
    x: Numbers,
    observed: Numbers,
    slack: Numbers,
    arrangements: list[_Arrangements],
    shares: tuple[Numbers, Numbers],
    *,
    compiled: bool,
) -> None:
    """Write the shares of arrangements with a sum at least, and at most, the observed: variables by wards."""
    nothing = np.zeros((len(x), 1))
    drawn, added = nothing, 0
    for found in arrangements:
        if found.drawn:  # a drawn set is the beginning of the next larger one, and so is its sum
            sums = drawn = _summed(x, found.sets[added:], drawn)
            added = len(found.sets)
        else:
            sums = _summed(x, found.sets, nothing)
        near = observed[:, found.wards]
        if found.left_out:  # a high sum of the neighbours is a low sum of those who are not
            near = x.sum(axis=1, keepdims=True) - x[:, found.wards] - near
        tails = (_compiled if compiled else _tails)(x, sums, near - slack, near + slack, found)
        for share, tail in zip(shares, tails[::-1] if found.left_out else tails, strict=True):
            share[:, found.wards] = (tail + found.drawn) / found.total


def _summed(x: Numbers, sets: Positions, sums: Numbers) -> Numbers:
    for positions in sets:
        sums = sums + x.take(positions, axis=1)
    return sums


def _tails(
    x: Numbers, sums: Numbers, low: Numbers, high: Numbers, found: _Arrangements
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the sums from `low` up, and those up to `high`."""
    at_least, at_most = np.empty((2, *low.shape), dtype=np.int64)
    for v, ordered in enumerate(np.sort(np.pad(sums, ((0, 0), (0, 1)), constant_values=np.inf), axis=1)):
        below = ordered.searchsorted(low[v])
        at_least[v], at_most[v] = sums.shape[1] - below, below
        equal = np.flatnonzero(ordered[below] <= high[v])
        at_most[v, equal] = ordered.searchsorted(high[v, equal], side="right")
    # where a ward finds itself in a set, the last ward takes its place
    before = sums.take(found.columns, axis=1)
    after = before - x.take(found.wards[found.owners], axis=1) + x[:, -1:]
    low, high = low.take(found.owners, axis=1), high.take(found.owners, axis=1)
    more = (after >= low).view(np.int8) - (before >= low).view(np.int8)
    fewer = (after <= high).view(np.int8) - (before <= high).view(np.int8)
    gather = csr_array(
        (np.ones(len(found.owners), dtype=np.int64), (found.owners, np.arange(len(found.owners)))),
        shape=(len(found.wards), len(found.owners)),
    )
    return at_least + (gather @ more.T).T, at_most + (gather @ fewer.T).T


def _compiled(
    x: Numbers, sums: Numbers, low: Numbers, high: Numbers, found: _Arrangements
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count as `_tails` does."""
    from wardmap.hotspots.local import tails_kernel as _tails_kernel  # noqa: PLC0415 - small jobs never wait for a compiler

    member, ordered = found.wards[found.owners], np.sort(sums, axis=1)
    counts: tuple[NDArray[np.int64], NDArray[np.int64]] = _tails_kernel.tails(
        x, sums, ordered, low, high, member, found.owners, found.columns
    )
    return counts


def _memberships(n: int, wards: Positions, sets: Positions) -> tuple[Positions, Positions]:
    """Return every (ward, set) in which one of `wards`, counted from 0, finds itself in a set."""
    place = np.full(n, -1)
    place[wards] = np.arange(len(wards))
    owner = place[sets]
    row, column = np.nonzero(owner >= 0)
    return owner[row, column], column
