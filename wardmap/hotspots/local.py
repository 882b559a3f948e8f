"""Where do high values stand together? Local statistics, for every theme and period at once."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wardmap import schema
from wardmap.errors import InputError, ResolutionWarning, listed, warn
from wardmap.hotspots.multiplicity import q_values, reach
from wardmap.hotspots.neighbours import rule_of
from wardmap.hotspots.panel import FEWEST, Panel, links_of, panel_of
from wardmap.hotspots.permutation import (
    ENUMERATE_UP_TO,
    Alternative,
    Numbers,
    Positions,
    Tails,
    neighbour_tails,
    p_values,
)

_TAIL = {
    "greater": "one-sided for high neighbours",
    "less": "one-sided for low neighbours",
    "two-sided": "two-sided",
}
_CLASSES = {
    "greater": ["hot spot", "not distinguishable", "not testable"],
    "less": ["cold spot", "not distinguishable", "not testable"],
    "two-sided": ["hot spot", "cold spot", "not distinguishable", "not testable"],
}


def gi_star(
    table: pd.DataFrame,
    graph: Graph,
    *,
    variable: str = "rate",
    alternative: Alternative = "greater",
    q: float = 0.1,
    permutations: int = 9_999,
    seed: int = 0,
    into: str = "gi",
) -> pd.DataFrame:
    r"""Say where high values gather in a ward and its neighbours, more than chance would have it.

    Parameters
    ----------
    table
        The ward table. Every theme and period in it is tested, each as a family of its own.
    graph
        The neighbours, by code, in any order (`wm.neighbours(wards)`). A ward's links must weigh the
        same; links of a ward to itself are ignored, since Gi* counts the ward itself in any case.
    variable
        The column to test: a rate or a smoothed rate. A count such as `incidents` works, but it maps
        where people live. A ward where it is null is left out of that theme and period, also as a
        neighbour.
    alternative
        `greater` looks for hot spots, `less` for cold spots, `two-sided` for both.
    q
        False discovery rate: the share of false alarms accepted among the wards called hot.
    permutations
        Arrangements to draw for a ward with more than 100,000 of them; otherwise all are counted.
    seed
        Of the draws.
    into
        The prefix of the columns written.

    Returns
    -------
    DataFrame
        The table with these columns, the numbers null where the ward is not testable:

        - `gi_z` (number): the statistic as a standard score. It includes the ward's own value.
        - `gi_p` (number): share of arrangements of the other wards' values whose sum over the
          ward's neighbours is at least as high (`less`: as low) as the one observed.
        - `gi_q` (number): `gi_p` after Benjamini-Hochberg over the testable wards of the family.
        - `gi_attainable_p` (number): the smallest p that a ward with so many neighbours could have.
        - `gi_class` (category, never null): `hot spot` where `gi_q` is at most `q` and `gi_z` is above
          0, `cold spot` likewise below 0 if asked for, else `not distinguishable` or `not testable`.
        - `gi_method` (category, never null): all of the above in a sentence.

    Raises
    ------
    MissingColumnError, InputError
        The variable is not there, not a number or infinite; an option is out of range; links differ
        in weight; a theme and period lacks a ward or has it twice.
    AlignmentError
        Table and graph are not about the same wards.
    TooFewWardsError
        There are fewer than three wards.

    Warns
    -----
    ResolutionWarning
        No ward could be flagged by itself, because no attainable p is small enough.

    Notes
    -----
    With :math:`w_{ij} = 1` for neighbours and for :math:`j = i`, and mean and standard deviation
    (divisor n) over all n wards:

    .. math:: z_i = \frac{\sum_j w_{ij} x_j - \bar{x} W_i}{S \sqrt{(n S_{1i} - W_i^2) / (n - 1)}},
        \quad W_i = \sum_j w_{ij}, \quad S_{1i} = \sum_j w_{ij}^2

    The p-value is conditional: the ward keeps its value, and all or many arrangements of the others
    are compared. The normal distribution is not used: wards are few and counts are skewed.
    A ward without neighbours, one that touches all others, and a variable that does not vary are not
    testable, and say so; they are never significant.

    Do not use it to ask whether a ward's own rate is high (that is `compare`), nor on few incidents
    without smoothing, nor with a graph that ignores what lies across the district's edge when the
    edge is where the trouble is.

    References
    ----------
    Getis and Ord (1992), https://doi.org/10.1111/j.1538-4632.1992.tb00261.x;
    Ord and Getis (1995), https://doi.org/10.1111/j.1538-4632.1995.tb00912.x;
    Benjamini and Hochberg (1995), https://doi.org/10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    Ten wards around a lake, each next to two others; the rates of three of them are high.

    >>> codes = [f"E0500000{i}" for i in range(10)]
    >>> index = pd.MultiIndex.from_product([["Burglary"], ["2017"], codes], names=schema.WARD_TABLE.index)
    >>> table = pd.DataFrame({"rate": [9.0, 8.0, 7.0, 2.0, 1.0, 3.0, 2.5, 1.5, 0.5, 3.5]}, index=index)
    >>> lake = Graph.from_arrays(codes * 2, codes[1:] + codes[:1] + codes[-1:] + codes[:-1], [1] * 20)
    >>> result = gi_star(table, lake, q=0.3).droplevel(["theme", "period"])
    >>> result.loc[codes[:3], ["gi_z", "gi_p", "gi_q", "gi_class"]].round(3)
                gi_z   gi_p   gi_q             gi_class
    ward_code
    E05000000  2.048  0.056  0.278             hot spot
    E05000001  2.836  0.028  0.278             hot spot
    E05000002  1.260  0.306  0.926  not distinguishable
    """
    _check_options(alternative, q, permutations, seed)
    panel = panel_of(table, variable)
    links = links_of(graph, panel.codes)
    results = _Results.empty(*panel.numbers.shape)
    settings = _Settings(variable, rule_of(graph), alternative, q, permutations, seed)
    known = ~np.isnan(panel.numbers)
    for kept in np.unique(known, axis=0):
        families = np.flatnonzero((known == kept).all(axis=1))
        _test(panel, links, settings, results, families=families, kept=np.flatnonzero(kept))
    results.q[:] = q_values(results.p)
    _warn_of_reach(results, settings)
    where = (panel.family, panel.ward)
    columns = {
        f"{into}_z": results.z[where],
        f"{into}_p": results.p[where],
        f"{into}_q": results.q[where],
        f"{into}_attainable_p": results.attainable[where],
        f"{into}_class": pd.Categorical.from_codes(
            _classes(results, settings)[where], dtype=pd.CategoricalDtype(_CLASSES[alternative])
        ),
    }
    return schema.write(table, into, columns, results.method[panel.family])


@dataclass(frozen=True, slots=True)
class _Settings:
    variable: str
    rule: str
    alternative: Alternative
    q: float
    permutations: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Results:
    z: Numbers
    p: Numbers
    q: Numbers
    attainable: Numbers
    high: NDArray[np.bool_]
    method: NDArray[np.object_]

    @classmethod
    def empty(cls, families: int, wards: int) -> "_Results":
        z, p, q, attainable = np.full((4, families, wards), np.nan)
        high = np.zeros((families, wards), dtype=bool)
        return cls(z, p, q, attainable, high, np.full(families, "", dtype=object))


def _check_options(alternative: str, q: float, permutations: int, seed: int) -> None:
    if alternative not in _TAIL:
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


def _test(
    panel: Panel,
    links: csr_array,
    settings: _Settings,
    results: _Results,
    *,
    families: Positions,
    kept: Positions,
) -> None:
    """Fill in the families that know the variable in the wards `kept`, and only there."""
    if len(kept) < FEWEST:
        results.method[families] = (
            f"Getis-Ord Gi* not tested: {settings.variable} known in {len(kept)} wards of at least {FEWEST}."
        )
        return
    x, near = panel.numbers[np.ix_(families, kept)].T, links[kept][:, kept]
    varies = np.ptp(x, axis=0) > 1e-12 * np.abs(x).max(axis=0)  # less is rounding
    results.method[families[~varies]] = f"Getis-Ord Gi* not tested: {settings.variable} does not vary."
    x, families = x[:, varies], families[varies]
    tails = neighbour_tails(x, near, permutations=settings.permutations, seed=settings.seed)
    p, attainable = p_values(tails, settings.alternative)
    testable = attainable < 1  # of a single arrangement nothing can be learnt; NaN compares as false
    there = np.ix_(families, kept[testable])
    results.z[there] = _standard_scores(x, near)[testable].T
    results.p[there] = p[testable].T
    results.attainable[there] = attainable[testable]
    results.high[there] = (tails.at_least <= tails.at_most)[testable].T
    codes = np.array(panel.codes, dtype=object)
    untested = {
        f"{settings.variable} not known": np.delete(codes, kept),
        "no neighbours": codes[kept][np.isnan(attainable)],
        "too few arrangements": codes[kept][attainable == 1],
    }
    results.method[families] = _sentence(settings, near, tails, attainable, untested)


def _standard_scores(x: Numbers, near: csr_array) -> Numbers:
    n = len(x)
    total = (np.diff(near.indptr) + 1.0)[:, np.newaxis]  # W and, weights being 1, S1 as well
    with np.errstate(invalid="ignore", divide="ignore"):  # a ward that touches all others: 0/0
        scale = x.std(axis=0) * np.sqrt((n * total - total**2) / (n - 1))
        scores: Numbers = (near @ x + x - x.mean(axis=0) * total) / scale
    return scores


def _sentence(
    settings: _Settings,
    near: csr_array,
    tails: Tails,
    attainable: Numbers,
    untested: dict[str, NDArray[np.object_]],
) -> str:
    testable = attainable < 1
    best = f", at best {attainable[testable].min():.2g}" if testable.any() else ""
    spots = {"greater": "hot spot", "less": "cold spot", "two-sided": "hot or cold spot"}
    rule = f"{settings.rule} neighbours" if settings.rule else "the neighbours given"
    gone = "; ".join(f"{why}: {listed(codes, len(codes))}" for why, codes in untested.items() if len(codes))
    return (
        f"Getis-Ord Gi* of {settings.variable} with {rule} and the ward itself, weights of 1, "
        f"{near.shape[0]:,} wards, {near.nnz:,} links. "
        f"p: {_TAIL[settings.alternative]}, {_counted(settings, tails.exact[testable])}{best}. "
        f"q: Benjamini-Hochberg over the {testable.sum():,} wards testable within each theme and period; "
        f"{spots[settings.alternative]} where q is at most {settings.q:g}."
        + (f" Not tested: {gone}." if gone else "")
    )


def _counted(settings: _Settings, exact: NDArray[np.bool_]) -> str:
    draws = f"{settings.permutations:,} random arrangements of the other wards (seed {settings.seed})"
    if exact.all():
        return "all arrangements of the other wards"
    return f"all arrangements where at most {ENUMERATE_UP_TO:,}, else {draws}" if exact.any() else draws


def _classes(results: _Results, settings: _Settings) -> NDArray[np.int8]:
    found = results.q <= settings.q
    # the tail speaks of the neighbours, the sign of z of the ward with them: a spot needs both
    where = {
        "hot spot": found & results.high & (results.z > 0),
        "cold spot": found & ~results.high & (results.z < 0),
        "not distinguishable": ~np.isnan(results.p),
        "not testable": np.isnan(results.p),
    }
    codes = np.empty(results.p.shape, dtype=np.int8)
    for code, name in reversed(list(enumerate(_CLASSES[settings.alternative]))):
        codes[where[name]] = code
    return codes


def _warn_of_reach(results: _Results, settings: _Settings) -> None:
    limits = [reach(attainable, settings.q) for attainable in results.attainable]
    short = [(best, needed) for best, needed in limits if best > needed]
    if not short:
        return
    best, needed = short[0]
    draws = int(np.ceil(1 / needed))
    mend = "read gi_p alone and say so, ask for a larger q, or test a larger district."
    if settings.permutations < draws and np.isclose(best, _least_drawn(settings)):
        mend = f"permutations={draws * (2 if settings.alternative == 'two-sided' else 1):_}."
    warn(
        ResolutionWarning,
        f"In {len(short):,} of {len(limits):,} families no ward could be flagged by itself.",
        f"smallest p that a ward can have: {best:.2g}",
        f"p that a lone ward needs for q = {settings.q:g}: {needed:.2g}",
        mend=mend,
    )


def _least_drawn(settings: _Settings) -> float:
    return (2 if settings.alternative == "two-sided" else 1) / (settings.permutations + 1)
