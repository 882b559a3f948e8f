"""`track_targets`: the table of targets, with what can be told from each year's figure."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError, listed
from wardmap.method import percent
from wardmap.rates.change import PERCENT_FROM
from wardmap.rates.status import verdict
from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import check_confidence, poisson_limits, two_shares_p, wilson_limits
from wardmap.stats.two_counts import detectable, equal_rates_p

_KINDS = ("count", "percent")
_WANTED = ("rise", "fall")
_REASONS = (
    "no figure for the period",
    "no baseline",
    "not known how many were asked",
    "could be chance",
)


def track_targets(
    targets: pd.DataFrame, values: pd.DataFrame, *, confidence: float = 0.95, into: str = "target"
) -> pd.DataFrame:
    """Hold every year's figure against its baseline: met, not met, or cannot tell.

    Answers: did we do what we set out to do? Which way is good is said for each row: reports of
    domestic abuse should rise, repeats should fall.

    Parameters
    ----------
    targets
        Index `indicator`: `kind` (`count` of incidents, or `percent` of people asked in a survey),
        `wanted` (`rise` or `fall`), `baseline` (null where there is none) and, for percentages,
        `baseline_n` (how many people were asked; null where not known).
    values
        Index `indicator`, `period`: `value` and, for percentages, `n`. Indicators without any are kept.
    confidence
        Of intervals, between 0 and 1; p below 1 - confidence tells a change from chance.
    into
        The name of the columns.

    Returns
    -------
    DataFrame
        Index `indicator`, `period`, every combination: `kind`, `wanted`, `baseline`, `value`,
        `value_lower`, `value_upper` (limits of the value), `change` (value less baseline, in points for
        percentages), `change_percent` (null for percentages and for a baseline below 5), `direction`
        (`up`, `down`, `level`: the figures as they stand), `target_p` (two-sided, one indicator and
        period by itself), `target_status` (`met`: changed as wanted, by more than chance; `not met`:
        changed the other way, by more than chance; `cannot tell`), `target_reason` (why it cannot be
        told; null otherwise), `detectable_fall` and `detectable_rise` (the highest later count that is
        a fall, the lowest that is a rise; null for percentages) and `target_method`.

    Raises
    ------
    InputError
        A kind or polarity that is not known; a count that is negative or no whole number; a percentage
        outside 0 to 100; an indicator or value twice; no values at all.
    AlignmentError
        A value is of an indicator that is not among the targets.

    Notes
    -----
    Counts: Byar's limits, exact below ten, and the E-test (Krishnamoorthy and Thomson 2004) of two
    counts over equally long periods. Percentages: Wilson's limits (1927) and the two-sample z-test with
    pooled variance, of simple random samples: a weighted or clustered survey knows less than its n.
    Against a baseline of 41 killed or seriously injured, a year must fall to 25 or rise to 61 to be
    told from chance. `cannot tell` is not `not met`.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> targets = pd.DataFrame(
    ...     {"kind": ["count"], "wanted": ["fall"], "baseline": [41]},
    ...     index=pd.Index(["KSI"], name="indicator"),
    ... )
    >>> years = pd.MultiIndex.from_product([["KSI"], ["2018/19", "2019/20"]], names=["indicator", "period"])
    >>> found = wm.rates.track_targets(targets, pd.DataFrame({"value": [33, 25]}, index=years))
    >>> found[["change", "target_status", "detectable_fall"]].values.tolist()
    [[-8.0, 'cannot tell', 25.0], [-16.0, 'met', 25.0]]
    """
    check_confidence(confidence)
    _check_targets(targets)
    _check_values(values, targets)
    periods = values.index.unique("period")
    index = pd.MultiIndex.from_product([targets.index, periods], names=["indicator", "period"])
    base = targets.reindex(index.get_level_values("indicator"))
    is_count = (base["kind"] == "count").to_numpy()
    baseline, base_n = _numbers(base, "baseline"), _numbers(base, "baseline_n")
    later = values.reindex(index)
    value, n = _numbers(later, "value"), _numbers(later, "n")
    lower, upper = _limits(value, n, is_count, confidence)
    p = _p(baseline, base_n, value, n, is_count)
    fall, rise = _detectable(targets, 1 - confidence)
    change = value - baseline
    wanted = np.where(base["wanted"] == "rise", 1, -1)
    status = verdict(wanted * change, p, confidence, schema.TARGETS_MET)
    enough = np.where(is_count & (baseline >= PERCENT_FROM), baseline, np.nan)
    sentences = (
        f"Survey percentages: Wilson's limits of {percent(confidence)}, two-sample z-test.",
        f"Counts: Byar's limits of {percent(confidence)}, exact below 10; E-test of the two counts.",
    )
    columns = {
        "value_lower": lower,
        "value_upper": upper,
        "change": change,
        "change_percent": 100 * change / enough,
        "direction": _direction(change),
        "target_p": p,
        "target_status": status,
        "target_reason": _reason(baseline, value, p, status),
        "detectable_fall": np.repeat(fall, len(periods)),
        "detectable_rise": np.repeat(rise, len(periods)),
    }
    return schema.write(
        base[["kind", "wanted"]].set_axis(index).assign(baseline=baseline, value=value),
        into,
        schema.named(columns, into, root="target"),
        pd.Categorical.from_codes(is_count.astype(int), categories=pd.Index(sentences)),
        root="target",
    )


def _limits(
    value: Numbers, n: Numbers, is_count: npt.NDArray[np.bool_], confidence: float
) -> tuple[Numbers, Numbers]:
    counts = poisson_limits(np.where(is_count, value, np.nan), confidence)
    shares = wilson_limits(value / 100, np.where(n > 0, n, np.nan), confidence)
    lower, upper = (
        np.where(is_count, count, 100 * share) for count, share in zip(counts, shares, strict=True)
    )
    return lower, upper


def _p(
    baseline: Numbers, base_n: Numbers, value: Numbers, n: Numbers, is_count: npt.NDArray[np.bool_]
) -> Numbers:
    """Return the p of no change; NaN where either figure, or a number asked, is not known."""
    p = np.full(len(value), np.nan)
    counts = is_count & ~np.isnan(baseline) & ~np.isnan(value)
    p[counts] = np.nan_to_num(equal_rates_p(baseline[counts], value[counts], "E-test"), nan=1.0)  # 0 and 0
    surveys = ~is_count & ~np.isnan(baseline) & ~np.isnan(value) & (base_n > 0) & (n > 0)
    p[surveys] = two_shares_p(*(x[surveys] for x in (baseline / 100, value / 100, base_n, n)))
    return p


def _detectable(targets: pd.DataFrame, level: float) -> tuple[Numbers, Numbers]:
    """Return, for each target, the nearest later counts that the E-test tells from the baseline."""
    ends = [
        detectable(baseline, level) if kind == "count" and not np.isnan(baseline) else (np.nan, np.nan)
        for kind, baseline in zip(targets["kind"], _numbers(targets, "baseline"), strict=True)
    ]
    fall, rise = np.array(ends, dtype=float).reshape(-1, 2).T
    return fall, rise


def _direction(change: Numbers) -> Any:
    positions = np.select([change > 0, change < 0, change == 0], [0, 1, 2], default=-1)
    return pd.Categorical.from_codes(positions, categories=pd.Index(["up", "down", "level"]))


def _reason(baseline: Numbers, value: Numbers, p: Numbers, status: Any) -> Any:
    facts = [np.isnan(value), np.isnan(baseline), np.isnan(p), np.asarray(status == "cannot tell")]
    return pd.Categorical.from_codes(np.select(facts, range(4), default=-1), categories=pd.Index(_REASONS))


def _numbers(table: pd.DataFrame, column: str) -> Numbers:
    if column not in table:
        return np.full(len(table), np.nan)
    return table[column].to_numpy(dtype=np.float64, na_value=np.nan)


def _check_targets(targets: pd.DataFrame) -> None:
    missing = [name for name in ("kind", "wanted", "baseline") if name not in targets]
    if missing or list(targets.index.names) != ["indicator"]:
        raise MissingColumnError(
            "Targets have the index indicator and the columns kind, wanted and baseline.",
            f"index found: {listed(targets.index.names)}",
            f"columns found: {listed(targets.columns)}",
            mend='targets.set_index("indicator")',
        )
    _refuse_twice(targets.index)
    for column, words in (("kind", _KINDS), ("wanted", _WANTED)):
        strange = targets[~targets[column].isin(words)]
        if len(strange):
            raise InputError(
                f"A target's {column!r} must be one of {listed(words)}.",
                f"given: {listed(strange[column].unique())}",
                f"indicators: {listed(strange.index)}",
            )
    _refuse_figures(targets["baseline"], targets["kind"])


def _check_values(values: pd.DataFrame, targets: pd.DataFrame) -> None:
    if "value" not in values or list(values.index.names) != ["indicator", "period"]:
        raise MissingColumnError(
            "Values have the index indicator, period and the column value.",
            f"index found: {listed(values.index.names)}",
            f"columns found: {listed(values.columns)}",
            mend='values.set_index(["indicator", "period"])',
        )
    _refuse_twice(values.index)
    if not len(values):
        raise InputError("There are no values, so no period to hold against a baseline.")
    indicators = values.index.get_level_values("indicator")
    strangers = indicators.unique().difference(targets.index)
    if len(strangers):
        raise AlignmentError(
            "Some values are of indicators that are not among the targets.",
            f"indicators: {listed(strangers)}",
            f"targets, nearest first: {listed(schema.nearest(strangers[0], targets.index))}",
        )
    _refuse_figures(values["value"], targets["kind"].reindex(indicators))


def _refuse_twice(index: pd.Index) -> None:
    if index.has_duplicates:
        raise InputError("A row is there twice.", f"rows: {listed(index[index.duplicated()].unique())}")


def _refuse_figures(figures: pd.Series, kinds: pd.Series) -> None:
    numbers = figures.to_numpy(dtype=np.float64, na_value=np.nan)
    count = (kinds == "count").to_numpy()
    wrong = (numbers < 0) | np.where(count, numbers % 1 > 0, numbers > 100) | np.isinf(numbers)
    if wrong.any():
        raise InputError(
            "A count must be a whole number of 0 or more, a percentage must lie between 0 and 100.",
            f"figures: {listed(numbers[wrong])}",
            f"rows: {listed(figures.index[wrong])}",
        )
