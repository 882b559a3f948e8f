"""How counts of wards spread from month to month: what a dispersion is later worked out from.

A yearly table no longer knows its months, so `count_incidents` keeps the moments of each theme.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.stats.dispersion import monthly_moments

COLUMNS = (
    "dispersion_excess",
    "dispersion_scale",
    "dispersion_events",
    "dispersion_months",
    "dispersion_degrees",
)


def monthly_spread(
    dates: pd.Series,
    *,
    kinds: npt.NDArray[np.intp],
    wards: npt.NDArray[np.intp],
    here: npt.NDArray[np.bool_],
    on_file: npt.NDArray[np.bool_],
    stand_for: npt.NDArray[Any],
    groups: Sequence[Sequence[int]],
    shape: tuple[int, int],
    financial: bool,
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the moments of each theme, and the months that they rest on.

    Parameters
    ----------
    dates, kinds, wards
        Of every row: its date, the position of its kind, and that of its ward.
    here, on_file
        Which rows are counted in a ward, and which were read at all: a month with a row of any kind or
        place is on file, and 0 in a ward then is a true zero.
    stand_for
        How many incidents each row stands for.
    groups
        The kinds that make up each theme.
    shape
        How many kinds and wards there are.
    financial
        Months are compared within a financial year rather than a calendar year.
    """
    months = (dates.dt.year * 12 + dates.dt.month - 1).to_numpy(dtype=np.float64)
    there = np.unique(months[on_file & np.isfinite(months)]).astype(np.int64)
    at = np.searchsorted(there, np.nan_to_num(months, nan=-1).astype(np.int64))
    cells = np.ravel_multi_index((kinds[here], wards[here], at[here]), (*shape, len(there)))
    cube = np.bincount(cells, stand_for[here], int(np.prod(shape)) * len(there)).reshape(*shape, -1)
    years = (there - 3 if financial else there) // 12
    themes = np.stack([cube[list(of)].sum(axis=0) for of in groups])
    moments = monthly_moments(themes, years=years)
    many = np.full(len(groups), float(len(there)))
    degrees = np.full(len(groups), float(sum(np.bincount(years - years.min()).clip(min=1) - 1)))
    numbers = (moments.excess, moments.scale, moments.events, many, degrees)
    return dict(zip(COLUMNS, numbers, strict=True))
