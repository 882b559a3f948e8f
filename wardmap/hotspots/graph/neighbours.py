"""Which wards are neighbours: the graph that every local statistic is given.

The graph is an argument of the statistics and never built behind the analyst's back. Wards are
compared exactly as they are drawn: a border that one ward draws with a vertex and the other without
one is still a border, and wards that overlap are neighbours too. libpysal's own builders say no to
the second by definition, and to the first by default.
"""

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from wardmap import schema
from wardmap.errors import (
    CRSError,
    DuplicateWardError,
    GeometryError,
    InputError,
    IslandWarning,
    TooFewWardsError,
    listed,
    warn,
)
from wardmap.hotspots.graph.ward_graph import WardGraph, named
from wardmap.hotspots.local.permutation import Positions

if TYPE_CHECKING:
    import geopandas as gpd

Rule = Literal["queen", "rook", "nearest", "distance"]

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def neighbours(
    wards: "gpd.GeoDataFrame",
    *,
    rule: Rule = "queen",
    tolerance_m: float = 0.0,
    nearest: int = 6,
    distance_m: float = 0.0,
) -> WardGraph:
    """Say which wards are neighbours, as a libpysal Graph with weights of 1.

    Parameters
    ----------
    wards
        The wards table: polygons, indexed by `ward_code`. Any coordinate system will do, even none,
        unless a tolerance in metres is asked for.
    rule
        `queen`: the wards share at least a point. `rook`: they share a stretch of border.
        Wards that overlap are neighbours by both. `nearest`: the `nearest` wards by their centroids,
        which need not be mutual, and leaves no island. `distance`: the wards with centroids within
        `distance_m`. These two need wards in metres.
    tolerance_m
        Queen only: wards no further apart than this many metres are neighbours as well. It bridges
        the hairline gaps of badly drawn or transformed boundaries; it needs wards in metres.
    nearest
        Rule `nearest` only: how many neighbours every ward has. Equal distances go by ward code.
    distance_m
        Rule `distance` only: the largest distance of centroids, in metres.

    Returns
    -------
    WardGraph
        A libpysal Graph with its nodes in the order of the wards. No ward is its own neighbour; as
        libpysal has it, a ward without neighbours is held as a link to itself of weight 0. Printed, it
        says how many neighbours wards have, and names those without any, those with a single one and
        those that lie within another; a notebook draws the links as well.

    Raises
    ------
    GeometryError
        A geometry is missing, empty, invalid or not a polygon.
    DuplicateWardError
        Two rows have one ward code.
    CRSError
        A tolerance was asked for, and the wards are not in metres.
    TooFewWardsError
        There are no wards.

    Warns
    -----
    IslandWarning
        Some wards have no neighbour: local statistics will say `not testable` there.

    Notes
    -----
    Look at the links before you trust them: end a notebook's cell with `graph`; or elsewhere
    `axes = wards.plot(color="none", edgecolor="grey")`, then `graph.plot(wards, ax=axes)`.

    A neighbour across the district's edge counts only if it is in the table (a `halo`). Wards on
    two banks of a river without a bridge are neighbours here, whatever people on the bank say.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> wards = gpd.GeoDataFrame(
    ...     {"ward_name": ["North", "West", "East"]},
    ...     geometry=[box(0, 1, 2, 2), box(0, 0, 1, 1), box(1, 0, 2, 1)],
    ...     index=pd.Index(["E05000001", "E05000002", "E05000003"], name="ward_code"),
    ... )
    >>> graph = neighbours(wards)
    >>> graph["E05000001"].to_dict()
    {'E05000002': 1, 'E05000003': 1}
    >>> graph
    WardGraph of 3 wards and 3 pairs of neighbours, by the rule: queen.
      Neighbours: 2 each.
      Every ward has a neighbour.
    """
    _check(wards, rule, tolerance_m)
    _check_centroids(wards, rule, nearest, distance_m)
    shapes = wards.geometry.to_numpy()
    if rule in ("queen", "rook"):
        focal, other = _pairs(shapes, rule, tolerance_m)
    else:
        points = shapely.get_coordinates(shapely.centroid(shapes))
        focal, other = _close(points, rule, nearest, distance_m, wards.index)
    within = f" within {tolerance_m:g} m" if tolerance_m else ""
    labels = {"nearest": f"{nearest} nearest", "distance": f"within {distance_m:g} m"}
    return graph_of(wards, focal, other, rule=labels.get(rule, f"{rule}{within}"))


def graph_of(wards: pd.DataFrame, focal: Positions, other: Positions, *, rule: str) -> WardGraph:
    """Return links, given as positions sorted by focal ward, as a graph that remembers its rule."""
    alone = np.setdiff1d(np.arange(len(wards)), focal)
    _warn_of_islands(wards, alone)
    weights = np.concatenate([np.ones(len(focal), dtype=int), np.zeros(len(alone), dtype=int)])
    focal, other = np.concatenate([focal, alone]), np.concatenate([other, alone])
    order = np.argsort(focal, kind="stable")  # Graph takes its node order from the focal column
    pairs = [wards.index[focal[order]], wards.index[other[order]]]
    index = pd.MultiIndex.from_arrays(pairs, names=["focal", "neighbor"])
    return WardGraph.of(wards, pd.Series(weights[order], index, name="weight"), rule=rule)


def _check(wards: Any, rule: str, tolerance_m: float) -> None:
    schema.require(wards, schema.WARDS, ["geometry"])
    if rule not in get_args(Rule):
        raise InputError(
            "Unknown rule for neighbours.", f"rule: {rule!r}", mend=f"one of {listed(get_args(Rule))}."
        )
    if not hasattr(wards, "crs"):
        raise GeometryError(
            "The wards are a table without a map: their geometry is not a GeoDataFrame's.",
            f"given: {type(wards).__name__}",
            mend='gpd.GeoDataFrame(wards, geometry="geometry").',
        )
    if not len(wards):
        raise TooFewWardsError("There are no wards to be neighbours.", "rows: 0")
    repeated = wards.index[wards.index.duplicated()].unique()
    if len(repeated):
        raise DuplicateWardError(
            f"{len(repeated):,} ward codes stand in several rows.",
            f"codes: {listed(repeated)}",
            mend='wards.dissolve("ward_code") if the rows are parts of one ward.',
        )
    _check_shapes(wards)
    _check_tolerance(wards, rule, tolerance_m)


def _check_shapes(wards: "gpd.GeoDataFrame") -> None:
    shapes = wards.geometry.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if missing.any():
        raise GeometryError(
            f"{missing.sum():,} wards have no geometry, so no neighbours can be found.",
            f"wards: {listed(named(wards[missing]))}",
            mend="drop them by name, or read the boundaries again.",
        )
    wrong = ~np.isin(shapely.get_type_id(shapes), _POLYGONS)
    if wrong.any():
        raise GeometryError(
            f"{wrong.sum():,} wards are not polygons.",
            f"wards: {listed(named(wards[wrong]))}",
            f"types: {listed(wards.geometry[wrong].geom_type.unique())}",
            mend="read a file of ward boundaries, not of points or lines.",
        )
    crossed = ~shapely.is_valid(shapes)
    if crossed.any():
        raise GeometryError(
            f"{crossed.sum():,} wards are drawn with a border that crosses itself.",
            f"wards: {listed(named(wards[crossed]))}",
            f"first: {shapely.is_valid_reason(shapes[crossed][0])}",
            mend="wards = wm.read_wards(...) repairs them and says by how much.",
        )


def _check_tolerance(wards: "gpd.GeoDataFrame", rule: str, tolerance_m: float) -> None:
    if not 0 <= tolerance_m < np.inf:
        raise InputError("The tolerance must be 0 or a distance in metres.", f"tolerance_m: {tolerance_m}")
    if not tolerance_m:
        return
    if rule != "queen":
        raise InputError(
            "A tolerance goes with the queen rule only.",
            "across a gap, a shared stretch of border cannot be told from a shared corner",
            mend=f"wm.neighbours(wards, tolerance_m={tolerance_m:g}).",
        )
    _check_metres(wards, "A tolerance in metres needs wards in metres.")


def _check_centroids(wards: "gpd.GeoDataFrame", rule: str, nearest: int, distance_m: float) -> None:
    if rule in ("queen", "rook"):
        return
    _check_metres(wards, "Distances between wards need wards in metres.")
    if rule == "nearest" and not (isinstance(nearest, int | np.integer) and 1 <= nearest < len(wards)):
        raise InputError(
            "The number of nearest wards must be at least 1, and fewer than there are.",
            f"nearest: {nearest!r} of {len(wards):,} wards",
        )
    if rule == "distance" and not 0 < distance_m < np.inf:
        raise InputError(
            "The rule `distance` needs a distance in metres.",
            f"distance_m: {distance_m}",
            mend='wm.neighbours(wards, rule="distance", distance_m=5_000).',
        )


def _check_metres(wards: "gpd.GeoDataFrame", headline: str) -> None:
    if wards.crs is None or wards.crs.axis_info[0].unit_name not in ("metre", "meter"):
        raise CRSError(
            headline,
            f"CRS of the wards: {wards.crs.name if wards.crs else 'missing'}",
            mend="wm.neighbours(wards.to_crs(27700), ...), after set_crs if it is missing.",
        )


def _pairs(shapes: NDArray[Any], rule: str, tolerance_m: float) -> tuple[Positions, Positions]:
    """Return each link once from either side, as positions sorted by focal ward, then neighbour."""
    tree = shapely.STRtree(shapes)
    if tolerance_m:
        focal, other = tree.query(shapes, predicate="dwithin", distance=tolerance_m)
    else:
        focal, other = tree.query(shapes, predicate="intersects")
    once = focal < other
    focal, other = focal[once], other[once]
    if rule == "rook":
        one, two = shapes[focal], shapes[other]
        # DE-9IM: the borders share a line, or the insides overlap
        kept = shapely.relate_pattern(one, two, "****1****") | shapely.relate_pattern(one, two, "T********")
        focal, other = focal[kept], other[kept]
    both = np.concatenate([focal, other]), np.concatenate([other, focal])
    order = np.lexsort((both[1], both[0]))
    return both[0][order], both[1][order]


def _close(
    points: NDArray[np.float64], rule: str, nearest: int, distance_m: float, codes: pd.Index
) -> tuple[Positions, Positions]:
    """Return each link once from the focal ward, as positions sorted by focal ward."""
    by_code = np.argsort(codes.astype(str).to_numpy(), kind="stable")
    others = []
    for ward, point in enumerate(points):
        apart = np.hypot(*(points[by_code] - point).T)
        apart[by_code == ward] = np.inf
        if rule == "nearest":
            others.append(np.sort(by_code[np.argsort(apart, kind="stable")[:nearest]]))
        else:
            others.append(np.sort(by_code[apart <= distance_m]))
    focal = np.repeat(np.arange(len(points)), [len(found) for found in others])
    return focal, np.concatenate(others).astype(np.intp)


def _warn_of_islands(wards: pd.DataFrame, alone: Positions) -> None:
    if len(alone):
        warn(
            IslandWarning,
            f"{len(alone):,} of {len(wards):,} wards have no neighbour: local statistics cannot test them.",
            f"wards: {listed(named(wards.iloc[alone]))}",
            mend="if it is a hairline gap: wm.neighbours(wards.to_crs(27700), tolerance_m=1); if it is "
            'water: wm.neighbours(wards.to_crs(27700), rule="nearest").',
        )
