"""`compare_rules` and `compare_editions`: the same wards under two rules, and from March to March."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, MixedMethodsWarning, listed, warn
from wardmap.priority.chosen_wards import check_same_wards
from wardmap.priority.evaluation.made_differently import CLUSTER_TESTS, made_differently, unlike_tests
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
        watched`, `unflagged`), `because` (the criteria that turned, in words; one that was not tested in both
        editions, by the same tests, is never among them), `ratio_last`,
        `ratio_this`, `editions_method`.

    Raises
    ------
    AlignmentError
        The editions are not about the same wards.
    InputError
        Both are the same edition.

    Warns
    -----
    MixedMethodsWarning
        The editions were made in different ways: under other rules, held against something else, or one of
        them only with a scan, Gi* or the stability of ranks. Each is named, before any change is told.

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
    unlike = made_differently(before, after)
    if unlike:
        warn(
            MixedMethodsWarning,
            "The two editions were made in different ways, so a change may come from that.",
            *unlike,
            mend="make last year's table again as this year's, then wm.flag_wards(last, rule=rule)",
        )
    comparable = _comparable(before, after)
    otherwise = (
        "the editions were made in different ways" if unlike else "the most wards that the rule allows"
    )
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
            "because": _because(before, after, comparable, otherwise),
            "ratio_last": before["ratio"],
            "ratio_this": after["ratio"],
        },
        index=after.index,
    )
    how = f" Made differently: {'; '.join(unlike)}." if unlike else ""
    said = f"{shown[1]} against {shown[0]}, each as it was flagged.{how}"
    return schema.write(changes, "editions", {}, said)


def _change(was: str, now: str) -> str:
    if was == now:
        return "unflagged" if now == "none" else f"still {now}"
    if "priority" in (was, now):
        return "new priority" if now == "priority" else "no longer priority"
    return "new watch" if now == "watch" else "no longer watched"


def _because(before: pd.DataFrame, after: pd.DataFrame, comparable: list[str], otherwise: str) -> list[str]:
    """Name the criteria that are met now and were not, and those that were and are not.

    A criterion that was not tested in one of the editions, or not by the same tests, is no reason.
    """
    words: list[list[str]] = [[] for _ in range(len(after))]
    for column in comparable:
        was, now = (rows[column].astype("boolean") for rows in (before, after))
        for row, then, here in zip(words, was, now, strict=True):
            if pd.notna(then) and pd.notna(here) and then != here:
                row.append(f"now {_CRITERIA[column]}" if here else f"no longer {_CRITERIA[column]}")
    changed = (before["priority"].astype(str) != after["priority"].astype(str)).to_numpy()
    return [
        ", ".join(row) or (otherwise if flag else "the criteria are as they were")
        for row, flag in zip(words, changed, strict=True)
    ]


def _comparable(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return the criteria that both editions know by the same tests."""
    unlike = unlike_tests(before, after)
    lost = {"priority_stable"} if "stability" in unlike else set()
    lost |= {"priority_clustered"} if set(CLUSTER_TESTS) & set(unlike) else set()
    return [column for column in _CRITERIA if column not in lost]
