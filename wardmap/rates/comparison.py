"""`compare`: whether a ward is higher than its benchmark, and by how much."""

from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, TooFewWardsError, listed
from wardmap.method import Method
from wardmap.rates.status import status
from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import (
    BYAR_FROM,
    NORMAL_FROM,
    check_confidence,
    check_counts,
    poisson_limits,
    poisson_p,
    rate_ratio,
    ratio_p,
)
from wardmap.stats.ratios import each_to_rest, known, ratio_to_whole

Against = Literal["rest", "district"]
_Found = tuple[tuple[Numbers, ...], tuple[Any, ...], Method]

_KEYS = ["theme", "period"]
_SECOND = 0.998
_UNLIKE = 20  # a district at 20 times its benchmark, or a twentieth, is more likely one of another unit
_ENOUGH = 20


def compare(
    table: pd.DataFrame,
    *,
    against: Against | float | pd.DataFrame = "rest",
    per: float = 1_000,
    confidence: float = 0.95,
    into: str = "ratio",
) -> pd.DataFrame:
    """Add each ward's rate ratio to a benchmark, its interval, and what it says.

    Answers: how many times the rate elsewhere is it here, and could that be chance? Against `rest`,
    the ward is taken out of its own benchmark, so "twice the rest" is a cleaner and larger number
    than "twice the district", which has the ward in it.

    Parameters
    ----------
    table
        The ward table, with `incidents` and `population`; one district. A table whose one "ward" is
        a whole district can be compared with given benchmarks.
    against
        `rest`: all other wards of the table, in the same theme and period. `district`: all wards,
        this one too. A number: a rate `per` so many people. A table of such rates: index `theme`
        (or `theme`, `period`), one column for each benchmark (England, the county, a group).
    per
        The number of people that given rates are for.
    confidence
        Of the interval, between 0 and 1.
    into
        The name of the columns, so that a second comparison can stand beside the first. With a table
        of benchmarks its columns' names are used.

    Returns
    -------
    DataFrame
        The table with `ratio`, `ratio_lower`, `ratio_upper`, `ratio_p` (two-sided), `status` (`Above`
        when the whole interval is above 1, `Below` when it is below, otherwise `Similar`),
        `status_998` (the same by a 99.8% interval), `ratio_against` (`rest`, `district` or `rate`) and
        `ratio_method`. With another `into` all begin with it. Null where ward or benchmark has no people
        or is not given, or where neither has an incident. When only the rest has none, the ratio and its
        upper limit are infinite, and the lower limit says how sure that is.

    Raises
    ------
    TooFewWardsError
        There is one ward only, so there is no rest.
    AlignmentError
        A table of benchmarks has none of the themes.
    InputError
        `against`, `per` or `confidence` is not one that can be used; a benchmark is not positive; the
        district is 20 times a benchmark or a twentieth of it, so that it is likely of another unit; the
        table has wards of the halo, which are not the district's.

    Notes
    -----
    Against the rest: log-normal limits, exp(ln RR ± z √(1/O₁ + 1/O₀)), where both counts are 20 or
    more; otherwise exact: given the total, the ward's count is binomial (Clopper-Pearson limits,
    turned into limits of the ratio). Against the district: the same limits, carried over by
    r = RR / (1 − w + w RR) with w the ward's share of the people, so both say the same of a ward.
    Against a given rate, which is taken as known: Byar's limits, exact below ten, over the expected
    number. p by the rule of its limits, and the smallest that a count could reach is that of zero.

    Statuses are those of each ward on its own, as partners know them: of 21 wards alike, one is
    expected outside a 95% interval. Counts are taken as Poisson; crime varies more than that, so
    read an interval that barely clears 1 with care. With many incidents a small difference is surely
    there and still small: look at the ratio, not at the status alone.

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
    >>> given = pd.DataFrame({"England": [60.0]}, index=pd.Index(["ASB"], name="theme"))
    >>> wm.compare(table, against=given)["England_status"].tolist()
    ['Above', 'Similar']
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    schema.refuse_halo(table, "A comparison")
    check_confidence(confidence)
    people = _numbers(table["population"])
    check_counts(_numbers(table["incidents"]))
    if isinstance(against, pd.DataFrame):
        for name, rates in _benchmarks(table, against).items():
            table = _written(table, name, _against_rate(table, people, rates, per, confidence))
        return table
    if isinstance(against, int | float) and not isinstance(against, bool):
        given = pd.Series(float(against), index=table.index, name=into)
        return _written(table, into, _against_rate(table, people, given, per, confidence))
    if against not in {"rest", "district"}:
        raise InputError(
            f"Wards cannot be compared against {against!r}.",
            mend='against="rest" or "district", a rate such as 74.2, or a table of rates',
        )
    if len(table.index.unique("ward_code")) < 2:
        raise TooFewWardsError("There is one ward only, so there is no rest to compare it with.")
    return _written(table, into, _against_wards(table, people, against, confidence))


def _against_wards(table: pd.DataFrame, people: Numbers, against: str, confidence: float) -> _Found:
    parts = each_to_rest(_numbers(table["incidents"]), people, schema.families(table).family)
    first, second = (rate_ratio(*parts, confidence=c) for c in (confidence, _SECOND))
    statuses = _statuses(first[1:], second[1:])
    p = ratio_p(*parts)
    if against == "district":
        share = parts.people / parts.whole_people
        first = tuple(ratio_to_whole(number, share) for number in first)  # type: ignore[assignment]
    method = Method(
        "Rate ratio",
        against=against,
        confidence=confidence,
        interval=f"log-normal, exact where either count is below {NORMAL_FROM}",
        test="two-sided, not corrected for the number of wards",
        notes=("same theme and period",),
    )
    return (*first, p), statuses, method


def _against_rate(
    table: pd.DataFrame, people: Numbers, rates: pd.Series, per: float, confidence: float
) -> _Found:
    if not 0 < per < np.inf:
        raise InputError("A rate must be for a positive number of people.", f"per: {per}", mend="per=1_000")
    unusable = rates[(rates <= 0) | np.isinf(rates)]
    if len(unusable):
        raise InputError(
            "A benchmark must be a positive rate.",
            f"{rates.name}: {listed(unusable.unique())}",
            mend="leave the theme out, or count without a comparison.",
        )
    observed, live = known(_numbers(table["incidents"]), people)
    out_of = _numbers(rates) * live / per
    _refuse_other_unit(table.index, observed, out_of, f"{rates.name}, per {per:,g}")
    first, second = (
        tuple(limit / out_of for limit in poisson_limits(observed, c)) for c in (confidence, _SECOND)
    )
    method = Method(
        "Rate ratio",
        against="rate",
        confidence=confidence,
        interval=f"by Byar's method, exact Poisson below {BYAR_FROM}",
        test="two-sided, exact, not corrected for the number of wards",
        notes=(f"the rate is per {per:,g} people",),
    )
    numbers = (observed / out_of, *first, poisson_p(observed, out_of))
    return numbers, _statuses(first, second), method


def _benchmarks(table: pd.DataFrame, given: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each benchmark's rates, a value for every row of the table."""
    names = [str(name) for name in given.index.names]
    if names not in (["theme"], _KEYS):
        raise InputError(
            "A table of benchmarks needs the index theme, or theme and period.",
            f"index found: {', '.join(map(str, names))}",
            mend='benchmarks.set_index("theme")',
        )
    if not given.index.is_unique:
        twice = given.index[given.index.duplicated()].unique()
        raise InputError("A theme has two rows among the benchmarks.", f"rows: {listed(twice)}")
    keys = cast("pd.MultiIndex", table.index).droplevel([n for n in table.index.names if n not in names])
    if not keys.isin(given.index).any():
        raise AlignmentError(
            "The benchmarks have none of the table's themes.",
            f"benchmarks: {listed(given.index)}",
            f"table: {listed(keys.unique())}",
            mend="name the themes of the benchmarks as the table names them.",
        )
    positions = given.index.get_indexer(keys)
    return {
        str(name): pd.Series(
            np.where(positions >= 0, _numbers(values)[positions], np.nan), table.index, name=str(name)
        )
        for name, values in given.items()
    }


def _refuse_other_unit(index: pd.Index, observed: Numbers, expected: Numbers, what: str) -> None:
    found = np.where(np.isnan(expected), np.nan, observed)
    both = pd.DataFrame({"found": found, "expected": expected}, index=index)
    pooled = both.groupby(level=_KEYS, sort=False).sum()
    high = pooled["found"] > _UNLIKE * pooled["expected"].clip(lower=_ENOUGH / _UNLIKE)
    low = pooled["expected"] > _UNLIKE * pooled["found"].clip(lower=_ENOUGH / _UNLIKE)
    unlike = pooled[high | low]
    if len(unlike):
        raise InputError(
            "A benchmark looks as if it were of another unit.",
            f"{what}; {', '.join(map(str, np.ravel(unlike.index[:1].tolist())))}: "
            f"{unlike['found'].iloc[0]:,.0f} found, {unlike['expected'].iloc[0]:,.1f} expected",
            mend="per=100_000, or whatever the benchmark's rate is for.",
        )


def _written(table: pd.DataFrame, into: str, found: _Found) -> pd.DataFrame:
    numbers, statuses, method = found
    names = ("ratio", "ratio_lower", "ratio_upper", "ratio_p", "status", "status_998")
    columns = dict(zip(names, (*numbers, *statuses), strict=True))
    return schema.write(table, into, schema.named(columns, into, root="ratio"), method, root="ratio")


def _numbers(values: pd.Series) -> Numbers:
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def _statuses(*intervals: tuple[Numbers, ...]) -> tuple[Any, ...]:
    return tuple(status(lower, upper, least=1, most=1) for lower, upper in intervals)
