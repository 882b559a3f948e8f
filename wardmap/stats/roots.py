"""Where rising functions reach 0, and the limits that are such roots, for many rows at once."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from wardmap.stats.checks import Numbers

Rows = npt.NDArray[np.intp]
Sides = Callable[[Numbers, Rows], tuple[Numbers, Numbers]]
"""Takes values of a logarithm and the rows they are for; returns the sums below and above the count."""

CLOSE = 1e-13
"""Roots are right to about this: where x is a logarithm, it is a share of what it stands for."""

_LONGEST = 4.0  # of a step into the unknown
_STEPS = 200


class Side(NamedTuple):
    """Which limit is sought: upper or lower, with `tail` beyond it; `mid`: the count counts half."""

    upper: bool
    tail: float
    mid: bool

    @property
    def z(self) -> float:
        """Return the normal quantile, negative for a lower limit."""
        return float(special.ndtri(1 - self.tail if self.upper else self.tail))


def limits(sides: Sides, start: Numbers, error: Numbers, side: Side) -> Numbers:
    """Return the limit of each row on the scale of logarithms.

    It is where the log odds of the tail are those of `side.tail`: near to a straight line, and free of
    differences between numbers that are nearly equal.

    Parameters
    ----------
    sides
        The sums of probabilities below and above the observed count, as multiples of its own.
    start, error
        A guess for each row, and about how large the standard error is.
    """
    own_above, own_below = (0.5, 0.5) if side.mid else (1 - side.upper, side.upper)
    target = np.log(side.tail / (1 - side.tail)) * (-1 if side.upper else 1)

    def distance(x: Numbers, rows: Rows) -> Numbers:
        below, above = sides(x, rows)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(own_above + above) - np.log(own_below + below) - target)

    density = np.exp(-(side.z**2) / 2) / np.sqrt(2 * np.pi)
    return rising_root(distance, start, density / (side.tail * (1 - side.tail)) / error)


class _At(NamedTuple):
    """Where the search stands: here, the point before, and the interval that holds the root."""

    x: Numbers
    value: Numbers
    before: Numbers
    value_before: Numbers
    slope: Numbers
    low: Numbers
    high: Numbers


def rising_root(function: Callable[[Numbers, Rows], Numbers], start: Numbers, slope: Numbers) -> Numbers:
    """Return for each row the x at which the function, which rises with x, is 0.

    A secant through the last two points, and a halving of the interval wherever the secant leaves it: few
    steps where functions are near to straight lines.

    Parameters
    ----------
    function
        Takes values of x and the rows they are for. It may be infinite, never NaN.
    start, slope
        A guess for each row, and how steep the function is about there.
    """
    roots = start.copy()
    rows = np.arange(len(start))
    low, high = np.full(len(start), -np.inf), np.full(len(start), np.inf)
    x, before, value_before = start, np.full(len(start), np.nan), np.full(len(start), np.nan)
    for _ in range(_STEPS):
        if not len(rows):
            break
        value = function(x, rows)
        low, high = np.where(value <= 0, x, low), np.where(value >= 0, x, high)
        ahead, error = _next(_At(x, value, before, value_before, slope, low, high))
        roots[rows] = ahead
        keep = (error > CLOSE) & (high - low > CLOSE)
        before, value_before, x = x[keep], value[keep], ahead[keep]
        rows, slope, low, high = rows[keep], slope[keep], low[keep], high[keep]
    return roots


def _next(at: _At) -> tuple[Numbers, Numbers]:
    """Return where to look next, always inside the interval that holds the root, and how far off that is.

    The error of a secant is about the product of the two steps, if the curve bends no more than a circle
    of radius 1 does; that of anything else is taken to be a whole step.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        secant = (at.value - at.value_before) / (at.x - at.before)
        usable = (secant > 0) & np.isfinite(secant)
        step = -at.value / np.where(usable, secant, at.slope)
        ahead = at.x + np.clip(step, -_LONGEST, _LONGEST)
        middle = np.where(np.isfinite(at.low) & np.isfinite(at.high), (at.low + at.high) / 2, ahead)
        inside = (ahead > at.low) & (ahead < at.high)
        error = np.abs(step) * np.where(usable & inside, np.minimum(np.abs(at.x - at.before), 1.0), 1.0)
    settled = (at.value == 0) | (usable & (np.abs(step) <= CLOSE))
    return np.where(settled, at.x, np.where(inside, ahead, middle)), np.where(settled, 0.0, error)
