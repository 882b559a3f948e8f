"""The ward table and the graph as the arrays that local statistics work on, aligned by ward code."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, TooFewWardsError, listed
from wardmap.hotspots.local.permutation import Numbers, Positions
from wardmap.stats.time_order import in_time_order

FEWEST = 3
"""Wards below which no local statistic is defined."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One column of the ward table as families by wards, and the place in it of each row of the table.

    Wards of the `halo` count as neighbours of the others and are not tested themselves.
    """

    numbers: Numbers
    codes: list[Any]
    place: Positions | slice
    halo: NDArray[np.bool_]

    def rows(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values by families and wards, or by families alone, in the order of the table's rows."""
        by_ward = values if values.ndim == 2 else np.broadcast_to(values[:, np.newaxis], self.numbers.shape)
        rows: NDArray[Any] = by_ward.reshape(-1)[self.place]
        return rows

    def column(self, values: Numbers, index: pd.Index) -> pd.Series:
        """Return values as a column that a table takes over as it is: of millions of rows a copy is dear."""
        return pd.Series(self.rows(values), index=index, copy=False)


def panel_of(table: pd.DataFrame, variable: str) -> Panel:
    """Lay out one column of the ward table as families (theme and period) by wards.

    Null stays NaN. Wards go in the order of their codes, so that no result depends on that of the rows.
    """
    schema.require(table, schema.WARD_TABLE, [variable])
    values = _numbers(table, variable)
    # By the index's own codes: the labels of millions of rows, laid out, would take most of the memory.
    index: Any = table.index
    theme, period, code = (np.asarray(level, dtype=np.intp) for level in index.codes)
    family, families = pd.factorize(theme * (len(index.levels[1]) + 1) + period)
    wards = index.levels[2]
    there = np.flatnonzero(np.bincount(code[code >= 0], minlength=len(wards)))
    codes = sorted(wards[there].to_numpy(dtype=object), key=str)
    if len(codes) < FEWEST:
        raise TooFewWardsError(
            f"Local statistics need at least {FEWEST} wards.",
            f"wards in the table: {len(codes)}",
            mend="use the table of the whole district, not of a selection.",
        )
    place = family * len(codes) + pd.Index(codes).get_indexer(wards)[code]
    shape = len(families), len(codes)
    _check_complete(table, place, shape, codes)
    numbers = np.empty(shape)
    numbers.flat[place] = values
    halo = _halo(table, place % len(codes), codes) if "halo" in table else np.zeros(len(codes), dtype=bool)
    in_order = np.array_equal(place, np.arange(len(place)))  # then no row has to be looked up
    return Panel(numbers, codes, slice(None) if in_order else place, halo)


def alike(rows: NDArray[Any]) -> list[Positions]:
    """Return the places of rows that are equal, group by group, in the order in which they come."""
    groups: dict[bytes, list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(row.tobytes(), []).append(place)
    return [np.array(group) for group in groups.values()]


def theme_periods(table: pd.DataFrame, panel: Panel) -> list[Positions]:
    """Return, for each theme, the families of its periods in order of time."""
    names = family_names(table, panel)
    periods = in_time_order(names.unique("period"))
    places = names.get_indexer(pd.MultiIndex.from_product([names.unique("theme"), periods]))
    if len(periods) < 2 or (places < 0).any():
        raise InputError(
            "A pattern over time needs the same periods, at least two, for every theme.",
            f"periods: {listed(periods)}",
            f"themes and periods that are not there: {(places < 0).sum():,} of {len(places):,}",
            mend='table = wm.count_incidents(incidents, wards, by_period="month").',
        )
    return list(places.reshape(-1, len(periods)))


def family_names(table: pd.DataFrame, panel: Panel) -> pd.MultiIndex:
    """Return the theme and period of each family."""
    family = np.arange(panel.numbers.size)[panel.place] // len(panel.codes)
    first = np.unique(family, return_index=True)[1]
    return pd.MultiIndex.from_tuples([row[:2] for row in table.index[first]], names=["theme", "period"])


def links_of(graph: Graph, codes: list[Any]) -> csr_array:
    """Return the graph as a matrix of ones, rows and columns in the order of `codes`."""
    if not isinstance(graph, Graph):
        raise InputError(
            "The neighbours must be a libpysal Graph.",
            f"given: {type(graph).__name__}",
            mend="graph = wm.neighbours(wards), or Graph.from_W(w).",
        )
    order = pd.Index(codes)
    nodes = pd.Index(graph.unique_ids)
    without_node, without_row = order.difference(nodes, sort=False), nodes.difference(order, sort=False)
    if len(without_node) or len(without_row):
        raise AlignmentError(
            "The table and the graph are not about the same wards.",
            f"in the table only, {len(without_node):,}: {listed(without_node) or 'none'}",
            f"in the graph only, {len(without_row):,}: {listed(without_row) or 'none'}",
            f"codes in the table are {order.inferred_type}, in the graph {nodes.inferred_type}",
            mend='graph.subgraph(table.index.unique("ward_code")) or wm.neighbours() of the same wards.',
        )
    adjacency = graph.adjacency
    focal, other = (
        order.get_indexer(level)[at]
        for level, at in zip(adjacency.index.levels, adjacency.index.codes, strict=True)
    )
    weight = adjacency.to_numpy(dtype=np.float64)
    real = (focal != other) & (weight != 0)
    focal, other, weight = focal[real], other[real], weight[real]
    _check_weights(weight, focal, codes)
    links = csr_array((np.ones(len(focal)), (focal, other)), shape=(len(codes), len(codes)))
    links.sort_indices()
    return links


def _numbers(table: pd.DataFrame, variable: str) -> Numbers:
    column = table[variable]
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise InputError(
            f"Column {variable!r} must hold numbers.",
            f"it holds: {column.dtype}",
            mend='variable="rate", or pd.to_numeric first.',
        )
    values: Numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    endless = np.isinf(values)
    if endless.any():
        wards = table.index[endless].get_level_values("ward_code").unique()
        raise InputError(
            f"Column {variable!r} is infinite in {len(wards):,} wards.",
            f"wards: {listed(wards)}",
            mend=f"table[{variable!r}].replace([np.inf, -np.inf], np.nan) if it is not known there.",
        )
    return values


def _halo(table: pd.DataFrame, ward: Positions, codes: list[Any]) -> NDArray[np.bool_]:
    column = table["halo"]
    if not pd.api.types.is_bool_dtype(column) or column.isna().any():
        raise InputError(
            "Column 'halo' must say true or false for every ward.",
            f"it holds: {column.dtype}, {column.isna().sum():,} null",
            mend="table = wm.count_incidents(incidents, wards, halo=True).",
        )
    rows = column.to_numpy(dtype=bool)
    halo = np.bincount(ward, rows, len(codes)) > 0
    both = np.unique(ward[rows != halo[ward]])
    if len(both):
        raise InputError(
            f"{len(both):,} wards are of the halo in some rows and of the district in others.",
            f"wards: {listed(np.array(codes)[both])}",
        )
    return halo


def _check_complete(table: pd.DataFrame, place: Positions, shape: tuple[int, int], codes: list[Any]) -> None:
    times = np.bincount(place, minlength=shape[0] * shape[1])
    wrong = np.flatnonzero(times != 1)
    if len(wrong):
        family, ward = np.divmod(wrong[0], shape[1])
        theme, period, _ = table.index[int(np.argmax(place // shape[1] == family))]
        raise InputError(
            "Every theme and period must have every ward exactly once.",
            f"{len(wrong):,} times it does not",
            f"first: ward {codes[ward]!r} in {theme}, {period}: {times[wrong[0]]} rows",
            mend="table = wm.count_incidents(incidents, wards) has them all, zeros included.",
        )


def _check_weights(weight: Numbers, focal: Positions, codes: list[Any]) -> None:
    least, most = np.full((2, len(codes)), np.nan)
    np.fmin.at(least, focal, weight)
    np.fmax.at(most, focal, weight)
    uneven = (least <= 0) | (most - least > 1e-9 * most)
    if uneven.any():
        raise InputError(
            f"{uneven.sum():,} wards have neighbours of different weight; here all count alike.",
            f"wards: {listed(np.array(codes)[uneven])}",
            mend='graph.transform("B") makes all weights 1.',
        )


def answered(links: csr_array) -> NDArray[np.bool_]:
    """Return for each link, in the order of the matrix, whether there is a link back."""
    focal, other = links.tocoo().coords
    return np.isin(other * links.shape[0] + focal, focal * links.shape[0] + other)
