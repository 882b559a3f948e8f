"""Whether wards can lie where their coordinate system puts them."""

from typing import Any

import geopandas as gpd
import numpy as np
import pyproj

from wardmap.errors import CRSError, GeometryError, Use, counted
from wardmap.formats.geofile import crs_words
from wardmap.location import looks_swapped, off_the_grid
from wardmap.read.incidents.coordinates import Flags
from wardmap.read.wards.repair import named

_SWAP = "shapely.transform(wards.geometry.to_numpy(), lambda xy: xy[:, ::-1])"


def refuse_misplaced(wards: gpd.GeoDataFrame, crs: Any) -> None:
    """Raise where wards cannot be in their system: degrees for metres, swapped, off the earth or grid.

    `crs` is the system that the caller gave, if any, because then it is the argument that must change.
    """
    system = pyproj.CRS(wards.crs)
    west, south, east, north = wards.bounds.to_numpy().T
    x, y = (west + east) / 2, (south + north) / 2
    if system.is_geographic and looks_swapped(x, y).mean() > 0.5:
        raise CRSError(
            "Longitude and latitude of the boundaries look swapped.",
            _first(wards, looks_swapped(x, y)),
            mend=f"wards.set_geometry({_SWAP}, crs={crs_words(system)!r}), then wm.read_wards(wards).",
        )
    degrees = bool((np.abs(wards.total_bounds) <= [180, 90, 180, 90]).all())
    if system.is_geographic:
        wrong = (np.maximum(-west, east) > 180) | (np.maximum(-south, north) > 90)
        guess = "EPSG:27700" if not off_the_grid(x, y).any() else "..."
    elif degrees:
        wrong, guess = np.ones(len(wards), dtype=bool), "EPSG:4326"
    else:
        wrong, guess = off_the_grid(x, y) & (system == pyproj.CRS("EPSG:27700")), "..."
    if wrong.any():
        mend: str | Use = Use("read_wards", "crs", guess)
        if crs is None:
            mend = f'wm.read_wards(gpd.read_file("...").set_crs("{guess}", allow_override=True))'
        raise CRSError(
            f"{counted(int(wrong.sum()), 'ward')} cannot be where {crs_words(system)} puts them.",
            _first(wards, wrong),
            mend=(mend, ", with the system that they are in."),
        )
    _refuse_round_the_world(wards)


def _refuse_round_the_world(wards: gpd.GeoDataFrame) -> None:
    """Raise where a ward in degrees is wider than half the earth: it was cut at the date line."""
    if wards.crs.is_geographic:
        wide = wards.bounds["maxx"] - wards.bounds["minx"] > 180
        if wide.any():
            raise GeometryError(
                f"{counted(int(wide.sum()), 'ward')} wider than half the earth: cut at the date line.",
                f"wards: {named(wards[wide])}",
                mend="take the boundaries in a projected system.",
            )


def _first(wards: gpd.GeoDataFrame, which: Flags) -> str:
    """Name the first of these wards and where it lies."""
    ward = wards[which].iloc[:1]
    west, south, east, north = ward.total_bounds
    return f"the first: {named(ward)}, x {west:.8g} to {east:.8g}, y {south:.8g} to {north:.8g}"
