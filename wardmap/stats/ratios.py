"""Ratios of rates: a ward to the rest of its district, a set of wards to its rest and to the whole.

A ward whose people are not known, or where nobody lives, is in no numerator and in no rest: its incidents
would stand over nobody's people. Everything that compares wards begins with `known`, so that all verbs agree.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wardmap.stats.checks import Numbers


class Parts(NamedTuple):
    """A part, its rest and the two together: incidents and people of each."""

    incidents: Numbers
    people: Numbers
    rest_incidents: Numbers
    rest_people: Numbers

    @property
    def whole_incidents(self) -> Numbers:
        """Return the incidents of part and rest."""
        return self.incidents + self.rest_incidents

    @property
    def whole_people(self) -> Numbers:
        """Return the people of part and rest."""
        return self.people + self.rest_people


def known(count: Any, people: Any) -> tuple[Numbers, Numbers]:
    """Return incidents and people of the wards that can be compared, NaN in both for the others.

    Examples
    --------
    >>> known([50, 50, 100], [1000, np.nan, 2000])
    (array([ 50.,  nan, 100.]), array([1000.,   nan, 2000.]))
    """
    o, n = np.broadcast_arrays(np.asarray(count, dtype=np.float64), np.asarray(people, dtype=np.float64))
    both = (n > 0) & ~np.isnan(o)
    return np.where(both, o, np.nan), np.where(both, n, np.nan)


def each_to_rest(count: Any, people: Any, group: npt.NDArray[np.intp] | None = None) -> Parts:
    """Return each ward beside the other wards, which are the last axis, or those with the same `group`.

    Parameters
    ----------
    group
        The number of each ward's group (its theme and period), from 0; then the arrays are rows.

    Examples
    --------
    >>> parts = each_to_rest([50, 50, 100], [1000, np.nan, 2000])
    >>> parts.rest_incidents, parts.rest_people
    (array([100.,  nan,  50.]), array([2000.,   nan, 1000.]))
    """
    o, n = known(count, people)
    whole_o, whole_n = (_sums(values, group) for values in (o, n))
    return Parts(o, n, whole_o - o, whole_n - n)


def set_to_rest(count: Any, people: Any, inside: npt.NDArray[np.bool_]) -> Parts:
    """Return a set of wards, pooled, beside the other wards, which are the last axis.

    Examples
    --------
    >>> parts = set_to_rest([50, 50, 100], [1000, np.nan, 2000], np.array([True, True, False]))
    >>> float(ratio(parts)), float(ratio_to_whole(ratio(parts), parts.people / parts.whole_people))
    (1.0, 1.0)
    """
    o, n = known(count, people)
    sums = [
        np.nansum(np.where(where, values, 0.0), axis=-1) for where in (inside, ~inside) for values in (o, n)
    ]
    return Parts(*map(np.asarray, sums))


def ratio(parts: Parts) -> Numbers:
    """Return the part's rate over that of its rest: infinite where only the part has incidents.

    NaN where neither has an incident, or one has no people.
    """
    o, n, rest_o, rest_n = (np.asarray(values, dtype=np.float64) for values in parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = o / rest_o * (rest_n / n)
    return np.where((n > 0) & (rest_n > 0) & (o + rest_o > 0), found, np.nan)


def ratio_to_whole(ratio_to_rest: Any, share: Any) -> Numbers:
    """Turn a ratio to the rest into that to the whole, for a part with this share of the people.

    r = RR / (1 - w + w RR): a rising function, so limits are carried over by it and the verdict stays.

    Examples
    --------
    >>> ratio_to_whole([2.5, np.inf, 1.0], 0.2)
    array([1.92307692, 5.        , 1.        ])
    """
    rr, w = np.asarray(ratio_to_rest, dtype=np.float64), np.asarray(share, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.isinf(rr), 1 / w, rr / (1 - w + w * rr))


def ratio_with_whole(parts: Parts) -> Numbers:
    """Return the part's rate over that of part and rest together: 1 where there is no rest."""
    carried = ratio_to_whole(ratio(parts), share_of(parts.people, parts.whole_people))
    alone = (np.asarray(parts.incidents) > 0) & (parts.people > 0) & ~(parts.rest_people > 0)
    return np.where(alone, 1.0, carried)


def share_of(part: Any, whole: Any) -> Numbers:
    """Return the share, 0 to 1, that a part is of the whole; NaN where there is nothing."""
    one, all_ = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(all_ > 0, one / all_, np.nan)


def expected_at_rest(parts: Parts) -> Numbers:
    """Return the incidents that the rate of the rest would give the part; 0 where the rest has no people."""
    there = parts.rest_people > 0
    nothing = np.zeros(parts.incidents.shape)
    return np.asarray(
        np.divide(parts.rest_incidents, parts.rest_people, out=nothing, where=there) * parts.people
    )


def _sums(values: Numbers, group: npt.NDArray[np.intp] | None) -> Numbers:
    filled = np.nan_to_num(values)
    if group is None:
        return np.asarray(filled.sum(axis=-1, keepdims=True))
    return np.asarray(np.bincount(group, filled)[group])
