"""Where the incidents of an extract are: points, pairs of coordinates, or grid references."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from wardmap.errors import CRSError, GeometryError, InputError, Mend, MissingColumnError, listed
from wardmap.formats.geofile import agreed_crs, crs_words, missing_crs, system_of
from wardmap.read.incidents import grid_references
from wardmap.read.incidents.coordinates import Flags, Numbers, Places, as_numbers
from wardmap.read.incidents.fields import Fields, use_columns

_PAIRS = {"metres": ("easting", "northing"), "degrees": ("longitude", "latitude"), "unknown": ("x", "y")}
_SYSTEMS = {"metres": 27700, "degrees": 4326}
_NOTHING = {"null", "none", "nan", "na", "n/a", "#n/a"}  # how databases and workbooks export an empty cell
_VERB = "read_incidents"


def find_places(raw: pd.DataFrame, fields: Fields, name: str, crs: str | int | None) -> Places:
    """Return the points of a geographic table, else the pair that `crs` asks for, else grid references.

    Where nothing is asked for, eastings and northings come first, because recording systems hold them.
    """
    if isinstance(raw, gpd.GeoDataFrame) and raw.active_geometry_name is not None:
        return _points(raw, name, crs)
    kind = _choose_pair(fields, name, crs)
    if kind is not None:
        return _pair(raw, fields, kind, name, crs)
    if "grid_reference" in fields:
        column = fields["grid_reference"]
        x, y, blank = grid_references.parse(raw[column])
        system = agreed_crs(27700, crs, "Grid references", verb=_VERB)
        words = f"grid references from {column!r}, the middle of each square"
        return Places(x, y, blank, system, (column, column), words)
    raise MissingColumnError(
        f"{name!r} has no columns that look like coordinates.",
        f"columns found: {listed(raw.columns)}",
        mend=(
            use_columns({"easting": "...", "northing": "..."}),
            ', or "longitude" and "latitude", or "grid_reference".',
        ),
    )


def _points(raw: gpd.GeoDataFrame, name: str, crs: str | int | None) -> Places:
    shapes = raw.geometry.to_numpy()
    if raw.crs is None and crs is None:
        raise missing_crs(f"The points of {name!r}", raw.total_bounds, verb=_VERB)
    system = agreed_crs(raw.crs, crs, f"The points of {name!r}", verb=_VERB)
    blank = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if not blank.all() and not (shapely.get_type_id(shapes[~blank]) == 0).any():
        raise GeometryError(
            f"{name!r} holds no points: incidents happen at a point.",
            f"it holds: {listed(sorted(set(raw.geometry[~blank].geom_type)))}",
            mend="frame.set_geometry(frame.representative_point()), if that is what is meant.",
        )
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    blank |= (shapely.get_type_id(shapes) == 0) & (np.isnan(x) | np.isnan(y))  # POINT (NaN NaN) is not empty
    # what is neither blank nor a point has no x, and so is invalid
    return Places(x, y, blank, system, ("x", "y"), "points of the file")


def _choose_pair(fields: Fields, name: str, crs: str | int | None) -> str | None:
    there = [kind for kind, pair in _PAIRS.items() if pair[0] in fields and pair[1] in fields]
    if crs is None:
        known = [kind for kind in there if kind in _SYSTEMS]
        return next(iter(known or ([] if "grid_reference" in fields else there)), None)
    wanted = "degrees" if system_of(crs, verb=_VERB).is_geographic else "metres"
    fitting = [kind for kind in there if kind in (wanted, "unknown")]
    if there and not fitting and "grid_reference" not in fields:
        raise CRSError(
            f"The coordinates of {name!r} are in {there[0]}, and crs= says {crs_words(crs)}.",
            f"columns: {', '.join(repr(fields[part]) for part in _PAIRS[there[0]])}",
            mend="leave crs= out; assign_wards brings incidents and wards together.",
        )
    return next(iter(fitting), None)


def _pair(raw: pd.DataFrame, fields: Fields, kind: str, name: str, crs: str | int | None) -> Places:
    names = (fields[_PAIRS[kind][0]], fields[_PAIRS[kind][1]])
    x, x_blank = _numbers(raw[names[0]], name)
    y, y_blank = _numbers(raw[names[1]], name)
    system = crs if crs is not None else _SYSTEMS.get(kind)
    words = f"points from {names[0]!r} and {names[1]!r}"
    if system is None:
        ends = [
            [f(v[np.isfinite(v)]) if np.isfinite(v).any() else 0.0 for v in (x, y)] for f in (np.min, np.max)
        ]
        raise missing_crs(f"The columns {names[0]!r} and {names[1]!r}", [*ends[0], *ends[1]], verb=_VERB)
    return Places(x, y, x_blank | y_blank, system_of(system, verb=_VERB), names, words)


def _numbers(values: pd.Series, name: str) -> tuple[Numbers, Flags]:
    """Do as `as_numbers` does, but take words for an empty cell as blank, and refuse a column of text."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        values = values.mask(values.astype(str).str.strip().str.lower().isin(_NOTHING))
    numbers, blank = as_numbers(values, name)
    text = np.isnan(numbers) & ~blank
    if 2 * text.sum() > (~blank).sum():
        found = values[text].astype(str).str.strip()
        raise InputError(
            f"Most values of {str(values.name)!r} in {name!r} are not numbers, so not coordinates.",
            f"{text.sum():,} of {(~blank).sum():,} that are not blank: {listed(found.unique(), 4)}",
            mend=_mend_text(found, str(values.name)),
        )
    return numbers, blank


def _mend_text(found: pd.Series, column: str) -> Mend:
    """Return the line that mends the commonest kinds of text in a column of coordinates."""
    if not np.isnan(grid_references.parse(found)[0]).all():
        return use_columns({"grid_reference": column})
    if found.str.fullmatch(r"[+-]?\d+,\d+").any():
        return f'frame["{column}"].str.replace(",", "."), where the comma is a decimal one.'
    return ("name the columns that hold them:", use_columns({"easting": "...", "northing": "..."}))
