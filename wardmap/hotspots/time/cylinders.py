"""Circles of wards over runs of periods: the candidates of a scan over space and time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wardmap.hotspots.local.permutation import Numbers, Positions
from wardmap.hotspots.scans.clusters import Cluster
from wardmap.hotspots.scans.likelihood import NOISE, log_likelihood_ratio
from wardmap.hotspots.scans.zones import Chains


@dataclass(frozen=True, slots=True)
class Cylinders:
    """Every zone of the chains over every run of periods from `first` up to, not with, `last`."""

    chains: Chains
    first: Positions
    last: Positions

    @classmethod
    def over(cls, chains: Chains, periods: int, *, longest: int, until_now: bool) -> "Cylinders":
        """Take runs of at most `longest` periods, or only those that last until the last one."""
        runs = [
            (first, last)
            for last in range(periods if until_now else 1, periods + 1)
            for first in range(max(0, last - longest), last)
        ]
        first, last = np.array(runs, dtype=np.intp).T
        return cls(chains, first, last)

    def __len__(self) -> int:
        return len(self.chains) * len(self.first)

    def totals(self, values: Numbers) -> Numbers:
        """Add up wards by periods over each cylinder: zones by runs."""
        by_zone = np.cumsum(values[self.chains.order], axis=1)[self.chains.ends]
        so_far = np.cumsum(np.pad(by_zone, ((0, 0), (1, 0))), axis=1)
        totals: Numbers = so_far[:, self.last] - so_far[:, self.first]
        return totals


def best_of(inside: Numbers, expected: Numbers, total: float) -> float:
    """Return the largest log likelihood ratio.

    The ratio is at most (c - e)² C / (e (C - e)), since ln x <= x - 1. So the ratio of the cylinder with
    the highest bound comes first, and then only those of which the bound is above it.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # e = 0: nothing is inside either
        bound = (inside - expected) ** 2 * total / (expected * (total - expected))
    bound = np.where(inside > expected, bound, 0.0)
    top = np.unravel_index(bound.argmax(), bound.shape)
    if not bound[top]:
        return 0.0
    least = log_likelihood_ratio(inside[top], expected[top], total)
    hopeful = bound >= least * (1 - NOISE)
    return float(log_likelihood_ratio(inside[hopeful], expected[hopeful], total).max())


def non_overlapping(
    cylinders: Cylinders, inside: Numbers, expected: Numbers, total: float, *, above: float
) -> Iterator[tuple[Cluster, slice]]:
    """Yield clusters and their periods from the best down, none with a ward and period of a better one."""
    ratios = log_likelihood_ratio(inside, expected, total)
    zones = np.argwhere(cylinders.chains.ends)
    taken = np.zeros((cylinders.chains.order.max() + 1, cylinders.last.max()), dtype=bool)
    for zone, run in zip(*np.unravel_index(np.argsort(-ratios, axis=None), ratios.shape), strict=True):
        if ratios[zone, run] <= max(above, 0.0):
            return
        wards = cylinders.chains.wards(*zones[zone])
        periods = slice(int(cylinders.first[run]), int(cylinders.last[run]))
        if not taken[wards, periods].any():
            taken[wards, periods] = True
            counts = float(inside[zone, run]), float(expected[zone, run])
            yield Cluster(wards, float(ratios[zone, run]), *counts), periods
