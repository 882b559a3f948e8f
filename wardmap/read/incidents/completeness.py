"""`completeness`: which months of which source are on file, and which look as if rows were lost."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import IncompleteWarning, InputError, Use, counted, first_lines, warn
from wardmap.formats.police import force_of

LOW = 0.25
"""A month with less than this share of its source's usual number of rows is called low."""

_AT_ONCE = 1 << 19  # rows: of millions, all at once would take more memory than the table does

STATUSES = ("complete", "low", "missing")


def completeness(incidents: pd.DataFrame) -> pd.DataFrame:
    """Show which months of which source are on file, and which hold far fewer rows than usual.

    Answers: can these files be counted by period at all? A force that sent a tenth of its rows for a
    month looks like a fall in crime, and a month that is not there looks like none.

    Parameters
    ----------
    incidents
        The incidents table. The monthly files of one police force are one source.

    Returns
    -------
    DataFrame
        Index `source` (the force, or the file), `month` (first day), from the first month of any
        source to the last: `rows` (whole number), `usual` (median rows of the source's other months
        that have any; null where there is no other) and `status` (`complete`, `low`, `missing`).

    Raises
    ------
    InputError
        No row has a date.
    MissingColumnError
        This is not an incidents table.

    Notes
    -----
    `low` is under a quarter of the usual. Do not read it as proof: a small source varies by that
    much. Within a month rows may be missing that nothing here can show.

    Examples
    --------
    >>> import wardmap as wm
    >>> months = wm.read.completeness(wm.read_incidents(wm.demo.extract()))
    >>> months["status"].value_counts()["complete"].item()
    36
    """
    schema.require(incidents, schema.INCIDENTS, ["date", "source"])
    if not incidents["date"].notna().any():
        raise InputError(
            "No row has a date, so no month can be told.",
            mend=Use("read_incidents", "columns", {"date": "..."}),
        )
    source = incidents["source"].astype("category").cat
    names = [force_of(str(file)) or str(file) for file in source.categories]
    sources = sorted(set(names))
    months = pd.period_range(incidents["date"].min(), incidents["date"].max(), freq="M").to_timestamp()
    source_of = np.searchsorted(sources, names) * len(months)
    dates, first = incidents["date"].to_numpy(), months[0].to_numpy().astype("datetime64[M]")
    found = np.zeros(len(sources) * len(months), dtype=np.int64)
    for start in range(0, len(incidents), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        month = (dates[part].astype("datetime64[M]") - first).astype(np.int64)
        code = source.codes.to_numpy()[part]
        known = ~np.isnat(dates[part]) & (code >= 0)
        found += np.bincount(source_of[code[known]] + month[known], minlength=len(found))
    rows = found.reshape(len(sources), len(months))
    usual = _usual(rows)
    index = pd.MultiIndex.from_product([sources, months], names=schema.COMPLETENESS.index)
    table = pd.DataFrame({"rows": rows.ravel(), "usual": usual.ravel()}, index=index)
    status = np.where(rows == 0, 2, usual * LOW > rows)
    table["status"] = pd.Categorical.from_codes(status.ravel(), categories=pd.Index(STATUSES))
    schema.check(table, schema.COMPLETENESS)
    return table


def warn_of_gaps(incidents: pd.DataFrame) -> None:
    """Warn of months that are missing or low, naming them."""
    if incidents["date"].notna().any():
        table = completeness(incidents)
        for status, words in (("missing", "without a row"), ("low", "with far fewer rows than usual")):
            rows = table[table["status"] == status]
            if len(rows):
                facts = [f"{name}: {_months(group)}" for name, group in rows.groupby(level="source")]
                warn(
                    IncompleteWarning,
                    f"{counted(len(rows), 'month')} {words}, between the first month on file and the last.",
                    *first_lines(facts),
                    mend="download them; wm.read.completeness(incidents) shows all of them.",
                )


def _usual(rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Return for each source and month the median of the source's other months that have rows."""
    usual = np.full(rows.shape, np.nan)
    for source, counts in enumerate(rows):
        there = np.flatnonzero(counts)
        if there.size:
            usual[source] = np.median(counts[there])
            usual[source, there] = np.nan
        if there.size > 1:
            others = np.tile(counts[there], (there.size, 1))[~np.eye(there.size, dtype=bool)]
            usual[source, there] = np.median(others.reshape(there.size, -1), axis=1)
    return usual


def _months(rows: pd.DataFrame) -> str:
    """Name months, runs of them by their first and last: `2018-04 to 2018-09, 2018-12`."""
    months = pd.DatetimeIndex(rows.index.get_level_values("month")).to_period("M")
    run = np.cumsum(np.diff(months.astype("int64"), prepend=months[0].ordinal) > 1)
    ends = [(months[run == i][0], months[run == i][-1]) for i in range(run[-1] + 1)]
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in ends)
