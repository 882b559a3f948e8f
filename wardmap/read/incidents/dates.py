"""Dates as sources write them: in the format given, or one that all of them fit; never American unasked."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.errors import InputError, Use, counted, listed

DAY_FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%d-%m-%y",
    "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y",
)  # fmt: skip
MONTH_FORMATS = ("%Y-%m", "%m/%Y", "%b %Y", "%B %Y", "%b-%y")

_AMERICAN = {"%d/%m/%Y": "%m/%d/%Y", "%d-%m-%Y": "%m-%d-%Y", "%d/%m/%y": "%m/%d/%y", "%d-%m-%y": "%m-%d-%y"}
_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|[AaPp][Mm])?)$"

Dates = npt.NDArray[np.datetime64]


def read_dates(values: pd.Series, date_format: str | None, name: str) -> tuple[Dates, str, str]:
    """Return the days (or first days of months), `day` or `month`, and the format in words.

    Times of day are passed over. Blank stays null; anything else that is no date is an error, and so
    are dates that could be read day first or month first with different results.
    """
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        stamps = values.dt.tz_localize(None)
        return stamps.dt.normalize().to_numpy("datetime64[us]"), "day", "dates as the file holds them"
    code_of, distinct = pd.factorize(values)
    text = pd.Series([str(value).strip() for value in distinct], dtype=object)
    text = text.mask(text == "")
    if date_format is not None:
        found = pd.to_datetime(text, format=date_format, errors="coerce")
        chosen = date_format
    else:
        text = text.str.replace(_TIME, "", regex=True).str.strip()
        chosen, found = _detect(text, name)
    unreadable = found.isna() & text.notna()
    if unreadable.any():
        raise InputError(
            f"{counted(int(np.isin(code_of, np.flatnonzero(unreadable)).sum()), 'date')} in {name!r} "
            f"cannot be read as {chosen}.",
            f"values: {listed(text[unreadable])}",
            mend=("correct them, leave them blank, or give another format:", _use("%d/%m/%Y")),
        )
    precision = "day" if re.search(r"%[djxc]", chosen) else "month"
    days = found.dt.tz_localize(None).dt.normalize().to_numpy("datetime64[us]")
    return np.append(days, np.datetime64("NaT"))[code_of], precision, f"dates as {chosen}"


def from_parts(parts: pd.DataFrame, name: str) -> tuple[Dates, str, str]:
    """Do as `read_dates` does for columns `year`, `month` and perhaps `day`."""
    numbers = parts.apply(pd.to_numeric, errors="coerce")
    precision = "day" if "day" in parts else "month"
    dates = pd.to_datetime(numbers.assign(day=numbers.get("day", 1)), errors="coerce")
    unreadable = dates.isna() & parts.notna().any(axis=1)
    if unreadable.any():
        raise InputError(
            f"{counted(int(unreadable.sum()), 'row')} of {name!r} whose year, month and day make no date.",
            f"values: {listed(parts[unreadable].astype(str).agg('-'.join, axis=1).unique())}",
            mend="correct them, or leave all of them blank.",
        )
    return dates.to_numpy("datetime64[us]"), precision, f"dates from {', '.join(map(str, parts))}"


def _detect(text: pd.Series, name: str) -> tuple[str, Any]:
    """Return the first format that every value fits, and the dates."""
    given = text.dropna()
    if given.empty:
        return "blank", pd.to_datetime(text)
    best, fits = "", -1
    for candidate in (*DAY_FORMATS, *MONTH_FORMATS):
        if not _looks_like(candidate, given.iloc[0]):
            continue
        found = pd.to_datetime(text, format=candidate, errors="coerce")
        if found[text.notna()].notna().all():
            _refuse_ambiguous(candidate, text, found, name)
            return candidate, found
        if int(found.notna().sum()) > fits:
            best, fits = candidate, int(found.notna().sum())
    american = _AMERICAN.get(best)
    if american and pd.to_datetime(given, format=american, errors="coerce").notna().all():
        raise InputError(
            f"The dates in {name!r} look American: they are dates only if the month comes first.",
            f"values: {listed(given)}",
            mend=(_use(american), ", if you know it to be so."),
        )
    if not best:
        raise InputError(
            f"The format of the dates in {name!r} is not known.",
            f"values: {listed(given)}",
            mend=("say it:", _use("%d/%m/%Y"), "; the letters are those of strftime."),
        )
    return best, pd.to_datetime(text, format=best, errors="coerce")


def _use(date_format: str) -> Use:
    return Use("read_incidents", "date_format", date_format)


def _looks_like(candidate: str, value: str) -> bool:
    """Pass over formats of another shape: strptime would take `2018-03-01` for `%Y-%m` and the like."""
    widths = {
        "%Y": r"\d{4}",
        "%y": r"\d{2}",
        "%m": r"\d{1,2}",
        "%d": r"\d{1,2}",
        "%b": "[A-Za-z]{3}",
        "%B": "[A-Za-z]{3,9}",
    }
    pattern = re.sub("%[a-zA-Z]", lambda mark: widths[mark[0]], re.escape(candidate).replace(r"\%", "%"))
    if candidate == "%Y%m%d":
        pattern = r"\d{8}"
    return re.fullmatch(pattern, value) is not None


def _refuse_ambiguous(candidate: str, text: pd.Series, found: Any, name: str) -> None:
    american = _AMERICAN.get(candidate)
    if american is None:
        return
    other = pd.to_datetime(text, format=american, errors="coerce")
    given = text.notna()
    if other[given].notna().all() and (other[given] != found[given]).any():
        raise InputError(
            f"The dates in {name!r} can be read two ways: no day is above 12.",
            f"values: {listed(text[given])}",
            mend=(_use(candidate), "(day first) or", _use(american), "(month first)."),
        )
