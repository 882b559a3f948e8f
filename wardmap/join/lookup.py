"""`by_small_area`: the ward of rows without a usable point, by the small area that their source names."""

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError, listed
from wardmap.join.matches import CODE, Matches, Positions


def by_small_area(
    incidents: pd.DataFrame, lookup: pd.Series, codes: pd.Index, ward: Positions, match: Matches
) -> tuple[Positions, Matches]:
    """Return ward and match with such rows placed; a small area in none of the wards is `outside`."""
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
