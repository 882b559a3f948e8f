"""A graph of wards as a notebook shows it: its facts in words, and a small map of the links.

One piece of HTML without scripts or requests.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wardmap.hotspots.local.permutation import Numbers
from wardmap.hotspots.panel import answered
from wardmap.page.rendering import render

MOST = 1_000
"""Wards above which there are only words: the map would be a blot, and heavy to keep in a notebook."""

_SIZE = 420.0  # of the map's longer side, in pixels
_MARGIN = 6.0


def page(
    facts: list[str],
    names: tuple[str, ...],
    shapes: NDArray[np.object_] | None,
    links: csr_array,
    *,
    degrees: bool,
) -> str:
    """Return the facts as HTML, with a map where all wards are drawn and there are not too many."""
    headline, *rest = facts
    whole = shapes is not None and not (shapely.is_missing(shapes) | shapely.is_empty(shapes)).any()
    many = whole and len(names) > MOST
    return render(
        "hotspots/graph/ward_graph.html",
        headline=headline,
        facts=rest,
        too_many=f"{MOST:,}" if many else "",
        drawn=_map(names, shapes, links, degrees=degrees) if whole and not many else None,
    )


def _map(names: tuple[str, ...], shapes: Any, links: csr_array, *, degrees: bool) -> dict[str, Any]:
    """Return what the map draws, as SVG writes places and lines."""
    shapes, width, height = _in_pixels(shapes, degrees=degrees)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    focal, other = links.tocoo().coords
    both = answered(links)
    alone = np.diff(links.indptr) == 0
    once = both & (focal < other)
    outlines = map(_outline, shapely.simplify(shapes, 0.4))
    return {
        "width": f"{width:.0f}",
        "height": f"{height:.0f}",
        "wards": [{"name": name, "outline": line} for name, line in zip(names, outlines, strict=True)],
        "links": _lines(points[focal[once]], points[other[once]]),
        "one_way": _lines(points[focal[~both]], points[other[~both]]),
        "linked": [{"x": f"{x:.1f}", "y": f"{y:.1f}"} for x, y in points[~alone]],
        "alone": [{"x": f"{x:.1f}", "y": f"{y:.1f}"} for x, y in points[alone]],
    }


def _in_pixels(shapes: NDArray[np.object_], *, degrees: bool) -> tuple[Any, float, float]:
    """Return the shapes with y down, as large as the map allows, and the map's width and height."""
    west, south, east, north = shapely.total_bounds(shapes)
    narrower = np.cos(np.radians((south + north) / 2)) if degrees else 1.0
    scale = _SIZE / (max((east - west) * narrower, north - south) or 1.0)

    def moved(xy: Numbers) -> Numbers:
        return np.column_stack([(xy[:, 0] - west) * narrower, north - xy[:, 1]]) * scale + _MARGIN

    width, height = (east - west) * narrower * scale, (north - south) * scale
    return shapely.transform(shapely.force_2d(shapes), moved), width + 2 * _MARGIN, height + 2 * _MARGIN


def _outline(shape: Any) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(f"M{_points(shapely.get_coordinates(ring)[:-1])}Z" for ring in rings)


def _lines(start: Numbers, end: Numbers) -> str:
    return "".join(f"M{_points(ends)}" for ends in np.stack([start, end], axis=1))


def _points(xy: Numbers) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in xy)
