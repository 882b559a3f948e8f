"""The other way: every count up or down to a multiple of the base, so that sums still add up.

Which way a count goes is drawn with the right odds (3 goes to 5 in three cases of five), and sums decide
where they must. The draw hangs on the cell alone, so that the same count is rounded alike in every edition.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from wardmap.reports.disclosure.attack import Witnesses, uncertified
from wardmap.reports.disclosure.linear_model import Cells, Flags, Matrix, Numbers, Slack, Whole, towards
from wardmap.reports.disclosure.rule import DisclosureRule

_FARTHER = 1_000.0  # what a step beyond the nearest multiples costs, against odds from -1 to 1
_NEAR = 0.05  # how near the best draw is good enough: any that adds up will do


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier editions told of each cell: its rounding (or null), its count, that it is no zero."""

    rounded: Numbers
    exactly: Flags
    no_zero: Flags


def rounded(
    cells: Cells, printed: Flags, before: Before, names: Sequence[str], *, base: int, rule: DisclosureRule
) -> Whole | None:
    """Return multiples of `base` that add up, or None where there are none.

    Each is the one below or above the count; where sums do not allow that, the next one farther off. What
    an earlier edition rounded a count to stands, while the count is still so near; what is known to be no
    zero is not shown as one.
    """
    odds = np.array([_draw(name, rule.seed) for name in names]) - cells.counts % base / base
    kept = printed & (np.abs(before.rounded - cells.counts) < base)
    for farther in (0, 1):
        below, rest = np.divmod(cells.counts, base)
        # what is not printed only has to exist: it is what printed numbers leave, of whatever size
        lower = np.where(printed, np.maximum(below - farther, before.no_zero), 0).astype(float)
        upper = np.where(printed, below + (rest > 0) + farther, np.inf)
        lower[kept] = upper[kept] = before.rounded[kept] / base
        odds = np.where(printed, odds, 0.0)
        found = _additive(cells.relations, (lower, upper), odds, cells.counts / base, rule.seconds)
        if found is not None:
            return found * base
    return None


def _additive(
    relations: Matrix, limits: tuple[Numbers, Numbers], odds: Numbers, near: Numbers, seconds: float
) -> Whole | None:
    """Return whole numbers within limits that add up, drawn by `odds`, every step beyond the nearest dear."""
    lower, upper = limits
    number = len(lower)
    one = sparse.identity(number, format="csr")
    none = sparse.csr_matrix(relations.shape)
    weighed = np.where(np.isfinite(upper), _FARTHER, 0.0)
    found = milp(
        np.concatenate([odds, weighed]),
        constraints=[
            LinearConstraint(sparse.hstack([relations, none], format="csr"), 0, 0),
            LinearConstraint(sparse.hstack([one, -one], format="csr"), -np.inf, np.ceil(near)),
            LinearConstraint(sparse.hstack([-one, -one], format="csr"), -np.inf, -np.floor(near)),
        ],
        bounds=Bounds(
            np.concatenate([lower, np.zeros(number)]), np.concatenate([upper, np.full(number, np.inf)])
        ),
        integrality=np.concatenate([np.ones(number), np.zeros(number)]),
        options={"mip_rel_gap": _NEAR, "time_limit": seconds},
    )
    return None if found.x is None else np.rint(found.x[:number]).astype(np.int64)


def told_by_rounding(cells: Cells, shown: Whole, printed: Flags, before: Before, *, base: int) -> Flags:
    """Return the primaries of which it can be told that they are small: neither 0 nor `least` is thinkable.

    A reader knows that a count is less than `base` from what is shown, or twice that where sums ask for it,
    beside what is known from `before`.
    """
    reach = np.where(np.abs(shown - cells.counts) < base, base - 1, 2 * base - 1)
    far = float(10 * (cells.counts.max(initial=0) + cells.least))
    least = np.maximum(np.where(printed, shown - reach, 0), before.no_zero)
    down = np.where(before.exactly, 0, cells.counts - least).astype(np.float64)
    up = np.where(before.exactly, 0, np.where(printed, shown + reach - cells.counts, far)).astype(np.float64)
    slack = Slack(cells.relations, down, up)
    told, number = np.zeros(len(shown), dtype=bool), len(shown)
    which = np.flatnonzero(cells.primary & (cells.counts < cells.least))
    told[which] = uncertified(slack, towards(which, -1, cells.counts[which], number), Witnesses())
    which = np.flatnonzero(told)
    told[which] = uncertified(
        slack, towards(which, 1, cells.least - cells.counts[which], number), Witnesses()
    )
    return told


def _draw(name: str, seed: int) -> float:
    digest = hashlib.blake2b(name.encode(), digest_size=8, key=seed.to_bytes(8, "big")).digest()
    return int.from_bytes(digest, "big") / 2**64
