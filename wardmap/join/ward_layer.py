"""`ward_layer`: the wards as the join needs them: checked, in the incidents' CRS, ordered by code."""

import warnings
from dataclasses import dataclass
from typing import Any

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
    GeometryError,
    TransformWarning,
    counted,
    listed,
    warn,
)
from wardmap.join.point_index import PointIndex

Bounds = npt.NDArray[np.float64]

NOWHERE: Bounds = np.full(4, np.nan)


@dataclass(frozen=True)
class WardLayer:
    """Wards ready for the join; a position in `index` is a position in `codes`."""

    codes: pd.Index
    index: PointIndex
    bounds: Bounds
    crs: Any
    words: str


def ward_layer(
    wards: gpd.GeoDataFrame, crs: Any, bounds: Bounds = NOWHERE, *, expecting: int = 0
) -> WardLayer:
    """Check the wards, transform them to `crs` where they are in another, and order them by code.

    `bounds` are those of the incidents, for the message when they do not say their CRS; `expecting` is
    how many points there will be, if they come bit by bit.
    """
    schema.require(wards, schema.WARDS, ["geometry"])
    _check_wards(wards)
    shapes, moved = _in_crs(wards, crs, bounds)
    codes = np.sort(wards.index.to_numpy(dtype=object))
    shapes = shapes.loc[codes]
    vintage = " and ".join(map(str, wards["vintage"].unique())) if "vintage" in wards else "not stated"
    return WardLayer(
        codes=pd.Index(codes),
        index=PointIndex(shapes.to_numpy(), expecting=expecting),
        bounds=shapes.total_bounds,
        crs=crs,
        words=f"Point in ward polygon (GEOS intersects; where several wards hold a point, the lowest "
        f"code); ward boundaries: {vintage}; {moved}",
    )


def _check_wards(wards: gpd.GeoDataFrame) -> None:
    if wards.empty:
        raise GeometryError("There are no wards to assign incidents to.", mend='wm.read_wards("wards.gpkg")')
    if not wards.index.is_unique:
        raise DuplicateWardError(
            "Some ward codes appear twice, so an incident could be in two wards at once.",
            f"ward codes: {listed(wards.index[wards.index.duplicated()].unique())}",
            mend="wm.read_wards(...) puts the parts of a ward together.",
        )
    shapes = wards.geometry.to_numpy()
    wrong = ~np.isin(shapely.get_type_id(shapes), [3, 6]) | shapely.is_empty(shapes)
    if wrong.any():
        raise GeometryError(
            f"{counted(wrong.sum(), 'ward')} without a polygon: no incident could ever be found there.",
            f"ward codes: {listed(wards.index[wrong])}",
            mend="wm.read_wards(...) names and mends such wards.",
        )
    xy, ward_of = shapely.get_coordinates(shapes, return_index=True)
    endless = np.unique(ward_of[~np.isfinite(xy).all(axis=1)])
    if endless.size:
        raise GeometryError(
            f"{counted(endless.size, 'ward')} with a corner that has no place: a coordinate is not a number.",
            f"ward codes: {listed(wards.index[endless])}",
            mend="download the boundaries again; a transformation to the wrong CRS also does this.",
        )


def _in_crs(wards: gpd.GeoDataFrame, crs: Any, bounds: Bounds) -> tuple[gpd.GeoSeries, str]:
    """Return the wards' shapes in `crs`, and a few words on how that was done."""
    for given, what, box in ((crs, "incidents", bounds), (wards.crs, "wards", wards.total_bounds)):
        if given is None:
            raise CRSError(
                f"The {what} do not say which coordinate system they are in.",
                f"bounds: {np.round(box, 3).tolist()}",
                mend=f'{what} = {what}.set_crs("EPSG:4326"), or the system that you know it to be.',
            )
    if crs.equals(wards.crs, ignore_axis_order=True):  # geopandas keeps x before y whatever the CRS says
        return wards.geometry, f"both layers in {crs.to_string()}"
    used = f"wards transformed from {wards.crs.to_string()} to {crs.to_string()}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # said below, with the size of the error
        choices = pyproj.transformer.TransformerGroup(wards.crs, crs, always_xy=True)
    if not choices.best_available:
        metres = choices.transformers[0].accuracy
        error = f"an expected error of {metres:g} m" if metres > 0 else "an unknown error"
        used += f" with {error}"
        warn(
            TransformWarning,
            "The wards were transformed without the most accurate grid, so their edges are slightly off.",
            f"from {wards.crs.to_string()} to {crs.to_string()}, {error}",
            mend="give both layers in one coordinate system, or pyproj.network.set_network_enabled(True) "
            "where a download is allowed.",
        )
    return wards.geometry.to_crs(crs), used
