"""`read_wards`: a boundary file becomes the wards table: codes, names, vintage, and rings that close."""

import re
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from wardmap import schema
from wardmap.errors import (
    GeometryError,
    InputError,
    Use,
    VintageError,
    counted,
    listed,
)
from wardmap.formats.find import check_file
from wardmap.formats.geofile import DRIVERS, agreed_crs, missing_crs, read_geofile
from wardmap.read import columns as habits
from wardmap.read.wards.extent import refuse_misplaced
from wardmap.read.wards.kinds_of_area import warn_of_other_areas
from wardmap.read.wards.misfits import warn_of_misfits
from wardmap.read.wards.repair import mend_rings, named, one_row_per_ward
from wardmap.read.wards.ward_names import ward_names

_VERB = "read_wards"
_UNKNOWN_VINTAGE = "vintage not known"


def read_wards(
    source: str | Path | gpd.GeoDataFrame,
    *,
    district: str | None = None,
    halo: bool = False,
    layer: str | None = None,
    code: str | None = None,
    name: str | Sequence[str] | None = None,
    vintage: str | None = None,
    crs: str | int | None = None,
) -> gpd.GeoDataFrame:
    """Read ward boundaries, find their codes and names, and repair what can be repaired, saying so.

    Answers: which wards are there, by which code, of which year, and where do they lie.

    Parameters
    ----------
    source
        A GeoJSON, GeoPackage, Shapefile, FlatGeobuf or KML file, or a GeoDataFrame.
    district
        Keep the wards of this district only, by name or by code ("East Staffordshire", "E07000193").
    halo
        Keep with the district the wards of other districts that touch it. They have `halo` true:
        neighbours for statistics at the district's edge, never counted or reported.
    layer
        The layer, where the file has several.
    code, name
        The columns of ward codes and names, where they do not follow a known habit
        (`WD13CD`, `wd22nm`, `ward_code`, `GSS_CODE` and the like are found). Any polygons with a
        column of codes will do, of any country. Names in two languages are joined: `name=["WD22NM",
        "WD22NMW"]` gives "Quay / Cei". A blank name is taken from the column found by habit, and
        without any the code stands for it.
    vintage
        The year of the boundaries, where neither a `vintage` column nor the column names tell it.
    crs
        The coordinate system, for a file that does not say. It never overrides one that does.

    Returns
    -------
    GeoDataFrame
        The wards table, index `ward_code`, in code order: `ward_name`, `district` (null where the
        file has none), `vintage`, `halo`, `geometry` in the file's own CRS.

    Raises
    ------
    InputError
        No such file, not what its name says, no such district, a ward without a code.
    MissingColumnError
        No column looks like the ward code or name.
    CRSError
        The file does not say its coordinate system and `crs=` was not given, or both and they differ;
        or the wards cannot lie where it puts them (degrees for metres, swapped, off the grid).
    GeometryError
        A ward has no geometry, or one that is not a polygon and cannot be made one.
    DuplicateWardError
        Two different wards carry one code.
    VintageError
        The wards are of several boundary years.

    Warns
    -----
    RepairWarning
        Invalid rings were mended, the parts of one ward on several rows were put together, or a code
        stands for a name that is not there.
    MisfitWarning
        Wards overlap, or leave gaps of less than a metre between them; the largest are named with
        their size.
    NotWardsWarning
        The codes are those of other areas, as E58 of county electoral divisions.

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
    raw = source.copy() if isinstance(source, gpd.GeoDataFrame) else _open(Path(source), layer)
    raw = _with_crs(raw, crs)
    code_column = habits.find_column(raw, habits.WARD_CODE, code, "ward code", Use(_VERB, "code"))
    raw, outside = _of_district(raw, district, halo=halo)
    codes = habits.clean_codes(raw[code_column])
    wards = gpd.GeoDataFrame(
        {
            "ward_code": codes,
            "ward_name": ward_names(raw, name, codes),
            "district": _district(raw),
            "vintage": _vintage(raw, code_column, vintage),
            "halo": outside,
        },
        geometry=raw.geometry,
    )
    _refuse_blank(wards)
    _refuse_two_vintages(wards)
    refuse_misplaced(wards, crs)
    wards = one_row_per_ward(mend_rings(wards))
    wards = wards.set_index("ward_code").sort_index()
    warn_of_other_areas(wards)
    warn_of_misfits(wards)
    wards["vintage"] = wards["vintage"].astype("category")
    schema.check(wards, schema.WARDS)
    return wards


def _open(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    check_file(path, set(DRIVERS))
    raw = read_geofile(path, layer, verb=_VERB)
    if raw.empty or raw.active_geometry_name is None:
        raise GeometryError(f"{path.name!r} holds no features with a geometry.", f"rows: {len(raw)}")
    return raw


def _with_crs(raw: gpd.GeoDataFrame, crs: str | int | None) -> gpd.GeoDataFrame:
    if raw.crs is None and crs is None:
        raise missing_crs("The boundaries", raw.total_bounds, verb=_VERB)
    system = agreed_crs(raw.crs, crs, "The boundaries", verb=_VERB)
    return raw.set_crs(system) if raw.crs is None else raw


def _of_district(
    raw: gpd.GeoDataFrame, district: str | None, *, halo: bool
) -> tuple[gpd.GeoDataFrame, npt.NDArray[np.bool_]]:
    """Return the rows of a district, with those that touch it if asked, and which of them are outside."""
    if district is None:
        if halo:
            raise InputError("A halo is around a district.", mend=Use(_VERB, "district"))
        return raw, np.zeros(len(raw), dtype=bool)
    found = [habits.optional_column(raw, h, None, "district", None) for h in
             (habits.DISTRICT_NAME, habits.DISTRICT_CODE)]  # fmt: skip
    columns = [column for column in found if column]
    if not columns:
        raise InputError(
            f"The file does not say which district a ward is in, so {district!r} cannot be chosen.",
            f"columns found: {listed(raw.columns)}",
            mend="leave district= out if the file holds one district only.",
        )
    wanted = district.strip().casefold()
    chosen = np.logical_or.reduce([raw[c].astype(str).str.strip().str.casefold() == wanted for c in columns])
    if not chosen.any():
        known = sorted({str(value) for c in columns for value in raw[c].dropna()})
        raise InputError(
            f"No ward is in the district {district!r}.",
            schema.found_words("districts", district, known),
            mend=(
                "name one that is there:",
                Use(_VERB, "district", (schema.alike(district, known) or ["..."])[0]),
            ),
        )
    kept = np.asarray(chosen)
    if halo:
        shapes = raw.geometry.to_numpy()
        touching = shapely.STRtree(shapes).query(shapes[kept], predicate="intersects")[1]
        kept = kept | np.isin(np.arange(len(raw)), touching)
    return raw.loc[kept], ~np.asarray(chosen)[kept]


def _district(raw: gpd.GeoDataFrame) -> pd.Series:
    for habit in (habits.DISTRICT_NAME, habits.DISTRICT_CODE):
        column = habits.optional_column(raw, habit, None, "district", None)
        if column is not None:
            return pd.Series(raw[column].astype(object))
    return pd.Series(None, index=raw.index, dtype=object)


def _vintage(raw: gpd.GeoDataFrame, code_column: str, given: str | None) -> pd.Series:
    if given is not None:
        return pd.Series(given, index=raw.index)
    if "vintage" in raw.columns:
        return pd.Series(raw["vintage"].astype(object).fillna(_UNKNOWN_VINTAGE))
    year = re.search(r"(?:20)?(\d\d)", code_column)
    return pd.Series(f"20{year[1]}" if year else _UNKNOWN_VINTAGE, index=raw.index)


def _refuse_two_vintages(wards: gpd.GeoDataFrame) -> None:
    years = wards["vintage"].unique()
    if len(years) > 1:
        raise VintageError(
            "The wards are of several boundary years, so their codes do not belong together.",
            f"vintages: {listed(sorted(map(str, years)))}",
            mend=("read one year; if this is one year after all:", Use(_VERB, "vintage", "2024")),
        )


def _refuse_blank(wards: gpd.GeoDataFrame) -> None:
    blank = wards["ward_code"].isna()
    if blank.any():
        raise InputError(
            f"{counted(blank.sum(), 'ward')} without a code.",
            f"rows: {listed(wards.index[blank])}",
            mend="fill it in, or take these rows out before reading.",
        )
    nothing = wards.geometry.isna() | wards.geometry.is_empty
    if nothing.any():
        raise GeometryError(
            f"{counted(nothing.sum(), 'ward')} without a geometry: no incident could ever be found there.",
            f"wards: {named(wards[nothing])}",
            mend="export the boundaries again, or take these rows out knowingly.",
        )
