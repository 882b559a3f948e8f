"""The best zone, the best that does not overlap it, and so on: the clusters that a scan reports."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wardmap.hotspots.local.permutation import Numbers, Positions
from wardmap.hotspots.scans.likelihood import NOISE, log_likelihood_ratio, zone_ratios
from wardmap.hotspots.scans.zones import Chains


@dataclass(frozen=True, slots=True)
class Cluster:
    """Wards that stand out together; `statistic` is the log likelihood ratio times the zone's weight."""

    wards: Positions
    statistic: float
    incidents: float
    expected: float

    def llr(self, total: float) -> float:
        """Return the log likelihood ratio without the weight."""
        return float(log_likelihood_ratio(np.array(self.incidents), np.array(self.expected), total))


def non_overlapping(chains: Chains, mean: Numbers, cases: Numbers, *, above: float) -> Iterator[Cluster]:
    """Yield the clusters from the best down, each without a ward of a better one, while above a value.

    Of zones that are equally good, the first in the order of the chains is taken.
    """
    ends = chains.ends.copy()
    best, step = _best_of_each(chains, mean, cases)
    while (best > max(above, 0.0)).any():
        chain = int(np.argmax(best >= best.max() * (1 - NOISE)))
        wards = chains.wards(chain, step[chain])
        yield Cluster(wards, float(best[chain]), float(cases[wards].sum()), float(mean[wards].sum()))
        taken = np.isin(chains.order, wards) & (np.cumsum(ends[:, ::-1], axis=1)[:, ::-1] > 0)
        cut = np.logical_or.accumulate(taken, axis=1)
        hurt = np.flatnonzero((ends & cut).any(axis=1))
        ends &= ~cut
        shorter = Chains(chains.order[hurt], ends[hurt], chains.weight[hurt])
        best[hurt], step[hurt] = _best_of_each(shorter, mean, cases)


def _best_of_each(chains: Chains, mean: Numbers, cases: Numbers) -> tuple[Numbers, Positions]:
    best, step = np.zeros(len(chains.order)), np.zeros(len(chains.order), dtype=np.intp)
    for part, ratios in zone_ratios(chains, mean, cases[:, np.newaxis]):
        step[part] = ratios[..., 0].argmax(axis=1)
        best[part] = ratios[..., 0].max(axis=1)
    return best, step
