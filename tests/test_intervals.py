"""Intervals and p-values on plain arrays, against published numbers and against statsmodels and scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson, confint_poisson_2indep, test_poisson_2indep

from wardmap.errors import InputError
from wardmap.stats.intervals import (
    binomial_p,
    poisson_limits,
    poisson_p,
    rate_ratio,
    ratio_p,
    wilson_limits,
)

test_poisson_2indep.__test__ = False  # statsmodels' name, not a test of ours

COUNTS = st.integers(0, 400)
PEOPLE = st.floats(100, 1e5)


def arrays(*values):
    return tuple(np.array([value], dtype=float) for value in values)


# Inputs ---------------------------------------------------------------------------------------------


def test_counts_that_are_none():
    with pytest.raises(InputError, match=r"(?s)negative.*-3"):
        poisson_limits([-3.0], 0.95)
    with pytest.raises(InputError, match="infinite"):
        poisson_limits([np.inf], 0.95)
    assert np.isnan(poisson_limits([np.nan, 4.0], 0.95)).tolist() == [[True, False]] * 2


# Outputs --------------------------------------------------------------------------------------------


@given(st.integers(0, 9))
def test_exact_limits_agree_with_statsmodels(count):
    ours = np.ravel(poisson_limits([count], 0.95))
    np.testing.assert_allclose(ours, confint_poisson(count, 1, method="exact-c"), rtol=1e-9)


@given(st.integers(20, 400), PEOPLE, st.integers(20, 400), PEOPLE)
def test_log_normal_ratios_agree_with_statsmodels(count, people, base, base_people):
    _, lower, upper = rate_ratio(*arrays(count, people, base, base_people), confidence=0.95)
    theirs = confint_poisson_2indep(count, people, base, base_people, method="wald-log")
    np.testing.assert_allclose([lower[0], upper[0]], theirs, rtol=1e-9)
    p = test_poisson_2indep(count, people, base, base_people, method="wald-log").pvalue
    np.testing.assert_allclose(
        ratio_p(*arrays(count, people, base, base_people))[0], p, rtol=1e-6, atol=1e-12
    )


@given(st.integers(0, 19), PEOPLE, st.integers(1, 400), PEOPLE)
def test_exact_ratios_agree_with_the_binomial_of_scipy(count, people, base, base_people):
    """statsmodels has no exact limits of a Poisson ratio; scipy's Clopper-Pearson, as odds, are these."""
    _, lower, upper = rate_ratio(*arrays(count, people, base, base_people), confidence=0.95)
    low, high = stats.binomtest(count, count + base).proportion_ci(method="exact")
    scale = base_people / people
    np.testing.assert_allclose(
        [lower[0], upper[0]], [low / (1 - low) * scale, high / (1 - high) * scale], rtol=1e-6
    )


@given(st.integers(0, 19), PEOPLE, st.integers(1, 400), PEOPLE)
def test_exact_p_is_twice_the_smaller_one_sided_p_of_statsmodels(count, people, base, base_people):
    """statsmodels' own two-sided p adds up the less likely outcomes, which no central interval matches."""
    sides = [
        test_poisson_2indep(count, people, base, base_people, method="exact-cond", alternative=side).pvalue
        for side in ("smaller", "larger")
    ]
    ours = ratio_p(*arrays(count, people, base, base_people))[0]
    np.testing.assert_allclose(ours, min(1, 2 * min(sides)), rtol=1e-6, atol=1e-12)


@given(st.integers(0, 40), st.floats(0.1, 60))
def test_p_of_a_count_where_the_expected_number_is_known(count, expected):
    tails = stats.poisson.cdf(count, expected), stats.poisson.sf(count - 1, expected)
    assert poisson_p(*arrays(count, expected))[0] == pytest.approx(min(1, 2 * min(tails)))


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.01, 0.99))
def test_mid_p_counts_what_was_found_half(count, more, share):
    total = count + more
    here = stats.binom.pmf(count, total, share)
    tails = stats.binom.cdf(count, total, share) - here / 2, stats.binom.sf(count, total, share) + here / 2
    ours = binomial_p(*arrays(count, total, share), mid=True)[0]
    assert ours == pytest.approx(min(1, 2 * min(tails)), abs=1e-9)


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_agrees_with_statsmodels(count, more):
    number = count + more
    lower, upper = wilson_limits(*arrays(count / number, number), 0.95)
    theirs = proportion_confint(count, number, method="wilson")
    np.testing.assert_allclose([lower[0], upper[0]], theirs, rtol=1e-9, atol=1e-12)


# Invariants -----------------------------------------------------------------------------------------


@given(COUNTS, PEOPLE, COUNTS, PEOPLE)
def test_p_is_small_exactly_where_the_interval_leaves_out_one(count, people, base, base_people):
    values = arrays(count, people, base, base_people)
    _, lower, upper = rate_ratio(*values, confidence=0.95)
    p = ratio_p(*values)
    if count + base and abs(p[0] - 0.05) > 1e-6:
        assert (p[0] < 0.05) == (lower[0] > 1 or upper[0] < 1)
