"""The fewest wards that touch each other and hold a target: exact where the search ends in time.

Branch and bound over connected sets. Wards are tried from the heaviest, so that no completion of a
set can weigh more than the set and the next heaviest wards that are left, touching or not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wardmap.priority.areas.contiguity import components, lowest, members

_ROOTS = 40  # wards from which the greedy search starts
_DEEPEST = 200  # wards beyond which the exact search is not tried


@dataclass(frozen=True, slots=True)
class Fewest:
    """Positions that touch each other and hold the target, and the least number that could do so."""

    positions: list[int]
    at_least: int


def fewest(
    weights: npt.NDArray[np.float64], near: list[int], target: float, include: list[int], effort: int
) -> Fewest | None:
    """Return the fewest positions that touch each other, hold `target` and have `include` among them.

    Of sets of one size, the heaviest. None where no set can do it. When `effort` steps do not settle
    it, the best set of a greedy search is returned, with how few wards it could still be.
    """
    order = np.argsort(-weights, kind="stable").tolist()
    place = {at: n for n, at in enumerate(order)}
    search = _Search(
        [float(weights[at]) for at in order],
        [sum(1 << place[other] for other in members(near[at])) for at in order],
        target,
        sum(1 << place[at] for at in include),
        effort,
    )
    chosen = search.greedy()
    if chosen is None:
        return None
    at_least = search.least()
    while chosen.bit_count() <= _DEEPEST and search.left > 0:
        best = search.heaviest(at_least)
        if best is not None:
            chosen = best
            break
        at_least += search.left > 0
    return Fewest(sorted(order[n] for n in members(chosen)), at_least)


class _Search:
    """Connected sets of wards as bits, the heaviest ward first, and the steps that are left."""

    def __init__(
        self, weights: list[float], near: list[int], target: float, include: int, effort: int
    ) -> None:
        self.weights, self.near, self.target, self.include = weights, near, target, include
        self.all = (1 << len(weights)) - 1
        self.left = effort
        self.best: int | None = None
        self.best_weight = 0.0

    def least(self) -> int:
        """Return the number of wards below which the target is out of reach, touching or not."""
        size = max(1, self.include.bit_count())
        while self._reach(self.all, size) < self.target:
            size += 1
        return size

    def heaviest(self, size: int) -> int | None:
        """Return the heaviest connected set of so many wards that holds the target."""
        self.best, self.best_weight = None, 0.0
        out = 0
        for root in members(self.include)[:1] or range(len(self.weights)):
            bit = 1 << root
            self._extend(bit, self.near[root] & ~out, out, self.weights[root], size - 1)
            out |= bit
        return self.best

    def _extend(self, inside: int, edge: int, out: int, weight: float, more: int) -> None:
        """Try every connected set that holds `inside`, nothing of `out`, and so many more of the others."""
        self.left -= 1
        missing = self.include & ~inside
        if more == 0:
            if not missing and weight >= self.target and (self.best is None or weight > self.best_weight):
                self.best, self.best_weight = inside, weight
            return
        while edge and self.left > 0 and missing.bit_count() <= more and not missing & out:
            reach = weight + self._reach(self.all & ~(inside | out), more)
            if reach < self.target or (self.best is not None and reach <= self.best_weight):
                return
            bit = lowest(edge)
            at = bit.bit_length() - 1
            touching = (edge | self.near[at]) & ~(inside | bit | out)
            self._extend(inside | bit, touching, out, weight + self.weights[at], more - 1)
            edge &= ~bit
            out |= bit

    def _reach(self, wards: int, number: int) -> float:
        """Return the weight of the heaviest so many of the wards."""
        total = 0.0
        while wards and number:
            bit = lowest(wards)
            total += self.weights[bit.bit_length() - 1]
            wards, number = wards & ~bit, number - 1
        return total

    def greedy(self) -> int | None:
        """Return a small set that holds the target: grown by the heaviest neighbour, then thinned."""
        first = members(self.include)[:1]
        starts = first or [*range(min(_ROOTS, len(self.weights)))]
        starts += [] if first else [lowest(part).bit_length() - 1 for part in components(self.near)]
        grown = [self._thin(found) for found in map(self._grow, starts) if found is not None]
        return min(grown, key=lambda bits: (bits.bit_count(), -self._weight(bits)), default=None)

    def _grow(self, root: int) -> int | None:
        inside, edge = 1 << root, self.near[root]
        weight = self.weights[root]
        while weight < self.target or self.include & ~inside:
            if not edge:
                return None
            bit = lowest(edge & self.include) or lowest(edge)
            at = bit.bit_length() - 1
            inside, weight = inside | bit, weight + self.weights[at]
            edge = (edge | self.near[at]) & ~inside
        return inside

    def _thin(self, inside: int) -> int:
        """Take out wards that the set does without, the lightest first."""
        for at in reversed(members(inside)):
            rest = inside & ~(1 << at)
            enough = self._weight(rest) >= self.target and not self.include & ~rest
            if enough and len(components(self.near, rest)) == 1:
                inside = rest
        return inside

    def _weight(self, bits: int) -> float:
        return sum(self.weights[at] for at in members(bits))
