"""`street_chunks`: a data.police.uk street file piece by piece, only the columns that a count needs."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import location
from wardmap.errors import CRSError, InputError, MissingColumnError, RepairWarning, listed, warn

Floats = npt.NDArray[np.float64]

CRS = "EPSG:4326"
COLUMNS = ("Crime ID", "Month", "Longitude", "Latitude", "Crime type")
_TEXT: dict[str, Any] = {"Crime ID": object, "Month": "category", "Crime type": "category"}
_BLOCK = 1 << 26  # bytes: some 300,000 rows


@dataclass(frozen=True)
class Chunk:
    """Rows of one file, in order; `month` counts from year 0, and is 0 where there is none."""

    identifier: pd.Series
    month: npt.NDArray[np.int64]
    theme: pd.Categorical  # in the words of the file
    x: Floats
    y: Floats
    location: npt.NDArray[np.int8]


def street_chunks(path: Path) -> Iterator[Chunk]:
    """Read a street file in pieces of some 64 MB, by the rules of `read_incidents`.

    Raises InputError where the file is not a street file in UTF-8 whose rows fit its header.
    """
    with path.open("rb") as file:
        header = file.readline().removeprefix(b"\xef\xbb\xbf")
        names = _names(header, path.name)
        rest = b""
        while block := file.read(_BLOCK):
            text, rest = _whole_rows(rest + block)
            if text:
                yield _chunk(text, names, path.name)
        if rest.strip():
            yield _chunk(rest + b"\n", names, path.name)


def _names(header: bytes, file: str) -> list[str]:
    try:
        names = [name.strip() for name in next(csv.reader([header.decode()]), [])]
    except UnicodeDecodeError as error:
        raise _not_text(file, str(error)) from error
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise MissingColumnError(
            f"{file!r} has no column {', '.join(map(repr, missing))}, as a data.police.uk street file has.",
            f"columns found: {listed(names)}",
            mend="take the files that end in -street.csv.",
        )
    return names


def _whole_rows(text: bytes) -> tuple[bytes, bytes]:
    """Cut after the last line end that is not within quotes."""
    end = text.rfind(b"\n") + 1
    while end and text.count(b'"', 0, end) % 2:
        end = text.rfind(b"\n", 0, end - 1) + 1
    return text[:end], text[end:]


def _chunk(text: bytes, names: list[str], file: str) -> Chunk:
    _check_widths(text, len(names), file)
    try:
        rows = _parse(text, names, {"Longitude": np.float64, "Latitude": np.float64})
    except UnicodeDecodeError as error:
        raise _not_text(file, str(error)) from error
    except pd.errors.ParserError as error:
        raise _misfit(file, str(error).strip()) from error
    except ValueError:  # a coordinate that is no number
        rows = _parse(text, names, {"Longitude": str, "Latitude": str})
    x, y = (pd.to_numeric(rows[c], errors="coerce").to_numpy(dtype=float) for c in ("Longitude", "Latitude"))
    blank = (rows["Longitude"].isna() | rows["Latitude"].isna()).to_numpy()
    where = location.classify(x, y, blank=blank)
    _refuse_swapped(x[where == location.LOCATED], y[where == location.LOCATED], file)
    return Chunk(
        identifier=rows["Crime ID"],
        month=_months(rows["Month"], file),
        theme=pd.Categorical(rows["Crime type"]),
        x=x,
        y=y,
        location=where,
    )


def _parse(text: bytes, names: list[str], coordinates: dict[str, Any]) -> pd.DataFrame:
    return pd.read_csv(
        io.BytesIO(text),
        names=names,
        usecols=list(COLUMNS),
        dtype={**_TEXT, **coordinates},
        keep_default_na=False,
        na_values=[""],
        index_col=False,
        encoding="utf-8",
    )


def _check_widths(text: bytes, width: int, file: str) -> None:
    """Raise when a row is wider than the header: the reader would shift its values in silence."""
    buffer = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(buffer == ord("\n"))
    commas = np.flatnonzero(buffer == ord(","))
    if b'"' not in text and len(commas) == (width - 1) * len(ends):
        first, last = commas[:: width - 1], commas[width - 2 :: width - 1]
        if (last < ends).all() and (first[1:] > ends[:-1]).all():
            return
    if text.count(b'"') % 2:
        raise _misfit(file, "a quote is opened and never closed")
    short = False
    for row in csv.reader(io.StringIO(text.decode(errors="replace"), newline="")):
        if len(row) > width:
            raise _misfit(file, f"the header names {width} columns, a row has {len(row)}: {listed(row[:3])}")
        short |= 0 < len(row) < width
    if short:
        warn(
            RepairWarning,
            f"Rows of {file!r} are shorter than its header: what is missing at the end was read as blank.",
            mend="look at these lines: a row that was cut off may have lost its place or type.",
        )


def _months(values: pd.Series, file: str) -> npt.NDArray[np.int64]:
    """Return months counted from year 0; each of the few months that there are is read once."""
    written = values.cat.categories
    dates = pd.to_datetime(pd.Series(written, dtype=object), format="%Y-%m", errors="coerce")
    if dates.isna().any():
        raise InputError(
            f"Months of {file!r} are not written as YYYY-MM.",
            f"values: {listed(written[dates.isna()])}",
            mend='write months as in "2018-03".',
        )
    numbers = (12 * dates.dt.year + dates.dt.month - 1).to_numpy(dtype=np.int64)
    by_row: npt.NDArray[np.int64] = np.append(numbers, 0)[values.cat.codes]
    return by_row


def _refuse_swapped(x: Floats, y: Floats, file: str) -> None:
    swapped = (x > 49) & (x < 61) & (y > -9) & (y < 2)
    if x.size and swapped.mean() > 0.5:
        raise CRSError(
            f"Longitude and latitude look swapped in {file!r}.",
            f"the first: Longitude {x[swapped][0]}, Latitude {y[swapped][0]}",
            mend="rename the two columns of the file.",
        )


def _not_text(file: str, reason: str) -> InputError:
    return InputError(
        f"{file!r} is not text in UTF-8, as data.police.uk publishes it.",
        reason,
        mend="save it as 'CSV UTF-8'.",
    )


def _misfit(file: str, fact: str) -> InputError:
    return InputError(
        f"{file!r} is not a readable CSV file: its rows do not fit its header.",
        fact,
        mend="look at that line in a text editor: an extra comma or an open quote shifts columns.",
    )
