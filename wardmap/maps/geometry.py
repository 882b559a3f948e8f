"""Geometry as the page wants it: simplified together, so that neighbours still meet, and packed small."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

_STEPS_PER_DEGREE = 100_000  # about a metre: finer than the simplification, coarser than noise
_SHARE_OF_A_SMALL_WARD = 0.01

Packed = list[list[list[int]]]


def simplify(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the wards in longitude and latitude, simplified as one coverage.

    The tolerance is a hundredth of the width of a small ward of this map, so that the smallest still
    keeps its shape when the reader zooms to it. Shared borders are simplified once, and stay shared.
    """
    metric = wards if _is_metric(wards) else wards.to_crs(wards.estimate_utm_crs())
    geometry = metric.geometry.to_numpy()
    tolerance = _SHARE_OF_A_SMALL_WARD * float(np.sqrt(np.percentile(shapely.area(geometry), 5)))
    simple = shapely.coverage_simplify(shapely.force_2d(geometry), tolerance)
    return metric.set_geometry(gpd.GeoSeries(simple, index=metric.index, crs=metric.crs)).to_crs(4326)


def outlines(areas: gpd.GeoDataFrame, simple: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the outline of each area in longitude and latitude.

    An area that lists its wards is drawn round them as the map draws them, so that the two lines
    coincide; any other is drawn as given.
    """
    given = areas.geometry.to_crs(4326)
    if "ward_codes" in areas:
        for area, codes in areas["ward_codes"].items():
            if len(codes) and pd.Index(codes).isin(simple.index).all():
                given[area] = shapely.coverage_union_all(simple.geometry.loc[list(codes)].to_numpy())
    return given


def pack(geometry: shapely.Geometry) -> Packed:
    """Return polygons as rings of whole steps: the first point, then each from the one before it."""
    packed = []
    for polygon in shapely.get_parts(geometry):
        rings = [_steps(ring) for ring in shapely.get_rings(polygon)]
        packed.append([rings[0], *(ring for ring in rings[1:] if len(ring) >= 6)])
    return packed


def box(geometry: Any) -> list[float]:
    """Return west, south, east and north of everything given, to the packed precision."""
    return [round(float(side), 5) for side in shapely.total_bounds(geometry)]


def points(simple: gpd.GeoDataFrame) -> list[list[float]]:
    """Return for each ward where its name can stand, and how wide the ward is there, in degrees."""
    largest = [max(shapely.get_parts(shape), key=lambda part: part.area) for shape in simple.geometry]
    inside = shapely.point_on_surface(largest)
    places = []
    for polygon, point in zip(largest, inside, strict=True):
        west, _, east, _ = polygon.bounds
        across = shapely.intersection(polygon, shapely.LineString([(west, point.y), (east, point.y)]))
        here = min(shapely.get_parts(across), key=point.distance)
        places.append([round(float(side), 5) for side in (point.x, point.y, here.length)])
    return places


def _is_metric(wards: gpd.GeoDataFrame) -> bool:
    return bool(wards.crs.is_projected) and wards.crs.axis_info[0].unit_name in ("metre", "meter")


def _steps(ring: shapely.Geometry) -> list[int]:
    whole = np.rint(shapely.get_coordinates(ring) * _STEPS_PER_DEGREE).astype(np.int64)
    moved = np.ones(len(whole), dtype=bool)
    moved[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    kept: npt.NDArray[np.int64] = whole[moved][:-1]  # Leaflet closes the ring itself
    return [int(step) for step in np.diff(kept, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()]
