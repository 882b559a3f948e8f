"""add_rates: Byar's limits and exact ones, against published numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import wardmap as wm
from wardmap import schema
from wardmap.errors import (
    AlignmentError,
    CoverageWarning,
    DuplicateWardError,
    InputError,
    MissingColumnError,
    PopulationYearWarning,
    SmallNumbersWarning,
)
from wardmap.stats.intervals import poisson_limits


@pytest.fixture
def table(wards):
    """One theme and period: 60, 9, 1, 0 and 41 incidents."""
    index = pd.MultiIndex.from_product([["robbery"], ["2016/17"], wards.index], names=schema.WARD_TABLE.index)
    return pd.DataFrame({"incidents": [60, 9, 1, 0, 41]}, index=index)


# Inputs ---------------------------------------------------------------------------------------------


def test_a_population_that_lacks_a_ward_is_an_error(table, people):
    with pytest.raises(AlignmentError, match=r"(?s)lacks 1 ward.*E05000003"):
        wm.add_rates(table, people.drop("E05000003"))


@pytest.mark.parametrize("nobody", [0, np.nan])
def test_a_ward_without_people_has_no_rate_and_is_named(table, people, nobody):
    people.loc["E05000003", "population"] = nobody
    with pytest.warns(SmallNumbersWarning, match=r"(?s)1 ward.*E05000003"):
        found = wm.add_rates(table, people)
    assert found["rate"].isna().tolist() == [False, False, True, False, False]
    assert found[["rate_lower", "rate_upper"]].isna().sum().tolist() == [1, 1]


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
def test_a_confidence_outside_nought_and_one_is_refused(table, people, confidence):
    with pytest.raises(InputError, match="between 0 and 1"):
        wm.add_rates(table, people, confidence=confidence)


def test_negative_counts_and_rates_for_nobody_are_refused(table, people):
    with pytest.raises(InputError, match=r"(?s)negative.*-3"):
        wm.add_rates(table.assign(incidents=-3), people)
    with pytest.raises(InputError, match="positive number of people"):
        wm.add_rates(table, people, per=0)


def test_a_population_that_cannot_be_one(table, people):
    with pytest.raises(InputError, match=r"(?s)population cannot be negative.*E05000001"):
        wm.add_rates(table, people.assign(population=[-1, 1, 1, 1, 1]))
    with pytest.raises(DuplicateWardError, match=r"(?s)twice.*E05000005"):
        wm.add_rates(table, pd.concat([people, people.iloc[[4]]]))


def two_years(wards, *shares, number=400):
    index = pd.MultiIndex.from_product(
        [["burglary"], ["2016", "2017"], wards.index], names=schema.WARD_TABLE.index
    )
    located = [share for share in shares for _ in wards.index]
    return pd.DataFrame({"incidents": number, "months": 12, "located_share": located}, index=index)


def test_a_located_share_that_moves_weakens_the_change_in_the_rate(wards, people):
    with pytest.warns(CoverageWarning, match=r"(?s)burglary, 2017: from 90% to 80%.*located_share"):
        wm.add_rates(two_years(wards, 0.9, 0.8), people)


@pytest.mark.parametrize(("shares", "number"), [((0.9, 0.885), 40_000), ((0.9, 0.8), 4), ((0.9, np.nan), 0)])
def test_a_small_move_or_one_that_chance_makes_is_no_alarm(wards, people, shares, number):
    wm.add_rates(two_years(wards, *shares, number=number), people)


def test_the_order_of_verbs_is_taught(table, people):
    with pytest.raises(MissingColumnError, match="count_incidents"):
        wm.add_rates(table.drop(columns="incidents"), people)
    with pytest.raises(MissingColumnError, match=r"ward_code(.|\n)*read_population"):
        wm.add_rates(table, people.reset_index())


# Outputs --------------------------------------------------------------------------------------------


def test_columns_and_their_meaning(table, people):
    found = wm.add_rates(table, people)
    schema.check(found, schema.WARD_TABLE)
    assert found["rate"].tolist() == [60, 9, 1, 0, 41]
    assert found["rate_method"].unique().tolist() == [
        "Incidents per 1,000 people over the period; 95% interval, by Byar's method, exact Poisson below 10."
    ]
    assert found["population_method"].unique().tolist() == ["Residents, mid-2017."]
    assert wm.add_rates(table, people, per=100)["rate"].tolist() == [6, 0.9, 0.1, 0, 4.1]


def test_a_second_denominator_stands_beside_the_first(table, people):
    found = wm.add_rates(table, people)
    workers = people.assign(population=4000.0, population_method="Workday population, 2011.")
    both = wm.add_rates(found, workers, into="rate_workday")
    assert both["rate"].equals(found["rate"])
    assert both["rate_workday"].tolist() == [15, 2.25, 0.25, 0, 10.25]
    assert both["rate_workday_population_method"].unique().tolist() == ["Workday population, 2011."]


def test_person_years_make_periods_of_unequal_length_comparable(table, people):
    half = wm.add_rates(table.assign(months=6), people, yearly=True)
    assert half["rate"].tolist() == [120, 18, 2, 0, 82]
    assert "person-years" in half["rate_method"].iloc[0]
    with pytest.raises(MissingColumnError, match="count_incidents"):
        wm.add_rates(table, people, yearly=True)


# Published: Public Health England, PHEindicatormethods, testdata_Rate and testdata_Byars.
@pytest.mark.parametrize(
    ("count", "confidence", "lower", "upper"),
    [
        (1, 0.95, 0.0253, 5.5716),
        (5, 0.95, 1.6235, 11.6683),
        (20, 0.95, 12.2114, 30.8899),
        (65, 0.95, 50.1632, 82.8491),
        (10, 0.998, 2.9163, 24.1937),
    ],
)
def test_limits_of_public_health_england(count, confidence, lower, upper):
    assert np.round(np.ravel(poisson_limits([count], confidence)), 4).tolist() == [lower, upper]


def test_a_rate_of_public_health_england():
    """9,856 events among 12,345 people, per 100: PHEindicatormethods, testdata_Rate."""
    limits = np.ravel(poisson_limits([9856], 0.95)) / 12345 * 100
    assert np.round(limits, 4).tolist() == [78.2695, 81.4300]


# The plan's Figure 10 prints the counts and rates of 2016/17; 116,060 people fit all of them.
@pytest.mark.parametrize(
    ("count", "rate", "lower", "upper"), [(7913, 68.18, 66.69, 69.70), (60, 0.52, 0.39, 0.67)]
)
def test_rows_of_the_plan(count, rate, lower, upper):
    limits = np.ravel(poisson_limits([count], 0.95)) / 116_060 * 1000
    assert np.round([count / 116.060, *limits], 2).tolist() == [rate, lower, upper]


def test_the_interval_of_the_plans_41_killed_or_seriously_injured():
    assert np.round(np.ravel(poisson_limits([41], 0.95)), 2).tolist() == [29.42, 55.62]


@given(st.integers(0, 100_000), st.sampled_from([0.9, 0.95, 0.998]))
def test_limits_hold_the_count_and_agree_with_scipy(count, confidence):
    """The exact limits by scipy's own inverse: within 1 % of Byar's from ten on, the same below."""
    lower, upper = (float(limit[0]) for limit in poisson_limits([count], confidence))
    assert lower <= count <= upper
    tail = (1 - confidence) / 2
    exact = (stats.gamma.ppf(tail, count) if count else 0.0, stats.gamma.isf(tail, count + 1))
    np.testing.assert_allclose([lower, upper], exact, rtol=1e-9 if count < 10 else 0.06)


def test_the_input_is_not_touched(table, people):
    before, people_before = table.copy(deep=True), people.copy(deep=True)
    wm.add_rates(table, people)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(people, people_before)


@pytest.mark.parametrize(
    ("year", "far"), [(2014, True), (2015, False), (2018, False), (2019, True), (None, False)]
)
@pytest.mark.filterwarnings("ignore::wardmap.errors.SmallNumbersWarning")
def test_people_of_another_time_are_said(table, people, year, far):
    dated = people.assign(population_year=pd.array([year] * len(people), dtype="Int64"))
    if far:
        with pytest.warns(PopulationYearWarning, match=rf"counted in '{year}'; periods: '2016/17'"):
            wm.add_rates(table, dated)
    else:
        wm.add_rates(table, dated)
