"""What the reader is told of each ward: one list of lines for tooltip, panel, table and screen reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.style import number

FLAG_WORDS = {"priority": "Priority", "watch": "Watch", "none": "No"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: its label, which methods explain it, whether it is a number, and the words per ward."""

    label: str
    what: str
    numeric: bool
    words: tuple[str, ...]


def facts(rows: pd.DataFrame, value: str) -> list[Fact]:
    """Return what the table can say of its wards: the mapped value first, then what is always told."""
    told = schema.told(rows)
    found = [] if value in [column.name for column in told] else [_of(rows, schema.column(rows, value))]
    found += [_of(rows, column) for column in told if column.name != "priority"]
    if "rank_lower" in rows and "rank_upper" in rows:
        found.append(_rank(rows))
    if any(column in rows for column in ("gi_z", "gi_q")):
        found.append(_gi_star(rows))
    if "scan_cluster" in rows:
        found.append(_scan(rows))
    if "priority" in rows:
        found.append(_words(rows["priority"], "Flag", "priority", lambda flag: FLAG_WORDS.get(flag, flag)))
    return found


def decimals(rows: pd.DataFrame, value: str) -> int:
    """Return how many decimals a column is shown with: more than usual where its numbers are too small."""
    column = schema.column(rows, value)
    usual = column.decimals
    if not column.is_number or column.scale == "count" or pd.api.types.is_integer_dtype(rows[value].dtype):
        return 0 if pd.api.types.is_integer_dtype(rows[value].dtype) else usual
    numbers = rows[value].to_numpy(dtype="float64", na_value=np.nan)
    numbers = np.abs(numbers[np.isfinite(numbers)])
    if usual == 0:
        return 2 if (numbers % 1 > 0).any() else 0
    largest = numbers.max(initial=0)
    if not 0 < largest < 1:
        return usual
    return max(usual, int(np.ceil(-np.log10(largest))) + 1)


def _of(rows: pd.DataFrame, column: schema.Column) -> Fact:
    if column.is_number:
        return _numbers(rows, column)
    what = schema.explained_by(rows, column.name)
    return _words(rows[column.name], column.label, what, str)


def _numbers(rows: pd.DataFrame, column: schema.Column) -> Fact:
    name, places = column.name, decimals(rows, column.name)
    words = _said(rows[name], places)
    lower, upper = f"{name}_lower", f"{name}_upper"
    if lower in rows and upper in rows:
        known = (rows[lower].notna() & rows[upper].notna()).tolist()
        limits = zip(words, _said(rows[lower], places), _said(rows[upper], places), known, strict=True)
        words = [f"{word} ({low} to {high})" if both else word for word, low, high, both in limits]
    return Fact(column.label, schema.explained_by(rows, name), numeric=True, words=tuple(words))


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
            for word, known in _with_known(rows[column], schema.column(rows, column).decimals)
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
