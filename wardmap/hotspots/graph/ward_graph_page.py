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
from wardmap.page.safe_text import text

MOST = 1_000
"""Wards above which there are only words: the map would be a blot, and heavy to keep in a notebook."""

_SIZE = 420.0  # of the map's longer side, in pixels
_MARGIN = 6.0
_STYLE = {
    "ward": 'fill="#f3f4f6" stroke="#8a93a0" stroke-width="0.7"',
    "link": 'fill="none" stroke="#12436d" stroke-width="1.1"',
    "one way": 'fill="none" stroke="#801650" stroke-width="1.1" stroke-dasharray="3 2"',
    "point": 'fill="#12436d"',
    "alone": 'fill="#ffffff" stroke="#801650" stroke-width="1.5"',
}


def page(
    facts: list[str],
    names: tuple[str, ...],
    shapes: NDArray[np.object_] | None,
    links: csr_array,
    *,
    degrees: bool,
) -> str:
    """Return the facts as HTML, with a map where all wards are drawn and there are not too many."""
    head, *rest = (text(fact) for fact in facts)
    words = f"<p><strong>{head}</strong></p><ul>{''.join(f'<li>{fact}</li>' for fact in rest)}</ul>"
    if shapes is None or shapely.is_missing(shapes).any() or shapely.is_empty(shapes).any():
        return f"<div>{words}</div>"
    if len(shapes) > MOST:
        return f"<div>{words}<p>No map is drawn of more than {MOST:,} wards.</p></div>"
    return f"<div>{words}{_map(names, shapes, links, degrees=degrees)}</div>"


def _map(names: tuple[str, ...], shapes: NDArray[np.object_], links: csr_array, *, degrees: bool) -> str:
    shapes, width, height = _in_pixels(shapes, degrees=degrees)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    focal, other = links.tocoo().coords
    both = answered(links)
    alone = np.diff(links.indptr) == 0
    once = both & (focal < other)
    parts = [
        *map(_ward, names, shapely.simplify(shapes, 0.4)),
        _lines(points[focal[once]], points[other[once]], "link"),
        _lines(points[focal[~both]], points[other[~both]], "one way"),
        *(_circle(point, "point", 2) for point in points[~alone]),
        *(_circle(point, "alone", 4) for point in points[alone]),
    ]
    said = ["Dashed: no link back."] * (not both.all()) + ["Ring: no neighbour."] * bool(alone.any())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Map of the wards and their links" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>'
        + (f"<p>{' '.join(said)}</p>" if said else "")
    )


def _in_pixels(shapes: NDArray[np.object_], *, degrees: bool) -> tuple[Any, float, float]:
    """Return the shapes with y down, as large as the map allows, and the map's width and height."""
    west, south, east, north = shapely.total_bounds(shapes)
    narrower = np.cos(np.radians((south + north) / 2)) if degrees else 1.0
    scale = _SIZE / (max((east - west) * narrower, north - south) or 1.0)

    def moved(xy: Numbers) -> Numbers:
        return np.column_stack([(xy[:, 0] - west) * narrower, north - xy[:, 1]]) * scale + _MARGIN

    width, height = (east - west) * narrower * scale, (north - south) * scale
    return shapely.transform(shapely.force_2d(shapes), moved), width + 2 * _MARGIN, height + 2 * _MARGIN


def _ward(name: str, shape: Any) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    path = "".join(f"M{_points(shapely.get_coordinates(ring)[:-1])}Z" for ring in rings)
    return f'<path d="{path}" {_STYLE["ward"]} fill-rule="evenodd"><title>{text(name)}</title></path>'


def _circle(point: Numbers, kind: str, radius: int) -> str:
    return f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="{radius}" {_STYLE[kind]}/>'


def _lines(start: Numbers, end: Numbers, kind: str) -> str:
    path = "".join(f"M{_points(ends)}" for ends in np.stack([start, end], axis=1))
    return f'<path d="{path}" {_STYLE[kind]}/>' if path else ""


def _points(xy: Numbers) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in xy)
