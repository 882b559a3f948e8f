"""`coverage`: what share of incidents a set of wards, a patrol plan or project venues reach."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from wardmap import schema
from wardmap.errors import CRSError, GeometryError, InputError, listed
from wardmap.geometry.metric import metric_crs
from wardmap.priority.chosen_wards import checked_codes
from wardmap.themes import with_all_crime


def coverage(
    incidents: gpd.GeoDataFrame,
    wards: gpd.GeoDataFrame,
    *,
    ward_codes: Sequence[str] | None = None,
    places: gpd.GeoDataFrame | None = None,
    metres: float = 0.0,
) -> pd.DataFrame:
    """Tell what share of the district's incidents a plan reaches, theme by theme.

    Answers: if we work in these wards, patrol these streets or open these venues, how much of what
    happens is where we are?

    Parameters
    ----------
    incidents
        The incidents table after `assign_wards`.
    wards
        The wards table of the district; its halo does not count.
    ward_codes
        The plan as ward codes. Either this or `places`.
    places
        The plan as shapes: venues (points), routes (lines), beats or cells (polygons), in any CRS.
    metres
        How far a place reaches, in metres, as the crow flies. 0 for what lies
        inside polygons.

    Returns
    -------
    DataFrame
        Index `theme` (every type, and `all crime`): `incidents` (in the district, with a place),
        `reached`, `share_reached` (0 to 1; null where there are no incidents), `no_location` (rows
        without a place, of whatever district, which could be anywhere) and `coverage_method`.

    Raises
    ------
    InputError
        Neither or both of `ward_codes` and `places`, a ward that is unknown or named twice, a distance
        that is negative, or points and lines that reach nothing.
    CRSError
        The places have no CRS.
    GeometryError
        A place is null or empty.

    Notes
    -----
    Each incident counts once, however many places reach it. Being near is not being helped: this is the
    most that a plan could touch, not what it prevents. Published points are moved to the nearest of a
    list of map points, so below about 100 metres the share says more of that list than of streets.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    >>> found = wm.priority.coverage(incidents, wards, ward_codes=["E05006918", "E05006922", "E05006930"])
    >>> float(found.loc["all crime", "share_reached"].round(2))
    0.35
    """
    schema.require(incidents, schema.INCIDENTS, ["ward_code", "match", "theme", "geometry"])
    schema.require(wards, schema.WARDS, ["ward_name", "halo", "geometry"])
    if (ward_codes is None) == (places is None):
        raise InputError(
            "A plan is either wards or places.", mend='ward_codes=["E05006918"], or places=venues, metres=400'
        )
    district = wards.loc[~wards["halo"], "ward_name"]
    inside = incidents["ward_code"].isin(district.index).to_numpy()
    if ward_codes is not None:
        codes = checked_codes(ward_codes, district, "The plan")
        reached = incidents["ward_code"].isin(codes).to_numpy()
        plan = f"in {', '.join(f'{district[code]} ({code})' for code in codes)}"
    elif places is not None:
        _check_places(places, metres)
        reached = inside.copy()
        reached[inside] = _near(incidents[inside].geometry, places.geometry, metres)
        plan = f"within {metres:g} metres of {len(places)} places" if metres else f"in {len(places)} places"
    types = incidents["theme"].astype(object)
    groups = with_all_crime(types.unique())
    nowhere = (incidents["match"] == "no_location").to_numpy()
    found = pd.DataFrame(
        {
            "incidents": _by_theme(types[inside], groups),
            "reached": _by_theme(types[reached], groups),
            "no_location": _by_theme(types[nowhere], groups),
        },
        index=pd.Index(groups, name="theme"),
    )
    share = found["reached"] / found["incidents"].where(found["incidents"] > 0)
    found.insert(2, "share_reached", share)
    return schema.write(found, "coverage", {}, f"Incidents of the district with a place, {plan}.")


def _near(points: gpd.GeoSeries, places: gpd.GeoSeries, metres: float) -> npt.NDArray[np.bool_]:
    """Tell which points lie in a place or within so many metres of one; each distinct point is asked once."""
    system = metric_crs(points)
    place = places.to_crs(system).to_numpy()
    x, y = points.x.to_numpy(), points.y.to_numpy()
    distinct, row_of = np.unique(np.column_stack([x, y]), axis=0, return_inverse=True)
    metric = gpd.GeoSeries(shapely.points(distinct), crs=points.crs).to_crs(system).to_numpy()
    hit = np.zeros(len(distinct), dtype=bool)
    hit[shapely.STRtree(metric).query(place, predicate="dwithin", distance=metres)[1]] = True
    return hit[row_of]


def _by_theme(types: pd.Series, groups: dict[str, tuple[str, ...]]) -> list[int]:
    counts = types.value_counts()
    return [int(counts.reindex(list(of), fill_value=0).sum()) for of in groups.values()]


def _check_places(places: gpd.GeoDataFrame, metres: float) -> None:
    if places.crs is None:
        raise CRSError("The places have no coordinate system.", mend='places.set_crs("EPSG:27700")')
    lost = places.geometry.isna() | places.geometry.is_empty
    if lost.any() or places.empty:
        raise GeometryError(
            "A place has no geometry." if len(places) else "The plan has no place.",
            f"rows: {listed(places.index[lost])}",
            mend="places[places.geometry.notna() & ~places.geometry.is_empty]",
        )
    if not 0 <= metres < np.inf:
        raise InputError("A distance cannot be negative.", f"metres: {metres}", mend="metres=400")
    if metres == 0 and not places.geom_type.str.endswith("Polygon").any():
        raise InputError(
            "Points and lines reach nothing without a distance.",
            f"places: {listed(places.geom_type.unique())}",
            mend="metres=400",
        )
