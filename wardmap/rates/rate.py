"""`add_rates`: incidents for every 1,000 people, with the interval that chance leaves."""

import re
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import (
    AlignmentError,
    CoverageWarning,
    DuplicateWardError,
    InputError,
    PopulationYearWarning,
    SmallNumbersWarning,
    counted,
    listed,
    warn,
)
from wardmap.method import Method, percent
from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import BYAR_FROM, check_counts, poisson_limits

_MOVED = 0.02  # of the located share: two points
_CHANCE = 3  # standard errors, so that the few robberies of a quiet year do not raise an alarm


def add_rates(
    table: pd.DataFrame,
    population: pd.DataFrame,
    *,
    per: float = 1_000,
    yearly: bool = False,
    confidence: float = 0.95,
    into: str = "rate",
) -> pd.DataFrame:
    """Add how many incidents there were for every 1,000 people, with the interval that chance leaves.

    Answers: how high is it here, given how many live here? `rate = per * incidents / population`,
    over the period as it is: two months are not scaled up to a year unless `yearly` says so.

    Parameters
    ----------
    table
        The ward table, with `incidents`.
    population
        The population table, index `ward_code`, with `population`: residents, or what stands for
        them (workday population, households, vehicles).
    per
        The number of people that the rate is for.
    yearly
        Divide by person-years, population times `months` on file / 12, so that periods of unequal
        length can be compared.
    confidence
        Of the interval, between 0 and 1.
    into
        The name of the columns, so that a rate by a second denominator can stand beside the first.

    Returns
    -------
    DataFrame
        The table with `population`, `population_method`, `rate`, `rate_lower`, `rate_upper`
        (incidents per `per` people) and `rate_method`. Where the population is null or zero the
        rate is null. With another `into` the columns begin with it, `<into>_population` too.
        `located_share`, if it is there, says which share of incidents a rate could count at all.

    Raises
    ------
    AlignmentError
        The population lacks a ward of the table.
    DuplicateWardError
        The population has a ward twice.
    InputError
        `confidence` is not between 0 and 1, `per` is not positive, or a count or a population is
        negative.

    Warns
    -----
    SmallNumbersWarning
        A ward has no people, so no rate.
    CoverageWarning
        From one period to the next the located share of a theme moved by more than two points and
        by more than chance would move it (three standard errors): part of any change in its rates
        is a change in what could be located.

    PopulationYearWarning
        People were counted more than a year before or after a period.

    Notes
    -----
    Byar's approximation for ten or more incidents, the exact Poisson limits below, as Public Health
    England's guide on confidence intervals defines them (2018; Breslow and Day 1987). The interval
    says what chance alone could do to a count; it knows nothing of incidents that were not recorded
    or not located. Do not compare two wards by whether their intervals overlap: use `compare`. In a
    town centre a rate by residents measures visitors too: give a second denominator.

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
    schema.require(table, schema.WARD_TABLE, ["incidents", *(["months"] if yearly else [])])
    schema.require(population, schema.POPULATION, ["population"])
    if not 0 < per < np.inf:
        raise InputError("A rate must be for a positive number of people.", f"per: {per}", mend="per=1_000")
    _refuse_missing(table.index.unique("ward_code"), population)
    _refuse_unusable(population)
    incidents = check_counts(table["incidents"].to_numpy(dtype=float, na_value=np.nan))
    lower, upper = poisson_limits(incidents, confidence)
    _warn_of_moving_coverage(table)

    row_of = _rows(cast("pd.MultiIndex", table.index), population.index)
    people = population["population"].to_numpy(dtype=float, na_value=np.nan)[row_of]
    _warn_of_empty_wards(table.index, people)
    _warn_of_other_years(table, population)
    time = table["months"].to_numpy(dtype=float) / 12 if yearly else 1.0
    out_of = np.where(people * time > 0, people * time, np.nan)
    sources = (
        population["population_method"].astype("category").array.take(row_of)
        if "population_method" in population
        else "Population as given, date not known."
    )
    denominator = "population" if into == "rate" else f"{into}_population"
    table = schema.write(table, denominator, {denominator: people}, sources)
    over = "person-years (population × months on file / 12)" if yearly else "people over the period"
    columns = {
        "rate": per * incidents / out_of,
        "rate_lower": per * lower / out_of,
        "rate_upper": per * upper / out_of,
    }
    method = Method(
        f"Incidents per {per:,g} {over}",
        confidence=confidence,
        interval=f"by Byar's method, exact Poisson below {BYAR_FROM}",
    )
    return schema.write(table, into, schema.named(columns, into, root="rate"), method, root="rate")


def _rows(index: pd.MultiIndex, wards: pd.Index) -> npt.NDArray[np.intp]:
    """Return each row's ward as a position in `wards`, looked up once for each ward."""
    level = index.names.index("ward_code")
    return np.asarray(wards.get_indexer(index.levels[level])[index.codes[level]], dtype=np.intp)


def _warn_of_other_years(table: pd.DataFrame, population: pd.DataFrame) -> None:
    """Warn of periods that end or begin more than a year from the year in which people were counted."""
    if "population_year" not in population or population["population_year"].isna().all():
        return
    counted_in = sorted(set(population["population_year"].dropna().astype(int)))
    far = []
    for period in map(str, table.index.unique("period")):
        years = [int(year) for year in re.findall(r"(?:19|20)\d\d", period)]
        years += [year + 1 for year in years if f"{year}/" in period]  # a financial year ends in the next
        if years and not any(min(years) - 1 <= year <= max(years) + 1 for year in counted_in):
            far.append(period)
    if far:
        warn(
            PopulationYearWarning,
            "Incidents are divided by people of another time.",
            f"people were counted in {listed(counted_in)}; periods: {listed(far)}",
            mend="give the population of those years, or say so wherever the rates are shown.",
        )


def _refuse_missing(codes: pd.Index, population: pd.DataFrame) -> None:
    missing, others = codes.difference(population.index), population.index.difference(codes)
    if len(missing):
        raise AlignmentError(
            f"The population lacks {counted(len(missing), 'ward')} of the table.",
            f"in the table only: {listed(missing)}",
            f"in the population only: {listed(others) or 'none'}",
            mend="take a population of the same wards and the same boundary year.",
        )


def _warn_of_empty_wards(index: pd.Index, people: Numbers) -> None:
    nobody = index[~(people > 0)].unique("ward_code")
    if len(nobody):
        warn(
            SmallNumbersWarning,
            f"No rate for {counted(len(nobody), 'ward')} where the population is zero or not known.",
            f"ward codes: {listed(nobody)}",
            mend="give a denominator for them, or read their counts only.",
        )


def _refuse_unusable(population: pd.DataFrame) -> None:
    if not population.index.is_unique:
        twice = population.index[population.index.duplicated()]
        raise DuplicateWardError(
            "The population has a ward twice.",
            f"ward codes: {listed(twice.unique())}",
            mend="keep one row for each ward.",
        )
    negative = population.index[population["population"] < 0]
    if len(negative):
        raise InputError(
            "A population cannot be negative.", f"ward codes: {listed(negative)}", mend="correct the table."
        )


def _warn_of_moving_coverage(table: pd.DataFrame) -> None:
    if "located_share" not in table or table.index.get_level_values("period").nunique() < 2:
        return
    by = table.groupby(level=["theme", "period"], sort=False)
    share, number = by["located_share"].first(), by["incidents"].sum()
    share = share.where(number > 0)
    variance = share * (1 - share) / (number / share)
    steps = pd.DataFrame({"from": share.groupby("theme").shift(), "to": share})
    error = np.sqrt(variance + variance.groupby("theme").shift())
    step = (steps["to"] - steps["from"]).abs()
    moved = steps[(step > _MOVED) & (step > _CHANCE * error)]
    if len(moved):
        warn(
            CoverageWarning,
            f"The share of incidents with a place moved in {counted(len(moved), 'step')} between periods.",
            *(
                f"{', '.join(cell)}: from {percent(before)} to {percent(now)}"
                for cell, before, now in moved.head(5).itertuples(name=None)
            ),
            mend="read the change in those rates beside the change in located_share.",
        )
