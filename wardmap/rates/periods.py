"""Periods of time: which one each incident falls in, and how much of each is on file."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.errors import InputError, listed

Period = Literal["all", "year", "financial year", "quarter", "month"]
CustomPeriods = Mapping[str, tuple[str, str]]

_MONTHS_IN = {"year": 12, "financial year": 12, "quarter": 3, "month": 1}


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods in order of time, each row's position among them (-1: in none), and what is on file."""

    labels: list[str]
    of_row: npt.NDArray[np.intp]
    months: list[int]
    complete: list[bool]
    words: str


def periods(dates: pd.Series, precision: pd.Series, period: Period | CustomPeriods) -> Periods:
    """Divide time as `period` says; a period is complete when every month that it touches is on file."""
    month_of = dates.dt.year * 12 + dates.dt.month - 1
    on_file = np.sort(month_of.dropna().unique()).astype(int)
    if not len(on_file):
        raise InputError(
            "No incident has a date, so there is no period to count in.",
            f"rows without one: {len(dates):,}",
            mend='wm.read_incidents(..., columns={"date": "..."})',
        )
    if isinstance(period, Mapping):
        return _custom(dates, precision, period, on_file)
    if period not in get_args(Period):
        raise InputError(
            f"There is no period {period!r}.",
            mend=f"by_period= one of {', '.join(get_args(Period))}, or a dict of label: (start, end)",
        )
    return _calendar(month_of, period, on_file)


def _calendar(month_of: pd.Series, period: Period, on_file: npt.NDArray[np.int_]) -> Periods:
    whole = _span(on_file) if period == "all" else ""
    label_of = {month: whole or _label(month, period) for month in on_file}
    labels = list(dict.fromkeys(label_of.values()))
    position = month_of.map({month: labels.index(label) for month, label in label_of.items()})
    months = [list(label_of.values()).count(label) for label in labels]
    needed = _MONTHS_IN.get(period, on_file[-1] - on_file[0] + 1)
    words = {"all": "over all months on file", "financial year": "by financial year (April to March)"}
    return Periods(
        labels,
        position.fillna(-1).to_numpy(dtype=np.intp),
        months,
        [bool(number == needed) for number in months],
        words.get(period, f"by {period}"),
    )


def _custom(
    dates: pd.Series, precision: pd.Series, periods: CustomPeriods, on_file: npt.NDArray[np.int_]
) -> Periods:
    """Use the user's periods, both ends within; days need dates that are precise to the day."""
    spans = {str(label): _ends(label, start, end) for label, (start, end) in periods.items()}
    spans = dict(sorted(spans.items(), key=lambda item: item[1]))
    _refuse_overlaps(spans)
    if (precision == "month").any():
        _refuse_split_months(spans)
    of_row = np.full(len(dates), -1, dtype=np.intp)
    months, complete = [], []
    for position, (label, (first, last)) in enumerate(spans.items()):
        of_row[dates.between(first, last).to_numpy()] = position
        touched = np.arange(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        found = int(np.isin(touched, on_file).sum())
        if not found:
            raise InputError(
                f"Period {label!r} has no month on file, so its counts would be false zeros.",
                f"on file: {_span(on_file)}",
                mend="leave it out, or read the files of its months.",
            )
        months.append(found)
        complete.append(found == len(touched))
    return Periods(list(spans), of_row, months, complete, f"in {len(spans)} given periods")


def _ends(label: str, start: str, end: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    try:
        first, last = pd.Period(str(start)[:10]).start_time, pd.Period(str(end)[:10]).end_time
    except ValueError as error:
        raise InputError(
            f"The ends of period {label!r} are not dates.",
            f"given: {start!r}, {end!r}",
            mend='{"before": ("2016-04", "2017-03")}',
        ) from error
    if not first <= last:
        raise InputError(f"Period {label!r} ends before it begins.", f"given: {start!r}, {end!r}")
    return first, last


def _refuse_overlaps(spans: dict[str, tuple[pd.Timestamp, pd.Timestamp]]) -> None:
    if not spans:
        raise InputError("No period is given.", mend='by_period={"before": ("2016-04", "2017-03")}')
    ordered = list(spans.items())
    for (label, (_, end)), (other, (start, _)) in pairwise(ordered):
        if start <= end:
            raise InputError(
                "Two periods overlap, so an incident would be counted twice.",
                f"{label!r} ends on {end:%Y-%m-%d}, {other!r} begins on {start:%Y-%m-%d}",
                mend="make two tables, one of each.",
            )


def _refuse_split_months(spans: dict[str, tuple[pd.Timestamp, pd.Timestamp]]) -> None:
    split = [
        label
        for label, (first, last) in spans.items()
        if first.day != 1 or last.day != last.days_in_month
    ]  # fmt: skip
    if split:
        raise InputError(
            "Some dates are known to the month only, and a period begins or ends within one.",
            f"periods: {listed(split)}",
            mend='whole months: {"before": ("2016-04", "2017-03")}',
        )


def _span(months: npt.NDArray[np.int_]) -> str:
    """Name the whole time on file, and say how many months it has when some are missing."""
    first, last = _label(months[0], "month"), _label(months[-1], "month")
    if first == last:
        return first
    gaps = "" if len(months) == months[-1] - months[0] + 1 else f" ({len(months)} months on file)"
    return f"{first} to {last}{gaps}"


def _label(month: int, period: Period) -> str:
    """Name the period that holds a month, counted from year 0: 24,195 is 2016-04."""
    year, month_of_year = divmod(month, 12)
    if period == "year":
        return f"{year}"
    if period == "financial year":
        start = year if month_of_year >= 3 else year - 1
        return f"{start}/{(start + 1) % 100:02d}"
    if period == "quarter":
        return f"{year} Q{month_of_year // 3 + 1}"
    return f"{year}-{month_of_year + 1:02d}"
