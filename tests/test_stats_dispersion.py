"""φ and κ by moments, pooled, with their intervals, and the φ of comparisons: methods C21."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wardmap.stats.between_years import kappa, phi_against_rest, phi_of_sets
from wardmap.stats.dispersion import Moments, interval, monthly_moments, pool, variance, yearly_moments

VARIED = [[3, 5, 2, 8, 4, 6], [1, 0, 4, 2, 9, 2], [10, 12, 7, 15, 11, 20]]
EVEN = [[4, 4, 5, 4, 4, 4], [4, 5, 4, 4, 4, 4], [5, 4, 4, 5, 5, 5]]
YEARS = np.array([[40, 55, 61], [80, 70, 96], [150, 180, 149]])
TABLES = arrays(
    np.int64, st.tuples(st.integers(1, 3), st.integers(2, 5), st.integers(6, 9)), elements=st.integers(0, 9)
)


def pairs_counted(y):
    """Num and den by counting pairs of events one by one: of one ward, and of different wards."""
    events = [
        (ward, month) for ward, row in enumerate(y) for month, count in enumerate(row) for _ in range(count)
    ]
    own = other = own_shared = other_shared = 0
    for i, (ward, month) in enumerate(events):
        for j, (ward_2, month_2) in enumerate(events):
            if i != j:
                own += ward == ward_2
                other += ward != ward_2
                own_shared += ward == ward_2 and month == month_2
                other_shared += ward != ward_2 and month == month_2
    if not other:
        return np.nan, np.nan
    chance = other_shared / other
    return own_shared - chance * own, len(events) * (1 - chance)


# Months ---------------------------------------------------------------------------------------------


def test_the_tables_of_the_methods():
    """Methods C21: num 57.605463, den 100.496712, φ 1.573207; and .069272."""
    found = monthly_moments([VARIED, EVEN])
    np.testing.assert_allclose(found.excess[0], 57.605463, atol=5e-7)
    np.testing.assert_allclose(found.scale[0], 100.496712, atol=5e-7)
    assert 1 - found.scale[0] / 121 == pytest.approx(0.16944866, abs=5e-9)
    np.testing.assert_allclose(found.phi, [1.573207, 0.069272], atol=5e-7)
    assert found.events.tolist() == [121, 78]
    assert pool(monthly_moments([EVEN]), concentration=1 / 3, degrees=5).tolist() == [1.0]


@given(TABLES)
def test_it_counts_pairs_of_events(y):
    found = monthly_moments(y)
    for theme, table in enumerate(y):
        excess, scale = pairs_counted(table)
        np.testing.assert_allclose(found.excess[theme], excess, atol=1e-8)
        np.testing.assert_allclose(found.scale[theme], scale, atol=1e-8)


def test_years_and_districts_are_added_up():
    random = np.random.default_rng(1)
    y = random.poisson(3, (2, 7, 24))
    years, districts = np.repeat(["a", "b"], 12), np.array(["x", "y", "x", "y", "x", "x", "y"])
    whole = monthly_moments(y, years=years, districts=districts)
    parts = [
        monthly_moments(y[:, districts == district][:, :, years == year])
        for year in "ab"
        for district in "xy"
    ]
    np.testing.assert_allclose(whole, np.sum(parts, axis=0), rtol=1e-12)


def test_a_month_not_observed_is_left_out_for_its_district_and_a_ward_never_observed_alone():
    random = np.random.default_rng(2)
    y = random.poisson(4, (1, 6, 12)).astype(float)
    districts = np.array([0, 0, 0, 1, 1, 1])
    gone = y.copy()
    gone[0, 0, 3] = np.nan
    gone[0, 5] = np.nan
    kept = np.arange(12) != 3
    expected = np.add(monthly_moments(y[:, :3][:, :, kept]), monthly_moments(y[:, 3:5]))
    np.testing.assert_allclose(monthly_moments(gone, districts=districts), expected, rtol=1e-12)


@pytest.mark.parametrize("y", [np.ones((1, 3, 5)), [[[3, 4, 2, 3, 6, 1], [0] * 6]], np.zeros((1, 3, 12))])
def test_too_little_has_no_phi_and_counts_as_chance(y):
    found = monthly_moments(y)
    assert np.isnan(found.phi).all()
    assert pool(found, concentration=0.1, degrees=11).tolist() == [1.0]
    assert np.isnan(interval(found, concentration=0.1, degrees=11)).all()


def test_seasons_of_the_district_do_not_count():
    random = np.random.default_rng(4)
    season = 1 + 0.8 * np.sin(np.arange(24) / 12 * 2 * np.pi)
    y = random.poisson(20 * season * random.uniform(0.5, 2, (300, 20, 1)))
    phi = monthly_moments(y).phi
    assert abs(phi.mean() - 1) < 4 * phi.std() / np.sqrt(300)


# Themes together ------------------------------------------------------------------------------------


def test_pooling_of_the_methods():
    """Methods C21: φ̂ = 1.9, 1.2, 3.0, C = 1200, 300, 60, den = 11C/12, h = 1/21, T = 12."""
    events = np.array([1200.0, 300, 60])
    moments = Moments(np.array([0.9, 0.2, 2.0]) * 11 * events / 12, 11 * events / 12, events)
    together = 1 + moments.excess.sum() / moments.scale.sum()
    v = variance(together, events, concentration=1 / 21, degrees=11)
    np.testing.assert_allclose(v, [0.033674, 0.049819, 0.135925], atol=6e-7)
    found = pool(moments, concentration=1 / 21, degrees=11)
    np.testing.assert_allclose(found, [1.995382, 1.382143, 2.944829], atol=6e-7)


def test_a_single_theme_gets_half_a_standard_error():
    """Methods C21: K = 1: φ̂ + ½√v."""
    moments = Moments(np.array([900.0, np.nan]), np.array([1000.0, np.nan]), np.array([1200.0, 0]))
    v = variance(1.9, 1200, concentration=1 / 21, degrees=11)
    found = pool(moments, concentration=1 / 21, degrees=11)
    np.testing.assert_allclose(found, [1.9 + np.sqrt(v) / 2, 1.0])


def test_limits_hold_the_estimate_and_few_events_have_no_upper_one():
    moments = Moments(
        np.array([900.0, 110, -100, 4]), np.array([1000.0, 100, 400, 5]), np.array([1e3, 110, 400, 6])
    )
    lower, upper = interval(moments, concentration=1 / 21, degrees=11)
    assert (lower >= 1).all()
    assert (lower <= np.maximum(moments.phi, 1)).all()
    assert (upper >= np.maximum(moments.phi, 1)).all()
    assert np.isinf(upper[3])
    narrow = interval(moments, concentration=1 / 21, degrees=11, confidence=0.5)
    assert (narrow[0] >= lower).all()
    assert (narrow[1] <= upper).all()


# Years ----------------------------------------------------------------------------------------------


def test_kappa_of_the_methods():
    """Methods C21: φ = 1.5: φ_Y 2.452788, κ .00801233."""
    both = yearly_moments(YEARS[np.newaxis]).phi
    assert both[0] == pytest.approx(2.452788, abs=5e-7)
    mean = YEARS.mean(axis=1)
    size = (mean**2).sum() / mean.sum()
    assert size == pytest.approx(118.915248, abs=5e-7)
    assert kappa(both, [1.5], [mean]) == pytest.approx(0.00801233, abs=5e-9)
    more = kappa(both, [1.5], [mean], concentration=0.4, years=3)
    assert more == pytest.approx(0.00801233 + 2.452788 * np.sqrt(0.4) / size / 2, abs=1e-8)


def test_themes_are_weighted_and_one_year_says_nothing():
    mean = np.array([[10.0, 30], [100, 300], [5, 5]])
    size = (mean**2).sum(axis=1) / mean.sum(axis=1)
    found = kappa([2.0, 3.0, np.nan], [1.0, 1.5, 1.0], mean)
    each, weight = (np.array([1.0, 1.5]) / size[:2]), (size[:2] / [1.0, 1.5]) ** 2
    assert found == pytest.approx((each * weight).sum() / weight.sum())
    assert kappa([0.5], [1.5], [[3.0, 4]]) == 0
    assert kappa(yearly_moments(np.ones((1, 3, 1))).phi, [1.0], np.ones((1, 3))) == 0


def test_phi_of_wards_of_the_methods():
    """Methods C21: s = (.2, .3, .5), N = 100, φ = 1.5, κ = .01."""
    found = phi_against_rest(1.5, 0.01, 100, [0.2, 0.3, 0.5])
    np.testing.assert_allclose(found, [1.745, 1.834286, 1.88], atol=5e-7)


@given(st.lists(st.floats(0.1, 9), min_size=2, max_size=8), st.integers(1, 7))
def test_a_set_of_one_ward_is_that_ward_and_sets_are_symmetrical(people, size):
    people = np.array(people)
    one, rest = people[:1], people[1:]
    alone = phi_against_rest(1.4, 0.02, 80, people / people.sum())[0]
    assert phi_of_sets(1.4, 0.02, 80, one, rest) == pytest.approx(alone)
    there, back = people[:size], people[size:]
    if len(back):
        assert phi_of_sets(1.4, 0.02, 80, there, back) == pytest.approx(
            phi_of_sets(1.4, 0.02, 80, back, there)
        )
    assert np.isnan(phi_of_sets(1.4, 0.02, 80, [0.0], rest))


def test_it_is_the_variance_of_the_difference_from_the_share():
    random = np.random.default_rng(6)
    share, total, phi, k = np.array([0.1, 0.2, 0.3, 0.4]), 200.0, 2.0, 0.03
    effect = random.gamma(1 / k, k, (400_000, 4))
    counts = random.poisson(random.gamma(total * share * effect / (phi - 1)) * (phi - 1))
    inside = counts[:, :2].sum(axis=1) - 0.3 * counts.sum(axis=1)
    found = inside.var() / (total * 0.3 * 0.7)
    assert phi_of_sets(phi, k, total, share[:2], share[2:]) == pytest.approx(found, rel=0.01)
