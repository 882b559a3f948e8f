"""Which cells of the cube must be hidden, which cannot be, and what hiding one costs."""

from typing import Any

import numpy as np
from scipy import sparse

from wardmap.reports.disclosure.cube import Cube
from wardmap.reports.disclosure.dimension import Dimension
from wardmap.reports.disclosure.linear_model import Cells, Flags, Matrix, Numbers
from wardmap.reports.disclosure.rule import DisclosureRule
from wardmap.themes import Groups

_COST_OF_TOTALS = np.array([1.0, 4.0, 12.0, 30.0])  # by the number of dimensions in which it is one


def sensitive_themes(themes: Dimension, rule: DisclosureRule, groups: Groups | None) -> Flags:
    """Return which themes are sensitive: those that the rule names, and their unprinted parts."""
    groups = groups or {}
    named = [rule.concerns(str(name), groups.get(str(name))) for name in themes.names[: themes.named]]
    sets = [atoms for atoms, yes in zip(themes.atoms, named, strict=False) if yes]
    return np.array(
        [*named, *(any(atoms <= of for of in sets) for atoms in themes.atoms[themes.named :])], dtype=bool
    )


def cells_of(cube: Cube, rule: DisclosureRule, groups: Groups | None) -> Cells:
    """Return the cube as the linear model: what is primary by threshold, zero, group and flag."""
    sensitive = _each(cube, sensitive_themes(cube.themes, rule, groups), 0)
    elsewhere = _each(cube, np.isin(np.array(cube.themes.names, dtype=object), list(rule.public)), 0)
    told = rule.zeros == "told"
    counts, printed = cube.counts, cube.printed
    zero = counts == 0
    small = sensitive & (counts < rule.least) & (counts >= int(told)) & cube.observed
    group, together, opened = _groups(cube, sensitive & printed & ~elsewhere)
    unprinted = cube.known & ~printed & ~cube.shown_before
    primary = (small & (printed | unprinted)) | group
    public = elsewhere & printed | ~cube.observed
    if told:
        public |= zero & printed & ~opened
    public |= cube.shown_before & ~(cube.revised & primary)
    primary &= ~public
    withheld = (~printed | cube.hidden_before) & ~public
    at_least_one = told & ~zero & ~opened & (printed | cube.hidden_before)
    return Cells(
        counts,
        cube.relations,
        at_least_one.astype(np.int64),
        primary,
        public,
        withheld,
        _cost(cube),
        rule.least,
        _kept(together, public, primary),
    )


def _each(cube: Cube, values: Any, axis: int) -> Any:
    """Return a value for each cell from a value for each node of one dimension."""
    shape = [1, 1, 1]
    shape[axis] = -1
    return np.broadcast_to(np.asarray(values).reshape(shape), cube.shape).ravel()


def _groups(cube: Cube, looked_at: Flags) -> tuple[Flags, Matrix, Flags]:
    """Return the cells that equal their total, the parts beside each, and zeros that may be hidden for it.

    That all of a total is one part is told by the zeros beside it, so those may be hidden, with whatever
    makes them up and whatever they make up, as far as it is zero too.
    """
    counts, looked = cube.counts.reshape(cube.shape), looked_at.reshape(cube.shape)
    numbers = np.arange(counts.size).reshape(cube.shape)
    group, opened = np.zeros(cube.shape, dtype=bool), np.zeros(cube.shape, dtype=bool)
    rows: list[list[int]] = []
    for total, parts in cube.themes.parts_of.items():
        for part in parts:
            alike = looked[part] & (counts[part] == counts[total]) & (counts[part] > 0)
            beside = [other for other in parts if other != part]
            group[part] |= alike & bool(beside)
            for period, place in np.argwhere(alike) if beside else ():
                rows.append(numbers[beside, period, place].tolist())
                for theme in beside:
                    opened |= _within_or_around(cube, theme, period, place)
    opened &= counts == 0
    columns = np.array([cell for row in rows for cell in row], dtype=np.int64)
    at = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    together = sparse.csr_matrix((np.ones(len(columns)), (at, columns)), shape=(len(rows), counts.size))
    return group.ravel(), together, opened.ravel()


def _within_or_around(cube: Cube, theme: int, period: int, place: int) -> Any:
    within, around = [], []
    for of, node in ((cube.themes, theme), (cube.periods, period), (cube.places, place)):
        within.append(np.array([atoms <= of.atoms[node] for atoms in of.atoms]))
        around.append(np.array([atoms >= of.atoms[node] for atoms in of.atoms]))
    return _outer(within) | _outer(around)


def _outer(flags: list[Any]) -> Any:
    return flags[0][:, None, None] & flags[1][None, :, None] & flags[2][None, None, :]


def _kept(together: Matrix, public: Flags, primary: Flags) -> Matrix | None:
    """Drop the parts that are public in any case, and groups of which nothing else is left."""
    kept = sparse.csr_matrix(together.multiply((~public)[None, :].astype(float)))
    kept.eliminate_zeros()
    kept = kept[np.diff(kept.indptr) > 0]
    return kept if kept.shape[0] and primary.any() else None


def _cost(cube: Cube) -> Numbers:
    totals = sum(
        _each(cube, of.is_total(), axis).astype(int)
        for axis, of in enumerate((cube.themes, cube.periods, cube.places))
    )
    weight: Numbers = (1 + np.log1p(cube.counts) / 4) * _COST_OF_TOTALS[totals]
    return weight
