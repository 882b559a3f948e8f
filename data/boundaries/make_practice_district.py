"""Draw the practice district: a schematic East Staffordshire, made from facts alone.

Run by hand: `python data/boundaries/make_practice_district.py`. It reads the committed table of
facts (each ward's code, name, centroid, area and population) and writes the boundaries and the
populations beside it. No vertex of a real boundary is read, so none can be in the file.

1. The outline: a disc of each ward's area around its centroid; the union of the discs is closed
   and smoothed, and the discs scaled until the outline has the area of the district.
2. The wards: a point belongs to the ward of least (distance squared / radius) - weight, where radius
   is that of the ward's disc. The border of two wards is then an arc of a circle, so a small ward can
   lie in the side of a large one, as the wards of Uttoxeter do. Weights are tuned until areas match
   the facts, and the points measured from are shifted until the wards' centroids approach the facts.
3. The file: arcs are cut where they meet, joined into wards, thinned as a coverage so that neighbours
   keep their shared vertices, put on a 1 m grid, and turned into longitude and latitude.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyproj
import shapely

HERE = Path(__file__).parent
FACTS = HERE / "east_staffordshire_facts.csv"
WARDS = "east_staffordshire_practice_wards.geojson"
POPULATION = "practice_population.csv"

CLOSING, SMOOTHING = 1_500.0, 500.0  # metres
GRID = 60.0  # metres between the points on which areas are first tuned
ROUNDS, SHIFTING, SHIFT = 650, 220, 0.03
STEP = 40.0  # metres between the points of an arc
CORRECTIONS = 8  # rounds on the finished polygons
THINNING = 25.0  # metres: the square root of the smallest triangle kept

# The seven-parameter transformation of Ordnance Survey's guide, spelled out, so that the file does not
# depend on whether this machine has the more exact grid (1 m hardly matters to a schematic).
TO_LONLAT = (
    "+proj=pipeline "
    "+step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+step +proj=cart +ellps=airy "
    "+step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 "
    "+convention=position_vector "
    "+step +inv +proj=cart +ellps=WGS84 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


def main(folder: Path = HERE) -> None:
    """Draw the district from the facts and write both files into `folder`."""
    facts = pd.read_csv(FACTS).sort_values("ward_code", ignore_index=True)
    polygons = draw(facts)
    (folder / WARDS).write_text(as_geojson(facts, polygons), encoding="utf-8", newline="\n")
    people = facts[["ward_code", "ward_name", "population_mid2017"]]
    people.to_csv(folder / POPULATION, index=False, lineterminator="\n")


class Sites(NamedTuple):
    """What decides to which ward a point belongs: one row per ward."""

    centres: np.ndarray
    weights: np.ndarray
    radii: np.ndarray


def draw(facts: pd.DataFrame) -> np.ndarray:
    """Return one polygon per ward, in the order of the facts, in metres (EPSG:27700)."""
    centroids = facts[["easting", "northing"]].to_numpy(dtype=float)
    areas = facts["area_ha"].to_numpy(dtype=float) * 10_000
    radii = np.sqrt(areas / np.pi)
    outline = district_outline(centroids, radii, areas.sum())
    sites = tune(outline, Sites(centroids, np.zeros(len(radii)), radii), areas)
    polygons = tessellate(outline, sites)
    for _ in range(CORRECTIONS):
        sites = sites._replace(weights=sites.weights + 0.5 * radii * (1 - shapely.area(polygons) / areas))
        polygons = tessellate(outline, sites)
    return polygons


def district_outline(centroids: np.ndarray, radii: np.ndarray, area: float) -> shapely.Polygon:
    """Return the closed and smoothed union of the discs, scaled to `area` by bisection."""
    low, high = 0.8, 1.4
    for _ in range(40):
        scale = (low + high) / 2
        discs = shapely.buffer(shapely.points(centroids), radii * scale, quad_segs=16)
        outline = offset(shapely.union_all(discs), CLOSING, -CLOSING - SMOOTHING, 2 * SMOOTHING, -SMOOTHING)
        low, high = (scale, high) if outline.area < area else (low, scale)
    return outline


def offset(shape: shapely.Geometry, *distances: float) -> shapely.Geometry:
    """Buffer by each distance in turn: out and in closes gaps, in and out takes off spikes."""
    for distance in distances:
        shape = shapely.buffer(shape, distance, quad_segs=16)
    return shape


def tune(outline: shapely.Polygon, start: Sites, areas: np.ndarray) -> Sites:
    """Return sites whose wards have nearly the areas and the centroids of the facts."""
    west, south, east, north = outline.bounds
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(west, east, GRID), np.arange(south, north, GRID)))
    inside = shapely.contains_xy(outline, x, y)
    x, y = x[inside], y[inside]
    wanted = areas / areas.sum() * len(x)
    centroids, weights, radii = start
    sites = start
    for turn in range(ROUNDS):
        ward = nearest(x, y, sites)
        held = np.bincount(ward, minlength=len(radii))
        weights = weights + 0.5 * radii * np.clip(1 - held / wanted, -0.5, 0.5)
        sites = sites._replace(weights=weights)
        if turn < SHIFTING and held.all():
            found = np.column_stack([np.bincount(ward, axis) / held for axis in (x, y)])
            shift = sites.centres + SHIFT * (centroids - found) - centroids
            length = np.hypot(shift[:, 0], shift[:, 1])
            # no further than the radius, or a small ward could leave its neighbours
            within = np.minimum(1, radii / np.maximum(length, 1))
            sites = sites._replace(centres=centroids + shift * within[:, None])
    return sites


def nearest(x: np.ndarray, y: np.ndarray, sites: Sites) -> np.ndarray:
    """Return the ward of each point: the least (distance squared / radius) - weight."""
    squared = (x[:, None] - sites.centres[:, 0]) ** 2 + (y[:, None] - sites.centres[:, 1]) ** 2
    return np.argmin(squared / sites.radii - sites.weights, axis=1)


def tessellate(outline: shapely.Polygon, sites: Sites) -> np.ndarray:
    """Cut the outline along the arcs between wards, and join the faces that belong to one ward."""
    wards = range(len(sites.radii))
    arcs = [arc for i in wards for j in wards[i + 1 :] for arc in border(i, j, outline, sites)]
    noded = shapely.union_all([outline.exterior, *arcs], grid_size=0.01)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.point_on_surface(faces)
    inside = shapely.contains(outline, points)
    faces, points = faces[inside], points[inside]
    ward = nearest(shapely.get_x(points), shapely.get_y(points), sites)
    joined = [shapely.coverage_union_all(faces[ward == i]) for i in wards]
    thinned = shapely.coverage_simplify(without_fragments(joined), THINNING)
    return shapely.transform(thinned, np.round)


def border(i: int, j: int, outline: shapely.Polygon, sites: Sites) -> list[shapely.LineString]:
    """Return the arcs on which wards `i` and `j` are equally near, and nearer than all others.

    Each arc runs a little further at both ends, so that it crosses the arcs that it should meet.
    """
    (p, q), (a, b) = sites.centres[[i, j]], 1 / sites.radii[[i, j]]
    centre = (a * p - b * q) / (a - b)
    squared = a * b * ((p - q) ** 2).sum() / (a - b) ** 2 + (sites.weights[i] - sites.weights[j]) / (a - b)
    if squared <= 0:
        return []
    radius = np.sqrt(squared)
    angle = angles(centre, radius, outline)
    x, y = centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)
    shared = np.isin(nearest(x, y, sites), [i, j]) & shapely.contains_xy(outline, x, y)
    shared = np.convolve(shared, np.ones(5), mode="same") > 0
    turns = np.flatnonzero(np.diff(shared, prepend=False, append=False))
    runs = [slice(first, end) for first, end in zip(turns[::2], turns[1::2], strict=True)]
    return [shapely.LineString(np.column_stack([x[run], y[run]])) for run in runs if run.stop - run.start > 1]


def angles(centre: np.ndarray, radius: float, outline: shapely.Polygon) -> np.ndarray:
    """Return angles about `centre`, one every `STEP` along the circle, that span the outline."""
    towards = shapely.get_coordinates(outline.centroid)[0] - centre
    middle = np.arctan2(towards[1], towards[0])
    seen = shapely.get_coordinates(outline) - centre
    off = (np.arctan2(seen[:, 1], seen[:, 0]) - middle + np.pi) % (2 * np.pi) - np.pi
    widest = np.pi if shapely.contains_xy(outline.envelope, *centre) else np.abs(off).max()
    return np.linspace(middle - widest, middle + widest, int(2 * widest * radius / STEP) + 8)


def without_fragments(wards: list[shapely.Geometry]) -> np.ndarray:
    """Give each ward's lesser parts to the ward with which they share the longest border."""
    parts = [sorted(shapely.get_parts(ward), key=shapely.area) for ward in wards]
    whole = [ward_parts.pop() for ward_parts in parts]
    gained: list[list[shapely.Polygon]] = [[] for _ in whole]
    for fragment in (fragment for ward_parts in parts for fragment in ward_parts):
        shared = shapely.length(shapely.intersection(fragment, np.array(whole)))
        gained[int(shared.argmax())].append(fragment)
    return np.array([shapely.coverage_union_all([w, *more]) for w, more in zip(whole, gained, strict=True)])


def as_geojson(facts: pd.DataFrame, polygons: np.ndarray) -> str:
    """Return the layer as GeoJSON (RFC 7946): longitude, latitude, exterior rings anticlockwise."""
    transformer = pyproj.Transformer.from_pipeline(TO_LONLAT)
    features = [
        json.dumps(feature(ward.ward_code, ward.ward_name, polygon, transformer), ensure_ascii=False)
        for ward, polygon in zip(facts.itertuples(), polygons, strict=True)
    ]
    name = WARDS.removesuffix(".geojson")
    head = f'{{"type": "FeatureCollection", "name": "{name}", "features": ['
    return head + "\n" + ",\n".join(features) + "\n]}\n"


def feature(code: str, name: str, polygon: shapely.Polygon, to_lonlat: pyproj.Transformer) -> dict[str, Any]:
    """Return one ward as a GeoJSON feature, its coordinates to six decimals (a tenth of a metre)."""
    rings = shapely.get_rings(shapely.orient_polygons(polygon))
    coordinates = []
    for ring in rings:
        lon, lat = to_lonlat.transform(*shapely.get_coordinates(ring).T)
        coordinates.append(np.column_stack([lon, lat]).round(6).tolist())
    return {
        "type": "Feature",
        "properties": {
            "WD13CD": code,
            "WD13NM": name,
            "LAD13CD": "E07000193",
            "LAD13NM": "East Staffordshire",
            "vintage": "2013, schematic boundaries for practice",
        },
        "geometry": {"type": "Polygon", "coordinates": coordinates},
    }


if __name__ == "__main__":
    main()
