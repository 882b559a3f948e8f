"""What a scan chooses from: the same zones on every map, or zones that each map makes for itself."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wardmap.hotspots.local.permutation import Numbers
from wardmap.hotspots.scans.flexible import Neighbourhoods, restricted_zones
from wardmap.hotspots.scans.likelihood import maxima
from wardmap.hotspots.scans.zones import Chains

COMPILE_FROM = 30_000_000
"""Zones times maps from which a compiled walk pays for its compilation."""

_EXACT = 2**24  # incidents that single precision counts exactly
_DRAWN_AT_ONCE = 4_000_000  # incidents of one ward on one map


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same zones on every map."""

    chains: Chains

    def zones(self, cases: Numbers, mean: Numbers) -> Chains:  # noqa: ARG002 - the same for every map
        """Return the zones to choose from on the observed map."""
        return self.chains

    def best(self, mean: Numbers, draws: Numbers) -> Numbers:
        """Return the largest ratio on each map; wards in rows, maps in columns."""
        if len(self.chains) * draws.shape[1] >= COMPILE_FROM and mean.sum() < _EXACT:
            from wardmap.hotspots.scans import scan_kernel as _scan_kernel  # noqa: PLC0415 - small jobs never wait for a compiler

            return _scan_kernel.maxima(self.chains, mean, draws)
        return maxima(self.chains, mean, draws)


@dataclass(frozen=True, slots=True)
class Restricted:
    """Only zones of wards that look high by themselves, which differ from map to map."""

    hoods: Neighbourhoods
    population: Numbers
    max_share: float

    def zones(self, cases: Numbers, mean: Numbers) -> Chains:
        """Return the zones to choose from on the observed map."""
        return restricted_zones(self.hoods, self.population, cases, mean, max_share=self.max_share)

    def best(self, mean: Numbers, draws: Numbers) -> Numbers:
        """Return the largest ratio on each map; wards in rows, maps in columns."""
        found = (maxima(self.zones(cases, mean), mean, cases[:, np.newaxis])[0] for cases in draws.T)
        return np.fromiter(found, dtype=np.float64, count=draws.shape[1])


def random_maxima(
    best: Callable[[Numbers, Numbers], Numbers], mean: Numbers, *, maps: int, seed: int
) -> Numbers:
    """Return the largest ratio on each of `maps` random maps, by the `best` of the candidates.

    On a random map every incident is thrown anew, into a ward with the probability that it has if the
    risk is even. The maps that come first do not depend on how many follow.
    """
    rng = np.random.default_rng(seed)
    found = np.zeros(maps)
    many = max(1, _DRAWN_AT_ONCE // len(mean))
    for start in range(0, maps, many):
        part = slice(start, min(start + many, maps))
        draws = rng.multinomial(round(mean.sum()), mean / mean.sum(), size=part.stop - start)
        found[part] = best(mean, np.ascontiguousarray(draws.T, dtype=np.float64))
    return found
