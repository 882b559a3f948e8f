"""What lies over the wards when it is asked for: clusters, projects, incidents, grey outside the areas."""

from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from wardmap import style
from wardmap.errors import GeometryError, InputError, MissingColumnError, listed
from wardmap.maps import packed_shapes as geometry
from wardmap.maps.layers import Layer
from wardmap.style import number
from wardmap.themes import is_sensitive

_CELLS = (100, 250, 500, 1_000, 2_000, 5_000)  # metres


def clusters(layer: Layer, wards: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the outline of each cluster of the scan, named by its rank and p; none where none was shown."""
    if "scan_cluster" not in layer.rows:
        return gpd.GeoSeries([], crs=wards.crs)
    rank = layer.rows["scan_cluster"].astype("Int64")
    if "scan_class" in layer.rows:
        rank = rank.where(layer.rows["scan_class"].astype(str) == "cluster")
    found = {}
    for cluster in sorted(rank.dropna().unique()):
        within = (rank == cluster).fillna(value=False).to_numpy(dtype=bool)
        p = layer.rows.loc[within, "scan_p"].iloc[0] if "scan_p" in layer.rows else None
        name = f"Cluster {cluster}" + (f", p {number(p, 3)}" if pd.notna(p) else "")
        found[name] = shapely.coverage_union_all(wards.geometry.to_numpy()[within])
    return gpd.GeoSeries(found, crs=wards.crs)


def projects(given: gpd.GeoDataFrame | None) -> list[dict[str, Any]]:
    """Return projects and venues as names, points in degrees, and reach in metres."""
    if given is None:
        return []
    _check_points(given, "projects")
    if "name" not in given:
        raise MissingColumnError(
            "The projects have no column 'name'.", f"columns found: {listed(given.columns)}",
            mend='projects.rename(columns={"title": "name"})',
        )  # fmt: skip
    reach = given.get("reach", pd.Series(np.nan, index=given.index)).astype(float)
    if ((reach <= 0) | np.isinf(reach)).any():
        raise InputError(
            "The reach of a project is a distance in metres, above 0.", f"given: {listed(reach[reach <= 0])}"
        )
    degrees = given.geometry.to_crs(4326)
    return [
        {"name": str(name), "point": [round(p.x, 5), round(p.y, 5)], "reach": None if np.isnan(r) else r}
        for name, p, r in zip(given["name"], degrees, reach, strict=True)
    ]


def incidents(given: gpd.GeoDataFrame | None, how: Literal["density", "places"]) -> dict[str, Any] | None:
    """Return incidents in squares or at their places, with counts and nothing else of them.

    Rows without a place are counted in the sentence.
    """
    if given is None:
        return None
    if how not in ("density", "places"):
        raise InputError(f"Incidents cannot be shown as {how!r}.", mend='incidents_as="density" or "places"')
    if given.crs is None:
        raise InputError(
            "The incidents have no coordinate system.", mend="incidents = incidents.set_crs(4326)"
        )
    sensitive = sorted({str(theme) for theme in given.get("theme", pd.Series(dtype=str)).dropna()
                        if is_sensitive(str(theme))})  # fmt: skip
    if how == "places" and sensitive:
        raise InputError(
            "Some of these incidents must not be shown at their places, which may lead to a person.",
            f"themes: {listed(sensitive)}",
            mend='incidents_as="density", or leave these themes out.',
        )
    located = given[~(given.geometry.isna() | given.geometry.is_empty)]
    shown = f"{len(located):,} of {len(given):,} incidents have a place"
    return (_density if how == "density" else _places)(located, shown)


def _places(located: gpd.GeoDataFrame, shown: str) -> dict[str, Any]:
    degrees = located.geometry.to_crs(4326)
    at = pd.DataFrame({"x": degrees.x.round(5), "y": degrees.y.round(5)}).value_counts().sort_index()
    told = at.reset_index().to_numpy().tolist()
    words = f"{shown}: {len(told):,} distinct places. The area of a circle is its number of incidents."
    return {"places": told, "words": words}


def _density(located: gpd.GeoDataFrame, shown: str) -> dict[str, Any]:
    metric = located.geometry.to_crs(_metric(located))
    if not len(metric):
        return {"cells": [], "words": f"{shown}."}
    west, south, east, north = metric.total_bounds
    wanted = max(east - west, north - south) / 60
    size = next((cell for cell in _CELLS if cell >= wanted), _CELLS[-1])
    columns, rows = (np.floor(side / size).astype(int) for side in (metric.x, metric.y))
    counts = pd.DataFrame({"x": columns, "y": rows}).value_counts().sort_index()
    classes = style.value_classes(counts.astype(float), decimals=0, k=4)
    west_of, south_of = (counts.index.get_level_values(side).to_numpy() * size for side in "xy")
    squares = shapely.box(west_of, south_of, west_of + size, south_of + size)
    packed = geometry.pack(gpd.GeoSeries(squares, crs=metric.crs).to_crs(4326))
    cells = [
        {"rings": rings, "class": code, "count": int(count)}
        for rings, code, count in zip(packed, classes.of(counts), counts, strict=True)
    ]
    colours = style.ramp(style.DENSITY, len(classes.labels))
    return {
        "cells": cells,
        "colours": colours,
        "labels": classes.labels,
        "words": f"{shown}. Incidents in squares of {size:,} m. {classes.method}",
    }


def _metric(points: gpd.GeoDataFrame) -> Any:
    return points.crs if geometry.is_metric(points) else points.estimate_utm_crs()


def _check_points(given: gpd.GeoDataFrame, what: str) -> None:
    if not isinstance(given, gpd.GeoDataFrame) or given.crs is None:
        raise InputError(
            f"The {what} must be a GeoDataFrame of points with a coordinate system.",
            f"given: {type(given).__name__}",
        )
    bad = given.geometry.isna() | given.geometry.is_empty | (given.geom_type != "Point")
    if bad.any():
        raise GeometryError(f"Some {what} are no points.", f"rows: {listed(given.index[bad])}")
