"""One plain sentence per ward: why it is flagged, or why it is not."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.priority.rule.priority_rule import PriorityRule

Row = Mapping[Hashable, Any]


def reasons(table: pd.DataFrame, passed: npt.NDArray[np.bool_], rule: PriorityRule) -> list[str]:
    """Return the sentence of every row of a table that has been judged.

    `passed` marks the rows that meet the criteria, chosen or not: a rule may stop at so many wards.
    """
    total = table["incidents"].groupby(level=["theme", "period"]).transform("sum")
    rows = table.assign(share=table["incidents"] / total.where(total > 0), passed=passed).reset_index()
    return [
        f"{row.get('ward_name', row['ward_code'])}: {'; '.join(filter(None, _parts(row, rule)))}."
        for row in rows.to_dict("records")
    ]


def _parts(row: Row, rule: PriorityRule) -> tuple[str, ...]:
    return (
        _of_rate(row, rule),
        _of_volume(row, rule),
        _of_cluster(row),
        _of_place(row, rule),
        _of_limits(row, rule),
    )


def _of_rate(row: Row, rule: PriorityRule) -> str:
    if pd.isna(row["ratio"]):
        return "its rate cannot be compared with the rest"
    fact = f"{row['ratio']:.2f} times the rest ({row['ratio_lower']:.2f} to {row['ratio_upper']:.2f})"
    if np.isinf(row["ratio"]):
        fact = f"the rest has no {row['theme']} at all (at least {row['ratio_lower']:.2f} times the rest)"
    if row["status"] == "Similar":
        return f"{fact}, which chance could explain"
    if row["status"] == "Below":
        return f"{fact}, below"
    reached = "and at least" if row["ratio"] >= rule.min_ratio else "but less than"
    return f"{fact}, above, {reached} the agreed {rule.min_ratio:g}"


def _of_volume(row: Row, rule: PriorityRule) -> str:
    if pd.isna(row["share"]):
        return f"no {row['theme']} was recorded anywhere"
    inside = f", in the set that makes up {100 * rule.volume_share:g}%" if row["priority_volume"] else ""
    return f"holds {100 * row['share']:.1f}% of {row['theme']}{inside}"


def _of_cluster(row: Row) -> str:
    if pd.isna(row["priority_clustered"]):
        return "not tested for clusters"
    tests = [
        f"{name} = {row[column]:.3f}"
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
    if row["priority_high"] and not row["priority_enough"]:
        return f"fewer than the agreed {rule.min_incidents} incidents"
    return ""
