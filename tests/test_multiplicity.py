import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wardmap.stats.multiplicity import q_values, reach

GOLDEN = [0.001, 0.01, 0.02, 0.04, 0.3]
GOLDEN_Q = [0.005, 0.025, 1 / 30, 0.05, 0.3]


def test_published_q_values():
    np.testing.assert_allclose(q_values(np.array(GOLDEN)), GOLDEN_Q)


def test_untestable_wards_are_no_members_of_the_family():
    q = q_values(np.array([np.nan, *GOLDEN, np.nan]))
    np.testing.assert_allclose(q, [np.nan, *GOLDEN_Q, np.nan])


def test_every_row_is_a_family_of_its_own():
    p = np.array([GOLDEN, [0.3, np.nan, np.nan, np.nan, np.nan], [np.nan] * 5])
    np.testing.assert_allclose(q_values(p), [GOLDEN_Q, [0.3] + [np.nan] * 4, [np.nan] * 5])


@given(arrays(float, st.integers(1, 12), elements=st.floats(0, 1)))
def test_q_is_the_rate_at_which_the_step_up_procedure_flags(p):
    q = q_values(p)
    assert (q >= p * (1 - 1e-12)).all()
    assert (q <= 1).all()
    for level in (0.05, 0.1, 0.5):
        # Benjamini and Hochberg's own wording: the largest i with p_(i) <= i/m * level
        passing = np.flatnonzero(np.sort(p) <= np.arange(1, len(p) + 1) / len(p) * level + 1e-15)
        limit = np.sort(p)[passing[-1]] if len(passing) else -1.0
        np.testing.assert_array_equal(q <= level + 1e-12, p <= limit)


def test_input_is_not_changed():
    p = np.array(GOLDEN[::-1])
    q_values(p)
    assert p.tolist() == GOLDEN[::-1]


def test_reach_counts_testable_wards_only():
    assert reach(np.array([0.05, 0.02, np.nan]), 0.1) == (0.02, 0.05)


def test_reach_of_a_family_without_testable_wards_is_unknown():
    assert np.isnan(reach(np.array([np.nan, np.nan]), 0.1)).all()


@pytest.mark.parametrize("level", [0.05, 0.1])
def test_a_lone_ward_at_its_limit_is_found(level):
    m = 7
    best, needed = reach(np.full(m, level / m), level)
    assert best <= needed
    assert q_values(np.array([best] + [1.0] * (m - 1)))[0] <= level + 1e-12


def test_numbers_next_to_nothing_keep_their_order():
    assert q_values(np.array([5e-324, 0.0])).tolist() == [5e-324, 0.0]
