"""`describe_incidents`: what was found in the files, by theme."""

import pandas as pd

from wardmap import schema

TOTAL = "total"


def describe_incidents(incidents: pd.DataFrame) -> pd.DataFrame:
    """Say what was found in the files: rows, places, repeats and dates of each theme.

    Answers: is this what I meant to read? Before wards are assigned; `ledger` accounts for the rows
    afterwards, and `completeness` for the months.

    Parameters
    ----------
    incidents
        The incidents table.

    Returns
    -------
    DataFrame
        Index `theme`, `total` last: `read`, `located`, `no_location`, `invalid`, `duplicate` (rows; the
        middle three sum to `read`), `located_share` (0 to 1), `date_first` and `date_last` (null where
        none is known).

    Raises
    ------
    MissingColumnError
        This is not an incidents table.

    Examples
    --------
    >>> import wardmap as wm
    >>> found = wm.read.describe_incidents(wm.read_incidents(wm.demo.extract()))
    >>> found.loc["Anti-social behaviour", "located_share"].item()
    1.0
    """
    schema.require(incidents, schema.INCIDENTS, ["theme", "location", "duplicate", "date"])
    whole = incidents.assign(theme=TOTAL)
    found = pd.concat([_by_theme(incidents), _by_theme(whole)])
    found.insert(5, "located_share", found["located"] / found["read"])
    schema.check(found, schema.FOUND)
    return found


def _by_theme(incidents: pd.DataFrame) -> pd.DataFrame:
    place = incidents["location"].astype(object)
    rows = pd.DataFrame(
        {
            "read": 1,
            **{name: (place == name).astype("int64") for name in ("located", "no_location", "invalid")},
            "duplicate": incidents["duplicate"].astype("int64"),
        }
    )
    theme = incidents["theme"].astype(object).rename("theme")
    dates = incidents.groupby(theme)["date"].agg(["min", "max"]).set_axis(["date_first", "date_last"], axis=1)
    return rows.groupby(theme).sum().join(dates)
