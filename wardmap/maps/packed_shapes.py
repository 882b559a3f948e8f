"""Geometry as the page wants it: simplified together, so that neighbours still meet, and packed small."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

_STEPS_PER_DEGREE = 100_000  # about a metre: finer than the simplification, coarser than noise
_SHARE_OF_A_SMALL_WARD = 0.01

Packed = list[list[str]]

_ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.", dtype="S1")


def simplify(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the wards in longitude and latitude, simplified as one coverage.

    The tolerance is a hundredth of the width of a small ward of this map, so that the smallest still
    keeps its shape when the reader zooms to it. Shared borders are simplified once, and stay shared.
    """
    metric = is_metric(wards)
    given = wards if metric else wards.to_crs(4326)
    shapes = shapely.force_2d(given.geometry.to_numpy())
    if metric:
        simple = shapely.coverage_simplify(shapes, _tolerance(shapes))
        return given.set_geometry(gpd.GeoSeries(simple, index=given.index, crs=given.crs)).to_crs(4326)
    # Degrees on a plane of about equal lengths: no projection is needed to say what is small.
    shrink = np.array([np.cos(np.radians(np.mean(given.total_bounds[[1, 3]]))), 1.0])
    flat = shapely.transform(shapes, lambda points: points * shrink)
    simple = shapely.transform(
        shapely.coverage_simplify(flat, _tolerance(flat)), lambda points: points / shrink
    )
    return given.set_geometry(gpd.GeoSeries(simple, index=given.index, crs=given.crs))


def _tolerance(shapes: npt.NDArray[np.object_]) -> float:
    return _SHARE_OF_A_SMALL_WARD * float(np.sqrt(np.percentile(shapely.area(shapes), 5)))


def is_metric(frame: gpd.GeoDataFrame) -> bool:
    """Say whether the coordinates are metres on a plane."""
    return bool(frame.crs.is_projected) and frame.crs.axis_info[0].unit_name in ("metre", "meter")


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


def pack(geometries: Any) -> list[Packed]:
    """Return for each geometry its polygons as rings in letters.

    A ring is its first point and then the way from each point to the next, in whole steps, longitude
    and latitude in turn. A number takes the sign as its lowest bit, and is written five bits at a
    time, the lowest first, with a sixth bit while more follow: 64 letters, none of which any language
    of the page reads as its own.
    """
    multi = [shapely.MultiPolygon(shapely.get_parts(shape).tolist()) for shape in geometries]
    if not multi:
        return []
    _, points, (rings, polygons, wards) = shapely.to_ragged_array(multi)
    written = _letters(points, rings)
    packed = []
    for first, end in pairwise(wards):
        parts = (written[polygons[at] : polygons[at + 1]] for at in range(first, end))
        packed.append([[outer, *(hole for hole in holes if hole)] for outer, *holes in parts])
    return packed


def box(geometry: Any) -> list[float]:
    """Return west, south, east and north of everything given, to the packed precision."""
    return [round(float(side), 5) for side in shapely.total_bounds(geometry)]


def points(simple: gpd.GeoDataFrame) -> list[list[float]]:
    """Return for each ward where its name can stand, and how wide the ward is there, in degrees."""
    polygons = _first_of_each(simple.geometry.to_numpy(), lambda parts, _: -shapely.area(parts))
    inside = shapely.point_on_surface(polygons)
    west, _, east, _ = shapely.bounds(polygons).T
    y = shapely.get_y(inside)
    ends = np.stack([np.column_stack([west, y]), np.column_stack([east, y])], axis=1)
    across = shapely.intersection(polygons, shapely.linestrings(ends))
    here = _first_of_each(across, lambda parts, ward: shapely.distance(parts, inside[ward]))
    found = np.column_stack([shapely.get_x(inside), y, shapely.length(here)])
    return [[round(side, 5) for side in place] for place in found.tolist()]


def _first_of_each(
    geometries: npt.NDArray[np.object_], key: Callable[[Any, Any], npt.NDArray[np.float64]]
) -> npt.NDArray[np.object_]:
    parts, ward = shapely.get_parts(geometries, return_index=True)
    order = np.lexsort((key(parts, ward), ward))
    _, first = np.unique(ward[order], return_index=True)
    chosen: npt.NDArray[np.object_] = parts[order][first]
    return chosen


def _letters(points: npt.NDArray[np.float64], starts: npt.NDArray[np.int64]) -> list[str]:
    """Write every ring; one of fewer than three points, a hole that closed up, is empty."""
    whole = np.rint(points * _STEPS_PER_DEGREE).astype(np.int64)
    moved = np.ones(len(whole), dtype=bool)
    moved[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    moved[starts[:-1]] = True
    sizes = np.add.reduceat(moved, starts[:-1]) - 1
    kept = whole[moved]
    steps = np.diff(kept, axis=0, prepend=np.zeros((1, 2), np.int64))
    begins = np.cumsum(sizes + 1) - sizes - 1
    steps[begins] = kept[begins]
    text, width = _in_base_64(steps.ravel())
    ends = np.concatenate([[0], np.cumsum(width.reshape(-1, 2).sum(axis=1))])
    return [  # without the last point: Leaflet closes the ring itself
        text[ends[at] : ends[at + size]] if size >= 3 else ""
        for at, size in zip(begins.tolist(), sizes.tolist(), strict=True)
    ]


def _in_base_64(numbers: npt.NDArray[np.int64]) -> tuple[str, npt.NDArray[np.int64]]:
    unsigned = np.where(numbers < 0, -2 * numbers - 1, 2 * numbers)
    width = np.ones(len(numbers), dtype=np.int64)
    while (longer := unsigned >> (5 * width) > 0).any():
        width[longer] += 1
    of = np.repeat(np.arange(len(numbers)), width)
    place = np.arange(len(of)) - np.repeat(np.cumsum(width) - width, width)
    digits = (unsigned[of] >> (5 * place)) & 31
    digits[place < width[of] - 1] += 32
    return _ALPHABET[digits].tobytes().decode("ascii"), width
