"""Where do high values stand together? Local statistics, for every theme and period at once."""

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
        The ward table. Every theme and period in it is tested, each as a family of its own. Where it has
        a column `halo`, wards with `halo` true count as neighbours and are not tested.
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
        - `gi_attainable_p` (number): the smallest p that the ward could have, by the number of its
          neighbours and by how many wards share a value.
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
    A ward without neighbours, one that touches all others, one whose others are all alike, and a
    variable that does not vary are not testable, and say so; they are never significant.

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
    check_options(alternative, q, permutations, seed)
    panel = panel_of(table, variable)
    links = links_of(graph, panel.codes)
    rule = f"{rule_of(graph)} neighbours" if rule_of(graph) else "the neighbours given"
    settings = Settings(
        name="Getis-Ord Gi*",
        title=f"Getis-Ord Gi* of {variable} with {rule} and the ward itself, weights of 1",
        variable=variable,
        alternative=alternative,
        tail=_TAIL[alternative],
        finding={"greater": "hot spot", "less": "cold spot"}.get(alternative, "hot or cold spot"),
        q=q,
        permutations=permutations,
        seed=seed,
    )
    results = judge(panel, links, statistic, ("z", "high"), settings)
    columns = {
        f"{into}_z": panel.column(results.numbers["z"], table.index),
        f"{into}_p": panel.column(results.p, table.index),
        f"{into}_q": panel.column(results.q, table.index),
        f"{into}_attainable_p": panel.column(results.attainable, table.index),
        f"{into}_class": _classes(results, settings, panel),
    }
    return schema.write(table, into, columns, results.sentences(panel), root="gi")


def statistic(x: Numbers, near: csr_array, tails: Tails) -> tuple[dict[str, Numbers], Tails]:
    """Return Gi* as a standard score, and whether the neighbours lean to the high side."""
    n = len(x)
    total = (np.diff(near.indptr) + 1.0)[:, np.newaxis]  # W and, weights being 1, S1 as well
    with np.errstate(invalid="ignore", divide="ignore"):  # a ward that touches all others: 0/0
        scale = x.std(axis=0) * np.sqrt((n * total - total**2) / (n - 1))
        z = (near @ x + x - x.mean(axis=0) * total) / scale
    return {"z": z, "high": (tails.at_least <= tails.at_most).astype(np.float64)}, tails


def _classes(results: Results, settings: Settings, panel: Panel) -> Any:
    z, found, high = results.numbers["z"], results.q <= settings.q, results.numbers["high"] == 1
    # the tail speaks of the neighbours, the sign of z of the ward with them: a spot needs both
    hot = found & high & (z > 0) & (settings.alternative != "less")
    cold = found & ~high & (z < 0) & (settings.alternative != "greater")
    names = _CLASSES[settings.alternative]
    places = [names.index(name) if name in names else -1 for name in ("hot spot", "cold spot")]
    choices = np.array([*places, len(names) - 2, len(names) - 1], dtype=np.int8)
    codes = np.select([hot, cold, ~np.isnan(results.p)], list(choices[:3]), default=choices[3])
    return pd.Categorical.from_codes(panel.rows(codes), dtype=pd.CategoricalDtype(names))
