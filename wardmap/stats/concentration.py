"""How far incidents are in few wards: the smallest set that holds a share, the Lorenz curve, and Gini."""

from typing import Any

import numpy as np
import numpy.typing as npt

from wardmap.stats.checks import Numbers

_ROUNDING = 1e-12  # 0.07 of 100 is 7.000000000000001 in a computer, and seven of them do hold it


def holds(count: Any, share: float, total: Any) -> npt.NDArray[np.bool_]:
    """Say whether a count is at least this share of the total, rounding apart.

    Examples
    --------
    >>> bool(holds(7, 0.07, 100)), 7 >= 0.07 * 100
    (True, False)
    """
    return np.asarray(np.asarray(count) >= needed(share, total))


def needed(share: float, total: Any) -> Any:
    """Return how much holds a share of the total, rounding apart."""
    return share * np.asarray(total) * (1 - _ROUNDING)


def smallest_set(counts: Any, share: float) -> npt.NDArray[np.bool_]:
    """Mark the fewest wards that together hold a share of the incidents; wards are the last axis.

    The highest first, of equal ones the one that comes first: pass wards in the order of their codes. A ward
    without incidents is in no such set, and one that is NaN is not there.

    Examples
    --------
    >>> smallest_set([[30, 50, 20], [0, 0, 0]], 0.5)
    array([[False,  True, False],
           [False, False, False]])
    """
    o = np.nan_to_num(np.asarray(counts, dtype=np.float64))
    order = np.argsort(-o, axis=-1, kind="stable")
    ordered = np.take_along_axis(o, order, axis=-1)
    before = np.cumsum(ordered, axis=-1) - ordered
    inside = np.empty(o.shape, dtype=bool)
    joins = ~holds(before, share, o.sum(axis=-1, keepdims=True)) & (ordered > 0)
    np.put_along_axis(inside, order, joins, axis=-1)
    return inside


def most_that_people_hold(counts: Numbers, people: Numbers, room: float) -> float:
    """Return the largest share of incidents that so many people could hold, the last ward in part."""
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.argsort(-np.where(people > 0, counts / people, 0.0), kind="stable")
    used = np.cumsum(people[order]) - people[order]
    part = np.clip((room - used) / np.where(people[order] > 0, people[order], np.inf), 0, 1)
    return float((part * counts[order]).sum() / counts.sum()) if counts.sum() else np.nan


def lorenz_curve(ascending: Numbers) -> Numbers:
    """Return the share of the incidents that none, one, two, ... of the wards hold, the lowest first.

    Examples
    --------
    >>> lorenz_curve(np.array([0.0, 1, 1, 6])).tolist()
    [0.0, 0.0, 0.125, 0.25, 1.0]
    """
    return np.asarray(np.append(0.0, np.cumsum(ascending)) / ascending.sum())


def gini(counts: Numbers) -> float:
    """Return Gini's coefficient: 0 where every ward has as many, towards 1 where one has all.

    Examples
    --------
    >>> gini(np.array([6.0, 1, 1, 0]))
    0.5625
    """
    ascending = np.sort(counts)
    wards = len(ascending)
    places = np.arange(1, wards + 1)
    return float(2 * (places * ascending).sum() / (wards * ascending.sum()) - (wards + 1) / wards)


def gini_for_few(counts: Numbers) -> tuple[float, float]:
    """Return Gini's coefficient against the most even map that so few incidents can make, and unbiased.

    Bernasco and Steenbeek (2017), doi:10.1007/s10940-016-9324-7. The second is NaN for one incident or ward.

    Examples
    --------
    >>> gini_for_few(np.array([1.0, 1, 0, 0]))
    (0.0, 0.0)
    """
    wards, total = len(counts), counts.sum()
    general = float(max(1, wards / total) * (gini(counts) - 1) + 1)
    fewer = float(min(wards, total))
    return general, general * fewer / (fewer - 1) if fewer > 1 else np.nan
