"""fewest: the fewest wards that touch each other and hold a target, against trying every set."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmap.priority.areas.contiguity import components, members
from wardmap.priority.areas.fewest import fewest

ROW = [0b00010, 0b00101, 0b01010, 0b10100, 0b01000]  # five wards in a row


@st.composite
def districts(draw, most=15):
    """Any graph of up to `most` wards, connected or not, with weights that tie often."""
    size = draw(st.integers(1, most))
    weights = draw(st.lists(st.integers(0, 20), min_size=size, max_size=size).filter(any))
    near = [0] * size
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    for one, other in draw(st.lists(pairs, max_size=2 * size)):
        if one != other:
            near[one] |= 1 << other
            near[other] |= 1 << one
    return np.array(weights, dtype=float), near


def brute_force(weights, near, target, include):
    """The heaviest of the smallest connected sets that hold the target, out of all 2 ** n sets."""
    sets = np.arange(1, 1 << len(weights))
    sets = sets[[sum(1 << at for at in include) & ~one == 0 for one in sets.tolist()]]
    chosen = sets[:, None] >> np.arange(len(weights)) & 1
    held = chosen @ weights
    for at in np.lexsort((-held, chosen.sum(axis=1))):
        if held[at] >= target and len(components(near, int(sets[at]))) == 1:
            return chosen[at].sum(), held[at]
    return None


def test_five_in_a_row_by_hand():
    """The two heaviest, 40 and 30, do not touch: 60 needs the three from one to the other."""
    weights = np.array([40.0, 5, 30, 20, 5])
    assert fewest(weights, ROW, 60, [], 10_000).positions == [0, 1, 2]
    assert fewest(weights, ROW, 50, [], 10_000).positions == [2, 3]
    assert fewest(weights, ROW, 10, [4], 10_000).positions == [3, 4]
    assert fewest(weights, ROW, 10, [1, 3], 10_000).positions == [1, 2, 3]
    assert fewest(weights, [0] * 5, 41, [], 10_000) is None


def test_components_by_hand():
    assert components([0b010, 0b001, 0]) == [0b011, 0b100]
    assert components(ROW, 0b11011) == [0b00011, 0b11000]
    assert members(0b10110) == [1, 2, 4]


@settings(max_examples=100)
@given(districts(), st.floats(0.05, 1), st.integers(0, 2), st.randoms(use_true_random=False))
def test_it_equals_trying_every_set(district, share, asked, random):
    weights, near = district
    include = random.sample(range(len(weights)), min(asked, len(weights)))
    target = share * weights.sum()
    found = fewest(weights, near, target, include, 10**9)
    expected = brute_force(weights, near, target, include)
    if expected is None:
        assert found is None
    else:
        assert (len(found.positions), weights[found.positions].sum()) == expected
        assert found.at_least == expected[0]
        assert len(components(near, sum(1 << at for at in found.positions))) == 1
        assert set(include) <= set(found.positions)


@settings(max_examples=60)
@given(districts(), st.floats(0.05, 1), st.integers(0, 30))
def test_a_search_that_is_cut_short_states_a_true_bound(district, share, effort):
    weights, near = district
    target = share * weights.sum()
    found, expected = fewest(weights, near, target, [], effort), brute_force(weights, near, target, [])
    assert (found is None) == (expected is None)
    if found is not None:
        assert found.at_least <= expected[0] <= len(found.positions)
        assert weights[found.positions].sum() >= target
        assert len(components(near, sum(1 << at for at in found.positions))) == 1
