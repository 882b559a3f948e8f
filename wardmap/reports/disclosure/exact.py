"""The cheapest set to hide: a master program over what is hidden, and a cut for every attack that succeeds.

After Fischetti and Salazar (2001): if the farthest move of a primary falls short, the dual of that linear
program says which cells would have to be hidden for it to go farther, and that is a cut.
"""

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from wardmap.reports.disclosure.attack import TOLERANCE, Witnesses, uncertified, unmet
from wardmap.reports.disclosure.linear_model import Cells, Flags, Matrix, Needs, Numbers

_PERTURBED = 1e-4  # shown cells may move this little, so that of all duals a strong one is found


@dataclass(slots=True)
class Cuts:
    """Rows `coefficients @ z >= needed` over the candidates."""

    rows: list[Numbers] = field(default_factory=list)
    needed: list[float] = field(default_factory=list)

    def add(self, row: Numbers, needed: float) -> None:
        """Add a row."""
        self.rows.append(row)
        self.needed.append(needed)


@dataclass(frozen=True, slots=True)
class Optimum:
    """What to hide (None where time ran out or nothing can be enough), and a bound on its cost."""

    hidden: Flags | None
    bound: float
    timed_out: bool


def optimum(cells: Cells, needs: Needs, seconds: float) -> Optimum:
    """Find the cheapest set of cells whose hiding meets all the needs, in whole incidents."""
    until = monotonic() + seconds
    candidates = np.flatnonzero(cells.candidates())
    fixed = cells.total_cost(cells.always_hidden())
    alone, cuts = _never_alone(cells, candidates), Cuts()
    fractional, whole = Witnesses(), Witnesses()
    bound = fixed
    while True:
        left = until - monotonic()
        if left <= 0:
            return Optimum(None, bound, timed_out=True)
        chosen, reached, finished = _master(cells.cost[candidates], alone, cuts, left)
        bound = max(bound, fixed + reached)
        if not finished:
            return Optimum(None, bound, timed_out=True)
        if chosen is None:
            return Optimum(None, np.inf, timed_out=False)
        hidden = cells.always_hidden()
        hidden[candidates[chosen]] = True
        slack = cells.slack(hidden)
        short = np.flatnonzero(unmet(slack, needs, fractional))
        for which in short:
            _cut(cells, hidden, needs.only([which]), candidates, cuts)
        if not len(short):
            if not uncertified(slack, needs, whole).any():
                return Optimum(hidden, bound, timed_out=False)
            cuts.add((~chosen).astype(np.float64), 1.0)


def _never_alone(cells: Cells, candidates: Any) -> LinearConstraint | None:
    """Return that no hidden cell is the only one of a sum: it could be worked out, and protect nothing."""
    at = np.full(len(cells.counts), -1)
    at[candidates] = np.arange(len(candidates))
    always = cells.always_hidden()
    row: list[int] = []
    column: list[int] = []
    value: list[float] = []
    needed: list[float] = []
    for relation in sparse.csr_matrix(cells.relations):
        inside = relation.indices
        free, others = inside[at[inside] >= 0], int(always[inside].sum())
        if others > 1:
            continue
        if others == 1 and cells.primary[inside[always[inside]][0]]:
            row += [len(needed)] * len(free)
            column += at[free].tolist()
            value += [1.0] * len(free)
            needed.append(1.0)
        if others == 0:
            for cell in free:
                row += [len(needed)] * len(free)
                column += at[free].tolist()
                value += np.where(free == cell, -1.0, 1.0).tolist()
                needed.append(0.0)
    if not needed:
        return None
    matrix = sparse.csr_matrix((value, (row, column)), shape=(len(needed), len(candidates)))
    return LinearConstraint(matrix, np.array(needed), np.inf)


def _master(
    cost: Numbers, alone: LinearConstraint | None, cuts: Cuts, seconds: float
) -> tuple[Flags | None, float, bool]:
    """Return the cheapest choice under the cuts, a bound, and whether time sufficed."""
    if not len(cost):
        enough = all(needed <= TOLERANCE for needed in cuts.needed)
        return (np.zeros(0, dtype=bool) if enough else None), 0.0, True
    constraints = [] if alone is None else [alone]
    if cuts.rows:
        rows = sparse.csr_matrix(np.array(cuts.rows))
        constraints.append(LinearConstraint(rows, np.array(cuts.needed), np.inf))
    found = milp(
        cost,
        constraints=constraints,
        bounds=Bounds(0, 1),
        integrality=np.ones(len(cost)),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    bound = float(found.mip_dual_bound or 0.0) if found.status in {0, 1} else 0.0
    if found.status == 0:
        return found.x > 0.5, bound, True
    return None, bound, found.status == 2


def _cut(cells: Cells, hidden: Flags, need: Needs, candidates: Any, cuts: Cuts) -> None:
    """Add what must be hidden further for one need to be met, from the dual of its attack."""
    movable = np.flatnonzero(~cells.public)
    room = (cells.counts - cells.lower).astype(np.float64)
    amount = float(need.amounts[0])
    shown = ~hidden[movable]
    slack = cells.slack(hidden)
    down = np.where(shown, _PERTURBED * np.minimum(room[movable], amount), slack.down[movable])
    up = np.where(shown, _PERTURBED * amount, slack.up[movable])
    aim = np.asarray(need.aims.toarray()).ravel()[movable]
    relations: Matrix = cells.relations[:, movable]
    found = linprog(
        -aim, A_eq=relations, b_eq=np.zeros(relations.shape[0]), bounds=np.column_stack([-down, up])
    )
    gain = aim + np.asarray(relations.T @ found.eqlin.marginals).ravel()
    gain[np.abs(gain) < 1e-9] = 0
    coefficients = np.zeros(len(room))
    coefficients[movable] = np.where(gain > 0, amount, np.minimum(amount, -gain * room[movable]))
    always = cells.always_hidden()
    needed = amount - float(coefficients[always].sum())
    row = coefficients[candidates]
    if needed <= TOLERANCE or row @ hidden[candidates] >= needed - TOLERANCE:
        # the dual says nothing: exclude this choice
        row, needed = (~hidden[candidates]).astype(np.float64), 1.0
    cuts.add(np.minimum(row, needed), needed)
