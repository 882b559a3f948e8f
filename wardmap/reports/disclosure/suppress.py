"""What to hide, so that nobody can tell whether a count that must be hidden is small."""

from dataclasses import dataclass

import numpy as np

from wardmap.reports.disclosure.attack import Witnesses, uncertified, unmet
from wardmap.reports.disclosure.exact import optimum
from wardmap.reports.disclosure.heuristic import nearly_optimal
from wardmap.reports.disclosure.linear_model import Cells, Flags, Needs, Whole, needs_of


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is hidden, primaries and complements alike, and how good it is.

    `cost` is that of everything hidden, `bound` what no protection can be cheaper than, `exact` whether
    they are known to be the same. `unprotected` are the primaries that no hiding protects: if there are
    any, `hidden` is not to be used.
    """

    hidden: Flags
    cost: float
    bound: float
    exact: bool
    unprotected: Whole


def suppress(cells: Cells, *, seconds: float = 60.0, needs: Needs | None = None) -> Suppression:
    """Hide the primaries and the cheapest complements; after `seconds`, complements near the cheapest.

    Every protection is certified by tables in whole incidents that fit all that is shown.
    """
    needs = needs_of(cells) if needs is None else needs
    everything = ~cells.public | cells.primary
    short = unmet(cells.slack(everything), needs, Witnesses())
    if short.any():
        return _hopeless(cells, everything, needs.cells[short])
    if not unmet(cells.slack(cells.always_hidden()), needs, Witnesses()).any() and not len(needs):
        return _found(cells, cells.always_hidden(), 0.0, exact=True)
    best = optimum(cells, needs, seconds)
    if best.hidden is not None:
        return _found(cells, best.hidden, best.bound, exact=True)
    hidden = nearly_optimal(cells, needs) if best.timed_out else None
    if hidden is None:
        short = uncertified(cells.slack(everything), needs, Witnesses())
        cells_short = needs.cells[short] if short.any() else needs.cells
        return _hopeless(cells, everything, cells_short)
    return _found(cells, hidden, best.bound, exact=False)


def _found(cells: Cells, hidden: Flags, bound: float, *, exact: bool) -> Suppression:
    cost = cells.total_cost(hidden)
    return Suppression(hidden, cost, cost if exact else bound, exact, np.zeros(0, dtype=np.int64))


def _hopeless(cells: Cells, everything: Flags, unprotected: Whole) -> Suppression:
    cost = cells.total_cost(everything)
    return Suppression(everything, cost, np.inf, exact=False, unprotected=np.unique(unprotected))
