"""Two periods, and two areas in two periods, under dispersion: methods C10."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special, stats

from wardmap.stats.beta_binomial import tails
from wardmap.stats.two_periods import (
    change_limits,
    odds_ratio,
    ratio_of_ratios,
    ratio_of_ratios_limits,
    table_with_year_effects,
    two_counts,
    with_year_effects,
)

CELL = st.integers(0, 40)


@pytest.mark.parametrize(
    ("after", "before", "expected"),
    [(25, 16, (0.1641494, 0.25430954, 0.32322917)), (6, 2, (0.1796875, 0.26423476, 0.33100233))],
)
def test_two_counts_of_the_methods(after, before, expected):
    """Methods C10, golden mid-p at φ = 1, 1.5 and 2."""
    np.testing.assert_allclose(two_counts(before, after, [1, 1.5, 2]).two_sided(), expected, rtol=2e-7)


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [(25, 16, 0.21102), (6, 2, 0.28906), (20, 10, 0.09874), (41, 35, 0.56657), (3502, 3300, 0.01480)],
)
def test_the_plain_test_at_phi_1_is_the_c_test(one, other, p):
    """Methods C10, golden C p."""
    assert two_counts(one, other, 1).two_sided(mid=False) == pytest.approx(p, abs=5e-6)


def test_ratio_of_ratios_of_the_methods():
    """Methods C10: (T₁, T₀, C₁, C₀) = (30, 20, 200, 220) at φ = 1, 1.5 and 2."""
    table, phi = (30, 20, 200, 220), [1, 1.5, 2]
    np.testing.assert_allclose(
        ratio_of_ratios(*table, phi).two_sided(), (0.10110469, 0.17947388, 0.24479737), rtol=5e-8
    )
    lower, upper = ratio_of_ratios_limits(*table, phi)
    np.testing.assert_allclose(lower, (0.907971, 0.796996, 0.713791), atol=6e-7)
    np.testing.assert_allclose(upper, (3.037210, 3.502549, 3.958799), atol=6e-7)
    assert odds_ratio(*table) == pytest.approx(1.65)


@given(CELL, CELL, CELL, CELL, st.floats(1.01, 5))
def test_tables_are_those_of_log_gamma_functions(t1, t0, c1, c0, phi):
    row, other, column, total = t1 + t0, c1 + c0, t1 + c1, t1 + t0 + c1 + c0
    assume(min(row, other, column, total - column) > 0)
    x = np.arange(max(0, column - other), min(row, column) + 1)
    cells = np.array([x, row - x, column - x, other - column + x])
    expected = (
        np.array([row * column, row * (total - column), other * column, other * (total - column)]) / total
    )
    shape = expected[:, np.newaxis] / (phi - 1)
    log = (special.gammaln(shape + cells) - special.gammaln(shape) - special.gammaln(cells + 1)).sum(axis=0)
    chance = np.exp(log - log.max())
    chance /= chance.sum()
    found = ratio_of_ratios(t1, t0, c1, c0, phi)
    assert found.at_least == pytest.approx(chance[x >= t1].sum(), rel=1e-8)
    assert found.at_most == pytest.approx(chance[x <= t1].sum(), rel=1e-8)


@given(CELL, CELL, CELL, CELL)
def test_at_phi_1_it_is_the_hypergeometric(t1, t0, c1, c0):
    row, column, total = t1 + t0, t1 + c1, t1 + t0 + c1 + c0
    assume(min(row, total - row, column, total - column) > 0)
    law = stats.hypergeom(total, row, column)
    found = ratio_of_ratios(t1, t0, c1, c0, [1.0, 1 + 1e-12])
    np.testing.assert_allclose(found.at_most, law.cdf(t1), rtol=1e-7)


def test_limits_at_phi_1_are_the_exact_conditional_ones():
    ours = ratio_of_ratios_limits(30, 20, 200, 220, 1.0, mid=False)
    theirs = stats.contingency.odds_ratio([[30, 20], [200, 220]]).confidence_interval(0.95)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@given(st.tuples(CELL, CELL, CELL, CELL), st.floats(1, 4), st.booleans())
def test_p_is_small_exactly_where_the_limits_leave_out_1(table, phi, mid):
    p = ratio_of_ratios(*table, phi).two_sided(mid=mid)
    lower, upper = ratio_of_ratios_limits(*table, phi, mid=mid)
    if np.isnan(p):
        assert np.isnan([lower, upper]).all()
    elif abs(p - 0.05) > 1e-9:
        assert (p < 0.05) == (lower > 1 or upper < 1)
    if table[0] == 0 and not np.isnan(p):
        assert lower == 0


@given(CELL, CELL, st.integers(1, 9), st.integers(1, 9), st.floats(1, 4))
def test_periods_of_unlike_length(before, after, long_before, long_after, phi):
    assume(before + after > 0)
    share = float(Fraction(long_after, long_before + long_after))
    found = two_counts(before, after, phi, time_before=long_before, time_after=long_after)
    assert found.at_least == tails(after, before + after, share, phi).at_least
    lower, upper = change_limits(before, after, phi, time_before=long_before, time_after=long_after)
    point = after / long_after / (before / long_before) if before else np.inf
    assert lower <= point <= upper


def test_against_a_very_large_control_area_the_ratio_of_ratios_is_that_of_two_counts():
    far = ratio_of_ratios(25, 16, 10**6, 10**6, [1.0, 2.0]).two_sided()
    np.testing.assert_allclose(far, two_counts(16, 25, [1.0, 2.0]).two_sided(), rtol=1e-3)


def test_years_add_their_own_variance():
    """Methods C10: with year effects φ + κ(T₁ + T₀)/2."""
    np.testing.assert_allclose(with_year_effects(1.5, 0.01, [40, 0], [60, 0]), [2.0, 1.5])


def test_the_phi_of_a_table_lies_between_those_of_its_areas():
    many = table_with_year_effects(1.5, 0.01, (60, 40), (100_000, 100_000), control_concentration=1e-5)
    assert many == pytest.approx(2.0, abs=1e-3)
    alike = table_with_year_effects(1.5, 0.01, (60, 40), (900, 1100), control_concentration=0.05)
    assert alike == pytest.approx(2.0)
    one = table_with_year_effects(1.5, 0.01, (60, 40), (400, 400))
    assert 2.0 < one < 5.5
    assert table_with_year_effects(1.5, 0.0, (0, 0), (4, 0)) == 1.5


def test_several_rows_are_what_each_is_alone():
    random = np.random.default_rng(8)
    cells, phi = random.integers(0, 30, (4, 50)), random.choice([1.0, 1.7, 3.0], 50)
    both = np.array([ratio_of_ratios(*cells, phi).above, *ratio_of_ratios_limits(*cells, phi)])
    alone = [
        [ratio_of_ratios(*row, f).above, *ratio_of_ratios_limits(*row, f)]
        for row, f in zip(cells.T, phi, strict=True)
    ]
    np.testing.assert_array_equal(both.T, alone)
