"""Geographic files, opened only by drivers that read nothing but the file itself."""

import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj

from wardmap.errors import CRSError, InputError, Use
from wardmap.schema import alike, found_words

_JSON = {"GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON"}
DRIVERS: dict[str, set[str]] = {
    ".geojson": _JSON,
    ".json": _JSON,
    ".gpkg": {"GPKG"},
    ".shp": {"ESRI Shapefile"},
    ".fgb": {"FlatGeobuf"},
    ".kml": {"KML", "LIBKML"},
}
"""Which drivers may open a file of which ending. A virtual file (VRT) would open any other file."""


def read_geofile(path: Path, layer: str | None = None, *, verb: str) -> gpd.GeoDataFrame:
    """Read one layer of a geographic file whose name and first bytes have been checked.

    `verb` is whose argument `layer` chooses the layer.
    """
    drivers = DRIVERS[path.suffix.lower()]
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        chosen = _choose(layers, layer, path.name, verb)
        driver = pyogrio.read_info(path, layer=chosen)["driver"]
        if driver in drivers:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "More than one layer|.*non-conformant content", UserWarning)
                raw = gpd.read_file(path, layer=chosen)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path.name!r} cannot be opened as {' or '.join(sorted(drivers))}.",
            str(error).strip().splitlines()[0],
            mend="open it in a desktop GIS and export it again.",
        ) from error
    if driver not in drivers:
        raise InputError(
            f"{path.name!r} would be read by the driver {driver}, which is not allowed.",
            f"allowed for {path.suffix}: {', '.join(sorted(drivers))}",
            mend="export it as GeoPackage or GeoJSON.",
        )
    return gpd.GeoDataFrame(raw)


def agreed_crs(said: Any, given: str | int | None, what: str, *, verb: str) -> pyproj.CRS:
    """Return the coordinate system that a source says or the caller gives; both must agree.

    Systems are compared by what they mean: some files spell one out without its number.
    """
    if said is None and given is None:
        raise CRSError(
            f"{what} do not say which coordinate system they are in.", mend=Use(verb, "crs", "EPSG:27700")
        )
    system = system_of(given if said is None else said, verb=verb)
    if given is not None and system != system_of(given, verb=verb):
        raise CRSError(
            f"{what} say another coordinate system than crs= does.",
            f"the source says: {crs_words(system)}",
            f"crs= says: {crs_words(given)}",
            mend='leave crs= out, or frame.set_crs("...", allow_override=True) if the source is wrong.',
        )
    return system


def system_of(crs: Any, *, verb: str) -> pyproj.CRS:
    """Return the coordinate system that a number or a name stands for; raise where it stands for none."""
    try:
        return pyproj.CRS(crs)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(
            f"There is no coordinate system {crs!r}.",
            mend=(
                Use(verb, "crs", "EPSG:27700"),
                "(British National Grid), or",
                Use(verb, "crs", "EPSG:4326"),
                "(longitude and latitude).",
            ),
        ) from error


def missing_crs(what: str, bounds: Any, *, verb: str) -> CRSError:
    """Return the error for coordinates without a system, with what their range suggests."""
    west, south, east, north = np.asarray(bounds, dtype=float)
    degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    british = 0 <= west <= east <= 700_000 and 0 <= south <= north <= 1_300_000
    guess = "EPSG:4326" if degrees else "EPSG:27700" if british else "..."
    return CRSError(
        f"{what} do not say which coordinate system they are in.",
        f"x from {west:.8g} to {east:.8g}, y from {south:.8g} to {north:.8g}",
        "these look like degrees (longitude, latitude)"
        if degrees
        else "these look like metres on the British National Grid"
        if british
        else "these are not degrees, and not on the British National Grid: ask the publisher",
        mend=(Use(verb, "crs", guess), ", if you know it to be so."),
    )


def crs_words(crs: Any) -> str:
    """Name a coordinate system by its number, or by its name where it has none."""
    system = pyproj.CRS(crs)
    authority = system.to_authority()
    return ":".join(authority) if authority else f"{system.name!r} (no number)"


def _choose(layers: list[str], layer: str | None, name: str, verb: str) -> str:
    if layer is None and len(layers) == 1:
        return layers[0]
    if layer in layers:
        return layer
    raise InputError(
        f"{name!r} has no layer {layer!r}." if layer else f"{name!r} holds {len(layers)} layers.",
        found_words("layers", layer or "", layers),
        mend=Use(verb, "layer", (alike(layer or "", layers) or layers or ["..."])[0]),
    )
