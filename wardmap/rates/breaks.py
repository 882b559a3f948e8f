"""Breaks in recording: from which period on counts of a theme mean something else."""

from collections.abc import Mapping, Sequence

import pandas as pd

from wardmap.errors import InputError, listed
from wardmap.stats.time_order import in_time_order

Breaks = Mapping[str, Sequence[str]]
"""For each theme, the periods that are the first of a new way of recording."""


def in_order(table: pd.DataFrame) -> list[str]:
    """Return the table's periods in order of time."""
    return in_time_order(str(label) for label in table.index.unique("period"))


def check_breaks(breaks: Breaks | None, table: pd.DataFrame) -> dict[str, set[str]]:
    """Return the breaks of each theme; raise where one names a theme or a period that is not there."""
    given = {str(theme): set(map(str, periods)) for theme, periods in (breaks or {}).items()}
    themes, periods = set(map(str, table.index.unique("theme"))), in_order(table)
    unknown = sorted(set(given) - themes) + sorted(set().union(*given.values()) - set(periods))
    if unknown:
        raise InputError(
            "A break names a theme or a period that the table does not have.",
            f"not found: {listed(unknown)}",
            f"periods of the table: {listed(periods)}",
            mend='breaks={"Violence with injury": ["2017/18"]}: the first period of the new recording.',
        )
    return given
