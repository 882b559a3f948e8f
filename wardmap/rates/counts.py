"""`count_incidents`: ward by theme by period, with every combination present and true zeros."""

from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, counted, listed
from wardmap.themes import Groups, with_all_crime

Period = Literal["all", "year", "financial year", "quarter", "month"]


def count_incidents(
    incidents: pd.DataFrame, wards: gpd.GeoDataFrame, *, period: Period = "year", themes: Groups | None = None
) -> pd.DataFrame:
    """Count incidents in every ward, for every theme and period, zeros included.

    Answers: how many were recorded here? This begins the ward table; every later verb adds columns.

    Parameters
    ----------
    incidents
        The incidents table after `assign_wards`.
    wards
        The wards table. Wards of the halo are not reported.
    period
        `month`, `quarter`, `year` (calendar), `financial year` (April to March), or `all`: one
        period from the first month to the last. A month without any row on file is missing, not
        zero: `months` says how many a period has.
    themes
        Named groups of types: `{"violence": ["Violence with injury", "Violence without injury"]}`.
        By default each type is a theme, and `all crime` adds up the types that are crimes:
        anti-social behaviour and road collisions are not.

    Returns
    -------
    DataFrame
        The ward table, index `theme`, `period`, `ward_code`: `ward_name`, `incidents` (whole
        number), `months` (how many months of the period are on file), `incidents_method`.

    Raises
    ------
    InputError
        A theme names a type that is not in the file; a counted row has no date.
    AlignmentError
        The incidents were assigned to other wards than these.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    >>> table = wm.count_incidents(incidents, wards, period="financial year")
    >>> int(table.loc[("all crime", "2016/17"), "incidents"].idxmax() == "E05006918")
    1
    """
    schema.require(incidents, schema.INCIDENTS, ["ward_code", "match", "theme", "date"])
    schema.require(wards, schema.WARDS, ["ward_name", "vintage", "halo"])
    if period not in get_args(Period):
        raise InputError(
            f"There is no period {period!r}.", mend=f"period= one of {', '.join(get_args(Period))}"
        )
    _refuse_other_wards(incidents, wards)
    reported = wards[~wards["halo"]].sort_index()
    ward_of = _positions(incidents["ward_code"], reported.index)
    rows = ward_of >= 0
    _refuse_undated(incidents[rows])
    types = sorted(incidents["theme"].astype(object).unique())
    groups = with_all_crime(types) if themes is None else {name: tuple(of) for name, of in themes.items()}
    _refuse_unknown_types(groups, types)
    periods, period_of, months = _periods(incidents["date"], period)

    cube = _cube(
        pd.Categorical(incidents["theme"], categories=types).codes[rows],
        period_of[rows],
        ward_of[rows],
        (len(types), len(periods), len(reported)),
    )
    grouped = np.stack([cube[[types.index(t) for t in of]].sum(axis=0) for of in groups.values()])
    index = _every_combination(list(groups), periods, reported.index)
    names = np.tile(reported["ward_name"].to_numpy(dtype=object), len(groups) * len(periods))
    table = pd.DataFrame({"ward_name": names}, index=index)
    return schema.write(
        table,
        "incidents",
        {"incidents": grouped.ravel(), "months": np.tile(np.repeat(months, len(reported)), len(groups))},
        _method(incidents, reported, period),
    )


def _refuse_other_wards(incidents: pd.DataFrame, wards: gpd.GeoDataFrame) -> None:
    strangers = set(incidents["ward_code"].dropna().astype(object).unique()) - set(wards.index)
    if strangers:
        raise AlignmentError(
            "The incidents were assigned to other wards than those given.",
            f"ward codes that are not among the {counted(len(wards), 'ward')}: {listed(sorted(strangers))}",
            mend="incidents = wm.assign_wards(incidents, wards), with these wards.",
        )


def _positions(codes: pd.Series, wards: pd.Index) -> npt.NDArray[np.intp]:
    """Return each row's ward as a position in `wards`, -1 for none."""
    category = codes.astype("category").cat
    position_of = np.append(wards.get_indexer(pd.Index(category.categories, dtype=object)), -1)
    return position_of[category.codes.to_numpy()]


def _refuse_undated(incidents: pd.DataFrame) -> None:
    undated = incidents["date"].isna()
    if undated.any():
        raise InputError(
            f"{counted(int(undated.sum()), 'incident')} without a date, so in no period.",
            f"from: {listed(incidents.loc[undated, 'source'].astype(object).unique())}",
            mend='incidents = incidents[incidents["date"].notna()], and say so where the counts are shown.',
        )


def _refuse_unknown_types(groups: dict[str, tuple[str, ...]], types: list[str]) -> None:
    for name, of in groups.items():
        unknown = [t for t in of if t not in types]
        if unknown or not of:
            raise InputError(
                f"Theme {name!r} cannot be counted: "
                + (f"no row is of type {listed(unknown)}." if of else "it names no type."),
                f"types found, nearest first: {', '.join(schema.nearest((unknown or [name])[0], types)[:8])}",
                mend="correct the theme, or read a source that records it.",
            )


def _periods(dates: pd.Series, period: Period) -> tuple[list[str], npt.NDArray[np.intp], list[int]]:
    """Return the periods in order of time, each row's position among them, and their months on file."""
    month_of = dates.dt.year * 12 + dates.dt.month - 1
    months = np.sort(month_of.dropna().unique()).astype(int)
    whole = _span(months) if period == "all" else ""
    labels = [whole or _label(month, period) for month in months]
    periods = list(dict.fromkeys(labels))
    position = month_of.map({m: periods.index(label) for m, label in zip(months, labels, strict=True)})
    return periods, position.fillna(-1).to_numpy(dtype=np.intp), [labels.count(p) for p in periods]


def _span(months: npt.NDArray[np.int_]) -> str:
    """Name the whole time on file, and say how many months it has when some are missing."""
    first, last = _label(months[0], "month"), _label(months[-1], "month")
    if first == last:
        return first
    gaps = "" if len(months) == months[-1] - months[0] + 1 else f" ({len(months)} months on file)"
    return f"{first} to {last}{gaps}"


def _label(month: int, period: Period) -> str:
    """Name the period that holds a month, counted from year 0: 24,195 is 2016-04."""
    year, month_of_year = divmod(month, 12)
    if period == "year":
        return f"{year}"
    if period == "financial year":
        start = year if month_of_year >= 3 else year - 1
        return f"{start}/{(start + 1) % 100:02d}"
    if period == "quarter":
        return f"{year} Q{month_of_year // 3 + 1}"
    return f"{year}-{month_of_year + 1:02d}"


def _cube(
    theme: npt.NDArray[np.intp],
    period: npt.NDArray[np.intp],
    ward: npt.NDArray[np.intp],
    shape: tuple[int, ...],
) -> npt.NDArray[np.int64]:
    cells = np.ravel_multi_index((theme.astype(np.intp), period, ward), shape)
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)


def _every_combination(themes: list[str], periods: list[str], wards: pd.Index) -> pd.MultiIndex:
    """Return the index of the ward table, themes in their given order and periods in that of time.

    Levels are spelt out, because pandas would sort them and then warn that the rows are not.
    """
    positions = np.indices((len(themes), len(periods), len(wards))).reshape(3, -1)
    return pd.MultiIndex(
        levels=[themes, periods, wards.tolist()], codes=list(positions), names=schema.WARD_TABLE.index
    )


def _method(incidents: pd.DataFrame, wards: gpd.GeoDataFrame, period: Period) -> str:
    by = {"all": "over all months on file", "financial year": "by financial year (April to March)"}
    located = incidents["ward_code"].notna().sum() + (incidents["match"] == "outside").sum()
    kept = incidents["match"] != "duplicate"
    return (
        f"Recorded incidents by ward (boundaries {' and '.join(map(str, wards['vintage'].unique()))}) "
        f"and theme, {by.get(period, f'by {period}')}; {located:,} of {kept.sum():,} rows read have a place."
    )
