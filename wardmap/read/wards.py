"""`read_wards`: a boundary file becomes the wards table: codes, names, vintage, and rings that close."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from wardmap import schema
from wardmap.errors import (
    DuplicateWardError,
    GeometryError,
    InputError,
    RepairWarning,
    counted,
    listed,
    warn,
)
from wardmap.read import columns as habits
from wardmap.read.files import check_file
from wardmap.read.geofile import DRIVERS, agreed_crs, missing_crs, read_geofile

_UNKNOWN_VINTAGE = "vintage not known"


def read_wards(
    source: str | Path | gpd.GeoDataFrame,
    *,
    district: str | None = None,
    code: str | None = None,
    name: str | None = None,
    vintage: str | None = None,
    crs: str | int | None = None,
) -> gpd.GeoDataFrame:
    """Read ward boundaries, find their codes and names, and repair what can be repaired, saying so.

    Answers: which wards are there, by which code, of which year, and where do they lie.

    Parameters
    ----------
    source
        A GeoJSON, GeoPackage or Shapefile, or a GeoDataFrame.
    district
        Keep the wards of this district only, by name or by code ("East Staffordshire", "E07000193").
    code, name
        The columns of ward codes and names, where they do not follow a known habit
        (`WD13CD`, `wd22nm`, `ward_code`, `GSS_CODE` and the like are found).
    vintage
        The year of the boundaries, where neither a `vintage` column nor the column names tell it.
    crs
        The coordinate system, for a file that does not say. It never overrides one that does.

    Returns
    -------
    GeoDataFrame
        The wards table, index `ward_code`, in code order: `ward_name`, `district` (null where the
        file has none), `vintage`, `halo` (False), `geometry` in the file's own CRS.

    Raises
    ------
    InputError
        No such file, not what its name says, no such district, a ward without a code.
    MissingColumnError
        No column looks like the ward code or name.
    CRSError
        The file does not say its coordinate system and `crs=` was not given, or both and they differ.
    GeometryError
        A ward has no geometry, or one that is not a polygon and cannot be made one.
    DuplicateWardError
        Two different wards carry one code.

    Warns
    -----
    RepairWarning
        Invalid rings were mended, or the parts of one ward on several rows were put together.

    Notes
    -----
    Do not assign incidents by boundaries that were generalised for display ("super generalised",
    "ultra generalised"): they move points across ward lines. Codes, not names, identify a ward:
    names recur, and change their spelling.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> wards.loc["E05006918", "ward_name"]
    'Anglesey'
    """
    raw = source.copy() if isinstance(source, gpd.GeoDataFrame) else _open(Path(source))
    raw = _with_crs(raw, crs)
    code_column = habits.find_column(raw, habits.WARD_CODE, code, "ward code", 'code="..."')
    name_column = habits.find_column(raw, habits.WARD_NAME, name, "ward name", 'name="..."')
    raw = _of_district(raw, district)
    wards = gpd.GeoDataFrame(
        {
            "ward_code": habits.clean_codes(raw[code_column]),
            "ward_name": raw[name_column].astype(object),
            "district": _district(raw),
            "vintage": _vintage(raw, code_column, vintage),
            "halo": False,
        },
        geometry=raw.geometry,
    )
    _refuse_blank(wards)
    wards = _one_row_per_ward(_mend(wards))
    wards = wards.set_index("ward_code").sort_index()
    wards["vintage"] = wards["vintage"].astype("category")
    schema.check(wards, schema.WARDS)
    return wards


def _open(path: Path) -> gpd.GeoDataFrame:
    check_file(path, set(DRIVERS))
    raw = read_geofile(path)
    if raw.empty or raw.active_geometry_name is None:
        raise GeometryError(f"{path.name!r} holds no features with a geometry.", f"rows: {len(raw)}")
    return raw


def _with_crs(raw: gpd.GeoDataFrame, crs: str | int | None) -> gpd.GeoDataFrame:
    if raw.crs is None and crs is None:
        raise missing_crs("The boundaries", raw.total_bounds, 'read_wards(..., crs="...")')
    system = agreed_crs(raw.crs, crs, "The boundaries")
    return raw.set_crs(system) if raw.crs is None else raw


def _of_district(raw: gpd.GeoDataFrame, district: str | None) -> gpd.GeoDataFrame:
    if district is None:
        return raw
    found = [habits.optional_column(raw, h, None, "district", "") for h in
             (habits.DISTRICT_NAME, habits.DISTRICT_CODE)]  # fmt: skip
    columns = [column for column in found if column]
    if not columns:
        raise InputError(
            f"The file does not say which district a ward is in, so {district!r} cannot be chosen.",
            f"columns found: {', '.join(map(str, raw.columns))}",
            mend="leave district= out if the file holds one district only.",
        )
    wanted = district.strip().casefold()
    chosen = np.logical_or.reduce([raw[c].astype(str).str.strip().str.casefold() == wanted for c in columns])
    if not chosen.any():
        known = sorted({str(value) for c in columns for value in raw[c].dropna()})
        raise InputError(
            f"No ward is in the district {district!r}.",
            f"districts found, nearest first: {', '.join(schema.nearest(district, known)[:6])}",
            mend=f"choose by {' or '.join(columns)}.",
        )
    return raw.loc[chosen]


def _district(raw: gpd.GeoDataFrame) -> pd.Series:
    for habit in (habits.DISTRICT_NAME, habits.DISTRICT_CODE):
        column = habits.optional_column(raw, habit, None, "district", "")
        if column is not None:
            return pd.Series(raw[column].astype(object))
    return pd.Series(None, index=raw.index, dtype=object)


def _vintage(raw: gpd.GeoDataFrame, code_column: str, given: str | None) -> pd.Series:
    if given is not None:
        return pd.Series(given, index=raw.index)
    if "vintage" in raw.columns:
        return pd.Series(raw["vintage"].astype(object).fillna(_UNKNOWN_VINTAGE))
    year = re.search(r"(\d\d)", code_column)
    return pd.Series(f"20{year[1]}" if year else _UNKNOWN_VINTAGE, index=raw.index)


def _refuse_blank(wards: gpd.GeoDataFrame) -> None:
    for column in ("ward_code", "ward_name"):
        blank = wards[column].isna()
        if blank.any():
            raise InputError(
                f"{counted(blank.sum(), 'ward')} without a {column.removeprefix('ward_')}.",
                f"rows: {wards.index[blank].tolist()[:8]}",
                mend="fill it in, or take these rows out before reading.",
            )
    nothing = wards.geometry.isna() | wards.geometry.is_empty
    if nothing.any():
        raise GeometryError(
            f"{counted(nothing.sum(), 'ward')} without a geometry: no incident could ever be found there.",
            f"wards: {_named(wards[nothing])}",
            mend="export the boundaries again, or take these rows out knowingly.",
        )


def _mend(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop heights, close and untangle rings, and refuse what is not an area afterwards."""
    shapes = shapely.force_2d(wards.geometry.to_numpy())
    invalid = ~shapely.is_valid(shapes)
    if invalid.any():
        before = shapely.area(shapes[invalid])
        shapes[invalid] = [_polygons(shape) for shape in shapely.make_valid(shapes[invalid])]
        change = (shapely.area(shapes[invalid]) - before) / np.where(before > 0, before, np.nan)
        facts = [
            f"{row.ward_name} ({row.ward_code}): {reason}; area changed by {100 * part:+.4f} %"
            for row, reason, part in zip(
                wards[invalid].itertuples(),
                shapely.is_valid_reason(wards.geometry.to_numpy()[invalid]),
                change,
                strict=True,
            )
        ]
        warn(RepairWarning, f"Invalid rings of {counted(invalid.sum(), 'ward')} were mended.", *facts[:8],
             mend="nothing, if the change in area is small; else take the boundaries anew.")  # fmt: skip
    wrong = ~np.isin(shapely.get_type_id(shapes), [3, 6]) | (shapely.area(shapes) == 0)
    if wrong.any():
        raise GeometryError(
            f"{counted(wrong.sum(), 'row')} of the boundaries cannot be a ward: not an area.",
            f"wards: {_named(wards[wrong])}",
            f"they are: {listed(sorted(set(wards.geometry[wrong].geom_type)))}",
            mend="take the layer of polygons, not that of points or lines.",
        )
    return wards.set_geometry(gpd.GeoSeries(shapes, index=wards.index, crs=wards.crs))


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def _one_row_per_ward(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    repeated = wards[wards["ward_code"].duplicated(keep=False)]
    if repeated.empty:
        return wards
    for ward_code, rows in repeated.groupby("ward_code"):
        same_shape = rows.geometry.apply(lambda g: g.normalize().wkb_hex).duplicated().any()
        if len(rows["ward_name"].unique()) > 1 or same_shape:
            raise DuplicateWardError(
                f"{len(rows)} rows carry the ward code {ward_code!r}, and are not parts of one ward.",
                f"names: {listed(rows['ward_name'])}",
                "two of them have the very same shape" if same_shape else "their names differ",
                mend="take the surplus rows out, or give each ward its own code.",
            )
    warn(
        RepairWarning,
        f"The parts of {counted(repeated['ward_code'].nunique(), 'ward')} came on several rows, now one.",
        f"wards: {_named(repeated.drop_duplicates('ward_code'))}",
    )
    return wards.dissolve("ward_code", as_index=False, sort=False)


def _named(wards: gpd.GeoDataFrame) -> str:
    return listed(f"{row.ward_name} ({row.ward_code})" for row in wards.itertuples())
