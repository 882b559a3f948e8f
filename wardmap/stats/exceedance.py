"""How sure is it that a ward's true rate is so high? Draws of the true rates, given counts and φ.

Wards' rates have a gamma distribution with a mean and a coefficient of variation CV = 1/√a, neither of which
is known: both are drawn. A count with dispersion φ tells as much as one of O/φ by chance. With one year of
data the draws are of that year only, unless φ holds κ besides (Richardson et al. 2004, doi:10.1289/ehp.6740).
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import special

from wardmap.stats.checks import Numbers, at_least_one, whole_counts

LARGEST_CV = 1.5
_GRID = 300


class Posterior(NamedTuple):
    """The shape and the rate of the gamma distribution of each ward's true rate."""

    shape: Numbers
    rate: Numbers

    def at_least(self, level: Any) -> Numbers:
        """Return the probability that the true rate is at least this."""
        return np.asarray(special.gammaincc(self.shape, self.rate * np.asarray(level, dtype=np.float64)))


def posterior(count: Any, people: Any, phi: Any, *, shape: Any, rate: Any) -> Posterior:
    """Return the distribution of the true rate where that of all wards is known: Gamma(`shape`, `rate`).

    Examples
    --------
    >>> posterior(12, 5, [1.0, 2.0, 2.2], shape=4, rate=4).at_least(1.5).round(6)
    array([0.717793, 0.489571, 0.462592])
    """
    f = at_least_one(phi)
    return Posterior(
        np.asarray(shape + whole_counts(count) / f),
        np.asarray(rate + np.asarray(people, dtype=np.float64) / f),
    )


def cv_weights(count: Any, people: Any, phi: Any) -> tuple[Numbers, Numbers]:
    """Return a grid of CV and the posterior probability of each, all equally likely beforehand up to 1.5.

    The likelihood is that of effective counts O/φ around the rate of all wards together.
    """
    o, n, f = _district(count, people, phi)
    cv = (np.arange(_GRID) + 0.5) * (LARGEST_CV / _GRID)
    a = (1 / cv**2)[:, np.newaxis]
    effective = o / f
    expected = n / f * ((o / f).sum() / (n / f).sum())
    # a ward's own terms are the same for every CV
    log = (
        special.gammaln(a + effective)
        - special.gammaln(a)
        - a * np.log1p(expected / a)
        - effective * np.log(a + expected)
    ).sum(axis=1)
    weight = np.exp(log - log.max())
    return np.asarray(cv), np.asarray(weight / weight.sum())


def draw_rates(
    count: Any,
    people: Any,
    phi: Any,
    *,
    draws: int,
    random: np.random.Generator,
    cv: float | None = None,
    coming_year: float = 0.0,
) -> Numbers:
    """Return draws × wards of the true rates, in events for each unit of `people`.

    Parameters
    ----------
    count, people
        Of all years together: the people are person-years. A ward without people has NaN.
    phi
        The dispersion, a number or one for each ward: φ + κ × the ward's yearly expected count where the
        draws are to speak of other years.
    cv
        The coefficient of variation of the wards' rates, if it is to be taken as known.
    coming_year
        κ, where the draws are to be of one year to come and not of the years' average: it has an effect of
        its own, which no number of past years tells.
    """
    o, n, f = _district(count, people, phi)
    lived = n > 0
    rates = np.full((draws, len(o)), np.nan)
    if not lived.any() or not draws:
        return rates
    o, n, f = o[lived], n[lived], f[lived]
    if cv is None:
        grid, weight = cv_weights(o, n, f)
        spread = random.choice(grid, size=draws, p=weight)
    else:
        spread = np.full(draws, max(cv, 1e-4))
    mean = random.gamma((o / f).sum() + 0.5, size=draws) / (n / f).sum()
    a = (1 / spread**2)[:, np.newaxis]
    found = posterior(o, n, f, shape=a, rate=a / mean[:, np.newaxis])
    rates[:, lived] = random.gamma(found.shape) / found.rate
    if coming_year > 0:
        rates *= random.gamma(1 / coming_year, coming_year, size=rates.shape)
    return rates


def ratios_to_rest(rates: Numbers, people: Any) -> Numbers:
    """Return draws × wards of each ward's true rate over that of all others together."""
    n = np.where(np.isnan(rates[0]) if len(rates) else False, 0.0, np.asarray(people, dtype=np.float64))
    events = np.nan_to_num(rates) * n
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (events.sum(axis=1, keepdims=True) - events) / (n.sum() - n)
        return np.asarray(rates / rest)


def exceedance(rates: Numbers, people: Any, ratio: float) -> Numbers:
    """Return for each ward the probability that its true rate is at least `ratio` times that of the rest."""
    found = ratios_to_rest(rates, people)
    return np.where(np.isnan(found).all(axis=0), np.nan, (found >= ratio).mean(axis=0))


def ranks(rates: Numbers) -> Numbers:
    """Return draws × wards of the rank of each true rate, 1 the highest; NaN where there is none."""
    order = np.argsort(np.where(np.isnan(rates), np.inf, -rates), axis=1)
    rank = np.empty_like(rates)
    np.put_along_axis(rank, order, np.arange(1.0, rates.shape[1] + 1)[np.newaxis], axis=1)
    return np.where(np.isnan(rates), np.nan, rank)


def _district(count: Any, people: Any, phi: Any) -> tuple[Numbers, Numbers, Numbers]:
    """Return counts, people and φ of each ward; one that was not observed has neither events nor people."""
    o, n, f = np.broadcast_arrays(
        whole_counts(count), np.asarray(people, dtype=np.float64), at_least_one(phi)
    )
    seen = ~np.isnan(o) & (n > 0) & ~np.isnan(f)
    return np.where(seen, o, 0.0), np.where(seen, n, 0.0), np.where(seen, f, 1.0)
