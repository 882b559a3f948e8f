import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from wardmap.hotspots.scans.likelihood import log_likelihood_ratio, maxima, p_of
from wardmap.hotspots.scans.zones import circles


@pytest.mark.parametrize(
    ("inside", "expected", "published"),
    [
        (85, 49.71, 11.577255),
        (38, 17.79, 9.019716),
        (100, 58.28, 14.083511),
        (106, 62.13, 14.780276),
        (114, 65.18, 17.442551),
        (39, 16.3981, 11.6713),
        (79, 36.1025, 20.8014),
    ],
)
def test_ratios_that_satscan_and_flexscan_print_for_new_york(inside, expected, published):
    """552 cases; the expected counts are printed to two or four decimals, hence the tolerance."""
    ratio = log_likelihood_ratio(np.array([inside]), np.array([expected]), 552.0)
    assert ratio[0] == pytest.approx(published, abs=0.005)


def test_a_zone_with_every_incident_has_a_ratio():
    assert log_likelihood_ratio(np.array([9.0]), np.array([3.0]), 9.0)[0] == pytest.approx(9 * np.log(3))


def test_a_zone_with_none_or_too_few_has_none():
    assert log_likelihood_ratio(np.array([0.0, 2.0, 3.0]), np.array([3.0, 3.0, 3.0]), 9.0).tolist() == [0] * 3
    assert log_likelihood_ratio(np.array([0.0]), np.array([0.0]), 9.0).tolist() == [0]


@given(inside=st.integers(1, 400), share=st.floats(0.001, 0.5))
def test_the_ratio_is_that_of_two_poisson_likelihoods(inside, share):
    """The oracle: scipy's Poisson, with one risk for all against one for the zone and one for the rest."""
    total = 400
    expected = share * total
    one = poisson.logpmf([inside, total - inside], [expected, total - expected]).sum()
    two = poisson.logpmf([inside, total - inside], [inside, total - inside]).sum()
    ratio = log_likelihood_ratio(np.array([float(inside)]), np.array([expected]), float(total))[0]
    assert ratio == pytest.approx(two - one if inside > expected else 0.0, abs=1e-9)


def test_p_counts_the_observed_map_and_equals():
    best = np.array([1.0, 2.0, 3.0, 4.0])
    assert p_of(4.5, best) == 1 / 5
    assert p_of(3.0 + 1e-12, best) == 3 / 5
    assert p_of(0.5, best) == 1


def test_the_best_of_each_map_by_hand():
    chains = circles(np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [9.0, 0.0]]), np.ones(4), max_share=0.5)
    draws = np.array([[8.0, 1.0], [0.0, 1.0], [0.0, 3.0], [0.0, 3.0]])
    alone = log_likelihood_ratio(np.array([8.0]), np.array([2.0]), 8.0)[0]
    pair = log_likelihood_ratio(np.array([6.0]), np.array([4.0]), 8.0)[0]
    np.testing.assert_allclose(maxima(chains, np.full(4, 2.0), draws), [alone, pair])
