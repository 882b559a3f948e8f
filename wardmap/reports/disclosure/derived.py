"""Which columns of the ward table would tell a hidden count, and their removal.

The rule, which needs no model of rounding: every figure that is shown is worked out from shown counts and
public constants. A column that is not known here is taken to depend on everything.
"""

from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd

from wardmap.reports.disclosure.linear_model import Flags


class Needed(IntEnum):
    """What must be shown for a figure to be shown, the more the higher."""

    NOTHING = 0
    OWN = 1
    """The count of its row."""
    DISTRICT = 2
    """The count of its row and that of the district, in the same theme and period."""
    GROUP = 3
    """Every ward in the same theme and period."""
    THEME = 4
    """Every ward and period of the theme."""
    EVERYTHING = 5


_CONSTANT = {"ward_name", "months", "complete", "halo", "population", "population_method", "population_year",
             "geometry"}  # fmt: skip
_BY_ROOT = {
    "incidents": Needed.OWN,
    "rate": Needed.OWN,
    "ratio": Needed.DISTRICT,
    "standard_rate": Needed.GROUP,
    "smoothed": Needed.GROUP,
    "funnel": Needed.GROUP,
    "gi": Needed.GROUP,
    "moran": Needed.GROUP,
    "scan": Needed.GROUP,
    "rank": Needed.GROUP,
    "priority": Needed.GROUP,
    "scan_time": Needed.THEME,
    "emerging": Needed.THEME,
}
_BY_NAME = {
    "located_share": Needed.DISTRICT,
    "priority_score": Needed.EVERYTHING,
    "reason": Needed.GROUP,
    "status": Needed.DISTRICT,
    "status_998": Needed.DISTRICT,
}
_AGAINST = {"rate": Needed.OWN, "rest": Needed.DISTRICT, "district": Needed.DISTRICT}


def without_derived(table: pd.DataFrame, hidden: Flags, district_hidden: Flags) -> pd.DataFrame:
    """Return the table with every figure null that a hidden count went into.

    `hidden` and `district_hidden` have a value for each row: its own count, and that of the district in its
    theme and period.
    """
    null_at = _null_at(table, hidden, district_hidden)
    told = {}
    for name in table.columns:
        needed = what_it_needs(str(name), table)
        if needed and null_at[needed].any():
            told[name] = without(table[name], null_at[needed])
    return table.assign(**told)


def what_it_needs(name: str, table: pd.DataFrame) -> Needed:
    """Return which counts a column of the ward table was made from."""
    if name in _CONSTANT or name.endswith(("_copy_of", "_against")):
        return Needed.NOTHING
    if "_population" in name and name.split("_population", maxsplit=1)[0] in _groups(table):
        return Needed.NOTHING
    into = _group_of(name, table)
    root = _root(into, table) if into else None
    by_root = _BY_ROOT.get(root, Needed.EVERYTHING) if root else Needed.EVERYTHING
    if name in _BY_NAME:
        into = into or ("ratio" if name.startswith("status") else "priority")
        return max(_BY_NAME[name], _as_written(into, table, _BY_NAME[name]))
    return _as_written(into, table, by_root) if into else by_root


def without(values: pd.Series, gone: Flags) -> pd.Series:
    """Return the column with nulls where `gone`, and no word left of what was there."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        kept: pd.Series = values.where(~gone)
        return kept.cat.remove_unused_categories()
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("boolean").mask(gone)
    if pd.api.types.is_integer_dtype(values.dtype):
        return values.astype("Int64").mask(gone)
    return values.mask(gone)


def _null_at(table: pd.DataFrame, hidden: Flags, district_hidden: Flags) -> dict[Needed, Any]:
    own = pd.Series(hidden, index=table.index)
    any_of = {
        Needed.GROUP: own.groupby(level=["theme", "period"], observed=True).transform("any"),
        Needed.THEME: own.groupby(level="theme", observed=True).transform("any"),
    }
    found: dict[Needed, Any] = {
        need: rows.to_numpy(dtype=bool) | district_hidden for need, rows in any_of.items()
    }
    found[Needed.OWN] = hidden
    found[Needed.DISTRICT] = hidden | district_hidden
    found[Needed.EVERYTHING] = np.full(len(table), bool((hidden | district_hidden).any()))
    return found


def _groups(table: pd.DataFrame) -> set[str]:
    return {str(name).removesuffix("_method") for name in table.columns if str(name).endswith("_method")}


def _group_of(name: str, table: pd.DataFrame) -> str | None:
    """Return the group that a column was written with: the longest name that it begins with."""
    found = [into for into in _groups(table) if name == into or name.startswith(f"{into}_")]
    return max(found, key=len, default=None)


def _root(into: str, table: pd.DataFrame) -> str:
    copy = f"{into}_copy_of"
    return str(table[copy].iloc[0]) if copy in table.columns and len(table) else into


def _as_written(into: str, table: pd.DataFrame, needed: Needed) -> Needed:
    """Correct what a group needs by how it was made: against what, with which dispersion and family."""
    if _root(into, table) == "ratio":
        against = f"{into}_against"
        words = set(table[against].dropna().astype(str)) if against in table.columns else {"rest"}
        needed = max((_AGAINST.get(word, Needed.GROUP) for word in words), default=needed)
        if needed == Needed.DISTRICT and _some_people_unknown(table):
            needed = Needed.GROUP  # the benchmark leaves out wards, so it is not the district
    phi = f"{into}_phi"
    if phi in table.columns and (table[phi].dropna() != 1).any():
        needed = max(needed, Needed.THEME)  # estimated from the counts of all wards
    families = [into] if into != "priority" else _groups(table)
    if needed >= Needed.GROUP and any(f"{one}_family" in table.columns for one in families):
        needed = Needed.EVERYTHING  # corrected over tests of other themes
    return needed


def _some_people_unknown(table: pd.DataFrame) -> bool:
    people = table.get("population")
    return people is not None and not bool((people.to_numpy(dtype=float, na_value=np.nan) > 0).all())
