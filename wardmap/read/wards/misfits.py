"""Whether wards fit together: overlaps and gaps between them, named with their size."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from wardmap.errors import MisfitWarning, Use, counted, warn
from wardmap.read.wards.repair import named

GAP_METRES = 1.0
"""A gap narrower than this between two wards is a fault of drawing, not a river or another ward."""

_METRES_PER_DEGREE = 111_320.0


def warn_of_misfits(wards: gpd.GeoDataFrame) -> None:
    """Warn of overlaps and narrow gaps between wards, the largest first.

    Incidents in an overlap go to the lowest code; wards across a gap are no neighbours.
    """
    shapes = wards.geometry.to_numpy()
    edges = shapely.coverage_invalid_edges(shapes, gap_width=GAP_METRES / _metres_per_unit(wards))
    involved = wards[~shapely.is_empty(edges)]
    if involved.empty:
        return
    overlaps, gaps = _overlaps(involved), _gaps(involved)
    found = f"{counted(len(overlaps), 'overlap')}, {counted(len(gaps), 'closed gap')}"
    facts = [
        f"{counted(len(involved), 'ward')} with edges that do not meet: {named(involved.reset_index())}",
        found if overlaps or gaps else f"edges run less than {GAP_METRES:g} m apart",
        *(f"{a} and {b} overlap by {_size(area)}" for area, a, b in overlaps[:6]),
        *(f"a gap of {_size(area)} between {' and '.join(names)}" for area, names in gaps[:6]),
    ]
    warn(
        MisfitWarning,
        "Some wards do not fit together along their shared edges.",
        *facts,
        mend=("to make wards on two sides of a gap neighbours:", Use("neighbours", "tolerance_m", 1)),
        note="small ones do no other harm; incidents in an overlap go to the lowest code.",
    )


def _metres_per_unit(wards: gpd.GeoDataFrame) -> float:
    if wards.crs.is_geographic:
        return _METRES_PER_DEGREE
    return float(wards.crs.axis_info[0].unit_conversion_factor)


def _overlaps(wards: gpd.GeoDataFrame) -> list[tuple[float, str, str]]:
    shapes = wards.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.intersection(shapes[one], shapes[other])
    area = _square_metres(shared, wards)
    names = wards["ward_name"].to_numpy()
    found = [
        (float(size), f"{names[i]} ({wards.index[i]})", f"{names[j]} ({wards.index[j]})")
        for size, i, j in zip(area, one, other, strict=True)
        if size > 0
    ]
    return sorted(found, reverse=True)


def _gaps(wards: gpd.GeoDataFrame) -> list[tuple[float, list[str]]]:
    """Return the holes between these wards that are too narrow to hold anything, and who borders them."""
    shapes = wards.geometry.to_numpy()
    rings = shapely.get_rings(shapely.get_parts(shapely.union_all(shapes)), return_index=True)
    first = np.append(True, np.diff(rings[1]) > 0)  # a polygon's first ring is its outline
    holes = shapely.polygons(rings[0][~first])
    half = GAP_METRES / 2 / _metres_per_unit(wards)
    narrow = holes[shapely.is_empty(shapely.buffer(holes, -half))] if len(holes) else holes
    hole, ward = shapely.STRtree(shapes).query(narrow, predicate="intersects")
    found = [
        (float(size), [f"{wards['ward_name'].iloc[w]} ({wards.index[w]})" for w in ward[hole == i]])
        for i, size in enumerate(_square_metres(narrow, wards))
    ]
    return sorted(found, reverse=True)


def _square_metres(shapes: npt.NDArray[np.object_], wards: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    series = gpd.GeoSeries(shapes, crs=wards.crs)
    if series.empty:
        return np.zeros(0)
    if wards.crs.is_geographic:
        return np.asarray(series.to_crs(wards.estimate_utm_crs()).area)
    return np.asarray(series.area) * _metres_per_unit(wards) ** 2


def _size(square_metres: float) -> str:
    if square_metres >= 1e6:
        return f"{square_metres / 1e6:,.2f} km²"
    return f"{square_metres:,.0f} m²" if square_metres >= 1 else "less than 1 m²"
