"""`column`: what any column of a ward table means and how it is shown, copies and the user's own included."""

from dataclasses import replace

import pandas as pd

from wardmap.schema.change import CHANGE_TABLES
from wardmap.schema.column import Column
from wardmap.schema.tables import WARD_TABLE

_PARTS = {
    "method": Column("method", "category", "how it was made, in a sentence", label="Method"),
    "against": Column("against", "category", "what it is held against", label="Held against"),
    "phi": Column("phi", "number", "how many times a Poisson count's variance was allowed for", label="Dispersion"),
    "family": Column("family", "category", "the tests over which findings were corrected", label="Family of tests"),
    "copy_of": Column("copy_of", "category", "the column group that this one is a copy of", label="Copy of"),
}  # fmt: skip
"""Columns that `schema.write` puts beside every group."""

_KNOWN = {column.name: column for table in (*CHANGE_TABLES, WARD_TABLE) for column in table.columns}
"""What a ward table may hold, and what is mapped beside it; the ward table's own meaning comes first."""


def column(table: pd.DataFrame, name: str) -> Column:
    """Return the description of a column of a ward table.

    A copy made with `into=` is described as its root is: `england_status` is a `status`, because
    `england_copy_of` says that the group is a copy of `ratio`. A column that nobody described is taken as
    its values are, under its own name.
    """
    if name in _KNOWN:
        return _KNOWN[name]
    for into, root in _copies(table):
        if name != into and not name.startswith(f"{into}_"):
            continue
        rest = name.removeprefix(into)
        described = _KNOWN.get(f"{root}{rest}") or _KNOWN.get(rest.removeprefix("_"))
        if described is not None:
            return _renamed(described, name, into, root)
    part = next((part for ending, part in _PARTS.items() if name.endswith(f"_{ending}")), None)
    return replace(part, name=name) if part is not None else _own(table, name)


def told(table: pd.DataFrame) -> list[Column]:
    """Return the columns of the table that a map tells of every ward, in the order of the dictionary."""
    ward_table_first = (*WARD_TABLE.columns, *(c for t in CHANGE_TABLES for c in t.columns))
    found = {column.name: column for column in ward_table_first if column.told and column.name in table}
    return list(found.values())


def explained_by(table: pd.DataFrame, name: str) -> str:
    """Return whose `_method` explains a column: `gi` explains `gi_z`, and `ratio` the status."""
    groups = sorted((str(c).removesuffix("_method") for c in table if str(c).endswith("_method")), key=len)
    inside = [group for group in groups if name == group or name.startswith(f"{group}_")]
    if inside:
        return inside[-1]
    return "ratio" if name in ("status", "status_998") else name


def _copies(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each copy and its root, the longest name first."""
    found = [str(name) for name in table if str(name).endswith("_copy_of")]
    roots = [(name.removesuffix("_copy_of"), str(table[name].iloc[0])) for name in found if len(table)]
    return sorted(roots, key=lambda pair: -len(pair[0]))


def _renamed(described: Column, name: str, into: str, root: str) -> Column:
    tested = described.tested_by
    if tested.startswith(root):
        tested = into + tested.removeprefix(root)
    elif tested:
        tested = f"{into}_{tested}"
    label = f"{described.label} ({into.replace('_', ' ')})"
    return replace(described, name=name, label=label, tested_by=tested, told=False)


def _own(table: pd.DataFrame, name: str) -> Column:
    values = table[name] if name in table else pd.Series(dtype=object)
    if pd.api.types.is_bool_dtype(values.dtype):
        return Column(name, "boolean", "given by the user", scale="class")
    if pd.api.types.is_numeric_dtype(values.dtype):
        whole = pd.api.types.is_integer_dtype(values.dtype)
        return Column(name, "whole number" if whole else "number", "given by the user", label=name)
    return Column(name, "string", "given by the user", label=name)
