"""Trends of yearly totals: methods C11."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wardmap.stats.trend import log_line, log_line_limits, permuted_years

SEASONS = [[3, 10], [5, 9], [4, 12], [7, 13], [8, 12]]


def test_the_line_of_the_methods():
    """Methods C11: log totals 13, 14, 16, 20, 20: slope .12182408, t 6.702851, p .00677553."""
    line = log_line([[13, 14, 16, 20, 20]], np.arange(5))
    assert line.slope[0] == pytest.approx(0.12182408, abs=5e-9)
    assert line.t[0] == pytest.approx(6.702851, abs=5e-7)
    assert line.p[0] == pytest.approx(0.00677553, abs=5e-9)


def test_the_permuted_years_of_the_methods():
    """Methods C11: S = 13, p = .1."""
    found = permuted_years([SEASONS])
    assert found.s.tolist() == [13]
    assert found.p.tolist() == [pytest.approx(0.1)]
    assert found.attainable_p == pytest.approx(2 / 120)


def test_slopes_are_over_time_itself():
    """Methods C11: gaps count as time: 2015–17 and 2020–22."""
    times = [2015, 2016, 2017, 2020, 2021, 2022]
    line = log_line([np.exp(0.1 * np.array(times) - 200)], times)
    assert line.slope[0] == pytest.approx(0.1)


@given(st.lists(st.integers(0, 500), min_size=3, max_size=9))
def test_lines_agree_with_scipy(totals):
    line, times = log_line([totals], np.arange(len(totals))), np.arange(len(totals))
    theirs = stats.linregress(times, np.log(np.maximum(totals, 0.5)))
    if theirs.rvalue**2 < 1 - 1e-9 and len(set(totals)) > 1:
        assert line.slope[0] == pytest.approx(theirs.slope, abs=1e-9)
        assert line.p[0] == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-12)
        lower, upper = log_line_limits(line, 0.95)
        assert (line.p[0] < 0.05) == (lower[0] > 0 or upper[0] < 0)


def test_perfect_and_level_lines_and_too_few_years():
    line = log_line([[1, 2, 4, 8, 16], [7, 7, 7, 7, 7], [3, 9, np.nan, np.nan, np.nan]], np.arange(5))
    assert line.p[0] == 0
    assert (line.slope[1], line.t[1], line.p[1]) == (0, 0, 1)
    assert np.isnan([part[2] for part in line[:3]]).all()
    assert log_line([[0, 0, 0, 0, 0]], np.arange(5)).p.tolist() == [1]


def test_a_year_not_observed_is_passed_over():
    whole, gap = log_line([[5, 9, 12, 30]], [1, 2, 4, 5]), log_line([[5, 9, np.nan, 12, 30]], np.arange(1, 6))
    np.testing.assert_allclose(np.ravel(whole), np.ravel(gap))


@given(st.integers(3, 5), st.integers(1, 3), st.integers(0, 10**6))
def test_every_order_of_the_years_is_looked_at(years, seasons, seed):
    y = np.random.default_rng(seed).integers(0, 6, (years, seasons))
    found = permuted_years([y])

    def s(order):
        return sum(np.sign(order[j] - order[i]).sum() for j in range(years) for i in range(j))

    sums = [abs(s(y[list(order)])) for order in permutations(range(years))]
    assert found.p[0] == pytest.approx(np.mean(np.array(sums) >= abs(s(y))))


def test_drawn_orders_come_near_all_of_them_and_seasons_not_observed_do_not_count(monkeypatch):
    y = np.random.default_rng(0).poisson(9, (20, 7, 4)) + np.arange(7)[:, np.newaxis]
    exact = permuted_years(y)
    monkeypatch.setattr("wardmap.stats.trend.EXACT_UP_TO", 6)
    drawn = permuted_years(y, seed=5)
    np.testing.assert_allclose(drawn.p, exact.p, atol=0.02)
    assert drawn.attainable_p == 1e-4
    gap = np.array([[[1.0, np.nan], [2, 5], [3, 4]]])
    assert permuted_years(gap).s.tolist() == [2]
    assert math.isclose(permuted_years(gap[:, :, :1]).p[0], 2 / 6)
