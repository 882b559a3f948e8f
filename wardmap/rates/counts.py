"""`count_incidents`: ward by theme by period, with every combination present and true zeros."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.counted import ALIKE, condense, is_dask, times
from wardmap.errors import AlignmentError, InputError, VintageError, counted, listed
from wardmap.rates.monthly_spread import monthly_spread
from wardmap.rates.periods import CustomPeriods, Period, periods
from wardmap.themes import Groups, by_kind

Numbers = npt.NDArray[np.float64]

_HAVE_A_PLACE = ("within", "edge", "lookup", "outside")


def count_incidents(
    incidents: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    *,
    by_period: Period | CustomPeriods = "year",
    themes: Groups | None = None,
    weights: str | None = None,
    halo: bool = False,
) -> pd.DataFrame:
    """Count incidents in every ward, for every theme and period, zeros included.

    Answers: how many were recorded here? This begins the ward table; every later verb adds columns.

    Parameters
    ----------
    incidents
        The incidents table after `assign_wards`, a Dask frame after it (which is computed now), or
        what `count_files` returns.
    wards
        The wards table. Wards of the halo are not reported, unless `halo` asks for them.
    by_period
        `month`, `quarter`, `year` (calendar), `financial year` (April to March), or `all`: one
        period from the first month to the last. Or your own, both ends within:
        `{"before": ("2016-04", "2017-03"), "after": ("2017-04", "2018-03")}`; days where dates are
        precise to the day. Incidents outside your own periods are not counted. A month without any
        row on file is missing, not zero: `months` and `complete` say so.
    themes
        Named groups of types: `{"violence": ["Violence with injury", "Violence without injury"]}`.
        By default each type is a theme, and `all crime` adds up the types that are crimes:
        anti-social behaviour and road collisions are not. `plan_themes` names those of a community
        safety plan, also by flags.
    weights
        A column of `incidents` with a weight for each row, 0 or more (victims, a share of one
        incident). The weights are added up beside the counts, never in their place: an interval is
        about how many incidents there were.
    halo
        Count the wards of the halo as well and mark them, so that `gi_star`, `local_moran` and
        `emerging` can look across the district's edge. What adds the district up refuses them: go on
        with `table[~table["halo"]]` before you compare, flag or report. The incidents must reach beyond
        the edge too, or the halo's zeros are not true.

    Returns
    -------
    DataFrame
        The ward table, index `theme`, `period`, `ward_code`: `ward_name`, `incidents` (whole
        number), `months` (how many months of the period are on file), `complete` (boolean: all of
        them are), `located_share` (0 to 1: of the rows read of this theme and period, the share that
        has a place, in these wards or elsewhere; null where no row was read), `incidents_method`.
        `dispersion_excess`, `dispersion_scale`, `dispersion_events`, `dispersion_months` and
        `dispersion_degrees` (numbers, the same in all rows of a theme) are what `wm.rates.dispersion` needs
        of the months, which a yearly table no longer shows.
        With `weights`, `incidents_weighted` (number, in the unit of the weights). With `halo`, `halo`
        (boolean: the ward lies outside the district).

    Raises
    ------
    InputError
        There are no rows; a theme names a type that is not in the file; a counted row has no date;
        periods overlap, split a month that is all a date tells, or have no month on file; a weight
        is not a number of 0 or more.
    AlignmentError
        The incidents were assigned to other wards than these.
    VintageError
        The wards to report are of two boundary years.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    >>> table = wm.count_incidents(incidents, wards, by_period="financial year")
    >>> int(table.loc[("all crime", "2016/17"), "incidents"].idxmax() == "E05006918")
    1
    """
    if is_dask(incidents):
        incidents = condense(incidents, ALIKE if weights is None else (*ALIKE, weights))
    needed = ["ward_code", "match", "theme", "date", "date_precision"]
    schema.require(incidents, schema.INCIDENTS, needed if weights is None else [*needed, weights])
    schema.require(wards, schema.WARDS, ["ward_name", "vintage", "halo"])
    if not len(incidents):
        raise InputError(
            "There are no incidents to count, so no period is on file either.",
            "rows: 0",
            mend="look at the whole table: wm.read.describe_incidents(incidents).",
        )
    _refuse_other_wards(incidents, wards)
    reported = (wards if halo else wards[~wards["halo"]]).sort_index()
    _refuse_two_vintages(reported)
    ward_of = _positions(incidents["ward_code"], reported.index)
    _refuse_undated(incidents[ward_of >= 0])
    kinds, groups = by_kind(incidents, themes)
    types = kinds.categories.tolist()
    _refuse_unknown_types(groups, types)
    time = periods(incidents["date"], incidents["date_precision"], by_period)

    rows = (kinds.codes.astype(np.intp), time.of_row, ward_of)
    shape = (len(types), len(time.labels), len(reported))
    read = (incidents["match"] != "duplicate").to_numpy() & (time.of_row >= 0)
    located = read & incidents["match"].isin(_HAVE_A_PLACE).to_numpy()
    here = read & (ward_of >= 0)

    stand_for = times(incidents)

    def total(which: npt.NDArray[np.bool_], axes: int, weights: npt.NDArray[Any] = stand_for) -> Numbers:
        cube = _cube(rows[:axes], shape[:axes], which, weights)
        return np.stack([cube[[types.index(t) for t in of]].sum(axis=0) for of in groups.values()])

    rows_read, with_place = total(read, 2), total(located, 2)
    share = np.divide(with_place, rows_read, out=np.full(rows_read.shape, np.nan), where=rows_read > 0)
    columns = {
        "incidents": total(here, 3).ravel().astype(np.int64),
        "months": np.tile(np.repeat(time.months, len(reported)), len(groups)),
        "complete": np.tile(np.repeat(time.complete, len(reported)), len(groups)),
        "located_share": np.repeat(share.ravel(), len(reported)),
    }
    if weights is not None:
        columns["incidents_weighted"] = total(here, 3, stand_for * _weights(incidents[weights])).ravel()
    if halo:
        columns["halo"] = np.tile(reported["halo"].to_numpy(), len(groups) * len(time.labels))
    spread = monthly_spread(
        incidents["date"],
        kinds=rows[0],
        wards=ward_of,
        here=here,
        on_file=read,
        stand_for=stand_for,
        groups=[[types.index(t) for t in of] for of in groups.values()],
        shape=(len(types), len(reported)),
        financial=by_period == "financial year",
    )
    columns |= {name: np.repeat(of, len(time.labels) * len(reported)) for name, of in spread.items()}
    index = _every_combination(list(groups), time.labels, reported.index)
    names = np.tile(reported["ward_name"].to_numpy(dtype=object), len(groups) * len(time.labels))
    table = pd.DataFrame({"ward_name": names}, index=index)
    return schema.write(table, "incidents", columns, _method(incidents, reported, time.words, weights))


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
                + (
                    f"no row is of type {listed(unknown)}."
                    if of
                    else "it names no type, or no row carries its flags."
                ),
                f"types found, nearest first: {', '.join(schema.nearest((unknown or [name])[0], types)[:8])}",
                mend="correct the theme, or read a source that records it.",
            )


def _refuse_two_vintages(wards: gpd.GeoDataFrame) -> None:
    vintages = wards["vintage"].astype(object).unique()
    if len(vintages) > 1:
        raise VintageError(
            "The wards to report are of more than one boundary year.",
            f"vintages: {listed(vintages)}",
            mend="read the wards of one year, or mark the others as halo.",
        )


def _weights(values: pd.Series) -> Numbers:
    weights = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        raise InputError(
            f"{counted(int(bad.sum()), 'weight')} that cannot be added up.",
            f"column {values.name!r} holds: {listed(values[bad].unique())}",
            mend="give every incident a number of 0 or more.",
        )
    return weights


def _cube(
    rows: tuple[npt.NDArray[np.intp], ...],
    shape: tuple[int, ...],
    which: npt.NDArray[np.bool_],
    weights: npt.NDArray[Any],
) -> Numbers:
    """Add up the weights of the rows in each cell."""
    cells = np.ravel_multi_index(tuple(axis[which] for axis in rows), shape)
    added = np.bincount(cells, weights[which], int(np.prod(shape))).astype(np.float64)
    return added.reshape(shape)


def _every_combination(themes: list[str], periods: list[str], wards: pd.Index) -> pd.MultiIndex:
    """Return the index of the ward table, themes in their given order and periods in that of time.

    Levels are spelt out, because pandas would sort them and then warn that the rows are not.
    """
    positions = np.indices((len(themes), len(periods), len(wards))).reshape(3, -1)
    return pd.MultiIndex(
        levels=[themes, periods, wards.tolist()], codes=list(positions), names=schema.WARD_TABLE.index
    )


def _method(incidents: pd.DataFrame, wards: gpd.GeoDataFrame, by: str, weights: str | None) -> str:
    stand_for = times(incidents)
    located = stand_for[incidents["match"].isin(_HAVE_A_PLACE)].sum()
    kept = stand_for[incidents["match"] != "duplicate"].sum()
    weighted = "" if weights is None else f" Weighted by column {weights!r}, beside the counts."
    return (
        f"Recorded incidents by ward (boundaries {' and '.join(map(str, wards['vintage'].unique()))}) "
        f"and theme, {by}; {located:,} of {kept:,} rows read have a place.{weighted}"
    )
