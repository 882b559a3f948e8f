"""The attack: what a reader can work out who adds up whatever is shown."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from wardmap.reports.disclosure.linear_model import Cells, Flags, Matrix, Needs, Numbers, Slack

TOLERANCE = 1e-6


@dataclass(slots=True)
class Witnesses:
    """Moves found so far: each shows that something is thinkable wherever all that it moves is hidden."""

    moves: list[Numbers] = field(default_factory=list)

    def met(self, slack: Slack, needs: Needs) -> Flags:
        """Return which needs are met by a move already known."""
        if not self.moves or not len(needs):
            return np.zeros(len(needs), dtype=bool)
        known = np.array(self.moves)
        allowed = ((known >= -slack.down - TOLERANCE) & (known <= slack.up + TOLERANCE)).all(axis=1)
        if not allowed.any():
            return np.zeros(len(needs), dtype=bool)
        reached = np.asarray(needs.aims @ known[allowed].T).max(axis=1)
        return np.asarray(reached >= needs.amounts - TOLERANCE)


def unmet(slack: Slack, needs: Needs, witnesses: Witnesses) -> Flags:
    """Return which needs no move meets, fractions allowed; the moves found are added to `witnesses`.

    As many as possible are tried by one move, so that hundreds of cells cost a few programs.
    """
    open_needs = ~witnesses.met(slack, needs)
    while open_needs.sum() > 2:
        which = np.flatnonzero(open_needs)
        move = most_at_once(slack, needs.only(which), whole=False)
        if move is None:
            break
        witnesses.moves.append(move)
        met = np.asarray(needs.aims[which] @ move) >= needs.amounts[which] - TOLERANCE
        if not met.any():
            break
        open_needs[which[met]] = False
    for one in np.flatnonzero(open_needs):
        move = farthest(slack, needs.aims[one])
        if (needs.aims[one] @ move)[0] >= needs.amounts[one] - TOLERANCE:
            witnesses.moves.append(move)
            open_needs[one] = False
    return open_needs


def uncertified(slack: Slack, needs: Needs, witnesses: Witnesses) -> Flags:
    """Return which needs no move in whole incidents meets; the whole moves are added to `witnesses`."""
    witnesses.moves[:] = [move for move in witnesses.moves if _is_whole(move)]
    open_needs = ~witnesses.met(slack, needs)
    while open_needs.any():
        which = np.flatnonzero(open_needs)
        move = most_at_once(slack, needs.only(which), whole=True) if len(which) > 1 else None
        if move is None:
            break
        witnesses.moves.append(np.rint(move))
        met = np.asarray(needs.aims[which] @ np.rint(move)) >= needs.amounts[which]
        if not met.any():
            break
        open_needs[which[met]] = False
    for one in np.flatnonzero(open_needs):
        move = whole_move(slack, needs.only([one]))
        if move is not None:
            witnesses.moves.append(move)
            open_needs[one] = False
    return open_needs


def farthest(slack: Slack, aim: Matrix) -> Numbers:
    """Return the move that goes farthest in the direction of `aim`."""
    return _programme(slack, np.asarray(aim.toarray()).ravel())


def intervals(cells: Cells, hidden: Flags) -> tuple[Numbers, Numbers]:
    """Return the least and the most that each count can be thought to be, fractions allowed."""
    slack = cells.slack(hidden)
    low, high = cells.counts.astype(np.float64), cells.counts.astype(np.float64)
    for cell in np.flatnonzero(hidden):
        aim = np.zeros(len(low))
        aim[cell] = 1
        low[cell] += _programme(slack, -aim)[cell]
        high[cell] += _programme(slack, aim)[cell]
    return low, high


def _programme(slack: Slack, aim: Numbers) -> Numbers:
    free = (slack.down > 0) | (slack.up > 0)
    move = np.zeros(len(aim))
    if not free.any():
        return move
    relations = _rows_that_bind(slack.relations, free)
    bounds = np.column_stack([-slack.down[free], slack.up[free]])
    found = linprog(-aim[free], A_eq=relations, b_eq=np.zeros(relations.shape[0]), bounds=bounds)
    if found.status == 0:
        move[free] = found.x
    return move


def most_at_once(slack: Slack, needs: Needs, *, whole: bool) -> Numbers | None:
    """Return one move that goes as far as it can towards all the needs, none counted beyond its amount."""
    free = (slack.down > 0) | (slack.up > 0)
    if not free.any():
        return None
    size, number = int(free.sum()), len(needs)
    relations = _rows_that_bind(slack.relations, free)
    aims = needs.aims[:, np.flatnonzero(free)]
    equal = sparse.hstack([relations, sparse.csr_matrix((relations.shape[0], number))], format="csr")
    above = sparse.hstack([-aims, sparse.identity(number)], format="csr")
    lower = np.concatenate([-slack.down[free], np.full(number, -np.inf)])
    upper = np.concatenate([slack.up[free], needs.amounts])
    objective = np.concatenate([np.zeros(size), -1.0 / needs.amounts])
    integrality = np.concatenate([np.full(size, int(whole)), np.zeros(number)])
    found = milp(
        objective,
        constraints=[LinearConstraint(equal, 0, 0), LinearConstraint(above, -np.inf, 0)],
        bounds=Bounds(lower, upper),
        integrality=integrality if whole else None,
        options={"mip_rel_gap": 0.05, "time_limit": 20.0} if whole else {},
    )
    if found.x is None:
        return None
    move = np.zeros(len(slack.down))
    move[free] = found.x[:size]
    return move


def whole_move(slack: Slack, need: Needs, cost: Numbers | None = None) -> Numbers | None:
    """Return a move in whole incidents that meets one need, the cheapest where costs are given."""
    free = (slack.down > 0) | (slack.up > 0)
    if not free.any():
        return None
    return moved(slack, need, np.zeros(len(slack.down)) if cost is None else cost, whole=True)


def moved(slack: Slack, needs: Needs, cost: Numbers, *, whole: bool) -> Numbers | None:
    """Return the cheapest move that meets all the needs at once, or None."""
    free = (slack.down > 0) | (slack.up > 0)
    size = int(free.sum())
    relations = _rows_that_bind(slack.relations, free)
    aims = needs.aims[:, np.flatnonzero(free)]
    # a move is what goes up less what goes down, each paid for
    both = [LinearConstraint(sparse.hstack([relations, -relations], format="csr"), 0, 0)]
    both.append(LinearConstraint(sparse.hstack([aims, -aims], format="csr"), needs.amounts, np.inf))
    found = milp(
        np.concatenate([cost[free], cost[free]]),
        constraints=both,
        bounds=Bounds(0, np.concatenate([slack.up[free], slack.down[free]])),
        integrality=np.ones(2 * size) if whole else None,
        options={"mip_rel_gap": 0.05} if whole else {},
    )
    if found.x is None:
        return None
    move = np.zeros(len(slack.down))
    move[free] = found.x[:size] - found.x[size:]
    return np.rint(move) if whole else move


def _rows_that_bind(relations: Matrix, free: Flags) -> Any:
    columns = relations[:, np.flatnonzero(free)]
    return columns[np.diff(columns.indptr) > 0]


def _is_whole(move: Numbers) -> bool:
    return bool(np.abs(move - np.rint(move)).max(initial=0) < TOLERANCE)
