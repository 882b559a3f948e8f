"""The neighbours of wards: libpysal's Graph that knows its rule, and can say and show what it holds."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wardmap.errors import counted, listed
from wardmap.hotspots.graph.ward_graph_page import page
from wardmap.hotspots.local.permutation import Positions
from wardmap.hotspots.panel import answered, links_of

Shapes = NDArray[np.object_]


class WardGraph(Graph):  # type: ignore[misc] # libpysal has no types
    """Which wards are neighbours, by which rule; for libpysal and esda a Graph like any other.

    Printed, it says how many neighbours wards have, who has none or only one, which ward lies within
    another, and which links have no link back. A notebook draws it too. Whatever libpysal makes from it
    (`transform`, `higher_order`, `copy`) is a plain Graph: a rule that no longer holds is never reported.
    """

    rule: str = ""
    _names: tuple[str, ...] = ()
    _shapes: Shapes | None = None
    _degrees: bool = False

    @classmethod
    def of(cls, wards: pd.DataFrame, adjacency: pd.Series, *, rule: str) -> "WardGraph":
        """Return links in the order of the wards, with the wards' names and, if they are drawn, shapes."""
        graph = cls(adjacency, is_sorted=True)
        graph.rule = rule
        graph._names = tuple(named(wards))
        if hasattr(wards, "crs"):
            graph._shapes = np.array(wards.geometry, dtype=object)
            graph._degrees = bool(wards.crs is not None and wards.crs.is_geographic)
        return graph

    def __repr__(self) -> str:
        return "\n  ".join(facts(self))

    def _repr_html_(self) -> str:
        links = links_of(self, list(self.unique_ids))
        return page(facts(self), self._names, self._shapes, links, degrees=self._degrees)


def rule_of(graph: Graph) -> str:
    """Return the rule by which a graph was made, or empty text for one that was not made here."""
    return graph.rule if isinstance(graph, WardGraph) else ""


def named(wards: pd.DataFrame) -> list[str]:
    """Return each ward as `name (code)`, or its code where the table has no names."""
    if "ward_name" not in wards.columns:
        return [str(code) for code in wards.index]
    return [f"{name} ({code})" for code, name in wards["ward_name"].items()]


def facts(graph: WardGraph) -> list[str]:
    """Say in sentences what an analyst should know of a graph before trusting it."""
    codes = list(graph.unique_ids)
    names = np.array(graph._names or [str(code) for code in codes], dtype=object)  # noqa: SLF001 - its page
    links = links_of(graph, codes)
    degree = np.diff(links.indptr)
    focal, other = links.tocoo().coords
    back = answered(links)
    one_way = int(np.count_nonzero(~back))
    pairs = counted((len(back) + one_way) // 2, "pair")
    rule = f", by the rule: {graph.rule}" if graph.rule else ""
    said = [f"WardGraph of {counted(len(codes), 'ward')} and {pairs} of neighbours{rule}."]
    said += [_range(degree, names), *_few(links, degree, names, graph._shapes)]  # noqa: SLF001
    if one_way:
        which = listed(f"{names[i]} to {names[j]}" for i, j in zip(focal[~back], other[~back], strict=True))
        said.append(f"{counted(one_way, 'link')} without a link back: {which}.")
    return said


def _range(degree: Positions, names: NDArray[np.object_]) -> str:
    least, most = degree.min(), degree.max()
    if least == most:
        return f"Neighbours: {most} each."
    return (
        f"Neighbours: {degree.mean():.1f} on average, at least {least}, at most {most} "
        f"({listed(names[degree == most], 3)})."
    )


def _few(links: csr_array, degree: Positions, names: NDArray[np.object_], shapes: Shapes | None) -> list[str]:
    """Say who has no neighbour, and who has a single one, which may be all around."""
    alone = names[degree == 0]
    said = [f"No neighbours: {listed(alone)}." if len(alone) else "Every ward has a neighbour."]
    enclosed, single = [], []
    for ward in np.flatnonzero(degree == 1):
        other = links.indices[links.indptr[ward]]
        if shapes is not None and _within(shapes[ward], shapes[other]):
            enclosed.append(f"{names[ward]} within {names[other]}")
        else:
            single.append(f"{names[ward]} next to {names[other]}")
    said += [f"Enclosed: {listed(enclosed)}."] if enclosed else []
    return said + ([f"With a single neighbour: {listed(single)}."] if single else [])


def _within(ward: Any, other: Any) -> bool:
    """Say whether a ward lies in a hole of another."""
    if ward is None or other is None:
        return False
    filled = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(other)))
    return bool(shapely.covers(filled, ward).any())
