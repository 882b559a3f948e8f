"""The gamma-Poisson model of counts: how much of the spread between wards is more than chance.

A ward's true rate is drawn from a gamma distribution that the wards share, and its count is Poisson
around that rate. Fitting the gamma to all wards says how far each observed rate should be drawn
towards the mean (Clayton and Kaldor 1987, doi:10.2307/2532003). Smoothing, rank intervals and
excess over expectation all rest on this one fit.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

Floats = npt.NDArray[np.float64]

_ALL_BUT_POISSON = 1e8  # with a shape beyond this, wards differ by less than a hundredth of a per cent


@dataclass(frozen=True, slots=True)
class GammaPoisson:
    """A gamma distribution of rates: `mean` per unit of population, `shape` the larger the more alike.

    With an infinite shape, chance alone explains how the counts differ.
    """

    shape: float
    mean: float

    def smoothed(self, incidents: Floats, population: Floats) -> Floats:
        """Return each ward's expected rate, given its count: between its own rate and the mean."""
        weight = self.weight(population)
        own = np.full(len(population), self.mean)
        np.divide(incidents, population, out=own, where=population > 0)
        smoothed: Floats = weight * own + (1 - weight) * self.mean
        return smoothed

    def weight(self, population: Floats) -> Floats:
        """Return the weight, 0 to 1, that each ward's own rate deserves beside the mean."""
        expected = self.mean * population
        return np.zeros(len(population)) if np.isinf(self.shape) else expected / (expected + self.shape)

    def draws(
        self, incidents: Floats, population: Floats, number: int, random: np.random.Generator
    ) -> Floats:
        """Return `number` draws of every ward's rate from its posterior, one row per draw."""
        if np.isinf(self.shape):
            return np.full((number, len(population)), self.mean)
        shape = self.shape + incidents
        return random.gamma(shape, size=(number, len(shape))) / (self.shape / self.mean + population)


def fit(incidents: Floats, population: Floats) -> GammaPoisson:
    """Fit the gamma by maximum likelihood of the negative binomial counts that follow from it.

    Wards without population carry no information and are left out. Counts may be zero; they may not
    all be zero: then, as where chance alone explains the spread, `shape` is infinite.
    """
    order = np.lexsort((incidents, population))  # the order of rows must not move the last digits
    order = order[population[order] > 0]
    observed, people = incidents[order], population[order]
    if not observed.sum():
        return GammaPoisson(np.inf, 0.0)
    pooled = float(observed.sum() / people.sum())
    expected = pooled * people
    # The slope of the likelihood where all wards are alike: if it falls from there, they are.
    if ((observed - expected) ** 2 - observed).sum() <= 0:
        return GammaPoisson(np.inf, pooled)
    best = minimize_scalar(
        lambda log_shape: -_likelihood(np.exp(log_shape), observed, people, pooled),
        bounds=(np.log(1e-6), np.log(_ALL_BUT_POISSON)),
        method="bounded",
        options={"xatol": 1e-9},
    )
    shape = float(np.exp(best.x))
    return GammaPoisson(shape, _mean(shape, observed, people, pooled))


def _likelihood(shape: float, observed: Floats, people: Floats, start: float) -> float:
    expected = _mean(shape, observed, people, start) * people
    return float(
        (
            gammaln(observed + shape)
            - gammaln(shape)
            + observed * np.log(expected / (expected + shape))
            - shape * np.log1p(expected / shape)
        ).sum()
    )


def _mean(shape: float, observed: Floats, people: Floats, start: float) -> float:
    """Return the mean that is most likely with this shape.

    Where the likelihood is flat in the mean, the mean is the average of the wards' own rates, each with
    the weight that it has at that mean; the average is repeated until it stands still.
    """
    mean = start
    for _ in range(1000):
        weight = mean * people / (mean * people + shape)
        better = float((weight * observed / people).sum() / weight.sum())
        if abs(better - mean) <= 1e-14 * mean:
            return better
        mean = better
    return mean
