"""Which tests were made for each theme and period: a rule and its reasons speak of no other."""

import pandas as pd

_KEYS = ["theme", "period"]
_COLUMNS = {"scan": "scan_p", "gi_star": "gi_q", "stability": "rank_top"}

WORDS = {"scan": "the scan for clusters", "gi_star": "Gi*", "stability": "the stability of ranks"}


def tests_made(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each row of a ward table whether `scan`, `gi_star` and `stability` were worked out.

    A ward in no cluster has no p of its own; where no ward of a theme and period has one, no test was made.
    """
    never = pd.Series(False, index=table.index)  # noqa: FBT003 - a value
    return pd.DataFrame(
        {
            test: table[column].notna().groupby(level=_KEYS).transform("any") if column in table else never
            for test, column in _COLUMNS.items()
        }
    )
