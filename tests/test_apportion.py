"""apportion: whole shares between floors and caps."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wardmap.errors import InputError
from wardmap.priority.resources.apportion import apportion
from wardmap.stats.shares import largest_remainder


def split(weights, total, floors=0, caps=10**9):
    size = len(weights)
    limits = (np.broadcast_to(np.asarray(limit, dtype=np.int64), size) for limit in (floors, caps))
    return apportion(np.asarray(weights, dtype=float), total, *limits).tolist()


@st.composite
def tasks(draw):
    """Weights, floors and caps, and a total that the limits leave room for."""
    size = draw(st.integers(1, 12))
    weights = draw(st.lists(st.integers(1, 1000), min_size=size, max_size=size))
    floors = draw(st.lists(st.integers(0, 50), min_size=size, max_size=size))
    caps = [f + draw(st.integers(0, 80)) for f in floors]
    return weights, draw(st.integers(sum(floors), sum(caps))), floors, caps


def test_by_hand():
    """Ten by 5 : 3 : 2 with a cap of 4: what the first cannot take goes to the others as 3 : 2."""
    assert split([5, 3, 2], 10) == [5, 3, 2]
    assert split([5, 3, 2], 10, caps=4) == [4, 4, 2]  # 3.6 and 2.4
    assert split([8, 1, 1], 10, floors=2) == [6, 2, 2]
    assert split([8, 1, 0], 10, floors=[0, 0, 3], caps=[5, 9, 9]) == [5, 2, 3]
    assert split([0, 0], 4, floors=2) == [2, 2]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (([1, 1], 3, 2), "floors need more than there is"),
        (([1, 1], 5, 0, 2), "caps leave something over"),
        (([1, 0], 5, 0, 3), "no part with any weight can take"),
        (([0, 0], 5), "no part with any weight can take"),
    ],
)
def test_what_cannot_be_done_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        split(*given)


@given(tasks())
def test_sums_exactly_between_the_limits(task):
    _, total, floors, caps = task
    parts = np.array(split(*task))
    assert parts.sum() == total
    assert (parts >= floors).all()
    assert (parts <= caps).all()


@given(tasks())
def test_more_weight_never_gets_less(task):
    weights, total, floors, caps = task
    low, high = min(floors), max(caps)
    assume(low * len(weights) <= total <= high * len(weights))
    parts = split(weights, total, low, high)
    ranked = [part for _, part in sorted(zip(weights, parts, strict=True))]
    assert ranked == sorted(ranked)


@given(tasks(), st.integers(0, 11), st.integers(1, 500))
def test_a_ward_whose_need_grows_never_gets_less(task, at, more):
    weights, total, floors, caps = task
    at %= len(weights)
    grown = [w + more * (n == at) for n, w in enumerate(weights)]
    assert split(grown, total, floors, caps)[at] >= split(*task)[at]


@given(tasks())
def test_it_is_proportional_where_no_limit_cuts(task):
    weights, total, _, _ = task
    assert split(weights, total) == largest_remainder(weights, total).tolist()


@given(tasks(), st.randoms())
def test_permuting_wards_permutes_shares(task, random):
    weights, total, floors, caps = task
    weights = [w + n / 100 for n, w in enumerate(weights)]  # no ties, which go by position
    order = list(range(len(weights)))
    random.shuffle(order)
    mixed = split([weights[n] for n in order], total, [floors[n] for n in order], [caps[n] for n in order])
    assert mixed == [split(weights, total, floors, caps)[n] for n in order]
