"""Maps of counts as dispersion gives them: the null hypothesis of a scan, and of every simulation.

Given their total, counts with variance φ times the mean are Dirichlet-multinomial: each ward's risk is drawn
from a gamma distribution, and the events fall by the risks. At φ = 1 the risks are the shares.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from wardmap.errors import InputError
from wardmap.stats.checks import Numbers, at_least_one


def draw_counts(
    total: int,
    share: Any,
    phi: float,
    *,
    maps: int,
    random: np.random.Generator,
    kappa: float = 0.0,
    years: int = 1,
) -> npt.NDArray[np.int64]:
    """Return maps × wards of counts that add up to `total`.

    Parameters
    ----------
    share
        What each ward is expected to have of the total, up to a factor: its people, say.
    phi, kappa, years
        The dispersion of months; what years add to it; and how many years the total is of, over which what
        they add is spread.

    Examples
    --------
    >>> draw_counts(60, [1, 2, 3], 2.0, maps=2, random=np.random.default_rng(0)).sum(axis=1)
    array([60, 60])
    """
    s = _shares(share)
    dispersion = at_least_one(phi) + kappa / years * total * s
    risks = draw_risks(total, s, dispersion, maps=maps, random=random)
    return np.asarray(random.multinomial(total, risks), dtype=np.int64)


def draw_risks(
    total: float, share: Numbers, phi: Numbers, *, maps: int, random: np.random.Generator
) -> Numbers:
    """Return maps × wards of risks that add up to 1: g ~ Gamma(Cs/d) d, and each ward's part of them."""
    d = np.broadcast_to(at_least_one(phi) - 1, share.shape)
    mean = np.broadcast_to(total * share, (maps, len(share)))
    spread = (d > 0) & (mean > 0)
    g = np.where(spread, random.gamma(np.divide(mean, d, out=np.ones_like(mean), where=spread)) * d, mean)
    sums = g.sum(axis=1, keepdims=True)
    # so few events and so much dispersion that every number is too small to hold: all risk is in one ward
    lost = np.flatnonzero(sums[:, 0] <= 0)
    g[lost] = np.eye(len(share))[random.choice(len(share), size=len(lost), p=share)]
    return np.asarray(g / np.where(sums > 0, sums, 1.0))


def _shares(share: Any) -> Numbers:
    s = np.asarray(share, dtype=np.float64)
    if not (np.isfinite(s) & (s >= 0)).all() or not s.sum() > 0:
        raise InputError("What wards are expected to have must be numbers from 0 up, not all of them 0.")
    return np.asarray(s / s.sum())
