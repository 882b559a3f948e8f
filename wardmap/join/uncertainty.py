"""`boundary_uncertainty` and `redraw_counts`: how far points that are not exact could move the counts."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, Use, counted, listed
from wardmap.join.ward_layer import WardLayer, ward_layer

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def boundary_uncertainty(
    incidents: gpd.GeoDataFrame,
    wards: gpd.GeoDataFrame,
    *,
    metres: float,
    shared: bool = False,
    draws: int = 199,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Say how much a ward's count depends on points that may be off by some metres.

    Answers: would this ward's count be another one, had the incidents been recorded where they
    happened? Published points are snapped to a list of places, or come from a transformation without
    the national grid. In each draw every point is moved again, to a place drawn evenly from the disc
    of `metres` around it, and the wards are counted again.

    Parameters
    ----------
    incidents
        The incidents table after `assign_wards`; select one theme or period first if you ask about one.
    wards
        The wards that they were assigned to.
    metres
        The largest error of a point. For snapped points, half the usual distance between neighbouring
        published places; for a transformation, the error that TransformWarning named.
    shared
        False moves each incident on its own, as snapping does. True moves all of them alike in each
        draw, as a wrong transformation does.
    draws
        How many times to count again.
    confidence
        The share of draws between `redrawn_lower` and `redrawn_upper`.
    seed
        Of the draws.

    Returns
    -------
    DataFrame
        Index `ward_code` (wards of the halo left out): `incidents` (assigned by their point), `near_edge`
        (share of them within `metres` of the ward's edge, 0 to 1; null without incidents), `redrawn`
        (mean of the draws), `redrawn_lower`, `redrawn_upper` (incidents) and `redrawn_method`.

    Raises
    ------
    InputError
        `metres` or `draws` is not positive, or `confidence` not between 0 and 1.
    AlignmentError
        The incidents were assigned to other wards than these.

    Notes
    -----
    The interval is about location alone: it holds nothing of chance in the number of incidents, and
    nothing of incidents without a place. Not for deciding which ward an incident belongs to. Snapped
    points move towards streets, not evenly, so the interval is an order of magnitude, not a coverage.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    >>> doubt = wm.join.boundary_uncertainty(incidents, wards, metres=20)
    >>> float(doubt["near_edge"].max())  # practice points keep 30 m from every edge
    0.0
    """
    if not 0 < confidence < 1:
        raise InputError(
            "A confidence must lie between 0 and 1.",
            f"confidence: {confidence}",
            mend=Use("join.boundary_uncertainty", "confidence", 0.95),
        )
    redrawn = _redraw(incidents, wards, metres=metres, shared=shared, draws=draws, seed=seed)
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(redrawn.counts, [tail, 1 - tail], axis=0, method="inverted_cdf")
    total = redrawn.total
    table = pd.DataFrame(index=pd.Index(redrawn.layer.codes, name="ward_code"))
    table = schema.write(
        table,
        "redrawn",
        {
            "incidents": total,
            "near_edge": redrawn.near_edge / np.where(total > 0, total, np.nan),
            "redrawn": redrawn.counts.mean(axis=0),
            "redrawn_lower": lower.astype(np.int64),
            "redrawn_upper": upper.astype(np.int64),
        },
        f"Counts of {draws:,} draws in which {'all points move alike' if shared else 'each point moves'} "
        f"by up to {metres:g} m, evenly over a disc; {confidence:.0%} of the draws lie between the limits; "
        f"seed {seed}. Location error alone. {redrawn.layer.words}.",
    )
    return table.drop(wards.index[wards["halo"]]) if "halo" in wards else table


def redraw_counts(
    incidents: gpd.GeoDataFrame,
    wards: gpd.GeoDataFrame,
    *,
    metres: float,
    theme: str,
    period: str,
    shared: bool = False,
    draws: int = 199,
    seed: int = 0,
) -> pd.DataFrame:
    """Count the wards again and again, with points moved by what they may be off.

    Answers what `boundary_uncertainty` does, draw by draw, for `rank_stability(table, redrawn=...)`: would
    the ranking survive, had the incidents been recorded where they happened?

    Parameters
    ----------
    incidents
        The incidents of one theme and period, after `assign_wards`.
    wards, metres, shared, draws, seed
        As for `boundary_uncertainty`, which gives the same draws.
    theme, period
        What the rows of the ward table are called that these incidents were counted in.

    Returns
    -------
    DataFrame
        Index `theme`, `period`, `ward_code` (wards of the halo left out); a column for each draw, from 0
        on, of whole numbers.

    Raises
    ------
    InputError
        `metres` or `draws` is not positive.
    AlignmentError
        The incidents were assigned to other wards than these.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    >>> robbery = incidents[incidents["theme"] == "Robbery"]
    >>> counts = wm.join.redraw_counts(robbery, wards, metres=100, theme="Robbery", period="all", draws=9)
    >>> counts.shape
    (21, 9)
    """
    redrawn = _redraw(incidents, wards, metres=metres, shared=shared, draws=draws, seed=seed)
    index = pd.MultiIndex.from_product(
        [[theme], [period], redrawn.layer.codes], names=schema.WARD_TABLE.index
    )
    counts = pd.DataFrame(redrawn.counts.T, index=index)
    return counts.drop(wards.index[wards["halo"]], level="ward_code") if "halo" in wards else counts


@dataclass(frozen=True, slots=True)
class _Redrawn:
    """Counts of each ward: as assigned, of those near its edge, and in every draw (in rows)."""

    layer: WardLayer
    total: npt.NDArray[np.int64]
    near_edge: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]


def _redraw(
    incidents: gpd.GeoDataFrame,
    wards: gpd.GeoDataFrame,
    *,
    metres: float,
    shared: bool,
    draws: int,
    seed: int,
) -> _Redrawn:
    if not (metres > 0 and draws > 0):
        raise InputError(
            "There is nothing to redraw.",
            f"metres: {metres}, draws: {draws}",
            mend="boundary_uncertainty(incidents, wards, metres=50, draws=199)",
        )
    schema.require(incidents, schema.INCIDENTS, ["geometry", "ward_code", "match"])
    schema.require(wards, schema.WARDS, ["geometry"])
    rows = incidents[incidents["match"].isin(["within", "edge", "outside"])]
    in_degrees = incidents.crs is not None and incidents.crs.is_geographic
    crs = wards.estimate_utm_crs() if in_degrees else incidents.crs
    layer = ward_layer(wards, crs, incidents.total_bounds)
    ward = _positions(rows["ward_code"], layer.codes)
    spot_of, spots = _spots(rows, crs)
    radius = metres / crs.axis_info[0].unit_conversion_factor
    near, near_own = _near_edges(spots, spot_of, ward, layer.index.shapes, radius)

    settled = _count(ward[~near], len(layer.codes))
    x, y = (values[spot_of[near]] for values in (spots.real, spots.imag))
    rng = np.random.default_rng(seed)
    counts = np.empty((draws, len(layer.codes)), dtype=np.int64)
    for draw in tqdm(range(draws), desc="Redrawing", unit="draw", delay=2, disable=None):
        moved_x, moved_y = _shift(rng, 1 if shared else len(x), radius)
        found, _ = layer.index.place(x + moved_x, y + moved_y)
        counts[draw] = settled + _count(found, len(layer.codes))
    wards_in_all = len(layer.codes)
    return _Redrawn(layer, _count(ward, wards_in_all), _count(ward[near_own], wards_in_all), counts)


def _positions(ward_code: pd.Series, codes: pd.Index) -> Ints:
    category = pd.Categorical(ward_code)
    position = codes.get_indexer(pd.Index(category.categories, dtype=object))
    if (position < 0).any():
        raise AlignmentError(
            "The incidents were assigned to other wards than those given.",
            f"codes that are not among the {counted(len(codes), 'ward')}: "
            f"{listed(category.categories[position < 0])}",
            mend="incidents = wm.assign_wards(incidents, wards), with these wards.",
        )
    by_row: Ints = np.append(position, -1)[category.codes]
    return by_row


def _spots(rows: gpd.GeoDataFrame, crs: Any) -> tuple[Ints, npt.NDArray[np.complex128]]:
    """Return each place once, as x + iy in `crs`, and for each row its place: published places repeat."""
    points = rows.geometry.to_numpy()
    spot_of, spots = pd.factorize(shapely.get_x(points) + 1j * shapely.get_y(points))
    placed = gpd.GeoSeries(gpd.points_from_xy(spots.real, spots.imag), crs=rows.crs).to_crs(crs)
    return spot_of, placed.x.to_numpy() + 1j * placed.y.to_numpy()


def _near_edges(
    spots: npt.NDArray[np.complex128],
    spot_of: Ints,
    ward: Ints,
    shapes: npt.NDArray[np.object_],
    radius: float,
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which rows lie within the radius of any ward's edge, and which of their own ward's."""
    tree = shapely.STRtree(shapely.points(spots.real, spots.imag))
    owner, spot = tree.query(shapely.boundary(shapes), predicate="dwithin", distance=radius)
    near = np.isin(spot_of, spot)
    pairs = owner.astype(np.int64) * len(spots) + spot
    return near, np.isin(ward * len(spots) + spot_of, pairs) & (ward >= 0)


def _shift(rng: np.random.Generator, number: int, radius: float) -> tuple[Floats, Floats]:
    """Return steps drawn evenly from a disc."""
    distance = radius * np.sqrt(rng.random(number))
    angle = 2 * np.pi * rng.random(number)
    return distance * np.cos(angle), distance * np.sin(angle)


def _count(ward: npt.NDArray[Any], wards: int) -> npt.NDArray[np.int64]:
    return np.bincount(ward[ward >= 0], minlength=wards).astype(np.int64)
