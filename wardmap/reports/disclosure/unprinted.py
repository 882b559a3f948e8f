"""Protection of what nobody prints: sensitive counts that differences between shown counts would tell."""

from dataclasses import replace
from time import monotonic

import numpy as np

from wardmap.reports.disclosure.attack import Witnesses, uncertified
from wardmap.reports.disclosure.cube import Cube
from wardmap.reports.disclosure.linear_model import Cells, Flags, Whole, towards
from wardmap.reports.disclosure.suppress import Suppression, suppress


def protect(cube: Cube, cells: Cells, sensitive: Flags, seconds: float) -> Suppression:
    """Hide what `suppress` hides, and more where that tells that an unprinted sensitive count is small.

    Such a count (of a type with a flag, or of months that two periods do not share) is not known to the
    table either. It is told when no table that fits has it at 0, nor at `least` or more.
    """
    until = monotonic() + seconds
    unknown = np.flatnonzero(sensitive & ~cube.known & ~cube.printed)
    while True:
        found = suppress(cells, seconds=max(0.0, until - monotonic()))
        if len(found.unprotected) or not len(unknown):
            return found
        told = _told(cells, found.hidden, unknown)
        if not len(told):
            return found
        primary = cells.primary.copy()
        primary[told] = True
        cells = replace(cells, primary=primary)


def _told(cells: Cells, hidden: Flags, unknown: Whole) -> Whole:
    slack, witnesses, number = cells.slack(hidden), Witnesses(), len(cells.counts)
    looked = unknown[cells.counts[unknown] > 0]
    stuck = looked[uncertified(slack, towards(looked, -1, cells.counts[looked], number), witnesses)]
    small = stuck[cells.counts[stuck] < cells.least]
    return small[uncertified(slack, towards(small, 1, cells.least - cells.counts[small], number), witnesses)]
