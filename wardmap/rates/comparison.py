"""`compare`: whether a ward is higher than the rest of its district, and by how much."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from wardmap import schema
from wardmap.errors import InputError, TooFewWardsError

Numbers = npt.NDArray[np.float64]

_EXACT_BELOW = 20


def compare(
    table: pd.DataFrame, *, against: Literal["rest"] = "rest", confidence: float = 0.95, into: str = "ratio"
) -> pd.DataFrame:
    """Add each ward's rate ratio to the rest of its district, its interval, and what it says.

    Answers: how many times the rate elsewhere is it here, and could that be chance? The ward is
    taken out of its own benchmark, so "twice the rest" is a cleaner and larger number than "twice
    the district", which has the ward in it.

    Parameters
    ----------
    table
        The ward table, with `incidents` and `population`; one district.
    against
        `rest`: all other wards of the table, in the same theme and period.
    confidence
        Of the interval, between 0 and 1.
    into
        The name of the columns, so that a second comparison can stand beside the first.

    Returns
    -------
    DataFrame
        The table with `ratio`, `ratio_lower`, `ratio_upper`, `status` (`Above` when the whole
        interval is above 1, `Below` when it is below, otherwise `Similar`) and `ratio_method`. With
        another `into` the status is `<into>_status`. Null where ward or rest has no people, or where
        neither has an incident. When only the rest has none, the ratio is null and its upper
        limit infinite.

    Raises
    ------
    TooFewWardsError
        There is one ward only, so there is no rest.
    InputError
        `against` or `confidence` is not one that can be used.

    Notes
    -----
    Log-normal limits, exp(ln RR ± z √(1/O₁ + 1/O₀)), where both counts are 20 or more; otherwise
    exact: given the total, the ward's count is binomial (Clopper-Pearson limits, turned into limits
    of the ratio). Counts are taken as Poisson; crime varies more than that, so read an interval
    that barely clears 1 with care. With many incidents a small difference is surely there and
    still small: look at the ratio, not at the status alone.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", "E05000001"), ("ASB", "2018", "E05000002")]
    >>> table = pd.DataFrame(
    ...     {"incidents": [80, 50], "population": [1000, 1000]},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> wm.compare(table)[["ratio", "status"]].values.tolist()
    [[1.6, 'Above'], [0.625, 'Below']]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    if against != "rest":
        raise InputError(f"Wards cannot be compared against {against!r}.", mend='against="rest"')
    if table.index.get_level_values("ward_code").nunique() < 2:
        raise TooFewWardsError("There is one ward only, so there is no rest to compare it with.")
    people = table["population"].where(table["population"] > 0).astype(float)
    incidents = table["incidents"].where(people.notna()).astype(float)  # no rest out of unknown people
    rest = _rest(incidents), _rest(people)
    ratio, lower, upper = rate_ratio(
        _numbers(incidents), _numbers(people), *map(_numbers, rest), confidence=confidence
    )
    return schema.write(
        table,
        into,
        {
            into: ratio,
            f"{into}_lower": lower,
            f"{into}_upper": upper,
            "status" if into == "ratio" else f"{into}_status": _status(lower, upper),
        },
        f"Rate ratio to the rest of the wards (the ward itself left out), same theme and period; "
        f"{100 * confidence:g} % interval, log-normal, exact where either count is below {_EXACT_BELOW}.",
    )


def rate_ratio(
    count: Numbers, people: Numbers, base_count: Numbers, base_people: Numbers, *, confidence: float
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the ratio of two rates and its limits; NaN where there is nothing to compare."""
    if not 0 < confidence < 1:
        raise InputError(
            "A confidence must lie between 0 and 1.", f"confidence: {confidence}", mend="confidence=0.95"
        )
    comparable = (people > 0) & (base_people > 0) & (count + base_count > 0)
    count = np.where(comparable, count, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = base_people / people
        ratio = np.where(base_count > 0, count / base_count * scale, np.nan)
        spread = stats.norm.ppf(0.5 + confidence / 2) * np.sqrt(1 / count + 1 / base_count)
        lower, upper = ratio * np.exp(-spread), ratio * np.exp(spread)
        few = comparable & (np.minimum(count, base_count) < _EXACT_BELOW)
        odds_lower, odds_upper = _clopper_pearson_odds(count[few], base_count[few], (1 - confidence) / 2)
        lower[few], upper[few] = odds_lower * scale[few], odds_upper * scale[few]
    return ratio, lower, upper


def _clopper_pearson_odds(count: Numbers, base_count: Numbers, tail: float) -> tuple[Numbers, Numbers]:
    """Return limits of π/(1−π) for `count` out of `count + base_count`."""
    low = np.where(count > 0, stats.beta.ppf(tail, count, base_count + 1), 0.0)
    high = np.where(base_count > 0, stats.beta.ppf(1 - tail, count + 1, base_count), 1.0)
    return low / (1 - low), np.where(high < 1, high / (1 - high), np.inf)


def _rest(values: pd.Series) -> pd.Series:
    return values.groupby(level=["theme", "period"]).transform("sum") - values


def _numbers(values: pd.Series) -> Numbers:
    return np.asarray(values, dtype=np.float64)


def _status(lower: Numbers, upper: Numbers) -> Any:
    positions = np.select([lower > 1, upper < 1, np.isfinite(lower)], [0, 2, 1], default=-1)
    return pd.Categorical.from_codes(positions, categories=pd.Index(schema.STATUSES))
