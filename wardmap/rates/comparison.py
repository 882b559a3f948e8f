"""`compare`: whether a ward is higher than its benchmark, and by how much."""

from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, TooFewWardsError, listed
from wardmap.method import Method
from wardmap.rates.dispersion_of_themes import Given, Known, known_dispersion
from wardmap.rates.status import status
from wardmap.stats import beta_binomial, negative_binomial
from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import check_confidence, check_counts
from wardmap.stats.ratios import each_to_rest, known, ratio, ratio_to_whole
from wardmap.stats.tails import Tails

Against = Literal["rest", "district"]

_KEYS = ["theme", "period"]
_SECOND = 0.998
_UNLIKE = 20  # a district at 20 times its benchmark, or a twentieth, is more likely one of another unit
_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class _Found:
    """What a comparison comes to: the ratio, its limits at two levels, the tails, and how it was made."""

    ratio: Numbers
    limits: tuple[Numbers, ...]
    outer: tuple[Numbers, ...]
    tails: Tails
    phi: Numbers
    method: Method


def compare(
    table: pd.DataFrame,
    *,
    against: Against | float | pd.DataFrame = "rest",
    per: float = 1_000,
    confidence: float = 0.95,
    dispersion: Given = None,
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
        this one too. A number: a rate `per` so many people **and year**: where `months` says how long a
        period is, people are counted in person-years. A table of such rates: index `theme` (or `theme`,
        `period`), one column for each benchmark (England, the county, a group).
    per
        The number of people that given rates are for.
    confidence
        Of the interval, between 0 and 1.
    dispersion
        How many times more than a Poisson count the counts vary. Left out, it is worked out from the
        table's own months, where at least six are on file (`wm.rates.dispersion`); a number from 1 up, or
        what `wm.rates.dispersion` returns. 1 asks for Poisson.
    into
        The name of the columns, so that a second comparison can stand beside the first. With a table
        of benchmarks its columns' names are used.

    Returns
    -------
    DataFrame
        The table with `ratio`, `ratio_lower`, `ratio_upper`, `ratio_p` (two-sided), `ratio_p_above`
        (one-sided: how often chance alone would give as many or more), `ratio_phi` (the dispersion
        allowed for), `ratio_against` (`rest`, `district`, `rate`), `status` (`Above` when the whole
        interval is above 1, `Below` when it is below, otherwise `Similar`), `status_998` (the same by a
        99.8% interval) and `ratio_method`. With another `into` all begin with it, and `<into>_copy_of`
        says `ratio`. Null where ward or benchmark has no people or is not given, or where neither has an
        incident. When only the rest has none, the ratio is infinite and its lower limit is not.

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
    Given the incidents of ward and rest together, the ward's count is beta-binomial: binomial where counts
    vary as chance does, wider the more they vary. Mid-p limits and p: half of the probability of the
    count itself counts, so that 5% means about 5%. Against the district: the same limits, carried over by
    r = RR / (1 − w + w RR) with w the ward's share of the people, so both say the same of a ward. Against a
    given rate, which is taken as known: negative binomial with the same dispersion, mid-p.

    Statuses are those of each ward on its own, as partners know them: of 21 wards alike, one is
    expected outside a 95% interval. Where fewer than six months are on file, or a table has no months,
    the method says "Poisson assumed": read an interval that barely clears 1 with care. With many
    incidents a small difference is surely there and still small: look at the ratio, not at the status
    alone.

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
    check_counts(_numbers(table["incidents"]))
    incidents, people = (
        pd.Series(values, table.index)
        for values in known(_numbers(table["incidents"]), _numbers(table["population"]))
    )
    spread = known_dispersion(table, dispersion)
    years = table["months"].astype(float) / 12 if "months" in table else pd.Series(1.0, index=table.index)
    how: dict[str, Any] = {"per": per, "confidence": confidence, "spread": spread}
    if isinstance(against, pd.DataFrame):
        for name, rates in _benchmarks(table, against).items():
            table = _written(table, name, _against_rate(incidents, people * years, rates, **how))
        return table
    if isinstance(against, int | float) and not isinstance(against, bool):
        given = pd.Series(float(against), index=table.index, name=into)
        return _written(table, into, _against_rate(incidents, people * years, given, **how))
    if against not in {"rest", "district"}:
        raise InputError(
            f"Wards cannot be compared against {against!r}.",
            mend='against="rest" or "district", a rate such as 74.2, or a table of rates',
        )
    if len(table.index.unique("ward_code")) < 2:
        raise TooFewWardsError("There is one ward only, so there is no rest to compare it with.")
    return _written(
        table,
        into,
        _against_wards(incidents, people, years, against=against, confidence=confidence, spread=spread),
    )


def _against_wards(
    incidents: pd.Series,
    people: pd.Series,
    years: pd.Series,
    *,
    against: str,
    confidence: float,
    spread: Known,
) -> _Found:
    parts = each_to_rest(_numbers(incidents), _numbers(people), schema.families(incidents.index).family)
    count, total, share = parts.incidents, parts.whole_incidents, parts.people / parts.whole_people
    phi = spread.of_wards(incidents, people, years)
    found = ratio(parts)
    limits, outer = (
        beta_binomial.ratio_limits(count, total, share, phi, confidence=c) for c in (confidence, _SECOND)
    )
    if against == "district":
        found, limits, outer = (
            ratio_to_whole(found, share),
            (ratio_to_whole(limits[0], share), ratio_to_whole(limits[1], share)),
            (ratio_to_whole(outer[0], share), ratio_to_whole(outer[1], share)),
        )
    method = Method(
        "Rate ratio, same theme and period,",
        against=against,
        confidence=confidence,
        interval="beta-binomial, mid-p",
        test="two-sided, not corrected for the number of wards",
        dispersion=spread.words,
    )
    return _Found(found, limits, outer, beta_binomial.tails(count, total, share, phi), phi, method)


def _against_rate(
    incidents: pd.Series, people: pd.Series, rates: pd.Series, *, per: float, confidence: float, spread: Known
) -> _Found:
    """Compare with a given rate; `people` are person-years."""
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
    themes = incidents.index.get_level_values("theme")
    phi = themes.map(spread.phi.to_dict()).to_numpy(dtype=np.float64) + spread.kappa * np.nan_to_num(out_of)
    limits, outer = (
        tuple(limit / out_of for limit in negative_binomial.mean_limits(observed, phi, confidence=c))
        for c in (confidence, _SECOND)
    )
    method = Method(
        f"Rate ratio, per {per:,g} people and year,",
        against="rate",
        confidence=confidence,
        interval="negative binomial, mid-p",
        test="two-sided, not corrected for the number of wards",
        dispersion=spread.words,
    )
    tails = negative_binomial.tails(observed, out_of, phi)
    return _Found(observed / out_of, limits, outer, tails, phi, method)


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
    columns = {
        "ratio": found.ratio,
        "ratio_lower": found.limits[0],
        "ratio_upper": found.limits[1],
        "ratio_p": found.tails.two_sided(),
        "ratio_p_above": found.tails.mid_at_least,
        "ratio_phi": found.phi,
        "ratio_against": _constant(found.method.against, len(table)),
        "status": status(*found.limits, least=1, most=1),
        "status_998": status(*found.outer, least=1, most=1),
    }
    named = schema.named(columns, into, root="ratio")
    return schema.write(table, into, named, _sentences(table, found), root="ratio")


def _sentences(table: pd.DataFrame, found: _Found) -> Any:
    """Return the sentence of each row: one for each theme, since each has a dispersion of its own."""
    themes = table.index.get_level_values("theme")
    phi = pd.Series(found.phi, index=themes).groupby(level=0, sort=False).mean()
    said = {
        theme: replace(found.method, phi=None if np.isnan(of) else round(float(of), 2)).sentence()
        for theme, of in phi.items()
    }
    categories = list(dict.fromkeys(said.values()))
    position = {theme: categories.index(sentence) for theme, sentence in said.items()}
    return pd.Categorical.from_codes(themes.map(position).to_numpy(), categories=pd.Index(categories))


def _constant(word: str, length: int) -> Any:
    return pd.Categorical.from_codes(np.zeros(length, dtype=np.int8), categories=pd.Index([word]))


def _numbers(values: pd.Series) -> Numbers:
    return values.to_numpy(dtype=np.float64, na_value=np.nan)
