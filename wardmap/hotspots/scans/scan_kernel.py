"""The largest ratio on each of many maps, compiled: for jobs that numpy would take minutes over.

A walk along a chain adds one ward's incidents to `LANES` maps at a time. Only where a zone could beat a
map's best so far is its ratio worked out. The test is cheap and safe: since ln x <= x - 1,

    c ln(c/e) + (C - c) ln((C - c)/(C - e)) <= (c - e)**2 C / (e (C - e)),

so a zone of weight v can beat the best so far, m, only if (c - e) > sqrt(m/v) sqrt(e (C - e)/C). Counts
are whole numbers below 2**24, exact in single precision; of the six other roundings none moves the
comparison by more than C/2**24, together 4e-7 C, and `_SLACK` C is five times that. What passes is worked
out in double precision. Each block of maps has memory of its own, so the result is the same for any
number of threads.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from wardmap.hotspots.local.permutation import Numbers
from wardmap.hotspots.scans.likelihood import total_of
from wardmap.hotspots.scans.zones import Chains

LANES = 64
"""Maps that are walked together: their incidents in one ward fill a few registers."""

_SLACK = 2e-6


def maxima(chains: Chains, mean: Numbers, draws: Numbers) -> Numbers:
    """Return the largest ratio on each map; wards in rows, maps in columns."""
    maps = draws.shape[1]
    blocks = -(-maps // LANES)
    laid_out = np.zeros((blocks, len(mean), LANES), dtype=np.float32)
    for block in range(blocks):
        part = draws[:, block * LANES : (block + 1) * LANES]
        laid_out[block, :, : part.shape[1]] = part
    best: Numbers = np.zeros((blocks, LANES))
    steps = np.where(chains.ends.any(axis=1), chains.ends.shape[1] - chains.ends[:, ::-1].argmax(axis=1), 0)
    _walk(chains.order, chains.ends, steps, chains.weight, mean, total_of(mean), laid_out, best)
    return best.ravel()[:maps]


@numba.njit(parallel=True, cache=True, error_model="numpy")
def _walk(  # noqa: C901, PLR0917 - one walk, and numba passes by position
    order: NDArray[np.int32],
    ends: NDArray[np.bool_],
    steps: NDArray[np.intp],
    weight: Numbers,
    mean: Numbers,
    total: float,
    draws: NDArray[np.float32],
    best: Numbers,
) -> None:
    slack = np.float32(_SLACK * total)
    for block in numba.prange(len(draws)):
        maps = draws[block]
        inside = np.empty(LANES, dtype=np.float32)
        root = np.empty(LANES, dtype=np.float32)
        for chain in range(len(order)):
            expected = 0.0
            for lane in range(LANES):
                inside[lane] = 0
                root[lane] = np.sqrt(best[block, lane] / weight[chain])
            for step in range(steps[chain]):
                ward = order[chain, step]
                expected += mean[ward]
                for lane in range(LANES):
                    inside[lane] += maps[ward, lane]
                if not ends[chain, step]:
                    continue
                spread = np.float32(np.sqrt(expected * (total - expected) / total))
                bar = np.float32(expected) - slack
                hopeful = np.int32(0)
                for lane in range(LANES):
                    hopeful += np.int32(inside[lane] - bar > root[lane] * spread)
                if hopeful:
                    for lane in range(LANES):
                        if inside[lane] - bar > root[lane] * spread:
                            ratio = weight[chain] * _ratio(np.float64(inside[lane]), expected, total)
                            if ratio > best[block, lane]:
                                best[block, lane] = ratio
                                root[lane] = np.sqrt(ratio / weight[chain])


@numba.njit(cache=True, error_model="numpy")
def _ratio(inside: float, expected: float, total: float) -> float:
    if inside <= expected:
        return 0.0
    ratio: float = inside * np.log(inside / expected)
    if inside < total - 0.5:  # counts: anything outside?
        ratio += (total - inside) * np.log((total - inside) / (total - expected))
    return ratio
