"""`area_baseline`: where a place starts from, ward by ward and as a whole, theme by theme."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError
from wardmap.method import Method
from wardmap.priority.chosen_wards import checked_codes, left_out, ward_names
from wardmap.stats.intervals import BYAR_FROM, poisson_limits
from wardmap.stats.ratios import known, ratio, set_to_rest, share_of

REST, DISTRICT = "Rest of the district", "District"
_CONFIDENCE = 0.95


def area_baseline(
    table: pd.DataFrame,
    *,
    name: str,
    ward_codes: Sequence[str],
    period: str | None = None,
    per: float = 1_000,
    into: str = "baseline",
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
    into
        The name of the columns, so that the baseline of another period can stand beside it.

    Returns
    -------
    DataFrame
        Index `theme`, `place` (each ward's name and code, the area, `Rest of the district`,
        `District`): `incidents`, `population`, `rate`, `rate_lower`, `rate_upper` (per `per` people;
        null without people), `share_incidents`, `share_population` (of the district, 0 to 1),
        `ratio_rest` (the place's rate over that of the rest of the district without it; infinite where
        the rest has no incident, null for the district), `baseline_method`. Wards whose people are not
        known are in no rest and in no sum, and `baseline_method` names them.

    Raises
    ------
    InputError
        No ward, a ward twice, an unknown code, or an area that is the whole district.

    Notes
    -----
    Limits are those of `add_rates`: Byar's, exact below ten incidents (95%). A ward's `ratio_rest` leaves
    out that ward only, the area's leaves out the area. The wards were chosen: compare the area with
    itself in later years, and with the rest, not with chance. What was chosen for being high tends to
    fall by itself.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", code) for code in ("E05000001", "E05000002", "E05000003")]
    >>> table = pd.DataFrame(
    ...     {"ward_name": ["Quay", "Hill", "Moor"], "incidents": [80, 30, 20], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> docks = ["E05000001", "E05000002"]
    >>> wm.priority.area_baseline(table, name="Docks", ward_codes=docks)["rate"].round(1)
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
    rows = [schema.select(table, theme, period) for theme in themes]
    shown = rows[0].index[0][1]
    rows = [of.droplevel(["theme", "period"]) for of in rows]
    packs = [_of_theme(of, name, ward_codes, per) for of in rows]
    lost = [left_out(of) for of in rows]
    method = Method(
        f"Baseline of {name}, {shown}: rates per {per:,g} people",
        confidence=_CONFIDENCE,
        interval=f"by Byar's method, exact Poisson below {BYAR_FROM}",
        notes=("ratio_rest leaves the place itself out of the rest",),
    )
    sentences = np.repeat([method.sentence() + words for words in lost], [len(pack) for pack in packs])
    found = pd.concat(packs, keys=themes, names=["theme", "place"])
    columns = schema.named(found, into, root="baseline")
    return schema.write(found[[]], into, columns, sentences, root="baseline")


def _of_theme(rows: pd.DataFrame, name: str, ward_codes: Sequence[str], per: float) -> pd.DataFrame:
    names = ward_names(rows)
    codes = checked_codes(ward_codes, names, f"Area {name!r}")
    if len(codes) == len(rows):
        raise InputError(f"Area {name!r} is the whole district, so there is no rest.", f"wards: {len(codes)}")
    recorded, residents = (
        rows[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in ("incidents", "population")
    )
    counts, people = known(recorded, residents)
    inside = rows.index.isin(codes)
    sets = [*(rows.index == code for code in codes), inside, ~inside, np.ones(len(rows), dtype=bool)]
    each = set_to_rest(counts, people, np.stack(sets))
    lived_in = np.where(each.people > 0, each.people, np.nan)
    own = np.append(recorded[rows.index.get_indexer(pd.Index(codes))], each.incidents[len(codes) :])
    lower, upper = poisson_limits(each.incidents, _CONFIDENCE)
    return pd.DataFrame(
        {
            "incidents": pd.array(own, dtype="Int64"),
            "population": lived_in,
            "rate": per * each.incidents / lived_in,
            "rate_lower": per * lower / lived_in,
            "rate_upper": per * upper / lived_in,
            "share_incidents": np.where(
                each.people > 0, share_of(each.incidents, each.whole_incidents), np.nan
            ),
            "share_population": lived_in / each.whole_people,
            "ratio_rest": ratio(each),
        },
        index=[*(f"{names[code]} ({code})" for code in codes), name, REST, DISTRICT],
    )
