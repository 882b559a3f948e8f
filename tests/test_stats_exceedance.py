"""How sure it is that a ward's rate is high: methods C17 and C24."""

import numpy as np
import pytest
from scipy import stats

from wardmap.stats.exceedance import cv_weights, draw_rates, exceedance, posterior, ranks, ratios_to_rest

COUNT, PEOPLE = np.array([30.0, 12, 8, 25, 5]), np.array([10.0, 10, 8, 20, 10])


def test_the_numbers_of_the_methods():
    """Methods C17: a = b = 4, O = 12, E = 5: P(λ ≥ 1.5) at φ = 1, 2 and 2.2."""
    found = posterior(12, 5, [1, 2, 2.2], shape=4, rate=4).at_least(1.5)
    np.testing.assert_allclose(found, [0.71779280, 0.48957124, 0.46259207], atol=5e-9)


def test_draws_have_the_mean_of_the_posterior_where_the_spread_is_known():
    random = np.random.default_rng(0)
    rates = draw_rates(COUNT, PEOPLE, 2.0, draws=40_000, random=random, cv=0.5)
    mean = COUNT.sum() / PEOPLE.sum()
    expected = (4 + COUNT / 2) / (4 / mean + PEOPLE / 2)
    np.testing.assert_allclose(rates.mean(axis=0), expected, rtol=0.03)


def test_no_spread_means_one_rate_for_all():
    random = np.random.default_rng(0)
    ratios = ratios_to_rest(draw_rates(COUNT, PEOPLE, 1.0, draws=200, random=random, cv=0), PEOPLE)
    np.testing.assert_allclose(ratios, 1, atol=0.01)


def test_the_spread_follows_the_likelihood_of_the_negative_binomial():
    grid, weight = cv_weights(COUNT, PEOPLE, 1.0)
    mean = COUNT.sum() / PEOPLE.sum() * PEOPLE
    a = 1 / grid[:, np.newaxis] ** 2
    log = stats.nbinom.logpmf(COUNT, a, a / (a + mean)).sum(axis=1)
    expected = np.exp(log - log.max())
    np.testing.assert_allclose(weight, expected / expected.sum(), rtol=1e-7)
    assert 0.2 < grid[weight.argmax()] < 0.8


def test_dispersion_makes_less_sure():
    sure = [
        exceedance(draw_rates(COUNT, PEOPLE, phi, draws=4000, random=np.random.default_rng(1)), PEOPLE, 1.5)[
            0
        ]
        for phi in (1.0, 2.0, 4.0)
    ]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 0.8


def test_a_ward_without_people_or_not_observed_has_no_rate_rank_or_probability():
    count, people = np.array([30, np.nan, 4, 9]), np.array([10.0, 10, 0, 8])
    rates = draw_rates(count, people, 1.5, draws=50, random=np.random.default_rng(2))
    assert np.isnan(rates).all(axis=0).tolist() == [False, True, True, False]
    assert np.isnan(ranks(rates)).all(axis=0).tolist() == [False, True, True, False]
    assert sorted(set(ranks(rates)[:, [0, 3]].ravel())) == [1, 2]
    np.testing.assert_array_equal(np.isnan(exceedance(rates, people, 1.5)), [False, True, True, False])
    pair = draw_rates(count[[0, 3]], people[[0, 3]], 1.5, draws=50, random=np.random.default_rng(2))
    np.testing.assert_allclose(ratios_to_rest(rates, people)[:, [0, 3]], ratios_to_rest(pair, people[[0, 3]]))


def test_ratios_are_to_all_others_together_and_ranks_begin_at_the_top():
    rates = np.array([[1.0, 2, 3], [6, 2, 3]])
    found = ratios_to_rest(rates, [1.0, 1, 2])
    np.testing.assert_allclose(found[0], [3 / 8, 2 * 3 / 7, 3 * 2 / 3])
    assert ranks(rates).tolist() == [[3, 2, 1], [1, 3, 2]]
    assert exceedance(rates, [1.0, 1, 2], 1.9).tolist() == pytest.approx([0.5, 0, 0.5])


def test_a_year_to_come_is_less_sure():
    rates = [
        draw_rates(COUNT, PEOPLE, 1.0, draws=20_000, random=np.random.default_rng(1), cv=0.5, coming_year=k)
        for k in (0.0, 0.09)
    ]
    np.testing.assert_allclose(rates[1].mean(axis=0), rates[0].mean(axis=0), rtol=0.03)
    spread = rates[0].var(axis=0) * 1.09 + 0.09 * rates[0].mean(axis=0) ** 2
    np.testing.assert_allclose(rates[1].var(axis=0), spread, rtol=0.08)


def test_no_events_at_all_can_be_drawn():
    rates = draw_rates(np.zeros(4), np.ones(4), 1.5, draws=20, random=np.random.default_rng(0))
    assert np.isfinite(rates).all()
