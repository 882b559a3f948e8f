"""The gamma-Poisson fit, held against a negative binomial regression by another library."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.discrete.discrete_model import NegativeBinomial

from wardmap.stats.gamma_poisson import GammaPoisson, fit

# Lip cancer in 56 districts of Scotland, 1975-80: observed and expected (Clayton and Kaldor 1987, table 1).
OBSERVED = np.array([
    9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10, 16, 11,
    5, 3, 7, 8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0,
], dtype=float)  # fmt: skip
EXPECTED = np.array([
    1.4, 8.7, 3.0, 2.5, 4.3, 2.4, 8.1, 2.3, 2.0, 6.6, 4.4, 1.8, 1.1, 3.3, 7.8, 4.6, 1.1, 4.2, 5.5, 4.4, 10.5,
    22.7, 8.8, 5.6, 15.5, 12.5, 6.0, 9.0, 14.4, 10.2, 4.8, 2.9, 7.0, 8.5, 12.3, 10.1, 12.7, 9.4, 7.2, 5.3,
    18.8, 15.8, 4.3, 14.6, 50.7, 8.2, 5.6, 9.3, 88.7, 19.6, 3.4, 3.6, 5.7, 7.0, 4.2, 1.8,
])  # fmt: skip

counts = st.lists(st.integers(0, 400), min_size=4, max_size=25)


def regression(observed, people):
    """The same likelihood by statsmodels: intercept and dispersion of a negative binomial regression."""
    model = NegativeBinomial(observed, np.ones((len(observed), 1)), exposure=people)
    found = model.fit(disp=0, maxiter=1000, gtol=1e-8)
    return 1 / found.params[1], np.exp(found.params[0])


def test_the_fit_is_the_maximum_likelihood_fit_of_statsmodels():
    shape, mean = regression(OBSERVED, EXPECTED)
    found = fit(OBSERVED, EXPECTED)
    assert found.shape == pytest.approx(shape, rel=1e-5)
    assert found.mean == pytest.approx(mean, rel=1e-7)


def test_a_small_rate_is_drawn_up_and_a_high_one_down_by_hand():
    prior = GammaPoisson(shape=2.0, mean=1.0)
    # (2 + count) / (2 / 1 + expected): 2/5, 5/5, 12/5
    smoothed = prior.smoothed(np.array([0.0, 3.0, 10.0]), np.full(3, 3.0))
    assert smoothed == pytest.approx([0.4, 1.0, 2.4])
    assert prior.weight(np.array([3.0])) == pytest.approx([0.6])


def test_where_chance_explains_the_spread_every_ward_gets_the_mean():
    found = fit(np.array([10.0, 10, 9, 11]), np.ones(4))
    assert found == GammaPoisson(np.inf, 10.0)
    assert found.smoothed(np.array([0.0, 99.0]), np.ones(2)).tolist() == [10.0, 10.0]
    assert found.draws(np.array([9.0]), np.ones(1), 3, np.random.default_rng(0)).tolist() == [[10.0]] * 3


def test_no_incidents_at_all_is_a_rate_of_nothing():
    assert fit(np.zeros(3), np.ones(3)) == GammaPoisson(np.inf, 0.0)


def test_a_ward_without_population_says_nothing_and_gets_the_mean():
    with_it = fit(np.append(OBSERVED, 5.0), np.append(EXPECTED, 0.0))
    assert with_it == fit(OBSERVED, EXPECTED)
    assert with_it.smoothed(np.array([5.0]), np.array([0.0])).tolist() == [with_it.mean]


def test_draws_average_to_the_smoothed_rate():
    found = fit(OBSERVED, EXPECTED)
    draws = found.draws(OBSERVED, EXPECTED, 20_000, np.random.default_rng(0))
    error = draws.std(axis=0) / np.sqrt(20_000)
    assert draws.shape == (20_000, 56)
    assert (np.abs(draws.mean(axis=0) - found.smoothed(OBSERVED, EXPECTED)) < 4.5 * error).all()


@given(counts, st.floats(0.01, 1000))
def test_the_unit_of_population_does_not_matter(observed, factor):
    observed = np.array(observed, dtype=float)
    people = np.linspace(1, 3, len(observed))
    one, other = fit(observed, people), fit(observed, factor * people)
    assume(one.shape < 1e5)  # beyond, the likelihood is flat
    assert other.shape == pytest.approx(one.shape, rel=1e-3)
    assert other.mean * factor == pytest.approx(one.mean, rel=1e-6)


@given(counts)
def test_a_smoothed_rate_lies_between_the_wards_own_and_the_mean(observed):
    observed = np.array(observed, dtype=float)
    people = np.linspace(1, 3, len(observed))
    found = fit(observed, people)
    own, smoothed = observed / people, found.smoothed(observed, people)
    assert (smoothed >= np.minimum(own, found.mean) - 1e-9).all()
    assert (smoothed <= np.maximum(own, found.mean) + 1e-9).all()
