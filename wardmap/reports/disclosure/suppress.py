"""What to hide, so that nobody can tell whether a count that must be hidden is small."""

from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from wardmap.reports.disclosure.attack import Witnesses, uncertified, unmet
from wardmap.reports.disclosure.exact import optimum
from wardmap.reports.disclosure.heuristic import nearly_optimal
from wardmap.reports.disclosure.linear_model import Cells, Flags, Whole, needs_of


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


def suppress(cells: Cells, *, seconds: float = 60.0) -> Suppression:
    """Hide the primaries and the cheapest complements; after `seconds`, complements near the cheapest.

    Every protection is certified by tables in whole incidents that fit all that is shown. Parts that no
    relation holds together (years that share no month) are protected one by one, as nothing is lost by it.
    """
    until = monotonic() + seconds
    needs = needs_of(cells)
    hidden, bound, exact = cells.always_hidden(), cells.total_cost(cells.always_hidden()), True
    part_of = _parts(cells)
    parts = np.unique(part_of[needs.cells])
    for done, part in enumerate(parts):
        of_part = np.flatnonzero(part_of == part)
        found = _suppress_part(_only(cells, of_part), (until - monotonic()) / (len(parts) - done))
        if len(found.unprotected):
            everything = ~cells.public
            cost = cells.total_cost(everything)
            return Suppression(everything, cost, np.inf, exact=False, unprotected=of_part[found.unprotected])
        hidden[of_part[found.hidden]] = True
        bound += found.bound - cells.total_cost(_among(of_part, cells) & cells.always_hidden())
        exact &= found.exact
    return Suppression(hidden, cells.total_cost(hidden), bound, exact, np.zeros(0, dtype=np.int64))


def _parts(cells: Cells) -> Whole:
    """Return for each cell the part of the model that it can move with; public cells move with none."""
    links = [cells.relations] if cells.together is None else [cells.relations, cells.together]
    movable = sparse.diags((~cells.public).astype(float))
    rows = sparse.csr_matrix(sparse.vstack(links)) @ movable
    rows.eliminate_zeros()
    parts: Whole = connected_components(rows.T @ rows != 0, directed=False)[1].astype(np.int64)
    return parts


def _only(cells: Cells, which: Whole) -> Cells:
    """Return some of the cells, with the relations among them."""
    relations = sparse.csr_matrix(cells.relations)[:, which]
    together = None if cells.together is None else sparse.csr_matrix(cells.together)[:, which]
    if together is not None:
        together = together[np.diff(together.indptr) > 0]
    return replace(
        cells,
        relations=relations[np.diff(relations.indptr) > 0],
        together=together if together is not None and together.shape[0] else None,
        **{
            name: getattr(cells, name)[which]
            for name in ("counts", "lower", "primary", "public", "withheld", "cost")
        },
    )


def _among(which: Whole, cells: Cells) -> Flags:
    found = np.zeros(len(cells.counts), dtype=bool)
    found[which] = True
    return found


def _suppress_part(cells: Cells, seconds: float) -> Suppression:
    needs = needs_of(cells)
    short = unmet(cells.slack(~cells.public), needs, Witnesses())
    if short.any():
        return _hopeless(cells, needs.cells[short])
    best = optimum(cells, needs, seconds)
    hidden = best.hidden
    if best.timed_out:
        near = nearly_optimal(cells, needs)
        found = [one for one in (hidden, near) if one is not None]
        hidden = min(found, key=cells.total_cost, default=None)
    if hidden is None:
        short = uncertified(cells.slack(~cells.public), needs, Witnesses())
        return _hopeless(cells, needs.cells[short] if short.any() else needs.cells)
    cost, exact = cells.total_cost(hidden), not best.timed_out
    return Suppression(hidden, cost, cost if exact else best.bound, exact, np.zeros(0, dtype=np.int64))


def _hopeless(cells: Cells, unprotected: Whole) -> Suppression:
    cost = cells.total_cost(~cells.public)
    return Suppression(~cells.public, cost, np.inf, exact=False, unprotected=np.unique(unprotected))
