"""The cheapest set to hide: a master program over what is hidden, and a cut for every attack that succeeds.

After Fischetti and Salazar (2001): if the farthest move of a primary falls short, the dual of that linear
program says which cells would have to be hidden for it to go farther, and that is a cut.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from wardmap.reports.disclosure.attack import TOLERANCE, Witnesses, uncertified, unmet
from wardmap.reports.disclosure.linear_model import Cells, Flags, Matrix, Needs, Numbers

_ROUNDS, _WORTH = 30, 1e-3  # of relaxed cuts, at most; a round must raise the cost by so much
_NEAR = (0.1, 0.0)  # how near the cheapest choice the master program goes, one after another
_VIOLATED = 0.05  # a cut is worth a row if it is missed by this share
_PERTURBED = 1e-3  # shown cells may move this little, so that of all duals a strong one is found


@dataclass(frozen=True, slots=True)
class Optimum:
    """What to hide (None where time ran out or nothing can be enough), and a bound on its cost."""

    hidden: Flags | None
    bound: float
    timed_out: bool


def optimum(cells: Cells, needs: Needs, seconds: float) -> Optimum:
    """Find the cheapest set of cells whose hiding meets all the needs, in whole incidents.

    Attacks are answered for choices near the cheapest first, which are found quickly; then for the cheapest.
    """
    until = monotonic() + seconds
    master = _Master(cells, needs)
    fixed = cells.total_cost(cells.always_hidden())
    bound = fixed + _relaxed(cells, needs, master, until)
    fractional, whole = Witnesses(), Witnesses()
    best, near = None, list(_NEAR)
    while True:
        chosen, reached, finished = master.solve(until - monotonic(), near[0])
        bound = max(bound, fixed + reached)
        if not finished:
            return Optimum(best, bound, timed_out=True)
        if chosen is None:
            return Optimum(None, np.inf, timed_out=False)
        hidden = cells.always_hidden()
        hidden[master.candidates[chosen]] = True
        if not _answered(cells, needs, hidden, master, (fractional, whole)):
            continue
        if best is None or cells.total_cost(hidden) < cells.total_cost(best):
            best = hidden
        if cells.total_cost(best) <= bound * (1 + TOLERANCE) or len(near) == 1:
            return Optimum(best, bound, timed_out=False)
        near.pop(0)


def _answered(
    cells: Cells, needs: Needs, hidden: Flags, master: "_Master", witnesses: tuple[Witnesses, Witnesses]
) -> bool:
    """Return whether no attack succeeds; add a cut for each that does."""
    slack = cells.slack(hidden)
    lonely = master.leave_none_alone(hidden.astype(np.float64))
    short = np.flatnonzero(unmet(slack, needs, witnesses[0]))
    for which in short:
        row, needed = _cut(cells, hidden.astype(np.float64), needs.only([which]))
        if needed <= TOLERANCE or row[hidden & cells.candidates()].sum() >= needed - TOLERANCE:
            row, needed = (~hidden).astype(np.float64), 1.0  # the dual says nothing: exclude this choice
        master.add(row, needed)
    if len(short) or lonely:
        return False
    if uncertified(slack, needs, witnesses[1]).any():
        master.add((~hidden).astype(np.float64), 1.0)
        return False
    return True


def _relaxed(cells: Cells, needs: Needs, master: "_Master", until: float) -> float:
    """Add cuts while parts of cells may be hidden, which is quick, until they raise the cost no more."""
    cost = 0.0
    for _ in range(_ROUNDS):
        level, reached = master.relaxed()
        added = int(master.leave_none_alone(level))
        for which in range(len(needs)):
            if monotonic() > until:
                return reached
            row, needed = _cut(cells, level, needs.only([which]))
            if needed > TOLERANCE and row @ (level * cells.candidates()) < needed * (1 - _VIOLATED):
                master.add(row, needed)
                added += 1
        if not added or (reached < cost * (1 + _WORTH) and cost):
            return reached
        cost = reached
    return cost


class _Master:
    """The program over what is hidden: its candidates, and rows `coefficients @ z >= needed`."""

    def __init__(self, cells: Cells, needs: Needs) -> None:
        self.candidates = np.flatnonzero(cells.candidates())
        self.always = cells.always_hidden()
        self.cost = cells.cost[self.candidates]
        self.indifferent = self.always & ~np.isin(np.arange(len(self.always)), needs.cells)
        self.sums = abs(cells.relations)
        self.rows: list[Matrix] = []
        self.needed: list[float] = []

    def add(self, row: Numbers, needed: float) -> None:
        """Add a row over all cells."""
        self.rows.append(sparse.csr_matrix(np.minimum(row[self.candidates], needed)))
        self.needed.append(needed)

    def leave_none_alone(self, level: Numbers) -> bool:
        """Add rows where one cell is hidden more than all others of a sum: it would protect nothing.

        Whatever is hidden alone in a sum can be worked out. Return whether there was such a cell.
        """
        in_sums = np.asarray(self.sums @ level)
        alone = self.sums.multiply(level[None, :]).tocoo()
        found = (2 * alone.data > in_sums[alone.row] + TOLERANCE) & ~self.indifferent[alone.col]
        for total, cell in zip(alone.row[found], alone.col[found], strict=True):
            row = self.sums[total].toarray().ravel()
            row[cell] = -1
            self.rows.append(sparse.csr_matrix(row[self.candidates]))
            self.needed.append(1.0 if self.always[cell] else 0.0)
        return bool(found.any())

    def relaxed(self) -> tuple[Numbers, float]:
        """Return how far each cell is hidden, if parts may be, and the cost."""
        level = self.always.astype(np.float64)
        found = self._solve()
        if found is None or found.x is None:
            level[self.candidates] = 1
            return level, 0.0
        level[self.candidates] = found.x
        return level, float(found.fun)

    def solve(self, seconds: float, near: float) -> tuple[Flags | None, float, bool]:
        """Return a choice so near the cheapest (None: there is none), a bound, whether time sufficed."""
        if not len(self.cost):
            enough = all(needed <= TOLERANCE for needed in self.needed)
            return (np.zeros(0, dtype=bool) if enough else None), 0.0, True
        if seconds <= 0:
            return None, 0.0, False
        found = self._solve(seconds, near)
        bound = float(found.mip_dual_bound or 0.0) if found.status in {0, 1} else 0.0
        if found.status == 0:
            return found.x > 0.5, bound, True
        return None, bound, found.status == 2

    def _solve(self, seconds: float | None = None, near: float = 0.0) -> Any:
        if not len(self.cost):
            return None
        constraints = []
        if self.rows:
            rows = sparse.vstack(self.rows, format="csr")
            constraints.append(LinearConstraint(rows, np.array(self.needed), np.inf))
        return milp(
            self.cost,
            constraints=constraints,
            bounds=Bounds(0, 1),
            integrality=np.full(len(self.cost), int(seconds is not None)),
            options={} if seconds is None else {"time_limit": seconds, "mip_rel_gap": near},
        )


def _cut(cells: Cells, level: Numbers, need: Needs) -> tuple[Numbers, float]:
    """Return what must be hidden for one need to be met, from the dual of its attack: a row, and its least.

    `level` says how far each cell is hidden, 0 to 1.
    """
    movable = np.flatnonzero(~cells.public)
    room = (cells.counts - cells.lower).astype(np.float64)
    amount = float(need.amounts[0])
    far = np.where(level[movable] > 1 - TOLERANCE, 1e3, 1.0) * amount
    at = np.maximum(level[movable], _PERTURBED)
    bounds = np.column_stack([-np.minimum(room[movable], 1e3 * amount) * at, far * at])
    aim = np.asarray(need.aims.toarray()).ravel()[movable]
    relations: Matrix = cells.relations[:, movable]
    found = linprog(-aim, A_eq=relations, b_eq=np.zeros(relations.shape[0]), bounds=bounds)
    if found.status != 0:
        return np.zeros(len(room)), 0.0
    gain = aim + np.asarray(relations.T @ found.eqlin.marginals).ravel()
    gain[np.abs(gain) < 1e-9] = 0
    row = np.zeros(len(room))
    row[movable] = np.where(gain > 0, amount, np.minimum(amount, -gain * room[movable]))
    return row, amount - float(row[cells.always_hidden()].sum())
