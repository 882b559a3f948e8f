"""What the dictionary is made of: columns and tables, as data: what a column means and how it is shown.

Maps, screens, workbooks and `docs/tables.md` read it, and nothing guesses from a column's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DType = Literal["string", "category", "number", "whole number", "boolean", "date", "geometry", "list"]
Scale = Literal[
    "count", "rate", "ratio", "probability", "share", "percent", "score", "change", "measure", "class", "text"
]
Tone = Literal["low", "lowered", "middle", "raised", "high", "least", "some", "most"]
"""Where a word of a class stands: below and above a benchmark, or from least to most."""

DECIMALS: Mapping[Scale, int] = {
    "count": 0, "rate": 1, "ratio": 2, "probability": 3, "share": 3, "percent": 1, "score": 2, "change": 0,
    "measure": 2,
}  # fmt: skip
UNITS: Mapping[Scale, str] = {
    "ratio": "times",
    "probability": "0 to 1",
    "share": "0 to 1",
    "percent": "%",
    "score": "standard deviations",
}
MIDDLES: Mapping[Scale, float] = {"ratio": 1.0, "change": 0.0, "percent": 0.0, "score": 0.0}

_SCALE_OF: Mapping[DType, Scale] = {"whole number": "count", "category": "class", "number": "measure"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, what null means, the line that writes it, and how it is shown.

    Parameters
    ----------
    name, dtype, meaning
        What it is called, which values it may hold, and what they mean.
    null
        What null means; "never" where there is none.
    writer
        The line that writes it.
    scale
        The kind of number or word, which says how it is mapped and printed. Left out, a whole number is a
        count, a category a class, other numbers a measure, and everything else text.
    label
        What a reader calls it; its name in plain writing when left out.
    unit, decimals, benchmark
        Its unit, the digits that are printed, and where its middle is; those of its scale when left out.
    words
        Of a class: its words in their order, and where each stands.
    tested_by
        The column that says whether the ward could be tested at all.
    told
        Whether a map tells it of every ward without being asked.
    reading
        How to read it, for the foot of a page.
    example
        A value as it may stand in the table.
    """

    name: str
    dtype: DType
    meaning: str
    null: str = "never"
    writer: str = ""
    scale: Scale = "text"
    label: str = ""
    unit: str = ""
    decimals: int = -1
    benchmark: float | None = None
    words: tuple[tuple[str, Tone], ...] = ()
    tested_by: str = ""
    told: bool = False
    reading: str = ""
    example: str = ""

    def __post_init__(self) -> None:
        set_ = object.__setattr__  # the class is frozen for everybody else
        if self.scale == "text":
            set_(self, "scale", _SCALE_OF.get(self.dtype, "text"))
        if not self.label:
            set_(self, "label", self.name[:1].upper() + self.name[1:].replace("_", " "))
        if not self.unit:
            set_(self, "unit", UNITS.get(self.scale, ""))
        if self.decimals < 0:
            set_(self, "decimals", DECIMALS.get(self.scale, 0))
        if self.benchmark is None:
            set_(self, "benchmark", MIDDLES.get(self.scale))

    @property
    def is_number(self) -> bool:
        """Whether it is a number that can be put on a scale."""
        return self.scale not in ("class", "text")


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
