"""`flag_wards`: an agreed rule turns evidence into a flag, with its reason."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.priority.rule.criteria import Criteria, is_large
from wardmap.priority.rule.hidden import hidden_by
from wardmap.priority.rule.priority_rule import PriorityRule
from wardmap.priority.rule.reasons import outcomes, reasons
from wardmap.priority.rule.tests_made import tests_made
from wardmap.stats.concentration import smallest_set
from wardmap.stats.multiplicity import q_values

_KEYS = ["theme", "period"]


def flag_wards(table: pd.DataFrame, *, rule: PriorityRule | None = None) -> pd.DataFrame:
    """Add each ward's flag under an agreed rule, the criteria one by one, and the reason in words.

    Answers: which wards are the priority, and why is this one, or why is it not?

    Parameters
    ----------
    table
        The ward table after `add_rates` and `compare`. The cluster criterion is judged by `scan_p`
        and by `gi_q` (from `gi_star`), each where it is there; without either, it is null and cannot
        flag a ward.
    rule
        The policy; PriorityRule() when left out.

    Returns
    -------
    DataFrame
        The table with `priority` (`priority`, `watch`, `none`), the criteria `priority_above`,
        `priority_large`, `priority_volume`, `priority_clustered` (null where not tested),
        `priority_enough` and `priority_stable` (null without `rank_top`), `priority_q` (of being above,
        over `priority_family` tests), `priority_hidden_by` (the codes of wards that are so far above all
        others that they hide this one; blank where none does), `priority_score` (0 to 1, the same in every
        theme; null without weighted themes), `reason` (in more than 200,000 rows only of flagged wards),
        `priority_outcome` (which wards got which flag, in words), `priority_rule` (the rule as data) and
        `priority_method`.

    Raises
    ------
    MissingColumnError
        The comparison has not been made, or stability decides and is not known.
    InputError
        The rule weighs a theme that is not in the table, the ratios compare with something else than
        the rest of the district, or the table has wards of the halo.

    Notes
    -----
    Wards that are picked because they were highest tend to fall back next year without any help;
    a fall after the flag is not yet a success. Choosing the rule after looking at the flags makes
    it worthless: agree on it first. A rule that flags nobody says so in `priority_outcome`; no rule
    can make every ward a priority, since not all can be above the rest.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", code) for code in ("E05000001", "E05000002", "E05000003")]
    >>> table = pd.DataFrame(
    ...     {"ward_name": ["Quay", "Hill", "Moor"], "incidents": [80, 30, 20], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> flags = wm.flag_wards(wm.compare(table))
    >>> flags["priority"].tolist()
    ['priority', 'none', 'none']
    >>> flags["reason"].iloc[0]
    'Quay is a priority: its recorded rate is about 3.2 times that of the rest. Evidence: 3.20 times the rest
    (2.25 to 4.58), above beyond chance (q < 0.001 over 3 tests), at least the agreed 1.5; holds 61.5% of ASB,
    in the set that makes up 50%.'
    >>> flags["priority_outcome"].iloc[0]
    'Of 3 wards: 1 priority (Quay), 0 watch, 2 none.'
    """
    rule = rule or PriorityRule()
    needed = ["incidents", "ratio", "ratio_lower", "ratio_upper", "ratio_p_above", "ratio_phi", "status"]
    schema.require(table, schema.WARD_TABLE, [*needed, *(["rank_top"] if rule.stable_only else [])])
    schema.refuse_halo(table, "A flag")
    _refuse_other_benchmark(table)
    q, family = _family(table)
    clustered = _clustered(table, rule)
    met = Criteria(
        above=_true(q <= rule.max_q),
        large=is_large(table["ratio"].to_numpy(dtype=np.float64, na_value=np.nan), rule.min_ratio),
        volume=_in_smallest_set(table["incidents"], rule.volume_share),
        clustered=_true(clustered.fillna(value=False)) & _true(table["ratio"] >= 1),
        enough=_true(table["incidents"] >= rule.min_incidents),
    )
    stable = _stable(table, rule)
    passed = met.passed & (_true(stable) if rule.stable_only else True)
    chosen = passed & _first(table["ratio_lower"].where(passed), rule.max_wards)
    words = np.select([chosen, met.above], ["priority", "watch"], default="none")
    judged: dict[str, Any] = {
        "priority": pd.Categorical(words, categories=schema.FLAGS),
        "priority_above": met.above,
        "priority_large": met.large,
        "priority_volume": met.volume,
        "priority_clustered": clustered,
        "priority_enough": met.enough,
        "priority_stable": stable,
        "priority_q": q,
        "priority_family": family,
        "priority_hidden_by": hidden_by(
            table, pd.Series(met.above, table.index), min_ratio=rule.min_ratio, max_q=rule.max_q
        )
        if "population" in table
        else "",
    }
    flagged = table.assign(**judged)
    return schema.write(
        table,
        "priority",
        {
            **judged,
            "priority_score": _score(flagged["priority"], rule),
            "reason": reasons(flagged, passed, rule),
            "priority_outcome": outcomes(flagged),
            "priority_rule": pd.Categorical([json.dumps(asdict(rule), sort_keys=True)] * len(table)),
        },
        _sentences(table, rule),
    )


def _sentences(table: pd.DataFrame, rule: PriorityRule) -> Any:
    """Return the rule for every row, in words about the tests that its theme and period had."""
    made = tests_made(table)[["scan", "gi_star"]].to_numpy()
    said = [rule.in_words(scan=scan, gi_star=gi) for scan in (False, True) for gi in (False, True)]
    there, codes = np.unique(2 * made[:, 0] + made[:, 1], return_inverse=True)
    return pd.Categorical.from_codes(codes, categories=pd.Index([said[at] for at in there]))


def _refuse_other_benchmark(table: pd.DataFrame) -> None:
    """Raise where ratios are to something else: a rule and its reasons speak of the rest of the district."""
    if "ratio_against" not in table:
        return
    others = table.loc[table["ratio_against"] != "rest", "ratio_against"].dropna().unique()
    if len(others):
        raise InputError(
            "The rule asks for ratios to the rest of the district, and these compare with something else.",
            f"against: {listed(others)}",
            mend='wm.compare(table, against="rest"); another comparison can stand beside it: into="england"',
        )


def _family(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the q of being above over all wards and themes of a period, and how many tests that were."""
    p = table["ratio_p_above"].astype(float)
    periods = p.groupby(level="period", sort=False)
    q = periods.transform(lambda of: q_values(of.to_numpy()))
    return q, periods.transform("count").astype(int)


def _first(values: pd.Series, most: int | None) -> npt.NDArray[np.bool_]:
    """Mark the `most` highest values of each theme and period; ties go by ward code."""
    if most is None:
        return np.ones(len(values), dtype=bool)
    ordered = values.sort_index(level="ward_code").sort_values(ascending=False, kind="stable")
    first = ordered.groupby(level=_KEYS).cumcount() < most
    return first.reindex(values.index).to_numpy(dtype=bool)


def _in_smallest_set(incidents: pd.Series, share: float) -> npt.NDArray[np.bool_]:
    """Mark the fewest wards of each theme and period that hold `share` of its incidents."""
    ordered = incidents.sort_index(level="ward_code").astype(float)
    parts = ordered.groupby(level=_KEYS, sort=False)
    inside = parts.transform(lambda of: smallest_set(of.to_numpy(), share)).astype(bool)
    return inside.reindex(incidents.index).to_numpy(dtype=bool)


def _clustered(table: pd.DataFrame, rule: PriorityRule) -> pd.Series:
    """Tell whether any test that was made finds the ward in a cluster; null where none was made."""
    hot = pd.Series(pd.NA, index=table.index, dtype="boolean")
    if "gi_q" in table:
        gi = (table["gi_q"] <= rule.max_cluster_q) & (table["gi_z"] > 0)
        hot = gi.astype("boolean").mask(table["gi_q"].isna())
    if "scan_p" in table:
        made = tests_made(table)["scan"]
        scanned = (table["scan_p"] <= rule.max_scan_p).astype("boolean").mask(~made)
        hot = (hot | scanned).fillna(hot).fillna(scanned)
    return hot


def _stable(table: pd.DataFrame, rule: PriorityRule) -> pd.Series:
    if "rank_top" not in table:
        return pd.Series(pd.NA, index=table.index, dtype="boolean")
    return (table["rank_top"] >= rule.min_stability).astype("boolean").mask(table["rank_top"].isna())


def _score(flags: pd.Series, rule: PriorityRule) -> pd.Series:
    """Add up the weights of the themes in which a ward is a priority, as a share of all weights."""
    if not rule.themes:
        return pd.Series(np.nan, index=flags.index)
    weights = dict(rule.themes)
    themes = flags.index.get_level_values("theme")
    missing = [theme for theme in weights if theme not in themes]
    if missing:
        raise InputError(
            "The rule weighs a theme that the ward table does not have.",
            f"missing: {listed(missing)}",
            f"themes found, nearest first: {listed(schema.nearest(missing[0], themes.unique()))}",
        )
    weight = themes.astype(object).map(weights).to_numpy(dtype=float, na_value=0.0)
    held = pd.Series(np.where(flags == "priority", weight, 0.0), index=flags.index)
    return held.groupby(level=["period", "ward_code"]).transform("sum") / sum(weights.values())


def _true(values: pd.Series) -> npt.NDArray[np.bool_]:
    return values.to_numpy(dtype=bool, na_value=False)
