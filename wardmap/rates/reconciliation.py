"""`reconcile` and `implied_population`: whether printed figures add up, and what they were divided by."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, listed


def reconcile(counts: pd.Series, *, parts: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Hold every printed total against the sum of its printed parts.

    Answers: does this table add up, and if not, how much belongs to none of its rows?

    Parameters
    ----------
    counts
        The printed numbers, totals and parts alike, by the name of their row.
    parts
        For each total, the names of the rows that should make it up.

    Returns
    -------
    DataFrame
        Index `total`: `printed` and `parts` (the total as printed and the sum of its parts),
        `unaccounted` (what is left: negative when the parts are more than the total),
        `share_unaccounted` (of the printed total; null when that is 0), `agrees` (boolean) and
        `parts_method` (which rows were added up).

    Raises
    ------
    InputError
        A row is not in the counts, or is there twice, has no number, or is twice among the parts of
        one total; a total has no parts.

    Notes
    -----
    For counts. Printed rates are rounded, and the sum of rounded numbers need not be the rounded sum.

    Examples
    --------
    Violence in the East Staffordshire plan's figure 10 is one short.

    >>> import pandas as pd, wardmap as wm
    >>> counts = pd.Series({"violence": 2479, "with injury": 1156, "without injury": 1322})
    >>> found = wm.rates.reconcile(counts, parts={"violence": ["with injury", "without injury"]})
    >>> found[["printed", "parts", "unaccounted", "agrees"]].values.tolist()
    [[2479, 2478, 1, False]]
    """
    for total, rows in parts.items():
        _check(counts, total, rows)
    printed = counts.loc[list(parts)]
    summed = pd.Series({total: counts.loc[list(rows)].sum() for total, rows in parts.items()})
    table = pd.DataFrame({"printed": printed, "parts": summed}, index=pd.Index(list(parts), name="total"))
    left = table["printed"] - table["parts"]
    added = {
        "unaccounted": left,
        "share_unaccounted": left / table["printed"].where(table["printed"] != 0),
        "agrees": left == 0,
    }
    return schema.write(table, "parts", added, [f"Sum of {', '.join(rows)}." for rows in parts.values()])


def implied_population(
    counts: pd.Series, rates: pd.Series, *, per: float = 1_000, decimals: int = 1
) -> pd.DataFrame:
    """Find the populations with which the printed counts give the printed, rounded rates.

    Answers: which denominator was used, when the page does not say or says another year's?

    Parameters
    ----------
    counts, rates
        What is printed, by the name of the row, in the same rows.
    per
        The number of people that the rates are for.
    decimals
        To how many decimals the rates are rounded.

    Returns
    -------
    DataFrame
        Index `row`, each row and last `all rows`: `population_lower` and `population_upper`, between
        which the population lies, `fits` (boolean: there is such a population; false in `all rows`
        when no single one fits them all) and `population_method`. A rate that is printed as 0 has no
        upper bound (infinite).

    Raises
    ------
    InputError
        The rows differ, or a number is missing or negative.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> printed = wm.rates.implied_population(pd.Series({"total": 7913}), pd.Series({"total": 68.2}))
    >>> printed.loc["all rows", ["population_lower", "population_upper"]].astype(int).tolist()
    [115941, 116111]
    """
    if not counts.index.equals(rates.index):
        odd = counts.index.symmetric_difference(rates.index)
        raise InputError(
            "Counts and rates are not about the same rows.",
            f"in one of them only: {listed(odd)}" if len(odd) else "the order differs",
            mend="rates.reindex(counts.index)",
        )
    observed, rate = counts.to_numpy(dtype=float), rates.to_numpy(dtype=float)
    wrong = ~((observed >= 0) & (rate >= 0))
    if wrong.any():
        raise InputError(
            "Counts and rates must be there and not negative.", f"rows: {listed(counts.index[wrong])}"
        )
    half = 0.5 * 10.0**-decimals
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = per * observed / (rate + half)
        upper = np.where(rate > half, per * observed / (rate - half), np.inf)
    lower, upper = np.append(lower, lower.max()), np.append(upper, upper.min())
    table = pd.DataFrame(
        {"population_lower": lower, "population_upper": upper, "fits": lower <= upper},
        index=pd.Index([*counts.index, "all rows"], name="row"),
    )
    return schema.write(
        table,
        "population",
        {},
        f"Populations with which the rate per {per:,g} is as printed, to {decimals} decimals.",
    )


def _check(counts: pd.Series, total: str, rows: Sequence[str]) -> None:
    known = counts.index
    unknown = [name for name in (total, *rows) if name not in known]
    if unknown:
        raise InputError(
            f"{listed(unknown)} not among the printed rows.",
            f"rows found, nearest first: {listed(schema.nearest(unknown[0], known))}",
        )
    twice = sorted({name for name in rows if list(rows).count(name) > 1 or name == total})
    twice = twice or sorted({name for name in (total, *rows) if (known == name).sum() > 1})
    if twice or not rows:
        raise InputError(
            f"The parts of {total!r} cannot be added up.",
            f"there more than once: {listed(twice)}" if rows else "it has no parts",
        )
    missing = [name for name in (total, *rows) if pd.isna(counts[name])]
    if missing:
        raise InputError(
            f"No number is printed for {listed(missing)}.", mend="leave the row out, and say so."
        )
