"""Rings that do not close, heights, and wards on several rows: mended, and said with names and sizes."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from wardmap.errors import (
    DuplicateWardError,
    GeometryError,
    RepairWarning,
    counted,
    first_lines,
    listed,
    warn,
)


def mend_rings(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop heights, close and untangle rings, and refuse what is not an area afterwards."""
    shapes = shapely.force_2d(wards.geometry.to_numpy())
    invalid = ~shapely.is_valid(shapes)
    before = shapely.area(shapes)
    shapes[invalid] = [_polygons(shape) for shape in shapely.make_valid(shapes[invalid])]
    _refuse_no_area(wards, shapes)
    if invalid.any():
        reasons = shapely.is_valid_reason(wards.geometry.to_numpy()[invalid])
        changes = zip(before[invalid], shapely.area(shapes[invalid]), strict=True)
        facts = [
            f"{row.ward_name} ({row.ward_code}): {reason}; {_change(was, now)}"
            for row, reason, (was, now) in zip(wards[invalid].itertuples(), reasons, changes, strict=True)
        ]
        warn(
            RepairWarning,
            f"Invalid rings of {counted(invalid.sum(), 'ward')} were mended.",
            *first_lines(facts),
            note="if an area changed by much, download the boundaries again.",
        )
    return wards.set_geometry(gpd.GeoSeries(shapes, index=wards.index, crs=wards.crs))


def _refuse_no_area(wards: gpd.GeoDataFrame, shapes: npt.NDArray[np.object_]) -> None:
    wrong = ~np.isin(shapely.get_type_id(shapes), [3, 6]) | (shapely.area(shapes) == 0)
    if wrong.any():
        raise GeometryError(
            f"{counted(wrong.sum(), 'row')} of the boundaries cannot be a ward, because it is not an area.",
            f"wards: {named(wards[wrong])}",
            f"they are: {listed(sorted(set(wards.geometry[wrong].geom_type)))}",
            mend="take the layer of polygons, not that of points or lines.",
        )


def _change(was: float, now: float) -> str:
    if was == 0:  # the two halves of a bow-tie cancel each other out
        return "its rings enclosed nothing as drawn"
    return f"area changed by {100 * (now - was) / was:+.4f}%"


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def one_row_per_ward(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the parts of a ward together, and refuse rows that are not parts of one."""
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
        f"The parts of {counted(repeated['ward_code'].nunique(), 'ward')} were on several rows, now one.",
        f"wards: {named(repeated.drop_duplicates('ward_code'))}",
    )
    return wards.dissolve("ward_code", as_index=False, sort=False)


def named(wards: gpd.GeoDataFrame) -> str:
    """Name wards as `Quay (E05000001)`, the first of many."""
    return listed(f"{row.ward_name} ({row.ward_code})" for row in wards.itertuples())
