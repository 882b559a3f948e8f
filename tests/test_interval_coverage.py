"""By simulation: 95 % intervals hold the truth at least 95 % of the time, and not much more often."""

import numpy as np
import pytest

from wardmap.stats.intervals import poisson_limits, rate_ratio, ratio_p, wilson_limits

pytestmark = pytest.mark.slow

DRAWS = 20_000
MONTE_CARLO = 3 * np.sqrt(0.95 * 0.05 / DRAWS)
EXPECTED = (0, 0.5, 1, 2, 3, 5, 8, 10, 12, 15, 20, 30, 50, 100, 200, 350, 500)
# Whole numbers cannot hit 95 %: exact limits hold more, and the fewer the counts the more so.
FEW = 20


@pytest.mark.parametrize("expected", EXPECTED)
def test_limits_of_a_count(expected):
    counts = np.random.default_rng(int(10 * expected)).poisson(expected, DRAWS)
    lower, upper = poisson_limits(counts, 0.95)
    held = ((lower <= expected) & (expected <= upper)).mean()
    assert held >= 0.95 - MONTE_CARLO
    if expected >= FEW:
        assert held <= 0.965 + MONTE_CARLO


@pytest.mark.parametrize("expected", EXPECTED[1:])
@pytest.mark.parametrize("rest", [20, 500, 8000])
def test_limits_and_p_of_a_ratio(expected, rest):
    """A ward of 1,000 people beside 4,000, whose rates differ by whatever the two numbers say."""
    rng = np.random.default_rng(int(10 * expected + rest))
    count, base = (rng.poisson(mean, DRAWS).astype(float) for mean in (expected, rest))
    people, base_people = np.full(DRAWS, 1000.0), np.full(DRAWS, 4000.0)
    _, lower, upper = rate_ratio(count, people, base, base_people, confidence=0.95)
    truth = expected / rest * 4
    held = ((lower <= truth) & (truth <= upper)).mean()
    assert held >= 0.95 - MONTE_CARLO
    if min(expected, rest) >= 2 * FEW:
        assert held <= 0.965 + MONTE_CARLO


@pytest.mark.parametrize("expected", [5, 20, 100, 500])
def test_a_ward_like_the_rest_is_called_different_one_time_in_twenty_at_most(expected):
    rng = np.random.default_rng(expected)
    count, base = (rng.poisson(mean, DRAWS).astype(float) for mean in (expected, 20 * expected))
    p = ratio_p(count, np.full(DRAWS, 1.0), base, np.full(DRAWS, 20.0))
    assert (p < 0.05).mean() <= 0.05 + MONTE_CARLO


@pytest.mark.parametrize("number", [30, 100, 500])
def test_wilsons_limits_on_the_average_over_shares(number):
    """Wilson's limits hold 95 % on the average over shares, not at each of them."""
    rng = np.random.default_rng(number)
    shares = rng.uniform(0.02, 0.98, DRAWS)
    lower, upper = wilson_limits(rng.binomial(number, shares) / number, np.full(DRAWS, float(number)), 0.95)
    assert ((lower <= shares) & (shares <= upper)).mean() == pytest.approx(0.95, abs=0.005 + MONTE_CARLO)
