"""`PriorityRule` and `flag_wards`: an agreed rule turns evidence into a flag, with its reason."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError

Row = Mapping[Hashable, Any]


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """The policy that a partnership signs: which evidence makes a ward a priority.

    Three facts are kept apart, so that partners can disagree about each: the ward is **high** (above
    the rest of the district, and by at least `min_ratio`), it holds **volume** (it is in the smallest
    set of wards that holds `volume_share` of the incidents), and it is **clustered** (Gi* with
    q of at most `max_cluster_q`). `priority` is high, and volume or clustered. `watch` is any one of
    the three. `none` is the rest.

    Parameters
    ----------
    min_ratio
        The least rate ratio to the rest of the district. With many incidents any small difference
        is surely there; this says from which size on it matters.
    volume_share
        Between 0 and 1.
    max_cluster_q
        Between 0 and 1: the share of false finds that is accepted among those called clustered.

    Examples
    --------
    >>> print(PriorityRule(min_ratio=2))
    Priority: above the rest of the district by a rate ratio of at least 2, and either in the smallest
    set of wards that holds 50 % of incidents, or in a cluster (Gi* q ≤ 0.1). Watch: any one of these.
    """

    min_ratio: float = 1.5
    volume_share: float = 0.5
    max_cluster_q: float = 0.1

    def __post_init__(self) -> None:
        if not self.min_ratio > 0:
            raise InputError("min_ratio must be positive.", f"given: {self.min_ratio}", mend="min_ratio=1.5")
        for name in ("volume_share", "max_cluster_q"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(
                    f"{name} must be a share.", f"given: {getattr(self, name)}", mend=f"{name}=0.5"
                )

    def __str__(self) -> str:
        return (
            f"Priority: above the rest of the district by a rate ratio of at least {self.min_ratio:g}, "
            f"and either in the smallest set of wards that holds {100 * self.volume_share:g} % of incidents, "
            f"or in a cluster (Gi* q ≤ {self.max_cluster_q:g}). Watch: any one of these."
        )


def flag_wards(table: pd.DataFrame, rule: PriorityRule | None = None) -> pd.DataFrame:
    """Add each ward's flag under an agreed rule, the criteria one by one, and the reason in words.

    Answers: which wards are the priority, and why is this one, or why is it not?

    Parameters
    ----------
    table
        The ward table after `add_rates` and `compare`. With `gi_q` (from `gi_star`) the cluster
        criterion is judged; without it, it is null and cannot flag a ward.
    rule
        The policy; PriorityRule() when left out.

    Returns
    -------
    DataFrame
        The table with `priority` (`priority`, `watch`, `none`), `priority_high`, `priority_volume`,
        `priority_clustered` (null where not tested), `reason` and `priority_method`.

    Raises
    ------
    MissingColumnError
        The comparison has not been made.

    Notes
    -----
    Wards that are picked because they were highest tend to fall back next year without any help;
    a fall after the flag is not yet a success. Choosing the rule after looking at the flags makes
    it worthless: agree on it first.

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
    'Quay: 3.20 times the rest (2.25 to 4.56), above, and at least the agreed 1.5; holds 61.5 % of ASB,
    in the set that makes up 50 %; not tested for clusters.'
    """
    rule = rule or PriorityRule()
    schema.require(table, schema.WARD_TABLE, ["incidents", "ratio", "ratio_lower", "ratio_upper", "status"])
    high = ((table["status"] == "Above") & (table["ratio"] >= rule.min_ratio)).to_numpy(dtype=bool)
    volume = _in_smallest_set(table["incidents"], rule.volume_share)
    clustered = _clustered(table, rule)
    sure = clustered.fillna(value=False).to_numpy(dtype=bool)
    words = np.select([high & (volume | sure), high | volume | sure], ["priority", "watch"], default="none")
    criteria: dict[str, Any] = {
        "priority_high": high,
        "priority_volume": volume,
        "priority_clustered": clustered,
    }
    reasons = _reasons(table.assign(**criteria), rule)
    return schema.write(
        table,
        "priority",
        {"priority": pd.Categorical(words, categories=schema.FLAGS), **criteria, "reason": reasons},
        str(rule),
    )


def _in_smallest_set(incidents: pd.Series, share: float) -> npt.NDArray[np.bool_]:
    """Mark the fewest wards that together hold `share` of the incidents; ties go by ward code."""
    keys = ["theme", "period"]
    ordered = incidents.sort_index(level="ward_code").sort_values(ascending=False, kind="stable")
    before = ordered.groupby(level=keys).cumsum() - ordered
    total = ordered.groupby(level=keys).transform("sum")
    inside = (before < share * total) & (ordered > 0)
    return inside.reindex(incidents.index).to_numpy(dtype=bool)


def _clustered(table: pd.DataFrame, rule: PriorityRule) -> pd.Series:
    if "gi_q" not in table:
        return pd.Series(pd.NA, index=table.index, dtype="boolean")
    hot = (table["gi_q"] <= rule.max_cluster_q) & (table["gi_z"] > 0)
    return hot.astype("boolean").mask(table["gi_q"].isna())


def _reasons(table: pd.DataFrame, rule: PriorityRule) -> list[str]:
    total = table["incidents"].groupby(level=["theme", "period"]).transform("sum")
    rows = table.assign(share=table["incidents"] / total.where(total > 0)).reset_index()
    return [
        f"{row.get('ward_name', row['ward_code'])}: "
        f"{_of_rate(row, rule)}; {_of_volume(row, rule)}; {_of_cluster(row)}."
        for row in rows.to_dict("records")
    ]


def _of_rate(row: Row, rule: PriorityRule) -> str:
    if pd.isna(row["ratio"]):
        return "its rate cannot be compared with the rest"
    fact = f"{row['ratio']:.2f} times the rest ({row['ratio_lower']:.2f} to {row['ratio_upper']:.2f})"
    if row["status"] == "Similar":
        return f"{fact}, which chance could explain"
    if row["status"] == "Below":
        return f"{fact}, below"
    reached = "and at least" if row["ratio"] >= rule.min_ratio else "but less than"
    return f"{fact}, above, {reached} the agreed {rule.min_ratio:g}"


def _of_volume(row: Row, rule: PriorityRule) -> str:
    if pd.isna(row["share"]):
        return f"no {row['theme']} was recorded anywhere"
    inside = f", in the set that makes up {100 * rule.volume_share:g} %" if row["priority_volume"] else ""
    return f"holds {100 * row['share']:.1f} % of {row['theme']}{inside}"


def _of_cluster(row: Row) -> str:
    if pd.isna(row["priority_clustered"]):
        return "not tested for clusters"
    return (
        f"{'in a cluster' if row['priority_clustered'] else 'no cluster shown'} (Gi* q = {row['gi_q']:.3f})"
    )
