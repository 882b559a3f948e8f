"""One theme and period out of a ward table, chosen the same way by every room."""

from collections.abc import Hashable

import pandas as pd

from wardmap.errors import InputError, listed
from wardmap.schema.checks import nearest, require
from wardmap.schema.tables import WARD_TABLE
from wardmap.stats.time_order import in_time_order
from wardmap.themes import ALL_CRIME


def select(table: pd.DataFrame, theme: str | None = None, period: str | None = None) -> pd.DataFrame:
    """Return the rows of one theme and period, index and columns as they are.

    Left out, the theme is `all crime` or the only one there is, and the period is the last: the
    latest where labels begin with a year, as wardmap's own do, and otherwise the last to appear.
    """
    require(table, WARD_TABLE, [])
    if table.empty:
        raise InputError("The ward table has no rows.", mend=WARD_TABLE.columns[0].writer)
    themes = table.index.get_level_values("theme")
    table = table.loc[themes == _theme(list(themes.unique()), theme)]
    periods = table.index.get_level_values("period")
    return table.loc[periods == _period(list(periods.unique()), period)]


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
