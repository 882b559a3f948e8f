"""`patrol_places`: where in the flagged wards to stand, and when."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from wardmap import schema
from wardmap.errors import InputError, counted, listed
from wardmap.geometry.metric import metric_crs
from wardmap.priority.chosen_wards import checked_codes
from wardmap.priority.resources.aoristic import hourly_weights

_SHIFT = 4  # hours that one patrol stays


def patrol_places(
    incidents: gpd.GeoDataFrame,
    wards: gpd.GeoDataFrame,
    *,
    ward_codes: Sequence[str],
    snapped: bool,
    cell_metres: float = 100,
    theme: str | None = None,
    least: int = 3,
    window: tuple[str, str] | None = None,
) -> gpd.GeoDataFrame:
    """Find the streets within chosen wards where incidents come back, for patrols.

    Answers: a ward is too large to stand in; which corners hold most of it, did they before, and at
    what time?

    Parameters
    ----------
    incidents
        The incidents table after `assign_wards`, with dates to the day and places as recorded.
    wards
        The wards table.
    ward_codes
        The wards to look in, by code: those that are flagged.
    snapped
        Whether points were moved to a list of map points, as published police data is. There is no
        default: a table cannot tell, and whoever made it can.
    cell_metres
        The side of a square cell in metres, on the British National Grid; 0 for repeated places
        (incidents within the same metre).
    theme
        One type of incident; all when left out.
    least
        Fewer incidents than this are no place that comes back.
    window
        The names of two columns of times between which each incident happened; with them, hours are
        weighed aoristically.

    Returns
    -------
    GeoDataFrame
        Index `place` (1 holds most), in metres (the British National Grid in Britain): `ward_code`,
        `incidents`, `share_chosen` (of all
        incidents of the chosen wards, 0 to 1), `share_so_far` (this and the places before it),
        `first_half`, `second_half` (incidents before and after the middle of the time on file),
        `peak_from` (the hour at which the busiest four hours begin, 0 to 23) and `peak_share` (of the
        place's incidents in them, 0 to 1), both null without a window, `places_method`, `geometry` (the
        cell, or the point). No row where nothing comes back.

    Raises
    ------
    InputError
        The points are snapped, or dates are known to the month only; a ward is unknown or named
        twice; a theme, a cell or a window cannot be used.

    Notes
    -----
    A cell where much happened once is not one where it will: trust places whose two halves agree. Cells
    are counted as they fall, not tested, and the grid's corner is arbitrary. For patrols, not for
    print: a repeated place is somebody's address.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, shapely, wardmap as wm
    >>> ward = gpd.GeoDataFrame(
    ...     {"ward_name": ["Quay"], "halo": False},
    ...     geometry=[shapely.box(0, 0, 1000, 1000)],
    ...     index=pd.Index(["E05000001"], name="ward_code"),
    ...     crs=27700,
    ... )
    >>> rows = pd.DataFrame(
    ...     {
    ...         "ward_code": "E05000001",
    ...         "match": "within",
    ...         "theme": "ASB",
    ...         "date": pd.date_range("2018-03-01", periods=5),
    ...         "date_precision": "day",
    ...     }
    ... )
    >>> asb = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy([10, 20, 30, 500, 900], [50] * 5), crs=27700)
    >>> found = wm.priority.patrol_places(asb, ward, ward_codes=["E05000001"], snapped=False)
    >>> found[["incidents", "first_half", "second_half"]].values.tolist()
    [[3, 3, 0]]
    """
    needed = ["ward_code", "theme", "date", "date_precision", "geometry", *(window or ())]
    schema.require(incidents, schema.INCIDENTS, needed)
    schema.require(wards, schema.WARDS, ["ward_name"])
    codes = checked_codes(ward_codes, wards["ward_name"], "The patrol plan")
    rows = incidents[incidents["ward_code"].isin(codes).to_numpy()]
    if theme is not None:
        rows = rows[_of_theme(rows, theme)]
    _refuse_what_cannot_tell(rows, snapped=snapped)
    if not (cell_metres == 0 or 10 <= cell_metres <= 500):
        raise InputError(
            "A street-scale cell has 10 to 500 metres.", f"cell_metres: {cell_metres}", mend="cell_metres=100"
        )

    metres = metric_crs(wards)
    metric = rows.geometry.to_crs(metres)
    side = cell_metres or 1.0
    spots = pd.DataFrame(
        {
            "x": np.floor(metric.x.to_numpy() / side),
            "y": np.floor(metric.y.to_numpy() / side),
            "ward_code": rows["ward_code"].astype(object).to_numpy(),
            "late": (rows["date"] > _middle(rows["date"])).to_numpy(),
        }
    )
    groups = spots.groupby(["x", "y"], sort=True)
    found = groups.agg(
        ward_code=("ward_code", "min"), incidents=("late", "size"), second_half=("late", "sum")
    )
    peak_from, peak_share = _peaks(rows, groups.ngroup().to_numpy(), len(found), window)
    found = found.assign(peak_from=peak_from, peak_share=peak_share)
    found = found[found["incidents"] >= least].sort_values("incidents", ascending=False, kind="stable")
    share = found["incidents"] / max(len(rows), 1)
    x, y = (found.index.get_level_values(axis).to_numpy(dtype=float) * side for axis in ("x", "y"))
    table = gpd.GeoDataFrame(
        {
            "ward_code": found["ward_code"].to_numpy(dtype=object),
            "incidents": found["incidents"].to_numpy(),
            "share_chosen": share.to_numpy(),
            "share_so_far": share.cumsum().to_numpy(),
            "first_half": (found["incidents"] - found["second_half"]).to_numpy(),
            "second_half": found["second_half"].to_numpy(),
            "peak_from": pd.array(found["peak_from"].to_numpy(), dtype="Int64"),
            "peak_share": found["peak_share"].to_numpy(),
        },
        geometry=shapely.box(x, y, x + cell_metres, y + cell_metres)
        if cell_metres
        else shapely.points(x + 0.5, y + 0.5),
        index=pd.RangeIndex(1, len(found) + 1, name="place"),
        crs=metres,
    )
    what = f"Cells of {cell_metres:g} metres" if cell_metres else "Places within the same metre"
    hours = " Hours aoristic, the busiest four." if window else ""
    method = f"{what} with at least {counted(least, 'incident')} of {theme or 'any type'}."
    return schema.write(table, "places", {}, f"{method} Wards: {', '.join(codes)}.{hours}")


def _refuse_what_cannot_tell(rows: gpd.GeoDataFrame, *, snapped: bool) -> None:
    if snapped:
        raise InputError(
            "Snapped points cannot say where to stand: many streets share one of them.",
            "published police data is moved to the nearest of a list of map points",
            mend="use the partnership's own extract, with snapped=False; or stay with wards.",
        )
    monthly = int((rows["date_precision"] == "month").sum())
    if monthly:
        raise InputError(
            "Dates by month cannot show that a place comes back, nor when.",
            f"rows dated by month: {monthly:,} of {len(rows):,}",
            mend="use an extract with days; or stay with wards.",
        )


def _of_theme(rows: gpd.GeoDataFrame, theme: str) -> npt.NDArray[np.bool_]:
    there = rows["theme"].astype(object).unique()
    if theme not in there:
        raise InputError(
            f"No incident in these wards is of theme {theme!r}.",
            f"themes found, nearest first: {listed(schema.nearest(theme, there))}",
        )
    of_theme: npt.NDArray[np.bool_] = (rows["theme"] == theme).to_numpy(dtype=bool)
    return of_theme


def _middle(dates: pd.Series) -> pd.Timestamp:
    middle: pd.Timestamp = dates.min() + (dates.max() - dates.min()) / 2
    return middle


def _peaks(
    rows: gpd.GeoDataFrame, place: npt.NDArray[np.integer], places: int, window: tuple[str, str] | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return when the busiest hours of each place begin, and their share; NaN where no time is known."""
    if window is None:
        return np.full(places, np.nan), np.full(places, np.nan)
    start, end = (rows[name] for name in window)
    if not all(pd.api.types.is_datetime64_any_dtype(times.dtype) for times in (start, end)):
        raise InputError(
            "A window needs two columns of times.",
            f"given: {window[0]!r} holds {start.dtype}, {window[1]!r} holds {end.dtype}",
            mend="pd.to_datetime(incidents[...])",
        )
    weights = hourly_weights(start, end)
    known = ~np.isnan(weights[:, 0])
    hours = np.zeros((places, 24))
    np.add.at(hours, place[known], weights[known])
    shifts = sum(np.roll(hours, -later, axis=1) for later in range(_SHIFT))
    total = hours.sum(axis=1)
    peak = np.where(total > 0, np.argmax(shifts, axis=1), np.nan)
    with np.errstate(invalid="ignore"):
        return peak, np.max(shifts, axis=1) / total
