"""Which sets of wards are in one piece, by a graph of neighbours: connected sets as bits of whole numbers."""

from typing import TYPE_CHECKING

import pandas as pd

from wardmap.errors import AlignmentError, listed

if TYPE_CHECKING:
    from libpysal.graph import Graph


def links(graph: "Graph", codes: pd.Index) -> list[int]:
    """Return each ward's neighbours as a whole number whose n-th bit stands for the n-th code.

    Raises
    ------
    AlignmentError
        The graph does not have all the wards.
    """
    missing = codes.difference(graph.unique_ids)
    if len(missing):
        raise AlignmentError(
            "The graph of neighbours does not have all the wards.",
            f"missing: {listed(missing)}",
            mend="graph = wm.neighbours(wards), with these wards.",
        )
    pairs = graph.adjacency[graph.adjacency > 0].index
    focal, neighbour = (codes.get_indexer(pairs.get_level_values(level)) for level in (0, 1))
    found = [0] * len(codes)
    for one, other in zip(focal.tolist(), neighbour.tolist(), strict=True):
        if one >= 0 and other >= 0 and one != other:
            found[one] |= 1 << other
    return found


def components(near: list[int], among: int | None = None) -> list[int]:
    """Return the sets that touch each other, each as bits; of the wards `among`, or of all."""
    left, found = (1 << len(near)) - 1 if among is None else among, []
    while left:
        inside = edge = lowest(left)
        while edge:
            bit = lowest(edge)
            new = near[bit.bit_length() - 1] & left & ~inside
            inside, edge = inside | new, (edge | new) & ~bit
        found.append(inside)
        left &= ~inside
    return found


def members(bits: int) -> list[int]:
    """Return the positions that the bits stand for."""
    return [at for at in range(bits.bit_length()) if bits >> at & 1]


def lowest(bits: int) -> int:
    """Return the lowest bit on its own; 0 where there is none."""
    return bits & -bits
