"""Counted incidents: a table with a row for many incidents that are alike, and how many in `rows`.

What `count_files` returns, and what a large frame comes down to before it is counted by period. Such a
table takes the place of an incidents table wherever rows are only counted.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.themes import FLAGS

ALIKE = ("theme", "date", "date_precision", "ward_code", "match", *FLAGS)
"""The columns by which incidents are counted, where they are there."""


def times(incidents: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return how many incidents each row stands for: 1, unless the table is a counted one.

    Examples
    --------
    >>> import pandas as pd
    >>> times(pd.DataFrame({"theme": ["Burglary", "Robbery"]})).tolist()
    [1, 1]
    >>> times(pd.DataFrame({"theme": ["Burglary", "Robbery"], "rows": [20, 3]})).tolist()
    [20, 3]
    """
    if "rows" in incidents.columns:
        return incidents["rows"].to_numpy(dtype=np.int64)
    return np.ones(len(incidents), dtype=np.int64)


def is_dask(incidents: Any) -> bool:
    """Return whether this is a Dask frame, without loading Dask to know."""
    return type(incidents).__module__.startswith("dask.")


def condense(incidents: Any, by: Sequence[str]) -> pd.DataFrame:
    """Compute a Dask frame down to a counted table: one row for all incidents that are alike.

    Each partition is counted where it lies, and counts are added up in a tree, so that no machine
    ever holds more than a few of them.
    """
    wanted = incidents[[name for name in by if name in incidents.columns]]
    counted: pd.DataFrame = wanted.reduction(_count, aggregate=_count, split_every=8).compute()
    return counted.reset_index(drop=True)


def _count(rows: pd.DataFrame) -> pd.DataFrame:
    by = [name for name in rows.columns if name != "rows"]
    alike = rows.assign(rows=times(rows)).groupby(by, observed=True, dropna=False, sort=False)
    return alike["rows"].sum().reset_index()
