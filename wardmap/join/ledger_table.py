"""`ledger`: where every row went. It always balances."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.counted import condense, is_dask, times
from wardmap.errors import InputError, listed
from wardmap.themes import NOT_RECORDED

TOTAL = "total"

By = Literal["theme", "month", "source"]


def ledger(incidents: pd.DataFrame, *, by: By = "theme") -> pd.DataFrame:
    """Account for every row read: how many are in a ward, and how many are not, and why.

    Answers: what do the counts leave out? A theme that is rarely given a place is undercounted in
    every ward, and unevenly; so is a month or a force whose file lost its places.

    Parameters
    ----------
    incidents
        The incidents table after `assign_wards`, a Dask frame after it (which is computed now), or what
        `count_files` returns.
    by
        `theme`, `month` (as in `2018-03`; rows without a date as `(not recorded)`) or `source`.

    Returns
    -------
    DataFrame
        Index `theme` (or `month`, or `source`), `total` last: `read`, `duplicate`, `within`, `edge`,
        `lookup`, `outside`, `no_location`, `invalid` (rows). The parts sum to `read` in every line.

    Raises
    ------
    MissingColumnError
        Wards have not been assigned yet.
    InputError
        `by` is none of the three.

    Examples
    --------
    >>> import wardmap as wm
    >>> incidents = wm.read_incidents(wm.demo.extract())
    >>> incidents = wm.assign_wards(incidents, wm.read_wards(wm.demo.wards_file()))
    >>> int(wm.ledger(incidents).loc["Anti-social behaviour", "no_location"])
    0
    """
    if by not in get_args(By):
        raise InputError(f"There is no ledger by {by!r}.", mend=f"by= one of {listed(get_args(By))}")
    column = "date" if by == "month" else by
    if is_dask(incidents):
        incidents = condense(incidents, [column, "match"])
    schema.require(incidents, schema.INCIDENTS, ["match", column])
    labels = incidents[column].dt.to_period("M") if by == "month" else incidents[column]
    line_of, lines = pd.factorize(labels.astype("category"), use_na_sentinel=False)
    match = pd.Categorical(incidents["match"], categories=schema.MATCHES).codes
    if (match < 0).any():
        raise AssertionError("the ledger does not balance: some rows have no match")
    width = len(schema.MATCHES)
    cells = np.bincount(line_of * width + match, times(incidents), len(lines) * width)
    names = [NOT_RECORDED if pd.isna(line) else str(line) for line in lines]
    book = pd.DataFrame(cells.reshape(-1, width), index=names, columns=list(schema.MATCHES))
    book = book.sort_index().astype("int64")
    book.loc[TOTAL] = book.sum()
    book["read"] = book.sum(axis=1)
    return book.rename_axis(index=by, columns=None)[schema.LEDGER.names()]
