"""`ledger`: where every row went. It always balances."""

import pandas as pd

from wardmap import schema

TOTAL = "total"


def ledger(incidents: pd.DataFrame) -> pd.DataFrame:
    """Account for every row read: how many are in a ward, and how many are not, and why.

    Answers: what do the counts leave out? A theme that is rarely given a place is undercounted in
    every ward, and unevenly.

    Parameters
    ----------
    incidents
        The incidents table after `assign_wards`.

    Returns
    -------
    DataFrame
        Index `theme`, `total` last: `read`, `duplicate`, `within`, `edge`, `lookup`, `outside`,
        `no_location`, `invalid` (rows). The parts sum to `read` in every line.

    Raises
    ------
    MissingColumnError
        Wards have not been assigned yet.

    Examples
    --------
    >>> import wardmap as wm
    >>> incidents = wm.read_incidents(wm.demo.extract())
    >>> incidents = wm.assign_wards(incidents, wm.read_wards(wm.demo.wards_file()))
    >>> int(wm.ledger(incidents).loc["Anti-social behaviour", "no_location"])
    0
    """
    schema.require(incidents, schema.INCIDENTS, ["theme", "match"])
    match = pd.Categorical(incidents["match"], categories=schema.MATCHES)
    book = pd.crosstab(incidents["theme"].astype(object), match, dropna=False)
    book = book.reindex(columns=schema.MATCHES, fill_value=0).sort_index().astype("int64")
    book.loc[TOTAL] = book.sum()
    book.insert(0, "read", incidents["theme"].value_counts(dropna=False).reindex(book.index))
    book.loc[TOTAL, "read"] = len(incidents)
    book = book.astype("int64").rename_axis(index="theme", columns=None)
    parts = book[list(schema.MATCHES)].sum(axis=1)
    if not (parts == book["read"]).all():  # a row with a theme or a match that is null
        raise AssertionError(f"the ledger does not balance: {book[parts != book['read']]}")
    return book[schema.LEDGER.names()]
