"""The one choice of a system in which metres are metres, for any country."""

from functools import lru_cache

import geopandas as gpd
import pyproj

BRITISH = "EPSG:27700"
_WEB_MERCATOR = 3857
_BRITAIN = (-9.0, 49.0, 2.1, 61.0)
"""West, south, east and north of the British Isles, in degrees: the British National Grid serves them."""


def in_metres(shapes: gpd.GeoSeries, like: gpd.GeoSeries | gpd.GeoDataFrame | None = None) -> gpd.GeoSeries:
    """Return the shapes in the metric system of `like`, or in their own where nothing is given.

    Two layers that are measured against each other take the system of one of them, the wards.
    """
    return shapes.to_crs(metric_crs(shapes if like is None else like))


def metric_crs(layer: gpd.GeoSeries | gpd.GeoDataFrame) -> pyproj.CRS:
    """Return the system to measure a layer in.

    The British National Grid where the layer is British; its own system where that is projected and in
    metres; otherwise an equal-area system of its own, centred on the layer (feet, degrees, and Web
    Mercator, whose metres are longer the farther north they are).

    Examples
    --------
    >>> import shapely
    >>> burton = gpd.GeoSeries([shapely.box(-1.7, 52.7, -1.6, 52.9)], crs=4326)
    >>> metric_crs(burton).to_epsg()
    27700
    >>> chicago = gpd.GeoSeries([shapely.box(-88, 41.5, -87, 42.5)], crs=4326)
    >>> metric_crs(chicago).axis_info[0].unit_name
    'metre'
    """
    own = pyproj.CRS(layer.crs)
    british = pyproj.CRS(BRITISH)
    if own == british:
        return british
    west, south, east, north = layer.to_crs(4326).total_bounds.tolist()
    if west >= _BRITAIN[0] and south >= _BRITAIN[1] and east <= _BRITAIN[2] and north <= _BRITAIN[3]:
        return british
    metres = own.is_projected and all(axis.unit_name == "metre" for axis in own.axis_info[:2])
    if metres and own.to_epsg() != _WEB_MERCATOR:
        return own
    return _equal_area(round((west + east) / 2, 1), round((south + north) / 2, 1))


@lru_cache(maxsize=64)
def _equal_area(longitude: float, latitude: float) -> pyproj.CRS:
    return pyproj.CRS.from_proj4(
        f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84 +units=m +no_defs"
    )
