"""trend: Mann-Kendall and Sen's slope, seasons apart, breaks respected."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import wardmap as wm
from wardmap import schema
from wardmap.errors import IncompleteWarning, InputError, ResolutionWarning
from wardmap.stats.kendall import _variance, mann_kendall, normal_p


def ward_table(values, periods=None, **columns):
    """One theme and one ward over time."""
    labels = periods or [str(2010 + n) for n in range(len(values))]
    index = pd.MultiIndex.from_tuples(
        [("ASB", p, "E05000001") for p in labels], names=schema.WARD_TABLE.index
    )
    return pd.DataFrame({"incidents": values}, index=index).assign(**columns)


def kendall(values):
    return mann_kendall([(np.arange(len(values), dtype=float), np.array(values, dtype=float))])


MONTHS = [f"{2010 + n // 12}-{n % 12 + 1:02d}" for n in range(48)]


# Inputs ---------------------------------------------------------------------------------------------


def test_periods_that_make_no_trend():
    with pytest.raises(InputError, match="at least two"):
        wm.rates.trend(ward_table([5]))
    with pytest.raises(InputError, match=r"(?s)differ in how many months.*2011: 4"):
        wm.rates.trend(ward_table([5, 6], months=[12, 4]))
    with pytest.raises(InputError, match="holds no numbers"):
        wm.rates.trend(ward_table([5, 6], ward_name="Quay"), column="ward_name")
    with pytest.raises(InputError, match="'2050'"):
        wm.rates.trend(ward_table([5, 6]), breaks={"ASB": ["2050"]})


def test_incomplete_periods_are_left_out_and_named():
    table = ward_table([1, 2, 3, 4, 5, 6, 0], complete=[True] * 6 + [False])
    with pytest.warns(IncompleteWarning, match="'2016'"):
        assert wm.rates.trend(table)["trend_periods"].tolist() == [6]


def test_four_values_can_never_show_a_trend():
    """The smallest two-sided p of four is 2/24: a baseline and three yearly columns."""
    with pytest.warns(ResolutionWarning, match=r"0\.083"):
        found = wm.rates.trend(ward_table([1, 2, 3, 4]))
    assert found["trend_attainable_p"].tolist() == pytest.approx([2 / 24])
    assert found["trend_status"].tolist() == ["cannot tell"]


# Outputs --------------------------------------------------------------------------------------------


def test_golden_by_the_normal_distribution():
    """3 1 4 1 5 9 2 6 5 3: S = 12, variance 122, Z = 11 / sqrt(122) = .995893, so p = .31930."""
    found = kendall([3, 1, 4, 1, 5, 9, 2, 6, 5, 3])
    assert found.s == 12
    assert _variance((1, 1, 1, 1, 2, 2, 2)) == 122
    assert (12 - 1) / np.sqrt(122) == pytest.approx(0.995893, abs=1e-6)
    assert round(normal_p(12, 122), 5) == 0.31930
    assert found.p == pytest.approx(0.319, abs=0.01)  # exact, with ties


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6))
def test_exact_p_is_the_share_of_all_orders(values):
    """By writing out every order of the values, ties and all."""
    found = kendall(values)
    every = np.array([kendall(order).s for order in permutations(values)])
    tail = (every >= abs(found.s)).mean()
    assert found.p == pytest.approx(min(1, 2 * tail))
    assert found.attainable_p == pytest.approx(min(1, 2 * (every == every.max()).mean()))


@given(st.permutations(list(range(8))))
def test_exact_p_agrees_with_scipys_kendall(values):
    theirs = stats.kendalltau(range(8), values, method="exact").pvalue
    assert kendall(values).p == pytest.approx(theirs)


@given(st.lists(st.integers(0, 40), min_size=3, max_size=15))
def test_the_slope_agrees_with_scipys(values):
    assert kendall(values).slope == pytest.approx(stats.theilslopes(values).slope)


def test_a_fall_by_hand():
    found = wm.rates.trend(ward_table([90, 84, 80, 73, 71, 60], ward_name="Quay")).iloc[0]
    assert found["ward_name"] == "Quay"
    assert found["trend_s"] == -15
    assert found["trend_p"] == pytest.approx(2 / 720)
    assert found["trend_since"] == "2010"
    assert found["trend_status"] == "fell"


def test_a_season_is_no_trend():
    """Summers are always high: month against month before would see rises all spring."""
    season = [100 + 40 * np.sin(2 * np.pi * n / 12) for n in range(48)]
    rng = np.random.default_rng(0)
    found = wm.rates.trend(ward_table(rng.poisson(season), MONTHS)).iloc[0]
    assert found["trend_status"] == "cannot tell"
    rising = wm.rates.trend(ward_table(np.array(season) + np.arange(48), MONTHS)).iloc[0]
    assert rising["trend_status"] == "rose"
    assert rising["trend_slope"] == pytest.approx(12)  # a year
    assert "each season with its own" in rising["trend_method"]


YEARS = [2015, 2016, 2017, 2020, 2021, 2022]


@pytest.mark.parametrize("form", ["{0}", "{0}/{1:02d}"])
def test_the_slope_is_over_time_and_not_over_rows(form):
    """Twelve more a year, two years without a file: 12 a year, as scipy's Theil-Sen says of the years."""
    values = [100 + 12 * (year - 2015) for year in YEARS]
    labels = [form.format(year, (year + 1) % 100) for year in YEARS]
    found = wm.rates.trend(ward_table(values, labels)).iloc[0]
    assert found["trend_slope"] == stats.theilslopes(values, YEARS).slope == 12.0
    assert found["trend_method"].endswith("Sen's slope, in a year.")


@pytest.mark.parametrize("labels", [MONTHS, [f"{2010 + n // 4} Q{n % 4 + 1}" for n in range(24)]])
def test_a_year_without_months_or_quarters_is_a_gap_in_time(labels):
    kept = [label for label in labels if not label.startswith("2012")]
    found = wm.rates.trend(ward_table([10 * int(label[:4]) for label in kept], kept)).iloc[0]
    assert found["trend_slope"] == 10.0


def test_named_periods_count_by_their_place_and_one_left_out_leaves_a_gap():
    labels = ["run-up", "launch", "first", "second", "after"]
    table = ward_table([10, 12, 0, 16, 18], labels, complete=[True, True, False, True, True])
    with pytest.warns((IncompleteWarning, ResolutionWarning)):
        found = wm.rates.trend(table).iloc[0]
    assert found["trend_slope"] == 2.0
    assert found["trend_since"] == "run-up"
    assert found["trend_method"].endswith("in a period.")


def test_a_second_trend_has_columns_of_its_own():
    table = ward_table([90, 84, 80, 73, 71, 60], rate=[1.0, 2, 3, 4, 5, 6])
    found = wm.rates.trend(table).join(wm.rates.trend(table, column="rate", into="rate_trend"))
    assert found[["trend_s", "rate_trend_s"]].to_numpy().tolist() == [[-15, 15]]
    assert found["rate_trend_copy_of"].tolist() == ["trend"]
    assert schema.column(found, "rate_trend_slope").meaning == schema.column(found, "trend_slope").meaning


def test_what_lies_before_a_break_is_left_out_and_marked():
    values = [10, 11, 9, 10, 50, 49, 48, 47, 46, 45]
    whole = wm.rates.trend(ward_table(values)).iloc[0]
    found = wm.rates.trend(ward_table(values), breaks={"ASB": ["2014"]}).iloc[0]
    assert whole["trend_s"] > 0
    assert found[["trend_periods", "trend_since", "trend_break"]].tolist() == [6, "2014", True]
    assert found["trend_status"] == "fell"


def test_a_break_in_a_period_that_is_left_out_still_counts():
    table = ward_table([50, 50, 0, 9, 8, 7, 6, 5], complete=[True] * 2 + [False] + [True] * 5)
    with pytest.warns(IncompleteWarning):
        found = wm.rates.trend(table, breaks={"ASB": ["2012"]}).iloc[0]
    assert found[["trend_periods", "trend_since"]].tolist() == [5, "2013"]


def test_null_rates_are_passed_over():
    table = ward_table([1] * 7, rate=[7.0, 6, np.nan, 5, 4, 3, 2])
    found = wm.rates.trend(table, column="rate").iloc[0]
    assert found["trend_periods"] == 6
    assert found["trend_s"] == -15


# Invariants -----------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 9), min_size=6, max_size=14), st.randoms())
def test_row_order_does_not_matter_and_time_turned_round_turns_s(values, random):
    table = ward_table(values)
    rows = list(range(len(values)))
    random.shuffle(rows)
    found = wm.rates.trend(table)
    pd.testing.assert_frame_equal(wm.rates.trend(table.iloc[rows]), found)
    assert kendall(values[::-1]).s == -found["trend_s"].iloc[0]
    assert kendall(values[::-1]).p == pytest.approx(found["trend_p"].iloc[0])
