"""Whether yearly totals rise or fall: a straight line through their logarithms, and permuted years.

The months of a year are alike for reasons that do not return, so what counts as independent is the year.
Mann-Kendall and Sen's slope are in `kendall`.
"""

from functools import lru_cache
from itertools import combinations, permutations
from typing import Any, NamedTuple

import numpy as np
from scipy import special

from wardmap.stats.checks import Numbers

FEWEST_YEARS = 5
"""With fewer, nothing can be told."""

EXACT_UP_TO = 7
"""Years up to which every order of them is looked at: 5,040 of seven."""

DRAWS = 9_999

_ZERO = 0.5  # what a year without incidents counts as: its logarithm is needed


class LogLine(NamedTuple):
    """The slope of the logarithm in a unit of time, its t and two-sided p. exp(slope) - 1 is the growth."""

    slope: Numbers
    t: Numbers
    p: Numbers
    error: Numbers
    freedom: Numbers


def log_line(totals: Any, times: Any) -> LogLine:
    """Fit a line to the logarithms of the totals of each row, t with two degrees of freedom less than years.

    Parameters
    ----------
    totals
        Rows × years. NaN where a year was not observed; it is passed over. A total of 0 counts as a half.
    times
        When each year was: gaps stay gaps.

    Returns
    -------
    LogLine
        NaN with fewer than three years, or where they are all of one time. Whether so few are enough to
        speak of is for the caller: `FEWEST_YEARS`. p is 0 where the line is perfect, 1 where it is level.

    Examples
    --------
    >>> line = log_line([[13, 14, 16, 20, 20]], [2014, 2015, 2016, 2017, 2018])
    >>> [float(part[0].round(6)) for part in line[:3]]
    [0.121824, 6.702851, 0.006776]
    """
    y = np.asarray(totals, dtype=np.float64)
    seen = ~np.isnan(y)
    log = np.where(seen, np.log(np.where(seen & (y > 0), y, _ZERO)), 0.0)
    when = np.broadcast_to(np.asarray(times, dtype=np.float64), y.shape)
    number = seen.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(seen, when - (when * seen).sum(axis=-1, keepdims=True) / number[..., np.newaxis], 0.0)
        middle = log.sum(axis=-1) / number
        spread = (x**2).sum(axis=-1)
        slope = np.where(number > 2, (x * log).sum(axis=-1) / spread, np.nan)
        residual = np.where(seen, log - middle[..., np.newaxis] - slope[..., np.newaxis] * x, 0.0)
        left = (residual**2).sum(axis=-1)
        freedom = np.where(number > 2, number - 2.0, np.nan)
        # what rounding leaves of a perfect line is nothing
        left = np.where(left <= 1e-26 * np.maximum(1.0, (log**2).sum(axis=-1)), 0.0, left)
        level = (left == 0) & (np.abs(slope) * np.sqrt(spread) <= 1e-13 * np.maximum(1.0, np.abs(middle)))
        error = np.sqrt(left / freedom / spread)
        t = np.where(level, 0.0, slope / error)
        p = np.where(np.isnan(slope), np.nan, 2 * special.stdtr(freedom, -np.abs(t)))
    return LogLine(np.where(level, 0.0, slope), t, p, error, freedom)


def log_line_limits(line: LogLine, confidence: float) -> tuple[Numbers, Numbers]:
    """Return the limits of the slope."""
    width = special.stdtrit(line.freedom, 0.5 + confidence / 2) * line.error
    return line.slope - width, line.slope + width


class PermutedYears(NamedTuple):
    """S, its two-sided p over orders of whole years, and the smallest p that there could be."""

    s: Numbers
    p: Numbers
    attainable_p: float


def permuted_years(values: Any, *, seed: int = 0) -> PermutedYears:
    """Test each row for a trend without assuming that its seasons are independent or normal.

    S adds up, over all pairs of years and all seasons, whether the later one is higher (1) or lower (-1).
    p is the share of the orders of the years with an S as far from 0: of all of them up to seven years, else
    of 9,999 drawn ones, the observed order among them. Years are moved whole, with their seasons.

    Parameters
    ----------
    values
        Rows × years × seasons, years in order. A season counts in the pairs of years in which it was
        observed.

    Examples
    --------
    >>> found = permuted_years([[[3, 10], [5, 9], [4, 12], [7, 13], [8, 12]]])
    >>> found.s, found.p
    (array([13.]), array([0.1]))
    """
    y = np.asarray(values, dtype=np.float64)
    years = y.shape[1]
    signs, exact = _signs(years, seed)
    pairs = list(combinations(range(years), 2))
    later, earlier = [j for _, j in pairs], [i for i, _ in pairs]
    rise = np.nan_to_num(np.sign(y[:, later] - y[:, earlier])).sum(axis=2)
    s = rise.sum(axis=1)
    found = np.zeros(len(y))
    step = max(1, 4_000_000 // len(signs))
    for start in range(0, len(y), step):
        part = slice(start, start + step)
        found[part] = (np.abs(rise[part] @ signs.T) >= np.abs(s[part, np.newaxis]) - 0.5).sum(axis=1)
    p = found / len(signs) if exact else (found + 1) / (len(signs) + 1)
    return PermutedYears(s, p, min(1.0, 2 / len(signs)) if exact else 1 / (len(signs) + 1))


@lru_cache(maxsize=8)
def _signs(years: int, seed: int) -> tuple[Numbers, bool]:
    """Return for each order of the years whether the years of each pair keep their order, 1, or not, -1."""
    exact = years <= EXACT_UP_TO
    if exact:
        places = np.array(list(permutations(range(years))))
    else:
        places = np.random.default_rng(seed).permuted(np.tile(np.arange(years), (DRAWS, 1)), axis=1)
    earlier, later = (np.array(ends, dtype=int) for ends in zip(*combinations(range(years), 2), strict=True))
    return np.sign(places[:, later] - places[:, earlier]).astype(np.float64), exact
