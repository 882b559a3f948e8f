"""`flag_wards`: an agreed rule turns evidence into a flag, with its reason."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.method import AGAINST
from wardmap.priority.rule.criteria import Criteria, Evidence, criteria, highest
from wardmap.priority.rule.priority_rule import PriorityRule
from wardmap.priority.rule.reasons import reasons

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
        The table with `priority` (`priority`, `watch`, `none`), the criteria `priority_high`,
        `priority_volume`, `priority_clustered` (null where not tested), `priority_enough` and
        `priority_stable` (null without `rank_top`), `priority_score` (0 to 1, the same in every
        theme; null without weighted themes), `reason`, `priority_outcome` (how many wards got which
        flag, in words), `priority_rule` (the rule as data, for whoever compares editions) and
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
    'Quay: 3.20 times the rest (2.25 to 4.56), above, and at least the agreed 1.5; holds 61.5% of ASB,
    in the set that makes up 50%; not tested for clusters.'
    >>> flags["priority_outcome"].iloc[0]
    'Of 3 wards: 1 priority, 0 watch, 2 none.'
    """
    rule = rule or PriorityRule()
    needed = ["incidents", "ratio", "ratio_lower", "ratio_upper", "status"]
    schema.require(table, schema.WARD_TABLE, [*needed, *(["rank_top"] if rule.stable_only else [])])
    schema.refuse_halo(table, "A flag")
    _check_against_the_rest(table)
    at = schema.families(table)
    clustered, stable = _clustered(table, rule), _stable(table, rule)
    met = criteria(
        Evidence(
            *(
                at.laid_out(column)
                for column in (
                    table["incidents"],
                    table["ratio"],
                    table["status"] == "Above",
                    clustered,
                    stable,
                )
            )
        ),
        rule,
    )
    lower = np.where(met.passed, at.laid_out(table["ratio_lower"]), -np.inf)
    chosen = met.passed & highest(lower, rule.max_wards)
    flags = _flags(met, chosen)[at.family, at.ward]
    columns: dict[str, Any] = {
        "priority": pd.Categorical(flags, categories=schema.FLAGS),
        "priority_high": met.high[at.family, at.ward],
        "priority_volume": met.volume[at.family, at.ward],
        "priority_clustered": clustered,
        "priority_enough": met.enough[at.family, at.ward],
        "priority_stable": stable,
    }
    judged = table.assign(**columns)
    columns |= {
        "priority_score": _score(judged["priority"], rule),
        "reason": reasons(judged, met.passed[at.family, at.ward], rule),
        "priority_outcome": _outcome(judged["priority"]),
        "priority_rule": pd.Categorical([rule.as_text()] * len(table)),
    }
    return schema.write(table, "priority", columns, str(rule))


def _check_against_the_rest(table: pd.DataFrame) -> None:
    """Raise where ratios are to something else: a rule and its reasons speak of the rest of the district."""
    if "ratio_against" not in table:
        return
    others = [str(word) for word in table["ratio_against"].dropna().unique() if word != "rest"]
    if others:
        raise InputError(
            "The rule asks for ratios to the rest of the district, and these compare with something else.",
            *(f"ratio_against: {word!r}, {AGAINST.get(word, 'not one of wardmap')}" for word in others),
            mend='wm.compare(table, against="rest"); another comparison can stand beside it: into="england"',
        )


def _flags(met: Criteria, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.str_]:
    """Return the word of each ward: chosen, or with one of the three facts, or none."""
    return np.select([chosen, met.high | met.volume | met.clustered], ["priority", "watch"], default="none")


def _clustered(table: pd.DataFrame, rule: PriorityRule) -> pd.Series:
    """Tell whether any test that was made finds the ward in a cluster; null where none was made."""
    hot = pd.Series(pd.NA, index=table.index, dtype="boolean")
    if "gi_q" in table:
        gi = (table["gi_q"] <= rule.max_cluster_q) & (table["gi_z"] > 0)
        hot = gi.astype("boolean").mask(table["gi_q"].isna())
    if "scan_p" in table:
        # A ward in no cluster has no p of its own; where no ward has one, no scan was made.
        made = table["scan_p"].notna().groupby(level=_KEYS).transform("any")
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


def _outcome(flags: pd.Series) -> Any:
    counts = pd.DataFrame({word: flags == word for word in schema.FLAGS}).groupby(level=_KEYS)
    sums = counts.transform("sum").astype(int)
    said = [
        f"Of {sum(row)} wards: {', '.join(f'{n} {word}' for n, word in zip(row, sums.columns, strict=True))}."
        for row in sums.itertuples(index=False)
    ]
    return pd.Categorical(said)
