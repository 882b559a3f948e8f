"""The handshake: what a room asks of a table before it reads, and how it writes its own columns."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from wardmap.errors import ColumnClashError, InputError, MissingColumnError, listed
from wardmap.method import Method
from wardmap.schema.column import Column, Table

_ALIKE = 0.6  # of difflib, from which two names are called alike


def require(table: pd.DataFrame, kind: Table, columns: Iterable[str]) -> None:
    """Raise unless `table` is a `kind` that has `columns`, naming the line that writes them."""
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"The {kind.name} must be a DataFrame.", f"given: {type(table).__name__}")
    if kind.index and tuple(table.index.names) != kind.index:
        raise MissingColumnError(
            f"This is not the {kind.name}: its index must be {', '.join(kind.index)}.",
            f"index found: {', '.join(map(str, table.index.names))}",
            mend=f"table.set_index({list(kind.index)}), or start from {kind.columns[0].writer}",
        )
    missing = [column for column in columns if column not in table.columns]
    if missing:
        writers = {c.name: c.writer for c in kind.columns}
        raise MissingColumnError(
            f"The {kind.name} has no column {', '.join(map(repr, missing))}.",
            f"columns found, nearest first: {', '.join(nearest(missing[0], table.columns))}",
            mend=writers.get(missing[0], "") or "name a column that is there.",
        )


def refuse_halo(table: pd.DataFrame, what: str, *, mend: str = 'table[~table["halo"]].') -> None:
    """Raise if the ward table has wards of the halo, which `what` would take for the district's own."""
    if "halo" not in table:
        return
    halo = table["halo"].fillna(value=False).to_numpy(dtype=bool)
    if halo.any():
        wards = table.index[halo].get_level_values("ward_code").unique()
        raise InputError(
            f"{what} is about the district, and the table has wards of the halo too.",
            f"wards: {listed(wards)}",
            mend=mend,
        )


def check(table: pd.DataFrame, kind: Table) -> None:
    """Raise unless the columns that the dictionary knows hold what it says they hold."""
    require(table, kind, [])
    for column in kind.columns:
        if column.name in table.columns:
            _check_column(table[column.name], column, kind)


def write(
    table: pd.DataFrame, into: str, columns: Mapping[str, Any], method: Any, *, root: str | None = None
) -> pd.DataFrame:
    """Return the table with `columns` and `<into>_method` set; the input is never touched.

    A column that is already there is replaced if wardmap wrote it, which `<into>_method` beside it
    shows, and refused otherwise.

    `method` is a `Method`, a sentence, or a sentence for each row. The fields of a `Method` that a later
    stage may need become columns of their own: `<into>_against`, `<into>_phi`, `<into>_family`. With
    `root`, the column group that `into` is a copy of, `<into>_copy_of` says so, and the dictionary
    describes the copy as it describes the root.
    """
    sentence = f"{into}_method"
    clash = [name for name in columns if name in table.columns]
    if clash and sentence not in table.columns:
        raise ColumnClashError(
            f"Column {', '.join(map(repr, clash))} is already there, and wardmap did not write it.",
            f"there is no {sentence!r} beside it",
            mend=f"table.rename(columns={{{clash[0]!r}: {clash[0] + '_given'!r}}})",
        )
    facts: dict[str, Any] = {}
    if isinstance(method, Method):
        facts = {f"{into}_{name}": _constant(value, len(table)) for name, value in method.fields().items()}
        method = method.sentence()
    if root is not None and root != into:
        facts[f"{into}_copy_of"] = _constant(root, len(table))
    facts = {name: value for name, value in facts.items() if name not in columns}
    if isinstance(method, str):
        method = _constant(method, len(table))
    elif not isinstance(method, pd.Categorical):
        method = pd.Categorical(method)
    return table.assign(**columns, **facts, **{sentence: method})


def _constant(value: Any, length: int) -> Any:
    """Return one value for every row; text by codes, because millions of rows share one sentence."""
    if not isinstance(value, str):
        return value
    return pd.Categorical.from_codes(np.zeros(length, dtype=np.int8), categories=pd.Index([value]))


def nearest(name: object, candidates: Iterable[object], most: int = 8) -> list[str]:
    """Return at most so many candidates as text, those most like `name` first.

    Where there are more, only those that are like it; where none is, the first by the alphabet.
    """
    names = [str(candidate) for candidate in candidates]
    near = alike(name, names, most)
    if len(names) <= most:
        return near + sorted(set(names) - set(near))
    return near or sorted(names)[:most]


def alike(name: object, candidates: Iterable[object], most: int = 8) -> list[str]:
    """Return the candidates that are like `name`, those most like it first; none where none is.

    Like it is what shares three letters of five, or holds it, or is held by it.

    Examples
    --------
    >>> alike("popluation", ["population", "households"]), alike("people", ["ward_code"])
    (['population'], [])
    """
    wanted = str(name).casefold()
    likeness = {}
    for candidate in map(str, candidates):
        other = candidate.casefold()
        part = min(len(wanted), len(other)) > 1 and (wanted in other or other in wanted)
        score = difflib.SequenceMatcher(None, wanted, other).ratio()
        if part or score >= _ALIKE:
            likeness[candidate] = score
    return sorted(likeness, key=lambda candidate: -likeness[candidate])[:most]


def found_words(what: str, name: object, candidates: Iterable[object]) -> str:
    """Say what there is instead of `name`, if one was given: what is like it first, the rest counted.

    Examples
    --------
    >>> found_words("columns", "code", ["geometry", "ward_code"])
    "columns found, nearest first: 'ward_code', 'geometry'"
    >>> found_words("columns", "code", [f"v{number:02}" for number in range(40)])
    "columns found, none of them like it: 'v00', 'v01', 'v02', 'v03', 'v04', 'v05', 'v06', 'v07' and 32 more"
    """
    names = [str(candidate) for candidate in candidates]
    if not names or name == "":
        return f"{what} found: {listed(names) or 'none'}"
    near = alike(name, names)
    others = sorted(set(names) - set(near))
    how = "nearest first" if near else "none of them like it"
    return f"{what} found, {how}: {listed([*near, *others])}"


def _check_column(values: pd.Series, column: Column, kind: Table) -> None:
    tests: dict[str, Callable[[Any], bool]] = {
        "number": pd.api.types.is_numeric_dtype,
        "whole number": pd.api.types.is_integer_dtype,
        "boolean": pd.api.types.is_bool_dtype,
        "date": pd.api.types.is_datetime64_any_dtype,
        "category": lambda dtype: isinstance(dtype, pd.CategoricalDtype),
        "geometry": lambda dtype: str(dtype) == "geometry",
        "string": lambda dtype: isinstance(dtype, pd.StringDtype) or dtype == np.dtype(object),
        "list": lambda dtype: dtype == np.dtype(object),
    }
    if not tests[column.dtype](values.dtype):
        raise InputError(
            f"Column {column.name!r} of the {kind.name} must hold a {column.dtype}.",
            f"it holds: {values.dtype}",
            f"meaning: {column.meaning}",
        )
    if column.null == "never" and values.isna().any():
        where = values.index[values.isna()][:3].tolist()
        raise InputError(f"Column {column.name!r} of the {kind.name} must not be null.", f"null at: {where}")
