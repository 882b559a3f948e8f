"""One theme and period out of a ward table, chosen the same way by every room."""

from collections.abc import Hashable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.errors import InputError, listed
from wardmap.schema.checks import nearest, require
from wardmap.schema.tables import WARD_TABLE
from wardmap.stats.time_order import in_time_order
from wardmap.themes import ALL_CRIME


def select(table: pd.DataFrame, theme: str | None = None, period: str | None = None) -> pd.DataFrame:
    """Return the rows of one theme and period, index and columns as they are.

    Left out, the theme is `all crime` or the only one there is, and the period is the last in time
    (`stats.time_order`).
    """
    require(table, WARD_TABLE, [])
    if table.empty:
        raise InputError("The ward table has no rows.", mend=WARD_TABLE.columns[0].writer)
    themes = table.index.get_level_values("theme")
    table = table.loc[themes == _theme(list(themes.unique()), theme)]
    periods = table.index.get_level_values("period")
    return table.loc[periods == _period(list(periods.unique()), period)]


class Families(NamedTuple):
    """Where each row of a ward table stands: the number of its theme and period, and of its ward.

    Both from 0: themes and periods as they come, wards in the order of their codes.
    """

    family: npt.NDArray[np.intp]
    ward: npt.NDArray[np.intp]

    def laid_out(self, column: pd.Series) -> npt.NDArray[np.float64]:
        """Return a column as families by wards, in the order of their codes; NaN where there is no row."""
        shape = int(self.family.max(initial=-1)) + 1, int(self.ward.max(initial=-1)) + 1
        values = np.full(shape, np.nan)
        values[self.family, self.ward] = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return values


def families(table: pd.DataFrame | pd.Index) -> Families:
    """Return which rows of a ward table, or of its index, are of one theme and period, and of one ward."""
    # By the index's own codes: the labels of millions of rows, laid out, would take most of the memory.
    index: Any = table if isinstance(table, pd.Index) else table.index
    theme, period, ward = (np.asarray(level, dtype=np.intp) for level in index.codes)
    family, _ = pd.factorize(theme * (len(index.levels[1]) + 1) + period)
    there = np.unique(ward)
    order = sorted(there.tolist(), key=lambda at: str(index.levels[2][at]))
    position = np.empty(int(there.max(initial=-1)) + 2, dtype=np.intp)
    position[order] = np.arange(len(order))
    return Families(family, position[ward])


def in_order(table: pd.DataFrame) -> list[str]:
    """Return the table's periods as text, in order of time."""
    return in_time_order(map(str, table.index.unique("period")))


def _theme(there: list[Hashable], wanted: str | None) -> Hashable:
    if wanted is not None:
        return _same("theme", there, wanted)
    if len(there) > 1 and ALL_CRIME not in there:
        raise InputError(
            "The ward table has several themes, and one is needed here.",
            f"themes: {listed(there, 20)}",
            mend=f"theme={str(there[0])!r}",
        )
    return there[0] if len(there) == 1 else ALL_CRIME


def _period(there: list[Hashable], wanted: str | None) -> Hashable:
    if wanted is not None:
        return _same("period", there, wanted)
    return in_time_order(there)[-1]


def _same(what: str, there: list[Hashable], wanted: str) -> Hashable:
    for label in there:
        if str(label) == str(wanted):
            return label
    near = nearest(wanted, there)
    raise InputError(
        f"The ward table has no {what} {str(wanted)!r}.",
        f"{what}s found, nearest first: {listed(near, 8)}",
        mend=f"{what}={near[0]!r}",
    )
