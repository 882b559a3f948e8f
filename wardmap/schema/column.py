"""What the dictionary is made of: columns and tables, as data."""

from dataclasses import dataclass
from typing import Literal

DType = Literal["string", "category", "number", "whole number", "boolean", "date", "geometry", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, in which unit, what null means, and the line that writes it."""

    name: str
    dtype: DType
    meaning: str
    null: str = "never"
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, the index that identifies it, and its columns."""

    name: str
    row: str
    index: tuple[str, ...]
    columns: tuple[Column, ...]

    def names(self) -> list[str]:
        """Return the column names in order."""
        return [column.name for column in self.columns]
