"""`grow_area`: the fewest contiguous wards that hold an agreed share of what happens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.method import percent
from wardmap.priority.areas.contiguity import components, links
from wardmap.priority.areas.fewest import fewest
from wardmap.priority.areas.place_area import place_area
from wardmap.priority.chosen_wards import checked_codes, ward_names
from wardmap.stats.concentration import needed

if TYPE_CHECKING:
    from libpysal.graph import Graph


def grow_area(
    table: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    graph: "Graph",
    *,
    share: float = 0.5,
    column: str = "incidents",
    ward_codes: Sequence[str] = (),
    name: str = "Fewest wards",
    theme: str | None = None,
    period: str | None = None,
    effort: int = 100_000,
) -> gpd.GeoDataFrame:
    """Find the fewest wards that touch each other and hold a share of the district's incidents.

    Answers: how small can one place-based area be that still holds half of it? And must it have that
    ward in it?

    Parameters
    ----------
    table
        The ward table with `incidents` and `population`.
    wards
        The wards table.
    graph
        Which wards are neighbours, from `neighbours`.
    share
        How much of the district's total the area must hold, above 0 and at most 1.
    column
        The column that is added up: `incidents`, or another sum such as `harm`.
    ward_codes
        Ward codes that must be part of it.
    name
        What the area is called.
    theme, period
        Which rows of `table`. By default `all crime`, or the only theme; and the last period.
    effort
        Steps of the search. 100,000 settle a district of 21 wards; a county may need more.

    Returns
    -------
    GeoDataFrame
        The areas table, one row, as `place_area` writes it. `gap` says how many wards fewer might do:
        0 means that none can, which the search has proved.

    Raises
    ------
    InputError
        `share` is no share, nothing is recorded, a ward is unknown or named twice, or no wards that
        touch each other hold so much.
    AlignmentError
        The graph does not have all the wards of the table.

    Notes
    -----
    Branch and bound over connected sets of wards; of the sets with the fewest wards, the one that holds
    most. The area is chosen by the data: do not test afterwards whether it is higher than the rest,
    because it was picked for that. Few large wards are fewest without being small: look at `area_km2`
    and `share_population` beside it.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    >>> table = wm.count_incidents(incidents, wards, by_period="all")
    >>> table = wm.add_rates(table, wm.read_population(wm.demo.population_file()))
    >>> area = wm.priority.grow_area(table, wards, wm.neighbours(wards), share=0.5)
    >>> area["ward_names"].item()
    ['Anglesey', 'Burton', 'Horninglow', 'Shobnall', 'Winshill']
    >>> int(area["gap"].item())
    0
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population", column])
    schema.refuse_halo(table, "An area")
    rows = schema.select(table, theme, period).sort_index(level="ward_code").droplevel(["theme", "period"])
    if not 0 < share <= 1:
        raise InputError("An area holds a share above 0 and at most 1.", f"share: {share}", mend="share=0.5")
    weights = rows[column].to_numpy(dtype=float, na_value=0.0)
    if not (weights >= 0).all() or weights.sum() == 0:
        raise InputError(f"Column {column!r} has nothing to hold a share of.", f"its sum: {weights.sum():g}")
    codes = checked_codes(ward_codes, ward_names(rows), f"Area {name!r}") if len(ward_codes) else []
    near = links(graph, rows.index)
    target = float(needed(share, weights.sum()))
    found = fewest(weights, near, target, rows.index.get_indexer(pd.Index(codes)).tolist(), effort)
    if found is None:
        parts = components(near)
        raise InputError(
            "No wards that touch each other hold so much.",
            f"share: {share:g}; the district falls into {len(parts)} parts; must include: {listed(codes)}",
            mend="a smaller share, other wards to include, or wm.neighbours(wards, tolerance_m=50).",
        )
    area = place_area(
        wards,
        name=name,
        ward_codes=rows.index[found.positions].tolist(),
        table=table,
        theme=theme,
        period=period,
    )
    gap = len(found.positions) - found.at_least
    proof = "proved to be the fewest" if gap == 0 else f"{found.at_least} might do: the search was cut short"
    method = area["area_method"].astype(str) + (
        f" Grown: the fewest contiguous wards with {percent(share)} of {column}, "
        f"{len(found.positions)} wards, {proof}."
    )
    return area.assign(gap=pd.array([gap], dtype="Int64"), area_method=pd.Categorical(method))
