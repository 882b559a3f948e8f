"""One dimension of a table: which of its nodes add up to which others."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from wardmap.reports.disclosure.linear_model import Flags, Matrix


@dataclass(frozen=True, slots=True)
class Dimension:
    """Nodes in order, those that are named first; the rest are what the named ones leave over.

    `relations` has -1 at a total and +1 at its parts; `parts_of` has the positions of each total's parts.
    """

    names: tuple[Hashable, ...]
    atoms: tuple[frozenset[Hashable], ...]
    named: int
    parts_of: dict[int, tuple[int, ...]]

    def relations(self) -> Matrix:
        """Return one row for each total."""
        rows = np.zeros((len(self.parts_of), len(self.names)))
        for row, (total, parts) in enumerate(self.parts_of.items()):
            rows[row, list(parts)] = 1
            rows[row, total] = -1
        return sparse.csr_matrix(rows)

    def is_total(self) -> Flags:
        """Return which nodes are the sum of several."""
        return np.array([len(self.parts_of.get(node, ())) > 1 for node in range(len(self.names))])

    def has_totals_first(self) -> tuple[int, ...]:
        """Return the totals, those made of the most first."""
        return tuple(sorted(self.parts_of, key=lambda node: -len(self.atoms[node])))


def dimension(sets: Mapping[Hashable, frozenset[Hashable]]) -> Dimension:
    """Return the nodes of named sets, and how each is made up of the largest others within it.

    What a set holds beyond the others within it becomes nodes of its own, which nobody prints and
    which differences may tell.

    Examples
    --------
    >>> area = dimension({"A": frozenset("a"), "B": frozenset("b"), "area": frozenset("abc")})
    >>> area.names, area.parts_of
    (('A', 'B', 'area', frozenset({'c'})), {2: (0, 1, 3)})
    """
    members: dict[Hashable, list[int]] = {}
    for position, atoms in enumerate(sets.values()):
        for atom in atoms:
            members.setdefault(atom, []).append(position)
    alike: dict[tuple[int, ...], set[Hashable]] = {}
    for atom, positions in members.items():
        alike.setdefault(tuple(positions), set()).add(atom)
    classes = [frozenset(atoms) for atoms in alike.values()]
    names, nodes = list(sets), list(sets.values())
    parts_of: dict[int, tuple[int, ...]] = {}
    order = sorted(range(len(sets)), key=lambda node: len(nodes[node]))
    for rank, node in enumerate(order):
        left, parts = set(nodes[node]), []
        for other in reversed(order[:rank]):
            if nodes[other] and nodes[other] <= left:
                parts.append(other)
                left -= nodes[other]
        rest = [one for one in classes if one <= left]
        if not parts and len(rest) == 1:
            continue
        for one in sorted(rest, key=lambda atoms: sorted(map(str, atoms))):
            if one not in nodes[len(sets) :]:
                nodes.append(one)
                names.append(one)
            parts.append(len(sets) + nodes[len(sets) :].index(one))
        parts_of[node] = tuple(sorted(parts))
    return Dimension(tuple(names), tuple(nodes), len(sets), parts_of)
