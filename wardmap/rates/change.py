"""`compare_periods`: whether it changed from one period to another, or could be chance."""

from collections.abc import Mapping, Sequence
from typing import get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import IncompleteWarning, InputError, counted, listed, warn
from wardmap.method import Method
from wardmap.rates.status import verdict
from wardmap.stats.intervals import check_confidence, check_counts, rate_ratio
from wardmap.stats.two_counts import Test, equal_rates_p

Breaks = Mapping[str, Sequence[str]]
"""For each theme, the periods that are the first of a new way of recording."""

PERCENT_FROM = 5
_WORDS = {
    "exact": "exact conditional test",
    "mid-p": "conditional test with mid-p",
    "E-test": "E-test (Krishnamoorthy and Thomson 2004)",
}


def compare_periods(
    table: pd.DataFrame,
    *,
    before: str,
    after: str,
    test: Test = "exact",
    confidence: float = 0.95,
    breaks: Breaks | None = None,
    into: str = "change",
) -> pd.DataFrame:
    """Return how much each ward changed from one period to another, in volume and in per cent.

    Answers: is 25 after 16 a rise? The two counts are both uncertain, and the test knows it.

    Parameters
    ----------
    table
        The ward table, with `incidents`; `months` and `complete`, if there, are looked at.
    before, after
        The two periods.
    test
        `exact`: given the total, the later count is binomial with one half (never too bold);
        `mid-p`: the same, less cautious; `E-test`: unconditional, the most powerful for few incidents.
    confidence
        Of the interval, between 0 and 1; p below 1 - confidence makes a change.
    breaks
        For each theme, the periods that are the first of a new way of recording. Across a break there
        is a volume and no verdict.
    into
        The name of the columns, so that a second comparison can stand beside the first.

    Returns
    -------
    DataFrame
        Index `theme`, `ward_code`: `ward_name` where there was one, `before` and `after` (incidents),
        `change` (their difference), `change_percent`, `change_percent_lower`, `change_percent_upper`
        (null where `before` is below 5: there is no per cent of nothing), `change_p` (two-sided, not
        corrected for the number of wards; null without incidents, or across a break), `change_status`
        (`rose`, `fell`, `cannot tell`), `change_break` (boolean) and `change_method`.

    Raises
    ------
    InputError
        A period or a break is not in the table, the periods are one or differ in months on file, a
        count is negative or missing, or an option is out of range.

    Warns
    -----
    IncompleteWarning
        Months of both periods are missing, equally many.

    Notes
    -----
    Limits of the ratio after / before, less 1: log-normal where both counts reach 20, exact below. Counts
    vary more than Poisson counts do, so p is on the small side. E-test: Krishnamoorthy and Thomson
    (2004), https://doi.org/10.1016/S0378-3758(02)00408-1. Not 2(√after − √before): it takes the past
    as exact, and calls 25 after 16 a change (p .05) where the E-test says .16. Compare like seasons.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2016", "E05000001"), ("ASB", "2017", "E05000001")]
    >>> table = pd.DataFrame(
    ...     {"incidents": [16, 25]},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> found = wm.compare_periods(table, before="2016", after="2017")
    >>> found[["change", "change_percent", "change_p", "change_status"]].round(3).values.tolist()
    [[9, 56.25, 0.211, 'cannot tell']]
    """
    check_confidence(confidence)
    if test not in get_args(Test):
        raise InputError(f"There is no test {test!r}.", mend=f"test= one of {listed(get_args(Test))}")
    found = pair(table, before, after)
    crossed = crosses_break(found, check_breaks(breaks, table), schema.in_order(table), before, after)
    early, late = (found[name].to_numpy(dtype=float) for name in ("before", "after"))
    alike = np.ones(len(found))
    _, lower, upper = rate_ratio(late, alike, early, alike, confidence=confidence)
    base = np.where(early >= PERCENT_FROM, early, np.nan)
    p = np.where(crossed, np.nan, equal_rates_p(early, late, test))
    columns = {
        "change": found["after"] - found["before"],
        "change_percent": 100 * (late / base - 1),
        "change_percent_lower": np.where(np.isnan(base), np.nan, 100 * (lower - 1)),
        "change_percent_upper": np.where(np.isnan(base), np.nan, 100 * (upper - 1)),
        "change_p": p,
        "change_status": verdict(late - early, p, confidence, schema.CHANGES),
        "change_break": crossed,
    }
    method = Method(
        f"{after} against {before}",
        confidence=confidence,
        interval="of the ratio less 1",
        test=f"two-sided, {_WORDS[test]}, not corrected for the number of wards",
        notes=(f"no per cent of fewer than {PERCENT_FROM}",),
    )
    return schema.write(found, into, schema.named(columns, into, root="change"), method, root="change")


def check_breaks(breaks: Breaks | None, table: pd.DataFrame) -> dict[str, set[str]]:
    """Return the breaks of each theme; raise where one names a theme or a period that is not there."""
    given = {str(theme): set(map(str, periods)) for theme, periods in (breaks or {}).items()}
    themes, periods = set(map(str, table.index.unique("theme"))), schema.in_order(table)
    unknown = sorted(set(given) - themes) + sorted(set().union(*given.values()) - set(periods))
    if unknown:
        raise InputError(
            "A break names a theme or a period that the table does not have.",
            f"not found: {listed(unknown)}",
            f"periods of the table: {listed(periods)}",
            mend='breaks={"Violence with injury": ["2017/18"]}: the first period of the new recording.',
        )
    return given


def pair(table: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """Return `before` and `after` of every theme and ward; raise where the two cannot be compared."""
    schema.require(table, schema.WARD_TABLE, ["incidents"])
    if before == after:
        raise InputError("A period cannot be compared with itself.", f"given: {before!r} twice")
    rows = [_period(table, label) for label in (before, after)]
    _refuse_unequal(table, rows, (before, after))
    early, late = (part["incidents"] for part in rows)
    together = late.index.union(early.index, sort=False)
    lonely = together.difference(early.index.intersection(late.index))
    if len(lonely):
        raise InputError(
            "A ward or theme is in one of the two periods only.",
            f"rows: {listed(lonely)}",
            mend="count both periods by the same wards and themes.",
        )
    for counts in (early, late):
        if counts.isna().any():
            raise InputError("A count is missing.", f"rows: {listed(counts.index[counts.isna()])}")
        check_counts(counts.to_numpy(dtype=float))
    names = rows[1][["ward_name"]] if "ward_name" in table else pd.DataFrame(index=late.index)
    return names.assign(before=early.reindex(late.index), after=late)


def crosses_break(
    found: pd.DataFrame, breaks: dict[str, set[str]], order: list[str], before: str, after: str
) -> npt.NDArray[np.bool_]:
    """Say of each row whether recording changed after the earlier period, up to the later one."""
    first, last = sorted((order.index(before), order.index(after)))
    between = set(order[first + 1 : last + 1])
    themes = found.index.get_level_values("theme")
    return np.array([bool(breaks.get(str(theme), set()) & between) for theme in themes], dtype=bool)


def _period(table: pd.DataFrame, label: str) -> pd.DataFrame:
    labels = table.index.get_level_values("period").astype(str)
    if label not in labels:
        there = labels.unique()
        raise InputError(
            f"The ward table has no period {label!r}.",
            f"periods found, nearest first: {listed(schema.nearest(label, there))}",
            mend=f"one of {listed(there, 4)}",
        )
    return table[labels == label].droplevel("period")


def _refuse_unequal(table: pd.DataFrame, rows: list[pd.DataFrame], labels: tuple[str, str]) -> None:
    if "months" in table:
        early, late = (int(part["months"].max()) for part in rows)
        if early != late:
            raise InputError(
                "The two periods differ in how many months are on file.",
                f"{labels[0]}: {counted(early, 'month')}; {labels[1]}: {counted(late, 'month')}",
                mend="count by periods of equal length: by_period={'before': (...), 'after': (...)}",
            )
    if "complete" not in table:
        return
    gaps = [label for label, part in zip(labels, rows, strict=True) if not part["complete"].all()]
    if gaps:
        warn(
            IncompleteWarning,
            "A period has months that are not on file.",
            f"periods: {listed(gaps)}",
            mend="make sure that the same calendar months are on file in both.",
        )
