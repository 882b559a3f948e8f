"""Rates and their intervals: Byar's limits, and exact ones below ten."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, SmallNumbersWarning, counted, listed, warn

Numbers = npt.NDArray[np.float64]

_EXACT_BELOW = 10


def add_rates(
    table: pd.DataFrame, population: pd.DataFrame, *, per: float = 1_000, confidence: float = 0.95
) -> pd.DataFrame:
    """Add how many incidents there were for every 1,000 people, with the interval that chance leaves.

    Answers: how high is it here, given how many live here? `rate = per * incidents / population`,
    over the period as it is: two months are not scaled up to a year.

    Parameters
    ----------
    table
        The ward table, with `incidents`.
    population
        The population table, index `ward_code`, with `population`.
    per
        The number of people that the rate is for.
    confidence
        Of the interval, between 0 and 1.

    Returns
    -------
    DataFrame
        The table with `population`, `population_method`, `rate`, `rate_lower`, `rate_upper`
        (incidents per `per` people) and `rate_method`. Where the population is null or zero the
        rate is null.

    Raises
    ------
    AlignmentError
        The population lacks a ward of the table.
    InputError
        `confidence` is not between 0 and 1, `per` is not positive, or a count is negative.

    Warns
    -----
    SmallNumbersWarning
        A ward has no people, so no rate.

    Notes
    -----
    Byar's approximation for ten or more incidents, the exact Poisson limits below, as Public Health
    England's guide on confidence intervals defines them (2018; Breslow and Day 1987). The interval
    says what chance alone could do to a count; it knows nothing of incidents that were not recorded
    or not located. Do not compare two wards by whether their intervals overlap: use `compare`.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cell = [("robbery", "2016/17", "E05000001")]
    >>> table = pd.DataFrame(
    ...     {"incidents": [60]}, index=pd.MultiIndex.from_tuples(cell, names=["theme", "period", "ward_code"])
    ... )
    >>> people = pd.DataFrame({"population": [116_060]}, index=pd.Index(["E05000001"], name="ward_code"))
    >>> wm.add_rates(table, people)[["rate", "rate_lower", "rate_upper"]].round(2).values.tolist()
    [[0.52, 0.39, 0.67]]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents"])
    schema.require(population, schema.POPULATION, ["population"])
    if not per > 0:
        raise InputError("A rate must be for a positive number of people.", f"per: {per}", mend="per=1_000")
    codes = table.index.get_level_values("ward_code")
    _refuse_missing(codes, population)

    people = population["population"].reindex(codes).to_numpy(dtype=float, na_value=np.nan)
    _warn_of_empty_wards(codes, people)
    incidents = table["incidents"].to_numpy(dtype=float, na_value=np.nan)
    lower, upper = poisson_limits(incidents, confidence)
    out_of = np.where(people > 0, people, np.nan)
    sources = (
        population["population_method"].reindex(codes).to_numpy(dtype=object)
        if "population_method" in population
        else "Population as given, date not known."
    )
    table = schema.write(table, "population", {"population": people}, sources)
    return schema.write(
        table,
        "rate",
        {
            "rate": per * incidents / out_of,
            "rate_lower": per * lower / out_of,
            "rate_upper": per * upper / out_of,
        },
        f"Incidents per {per:,g} people over the period; {100 * confidence:g} % interval by Byar's method, "
        f"exact Poisson below {_EXACT_BELOW}.",
    )


def poisson_limits(counts: npt.ArrayLike, confidence: float) -> tuple[Numbers, Numbers]:
    """Return the lower and upper limit of the expected number behind each count."""
    if not 0 < confidence < 1:
        raise InputError(
            "A confidence must lie between 0 and 1.", f"confidence: {confidence}", mend="confidence=0.95"
        )
    observed = np.asarray(counts, dtype=float)
    if (observed < 0).any():
        raise InputError("A count cannot be negative.", f"counts: {listed(observed[observed < 0])}")
    z = stats.norm.ppf(0.5 + confidence / 2)
    tail = (1 - confidence) / 2
    few = observed < _EXACT_BELOW
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = observed * (1 - 1 / (9 * observed) - z / (3 * np.sqrt(observed))) ** 3
        one_more = observed + 1
        upper = one_more * (1 - 1 / (9 * one_more) + z / (3 * np.sqrt(one_more))) ** 3
    lower[few] = np.where(observed[few] > 0, stats.chi2.ppf(tail, 2 * observed[few]) / 2, 0.0)
    upper[few] = stats.chi2.ppf(1 - tail, 2 * observed[few] + 2) / 2
    return lower, upper


def _refuse_missing(codes: pd.Index, population: pd.DataFrame) -> None:
    missing = codes.unique().difference(population.index)
    if len(missing):
        raise AlignmentError(
            f"The population lacks {counted(len(missing), 'ward')} of the table.",
            f"ward codes: {listed(missing)}",
            f"the population has, for example: {listed(population.index[:4])}",
            mend="take a population of the same wards and the same boundary year.",
        )


def _warn_of_empty_wards(codes: pd.Index, people: Numbers) -> None:
    nobody = codes[~(people > 0)].unique()
    if len(nobody):
        warn(
            SmallNumbersWarning,
            f"No rate for {counted(len(nobody), 'ward')} where the population is zero or not known.",
            f"ward codes: {listed(nobody)}",
            mend="give a denominator for them, or read their counts only.",
        )
