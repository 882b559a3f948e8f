"""Observed sums looked up among arrangements, compiled: the same counts as numpy makes, sooner.

It holds no lock of Python's, so that the threads which test portions of variables do not wait for each other.
"""

import numba
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Positions = NDArray[np.intp]
Counts = NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def tails(  # noqa: PLR0917 - numba passes by position
    x: Numbers,
    sums: Numbers,
    ordered: Numbers,
    low: Numbers,
    high: Numbers,
    member: Positions,
    owners: Positions,
    columns: Positions,
) -> tuple[Counts, Counts]:
    """Count the sums from `low` up, and those up to `high`: variables by wards.

    `ordered` are the `sums`, ascending. In the set `columns[j]` the ward `member[j]`, which is in the place
    `owners[j]` of `low` and `high`, finds itself, and the last ward takes its place there.
    """
    at_least, at_most = np.empty(low.shape, np.int64), np.empty(low.shape, np.int64)
    for v in range(len(low)):
        row, last = ordered[v], x[v, -1]
        at_least[v] = len(row) - _first(row, low[v])
        at_most[v] = _first(row, np.nextafter(high[v], np.inf))
        for j in range(len(owners)):
            ward, before = owners[j], sums[v, columns[j]]
            after = before - x[v, member[j]] + last
            at_least[v, ward] += np.int64(after >= low[v, ward]) - np.int64(before >= low[v, ward])
            at_most[v, ward] += np.int64(after <= high[v, ward]) - np.int64(before <= high[v, ward])
    return at_least, at_most


@numba.njit(cache=True, nogil=True)
def _first(row: Numbers, values: Numbers) -> Counts:
    """Return for each value the place of the first number that is at least the value.

    All values take each step of the search together: one alone would wait for memory at every step.
    """
    start, length = np.zeros(len(values), np.int64), len(row)
    while length > 1:
        half = length // 2
        for i in range(len(values)):
            start[i] += half * np.int64(row[start[i] + half - 1] < values[i])
        length -= half
    for i in range(len(values)):
        start[i] += np.int64(row[start[i]] < values[i])
    return start
