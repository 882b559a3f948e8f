"""What the columns of a copy are called, which `into=` makes beside the group that it is a copy of."""

from collections.abc import Mapping
from typing import Any

import pandas as pd


def named(columns: Mapping[str, Any] | pd.DataFrame, into: str, *, root: str) -> dict[str, Any]:
    """Return columns of the group `root` under the names that they have in the copy `into`.

    What begins with the root begins with the copy's name instead; what does not, gets it in front. So any
    statistic can be made twice, and `schema.column` finds what each column is a copy of.

    Examples
    --------
    >>> list(named({"ratio": 1, "ratio_lower": 0.5, "status": "Above"}, "england", root="ratio"))
    ['england', 'england_lower', 'england_status']
    >>> list(named({"trend_p": 0.1}, "trend", root="trend"))
    ['trend_p']
    """
    begin = f"{root}_"
    names = [str(name) for name in columns]
    if into != root:
        names = [into if name == root else f"{into}_{name.removeprefix(begin)}" for name in names]
    return {name: values for name, (_, values) in zip(names, columns.items(), strict=True)}
