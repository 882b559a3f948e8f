"""Near the cheapest set to hide, for tables too large for the exact one: move what must be in doubt, cheaply.

One need after another, what moves in the cheapest move (by cost times distance) that meets it is hidden,
and is free for the next; then what turned out not to be needed is shown again, halves at a time.
"""

import numpy as np

from wardmap.reports.disclosure.attack import TOLERANCE, Witnesses, moved, uncertified, unmet, whole_move
from wardmap.reports.disclosure.linear_model import Cells, Flags, Needs, Numbers


def nearly_optimal(cells: Cells, needs: Needs) -> Flags | None:
    """Return a set of cells whose hiding meets all the needs in whole incidents, or None."""
    witnesses = Witnesses()
    grown = _repaired(cells, needs, cells.always_hidden(), witnesses, whole=False)
    if grown is None:
        return None
    slim = _without_what_is_not_needed(cells, needs, grown, witnesses)
    return _repaired(cells, needs, slim, Witnesses(), whole=True)


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
