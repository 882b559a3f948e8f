"""`assign_wards`: every incident in exactly one ward, or a reason why not."""

import warnings

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj.transformer
import shapely

from wardmap import schema
from wardmap.errors import (
    CRSError,
    DuplicateWardError,
    EdgeIncidentsWarning,
    GeometryError,
    InputError,
    TransformWarning,
    UnmatchedIncidentsWarning,
    counted,
    listed,
    warn,
)

Positions = npt.NDArray[np.intp]


def assign_wards(incidents: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put each incident in the ward that holds it, or say why it is in none.

    Answers: which ward did it happen in? A point inside one ward, or on the outer edge of one, is in
    that ward. A point that several wards hold (on the edge between them, or where they overlap) goes
    to the lowest ward code, and `match` says `edge`. Rows marked as duplicates are not assigned.

    Parameters
    ----------
    incidents
        The incidents table: points in any CRS.
    wards
        The wards table, in any CRS. When the two differ the wards are transformed, not the
        incidents, because recorded coordinates should stay as they were recorded.

    Returns
    -------
    GeoDataFrame
        The incidents in their order, with `ward_code` (category; null where in no ward), `match`
        (`within`, `edge`, `outside`, `no_location`, `invalid`, `duplicate`) and `match_method`.

    Raises
    ------
    CRSError
        Incidents or wards do not say their coordinate system.
    DuplicateWardError, GeometryError
        A ward code appears twice; there are no wards, or one without polygons.
    InputError
        Not one located incident is in any ward: the layers are not about the same place.

    Warns
    -----
    UnmatchedIncidentsWarning, EdgeIncidentsWarning
        Located incidents are outside every ward, or were given to the lowest code.
    TransformWarning
        The wards had to be transformed without the national grid, so edges are off by some metres.

    Examples
    --------
    >>> import warnings, wardmap as wm
    >>> incidents = wm.read_incidents(wm.demo.extract())
    >>> incidents = wm.assign_wards(incidents, wm.read_wards(wm.demo.wards_file()))
    >>> set(incidents["match"].unique()) <= {"within", "no_location"}
    True
    """
    schema.require(incidents, schema.INCIDENTS, ["geometry", "location", "duplicate"])
    schema.require(wards, schema.WARDS, ["geometry"])
    _check_wards(wards)
    shapes, moved = _in_crs_of(incidents, wards)
    codes = np.sort(wards.index.to_numpy(dtype=object))
    shapes = shapes.loc[codes]

    match = incidents["location"].astype(object).to_numpy(copy=True)
    match[incidents["duplicate"].to_numpy(dtype=bool)] = "duplicate"
    asked = np.flatnonzero(match == "located")
    ward, several = _lowest_ward(incidents.geometry.to_numpy()[asked], shapes.to_numpy())
    match[asked] = np.where(ward < 0, "outside", np.where(several, "edge", "within"))
    _refuse_elsewhere(incidents, shapes, match)

    position = np.full(len(incidents), -1, dtype=np.intp)
    position[asked] = ward
    vintage = " and ".join(map(str, wards["vintage"].unique())) if "vintage" in wards else "not stated"
    assigned = schema.write(
        incidents,
        "match",
        {
            "ward_code": pd.Categorical.from_codes(position, categories=pd.Index(codes)),
            "match": pd.Categorical(match, categories=schema.MATCHES),
        },
        f"Point in ward polygon (GEOS intersects; where several wards hold a point, the lowest code); "
        f"ward boundaries: {vintage}; {moved}.",
    )
    _warn_of_losses(assigned)
    return assigned


def _check_wards(wards: gpd.GeoDataFrame) -> None:
    if wards.empty:
        raise GeometryError("There are no wards to assign incidents to.", mend='wm.read_wards("wards.gpkg")')
    if not wards.index.is_unique:
        raise DuplicateWardError(
            "Some ward codes appear twice, so an incident could be in two wards at once.",
            f"ward codes: {listed(wards.index[wards.index.duplicated()].unique())}",
            mend="wm.read_wards(...) puts the parts of a ward together.",
        )
    kinds = shapely.get_type_id(wards.geometry.to_numpy())
    wrong = ~np.isin(kinds, [3, 6]) | wards.geometry.is_empty.to_numpy()
    if wrong.any():
        raise GeometryError(
            f"{counted(wrong.sum(), 'ward')} without a polygon: no incident could ever be found there.",
            f"ward codes: {listed(wards.index[wrong])}",
            mend="wm.read_wards(...) names and mends such wards.",
        )


def _in_crs_of(incidents: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> tuple[gpd.GeoSeries, str]:
    """Return the wards' shapes in the incidents' CRS, and a few words on how that was done."""
    for table, what in ((incidents, "incidents"), (wards, "wards")):
        if table.crs is None:
            raise CRSError(
                f"The {what} do not say which coordinate system they are in.",
                f"bounds: {np.round(table.total_bounds, 3).tolist()}",
                mend=f'{what} = {what}.set_crs("EPSG:4326"), or the system that you know it to be.',
            )
    if incidents.crs == wards.crs:
        return wards.geometry, f"both layers in {incidents.crs.to_string()}"
    used = f"wards transformed from {wards.crs.to_string()} to {incidents.crs.to_string()}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # said below, with the size of the error
        choices = pyproj.transformer.TransformerGroup(wards.crs, incidents.crs, always_xy=True)
    if not choices.best_available:
        metres = choices.transformers[0].accuracy
        error = f"an expected error of {metres:g} m" if metres > 0 else "an unknown error"
        used += f" with {error}"
        warn(
            TransformWarning,
            "The wards were transformed without the most accurate grid, so their edges are slightly off.",
            f"from {wards.crs.to_string()} to {incidents.crs.to_string()}, {error}",
            mend="give both layers in one coordinate system, or pyproj.network.set_network_enabled(True) "
            "where a download is allowed.",
        )
    return wards.geometry.to_crs(incidents.crs), used


def _lowest_ward(
    points: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_]
) -> tuple[Positions, npt.NDArray[np.bool_]]:
    """Return for each point the first shape that holds it (-1 for none), and whether several do."""
    tree = shapely.STRtree(shapes)
    point, shape = tree.query(points, predicate="intersects")
    first = np.full(len(points), len(shapes), dtype=np.intp)
    np.minimum.at(first, point, shape)
    holders = np.bincount(point, minlength=len(points))
    return np.where(holders == 0, -1, first), holders > 1


def _refuse_elsewhere(
    incidents: gpd.GeoDataFrame, shapes: gpd.GeoSeries, match: npt.NDArray[np.object_]
) -> None:
    located = np.isin(match, ["within", "edge", "outside"])
    if located.any() and (match[located] == "outside").all():
        raise InputError(
            f"Not one of {counted(int(located.sum()), 'located incident')} is in any ward.",
            f"incidents lie in {_box(incidents.geometry[located].total_bounds)}",
            f"wards lie in {_box(shapes.total_bounds)} ({incidents.crs.to_string()})",
            mend="check that both are about the same district, and each says its true coordinate system.",
        )


def _box(bounds: npt.NDArray[np.float64]) -> str:
    return f"x {bounds[0]:,.6g} to {bounds[2]:,.6g}, y {bounds[1]:,.6g} to {bounds[3]:,.6g}"


def _warn_of_losses(incidents: gpd.GeoDataFrame) -> None:
    numbers = incidents["match"].value_counts()
    placed = numbers["within"] + numbers["edge"] + numbers["outside"]
    if numbers["outside"]:
        warn(
            UnmatchedIncidentsWarning,
            f"{numbers['outside']:,} of {counted(int(placed), 'located incident')} are outside every ward.",
            mend="nothing, if the files cover more than the district; wm.ledger(incidents) accounts for all.",
        )
    if numbers["edge"]:
        warn(
            EdgeIncidentsWarning,
            f"{counted(int(numbers['edge']), 'incident')} on an edge or an overlap went to the lowest code.",
            mend='nothing, if few; incidents[incidents["match"] == "edge"] shows them.',
        )
