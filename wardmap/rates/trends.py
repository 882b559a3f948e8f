"""`trend`: whether a ward has been rising or falling over many periods."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from wardmap import schema
from wardmap.errors import IncompleteWarning, InputError, ResolutionWarning, counted, listed, warn
from wardmap.method import Method
from wardmap.rates.change import Breaks, check_breaks
from wardmap.rates.status import verdict
from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import check_confidence
from wardmap.stats.kendall import EXACT_UP_TO, mann_kendall

_SEASONAL = re.compile(r"(\d{4})(-\d{2}| Q[1-4])")
_YEARLY = re.compile(r"(\d{4})(/\d{2})?")


def trend(
    table: pd.DataFrame,
    *,
    column: str = "incidents",
    confidence: float = 0.95,
    breaks: Breaks | None = None,
    into: str = "trend",
) -> pd.DataFrame:
    """Return, for every theme and ward, whether it has been rising or falling, and how fast.

    Answers: is this a trend, or ups and downs? Months are compared with the same month of other
    years, and quarters with the same quarter, never with the one before.

    Parameters
    ----------
    table
        The ward table with several periods of equal length.
    column
        What to look at: `incidents`, or `rate` where populations change.
    confidence
        Between 0 and 1: p below 1 - confidence makes a trend.
    breaks
        For each theme, the periods that are the first of a new way of recording. What lies before the
        last of them is left out.
    into
        The prefix of the columns, so that trends of two columns can be joined.

    Returns
    -------
    DataFrame
        Index `theme`, `ward_code`: `ward_name` where there was one, `trend_periods` (how many were
        used), `trend_since` (the first of them), `trend_break` (boolean: earlier ones were left out
        because of a break), `trend_s` (Mann-Kendall's S), `trend_p` (two-sided, not corrected for the
        number of wards), `trend_attainable_p` (the smallest p that so few periods could give; 0 where
        the normal distribution was used), `trend_slope` (Sen's: the median change in a year, gaps between
        years allowed for, or in a period where labels are no years; null with fewer than two values),
        `trend_status` (`rose`, `fell`, `cannot tell`) and `trend_method`.

    Raises
    ------
    InputError
        There is one period only; periods of unequal length; a break that the table does not have; a
        column that holds no numbers.

    Warns
    -----
    IncompleteWarning
        Periods with missing months are left out.
    ResolutionWarning
        So few periods that no series could ever be told from chance.

    Notes
    -----
    Mann-Kendall with Sen's slope (1968, https://doi.org/10.1080/01621459.1968.10480934). p is exact up
    to ten values, ties allowed for, and normal beyond. With four values the smallest two-sided p is
    .083: three yearly columns beside a baseline can never show a trend. Values are taken as
    independent, so no overlapping windows such as three-year rolling sums. Null values are passed over.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", str(year), "E05000001") for year in range(2010, 2016)]
    >>> index = pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"])
    >>> found = wm.rates.trend(pd.DataFrame({"incidents": [90, 84, 80, 73, 71, 60]}, index=index))
    >>> found[["trend_slope", "trend_p", "trend_status"]].round(4).values.tolist()
    [[-5.6667, 0.0028, 'fell']]
    """
    schema.require(table, schema.WARD_TABLE, [column])
    check_confidence(confidence)
    given = check_breaks(breaks, table)
    every = schema.in_order(table)
    order = schema.in_order(_without_incomplete(table))
    if len(order) < 2:
        raise InputError("A trend needs at least two complete periods.", f"periods: {listed(order)}")
    _refuse_unequal(table, order)
    seasons, times, unit = _seasons(order, every)
    labels = table.index.get_level_values("period").astype(str)
    wide = _wide(table.loc[labels.isin(order), column], order)
    begin = _begin(wide.index.get_level_values("theme"), given, every, order)
    values = wide.to_numpy(dtype=float, na_value=np.nan, copy=True)
    values[np.arange(len(order)) < begin[:, None]] = np.nan
    used = ~np.isnan(values)
    groups = [seasons == season for season in np.unique(seasons)]
    found = [
        mann_kendall([(times[group & ok], row[group & ok]) for group in groups])
        for row, ok in zip(values, used, strict=True)
    ]
    _warn_of_few(np.stack([used[:, group].sum(axis=1) for group in groups]), 1 - confidence)
    p = np.array([each.p for each in found])
    attainable = np.array([each.attainable_p for each in found])
    sign = np.array([each.s for each in found])
    first = np.where(used.any(axis=1), used.argmax(axis=1), -1)
    names = {"ward_name": _names(table, wide.index)} if "ward_name" in table else {}
    return schema.write(
        pd.DataFrame(names, index=wide.index),
        into,
        schema.named(
            {
                "trend_periods": used.sum(axis=1),
                "trend_since": pd.array([order[i] if i >= 0 else None for i in first], dtype="string"),
                "trend_break": begin > 0,
                "trend_s": sign,
                "trend_p": p,
                "trend_attainable_p": attainable,
                "trend_slope": [each.slope for each in found],
                "trend_status": verdict(sign, p, confidence, schema.CHANGES),
            },
            into,
            root="trend",
        ),
        Method(
            f"Mann-Kendall on {column}, {'each season with its own' if len(groups) > 1 else 'over time'}",
            test=f"two-sided, exact up to {EXACT_UP_TO} values, not corrected for the number of wards",
            notes=(f"Sen's slope, in a {unit}",),
        ),
        root="trend",
    )


def _without_incomplete(table: pd.DataFrame) -> pd.DataFrame:
    if "complete" not in table or table["complete"].all():
        return table
    gaps = table.index[~table["complete"]].unique("period")
    warn(
        IncompleteWarning,
        f"{counted(len(gaps), 'period')} with missing months left out of the trend.",
        f"periods: {listed(gaps)}",
        mend="read the files of the missing months, or choose periods that are complete.",
    )
    return table[~table.index.get_level_values("period").isin(gaps)]


def _refuse_unequal(table: pd.DataFrame, order: list[str]) -> None:
    if "months" not in table:
        return
    months = table["months"].groupby(level="period").max().rename(index=str).loc[order]
    if (months != months.iloc[0]).any():
        raise InputError(
            "The periods differ in how many months they have.",
            f"months: {listed(f'{period}: {number}' for period, number in months.items())}",
            mend='count with by_period="year", "quarter" or "month"',
        )


def _seasons(order: list[str], every: list[str]) -> tuple[npt.NDArray[np.str_], Numbers, str]:
    """Return each period's season, its time, and the unit of time: a year wherever labels say the year.

    Other periods are numbered among all those of the table, so that one left out leaves a gap in time.
    """
    parts = [_SEASONAL.fullmatch(label) for label in order]
    if all(parts):
        return np.array([p[2] for p in parts if p]), np.array([float(p[1]) for p in parts if p]), "year"
    alike = np.array([""] * len(order))
    years = [float(p[1]) for label in order if (p := _YEARLY.fullmatch(label))]
    if len(set(years)) == len(order):
        return alike, np.array(years), "year"
    return alike, np.array([float(every.index(label)) for label in order]), "period"


def _begin(
    themes: pd.Index, breaks: dict[str, set[str]], every: list[str], order: list[str]
) -> npt.NDArray[np.int_]:
    """Return how many of the periods used lie before the last break of each row's theme."""
    last = {theme: max(map(every.index, periods), default=0) for theme, periods in breaks.items()}
    before = {theme: sum(every.index(period) < at for period in order) for theme, at in last.items()}
    return np.array([before.get(str(theme), 0) for theme in themes], dtype=int)


def _wide(values: pd.Series, order: list[str]) -> pd.DataFrame:
    """Return periods in columns, a row for each theme and ward in the order in which they came."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        raise InputError(f"Column {values.name!r} holds no numbers.", f"it holds: {values.dtype}")
    rows = values.reset_index("period").index.unique()
    return values.rename(index=str, level="period").unstack("period").loc[rows, order]  # noqa: PD010


def _names(table: pd.DataFrame, rows: pd.Index) -> Any:
    names = table["ward_name"].droplevel("period")
    return names[~names.index.duplicated()].reindex(rows).array


def _warn_of_few(numbers: npt.NDArray[np.int_], needed: float) -> None:
    """Warn where not even values that all rise could be told from chance: one order of them all."""
    least = 2 * np.exp(-special.gammaln(numbers + 1.0).sum(axis=0)).min()
    if least >= needed:
        warn(
            ResolutionWarning,
            "There are too few periods for any trend to be told from chance.",
            f"smallest p within reach: {min(1.0, least):.3f}; needed: below {needed:.3g}",
            mend="use more periods (five years at least), or compare two of them with compare_periods.",
        )
