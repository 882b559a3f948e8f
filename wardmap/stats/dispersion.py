"""How much more than chance counts vary: φ from month to month, κ from year to year.

A ward's count has variance φμ within a year, and φμ + κμ² over years. φ compares how often two events of
one ward share a month with how often two events of different wards do, so that seasons and trends of the
whole district do not count. It is in closed form: the likelihood with every ward's mean plugged in is
inconsistent where tables are long or thin.

Arrays are themes × wards × months. A φ is kept raw, below 1 half the time where it is 1, until it is pooled.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import check_confidence
from wardmap.stats.roots import Rows

FEWEST_MONTHS = 6
FEWEST_WARDS = 2

LARGEST_PHI = 1_000.0
"""An upper limit beyond this is given as infinite."""

_GRID, _HALVINGS = 120, 40


class Moments(NamedTuple):
    """What φ is made of, for each theme: φ = 1 + `excess`/`scale`; and `events`, how many were used."""

    excess: Numbers
    scale: Numbers
    events: Numbers

    @property
    def phi(self) -> Numbers:
        """Return the raw φ of each theme, NaN where it cannot be estimated."""
        known = self.scale > 0
        return np.where(known, 1 + self.excess / np.where(known, self.scale, 1.0), np.nan)


def monthly_moments(counts: Any, *, years: Any = None, districts: Any = None) -> Moments:
    """Return the moments of each theme from counts of themes × wards × months.

    Parameters
    ----------
    counts
        NaN where a ward-month was not observed: that month is then left out for the ward's whole district.
        A ward that was never observed in a year is left out of that year alone.
    years
        A label for each month: months are compared within a year. One year when left out.
    districts
        A label for each ward: wards are compared within a district. One district when left out.

    Returns
    -------
    Moments
        NaN with fewer than six months, or fewer than two wards with events.

    Examples
    --------
    >>> monthly_moments([[[3, 5, 2, 8, 4, 6], [1, 0, 4, 2, 9, 2], [10, 12, 7, 15, 11, 20]]]).phi
    array([1.57320744])
    """
    y = np.asarray(counts, dtype=np.float64)
    months = _enough(y)
    found = _moments(y, years, districts)
    return Moments(*(np.where(months, part, np.nan) for part in found))


def yearly_moments(counts: Any, *, districts: Any = None) -> Moments:
    """Return the same moments from counts of themes × wards × years: φ_Y, with which κ is estimated.

    NaN with one year only, or fewer than two wards with events.
    """
    y = np.asarray(counts, dtype=np.float64)
    found = _moments(y, None, districts)
    return Moments(*(np.where(_enough(y, periods=2), part, np.nan) for part in found))


def pool(moments: Moments, *, concentration: float, degrees: float) -> Numbers:
    """Return the φ of each theme, drawn towards those of the others as far as its own is uncertain.

    Half a standard error is added, because a φ that is too low makes false flags and one that is too high
    only costs power; so it is for a single theme. 1 where φ cannot be estimated.

    Parameters
    ----------
    concentration
        The sum of the squares of the wards' shares of the people, of all districts together.
    degrees
        The number of months less 1; of several years, the sum of that over the years.
    """
    phi = moments.phi
    known = np.isfinite(phi)
    pooled = np.ones(len(phi))
    if not known.any():
        return pooled
    estimate, v = phi[known], _variance(moments, known, concentration, degrees)
    if known.sum() == 1:
        pooled[known] = np.maximum(1.0, estimate + np.sqrt(v) / 2)
        return pooled
    w = 1 / v
    mean = (w * estimate).sum() / w.sum()
    beyond = (w * (estimate - mean) ** 2).sum() - (len(v) - 1)
    tau2 = max(0.0, beyond / (w.sum() - (w**2).sum() / w.sum()))
    u = 1 / (v + tau2)
    mean, own = (u * estimate).sum() / u.sum(), tau2 / (tau2 + v)
    error = np.sqrt(own * v + (1 - own) ** 2 / u.sum())
    pooled[known] = np.maximum(1.0, mean + own * (estimate - mean) + error / 2)
    return pooled


def variance(phi: Any, events: Any, *, concentration: float, degrees: float) -> Numbers:
    """Return the variance of an estimate where the true φ is `phi`: 2φ²h/(T-1) + φ(φ-1)(3φ-1)/C."""
    f = np.maximum(1.0, np.asarray(phi, dtype=np.float64))
    return np.asarray(2 * f**2 * concentration / degrees + f * (f - 1) * (3 * f - 1) / np.asarray(events))


def interval(
    moments: Moments, *, concentration: float, degrees: float, confidence: float = 0.95
) -> tuple[Numbers, Numbers]:
    """Return the limits of the true φ of each theme, none below 1; NaN where there is no estimate.

    An estimate is taken to be φ χ²/ν with the degrees of freedom ν = 2φ²/v(φ) that give it its variance, and
    the limits are the φ under which the estimate is just at the tail.
    """
    check_confidence(confidence)
    tail = (1 - confidence) / 2
    known = np.isfinite(moments.phi)
    found = np.full((2, len(known)), np.nan)
    for limit, chance in zip(found, (1 - tail, tail), strict=True):
        spread = _Spread(moments.events[known], concentration, degrees, chance)
        limit[known] = spread.solve(np.maximum(moments.phi[known], 1e-6))
    return found[0], found[1]


class _Spread(NamedTuple):
    """How estimates of φ scatter, up to the one that they stay below with the probability `chance`."""

    events: Numbers
    concentration: float
    degrees: float
    chance: float

    def quantile(self, phi: Numbers, rows: Rows) -> Numbers:
        """Return the estimate that is at `chance` where the true φ is `phi`."""
        events = self.events[rows]
        v = variance(phi, events, concentration=self.concentration, degrees=self.degrees)
        freedom = 2 * phi**2 / v
        return np.asarray(phi * stats.chi2.ppf(self.chance, freedom) / freedom)

    def solve(self, estimate: Numbers) -> Numbers:
        """Return the least φ under which the estimate is at `chance`: 1 if that is enough, ∞ if none is.

        With few events the lower quantile falls again where φ is large, so that no φ is too large.
        """
        rows = np.arange(len(estimate))
        grid = np.geomspace(1.0, LARGEST_PHI, _GRID)
        reached = np.array([self.quantile(np.full(len(rows), phi), rows) >= estimate for phi in grid])
        first = reached.argmax(axis=0)
        low, high = grid[np.maximum(first - 1, 0)], grid[first]
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            enough = self.quantile(middle, rows) >= estimate
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.where(reached.any(axis=0), high, np.inf)


def _variance(
    moments: Moments, known: np.ndarray[tuple[int], np.dtype[np.bool_]], concentration: float, degrees: float
) -> Numbers:
    """Return the variance of each estimate at the φ of all themes together: their own would be noise."""
    together = max(1.0, 1 + moments.excess[known].sum() / moments.scale[known].sum())
    return variance(together, moments.events[known], concentration=concentration, degrees=degrees)


def _enough(y: Numbers, *, periods: int = FEWEST_MONTHS) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say for each theme whether there are enough periods, observed anywhere, and wards with events."""
    seen = ~np.isnan(y)
    wards = (np.nansum(y, axis=2) > 0).sum(axis=1)
    return np.asarray((seen.any(axis=1).sum(axis=1) >= periods) & (wards >= FEWEST_WARDS))


def _moments(y: Numbers, years: Any, districts: Any) -> Moments:
    """Add up the moments of every district in every year."""
    themes, wards, months = y.shape
    year_of = np.unique(np.zeros(months) if years is None else np.asarray(years), return_inverse=True)[1]
    labels = np.zeros(wards) if districts is None else np.asarray(districts)
    district_of = np.unique(labels, return_inverse=True)[1]
    order = np.argsort(district_of, kind="stable")
    starts = np.flatnonzero(np.diff(district_of[order], prepend=-1))
    excess, scale, events = np.zeros((3, themes))
    columns = [np.flatnonzero(year_of == year) for year in range(year_of.max(initial=-1) + 1)]
    for theme in range(themes):  # one at a time stays in the nearest memory
        ordered = y[theme] if starts.size == 1 else y[theme][order]
        parts = [_within(ordered if len(at) == months else ordered[:, at], starts) for at in columns]
        excess[theme], scale[theme], events[theme] = np.sum(parts, axis=0)
    return Moments(excess, scale, events)


def _within(y: Numbers, starts: np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[float, float, float]:
    """Return the moments of one theme in one year, wards sorted by the districts that begin at `starts`."""
    missing = np.isnan(y)
    if missing.any():
        missing &= ~missing.all(axis=1, keepdims=True)
        gone = np.add.reduceat(missing, starts, axis=0) > 0
        sizes = np.diff(starts, append=len(y))
        y = np.where(np.isnan(y) | np.repeat(gone, sizes, axis=0), 0.0, y)
    wards, squares = y.sum(axis=1), np.einsum("ij,ij->i", y, y)
    months = np.add.reduceat(y, starts, axis=0)
    total, ward2, own2 = (np.add.reduceat(part, starts) for part in (wards, wards**2, squares))
    pairs = total**2 - ward2  # of events of different wards
    shared = np.einsum("ij,ij->i", months, months) - own2
    together = np.divide(shared, pairs, out=np.zeros_like(pairs), where=pairs > 0)
    excess = np.where(pairs > 0, own2 - total - together * (ward2 - total), 0.0)
    scale = np.where(pairs > 0, total * (1 - together), 0.0)
    return float(excess.sum()), float(scale.sum()), float(total[pairs > 0].sum())
