"""Which zones could be a cluster? The candidates of a scan, as wards in the order in which they join.

A zone is a chain of wards up to one of the chain's ends. Circles around one centre are one chain, for
each only adds wards to the one before; so all of them are counted in one walk.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardmap.hotspots.local.permutation import Numbers, Positions

_EARTH_KM = 6_367.0  # as SaTScan takes it
_Distances = Callable[[Numbers, int], Numbers]
_SAME = 1e-9  # distances closer than this, relatively, are equal

SHAPES = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
"""How many times longer than wide an ellipse may be."""

ANGLES = (1, 4, 6, 9, 12, 15)
"""In how many directions an ellipse of each shape is tried."""


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains of wards in rows, the step at which each ward joins in columns.

    A zone is a row up to and with a column where `ends` holds; `order` beyond a row's last end means
    nothing. Every ratio of a chain is multiplied by its `weight`, which is 1 but for long ellipses.
    """

    order: NDArray[np.int32]
    ends: NDArray[np.bool_]
    weight: Numbers

    def __len__(self) -> int:
        return int(np.count_nonzero(self.ends))

    def wards(self, chain: int, step: int) -> Positions:
        """Return the wards of one zone."""
        return np.sort(self.order[chain, : step + 1]).astype(np.intp)


def circles(points: Numbers, population: Numbers, *, max_share: float, great_circle: bool = False) -> Chains:
    """Grow a circle around each ward's centre until it holds `max_share` of the population.

    Wards at the same distance join together.

    Parameters
    ----------
    points
        Wards in rows; x and y in any unit, or longitude and latitude in degrees for `great_circle`.
    population
        People in each ward, all above 0.

    Examples
    --------
    Four wards in a row, one person each. Around the second, the first and third are equally near
    and together too many, so the second stands alone.

    >>> chains = circles(np.array([[0.0, 0], [1, 0], [2, 0], [3, 0]]), np.ones(4), max_share=0.5)
    >>> [chains.wards(chain, step).tolist() for chain, step in np.argwhere(chains.ends)]
    [[0], [0, 1], [1], [2], [3], [2, 3]]
    """
    apart = _over_the_globe if great_circle else _in_the_plane
    return _grown(points, population, np.ones(len(points)), apart, max_share)


def ellipses(points: Numbers, population: Numbers, *, max_share: float, penalty: float) -> Chains:
    """Grow ellipses of `SHAPES` and `ANGLES` around each ward's centre; the circle is the first of them.

    The ratio of an ellipse s times as long as wide is multiplied by (4s/(s + 1)²) to the power of
    `penalty`: 0 favours none, 1 favours compact zones strongly. Kulldorff and others (2006),
    https://doi.org/10.1002/sim.2490.
    """
    parts = []
    for shape, angles in zip(SHAPES, ANGLES, strict=True):
        weight = np.full(len(points), (4 * shape / (shape + 1) ** 2) ** penalty)
        for angle in np.arange(angles) * np.pi / angles:
            along = points @ np.array([np.cos(angle), np.sin(angle)])
            across = points @ np.array([-np.sin(angle), np.cos(angle)])
            squeezed = np.column_stack([along / shape, across])
            parts.append(_grown(squeezed, population, weight, _in_the_plane, max_share))
    return joined(parts)


def nearest_first(points: Numbers, wards: int, *, great_circle: bool) -> NDArray[np.int32]:
    """Return, for each centre, itself and the wards nearest to it; equal distances go by position."""
    apart = _over_the_globe if great_circle else _in_the_plane
    order = [np.argsort(apart(points, centre), kind="stable")[:wards] for centre in range(len(points))]
    return np.array(order, dtype=np.int32)


def joined(parts: list[Chains]) -> Chains:
    """Put the chains of several families of zones one below the other."""
    steps = max(part.order.shape[1] for part in parts)
    widened = [np.pad(part.order, ((0, 0), (0, steps - part.order.shape[1]))) for part in parts]
    ends = [np.pad(part.ends, ((0, 0), (0, steps - part.ends.shape[1]))) for part in parts]
    return Chains(np.vstack(widened), np.vstack(ends), np.concatenate([part.weight for part in parts]))


def _grown(
    points: Numbers, population: Numbers, weight: Numbers, apart: _Distances, max_share: float
) -> Chains:
    most = max_share * population.sum() * (1 + _SAME)
    # a chain has at most as many wards as the smallest ones that fit; there is room for the next beyond
    steps = int(np.count_nonzero(np.cumsum(np.sort(population)) <= most))
    order = np.zeros((len(points), max(steps, 1)), dtype=np.int32)
    ends = np.zeros(order.shape, dtype=bool)
    for centre in range(len(points)):
        distance = apart(points, centre)
        nearest = np.argsort(distance)
        sorted_distance = distance[nearest]
        fits = np.cumsum(population[nearest[:steps]]) <= most
        following = np.append(sorted_distance[1:], np.inf)[:steps]
        order[centre, :steps] = nearest[:steps]
        ends[centre, :steps] = fits & (following > sorted_distance[:steps] * (1 + _SAME))
    return Chains(order, ends, weight)


def _in_the_plane(points: Numbers, centre: int) -> Numbers:
    distance: Numbers = np.hypot(*(points - points[centre]).T)
    return distance


def _over_the_globe(points: Numbers, centre: int) -> Numbers:
    longitude, latitude = np.radians(points).T
    east, north = longitude - longitude[centre], latitude - latitude[centre]
    chord = np.sin(north / 2) ** 2 + np.cos(latitude) * np.cos(latitude[centre]) * np.sin(east / 2) ** 2
    distance: Numbers = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return distance
