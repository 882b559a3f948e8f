"""From a table in text to a DataFrame whose rows all fit the header, or a message that says which do not."""

import csv
import io
import re
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import infer_dtype

from wardmap.errors import InputError, RepairWarning, counted, warn
from wardmap.formats.text import Text

_QUOTES = {
    "unexpected end of data": "a quote is opened and never closed",
    "expected after": "a quote is closed before its value ends",
}
"""What a strict parser says of quotes, in plain words."""


def read_rows(
    text: Text,
    columns: Sequence[str] | None = None,
    *,
    numbers: Collection[str] = (),
) -> pd.DataFrame:
    """Return the rows as text, blank as null; only `columns` when they are named.

    `numbers` are read as numbers if all of their values are, and else as text, so that the value that
    is none can be named. Raises when a row is wider than the header, and warns when one is shorter.
    """
    _check_widths(text)
    names = [name or f"column {position}" for position, name in enumerate(text.header, 1)]
    options: dict[str, Any] = {
        "sep": text.separator,
        "names": names,
        "header": 0,
        "usecols": names if columns is None else list(columns),
        "keep_default_na": False,
        "na_values": [""],
        "index_col": False,
        "encoding": "utf-8",
    }
    try:
        rows = _typed_rows(text, numbers, options) if numbers else None
        if rows is None:
            rows = pd.read_csv(io.BytesIO(text.data), dtype=str, **options)
    except pd.errors.ParserError as error:
        raise _misfit(text.name, str(error).strip()) from error
    return rows


def plain_name(column: str) -> str:
    """Return a column's name in lower case, with `_` for what is neither letter nor digit."""
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")


def _typed_rows(text: Text, numbers: Collection[str], options: dict[str, Any]) -> pd.DataFrame | None:
    """Return the rows with numbers, or None where a number is none or text looks like something else.

    Pandas finds out for itself that a column is text in half the time that it takes when it is told.
    """
    kinds = dict.fromkeys(numbers, np.float64)
    try:
        rows = pd.read_csv(io.BytesIO(text.data), dtype=kinds, low_memory=False, **options)
    except ValueError as error:
        if isinstance(error, pd.errors.ParserError):
            raise
        return None
    others = rows.columns.difference(list(numbers))
    return rows if all(infer_dtype(rows[name], skipna=True) == "string" for name in others) else None


def _check_widths(text: Text) -> None:
    """Compare every row's width with the header's: pandas would cut or pad its values in silence."""
    wide, short = _misfits(text)
    if wide:
        line, width = wide[0]
        raise _misfit(
            text.name,
            f"the header names {counted(len(text.header), 'column')}, line {line:,} has {width:,} values",
            f"{counted(len(wide), 'row')} in all with more values than the header has columns",
        )
    if short:
        line, width = short[0]
        warn(
            RepairWarning,
            f"In {counted(len(short), 'row')} of {text.name!r} values are missing at the end, "
            "and were read as blank.",
            f"the header names {counted(len(text.header), 'column')}, "
            f"line {line:,} has {counted(width, 'value')}",
            mend="look at these lines: a row that was cut off may have lost its place or type.",
        )


def _misfits(text: Text) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return line and width of the rows wider than the header, and of those shorter than it."""
    lines, widths = _quoted_widths(text) if b'"' in text.data else _plain_widths(text)
    lines = lines + text.above
    header = len(text.header)
    found = [
        list(zip(lines[rows].tolist(), widths[rows].tolist(), strict=True))
        for rows in (np.flatnonzero(widths > header), np.flatnonzero((widths < header) & (widths > 0)))
    ]
    return found[0], found[1]


def _plain_widths(text: Text) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Count separators between line ends; without quotes, that is all there is to it."""
    buffer = np.frombuffer(text.data, dtype=np.uint8)
    ends = np.flatnonzero(buffer == ord("\n"))
    if not text.data.endswith(b"\n"):
        ends = np.append(ends, len(buffer))
    separators = np.flatnonzero(buffer == ord(text.separator))
    widths = np.diff(np.searchsorted(separators, ends), prepend=0) + 1
    lengths = np.diff(ends, prepend=-1) - 1
    blank = (lengths == 0) | ((lengths == 1) & (buffer[np.maximum(ends - 1, 0)] == ord("\r")))
    widths[blank] = 0  # pandas passes over blank lines
    return np.arange(1, len(ends) + 1), widths


def _quoted_widths(text: Text) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    # strict: a quote that is never closed ends at the next one, and would make one row of all between
    lines = io.StringIO(text.data.decode("utf-8"), newline="")
    reader = csv.reader(lines, delimiter=text.separator, strict=True)
    try:
        found = [(reader.line_num, len(row)) for row in reader]
    except csv.Error as error:
        reason = next((words for start, words in _QUOTES.items() if start in str(error)), str(error))
        raise _misfit(text.name, f"line {reader.line_num + text.above:,}: {reason}") from error
    lines, widths = np.array(found, dtype=np.intp).T
    return lines, widths


def _misfit(name: str, *facts: str) -> InputError:
    return InputError(
        f"{name!r} is not a readable CSV file: its rows do not fit its header.",
        *facts,
        mend="look at that line in a text editor: an extra comma or an open quote shifts columns.",
    )
