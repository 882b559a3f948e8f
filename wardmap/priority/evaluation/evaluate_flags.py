"""`evaluate_flags`: how well last year's flags held what happened this year."""

from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import stats

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, listed
from wardmap.geometry.metric import in_metres
from wardmap.priority.chosen_wards import check_same_wards
from wardmap.stats.concentration import most_that_people_hold
from wardmap.stats.ratios import known
from wardmap.stats.regression_to_mean import Beyond, beyond_regression
from wardmap.stats.time_order import in_time_order

_CONFIDENCE = 0.95
_REGRESSION = ("ratio_now", "ratio_expected", "ratio_next", "beyond", "beyond_lower", "beyond_upper")


def evaluate_flags(
    table: pd.DataFrame, *, wards: gpd.GeoDataFrame | None = None, theme: str | None = None
) -> pd.DataFrame:
    """Score every period's flags on the next period, which the flags had not seen.

    Answers: did the wards that we chose hold what came next, better than other wards of the same size
    would have? And did they fall more than wards that are chosen for being high fall by themselves?

    Parameters
    ----------
    table
        The ward table after `flag_wards`, with two periods or more.
    wards
        The wards table, for the share of land.
    theme
        One theme; every theme of the table when left out.

    Returns
    -------
    DataFrame
        Index `theme`, `period` (flagged on): `scored_on` (the next period), `flagged` (priority wards),
        `hit_rate` (share of the next period's incidents that they held, 0 to 1), `share_population`,
        `share_area` (null without wards), `pai` (hit rate over share of population), `pai_area`,
        `pei` (hit rate over the best that so many people could have held, 0 to 1), `jaccard` (wards
        flagged in both periods over those flagged in either), `rank_correlation` (Spearman, of all
        wards' rates), `ratio_now`, `ratio_expected`, `ratio_next` (the flagged wards' rate over the
        district's: as flagged, as regression to the mean alone would leave it, and as it came),
        `beyond`, `beyond_lower`, `beyond_upper` (`ratio_next` over `ratio_expected`, 95%), `verdict`
        and `evaluation_method`. Null where nothing was flagged or nothing happened.

    Raises
    ------
    InputError
        Fewer than two periods: flags cannot be judged by the data that made them.
    AlignmentError
        The wards table lacks a ward of the table.

    Notes
    -----
    Rolling origin: flag on one period, score on the next. PAI is the predictive accuracy index
    (Chainey, Tompson and Uhlig 2008, doi:10.1057/palgrave.sj.8350066), here over people first, because
    a rural ward makes its area flattering. PEI (Hunt 2016) divides by the best possible set; wards differ
    in size, so that best is an upper bound (the highest rates first, the last ward in part). The
    expected ratio comes from the gamma-Poisson model of the flagged period alone. Everything is over the
    district's own rate, so that a rise or fall of the whole district does not count. A verdict is no
    proof of cause: other things change in the same wards.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", year, f"E0500000{n}") for year in ("2018", "2019") for n in (1, 2, 3)]
    >>> table = pd.DataFrame(
    ...     {"incidents": [80, 30, 20, 60, 30, 30], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> found = wm.priority.evaluate_flags(wm.flag_wards(wm.compare(table)))
    >>> found[["hit_rate", "pai", "pei"]].round(3).values.tolist()
    [[0.5, 1.5, 1.0]]
    """
    schema.require(table, schema.WARD_TABLE, ["priority", "incidents", "population"])
    schema.refuse_halo(table, "An evaluation")
    if theme is not None:
        themes = table.index.get_level_values("theme")
        table = table.loc[themes == schema.select(table, theme).index[0][0]]
    periods = in_time_order(table.index.get_level_values("period"))
    if len(periods) < 2:
        raise InputError(
            "Flags cannot be judged by the period that made them: a second one is needed.",
            f"periods: {listed(periods)}",
            mend='wm.count_incidents(incidents, wards, by_period="year"), with two years or more.',
        )
    land = None if wards is None else _land(wards, table)
    found = {}
    for name in table.index.get_level_values("theme").unique():
        for now, following in pairwise(periods):
            one, other = (
                schema.select(table, str(name), str(period)).droplevel(["theme", "period"])
                for period in (now, following)
            )
            check_same_wards(one.index, other.index, "periods")
            scores = _score(one, other.reindex(one.index), land)
            found[(name, now)] = {"scored_on": str(following), **scores}
    scored = pd.DataFrame.from_dict(found, orient="index").rename_axis(["theme", "period"])
    return schema.write(
        scored.assign(verdict=pd.Categorical(scored["verdict"], categories=schema.VERDICTS)),
        "evaluation",
        {},
        "Flagged on one period, scored on the next. PAI over people; PEI against the highest rates first; "
        "expected ratio by the gamma-Poisson model of the flagged period; 95% intervals.",
    )


def _score(now: pd.DataFrame, following: pd.DataFrame, land: pd.Series | None) -> dict[str, Any]:
    flagged = (now["priority"] == "priority").to_numpy()
    again = (following["priority"] == "priority").to_numpy()
    given = ((now, "incidents"), (following, "incidents"), (now, "population"))
    was, came, residents = (rows[name].to_numpy(dtype=float, na_value=np.nan) for rows, name in given)
    # a ward whose people are not known is in no share, as it is in no rest
    before, people = map(np.nan_to_num, known(was, residents))
    after = np.nan_to_num(known(came, residents)[0])
    share_people = people[flagged].sum() / people.sum()
    area = now.index.to_series().map(land).to_numpy(dtype=float) if land is not None else None
    share_area = np.nan if area is None else area[flagged].sum() / area.sum()
    hit = after[flagged].sum() / after.sum() if after.sum() else np.nan
    either = (flagged | again).sum()
    rates = [counts[people > 0] / people[people > 0] for counts in (before, after)]
    told = all(np.ptp(rate) > 0 for rate in rates)
    chosen = flagged.any()
    return {
        "flagged": int(flagged.sum()),
        "hit_rate": hit,
        "share_population": share_people,
        "share_area": share_area,
        "pai": hit / share_people if chosen else np.nan,
        "pai_area": hit / share_area if chosen else np.nan,
        "pei": hit / most_that_people_hold(after, people, people[flagged].sum()) if chosen else np.nan,
        "jaccard": (flagged & again).sum() / either if either else np.nan,
        "rank_correlation": float(stats.spearmanr(*rates).statistic) if told else np.nan,
        **_regression(beyond_regression(before, after, people, flagged, confidence=_CONFIDENCE)),
    }


def _regression(found: Beyond) -> dict[str, Any]:
    """Return what came beside what regression to the mean alone would leave, and the verdict."""
    verdict = "fell more" if found.upper < 1 else "fell less or rose" if found.lower > 1 else "cannot tell"
    return dict(zip(_REGRESSION, found, strict=True)) | {"verdict": verdict}


def _land(wards: gpd.GeoDataFrame, table: pd.DataFrame) -> pd.Series:
    missing = table.index.get_level_values("ward_code").unique().difference(wards.index)
    if len(missing):
        raise AlignmentError("The wards table lacks wards of the ward table.", f"missing: {listed(missing)}")
    land: pd.Series = in_metres(wards.geometry).area
    return land
