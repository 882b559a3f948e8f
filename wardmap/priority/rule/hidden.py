"""Who hides behind whom: wards that are above the rest once those far above all others leave it."""

import numpy as np
import pandas as pd

from wardmap.stats import beta_binomial
from wardmap.stats.stepped import passing, stepped_rest

MOST_WARDS = 250
"""Districts with more wards are not stepped through: one ward cannot hide so many others."""

_KEYS = ["theme", "period"]


def hidden_by(table: pd.DataFrame, above: pd.Series, *, min_ratio: float) -> pd.Series:
    """Return for each ward the codes of those that hide it, joined by spaces; "" where none does.

    The highest ward that is above and large leaves the rest of the others, and so on, at most a third of
    the wards; then every ward is held against what is left, at the level that the flags were given at.
    """
    found = pd.Series("", index=table.index, dtype=object)
    p = table["ratio_p_above"].where(above)
    for _, part in table[["incidents", "population", "ratio_phi"]].groupby(level=_KEYS, sort=False):
        level = p.reindex(part.index).max()
        if np.isnan(level) or len(part) > MOST_WARDS:
            continue
        rows = part.sort_index(level="ward_code")
        people = rows["population"].to_numpy(dtype=np.float64, na_value=np.nan)
        counts = rows["incidents"].where(people > 0).to_numpy(dtype=np.float64, na_value=np.nan)
        phi = rows["ratio_phi"].fillna(1.0).to_numpy(dtype=np.float64)
        stepped = stepped_rest(counts, people, passing(phi=phi, size=min_ratio, level=level))
        if not (stepped.step > 0).any():
            continue
        again = beta_binomial.tails(counts, stepped.total, stepped.share, phi).mid_at_least
        codes = rows.index.get_level_values("ward_code")
        out = " ".join(
            codes[np.argsort(np.where(stepped.step > 0, stepped.step, len(rows)))][: (stepped.step > 0).sum()]
        )
        hid = (again <= level) & (stepped.step == 0) & ~above.reindex(rows.index).to_numpy(dtype=bool)
        found.loc[rows.index[hid]] = out
    return found
