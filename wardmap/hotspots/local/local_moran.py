"""Which wards are like their neighbours, and which stand out from them? Local Moran's I."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy.sparse import csr_array

from wardmap import schema
from wardmap.hotspots.graph.ward_graph import rule_of
from wardmap.hotspots.local.local_tests import Results, Settings, check_options, judge
from wardmap.hotspots.local.permutation import Alternative, Numbers, Tails
from wardmap.hotspots.panel import Panel, links_of, panel_of

_TAIL = {
    "greater": "one-sided for likeness",
    "less": "one-sided for contrast",
    "two-sided": "two-sided, for likeness or contrast",
}
_CLASSES = ["high-high", "low-low", "high-low", "low-high", "not distinguishable", "not testable"]


def local_moran(
    table: pd.DataFrame,
    graph: Graph,
    *,
    variable: str = "rate",
    alternative: Alternative = "two-sided",
    q: float = 0.1,
    permutations: int = 9_999,
    seed: int = 0,
    into: str = "moran",
) -> pd.DataFrame:
    r"""Say which wards are like their neighbours more than chance would have it, and which unlike.

    Answers: where do high wards meet high ones, low meet low, and where does a ward stand out from those
    around it?

    Parameters
    ----------
    table
        The ward table. Every theme and period in it is tested, each as a family of its own. Where it has
        a column `halo`, wards with `halo` true count as neighbours and are not tested.
    graph
        The neighbours, by code, in any order (`wm.neighbours(wards)`). A ward's links must weigh the
        same; links of a ward to itself are ignored.
    variable
        The column to test: best a standardised rate (`wm.rates.standardise_rates(table)`, then
        `variable="standard_rate"`); a rate or a count works as well. A ward where it is null is left
        out of that theme and period, also as a neighbour.
    alternative
        `greater` looks for likeness (high-high and low-low), `less` for contrast (high-low and
        low-high), `two-sided` for both.
    q
        False discovery rate: the share of false alarms accepted among the wards found.
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

        - `moran_i` (number): local Moran's I; above 0 where ward and neighbours are alike.
        - `moran_lag` (number): mean of the neighbours, in standard deviations from the mean of all.
        - `moran_z` (number): `moran_i` as a standard score, given the ward's own value.
        - `moran_p` (number): share of arrangements of the other wards' values with a local I at least
          as high (`less`: as low; `two-sided`: twice the smaller share).
        - `moran_q` (number): `moran_p` after Benjamini-Hochberg over the testable wards of the family.
        - `moran_attainable_p` (number): the smallest p that the ward could have.
        - `moran_class` (category, never null): where `moran_q` is at most `q`, `high-high`, `low-low`,
          `high-low` (a high ward among low ones) or `low-high`; else `not distinguishable` or `not
          testable`.
        - `moran_method` (category, never null): all of the above in a sentence.

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
        No ward could be found by itself, because no attainable p is small enough.

    Notes
    -----
    With deviations :math:`z_i` from the mean, weights :math:`w_{ij}` that sum to 1 for each ward, and n
    wards:

    .. math:: I_i = \frac{z_i}{m_2} \sum_j w_{ij} z_j, \quad m_2 = \frac{1}{n} \sum_i z_i^2

    as Anselin and spdep have it; esda divides by n - 1, so that its numbers are smaller by (n - 1)/n.
    The p-value is conditional: the ward keeps its value, and all or many arrangements of the others are
    compared, which is why neither convention matters to it. `moran_z` is conditional too, with the mean
    and variance over all of these arrangements, k being the number of the ward's neighbours:

    .. math:: E(I_i) = \frac{-z_i^2}{m_2 (n - 1)}, \quad V(I_i) = \frac{n}{n - 2} \frac{z_i^2}{m_2^2}
        \left(\frac{1}{k} - \frac{1}{n - 1}\right) \left(m_2 - \frac{z_i^2}{n - 1}\right)

    It is for comparison with other software: it is not normal, and no class rests on it.

    Do not use it to ask whether a ward's own rate is high (that is `compare`). A high-low ward is not a
    cold spot: it is high.

    References
    ----------
    Anselin (1995), https://doi.org/10.1111/j.1538-4632.1995.tb00338.x;
    Sokal, Oden and Thomson (1998), https://doi.org/10.1111/j.1538-4632.1998.tb00406.x

    Examples
    --------
    Ten wards around a lake, each next to two others; the rates of three of them are high.

    >>> codes = [f"E0500000{i}" for i in range(10)]
    >>> index = pd.MultiIndex.from_product([["Burglary"], ["2017"], codes], names=schema.WARD_TABLE.index)
    >>> table = pd.DataFrame({"rate": [9.0, 8.0, 7.0, 2.0, 1.0, 3.0, 2.5, 1.5, 0.5, 3.5]}, index=index)
    >>> lake = Graph.from_arrays(codes * 2, codes[1:] + codes[:1] + codes[-1:] + codes[:-1], [1] * 20)
    >>> result = local_moran(table, lake, alternative="greater", q=0.3).droplevel(["theme", "period"])
    >>> result.loc[codes[:3], ["moran_i", "moran_p", "moran_q", "moran_class"]].round(3)
               moran_i  moran_p  moran_q          moran_class
    ward_code
    E05000000    1.199    0.056    0.278            high-high
    E05000001    2.085    0.028    0.278            high-high
    E05000002    0.454    0.306    0.382  not distinguishable
    """
    check_options(alternative, q, permutations, seed)
    panel = panel_of(table, variable)
    links = links_of(graph, panel.codes)
    rule = f"{rule_of(graph)} neighbours" if rule_of(graph) else "the neighbours given"
    settings = Settings(
        name="Local Moran's I",
        title=f"Local Moran's I of {variable} with {rule}, weights that sum to 1",
        variable=variable,
        alternative=alternative,
        tail=_TAIL[alternative],
        finding="named",
        q=q,
        permutations=permutations,
        seed=seed,
    )
    results = judge(panel, links, _statistic, ("i", "lag", "z"), settings)
    columns = {
        f"{into}_i": panel.column(results.numbers["i"], table.index),
        f"{into}_lag": panel.column(results.numbers["lag"], table.index),
        f"{into}_z": panel.column(results.numbers["z"], table.index),
        f"{into}_p": panel.column(results.p, table.index),
        f"{into}_q": panel.column(results.q, table.index),
        f"{into}_attainable_p": panel.column(results.attainable, table.index),
        f"{into}_class": _classes(results, q, panel),
    }
    return schema.write(table, into, columns, results.sentences(panel), root="moran")


def _statistic(x: Numbers, near: csr_array, tails: Tails) -> tuple[dict[str, Numbers], Tails]:
    n, z = len(x), (x - x.mean(axis=0)) / x.std(axis=0)
    degree = np.diff(near.indptr)[:, np.newaxis]
    with np.errstate(invalid="ignore", divide="ignore"):  # a ward without neighbours: 0/0
        lag = near @ z / degree
        spread = np.sqrt(n / (n - 2) * (1 / degree - 1 / (n - 1)) * (1 - z**2 / (n - 1)))
        score = np.sign(z) * (lag + z / (n - 1)) / spread
    # For a ward above the mean a high sum of neighbours is likeness, below it contrast. At the mean, I is
    # 0 however the others are arranged.
    high, low = z > 0, z < 0
    like = np.where(high, tails.at_least, np.where(low, tails.at_most, 1.0))
    unlike = np.where(high, tails.at_most, np.where(low, tails.at_least, 1.0))
    least_like = np.where(high, tails.least_high, np.where(low, tails.least_low, 1.0))
    least_unlike = np.where(high, tails.least_low, np.where(low, tails.least_high, 1.0))
    turned = replace(tails, at_least=like, at_most=unlike, least_high=least_like, least_low=least_unlike)
    return {"i": z * lag, "lag": lag, "z": score}, turned


def _classes(results: Results, q: float, panel: Panel) -> Any:
    found, lag = results.q <= q, results.numbers["lag"]
    high = (results.numbers["i"] > 0) == (lag > 0)  # the ward itself, since I is its side times the lag
    codes = np.select(
        [
            found & high & (lag > 0),
            found & ~high & (lag < 0),
            found & high & (lag < 0),
            found & ~high & (lag > 0),
            ~np.isnan(results.p),
        ],
        list(np.arange(5, dtype=np.int8)),
        default=np.int8(5),
    )
    return pd.Categorical.from_codes(panel.rows(codes), dtype=pd.CategoricalDtype(_CLASSES))
