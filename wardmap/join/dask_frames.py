"""`assign_lazily`: `assign_wards` for a Dask frame, which stays unread until it is counted."""

from typing import Any

import geopandas as gpd
import pandas as pd

from wardmap import location, schema
from wardmap.errors import CRSError, MissingColumnError
from wardmap.join.place import CODE, MATCH_OF, SmallAreas, assigned
from wardmap.join.ward_layer import WardLayer, ward_layer

_NEEDED = ("x", "y", "duplicate")


def assign_lazily(incidents: Any, wards: gpd.GeoDataFrame, areas: SmallAreas | None) -> Any:
    """Return the Dask frame with `ward_code`, `match` and `match_method`, still to be computed.

    The wards go to each worker once, as one node of the graph on which all partitions depend.
    """
    from dask.delayed import delayed  # noqa: PLC0415 - whoever has a Dask frame has loaded it

    missing = [name for name in _NEEDED if name not in incidents.columns]
    if missing:
        raise MissingColumnError(
            f"The Dask frame of incidents has no column {', '.join(map(repr, missing))}.",
            schema.found_words("columns", missing[0], incidents.columns),
            mend="incidents.rename(columns={'Longitude': 'x', 'Latitude': 'y'}).assign(duplicate=False)",
        )
    if wards.crs is None:
        raise CRSError(
            "The wards do not say which coordinate system they are in.",
            mend='wards = wards.set_crs("EPSG:4326"), or the system that you know it to be.',
        )
    layer = ward_layer(wards, wards.crs)
    meta = _assign(incidents._meta, layer, areas)  # noqa: SLF001 - an empty frame: what is wrong is raised at once
    node = delayed(layer, pure=True, traverse=False)
    return incidents.map_partitions(_assign, node, areas, meta=meta, enforce_metadata=False)


def _assign(rows: pd.DataFrame, layer: WardLayer, areas: SmallAreas | None) -> pd.DataFrame:
    x, y = rows["x"].to_numpy(dtype=float), rows["y"].to_numpy(dtype=float)
    match = MATCH_OF[location.classify(x, y, degrees=layer.crs.is_geographic)]
    match[rows["duplicate"].to_numpy(dtype=bool)] = CODE["duplicate"]
    return assigned(rows, x, y, match, layer, areas=areas)[0]
