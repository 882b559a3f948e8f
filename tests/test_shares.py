"""Largest remainder: shares that sum exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import InputError
from wardmap.stats.shares import largest_remainder


@pytest.mark.parametrize("bad", [[], [0, 0], [-1, 2], [float("nan"), 1]])
def test_weights_that_say_nothing(bad):
    with pytest.raises(InputError, match="not negative, and not all zero"):
        largest_remainder(bad, 10)


def test_a_negative_total():
    with pytest.raises(InputError, match="total: -1"):
        largest_remainder([1], -1)


def test_ties_go_to_the_larger_share_then_to_the_earlier():
    assert largest_remainder([1, 1, 1], 2).tolist() == [1, 1, 0]
    assert largest_remainder([1, 3], 2).tolist() == [0, 2]  # remainders .5 and .5: the larger share


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any), st.integers(0, 10**6))
def test_sums_exactly_and_stays_within_one(weights, total):
    parts = largest_remainder(weights, total)
    exact = np.array(weights) / sum(weights) * total
    assert parts.sum() == total
    assert (np.abs(parts - exact) < 1 + 1e-6).all()
