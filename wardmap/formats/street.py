"""Street files of data.police.uk as columns: the one reader, for rooms that keep the rows or count them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.errors import InputError, MissingColumnError, counted, listed
from wardmap.formats.archive import Member
from wardmap.formats.fingerprints import SEED, Fingerprints, fingerprints
from wardmap.formats.police import COLUMNS, IDENTIFIER, MONTH, PLACE, TYPE
from wardmap.formats.rows import read_rows
from wardmap.formats.text import Text, open_plain_text
from wardmap.schema import found_words

COMPILED_FROM = 100_000_000
"""Bytes of all files from which the compiled reader is worth its loading."""

_BYTES_PER_VALUE = 4  # at the least; those of real files have 17
_MOST_BYTES = 2**31 - 1  # of one text


@dataclass(frozen=True, slots=True)
class Street:
    """The rows of a street file, in order.

    `identifier` is text (null where blank), or None where only fingerprints were asked for; `month` counts
    from year 0, and is 0 where blank; `kind` is a position in `kinds`, the types in the words of the file,
    and -1 where blank; `x` and `y` are degrees, NaN where they are none, and `blank` says where one of
    them was left out.
    """

    identifier: pd.Series | None
    fingerprint: Fingerprints
    known: npt.NDArray[np.bool_]
    month: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int32]
    kinds: list[str] = field(default_factory=list)
    x: npt.NDArray[np.float64] = field(kw_only=True)
    y: npt.NDArray[np.float64] = field(kw_only=True)
    blank: npt.NDArray[np.bool_] = field(kw_only=True)


def read_plain_street(member: Member) -> Street | None:
    """Read a street file, but not the texts of its identifiers; None where the compiled reader gives up.

    It never warns, so that it may be called in any thread. Raises as `read_street` does.
    """
    text = open_plain_text(member.read(), member.name)
    if text is None:
        return None
    require_columns(text.header, text.name)
    return _compiled(text, identifiers=False)


def read_street(text: Text, *, compiled: bool = False, identifiers: bool = True) -> Street:
    """Read the rows of a street file; `compiled` lets the fast reader try first, with the same result.

    Raises when a column is missing, a row is wider than the header, or a month is not written `2018-03`.
    """
    require_columns(text.header, text.name)
    found = _compiled(text, identifiers=identifiers) if compiled else None
    if found is None:
        found = street_of(read_rows(text, COLUMNS, numbers=PLACE), text.name)
    return found


def street_of(raw: pd.DataFrame, name: str) -> Street:
    """Return the columns of a table that has those of a street file."""
    require_columns(raw.columns, name)
    identifier, kind_text = (_text(raw[column]) for column in (IDENTIFIER, TYPE))
    kind, kinds = pd.factorize(kind_text)
    places = [raw[column] for column in PLACE]
    x, y = (pd.to_numeric(place, errors="coerce").to_numpy(dtype=float, na_value=np.nan) for place in places)
    return Street(
        identifier=identifier,
        fingerprint=fingerprints(identifier.astype(object).where(identifier.notna(), "").tolist()),
        known=identifier.notna().to_numpy(dtype=bool),
        month=_months(raw[MONTH], name),
        kind=kind.astype(np.int32),
        kinds=[str(name) for name in kinds],
        x=x,
        y=y,
        blank=np.logical_or(*(_is_blank(place) for place in places)),
    )


def require_columns(columns: Any, name: str) -> None:
    """Raise unless the columns of a street file are all there."""
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise MissingColumnError(
            f"{name!r} has no column {', '.join(map(repr, missing))}, as a data.police.uk street file has.",
            found_words("columns", missing[0], columns),
            mend="rename the columns, or take the file that ends in -street.csv.",
        )


def _text(values: pd.Series) -> pd.Series:
    """Return a column with null for empty text, as files that are read have it."""
    values = values.reset_index(drop=True)
    return values.mask(values == "")


def _is_blank(values: pd.Series) -> npt.NDArray[np.bool_]:
    blank = values.isna().to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return blank
    return blank | (values.astype(object).fillna("").astype(str).str.strip() == "").to_numpy(dtype=bool)


def _months(values: pd.Series, name: str) -> npt.NDArray[np.int32]:
    """Return months counted from year 0; each of the few that there are is read once."""
    month_of, distinct = pd.factorize(values)
    written = pd.Series([str(month) for month in distinct], dtype=object)
    dates = pd.to_datetime(written, format="%Y-%m", errors="coerce")
    if dates.isna().any():
        unreadable = np.isin(month_of, np.flatnonzero(dates.isna()))
        raise InputError(
            f"In {counted(int(unreadable.sum()), 'row')} of {name!r} the month is not written as YYYY-MM.",
            f"values: {listed(written[dates.isna()])}",
            mend='write months as in "2018-03".',
        )
    numbers = (12 * dates.dt.year + dates.dt.month - 1).to_numpy(dtype=np.int32)
    return np.append(numbers, 0).astype(np.int32)[month_of]


def _compiled(text: Text, *, identifiers: bool) -> Street | None:
    """Return the rows by the compiled reader, or None where it gives up."""
    from wardmap.formats import street_kernel as kernel  # noqa: PLC0415 - loads a compiler

    header = text.data.find(b"\n") + 1
    one_line = b"\r" not in text.data[:header].removesuffix(b"\r\n")
    plain = one_line and text.data.endswith(b"\n") and text.data.count(b'"', 0, header) % 2 == 0
    if not plain or len(text.data) > _MOST_BYTES or (identifiers and _strings() is None):
        return None
    data = np.frombuffer(text.data, dtype=np.uint8)
    words = np.frombuffer(text.data, dtype=np.uint64, count=len(data) // 8)
    ends = np.empty(len(data) // _BYTES_PER_VALUE + 9, dtype=np.int32)
    width = len(text.header)
    values, rows = kernel.find_values(data, words, header, ord(text.separator), ends)
    if values == kernel.ODD or values != rows * width:
        return None
    fingerprint, month = np.empty(rows, dtype=np.uint64), np.empty(rows, dtype=np.int32)
    x, y, kind = np.empty(rows), np.empty(rows), np.empty(rows, dtype=np.int32)
    kinds = np.empty(2 * kernel.MOST_KINDS, dtype=np.int32)
    wanted = np.array([text.header.index(column) for column in COLUMNS], dtype=np.int32)
    if width - 1 in wanted and b"\r" in text.data:  # it would be taken for a part of the last value
        return None
    table = (data, ends[: values + 1], width)
    found = kernel.read_values(*table, words, wanted, fingerprint, month, x, y, kind, kinds)
    if found == kernel.ODD:
        return None
    known = fingerprint != SEED  # which is that of nothing at all
    return Street(
        identifier=_texts(*table, int(wanted[0]), known) if identifiers else None,
        fingerprint=fingerprint,
        known=known,
        month=month,
        kind=kind,
        kinds=[text.data[at : at + size].decode() for at, size in kinds[: 2 * found].reshape(-1, 2)],
        x=x,
        y=y,
        blank=np.isnan(x) | np.isnan(y),
    )


def _texts(
    data: npt.NDArray[np.uint8],
    ends: npt.NDArray[np.int32],
    width: int,
    column: int,
    known: npt.NDArray[np.bool_],
) -> pd.Series:
    """Return a column as text, null where it is not known."""
    import pyarrow as pa  # noqa: PLC0415 - pandas holds text in it where it is installed

    from wardmap.formats import street_kernel as kernel  # noqa: PLC0415

    offsets = np.zeros(len(known) + 1, dtype=np.int64)
    kernel.find_offsets(ends, width, column, offsets)
    values = np.empty(offsets[-1], dtype=np.uint8)
    kernel.copy_column(data, ends, width, column, offsets, values)
    bits = np.packbits(known, bitorder="little")
    buffers = [pa.py_buffer(buffer) for buffer in (bits, offsets, values)]
    text = pa.Array.from_buffers(pa.large_string(), len(known), buffers)
    return pd.Series(_strings().__from_arrow__(text), name=COLUMNS[0])


def _strings() -> Any:
    """Return the kind of text that pandas makes here if it lies in Arrow's memory, else None."""
    dtype = pd.Series([""]).dtype
    return dtype if getattr(dtype, "storage", "") == "pyarrow" else None
