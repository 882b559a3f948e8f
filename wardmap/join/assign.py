"""`assign_wards`: every incident in exactly one ward, or a reason why not."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from wardmap import location, schema
from wardmap.errors import AlignmentError, GeometryError, InputError, MissingColumnError, counted, listed
from wardmap.join.layer import ward_layer
from wardmap.join.place import CODE, Floats, Matches, Positions, place, refuse_elsewhere, warn_of_losses

_MATCH_OF: Matches = np.array([CODE["within"], CODE["no_location"], CODE["invalid"]])
"""The match of a row by its `location`; a located row is still to be placed."""


def assign_wards(
    incidents: gpd.GeoDataFrame, wards: gpd.GeoDataFrame, *, lookup: pd.Series | None = None
) -> gpd.GeoDataFrame:
    """Put each incident in the ward that holds it, or say why it is in none.

    Answers: which ward did it happen in? A point inside one ward, or on the outer edge of one, is in
    that ward. A point that several wards hold (on the edge between them, or where they overlap) goes
    to the lowest ward code, and `match` says `edge`. Rows marked as duplicates are not assigned.

    Parameters
    ----------
    incidents
        The incidents table: points in any CRS.
    wards
        The wards table, in any CRS. When the two differ the wards are transformed, not the
        incidents, because recorded coordinates should stay as they were recorded.
    lookup
        For rows without a usable point: ward codes by small-area code (LSOA, output area), as a
        Series whose index is named after the column of the incidents that holds the small-area code.
        Each small area must lie in one ward; where it does not, leave it out.

    Returns
    -------
    GeoDataFrame
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
        area appears twice in the lookup.
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
    schema.require(incidents, schema.INCIDENTS, ["geometry", "location", "duplicate"])
    layer = ward_layer(wards, incidents.crs, incidents.total_bounds)
    x, y = _coordinates(incidents)
    match = _settled(incidents, x, y)
    ward, match = place(x, y, match, layer)
    refuse_elsewhere(x, y, match, layer)
    words = layer.words
    if lookup is not None:
        ward, match = _by_small_area(incidents, lookup, layer.codes, ward, match)
        words += f"; rows without a usable point by lookup of {lookup.index.name}"
    warn_of_losses(match)
    return schema.write(
        incidents,
        "match",
        {
            "ward_code": pd.Categorical.from_codes(ward, categories=layer.codes),
            "match": pd.Categorical.from_codes(match, categories=pd.Index(schema.MATCHES)),
        },
        pd.Categorical.from_codes(np.zeros(len(match), dtype=np.int8), categories=pd.Index([f"{words}."])),
    )


def _coordinates(incidents: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return x and y, NaN where there is no point."""
    points = incidents.geometry.to_numpy()
    wrong = shapely.get_type_id(points) > 0
    if wrong.any():
        raise GeometryError(
            f"{counted(int(wrong.sum()), 'incident')} with a geometry that is not a point.",
            f"kinds: {listed(sorted(set(incidents.geometry[wrong].geom_type)))}",
            mend="incidents.set_geometry(incidents.representative_point()), if that is what you mean.",
        )
    points = np.where(shapely.is_empty(points), None, points)
    return shapely.get_x(points), shapely.get_y(points)


def _settled(incidents: gpd.GeoDataFrame, x: Floats, y: Floats) -> Matches:
    """Return the match of rows that need no ward to be known, and `within` for those to be placed."""
    said = pd.Categorical(incidents["location"], categories=location.LOCATIONS).codes
    found = location.classify(x, y, degrees=incidents.crs.is_geographic)
    match = _MATCH_OF[np.where(said == location.LOCATED, found, said)]
    match[incidents["duplicate"].to_numpy(dtype=bool)] = CODE["duplicate"]
    return match


def _by_small_area(
    incidents: gpd.GeoDataFrame, lookup: pd.Series, codes: pd.Index, ward: Positions, match: Matches
) -> tuple[Positions, Matches]:
    """Place rows without a usable point by the ward of their small area."""
    column = lookup.index.name
    if column not in incidents.columns:
        raise MissingColumnError(
            f"The incidents have no column {column!r}, after which the lookup's index is named.",
            f"columns found, nearest first: {', '.join(schema.nearest(column, incidents.columns))}",
            mend='lookup = lookup.rename_axis("the column with the small-area code")',
        )
    if not lookup.index.is_unique:
        raise InputError(
            "Some small areas appear twice in the lookup, so their incidents could be in two wards.",
            f"{column}: {listed(lookup.index[lookup.index.duplicated()].unique())}",
            mend="lookup = lookup[~lookup.index.duplicated(keep=False)]: leave out what has two wards.",
        )
    position = codes.get_indexer(pd.Index(lookup, dtype=object))
    if (position < 0).all():
        raise AlignmentError(
            "Not one ward code of the lookup is among the wards.",
            f"the lookup's: {listed(lookup.unique())}",
            f"the wards': {listed(codes)}",
            mend="take a lookup and wards of one vintage.",
        )
    entry = lookup.index.get_indexer(pd.Index(incidents[column], dtype=object))
    found = np.isin(match, [CODE["no_location"], CODE["invalid"]]) & (entry >= 0)
    ward, match = ward.copy(), match.copy()
    ward[found] = position[entry[found]]
    match[found] = np.where(ward[found] >= 0, CODE["lookup"], CODE["outside"])
    return ward, match
