"""Zones of any shape: wards that hang together, all of them among the nearest to one of their number.

Circles cannot follow a river or a road. Here every connected set of wards is a candidate, as long as
one of them, its centre, has all the others among its nearest. Their number doubles with every ward that
may take part, so there are limits; the restricted scan only lets wards in that look high by themselves,
and can reach further.

Sets of wards are whole numbers, in which the bit of a ward's position says whether it belongs.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from scipy.sparse import csr_array
from scipy.special import gammainc

from wardmap.errors import InputError
from wardmap.hotspots.local.permutation import Numbers
from wardmap.hotspots.scans.zones import Chains, nearest_first

MOST_ZONES = 2_000_000
"""Zones above which a flexible scan is refused."""

SCREEN = 0.2
"""The mid-p below which a ward may take part in a restricted zone."""


class Neighbourhoods:
    """Who touches whom, and who is near whom: what zones of any shape are made from."""

    def __init__(self, points: Numbers, links: csr_array, *, nearest: int, great_circle: bool) -> None:
        order = nearest_first(points, min(nearest, len(points)), great_circle=great_circle)
        self.nearest = nearest
        self.near = [_set_of(row) for row in order.tolist()]
        self.touching = [_set_of(row.indices.tolist()) for row in (links[[i]] for i in range(len(points)))]

    def zones(self, taking_part: int) -> Iterator[int]:
        """Yield every zone whose wards all take part, once."""
        for centre in _wards_of(taking_part):
            free = self.near[centre] & taking_part & ~(1 << centre)
            reached = self._reach(centre, free)
            # An earlier ward that has all of these among its nearest has yielded each zone with both.
            done = [
                ward for ward in _wards_of(reached & ((1 << centre) - 1)) if not reached & ~self.near[ward]
            ]
            free &= ~_set_of(done)
            for zone in self._grown(centre, free):
                if not any(not zone & ~self.near[ward] for ward in _wards_of(zone & ((1 << centre) - 1))):
                    yield zone

    def _reach(self, centre: int, free: int) -> int:
        reached, border = 1 << centre, self.touching[centre] & free
        while border:
            reached |= border
            following = 0
            for ward in _wards_of(border):
                following |= self.touching[ward]
            border = following & free & ~reached
        return reached

    def _grown(self, centre: int, free: int) -> Iterator[int]:
        """Yield every connected set of `centre` and `free` wards that holds `centre`, once."""
        waiting = [(1 << centre, self.touching[centre] & free, free)]
        while waiting:
            zone, border, free = waiting.pop()
            yield zone
            while border:
                ward = border & -border
                border ^= ward
                free &= ~ward  # what follows here does without this ward; what follows there has it
                beyond = self.touching[ward.bit_length() - 1] & free
                waiting.append((zone | ward, border | beyond, free))


def flexible_zones(hoods: Neighbourhoods, population: Numbers, *, max_share: float) -> Chains:
    """Return every connected zone with at most `max_share` of the population.

    Tango and Takahashi (2005), https://doi.org/10.1186/1476-072X-4-11.
    """
    return _chains(hoods, (1 << len(population)) - 1, population, max_share)


def restricted_zones(
    hoods: Neighbourhoods, population: Numbers, cases: Numbers, mean: Numbers, *, max_share: float
) -> Chains:
    """Return the zones of wards that look high by themselves: P(X > x) + P(X = x)/2 below 0.2 (Poisson).

    The screen is part of the statistic, so a random map has zones of its own. Tango and Takahashi
    (2012), https://doi.org/10.1002/sim.5478.
    """
    more = np.where(cases > 0, gammainc(np.maximum(cases, 1), mean), 1.0)  # P(X >= x)
    high = (more + gammainc(cases + 1, mean)) / 2 < SCREEN
    return _chains(hoods, _set_of(np.flatnonzero(high).tolist()), population, max_share)


def _chains(hoods: Neighbourhoods, taking_part: int, population: Numbers, max_share: float) -> Chains:
    found = list(islice(hoods.zones(taking_part), MOST_ZONES + 1))
    if len(found) > MOST_ZONES:
        raise InputError(
            f"There are more than {MOST_ZONES:,} connected zones among the nearest {hoods.nearest} wards.",
            "their number doubles with every ward that may take part",
            mend=f"nearest={max(2, hoods.nearest * 2 // 3)}.",
        )
    zones = [_wards_of(zone) for zone in found]
    order = np.zeros((len(zones), max(map(len, zones), default=1)), dtype=np.int32)
    ends = np.zeros(order.shape, dtype=bool)
    most = max_share * population.sum() * (1 + 1e-9)
    for row, wards in enumerate(zones):
        order[row, : len(wards)] = wards
        ends[row, len(wards) - 1] = population[wards].sum() <= most
    return Chains(order, ends, np.ones(len(zones)))


def _set_of(wards: Iterable[int]) -> int:
    members = 0
    for ward in wards:
        members |= 1 << ward
    return members


def _wards_of(members: int) -> list[int]:
    wards = []
    while members:
        lowest = members & -members
        wards.append(lowest.bit_length() - 1)
        members ^= lowest
    return wards
