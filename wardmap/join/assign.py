"""`assign_wards`: every incident in exactly one ward, or a reason why not."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from wardmap import location, schema
from wardmap.counted import is_dask
from wardmap.errors import GeometryError, counted, listed
from wardmap.formats.lookup import Lookup
from wardmap.join.dask_frames import assign_lazily
from wardmap.join.place import (
    CODE,
    MATCH_OF,
    Floats,
    Matches,
    SmallAreas,
    assigned,
    refuse_elsewhere,
    warn_of_losses,
)
from wardmap.join.ward_layer import ward_layer


def assign_wards(
    incidents: gpd.GeoDataFrame,
    wards: gpd.GeoDataFrame,
    *,
    lookup: Lookup | None = None,
    column: str = "lsoa_code",
) -> gpd.GeoDataFrame:
    """Put each incident in the ward that holds it, or say why it is in none.

    Answers: which ward did it happen in? A point inside one ward, or on the outer edge of one, is in
    that ward. A point that several wards hold (on the edge between them, or where they overlap) goes
    to the lowest ward code, and `match` says `edge`. Rows marked as duplicates are not assigned.

    Parameters
    ----------
    incidents
        The incidents table: points in any CRS. Or a Dask frame with `x` and `y` (numbers in the CRS of
        the wards) and `duplicate`: it stays lazy, and what it loses is said by `ledger` alone.
    wards
        The wards table, in any CRS. When the two differ the wards are transformed, not the
        incidents, because recorded coordinates should stay as they were recorded.
    lookup
        For rows without a usable point: the ward (`to_code`) of each small area (`from_code`: LSOA, output
        area), as a frame or a file; `share` may be left out. Each small area must lie in one ward; where
        it does not, leave it out.
    column
        With `lookup`, the column of the incidents that holds the code of the small area.

    Returns
    -------
    GeoDataFrame (or a Dask frame)
        The incidents in their order, with `ward_code` (category; null where in no ward), `match`
        (`within`, `edge`, `lookup`, `outside`, `no_location`, `invalid`, `duplicate`) and
        `match_method`. A row that says it is located but has no point, or one of two zeroes, is
        `no_location`; one whose point cannot be on earth is `invalid`. A row whose small area is in
        the lookup, but in none of these wards, is `outside`.

    Raises
    ------
    CRSError
        Incidents or wards do not say their coordinate system, or x and y look swapped.
    DuplicateWardError, GeometryError
        A ward code appears twice; there are no wards, or one without polygons; an incident is not a
        point.
    InputError
        Not one located incident is in any ward: the layers are not about the same place. Or a small
        area of the lookup lies in two wards.
    AlignmentError
        Not one ward code of the lookup is among the wards.

    Warns
    -----
    UnmatchedIncidentsWarning, EdgeIncidentsWarning
        Located incidents are outside every ward, or were given to the lowest code.
    TransformWarning
        The wards had to be transformed without the national grid, so edges are off by some metres.

    Examples
    --------
    >>> import warnings, wardmap as wm
    >>> incidents = wm.read_incidents(wm.demo.extract())
    >>> incidents = wm.assign_wards(incidents, wm.read_wards(wm.demo.wards_file()))
    >>> set(incidents["match"].unique()) <= {"within", "no_location"}
    True
    """
    areas = SmallAreas.of(lookup, column)
    if is_dask(incidents):
        return assign_lazily(incidents, wards, areas)
    schema.require(incidents, schema.INCIDENTS, ["geometry", "location", "duplicate"])
    layer = ward_layer(wards, incidents.crs, incidents.total_bounds)
    x, y = _coordinates(incidents)
    match = _settled(incidents, x, y)
    found, match = assigned(incidents, x, y, match, layer, areas=areas)
    refuse_elsewhere(x, y, match, layer)
    warn_of_losses(np.bincount(match, minlength=len(schema.MATCHES)))
    return found


def _coordinates(incidents: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return x and y, NaN where there is no point."""
    points = incidents.geometry.to_numpy()
    wrong = shapely.get_type_id(points) > 0
    if wrong.any():
        raise GeometryError(
            f"{counted(int(wrong.sum()), 'incident')} with a shape that is not a point.",
            f"kinds: {listed(sorted(set(incidents.geometry[wrong].geom_type)))}",
            mend="incidents.set_geometry(incidents.representative_point()), if that is what you mean.",
        )
    points = np.where(shapely.is_empty(points), None, points)
    return shapely.get_x(points), shapely.get_y(points)


def _settled(incidents: gpd.GeoDataFrame, x: Floats, y: Floats) -> Matches:
    """Return the match of rows that need no ward to be known, and `within` for those to be placed."""
    said = pd.Categorical(incidents["location"], categories=location.LOCATIONS).codes
    found = location.classify(x, y, degrees=incidents.crs.is_geographic)
    match = MATCH_OF[np.where(said == location.LOCATED, found, said)]
    match[incidents["duplicate"].to_numpy(dtype=bool)] = CODE["duplicate"]
    return match
