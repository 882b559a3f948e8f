"""`area_baseline`: where a place starts from, ward by ward and as a whole, theme by theme."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError
from wardmap.method import percent
from wardmap.priority.chosen_wards import checked_codes, ward_names
from wardmap.stats import ratios
from wardmap.stats.intervals import poisson_limits

REST, DISTRICT = "Rest of the district", "District"
_CONFIDENCE = 0.95


def area_baseline(
    table: pd.DataFrame,
    *,
    name: str,
    ward_codes: Sequence[str],
    period: str | None = None,
    per: float = 1_000,
) -> pd.DataFrame:
    """Put together the baseline that an area is tracked against: its wards, the whole, and the rest.

    Answers: what do we sign as the starting point, for each theme, before anything is done?

    Parameters
    ----------
    table
        The ward table with `incidents` and `population`, every theme of which is reported.
    name
        What the area is called.
    ward_codes
        Its wards, by code.
    period
        The baseline period; the last when left out.
    per
        The number of people that rates are for.

    Returns
    -------
    DataFrame
        Index `theme`, `place` (each ward's name and code, the area, `Rest of the district`,
        `District`): `incidents`, `population`, `rate`, `rate_lower`, `rate_upper` (per `per` people;
        null without people), `share_incidents`, `share_population` (of the district, 0 to 1),
        `ratio_rest` (the place's rate over that of the rest of the district without it; null for the
        district), `baseline_method`.

    Raises
    ------
    InputError
        No ward, a ward twice, an unknown code, or an area that is the whole district.

    Notes
    -----
    Limits are 95% ones, by Byar's method and exact below ten incidents, as `add_rates` has them. A ward
    whose people are not known counts among `incidents`, and is in no rate and in no ratio. A ward's
    `ratio_rest` leaves out that ward only, the area's leaves out the area. The wards were chosen: compare
    the area with itself in later years, and with the rest, not with chance. What was chosen for being high
    tends to fall by itself.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", code) for code in ("E05000001", "E05000002", "E05000003")]
    >>> table = pd.DataFrame(
    ...     {"ward_name": ["Quay", "Hill", "Moor"], "incidents": [80, 30, 20], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> wm.priority.area_baseline(table, name="Docks", ward_codes=["E05000001", "E05000002"])["rate"].round(1)
    theme  place
    ASB    Quay (E05000001)        80.0
           Hill (E05000002)        30.0
           Docks                   55.0
           Rest of the district    20.0
           District                43.3
    Name: rate, dtype: float64
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    schema.refuse_halo(table, "A baseline")
    themes = list(dict.fromkeys(table.index.get_level_values("theme")))
    packs = [_of_theme(schema.select(table, theme, period), name, ward_codes, per) for theme in themes]
    found = pd.concat(packs, keys=themes, names=["theme", "place"])
    shown = schema.select(table, themes[0], period).index[0][1]
    return schema.write(
        found,
        "baseline",
        {},
        f"Baseline of {name}, {shown}: rates per {per:,g} people, {percent(_CONFIDENCE)} limits by Byar's "
        "method, exact below ten; ratio_rest leaves the place itself out of the rest; wards whose people are "
        "not known are in no rate and in no ratio.",
    )


def _of_theme(rows: pd.DataFrame, name: str, ward_codes: Sequence[str], per: float) -> pd.DataFrame:
    rows = rows.droplevel(["theme", "period"])
    names = ward_names(rows)
    codes = checked_codes(ward_codes, names, f"Area {name!r}")
    if len(codes) == len(rows):
        raise InputError(f"Area {name!r} is the whole district, so there is no rest.", f"wards: {len(codes)}")
    inside = rows.index.isin(codes)
    sets = {f"{names[code]} ({code})": rows.index == code for code in codes}
    sets |= {name: inside, REST: ~inside, DISTRICT: np.ones(len(rows), dtype=bool)}
    count, people = (
        rows[column].to_numpy(dtype=float, na_value=np.nan) for column in ("incidents", "population")
    )
    parts = ratios.set_to_rest(count, people, np.array(list(sets.values())))
    held, lived = parts.incidents, parts.people
    lived = np.where(lived > 0, lived, np.nan)
    recorded = np.array([np.nansum(count[which]) for which in sets.values()])
    lower, upper = poisson_limits(held, _CONFIDENCE)
    return pd.DataFrame(
        {
            "incidents": recorded.astype("int64"),
            "population": lived,
            "rate": per * held / lived,
            "rate_lower": per * lower / lived,
            "rate_upper": per * upper / lived,
            "share_incidents": ratios.share_of(recorded, recorded[-1]),
            "share_population": ratios.share_of(parts.people, parts.whole_people),
            "ratio_rest": ratios.ratio(parts),
        },
        index=list(sets),
    )
