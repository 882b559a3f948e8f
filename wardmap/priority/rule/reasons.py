"""One sentence per ward that a councillor understands, its evidence after it; and the outcome in words."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.method import percent
from wardmap.priority.rule.priority_rule import PriorityRule  # noqa: TC001 - small, and the one rule

if TYPE_CHECKING:
    import numpy.typing as npt

Row = Mapping[Hashable, Any]

_KEYS = ["theme", "period"]
_MOST_ROWS = 200_000
_MOST_NAMES = 8


def reasons(table: pd.DataFrame, passed: npt.NDArray[np.bool_], rule: PriorityRule) -> Any:
    """Return the sentence of every row of a table that has been judged; of many rows, of the flagged only.

    `passed` marks the rows that meet the criteria, chosen or not: a rule may stop at so many wards.
    """
    total = table["incidents"].groupby(level=_KEYS).transform("sum")
    names = ward_names(table)
    rows = table.assign(share=table["incidents"] / total.where(total > 0), passed=passed, name=names)
    told = np.ones(len(rows), dtype=bool)
    if len(rows) > _MOST_ROWS:
        told = (rows["priority"] != "none").to_numpy()
    name_of = dict(zip(table.index.get_level_values("ward_code"), names, strict=True))
    said = np.full(len(rows), None, dtype=object)
    said[told] = [_sentence(row, rule, name_of) for row in rows[told].reset_index().to_dict("records")]
    return said


def outcomes(table: pd.DataFrame) -> Any:
    """Return, for every theme and period, which wards got which flag, and which are hidden by others."""
    said = pd.Series("", index=table.index, dtype=object)
    rows = table[["priority", "priority_hidden_by", "ratio"]].assign(name=ward_names(table))
    for _, part in rows.groupby(level=_KEYS, sort=False):
        said.loc[part.index] = _outcome(part.sort_values("ratio", ascending=False, kind="stable"))
    return pd.Categorical(said)


def ward_names(table: pd.DataFrame) -> Any:
    """Return the names of the wards; their codes where the table has no names."""
    codes = table.index.get_level_values("ward_code").to_numpy(dtype=object)
    return table["ward_name"].to_numpy(dtype=object) if "ward_name" in table else codes


def _outcome(part: pd.DataFrame) -> str:
    flags = [(flag, part.loc[part["priority"] == flag, "name"].tolist()) for flag in schema.FLAGS]
    counts = ", ".join(
        f"{len(names)} {flag}{f' ({_names(names)})' if names and flag != 'none' else ''}"
        for flag, names in flags
    )
    hidden = part[part["priority_hidden_by"] != ""]
    if hidden.empty:
        return f"Of {len(part)} wards: {counts}."
    by_code = dict(zip(part.index.get_level_values("ward_code"), part["name"], strict=True))
    out = [by_code[code] for code in str(hidden["priority_hidden_by"].iloc[0]).split()]
    shadow = f"Without {_names(out)}, {_names(hidden['name'].tolist())} would be above."
    return f"Of {len(part)} wards: {counts}. {shadow}"


def _names(names: list[str]) -> str:
    shown = [str(name) for name in names[:_MOST_NAMES]]
    if len(names) > _MOST_NAMES:
        return f"{', '.join(shown)} and {len(names) - _MOST_NAMES:,} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _sentence(row: Row, rule: PriorityRule, name_of: Mapping[Hashable, Any]) -> str:
    parts = (
        _of_rate(row, rule),
        _of_volume(row, rule),
        _of_cluster(row),
        _of_place(row, rule),
        _of_limits(row, rule),
        _of_hidden(row, name_of),
    )
    return f"{row['name']} {_lead(row, rule)}. Evidence: {'; '.join(filter(None, parts))}."


def _lead(row: Row, rule: PriorityRule) -> str:
    """Say the flag and the main fact in plain words."""
    times = "far more than" if np.isinf(row["ratio"]) else f"about {row['ratio']:.1f} times"
    if row["priority"] == "priority":
        return f"is a priority: its recorded rate is {times} that of the rest"
    if row["priority"] == "watch":
        size = f", but less than the agreed {rule.min_ratio:g} times" if not row["priority_large"] else ""
        return f"is watched: its recorded rate is above that of the rest beyond chance{size}"
    if pd.isna(row["ratio"]):
        return "is not flagged: its rate cannot be compared with that of the rest"
    if row["status"] == "Below":
        return "is not flagged: its recorded rate is below that of the rest"
    return "is not flagged: chance could explain how its rate differs from that of the rest"


def _of_rate(row: Row, rule: PriorityRule) -> str:
    if pd.isna(row["ratio"]):
        return "nothing to compare its rate with"
    times = "no incidents in the rest" if np.isinf(row["ratio"]) else f"{row['ratio']:.2f} times the rest"
    upper = "" if np.isinf(row["ratio_upper"]) else f" to {row['ratio_upper']:.2f}"
    fact = f"{times} ({row['ratio_lower']:.2f}{upper or ' or more'})"
    tests = f"(q {_small(row['priority_q'])} over {row['priority_family']:,} tests)"
    if not row["priority_above"]:
        return f"{fact}, not above beyond chance {tests}"
    reached = "at least" if row["priority_large"] else "less than"
    return f"{fact}, above beyond chance {tests}, {reached} the agreed {rule.min_ratio:g}"


def _of_volume(row: Row, rule: PriorityRule) -> str:
    if pd.isna(row["share"]):
        return f"no {row['theme']} was recorded anywhere"
    inside = f", in the set that makes up {percent(rule.volume_share)}" if row["priority_volume"] else ""
    return f"holds {100 * row['share']:.1f}% of {row['theme']}{inside}"


def _of_cluster(row: Row) -> str:
    """Say what the cluster tests found; nothing where none was made."""
    if pd.isna(row["priority_clustered"]):
        return ""
    tests = [
        f"{name} {_small(row[column])}"
        for name, column in (("scan p", "scan_p"), ("Gi* q", "gi_q"))
        if pd.notna(row.get(column))
    ]
    evidence = f" ({', '.join(tests)})" if tests else ""
    if not row["priority_clustered"]:
        return f"no cluster shown{evidence}"
    counts = row["ratio"] >= 1
    return f"in a cluster{evidence}{'' if counts else ', which its neighbours make: its own rate is lower'}"


def _of_place(row: Row, rule: PriorityRule) -> str:
    if pd.isna(row["priority_stable"]):
        return ""
    sure = "" if row["priority_stable"] else f", less than the agreed {rule.min_stability:g}"
    return f"among the highest with probability {row['rank_top']:.2f}{sure}"


def _of_limits(row: Row, rule: PriorityRule) -> str:
    if row["passed"] and row["priority"] != "priority":
        return f"would be a priority, but the rule stops at {rule.max_wards}"
    if row["priority_above"] and row["priority_large"] and not row["priority_enough"]:
        return f"fewer than the agreed {rule.min_incidents} incidents"
    return ""


def _of_hidden(row: Row, name_of: Mapping[Hashable, Any]) -> str:
    if not row["priority_hidden_by"]:
        return ""
    names = _names([str(name_of[code]) for code in str(row["priority_hidden_by"]).split()])
    return f"without {names} in the rest it would be above beyond chance"


def _small(p: float) -> str:
    return "not known" if pd.isna(p) else "< 0.001" if p < 0.0005 else f"= {p:.3f}"
