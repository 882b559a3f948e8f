"""`compare`: whether a ward is higher than its benchmark, and by how much."""

from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, TooFewWardsError, listed
from wardmap.rates.status import status
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

Numbers = npt.NDArray[np.float64]
Against = Literal["rest", "district"]
_Found = tuple[tuple[Numbers, ...], tuple[Any, ...], str]

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
        `status_998` (the same by a 99.8 % interval) and `ratio_method`. With another `into` all begin
        with it. Null where ward or benchmark has no people or is not given, or where neither has an
        incident. When only the rest has none, the ratio is null and its upper limit infinite.

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
    expected outside a 95 % interval. Counts are taken as Poisson; crime varies more than that, so
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
    people = table["population"].where(table["population"] > 0).astype(float)
    incidents = table["incidents"].where(people.notna()).astype(float)  # no rest out of unknown people
    check_counts(table["incidents"].to_numpy(dtype=float, na_value=np.nan))
    if isinstance(against, pd.DataFrame):
        for name, rates in _benchmarks(table, against).items():
            found = _against_rate(incidents, people, rates, per, confidence)
            table = _written(table, name, found)
        return table
    if isinstance(against, int | float) and not isinstance(against, bool):
        given = pd.Series(float(against), index=table.index, name=into)
        return _written(table, into, _against_rate(incidents, people, given, per, confidence))
    if against not in {"rest", "district"}:
        raise InputError(
            f"Wards cannot be compared against {against!r}.",
            mend='against="rest" or "district", a rate such as 74.2, or a table of rates',
        )
    if len(table.index.unique("ward_code")) < 2:
        raise TooFewWardsError("There is one ward only, so there is no rest to compare it with.")
    return _written(table, into, _against_wards(incidents, people, against, confidence))


def _against_wards(incidents: pd.Series, people: pd.Series, against: str, confidence: float) -> _Found:
    whole = people.groupby(level=_KEYS).transform("sum")
    rest_count = incidents.groupby(level=_KEYS).transform("sum") - incidents
    counts = tuple(map(_numbers, (incidents, people, rest_count, whole - people)))
    first, second = (rate_ratio(*counts, confidence=c) for c in (confidence, _SECOND))
    statuses = _statuses(first[1:], second[1:])
    what = "to the rest of the wards (the ward itself left out)"
    if against == "district":
        what = "to all wards (the ward itself among them)"
        rest_has_none = np.isnan(first[0]) & np.isfinite(first[1])
        ratio = np.where(rest_has_none, np.inf, first[0])
        share = _numbers(people / whole)
        first = to_whole(ratio, share), to_whole(first[1], share), to_whole(first[2], share)
    sentence = (
        f"Rate ratio {what}, same theme and period; {100 * confidence:g} % interval, log-normal, exact "
        f"where either count is below {NORMAL_FROM}; p two-sided, not corrected for the number of wards."
    )
    return (*first, ratio_p(*counts)), statuses, sentence


def to_whole(ratio_to_rest: Numbers, share: Numbers) -> Numbers:
    """Turn a ratio to the rest into the ratio to the whole, for a part with this share of the people."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(
            np.isinf(ratio_to_rest), 1 / share, ratio_to_rest / (1 - share + share * ratio_to_rest)
        )


def _against_rate(
    incidents: pd.Series, people: pd.Series, rates: pd.Series, per: float, confidence: float
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
    expected = rates * people / per
    _refuse_other_unit(incidents, expected, f"{rates.name}, per {per:,g}")
    observed, out_of = _numbers(incidents), _numbers(expected)
    first, second = (
        tuple(limit / out_of for limit in poisson_limits(observed, c)) for c in (confidence, _SECOND)
    )
    sentence = (
        f"Rate ratio to a given rate per {per:,g} people, taken as known; {100 * confidence:g} % interval "
        f"by Byar's method, exact Poisson below {BYAR_FROM}; p two-sided, exact, not corrected for the "
        "number of wards."
    )
    numbers = (observed / out_of, *first, poisson_p(observed, out_of))
    return numbers, _statuses(first, second), sentence


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


def _refuse_other_unit(incidents: pd.Series, expected: pd.Series, what: str) -> None:
    both = pd.DataFrame({"found": incidents.where(expected.notna()), "expected": expected})
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
    numbers, statuses, sentence = found
    said = "status" if into == "ratio" else f"{into}_status"
    names = (into, f"{into}_lower", f"{into}_upper", f"{into}_p", said, f"{said}_998")
    return schema.write(table, into, dict(zip(names, (*numbers, *statuses), strict=True)), sentence)


def _numbers(values: pd.Series) -> Numbers:
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def _statuses(*intervals: tuple[Numbers, ...]) -> tuple[Any, ...]:
    return tuple(status(lower, upper, least=1, most=1) for lower, upper in intervals)
