"""Who hides behind whom: wards that are above the rest once those far above all others leave it."""

import numpy as np
import pandas as pd

from wardmap.stats import beta_binomial
from wardmap.stats.stepped import passing, stepped_rest

MOST_WARDS = 250
"""Districts with more wards are not stepped through: one ward cannot hide so many others."""

_KEYS = ["theme", "period"]


def hidden_by(table: pd.DataFrame, above: pd.Series, *, min_ratio: float, max_q: float) -> pd.Series:
    """Return for each ward the codes of those that hide it, joined by spaces; "" where none does.

    The highest ward that is above and large leaves the rest of the others, and so on, at most a third of
    the wards. Then every ward that is not above is held against the rest without those that left it and
    are above anyway, so that "without Burton, Anglesey would be above" is true as it stands. The level is
    that at which one more finding would be called above in its period: `max_q` times one more than are
    above, over all tests.
    """
    found = pd.Series("", index=table.index, dtype=object)
    periods = above.groupby(level="period")
    tests = table["ratio_p_above"].notna().groupby(level="period").transform("sum")
    levels = max_q * (periods.transform("sum") + 1) / tests.where(tests > 0)
    any_above = above.groupby(level=_KEYS).transform("any")
    for _, part in table[["incidents", "population", "ratio_phi"]].groupby(level=_KEYS, sort=False):
        if not any_above.loc[part.index[0]] or len(part) > MOST_WARDS:
            continue
        level = float(levels.loc[part.index[0]])
        rows = part.sort_index(level="ward_code")
        people = rows["population"].to_numpy(dtype=np.float64, na_value=np.nan)
        counts = rows["incidents"].where(people > 0).to_numpy(dtype=np.float64, na_value=np.nan)
        phi = rows["ratio_phi"].fillna(1.0).to_numpy(dtype=np.float64)
        stepped = stepped_rest(counts, people, passing(phi=phi, size=min_ratio, level=level))
        seen = above.reindex(rows.index).to_numpy(dtype=bool)
        out = np.flatnonzero((stepped.step > 0) & seen)
        inside = (people > 0) & ~np.isnan(counts)
        inside[out] = False
        if not out.size or inside.sum() < 2:
            continue
        total, share = counts[inside].sum(), np.where(inside, people, np.nan) / people[inside].sum()
        again = beta_binomial.tails(counts, total, share, phi).mid_at_least
        codes = rows.index.get_level_values("ward_code")
        found.loc[rows.index[(again <= level) & inside & ~seen]] = " ".join(
            codes[out[np.argsort(stepped.step[out])]]
        )
    return found
