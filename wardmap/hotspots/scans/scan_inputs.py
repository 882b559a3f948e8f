"""The ward table and the wards as the arrays that a scan works on, aligned by ward code."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from wardmap import schema
from wardmap.errors import AlignmentError, GeometryError, InputError, counted, listed
from wardmap.hotspots.local.permutation import Numbers
from wardmap.hotspots.panel import Panel, panel_of

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, slots=True)
class Cases:
    """Incidents and people as families by wards, the wards' centres, and how far apart these are measured."""

    panel: Panel
    incidents: Numbers
    population: Numbers
    points: Numbers
    great_circle: bool

    def kept(self) -> NDArray[np.bool_]:
        """Say where a ward can take part: its incidents are known, and people live there."""
        return ~np.isnan(self.incidents) & (self.population > 0)


def cases_of(table: pd.DataFrame, wards: "gpd.GeoDataFrame") -> Cases:
    """Lay out incidents, population and centres in the order of the ward codes."""
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    schema.refuse_halo(table, "The scan")
    incidents, population = panel_of(table, "incidents"), panel_of(table, "population")
    _check_counts(table, incidents.numbers)
    if (population.numbers < 0).any():
        below = table.index[table["population"].fillna(0) < 0].get_level_values("ward_code").unique()
        raise InputError("The population must not be below 0.", f"wards: {listed(below)}")
    points, great_circle = _centres(wards, incidents.codes)
    return Cases(incidents, incidents.numbers, population.numbers, points, great_circle)


def _check_counts(table: pd.DataFrame, incidents: Numbers) -> None:
    known = incidents[~np.isnan(incidents)]
    wrong = (known < 0) | (known != np.floor(known))
    if wrong.any():
        column = table["incidents"].astype("float64")
        rows = column[(column < 0) | (column % 1 > 0)]
        raise InputError(
            "A scan counts incidents: whole numbers, not below 0.",
            f"{counted(len(rows), 'row')} with others, first {rows.iloc[0]:g} in {rows.index[0]}",
            mend="table = wm.count_incidents(incidents, wards), not weights or rates.",
        )


def _centres(wards: Any, codes: list[Any]) -> tuple[Numbers, bool]:
    schema.require(wards, schema.WARDS, ["geometry"])
    missing = pd.Index(codes).difference(wards.index, sort=False)
    if len(missing):
        raise AlignmentError(
            "Some wards of the table are not on the map, so no zone can hold them.",
            f"wards, {len(missing):,}: {listed(missing)}",
            mend="give the wards that the incidents were counted in.",
        )
    chosen = wards.loc[codes]
    if not chosen.index.is_unique:
        raise InputError("Some wards stand on the map twice.", mend='wards.dissolve("ward_code").')
    shapes = chosen.geometry.to_numpy()
    points = shapely.get_coordinates(shapely.centroid(shapes))
    if len(points) < len(codes) or not np.isfinite(points).all():
        bad = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        raise GeometryError("Some wards have no geometry.", f"wards: {listed(chosen.index[bad])}")
    return points, bool(chosen.crs is not None and chosen.crs.is_geographic)
