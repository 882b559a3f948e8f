"""Near the cheapest set to hide, for tables too large for the exact one: move what must be in doubt, cheaply.

What moves in the cheapest move (by cost times distance) that meets the needs is hidden; then what turned
out not to be needed is shown again, halves at a time.
"""

import numpy as np

from wardmap.reports.disclosure.attack import TOLERANCE, Witnesses, moved, uncertified, unmet, whole_move
from wardmap.reports.disclosure.linear_model import Cells, Flags, Needs, Numbers


def nearly_optimal(cells: Cells, needs: Needs, seed: int = 0) -> Flags | None:
    """Return a set of cells whose hiding meets all the needs in whole incidents, or None."""
    hidden = _all_at_once(cells, needs, cells.always_hidden(), seed)
    witnesses = Witnesses()
    grown = _repaired(cells, needs, hidden, witnesses, whole=False)
    if grown is None:
        return None
    slim = _without_what_is_not_needed(cells, needs, grown, witnesses)
    return _repaired(cells, needs, slim, Witnesses(), whole=True)


def _all_at_once(cells: Cells, needs: Needs, hidden: Flags, seed: int) -> Flags:
    """Hide what moves when every need that is not met is met by one move, each cell up or down at random."""
    short = np.flatnonzero(unmet(cells.slack(hidden), needs, Witnesses()))
    shuffled = np.random.default_rng(seed).permutation(short)
    _, first = np.unique(needs.cells[shuffled], return_index=True)
    everything = cells.slack(~cells.public)
    if not len(first):
        return hidden
    move = moved(everything, needs.only(shuffled[first]), _prices(cells, hidden), whole=False)
    return hidden if move is None else hidden | (np.abs(move) > TOLERANCE)


def _repaired(
    cells: Cells, needs: Needs, hidden: Flags, witnesses: Witnesses, *, whole: bool
) -> Flags | None:
    """Hide more, for one need after another, until all are met."""
    everything = cells.slack(~cells.public)
    audit = uncertified if whole else unmet
    for which in np.flatnonzero(audit(cells.slack(hidden), needs, witnesses)):
        need = needs.only([which])
        if witnesses.met(cells.slack(hidden), need)[0]:
            continue
        prices = _prices(cells, hidden)
        move = whole_move(everything, need, prices) if whole else moved(everything, need, prices, whole=False)
        if move is None:
            return None
        witnesses.moves.append(move)
        hidden = hidden | (np.abs(move) > TOLERANCE)
    return hidden


def _without_what_is_not_needed(cells: Cells, needs: Needs, hidden: Flags, witnesses: Witnesses) -> Flags:
    """Show again, the dearest first, whatever can be shown: all of a batch, or else its halves."""
    extra = np.flatnonzero(hidden & cells.candidates())
    order = extra[np.argsort(-cells.cost[extra], kind="stable")]
    batches = [part for part in np.array_split(order, max(1, len(order) // 8)) if len(part)]
    while batches:
        batch = batches.pop(0)
        trial = hidden.copy()
        trial[batch] = False
        if not unmet(cells.slack(trial), needs, witnesses).any():
            hidden = trial
        elif len(batch) > 1:
            half = len(batch) // 2
            batches[:0] = [batch[:half], batch[half:]]
    return hidden


def _prices(cells: Cells, hidden: Flags) -> Numbers:
    """Return what moving a cell by one costs: nothing where it is hidden already."""
    return np.where(hidden, 0.0, cells.cost)
