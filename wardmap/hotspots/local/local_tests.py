"""What all local statistics share: a test of every ward, for every theme and period at once.

A statistic brings its numbers and says which tail is which; here wards that do not know the variable
are left out, arrangements counted, what cannot be tested found, and the family corrected.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wardmap.errors import InputError, ResolutionWarning, listed, warn
from wardmap.hotspots.local.permutation import (
    ENUMERATE_UP_TO,
    Alternative,
    Numbers,
    Positions,
    Tails,
    neighbour_tails,
    p_values,
)
from wardmap.hotspots.panel import FEWEST, Panel, alike
from wardmap.stats.multiplicity import q_values, reach

_ALONE = " No ward could be found by itself, however extreme."
_FEW = 50
_MISSED = f" Of fewer than {_FEW} wards most small clusters stay unfound: see wm.hotspots.detectable."
_CELLS = 250_000  # wards times variables that a thread tests at once, which bounds the memory
COMPILE_FROM = 3_000_000
"""Wards times variables from which compiled code is used; its first use ever takes some seconds."""

_THREADS = min(4, os.cpu_count() or 1)  # numpy computes outside Python's lock

Statistic = Callable[[Numbers, csr_array, Tails], tuple[dict[str, Numbers], Tails]]
"""From values and links: the numbers of each ward, and the tails with the statistic's high end first."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the analyst asked of a local statistic, and how its sentence begins and ends."""

    name: str
    title: str
    variable: str
    alternative: Alternative
    tail: str
    finding: str
    q: float
    permutations: int
    seed: int

    def least_drawn(self) -> float:
        """Return the smallest p that drawn arrangements can give."""
        return (2 if self.alternative == "two-sided" else 1) / (self.permutations + 1)


@dataclass(frozen=True, slots=True)
class Results:
    """Families by wards: numbers of the statistic, and its test; NaN where a ward is not testable.

    `limits` has, for each family, the smallest p that graph and permutations allow for, and the p that a
    lone finding needs.
    """

    numbers: dict[str, Numbers]
    p: Numbers
    q: Numbers
    attainable: Numbers
    limits: Numbers
    method: NDArray[np.object_]

    def sentences(self, panel: Panel) -> pd.Categorical:
        """Return the method of each row; millions of rows share a few sentences."""
        words, code = np.unique(self.method.astype(str), return_inverse=True)
        return pd.Categorical.from_codes(panel.rows(code.astype(np.int32)), categories=pd.Index(words))


def check_options(alternative: str, q: float, permutations: int, seed: int) -> None:
    """Raise unless the options that all local statistics share make sense."""
    if alternative not in get_args(Alternative):
        raise InputError(
            "Unknown alternative.",
            f"alternative: {alternative!r}",
            mend=f"one of {listed(get_args(Alternative))}.",
        )
    if not 0 < q < 1:
        raise InputError("q must lie between 0 and 1.", f"q: {q}", mend="q=0.1 accepts 10 % false alarms.")
    for name, value, least in (("permutations", permutations, 99), ("seed", seed, 0)):
        if not isinstance(value, int | np.integer) or value < least:
            raise InputError(f"{name} must be a whole number, at least {least}.", f"{name}: {value!r}")


def judge(
    panel: Panel, links: csr_array, statistic: Statistic, names: tuple[str, ...], settings: Settings
) -> Results:
    """Test every ward in every family of the panel, and warn where graph and draws let none be found."""
    shape = panel.numbers.shape
    numbers = {name: np.full(shape, np.nan) for name in names}
    p, q, attainable = np.full((3, *shape), np.nan)
    limits = np.full((shape[0], 2), np.nan)
    results = Results(numbers, p, q, attainable, limits, np.full(shape[0], "", dtype=object))
    known = ~np.isnan(panel.numbers)
    for families in alike(known):
        kept = np.flatnonzero(known[families[0]])
        _test(panel, links, statistic, settings, results, families=families, kept=kept)
    _warn_of_reach(results, settings)
    return results


def _test(
    panel: Panel,
    links: csr_array,
    statistic: Statistic,
    settings: Settings,
    results: Results,
    *,
    families: Positions,
    kept: Positions,
) -> None:
    """Fill in the families that know the variable in the wards `kept`, and only there."""
    if len(kept) < FEWEST:
        known = f"{settings.variable} known in {len(kept)} wards of at least {FEWEST}"
        results.method[families] = f"{settings.name} not tested: {known}."
        return
    near, step = links[kept][:, kept], max(1, _CELLS // len(kept))

    def fill(start: int) -> None:
        part = families[start : start + step]
        x = panel.numbers[np.ix_(part, kept)].T
        varies = np.ptp(x, axis=0) > 1e-12 * np.abs(x).max(axis=0)  # less is rounding
        results.method[part[~varies]] = f"{settings.name} not tested: {settings.variable} does not vary."
        if varies.any():
            where = part[varies], kept
            _fill(results, x[:, varies], near, statistic, settings, where=where, panel=panel)

    with ThreadPoolExecutor(_THREADS) as threads:
        list(threads.map(fill, range(0, len(families), step)))  # each writes to families of its own


def _fill(
    results: Results,
    x: Numbers,
    near: csr_array,
    statistic: Statistic,
    settings: Settings,
    *,
    where: tuple[Positions, Positions],
    panel: Panel,
) -> None:
    compiled = panel.numbers.size >= COMPILE_FROM
    tails = neighbour_tails(
        x, near, permutations=settings.permutations, seed=settings.seed, compiled=compiled
    )
    numbers, tails = statistic(x, near, tails)
    p, attainable = p_values(tails, settings.alternative)
    families, kept = where
    cells: Any = families if len(kept) == len(panel.codes) else np.ix_(families, kept)  # whole rows are fast
    halo = panel.halo[kept]
    testable = attainable < 1 - 1e-12  # of arrangements that are all alike nothing is learnt; NaN is false
    testable &= ~halo[:, np.newaxis]
    for name, values in numbers.items():
        results.numbers[name][cells] = np.where(testable, values, np.nan).T
    p = np.where(testable, p, np.nan).T
    results.p[cells], results.q[cells] = p, q_values(p)
    results.attainable[cells] = np.where(testable, attainable, np.nan).T
    single = tails.smallest * (2 if settings.alternative == "two-sided" else 1)
    names, alone = np.array(panel.codes, dtype=object), np.diff(near.indptr) == 0
    for family, able, least in zip(families, testable.T, attainable.T, strict=True):
        untested = {
            f"{settings.variable} not known": np.delete(names, kept),
            "halo, used by its neighbours": names[kept[halo]],
            "no neighbours": names[kept[alone & ~halo]],
            "all arrangements alike": names[kept[~able & ~alone & ~halo]],
        }
        results.limits[family] = reach(single[able], settings.q)
        results.method[family] = _sentence(settings, near, tails.exact[able], least[able], untested)


def _sentence(
    settings: Settings,
    near: csr_array,
    exact: NDArray[np.bool_],
    attainable: Numbers,
    untested: dict[str, NDArray[np.object_]],
) -> str:
    gone = "; ".join(f"{why}: {listed(codes, len(codes))}" for why, codes in untested.items() if len(codes))
    best = f", at best {attainable.min():.2g}" if len(attainable) else ""
    alone = "" if not len(attainable) or attainable.min() <= settings.q / len(attainable) else _ALONE
    few = _MISSED if near.shape[0] < _FEW else ""
    return (
        f"{settings.title}, {near.shape[0]:,} wards, {near.nnz:,} links. "
        f"p: {settings.tail}, {_counted(settings, exact)}{best}. "
        f"q: Benjamini-Hochberg over the {len(exact):,} wards testable within each theme and period; "
        f"{settings.finding} where q is at most {settings.q:g}.{alone}{few}"
        + (f" Not tested: {gone}." if gone else "")
    )


def _counted(settings: Settings, exact: NDArray[np.bool_]) -> str:
    draws = f"{settings.permutations:,} random arrangements of the other wards (seed {settings.seed})"
    if exact.all():
        return "all arrangements of the other wards"
    return f"all arrangements where at most {ENUMERATE_UP_TO:,}, else {draws}" if exact.any() else draws


def _warn_of_reach(results: Results, settings: Settings) -> None:
    short = results.limits[results.limits[:, 0] > results.limits[:, 1]]
    if not len(short):
        return
    best, needed = short[0].tolist()
    draws = int(np.ceil(1 / needed))
    mend = "read p alone and say so, ask for a larger q, or test a larger district."
    if settings.permutations < draws and np.isclose(best, settings.least_drawn()):
        mend = f"permutations={draws * (2 if settings.alternative == 'two-sided' else 1):_}."
    warn(
        ResolutionWarning,
        f"In {len(short):,} of {len(results.limits):,} families no ward could be flagged by itself.",
        f"smallest p that a ward can have: {best:.2g}",
        f"p that a lone ward needs for q = {settings.q:g}: {needed:.2g}",
        mend=mend,
    )
