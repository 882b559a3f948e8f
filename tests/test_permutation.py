from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from wardmap.hotspots.local import permutation
from wardmap.hotspots.local.permutation import Tails, neighbour_tails, p_values


def links_with(n, degree, rng):
    """Give ward i `degree[i]` neighbours among the others, at random."""
    matrix = np.zeros((n, n))
    for ward, k in enumerate(degree):
        others = np.delete(np.arange(n), ward)
        matrix[ward, rng.choice(others, k, replace=False)] = 1
    return csr_array(matrix)


def by_brute_force(values, links):
    """Try every arrangement of every ward with itertools, in whole numbers."""
    n = len(values)
    high, low = np.full((2, n), np.nan)
    for ward in range(n):
        near = links.indices[links.indptr[ward] : links.indptr[ward + 1]]
        if not len(near):
            continue
        observed = sum(values[j] for j in near)
        others = [values[j] for j in range(n) if j != ward]
        sums = [sum(chosen) for chosen in combinations(others, len(near))]
        high[ward] = sum(s >= observed for s in sums) / len(sums)
        low[ward] = sum(s <= observed for s in sums) / len(sums)
    return high, low


# --- exact: every arrangement


@given(
    values=st.lists(st.integers(-3, 3), min_size=3, max_size=9),
    seed=st.integers(0, 1_000),
    divisor=st.sampled_from([1, 3, 7, 1000]),
)
@settings(deadline=None)
def test_exact_shares_equal_brute_force_ties_included(values, seed, divisor):
    rng = np.random.default_rng(seed)
    n = len(values)
    links = links_with(n, rng.integers(0, n, size=n), rng)
    high, low = by_brute_force(values, links)
    tails = neighbour_tails(np.array(values)[:, np.newaxis] / divisor, links, permutations=99, seed=0)
    np.testing.assert_allclose(tails.at_least[:, 0], high, rtol=1e-12)
    np.testing.assert_allclose(tails.at_most[:, 0], low, rtol=1e-12)
    assert tails.exact.all()


def test_rounding_never_loses_the_observed_arrangement_or_its_ties():
    # 0.1 + 0.2 is not 0.3 in floating point, but it is as much evidence
    values = np.array([[5.0], [0.1], [0.2], [0.3], [0.0], [0.0]])
    links = csr_array(np.array([[0, 1, 1, 0, 0, 0], [0] * 6, [0] * 6, [0] * 6, [0] * 6, [0] * 6]))
    tails = neighbour_tails(values, links, permutations=99, seed=0)
    assert tails.least_high[0, 0] == 1 / 10
    sums = [1 + 2, 1 + 3, 1, 1, 2 + 3, 2, 2, 3, 3, 0]
    assert tails.at_least[0, 0] == sum(s >= 3 for s in sums) / 10
    assert tails.at_most[0, 0] == sum(s <= 3 for s in sums) / 10


@pytest.mark.parametrize(("k", "smallest"), [(1, 0.05), (2, 1 / 190), (3, 1 / 1140), (7, 1 / 77_520)])
def test_smallest_p_at_21_wards(k, smallest):
    matrix = np.zeros((21, 21))
    matrix[0, 1 : k + 1] = 1
    values = np.arange(21.0, 0.0, -1.0)[:, np.newaxis]  # the neighbours are the highest of all
    tails = neighbour_tails(values, csr_array(matrix), permutations=99, seed=0)
    assert tails.least_high[0, 0] == tails.at_least[0, 0] == smallest
    assert tails.exact.all()


def test_a_ward_without_neighbours_has_no_share():
    links = csr_array(np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0]]))
    tails = neighbour_tails(np.array([[1.0], [2.0], [3.0]]), links, permutations=99, seed=0)
    assert np.isnan([tails.at_least[0, 0], tails.at_most[0, 0], tails.least_high[0, 0]]).all()


def test_a_neighbour_of_everyone_has_one_arrangement_only():
    links = csr_array(1 - np.eye(4))
    tails = neighbour_tails(np.array([[9.0], [0.1], [0.2], [0.3]]), links, permutations=99, seed=0)
    p, attainable = p_values(tails, "greater")
    assert p.tolist() == [[1.0]] * 4
    assert attainable.tolist() == [[1.0]] * 4


def test_no_variation_is_never_significant():
    links = links_with(8, [3] * 8, np.random.default_rng(0))
    for value in (0.0, 0.1, 1e9):
        tails = neighbour_tails(np.full((8, 1), value), links, permutations=99, seed=0)
        assert (tails.at_least == 1).all()
        assert (tails.at_most == 1).all()


@given(values=st.lists(st.integers(0, 2), min_size=3, max_size=8), seed=st.integers(0, 500))
@settings(deadline=None)
def test_the_smallest_share_counts_every_arrangement_as_good_as_the_best(values, seed):
    rng = np.random.default_rng(seed)
    n = len(values)
    links = links_with(n, rng.integers(1, n, size=n), rng)
    tails = neighbour_tails(np.array(values)[:, np.newaxis] / 3, links, permutations=99, seed=0)
    for ward, k in enumerate(np.diff(links.indptr)):
        sums = [sum(chosen) for chosen in combinations(values[:ward] + values[ward + 1 :], k)]
        assert tails.least_high[ward, 0] == pytest.approx(sums.count(max(sums)) / len(sums))
        assert tails.least_low[ward, 0] == pytest.approx(sums.count(min(sums)) / len(sums))


# --- drawn: some arrangements


def test_many_equal_values_bound_a_drawn_share_from_below():
    values = np.zeros((60, 1))
    values[:2] = 1.0
    links = links_with(60, [6] * 60, np.random.default_rng(0))
    tails = neighbour_tails(values, links, permutations=99, seed=0)
    assert not tails.exact.any()
    both, none = comb(57, 4) / comb(59, 6), comb(57, 6) / comb(59, 6)  # of a ward that is itself a zero
    assert tails.least_low[59, 0] == pytest.approx(none)
    assert tails.least_high[59, 0] == pytest.approx(max(both, 1 / 100))
    assert (tails.at_most >= tails.least_low).all()


def test_drawn_shares_agree_with_exact_ones_within_error(monkeypatch):
    rng = np.random.default_rng(5)
    n, draws = 14, 20_000
    links = links_with(n, rng.integers(1, n - 1, size=n), rng)
    values = rng.gamma(1, size=(n, 3))
    exact = neighbour_tails(values, links, permutations=draws, seed=0)
    assert exact.exact.all()
    monkeypatch.setattr(permutation, "ENUMERATE_UP_TO", 0)
    for seed in range(5):
        drawn = neighbour_tails(values, links, permutations=draws, seed=seed)
        assert not drawn.exact.any()
        error = np.sqrt(exact.at_least * (1 - exact.at_least) / draws)
        assert (np.abs(drawn.at_least - exact.at_least) <= 5 * error + 1 / draws).all()
        assert (np.abs(drawn.at_most - exact.at_most) <= 5 * error + 6 / draws).all()


def test_a_drawn_share_counts_the_observed_arrangement():
    n = 60
    values = np.arange(n, dtype=float)[:, np.newaxis]
    matrix = np.zeros((n, n))
    matrix[0, -10:] = 1
    tails = neighbour_tails(values, csr_array(matrix), permutations=999, seed=0)
    assert tails.at_least[0, 0] == tails.least_high[0, 0] == 1 / 1000
    assert tails.at_most[0, 0] == 1
    assert not tails.exact[0]


def test_drawn_sets_are_fair():
    sets = permutation._drawn(6, 3, 60_000, seed=1)
    assert all(len(set(column)) == 3 for column in sets[:, :500].T)
    _, times = np.unique(np.sort(sets, axis=0), axis=1, return_counts=True)
    assert len(times) == comb(6, 3)
    expected = 60_000 / comb(6, 3)
    assert (np.abs(times - expected) < 5 * np.sqrt(expected)).all()


def test_the_first_k_draws_do_not_depend_on_how_many_follow():
    np.testing.assert_array_equal(
        permutation._drawn(30, 9, 99, seed=3)[:4], permutation._drawn(30, 4, 99, seed=3)
    )


def test_p_is_uniform_when_there_is_nothing_to_find():
    # shared draws move all wards together, so look over many data sets and several seeds
    n, k = 40, 6
    links = links_with(n, [k] * n, np.random.default_rng(2))
    values = np.random.default_rng(3).normal(size=(n, 500))
    for seed in range(3):
        p = neighbour_tails(values, links, permutations=999, seed=seed).at_least
        for level in (0.01, 0.05, 0.2, 0.5):
            error = np.sqrt(level * (1 - level) / 500)  # wards of one data set are not independent
            assert abs((p <= level).mean() - level) < 4 * error


def test_same_seed_same_draws_another_seed_others():
    links = links_with(50, [9] * 50, np.random.default_rng(0))
    values = np.random.default_rng(1).normal(size=(50, 1))
    one, same, other = (
        neighbour_tails(values, links, permutations=99, seed=seed).at_least for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


# --- many variables, any order, any unit


@pytest.mark.parametrize("n", [9, 40])
@pytest.mark.parametrize("kind", ["all different", "ties", "signs"])
def test_compiled_code_counts_the_same(n, kind):
    rng = np.random.default_rng(n)
    links = links_with(n, rng.integers(0, n, size=n), rng)
    values = {
        "all different": rng.gamma(1, size=(n, 7)),
        "ties": rng.poisson(1.0, size=(n, 7)) / 7,
        "signs": rng.normal(size=(n, 7)).round(1),
    }[kind]
    numpy, compiled = (
        neighbour_tails(values, links, permutations=199, seed=4, compiled=choice) for choice in (False, True)
    )
    for name in ("at_least", "at_most", "least_high", "least_low", "smallest", "exact"):
        np.testing.assert_array_equal(getattr(numpy, name), getattr(compiled, name))


@pytest.mark.parametrize("cells", [1, 4_000_000])
@pytest.mark.parametrize("n", [9, 40])
def test_a_batch_equals_one_at_a_time_in_portions_of_any_size(monkeypatch, n, cells):
    rng = np.random.default_rng(n)
    links = links_with(n, rng.integers(0, n, size=n), rng)
    values = rng.gamma(1, size=(n, 7)) * rng.choice([1e-6, 1.0, 1e6], size=7)
    alone = [neighbour_tails(values[:, [v]], links, permutations=199, seed=4) for v in range(7)]
    monkeypatch.setattr(permutation, "_CELLS", cells)
    batch = neighbour_tails(values, links, permutations=199, seed=4)
    np.testing.assert_array_equal(batch.at_least, np.hstack([tails.at_least for tails in alone]))
    np.testing.assert_array_equal(batch.at_most, np.hstack([tails.at_most for tails in alone]))


@given(seed=st.integers(0, 1_000), factor=st.floats(1e-6, 1e6))
@settings(max_examples=25)
def test_exact_shares_know_neither_order_nor_unit(seed, factor):
    rng = np.random.default_rng(seed)
    n = 9
    matrix = links_with(n, rng.integers(0, n, size=n), rng).toarray()
    values = rng.poisson(4, size=(n, 2)) / rng.integers(1_000, 9_000, size=(n, 1))
    order = rng.permutation(n)
    tails = neighbour_tails(values, csr_array(matrix), permutations=99, seed=0)
    moved = neighbour_tails(
        values[order] * factor, csr_array(matrix[np.ix_(order, order)]), permutations=99, seed=0
    )
    np.testing.assert_array_equal(moved.at_least, tails.at_least[order])
    np.testing.assert_array_equal(moved.at_most, tails.at_most[order])


def test_input_is_not_changed():
    values, links = np.array([[3.0], [1.0], [2.0]]), csr_array(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))
    before = values.copy(), links.toarray()
    neighbour_tails(values, links, permutations=99, seed=0)
    np.testing.assert_array_equal(values, before[0])
    np.testing.assert_array_equal(links.toarray(), before[1])


# --- from shares to p


@pytest.mark.parametrize(
    ("alternative", "p", "attainable"),
    [
        ("greater", [0.02, 0.60, np.nan], [0.01, 0.5, np.nan]),
        ("less", [0.99, 0.70, np.nan], [0.01, 0.5, np.nan]),
        ("two-sided", [0.04, 1.0, np.nan], [0.02, 1.0, np.nan]),
    ],
)
def test_alternatives(alternative, p, attainable):
    tails = Tails(
        np.array([[0.02], [0.60], [np.nan]]),
        np.array([[0.99], [0.70], [np.nan]]),
        np.array([[0.01], [0.5], [np.nan]]),
        np.array([[0.01], [0.5], [np.nan]]),
        np.array([0.01, 0.5, np.nan]),
        np.array([True, True, True]),
    )
    found, least = p_values(tails, alternative)
    np.testing.assert_array_equal(found[:, 0], p)
    np.testing.assert_array_equal(least[:, 0], attainable)
