"""Are high wards next to high wards at all? Moran's I of each theme and period."""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.hotspots.graph.ward_graph import rule_of
from wardmap.hotspots.local.local_tests import check_options
from wardmap.hotspots.local.permutation import Alternative, Numbers, Positions
from wardmap.hotspots.panel import FEWEST, alike, family_names, links_of, panel_of

Weights = Literal["row-standardised", "binary"]

_NUMBERS = ("moran_i", "moran_expected", "moran_z", "moran_p")
_FEWEST = FEWEST + 1  # the variance divides by n - 3
_TIE = 1e-12  # sums closer than this, relatively, are equal
_TAIL = {"greater": "one-sided for likeness", "less": "one-sided for contrast", "two-sided": "two-sided"}


def moran(
    table: pd.DataFrame,
    graph: Graph,
    *,
    variable: str = "rate",
    alternative: Alternative = "greater",
    weights: Weights = "row-standardised",
    permutations: int = 9_999,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Say whether neighbouring wards are alike in a theme and period, over the district as a whole.

    Answers: is there any pattern on the map, before one asks where?

    Parameters
    ----------
    table
        The ward table. Each theme and period is a row of the result.
    graph
        The neighbours, by code, in any order (`wm.neighbours(wards)`). A ward's links must weigh the
        same; links of a ward to itself are ignored.
    variable
        The column to test: best a standardised rate (`wm.rates.standardise_rates(table)`), or a rate.
        A ward where it is null, or without a neighbour among the others, is left out there.
    alternative
        `greater` looks for likeness of neighbours, `less` for contrast, `two-sided` for both.
    weights
        `row-standardised`: every ward counts alike. `binary`: every link counts alike.
    permutations
        Times that all values are dealt anew to the wards.
    seed
        Of the dealing, which all themes and periods share.

    Returns
    -------
    DataFrame
        Index `theme`, `period`. Columns, the numbers null where the variable does not vary or fewer than
        four wards are left: `moran_i` (number), `moran_expected` (number: -1/(n - 1)), `moran_z` (number:
        the standard score under randomisation), `moran_p` (number: share of dealings, the observed one
        included, with an I at least as high, or as `alternative` says), `moran_wards` (whole number: the
        n wards that took part) and `moran_method` (category, never null).

    Raises
    ------
    MissingColumnError, InputError
        The variable is not there, not a number or infinite; an option is out of range; links differ
        in weight; a theme and period lacks a ward or has it twice.
    AlignmentError
        Table and graph are not about the same wards.
    TooFewWardsError
        There are fewer than three wards.

    Notes
    -----
    With deviations :math:`z_i` from the mean and :math:`S_0 = \sum_{ij} w_{ij}`:

    .. math:: I = \frac{n}{S_0} \frac{\sum_{ij} w_{ij} z_i z_j}{\sum_i z_i^2}

    p is by permutation, since wards are few and counts are skewed; `moran_z` is given for comparison with
    other software. The smallest p is 1/(permutations + 1). No correction is made over themes and periods.

    Do not read "no pattern" as "no hot spot": one group of high wards among many barely moves I.

    References
    ----------
    Moran (1950), https://doi.org/10.1093/biomet/37.1-2.17; Cliff and Ord (1981), Spatial Processes

    Examples
    --------
    >>> from wardmap import schema
    >>> codes = [f"E0500000{i}" for i in range(8)]
    >>> index = pd.MultiIndex.from_product([["Burglary"], ["2017"], codes], names=schema.WARD_TABLE.index)
    >>> table = pd.DataFrame({"rate": [9.0, 8.0, 7.0, 2.0, 1.0, 3.0, 4.0, 6.0]}, index=index)
    >>> lake = Graph.from_arrays(codes * 2, codes[1:] + codes[:1] + codes[-1:] + codes[:-1], [1] * 16)
    >>> moran(table, lake)[["moran_i", "moran_z", "moran_p"]].round(3)
                     moran_i  moran_z  moran_p
    theme    period
    Burglary 2017      0.617    2.303    0.007
    """
    check_options(alternative, 0.5, permutations, seed)
    if weights not in get_args(Weights):
        raise InputError(
            "Unknown weights.", f"weights: {weights!r}", mend=f"one of {listed(get_args(Weights))}."
        )
    panel = panel_of(table, variable)
    schema.refuse_halo(
        table, "Moran's I", mend='table[~table["halo"]], and wm.neighbours(wards[~wards["halo"]]).'
    )
    links = links_of(graph, panel.codes)
    known = ~np.isnan(panel.numbers)
    groups = alike(known)
    numbers, wards = np.full((len(known), len(_NUMBERS)), np.nan), np.zeros(len(known), dtype=np.int64)
    method = np.full(len(known), "", dtype=object)
    rule = f"{rule_of(graph)} neighbours" if rule_of(graph) else "the neighbours given"
    chance = f"{_TAIL[alternative]}, {permutations:,} random dealings of the values (seed {seed})"
    least = (2 if alternative == "two-sided" else 1) / (permutations + 1)
    with tqdm(total=len(groups) * permutations, desc="Moran", unit="deal", delay=2, leave=False) as bar:
        for rows in groups:
            linked = _linked(links, np.flatnonzero(known[rows[0]]))
            x, near = panel.numbers[np.ix_(rows, linked)], _weighted(links[linked][:, linked], weights)
            varies = _varies(x)
            if varies.any():
                p = _p(x[varies], near, alternative, permutations=permutations, seed=seed, bar=bar)
                numbers[rows[varies]] = np.column_stack([*_statistics(x[varies], near), p])
            wards[rows] = len(linked)
            method[rows] = (
                f"Moran's I of {variable} with {rule}, {weights} weights, {len(linked):,} wards, "
                f"{near.nnz:,} links. p: {chance}, at best {least:.2g}."
            )
            method[rows[~varies]] = (
                f"Moran's I not tested: {variable} does not vary, or is known in {len(linked)} wards with "
                f"neighbours of at least {_FEWEST}."
            )
    result = pd.DataFrame(numbers, index=family_names(table, panel), columns=list(_NUMBERS))
    return result.assign(moran_wards=wards, moran_method=pd.Categorical(method))


def _linked(links: csr_array, kept: Positions) -> Positions:
    near = links[kept][:, kept]
    linked: Positions = kept[(near.sum(axis=0) > 0) | (near.sum(axis=1) > 0)]
    return linked


def _varies(x: Numbers) -> NDArray[np.bool_]:
    if x.shape[1] < _FEWEST:
        return np.zeros(len(x), dtype=bool)
    varies: NDArray[np.bool_] = np.ptp(x, axis=1) > 1e-12 * np.abs(x).max(axis=1)  # less is rounding
    return varies


def _weighted(near: csr_array, weights: Weights) -> csr_array:
    if weights == "binary":
        return near
    return csr_array(diags_array(1.0 / np.maximum(np.diff(near.indptr), 1)) @ near)


def _statistics(x: Numbers, near: csr_array) -> tuple[Numbers, Numbers, Numbers]:
    """Return I, its expectation, and its standard score under randomisation (Cliff and Ord 1981)."""
    n, z = x.shape[1], x - x.mean(axis=1, keepdims=True)
    both = near + near.T
    s0, s1 = near.sum(), (both.multiply(both)).sum() / 2
    s2 = ((near.sum(axis=0) + near.sum(axis=1)) ** 2).sum()
    found = n / s0 * _products(z, near) / (z**2).sum(axis=1)
    expected = np.full(len(x), -1 / (n - 1))
    peaked = n * (z**4).sum(axis=1) / (z**2).sum(axis=1) ** 2
    squared = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    squared = squared - peaked * (n * (n - 1) * s1 - 2 * n * s2 + 6 * s0**2)
    variance = squared / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    with np.errstate(divide="ignore", invalid="ignore"):  # all wards linked: I cannot vary
        score = np.where(variance > 1e-14, (found - expected) / np.sqrt(variance), np.nan)
    return found, expected, score


def _products(z: Numbers, near: csr_array) -> Numbers:
    products: Numbers = (z * (z @ near.T)).sum(axis=1)
    return products


def _p(
    x: Numbers, near: csr_array, alternative: Alternative, *, permutations: int, seed: int, bar: tqdm
) -> Numbers:
    z, rng = x - x.mean(axis=1, keepdims=True), np.random.default_rng(seed)
    observed = _products(z, near)
    slack = _TIE * (z**2).sum(axis=1) * near.sum()
    as_high, as_low = np.ones((2, len(z)))
    for _ in range(permutations):
        dealt = _products(np.ascontiguousarray(z[:, rng.permutation(z.shape[1])]), near)
        as_high += dealt >= observed - slack
        as_low += dealt <= observed + slack
        bar.update()
    if alternative == "two-sided":
        return np.minimum(2 * np.minimum(as_high, as_low) / (permutations + 1), 1.0)
    return (as_high if alternative == "greater" else as_low) / (permutations + 1)
