"""`Stack`: tables put under each other as they come, in little more memory than the result takes."""

from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

Columns = dict[str, Any]

_TOGETHER = 64  # tables that are joined at once, so that small pieces of memory are given back early


class Stack:
    """Put tables under each other. What a table does not record is null; categories stay categories.

    Examples
    --------
    >>> stack = Stack()
    >>> stack.add({"source": pd.Series(["a", "a"])})
    >>> stack.add({"source": pd.Series(["b"]), "youth": pd.Series([True], dtype="boolean")})
    >>> stack.table()["youth"].isna().tolist()
    [True, True, False]
    """

    def __init__(self) -> None:
        self._joined: list[Columns] = []
        self._waiting: list[Columns] = []

    def add(self, columns: Columns) -> None:
        """Add a table by its columns, which it takes over."""
        self._waiting.append(columns)
        if len(self._waiting) == _TOGETHER:
            self._joined.append(_join(self._waiting))
            self._waiting = []

    def table(self) -> pd.DataFrame:
        """Return all tables as one."""
        return pd.DataFrame(_join(self._joined + self._waiting), copy=False)


def constant(value: str, length: int) -> Any:
    """Return `value` as a category for every row, which costs a byte a row."""
    return pd.Categorical.from_codes(np.zeros(length, dtype=np.int8), categories=pd.Index([value]))


def _join(parts: list[Columns]) -> Columns:
    """Join tables column by column, so that only one column is held twice."""
    joined: Columns = {}
    lengths = [len(next(iter(part.values()))) for part in parts]
    for name in dict.fromkeys(name for part in parts for name in part):
        dtype = next(part[name].dtype for part in parts if name in part)
        columns = [
            part.pop(name) if name in part else pd.Series(index=range(length), dtype=dtype)
            for part, length in zip(parts, lengths, strict=True)
        ]
        if isinstance(dtype, pd.CategoricalDtype):
            alike = all(column.cat.categories.equals(dtype.categories) for column in columns)
            joined[name] = pd.Series(union_categoricals(columns, sort_categories=not alike))
        else:
            joined[name] = pd.concat(columns, ignore_index=True)
    return joined
