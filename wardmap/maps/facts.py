"""What the reader is told of each ward: one list of lines for tooltip, panel, table and screen reader."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from wardmap.style import number

FLAG_WORDS = {"priority": "Priority", "watch": "Watch", "none": "No"}
DECIMALS = {"incidents": 0, "population": 0, "rate": 1, "ratio": 2, "gi_z": 2, "gi_q": 3}
NAMES = {"incidents": "Incidents", "population": "Population", "rate": "Rate", "ratio": "Rate ratio"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: its label, which methods explain it, and per ward the words and a sort key."""

    label: str
    what: str
    words: tuple[str, ...]
    keys: tuple[float | None, ...] | None


def facts(rows: pd.DataFrame, value: str) -> list[Fact]:
    """Return what the table can say of its wards: the mapped value first, then the usual columns."""
    found = [] if value in NAMES else [_numbers(rows, value)]
    found += [_numbers(rows, column) for column in NAMES if column in rows]
    if "status" in rows:
        found.append(_words(rows["status"], "Status", "ratio", str))
    if any(column in rows for column in ("gi_z", "gi_q")):
        found.append(_cluster(rows))
    if "priority" in rows:
        found.append(_words(rows["priority"], "Flag", "priority", lambda flag: FLAG_WORDS.get(flag, flag)))
    return found


def value_name(value: str) -> str:
    """Return the words for a column that is mapped: its own name if it has no other."""
    return NAMES.get(value, value)


def decimals(rows: pd.DataFrame, value: str) -> int:
    """Return how many decimals a column is shown with."""
    whole = pd.api.types.is_integer_dtype(rows[value].dtype)
    return DECIMALS.get(value, 0 if whole else 2)


def _numbers(rows: pd.DataFrame, column: str) -> Fact:
    places = decimals(rows, column)
    words = [number(value, places) for value in rows[column]]
    lower, upper = f"{column}_lower", f"{column}_upper"
    if lower in rows and upper in rows:
        limits = zip(rows[lower], rows[upper], strict=True)
        words = [_with_interval(word, *pair, places) for word, pair in zip(words, limits, strict=True)]
    keys = tuple(None if pd.isna(v) else round(float(v), places) for v in rows[column])
    return Fact(value_name(column), column, tuple(words), keys)


def _with_interval(word: str, lower: object, upper: object, places: int) -> str:
    if pd.isna(lower) or pd.isna(upper):  # type: ignore[call-overload]
        return word
    return f"{word} ({number(lower, places)} to {number(upper, places)})"


def _words(values: pd.Series, label: str, what: str, say: Callable[[str], str]) -> Fact:
    told = tuple("not given" if pd.isna(value) else say(str(value)) for value in values)
    return Fact(label, what, told, None)


def _cluster(rows: pd.DataFrame) -> Fact:
    parts = [column for column in ("gi_z", "gi_q") if column in rows]
    told = []
    for _, row in rows[parts].iterrows():
        said = [f"{c[3:]} {number(row[c], DECIMALS[c])}" for c in parts if pd.notna(row[c])]
        told.append(", ".join(said) or "not tested")
    return Fact("Cluster test (Gi*)", "gi", tuple(told), None)
