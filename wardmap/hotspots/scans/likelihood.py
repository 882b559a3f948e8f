"""How much better is the map explained by a zone of higher risk? Kulldorff's ratio, and chance's best."""

from collections.abc import Iterator

import numpy as np
from scipy.special import xlogy

from wardmap.hotspots.local.permutation import Numbers
from wardmap.hotspots.scans.zones import Chains

NOISE = 1e-9
"""Ratios closer than this, relatively, are equal: rounding is not evidence."""

_CELLS = 2_000_000  # ratios held at once (16 MB each)


def log_likelihood_ratio(inside: Numbers, expected: Numbers, total: float | Numbers) -> Numbers:
    r"""Compare "the risk is higher in the zone" with "it is the same everywhere", as a log ratio.

    .. math:: c \ln\frac{c}{e} + (C - c) \ln\frac{C - c}{C - e} \text{ if } c > e, \text{ else } 0

    with c incidents in the zone, e expected and C in all. A zone with every incident has no second
    term (0 ln 0 = 0). Kulldorff (1997), https://doi.org/10.1080/03610929708831995.

    Examples
    --------
    Ten incidents in four equal wards; eight of them in one, where 2.5 are expected.

    >>> log_likelihood_ratio(np.array([8.0, 10.0, 1.0]), np.array([2.5, 2.5, 2.5]), 10.0).round(4).tolist()
    [6.6617, 13.8629, 0.0]
    """
    outside, rest = total - inside, total - expected
    with np.errstate(divide="ignore", invalid="ignore"):  # e = 0 holds no incident: c > e is false
        ratio = xlogy(inside, inside / expected) + xlogy(outside, outside / rest)
    found: Numbers = np.where(inside > expected, ratio, 0.0)
    return found


def p_of(statistic: float, maxima: Numbers) -> float:
    """Return the share of random maps, with the observed one, whose best zone is at least as good."""
    as_good = np.count_nonzero(maxima >= statistic * (1 - NOISE))
    return float((as_good + 1) / (len(maxima) + 1))


def total_of(mean: Numbers) -> float:
    """Return the number of incidents that expected counts add up to, without the rounding of the sum."""
    return float(np.rint(mean.sum()))


def zone_ratios(chains: Chains, mean: Numbers, draws: Numbers) -> Iterator[tuple[slice, Numbers]]:
    """Yield the weighted log likelihood ratios of all zones on all maps, some chains at a time.

    `mean` is what is expected in each ward, and `draws` has wards in rows and maps in columns. The
    ratios come as chains by steps by maps, and are 0 where no zone ends.
    """
    steps, total = chains.order.shape[1], total_of(mean)
    many = max(1, _CELLS // (steps * draws.shape[1]))
    for start in range(0, len(chains.order), many):
        part = slice(start, start + many)
        inside = np.cumsum(draws[chains.order[part]], axis=1)
        expected = np.cumsum(mean[chains.order[part]], axis=1)[..., np.newaxis]
        ends = chains.ends[part, :, np.newaxis]
        ratios = log_likelihood_ratio(inside, np.where(ends, expected, total / 2), total)
        yield part, np.where(ends, ratios, 0.0) * chains.weight[part, np.newaxis, np.newaxis]


def maxima(chains: Chains, mean: Numbers, draws: Numbers) -> Numbers:
    """Return the largest ratio on each map; wards in rows, maps in columns."""
    best = np.zeros(draws.shape[1])
    for _, ratios in zone_ratios(chains, mean, draws):
        np.maximum(best, ratios.max(axis=(0, 1)), out=best)
    return best
