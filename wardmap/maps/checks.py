"""Can these be drawn: the checks on wards, areas and their alignment with the table."""

import geopandas as gpd
import pandas as pd
import shapely

from wardmap import schema
from wardmap.errors import AlignmentError, CRSError, DuplicateWardError, GeometryError, InputError, listed


def check_wards(wards: gpd.GeoDataFrame) -> None:
    """Raise unless every ward has one code, a name, a CRS and a sound polygon."""
    schema.require(wards, schema.WARDS, ["ward_name"])
    _check_shapes(wards, "wards", "ward_name")
    twice = wards.index[wards.index.duplicated()].unique()
    if len(twice):
        raise DuplicateWardError(
            f"{len(twice)} ward code(s) stand on several rows, so it is not clear which shape to draw.",
            f"codes: {listed(twice)}",
            mend='wards = wm.read_wards("wards.gpkg")',
        )


def check_areas(areas: gpd.GeoDataFrame) -> None:
    """Raise unless every area has a CRS and a sound polygon."""
    schema.require(areas, schema.AREAS, [])
    _check_shapes(areas, "areas", None)


def align(rows: pd.DataFrame, reported: pd.Index, halo: pd.Index) -> pd.DataFrame:
    """Return the rows of the reported wards, or raise, naming the wards that only one side has."""
    codes = rows.index.get_level_values("ward_code")
    rows = rows[~codes.isin(halo)]
    codes = rows.index.get_level_values("ward_code").astype(str)
    not_drawn, not_told = codes.difference(reported.astype(str)), reported.astype(str).difference(codes)
    if len(not_drawn) or len(not_told):
        facts = []
        if len(not_drawn):
            facts.append(f"in the table, without a shape: {listed(not_drawn)}")
        if len(not_told):
            facts.append(f"with a shape, not in the table: {listed(not_told)}")
        raise AlignmentError(
            "The table and the wards are not about the same wards.",
            *facts,
            mend="draw the wards that were counted: table = wm.count_incidents(incidents, wards)",
        )
    if codes.has_duplicates:
        raise AlignmentError(
            "The table has several rows for one ward in the same theme and period.",
            f"wards: {listed(codes[codes.duplicated()].unique())}",
        )
    return rows


def _check_shapes(frame: gpd.GeoDataFrame, what: str, named: str | None) -> None:
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(
            f"The {what} have no geometry.", f"given: {type(frame).__name__}", mend="pass a GeoDataFrame."
        )
    if not len(frame):
        if what == "areas":
            return
        raise InputError(f"There are no {what} to draw.")
    shapes = frame.geometry.to_numpy()
    problems = {
        "null": shapely.is_missing(shapes),
        "empty": shapely.is_empty(shapes),
        "not a polygon": ~pd.Series(shapely.get_type_id(shapes)).isin([3, 6, -1]).to_numpy(),
        "not valid": ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes),
    }
    for problem, where in problems.items():
        if where.any():
            bad = frame[where]
            labels = [f"{code} {name}" for code, name in bad[named].items()] if named else bad.index
            raise GeometryError(
                f"Some {what} cannot be drawn: their geometry is {problem}.",
                f"{what}: {listed(labels)}",
                mend='wards = wm.read_wards("wards.gpkg"), which repairs what can be repaired.',
            )
    if frame.crs is None:
        west, south, east, north = frame.total_bounds
        degrees = west >= -180 and east <= 180 and south >= -90 and north <= 90
        raise CRSError(
            f"The {what} have no coordinate system, so it is not known where they are.",
            f"bounds: {west:,.2f}, {south:,.2f}, {east:,.2f}, {north:,.2f}, which look like "
            f"{'longitude and latitude' if degrees else 'metres'}",
            mend=f"{what} = {what}.set_crs({'4326' if degrees else '27700'})",
        )
