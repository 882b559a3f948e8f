"""`compare_rules` and `compare_editions`: the same wards under two rules, and from March to March."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, MixedMethodsWarning, listed, warn
from wardmap.priority.chosen_wards import check_same_wards
from wardmap.priority.rule.flag_wards import flag_wards
from wardmap.priority.rule.priority_rule import PriorityRule

_CRITERIA = {
    "priority_above": "above the rest",
    "priority_large": "large enough",
    "priority_volume": "volume",
    "priority_clustered": "clustered",
    "priority_enough": "enough incidents",
    "priority_stable": "stable",
}
_TESTS = {"scan_p": "a scan", "gi_q": "Gi*", "rank_top": "rank stability"}
"""What a table may hold of tests that a rule can ask for, by the column that shows that one was made."""


def compare_rules(table: pd.DataFrame, *, rules: Mapping[str, PriorityRule]) -> pd.DataFrame:
    """Flag the same wards under several rules, side by side.

    Answers: which wards are a priority whatever we agree, and which depend on the rule?

    Parameters
    ----------
    table
        The ward table, as `flag_wards` takes it.
    rules
        Two rules or more, by name.

    Returns
    -------
    DataFrame
        Index as the table's; `ward_name` where there is one, one column of flags for each rule, under
        its name, `rules_agree` (boolean) and `rules_method` (the rules, in words).

    Raises
    ------
    InputError
        Fewer than two rules, or a name that another column has.

    Notes
    -----
    For the talk before the rule is signed. Picking the rule by the wards that it flags is not a rule.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", code) for code in ("E05000001", "E05000002", "E05000003")]
    >>> table = pd.DataFrame(
    ...     {"incidents": [80, 30, 20], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> rules = {"agreed": wm.PriorityRule(), "strict": wm.PriorityRule(min_ratio=4)}
    >>> wm.priority.compare_rules(wm.compare(table), rules=rules)["strict"].tolist()
    ['watch', 'none', 'none']
    """
    if len(rules) < 2:
        raise InputError("There is nothing to compare with fewer than two rules.", f"rules: {listed(rules)}")
    taken = [name for name in rules if name in ("ward_name", "rules_agree", "rules_method")]
    if taken:
        raise InputError("A rule has the name of a column.", f"names: {listed(taken)}")
    flags = {name: flag_wards(table, rule=rule)["priority"] for name, rule in rules.items()}
    first = next(iter(flags.values()))
    side = table[[name for name in ("ward_name",) if name in table]].assign(**flags)
    agree = np.logical_and.reduce([(column == first).to_numpy() for column in flags.values()])
    method = " ".join(f"{name}: {rule}" for name, rule in rules.items())
    return schema.write(side, "rules", {"rules_agree": agree}, method)


def compare_editions(
    last: pd.DataFrame,
    this: pd.DataFrame,
    *,
    theme: str | None = None,
    last_period: str | None = None,
    this_period: str | None = None,
) -> pd.DataFrame:
    """Tell what changed between two editions of the flags, ward by ward.

    Answers: what do we sign this March that we did not sign last March, and why?

    Parameters
    ----------
    last, this
        Two ward tables after `flag_wards`; the same one twice when it holds both years.
    theme
        The theme to compare; `all crime` or the only one when left out.
    last_period, this_period
        Which period of each; the latest when left out.

    Returns
    -------
    DataFrame
        Index `ward_code`: `ward_name` where there is one, `flag_last`, `flag_this`, `change` (`new
        priority`, `still priority`, `no longer priority`, `new watch`, `still watch`, `no longer
        watched`, `unflagged`), `because` (the criteria that turned, in words, and where other tests were
        made than before), `ratio_last`, `ratio_this`, `editions_method` (how the editions were made
        differently, if they were).

    Raises
    ------
    AlignmentError
        The editions are not about the same wards.
    InputError
        Both are the same edition.

    Warns
    -----
    MixedMethodsWarning
        The editions were flagged under different rules or after different tests, so that a change may
        come from that: it is named.

    Notes
    -----
    A ward that was flagged for being highest tends to fall back by itself: "no longer priority" is
    not evidence that something worked.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [(("ASB", year, code)) for year in ("2018", "2019") for code in ("E05000001", "E05000002")]
    >>> table = pd.DataFrame(
    ...     {"incidents": [80, 30, 40, 35], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> flags = wm.flag_wards(wm.compare(table))
    >>> wm.priority.compare_editions(flags, flags, last_period="2018")[["change", "because"]].iloc[0].tolist()
    ['no longer priority', 'no longer above the rest, no longer large enough']
    """
    for table in (last, this):
        schema.require(table, schema.WARD_TABLE, ["priority", "ratio", *_CRITERIA])
    before, after = schema.select(last, theme, last_period), schema.select(this, theme, this_period)
    if last is this and before.index.equals(after.index):
        raise InputError(
            "Both editions are the same period of the same table.",
            f"period: {before.index.get_level_values('period')[0]}",
            mend='last_period="2016/17"',
        )
    unlike = _unlike(before, after)
    tested_alike = _tests(before) == _tests(after)
    shown = [" ".join(map(str, rows.index[0][:2])) for rows in (before, after)]
    before, after = (rows.droplevel(["theme", "period"]) for rows in (before, after))
    check_same_wards(before.index, after.index, "editions")
    before = before.reindex(after.index)
    changes = pd.DataFrame(
        {
            **({"ward_name": after["ward_name"]} if "ward_name" in after else {}),
            "flag_last": before["priority"],
            "flag_this": after["priority"],
            "change": [
                _change(was, now) for was, now in zip(before["priority"], after["priority"], strict=True)
            ],
            "because": _because(before, after, tested_alike=tested_alike),
            "ratio_last": before["ratio"],
            "ratio_this": after["ratio"],
        },
        index=after.index,
    )
    if unlike:
        warn(
            MixedMethodsWarning,
            "The two editions were made in different ways, so a change may come from that.",
            *unlike,
            mend="make last year's table again as this year's: the same tests, the same rule.",
        )
    made = f" Made differently: {'; '.join(unlike)}." if unlike else ""
    return schema.write(
        changes, "editions", {}, f"{shown[1]} against {shown[0]}, each as it was flagged.{made}"
    )


def _change(was: str, now: str) -> str:
    if was == now:
        return "unflagged" if now == "none" else f"still {now}"
    if "priority" in (was, now):
        return "new priority" if now == "priority" else "no longer priority"
    return "new watch" if now == "watch" else "no longer watched"


def _because(before: pd.DataFrame, after: pd.DataFrame, *, tested_alike: bool) -> list[str]:
    """Name the criteria that are met now and were not, and those that were and are not."""
    words: list[list[str]] = [[] for _ in range(len(after))]
    for column, name in _CRITERIA.items():
        was, now = (rows[column].astype("boolean") for rows in (before, after))
        for row, then, here in zip(words, was, now, strict=True):
            other = name == "clustered" and not tested_alike
            turned = _turned(name, then, here)
            row.extend(f"{word} (by other tests)" if other else word for word in turned)
    return [", ".join(row) or "the criteria are as they were" for row in words]


def _turned(name: str, then: Any, here: Any) -> list[str]:
    if pd.isna(then) or pd.isna(here):
        return []  # a test that one edition did not make is no reason for a change
    return [] if then == here else [f"now {name}" if here else f"no longer {name}"]


def _unlike(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Say in which ways the two editions were made differently, by the columns that hold it as data."""
    rules = [_rule(rows) for rows in (before, after)]
    said = [
        f"{name}: {rules[0].get(name, 'not there')} last, {rules[1].get(name, 'not there')} now"
        for name in dict.fromkeys([*rules[0], *rules[1]])
        if rules[0].get(name) != rules[1].get(name)
    ]
    tests = [_tests(rows) for rows in (before, after)]
    if tests[0] != tests[1]:
        last, now = (", ".join(sorted(made)) or "none" for made in tests)
        said.append(f"tests made: {last} last, {now} now")
    return said


def _rule(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the rule by its parts; of a table that does not hold it as data, nothing is known."""
    if "priority_rule" not in rows:
        return {}
    held = rows["priority_rule"].dropna()
    return dict(json.loads(str(held.iloc[0]))) if len(held) else {}


def _tests(rows: pd.DataFrame) -> set[str]:
    return {test for column, test in _TESTS.items() if column in rows and rows[column].notna().any()}
