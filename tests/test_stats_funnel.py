"""The funnel's limits, corrected, and the spread between wards: methods C5."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wardmap.stats.funnel import adjusted_limits, overdispersion, prediction_limits, status, winsorised_square

EXPECTED = [1, 2, 3.7, 10, 50]


def test_the_table_of_the_methods():
    """Methods C5, golden, counts."""
    lower, upper = prediction_limits(EXPECTED, 0.025)
    np.testing.assert_allclose(lower, [0, 0, 0.003022, 3.775188, 36.121724], atol=6e-7)
    np.testing.assert_allclose(upper, [3.901949, 5.766236, 8.475475, 17.159951, 64.830492], atol=6e-7)
    lower, upper = prediction_limits(EXPECTED, 0.001)
    np.testing.assert_allclose(lower, [0, 0, 0, 1.220529, 29.122816], atol=6e-7)
    np.testing.assert_allclose(upper, [5.867626, 8.112559, 11.519230, 21.662001, 73.751409], atol=6e-7)


def test_no_incident_is_below_only_where_enough_is_expected():
    """Methods C5: E = 2 Similar, 3.7 Below at 95 %, from 6.9078 at 99.8 %; E = 10: 17 is Similar."""
    assert status(0, [2, 3.7], 0.025).tolist() == [0, -1]
    assert status(0, [6.9077, 6.9078], 0.001).tolist() == [0, -1]
    assert status([17, 18], 10, 0.025).tolist() == [0, 1]
    assert stats.poisson.cdf(0, 3.7) == pytest.approx(0.0247, abs=5e-5)


@given(st.integers(0, 400), st.floats(0.05, 300), st.sampled_from([0.025, 0.001]))
def test_status_and_limits_say_the_same(count, expected, tail):
    lower, upper = prediction_limits(expected, tail)
    word = status(count, expected, tail)
    assert (word == 1) == (count >= np.ceil(upper))
    assert (word == -1) == (count < lower)
    assert (word == 1) == (stats.poisson.sf(count - 1, expected) <= tail)


@given(st.floats(0.1, 200), st.sampled_from([0.025, 0.001]))
def test_limits_have_no_steps(expected, tail):
    there, further = (np.array(prediction_limits(e, tail)) for e in (expected, expected * (1 + 1e-7)))
    assert (np.abs(further - there) < 1e-3).all()
    assert (further >= there).all()


def test_nothing_expected_has_no_limits():
    assert np.isnan(prediction_limits([0, np.nan, -1], 0.025)).all()
    assert np.isnan(adjusted_limits([0.0, np.nan], 0.1, 0.025)).all()
    assert status([1, np.nan], [0, 3], 0.025).tolist() == [0, 0]


def test_spread_between_wards_of_the_methods():
    """Methods C5: O = (120, 80, 150, 60, 95), E = 100, no winsorising: φ 10.220199, τ² .117752."""
    found = overdispersion(np.array([120.0, 80, 150, 60, 95]), np.full(5, 100.0), winsorised=0)
    np.testing.assert_allclose(found, (10.220199, 0.117752), atol=6e-7)


def test_wards_without_incidents_take_the_other_score_and_few_wards_no_spread():
    observed, expected = np.array([0.0, 4, 9]), np.array([4.0, 4, 4])
    phi, tau2 = overdispersion(observed, expected)
    assert phi == pytest.approx((16 + 0 + 4) / 3)
    assert tau2 == pytest.approx((20 - 2) / 8)
    assert overdispersion(np.array([5.0]), np.array([4.0]))[1] == 0
    assert np.isnan(overdispersion(np.empty(0), np.empty(0))).all()


@pytest.mark.parametrize("wards", [10, 21, 57, 300, 1000])
def test_what_winsorising_takes_away_is_given_back(wards):
    """Under chance alone the corrected mean square is 1: in a long list the factor is .678655."""
    drawn = wards // 10
    z = np.sort(np.random.default_rng(wards).normal(size=(4_000_000 // wards, wards)), axis=1)
    square = (np.clip(z, z[:, [drawn]], z[:, [wards - 1 - drawn]]) ** 2).mean(axis=1)
    assert abs(square.mean() - winsorised_square(wards, drawn)) < 4 * square.std() / np.sqrt(len(square))
    assert winsorised_square(10**6, 10**5) == pytest.approx(0.678655, abs=5e-7)


@pytest.mark.parametrize(
    ("wards", "tau", "mean"), [(21, 0.2, 50), (21, 0.3, 200), (211, 0.2, 50), (211, 0.3, 200)]
)
def test_tau_is_no_longer_low_and_one_ward_in_twenty_lies_outside(wards, tau, mean):
    """Methods C5: uncorrected τ is 15 to 25 % low, and adjusted Above and Below are 10 to 12 % of wards."""
    random = np.random.default_rng(wards)
    squares, outside = [], []
    for _ in range(400):
        expected = mean * random.uniform(0.4, 1.6, wards)
        observed = random.poisson(expected * np.exp(random.normal(-(tau**2) / 2, tau, wards))).astype(float)
        tau2 = overdispersion(observed, expected)[1]
        lower, upper = adjusted_limits(expected, tau2, 0.025)
        squares.append(tau2)
        outside.append(((observed < lower * expected) | (observed > upper * expected)).mean())
    assert np.sqrt(np.mean(squares)) == pytest.approx(tau, rel=0.1)
    assert np.mean(outside) == pytest.approx(0.05, abs=0.012)
