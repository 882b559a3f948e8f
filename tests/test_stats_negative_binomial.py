"""A count against a fixed rate under dispersion: methods C21, and scipy's negative binomial."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wardmap.stats.intervals import poisson_limits
from wardmap.stats.negative_binomial import mean_limits, tails


@pytest.mark.parametrize(
    ("phi", "at_least", "mid", "plain"),
    [
        (1, 0.021279769, 0.016438753, (12.216520, 30.888378)),
        (1.5, 0.049785187, 0.041602756, (10.749992, 33.378656)),
        (2, 0.074806392, 0.064949237, (9.604667, 35.544857)),
    ],
)
def test_the_numbers_of_the_methods(phi, at_least, mid, plain):
    """Methods C21, against a fixed rate: O = 20, μ = 12."""
    found = tails(20, 12, phi)
    assert found.at_least == pytest.approx(at_least, rel=5e-8)
    assert found.mid_at_least == pytest.approx(mid, rel=5e-8)
    np.testing.assert_allclose(mean_limits(20, phi, mid=False), plain, atol=6e-7)


def test_no_incident():
    """Methods C21: O = 0, φ = 2: upper 5.321928, mid 4.321928."""
    np.testing.assert_allclose(mean_limits(0, 2, mid=False), (0, 5.321928), atol=6e-7)
    np.testing.assert_allclose(mean_limits(0, 2), (0, 4.321928), atol=6e-7)


@given(st.integers(0, 300), st.floats(0.05, 300), st.floats(1.02, 6))
def test_tails_agree_with_scipy(count, mean, phi):
    law, found = stats.nbinom(mean / (phi - 1), 1 / phi), tails(count, mean, phi)
    assert found.at_most == pytest.approx(law.cdf(count), rel=1e-9, abs=1e-290)
    assert found.above == pytest.approx(law.sf(count), rel=1e-9, abs=1e-290)


@given(st.integers(0, 300), st.floats(0.05, 300))
def test_at_phi_1_it_is_poisson(count, mean):
    found, law = tails(count, mean, [1.0, 1 + 1e-12]), stats.poisson(mean)
    np.testing.assert_allclose(found.at_most, law.cdf(count), rtol=1e-7, atol=1e-290)
    np.testing.assert_allclose(found.above, law.sf(count), rtol=1e-7, atol=1e-290)


@given(st.integers(0, 9))
def test_plain_limits_at_phi_1_are_the_exact_ones_of_a_rate(count):
    np.testing.assert_allclose(
        np.ravel(mean_limits(count, 1, mid=False)), np.ravel(poisson_limits([count], 0.95)), rtol=1e-9
    )


@given(st.integers(0, 200), st.floats(0.1, 200), st.floats(1, 5), st.booleans())
def test_p_is_small_exactly_where_the_limits_leave_out_what_is_expected(count, mean, phi, mid):
    p = tails(count, mean, phi).two_sided(mid=mid)
    if abs(p - 0.05) > 1e-9:
        lower, upper = mean_limits(count, phi, mid=mid)
        assert (p < 0.05) == (lower > mean or upper < mean)


def test_several_rows_are_what_each_is_alone_and_nothing_expected_has_no_p():
    count, phi = np.array([[0, 3, 7, 3], [40, 1, 0, 2]]), np.array([[1.0], [2.5]])
    both = mean_limits(count, phi)
    alone = [[mean_limits(k, f[0]) for k in row] for row, f in zip(count, phi, strict=True)]
    np.testing.assert_array_equal(np.moveaxis(np.array(both), 0, -1), alone)
    assert np.isnan(tails([1, 1, np.nan], [0, np.nan, 3], 1.0).at_least).all()
    assert np.isnan(mean_limits([np.nan], 2.0)).all()
