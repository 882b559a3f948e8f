"""The stepped rest: methods C23."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.stats.beta_binomial import rate_ratio, tails
from wardmap.stats.stepped import passing, stepped_rest

RULE = passing(phi=1.5, size=1.5, level=0.025)


def test_a_ward_far_above_all_others_no_longer_hides_them():
    count, people = np.array([500, 60, 55, 30, 25, 20, 25, 30, 28]), np.full(9, 1000.0)
    plain = rate_ratio(count, count.sum(), people / people.sum())
    assert (plain[1:] < 1.5).all()
    found = stepped_rest(count, people, RULE)
    assert found.step.tolist() == [1, 2, 3, 0, 0, 0, 0, 0, 0]
    assert found.ratio[0] == plain[0]
    assert found.ratio[1] == pytest.approx(60 / (213 / 7))
    assert found.ratio[3] == pytest.approx(30 / (128 / 5))
    assert found.total.tolist() == [773, 273, 213] + [158] * 6


def test_under_one_rate_nothing_changes():
    count, people = np.array([30, 32, 28, 35, 25, 31]), np.full(6, 1000.0)
    found = stepped_rest(count, people, RULE)
    assert not found.step.any()
    np.testing.assert_allclose(found.ratio, rate_ratio(count, count.sum(), 1 / 6))


def test_at_most_a_third_leave_and_they_are_the_highest():
    count = np.array([10, 4000, 900, 200, 50, 10])
    found = stepped_rest(count, np.full(6, 1000.0), RULE)
    assert found.step.tolist() == [0, 1, 2, 0, 0, 0]
    assert stepped_rest(count, np.full(6, 1000.0), RULE, at_most=0.5).step.tolist() == [0, 1, 2, 3, 0, 0]


def test_wards_without_people_or_not_observed_take_no_part():
    found = stepped_rest([400, 7, np.nan, 40, 40, 40], [1000, 0, 1000, 1000, 1000, 1000], RULE)
    assert found.step.tolist() == [1, 0, 0, 0, 0, 0]
    assert np.isnan(found.ratio[[1, 2]]).all()
    assert found.total[3] == 120
    assert np.isnan(stepped_rest([np.nan, np.nan], [1, 1], RULE).ratio).all()


@given(st.lists(st.integers(0, 60), min_size=3, max_size=9), st.integers(0, 10**6))
def test_each_step_is_passed_and_the_next_is_not(counts, seed):
    count, people = np.array(counts), np.random.default_rng(seed).uniform(500, 2000, len(counts))
    found = stepped_rest(count, people, RULE)
    left = np.ones(len(count), dtype=bool)
    for step in range(1, found.step.max() + 1):
        ward = np.flatnonzero(found.step == step)[0]
        assert (count[ward] / people[ward] >= count[left] / people[left]).all()
        assert found.total[ward] == count[left].sum()
        p = tails(count[ward], found.total[ward], people[ward] / people[left].sum(), 1.5).mid_at_least
        assert p <= 0.025
        left[ward] = False
    np.testing.assert_allclose(found.share[left].sum(), 1)
    order = np.random.default_rng(seed).permutation(len(count))
    if len(set(zip(counts, people, strict=True))) == len(counts):
        np.testing.assert_array_equal(stepped_rest(count[order], people[order], RULE).step, found.step[order])
