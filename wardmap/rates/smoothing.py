"""`smooth_rates`: rates of small wards drawn towards what is known of the others."""

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import sparse

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, listed
from wardmap.stats import gamma_poisson
from wardmap.stats.checks import Numbers
from wardmap.stats.empirical_bayes import marshall
from wardmap.stats.ratios import known

SmoothAgainst = Literal["district", "neighbours", "gamma-poisson"]

_SENTENCES = {
    "district": "empirical Bayes towards the mean of the wards (Marshall 1991)",
    "neighbours": "empirical Bayes towards the mean of the ward and its neighbours (Marshall 1991, with the "
    "spread around the ward's own window)",
    "gamma-poisson": "empirical Bayes by a gamma-Poisson model of the wards, maximum likelihood (Clayton "
    "and Kaldor 1987)",
}


def smooth_rates(
    table: pd.DataFrame,
    *,
    against: SmoothAgainst = "district",
    graph: Any = None,
    per: float = 1_000,
    into: str = "smoothed",
) -> pd.DataFrame:
    r"""Add rates that lean on the other wards where the ward's own count says little.

    Answers: what would we expect this ward's rate to be, when its own count is too small to go by?
    A large ward keeps its own rate, a small one is drawn to the mean; how far is in the counts
    themselves.

    Parameters
    ----------
    table
        The ward table, with `incidents` and `population`. Every theme and period is a family.
    against
        `district`: the mean of all wards. `neighbours`: the mean of the ward and its neighbours;
        needs `graph`. `gamma-poisson`: the mean of all wards under a model of their true rates, the
        best of the three for ranking.
    graph
        The libpysal Graph that `neighbours` returns, for `against="neighbours"`.
    per
        The number of people that the rates are for.
    into
        The name of the columns, so that a second way can stand beside the first.

    Returns
    -------
    DataFrame
        The table with `smoothed` (incidents per `per` people), `smoothed_weight` (0 to 1: what the
        ward's own rate counts for; 0 where the wards differ no more than chance, and then all get the
        mean) and `smoothed_method`. Null where the population is null or zero.

    Raises
    ------
    InputError
        A count is negative, a graph is missing or not wanted, or an option is out of range.
    AlignmentError
        The graph is not about the wards of the table.

    Notes
    -----
    Marshall, with m = ΣO/Σn and s² = Σn(r − m)²/Σn over the wards that are leant on:

    .. math:: A = \max\left(0,\; s^2 - \frac{m}{\bar n}\right), \quad w_i = \frac{A}{A + m/n_i},
        \quad \tilde r_i = m + w_i (r_i - m)

    Not for publishing as a ward's rate: it is an estimate, and drawn to the mean on purpose, so a true
    single exception is understated. Marshall (1991), https://doi.org/10.2307/2347593; Clayton and Kaldor
    (1987), https://doi.org/10.2307/2532003.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("robbery", "2018", f"E0500000{n}") for n in range(4)]
    >>> table = pd.DataFrame(
    ...     {"incidents": [40, 12, 10, 2], "population": [4000, 4000, 4000, 200]},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> wm.rates.smooth_rates(table)[["smoothed", "smoothed_weight"]].round(2).values.tolist()
    [[9.46, 0.89], [3.26, 0.89], [2.81, 0.89], [6.58, 0.28]]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    _check(table, against, graph, per)
    families = _known(table).dropna()
    smoothed = pd.DataFrame(np.nan, index=table.index, columns=["rate", "weight"])
    for _, family in families.groupby(level=["theme", "period"], sort=False, observed=True):
        smoothed.loc[family.index] = np.column_stack(_smooth(family, against, graph))
    columns = {"smoothed": per * smoothed["rate"], "smoothed_weight": smoothed["weight"]}
    return schema.write(
        table,
        into,
        schema.named(columns, into, root="smoothed"),
        f"Incidents per {per:,g} people, {_SENTENCES[against]}; each theme and period by itself.",
        root="smoothed",
    )


def _known(table: pd.DataFrame) -> pd.DataFrame:
    """Return incidents and people, null in both where they are not known or nobody lives."""
    given = (table[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("incidents", "population"))
    return pd.DataFrame(dict(zip(("incidents", "population"), known(*given), strict=True)), index=table.index)


def _smooth(family: pd.DataFrame, against: SmoothAgainst, graph: Any) -> tuple[Numbers, Numbers]:
    incidents, people = (family[name].to_numpy(dtype=float) for name in ("incidents", "population"))
    if against == "gamma-poisson":
        prior = gamma_poisson.fit(incidents, people)
        return prior.smoothed(incidents, people), prior.weight(people)
    if graph is None:
        together = np.ones((1, len(family)))
    else:
        together = _windows(graph, family.index.get_level_values("ward_code"))
    return marshall(incidents, people, together)


def _windows(graph: Any, codes: pd.Index) -> sparse.csr_array:
    """Return 1 where the row's ward is, or is a neighbour of, the column's."""
    pairs = graph.adjacency[graph.adjacency != 0].index
    focal, neighbour = (codes.get_indexer(pairs.get_level_values(level)) for level in (0, 1))
    both = (focal >= 0) & (neighbour >= 0) & (focal != neighbour)
    own = np.arange(len(codes))
    rows, columns = np.append(focal[both], own), np.append(neighbour[both], own)
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(codes), len(codes)))


def _check(table: pd.DataFrame, against: SmoothAgainst, graph: Any, per: float) -> None:
    if against not in get_args(SmoothAgainst):
        raise InputError(
            f"Rates cannot be smoothed against {against!r}.",
            mend=f"against= one of {listed(get_args(SmoothAgainst))}",
        )
    if (graph is None) == (against == "neighbours"):
        raise InputError(
            "Smoothing towards neighbours needs a graph, and no other way takes one.",
            f"against: {against!r}, graph: {'none' if graph is None else 'given'}",
            mend='wm.rates.smooth_rates(table, against="neighbours", graph=wm.neighbours(wards))',
        )
    if not per > 0:
        raise InputError("A rate must be for a positive number of people.", f"per: {per}", mend="per=1_000")
    if (table["incidents"] < 0).any():
        raise InputError(
            "A count cannot be negative.", f"rows: {listed(table.index[table['incidents'] < 0])}"
        )
    known = table.index.unique("ward_code")
    missing = known[:0] if graph is None else known.difference(graph.unique_ids)
    if len(missing):
        raise AlignmentError(
            "The graph is not about the wards of the table.",
            f"not in the graph: {listed(missing)}",
            mend="graph = wm.neighbours(wards), with the wards that were counted.",
        )
