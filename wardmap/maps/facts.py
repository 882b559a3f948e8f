"""What the reader is told of each ward: one list of lines for tooltip, panel, table and screen reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from wardmap.style import number

FLAG_WORDS = {"priority": "Priority", "watch": "Watch", "none": "No"}
DECIMALS = {"incidents": 0, "population": 0, "rate": 1, "ratio": 2, "gi_z": 2, "gi_q": 3}
NAMES = {
    "incidents": "Incidents", "population": "Population", "rate": "Rate", "ratio": "Rate ratio",
    "change": "Change",
}  # fmt: skip
_CLASS_NAMES = {
    "priority": "Flag",
    "status": "Status",
    "gi_class": "Cluster test (Gi*)",
    "scan_class": "Scan",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: its label, which methods explain it, whether it is a number, and the words per ward."""

    label: str
    what: str
    numeric: bool
    words: tuple[str, ...]


def facts(rows: pd.DataFrame, value: str) -> list[Fact]:
    """Return what the table can say of its wards: the mapped value first, then the usual columns."""
    found = [] if value in NAMES or value in _CLASS_NAMES else [_numbers(rows, value)]
    found += [_numbers(rows, column) for column in NAMES if column in rows]
    if "status" in rows:
        found.append(_words(rows["status"], "Status", "ratio", str))
    if "rank_lower" in rows and "rank_upper" in rows:
        found.append(_rank(rows))
    if any(column in rows for column in ("gi_z", "gi_q")):
        found.append(_gi_star(rows))
    if "scan_cluster" in rows:
        found.append(_scan(rows))
    if "priority" in rows:
        found.append(_words(rows["priority"], "Flag", "priority", lambda flag: FLAG_WORDS.get(flag, flag)))
    return found


def explained_by(rows: pd.DataFrame, value: str) -> str:
    """Return whose `_method` explains a column: `gi` explains `gi_z`, and `ratio` the status."""
    parts = ("ratio" if value == "status" else value).split("_")
    candidates = ["_".join(parts[:upto]) for upto in range(len(parts), 0, -1)]
    return next((what for what in candidates if f"{what}_method" in rows), value)


def value_name(value: str) -> str:
    """Return the words for a column that is mapped: its own name if it has no other."""
    return NAMES.get(value) or _CLASS_NAMES.get(value, value)


def decimals(rows: pd.DataFrame, value: str) -> int:
    """Return how many decimals a column is shown with."""
    whole = pd.api.types.is_integer_dtype(rows[value].dtype)
    return DECIMALS.get(value, 0 if whole else 2)


def _numbers(rows: pd.DataFrame, column: str) -> Fact:
    places = decimals(rows, column)
    words = _said(rows[column], places)
    lower, upper = f"{column}_lower", f"{column}_upper"
    if lower in rows and upper in rows:
        known = (rows[lower].notna() & rows[upper].notna()).tolist()
        limits = zip(words, _said(rows[lower], places), _said(rows[upper], places), known, strict=True)
        words = [f"{word} ({low} to {high})" if both else word for word, low, high, both in limits]
    return Fact(value_name(column), explained_by(rows, column), numeric=True, words=tuple(words))


def _words(values: pd.Series, label: str, what: str, say: Callable[[str], str]) -> Fact:
    told = tuple("not given" if pd.isna(value) else say(str(value)) for value in values)
    return Fact(label, what, numeric=False, words=told)


def _rank(rows: pd.DataFrame) -> Fact:
    limits = zip(
        _said(rows["rank_lower"], 0), _said(rows["rank_upper"], 0), rows["rank_lower"].notna(), strict=True
    )
    words = tuple(f"{best} to {worst}" if known else best for best, worst, known in limits)
    return Fact("Rank by rate", "rank", numeric=True, words=words)


def _gi_star(rows: pd.DataFrame) -> Fact:
    parts = [column for column in ("gi_z", "gi_q") if column in rows]
    said = [
        [
            f"{column[3:]} {word}" if known else ""
            for word, known in _with_known(rows[column], DECIMALS[column])
        ]
        for column in parts
    ]
    told = [", ".join(filter(None, of_ward)) or "not tested" for of_ward in zip(*said, strict=True)]
    return Fact("Cluster test (Gi*)", "gi", numeric=False, words=tuple(told))


def _scan(rows: pd.DataFrame) -> Fact:
    p = _said(rows["scan_p"], 3) if "scan_p" in rows else [""] * len(rows)
    told = [
        f"cluster {int(cluster)}{f', p {word}' if word else ''}" if pd.notna(cluster) else "in none"
        for cluster, word in zip(rows["scan_cluster"], p, strict=True)
    ]
    return Fact("Cluster (scan)", "scan", numeric=False, words=tuple(told))


def _with_known(values: pd.Series, places: int) -> Iterable[tuple[str, bool]]:
    return zip(_said(values, places), values.notna().tolist(), strict=True)


def _said(values: pd.Series, places: int) -> list[str]:
    return [
        number(value, places) for value in values.to_numpy(dtype="float64", na_value=float("nan")).tolist()
    ]
