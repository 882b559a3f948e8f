"""`concentration` and `lorenz`: whether incidents are spread over the wards, or in a few of them."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, counted, listed
from wardmap.method import percent
from wardmap.stats.concentration import gini, gini_for_few, lorenz_curve, smallest_set

_KEYS: list[Hashable] = ["theme", "period"]


def concentration(table: pd.DataFrame, *, share: float = 0.5, into: str = "gini") -> pd.DataFrame:
    r"""Say how far incidents are concentrated in few wards, for every theme and period.

    Answers: how many wards hold half of it, and is that more than rare incidents must be?

    Parameters
    ----------
    table
        The ward table, with `incidents`.
    share
        Between 0 and 1: the share of incidents that the smallest set of wards must hold.
    into
        The name of the columns, so that a second share can stand beside the first.

    Returns
    -------
    DataFrame
        Index `theme`, `period`: `wards` and `incidents` (how many), `gini` (0: every ward has as
        many; towards 1: one has all), `gini_generalised` (the same, where there are fewer incidents
        than wards measured against the most even map that so few can make), `gini_unbiased` (its
        correction for small numbers), `smallest_set` (the fewest wards that hold the share),
        `smallest_set_codes` (which: a list; ties go by ward code), `smallest_set_share` (what
        they hold) and `gini_method`. All null, and an empty list, where there are no incidents; the
        unbiased one also where there is one incident or one ward.

    Raises
    ------
    InputError
        `share` is not between 0 and 1, or a count is negative or missing.

    Notes
    -----
    .. math:: G = \frac{2 \sum_i i\,x_{(i)}}{N \sum x} - \frac{N + 1}{N}, \qquad
        G' = \max(1, N/C)\,(G - 1) + 1

    for C incidents in N wards; unbiased: times min(N, C)/(min(N, C) − 1). Wards count as equals here,
    whatever their people: a ward with more people has more incidents without any concentration.
    Bernasco and Steenbeek (2017), https://doi.org/10.1007/s10940-016-9324-7.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("robbery", "2018", f"E0500000{n}") for n in range(4)]
    >>> index = pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"])
    >>> found = wm.rates.concentration(pd.DataFrame({"incidents": [6, 1, 1, 0]}, index=index))
    >>> found[["gini", "smallest_set", "smallest_set_share"]].values.tolist()
    [[0.5625, 1, 0.75]]
    """
    counts = _counts(table)
    if not 0 < share <= 1:
        raise InputError("share must lie between 0 and 1.", f"given: {share}", mend="share=0.5")
    grouped = counts.groupby(level=_KEYS, sort=False, observed=True)
    facts = {key: _facts(group.droplevel(_KEYS), share) for key, group in grouped}
    found = pd.DataFrame.from_dict(facts, orient="index").rename_axis(_KEYS).astype({"smallest_set": "Int64"})
    columns = {str(name): found.pop(str(name)) for name in list(found) if name not in ("wards", "incidents")}
    return schema.write(
        found,
        into,
        schema.named(columns, into, root="gini"),
        "Gini of the wards' counts, wards taken as equals; generalised for fewer incidents than wards "
        f"(Bernasco and Steenbeek 2017); smallest set that holds {percent(share)}, ties by ward code.",
        root="gini",
    )


def lorenz(table: pd.DataFrame, *, theme: str | None = None, period: str | None = None) -> pd.DataFrame:
    """Return the Lorenz curve of one theme and period: wards from the lowest count up.

    Answers: what share of the incidents do the lower half of the wards hold?

    Parameters
    ----------
    table
        The ward table, with `incidents`.
    theme, period
        Which rows: `all crime`, or the only theme; and the last period.

    Returns
    -------
    DataFrame
        Index `wards_counted`, from 0 to all of them: `ward_code` (the ward that joins; null in the
        first row), `share_wards` and `share_incidents`, each from 0 to 1. Twice the area between the
        curve and the diagonal is the `gini` of `concentration`.

    Raises
    ------
    InputError
        There are no incidents, there is no such theme or period, or a count is negative or missing.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("robbery", "2018", f"E0500000{n}") for n in range(4)]
    >>> index = pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"])
    >>> curve = wm.rates.lorenz(pd.DataFrame({"incidents": [6, 1, 1, 0]}, index=index))
    >>> curve["share_incidents"].tolist()
    [0.0, 0.0, 0.125, 0.25, 1.0]
    """
    counts = _counts(schema.select(table, theme, period)).droplevel(_KEYS)
    if not counts.sum():
        raise InputError("There are no incidents in these wards, so there is no curve.")
    ordered = counts.sort_index().sort_values(kind="stable")
    steps = np.arange(len(ordered) + 1)
    return pd.DataFrame(
        {
            "ward_code": pd.array([None, *ordered.index], dtype="string"),
            "share_wards": steps / len(ordered),
            "share_incidents": lorenz_curve(ordered.to_numpy()),
        },
        index=pd.Index(steps, name="wards_counted"),
    )


def _counts(table: pd.DataFrame) -> pd.Series:
    schema.require(table, schema.WARD_TABLE, ["incidents"])
    schema.refuse_halo(table, "Concentration")
    counts = table["incidents"].astype(float)
    wrong = ~(counts >= 0)
    if wrong.any():
        raise InputError(
            f"{counted(int(wrong.sum()), 'count')} negative or missing.",
            f"rows: {listed(table.index[wrong])}",
        )
    return counts


def _facts(counts: pd.Series, share: float) -> dict[str, Any]:
    total, wards = counts.sum(), len(counts)
    facts: dict[str, Any] = {"wards": wards, "incidents": int(total) if total.is_integer() else total}
    if not total:
        none = dict.fromkeys(("gini", "gini_generalised", "gini_unbiased", "smallest_set_share"), np.nan)
        return facts | none | {"smallest_set": pd.NA, "smallest_set_codes": []}
    ordered = counts.sort_index().sort_values(ascending=False, kind="stable")
    inside = ordered[smallest_set(ordered.to_numpy(), share)]
    generalised, unbiased = gini_for_few(counts.to_numpy())
    return facts | {
        "gini": gini(counts.to_numpy()),
        "gini_generalised": generalised,
        "gini_unbiased": unbiased,
        "smallest_set": len(inside),
        "smallest_set_codes": inside.index.tolist(),
        "smallest_set_share": float(inside.sum() / total),
    }
