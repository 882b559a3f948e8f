"""The one linear model: counts, the relations that anyone can add up, and what must stay in doubt."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Matrix = Any
"""A scipy sparse matrix, which has no type that mypy knows."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Counts with what is known of them in public.

    Parameters
    ----------
    counts
        The true counts.
    relations
        One row for each sum: -1 at the total, +1 at its parts; `relations @ counts` is 0.
    lower
        What a hidden count is at least, as anyone knows: 1 where zeros are told.
    primary
        Must be hidden, and kept in doubt.
    public
        Cannot be hidden: a zero that is told, or a count that is published elsewhere.
    withheld
        Not shown in any case and free of cost: never printed, or hidden in an earlier edition.
    cost
        Of hiding it, above 0.
    least
        The smallest count that may be told.
    together
        One row for each group: the parts of a total of which one must be possible, though all are 0.
    """

    counts: Whole
    relations: Matrix
    lower: Whole
    primary: Flags
    public: Flags
    withheld: Flags
    cost: Numbers
    least: int
    together: Matrix | None = None

    def candidates(self) -> Flags:
        """Return what may be hidden beside the primaries."""
        return ~(self.public | self.primary | self.withheld)

    def always_hidden(self) -> Flags:
        """Return what is hidden whatever is chosen beside it."""
        return self.primary | self.withheld

    def slack(self, hidden: Flags) -> "Slack":
        """Return how far a reader who sees all but `hidden` can think the counts away from the truth."""
        far = float(10 * (self.counts.max(initial=0) + self.least))  # beyond any need, and finite
        down = np.where(hidden, self.counts - self.lower, 0).astype(np.float64)
        return Slack(self.relations, down, np.where(hidden, far, 0.0))

    def total_cost(self, hidden: Flags) -> float:
        """Return the cost of what is hidden and could have been shown."""
        return float(self.cost[hidden & ~self.withheld].sum())


@dataclass(frozen=True, slots=True)
class Slack:
    """How far each count can be thought down and up, and the relations that hold between such moves."""

    relations: Matrix
    down: Numbers
    up: Numbers


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be thinkable: a move d with `aims @ d >= amounts`, each row by a move of its own."""

    aims: Matrix
    amounts: Numbers
    cells: Whole

    def __len__(self) -> int:
        return len(self.amounts)

    def only(self, which: Any) -> "Needs":
        """Return some of the needs."""
        return Needs(self.aims[which], self.amounts[which], self.cells[which])

    def of_some_size(self) -> "Needs":
        """Return the needs without those of nothing."""
        return self.only(np.flatnonzero(self.amounts > 0))


def needs_of(cells: Cells) -> Needs:
    """Return what protects the primaries: each down to its floor, and up to the least count that is told."""
    floor = floors(cells.relations, cells.lower)
    which = np.flatnonzero(cells.primary)
    up = np.maximum(cells.least - cells.counts[which], 0)
    down = np.maximum(cells.counts[which] - floor[which], 0)
    number = len(cells.counts)
    wanted = [towards(which, 1, up, number).of_some_size(), towards(which, -1, down, number).of_some_size()]
    if cells.together is not None:
        together = sparse.csr_matrix(cells.together, dtype=np.float64)
        first = together.indices[together.indptr[:-1]].astype(np.int64)
        wanted.append(Needs(together, np.ones(len(first)), first))
    return Needs(
        sparse.vstack([needs.aims for needs in wanted], format="csr"),
        np.concatenate([needs.amounts for needs in wanted]),
        np.concatenate([needs.cells for needs in wanted]),
    )


def towards(which: Whole, sign: int, amounts: Whole, number: int) -> Needs:
    """Return the need that each of these cells can be thought so much higher (1) or lower (-1)."""
    rows = np.arange(len(which))
    aims = sparse.csr_matrix((np.full(len(which), float(sign)), (rows, which)), shape=(len(which), number))
    return Needs(aims, amounts.astype(np.float64), which)


def floors(relations: Matrix, lower: Whole) -> Whole:
    """Return what each count is at least when its parts are: the leaves' bounds, added up."""
    rows = sparse.csr_matrix(relations)
    parts, totals = rows.maximum(0), (-rows).maximum(0)
    floor = lower.copy()
    while True:
        sums = np.asarray(parts @ floor).astype(np.int64)
        raised = floor.copy()
        at = totals.tocoo()
        np.maximum.at(raised, at.col, sums[at.row])
        if np.array_equal(raised, floor):
            return floor
        floor = raised
