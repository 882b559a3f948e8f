import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmap.hotspots.scans.zones import ANGLES, SHAPES, circles, ellipses, joined

LINE = np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [6.0, 0.0], [10.0, 0.0]])


def zones(chains):
    return [tuple(chains.wards(chain, step).tolist()) for chain, step in np.argwhere(chains.ends)]


def test_circles_of_five_wards_by_hand():
    assert zones(circles(LINE, np.ones(5), max_share=0.4)) == [
        (0,), (0, 1), (1,), (0, 1), (2,), (1, 2), (3,), (2, 3), (4,), (3, 4),
    ]  # fmt: skip


def test_a_circle_stops_at_the_first_ward_that_is_too_much():
    people = np.array([1.0, 1.0, 7.0, 1.0, 1.0])
    assert zones(circles(LINE, people, max_share=0.4)) == [(0,), (0, 1), (1,), (0, 1), (3,), (4,), (3, 4)]


def test_wards_at_the_same_distance_join_together():
    grid = np.array([(x, y) for x in range(3) for y in range(3)], dtype=float)
    middle = circles(grid, np.ones(9), max_share=0.5).ends[4]
    assert middle.tolist() == [True, False, False, False]
    # in tenths the four distances differ by rounding, and still join together
    assert circles(grid * 0.1 + 0.3, np.ones(9), max_share=0.5).ends[4].tolist() == middle.tolist()


def test_no_zone_fits_where_every_ward_is_too_large():
    assert len(circles(LINE[:3], np.ones(3), max_share=0.1)) == 0


def test_distances_over_the_globe():
    """At 60° north a degree of longitude is half a degree of latitude."""
    points = np.array([[0.0, 60.0], [1.5, 60.0], [0.0, 61.0], [40.0, 60.0]])
    assert circles(points, np.ones(4), max_share=0.5, great_circle=True).order[0].tolist() == [0, 1]
    assert circles(points, np.ones(4), max_share=0.5).order[0].tolist() == [0, 2]


def test_the_meridian_of_180_degrees_is_no_border():
    points = np.array([[179.9, 0.0], [-179.9, 0.0], [178.0, 0.0], [90.0, 0.0]])
    assert circles(points, np.ones(4), max_share=0.5, great_circle=True).order[0].tolist() == [0, 1]


def test_ellipses_follow_a_diagonal_that_circles_cannot():
    grid = np.array([(x, y) for x in range(5) for y in range(5)], dtype=float) * [1.0, 1.001]
    diagonal = tuple(int(6 * i) for i in range(5))
    assert diagonal not in zones(circles(grid, np.ones(25), max_share=0.5))
    assert diagonal in zones(ellipses(grid, np.ones(25), max_share=0.5, penalty=0))


def test_ellipses_contain_the_circles_and_are_penalised_by_length():
    chains = ellipses(LINE, np.ones(5), max_share=0.4, penalty=1)
    assert set(zones(circles(LINE, np.ones(5), max_share=0.4))) <= set(zones(chains))
    assert len(chains.order) == 5 * sum(ANGLES)
    np.testing.assert_allclose(np.unique(chains.weight), sorted(4 * s / (s + 1) ** 2 for s in SHAPES))
    assert (ellipses(LINE, np.ones(5), max_share=0.4, penalty=0).weight == 1).all()


def test_chains_of_different_length_are_joined():
    short = circles(LINE, np.ones(5), max_share=0.2)
    long = circles(LINE, np.ones(5), max_share=0.4)
    assert zones(joined([short, long])) == zones(short) + zones(long)


@given(seed=st.integers(0, 500), share=st.sampled_from([0.1, 0.25, 0.5]))
@settings(max_examples=30)
def test_circles_are_all_sets_of_nearest_wards_within_the_share(seed, share):
    """The oracle: for each centre and radius, the wards within it."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 6, size=(9, 2)).astype(float)
    people = rng.integers(1, 9, size=9).astype(float)
    expected = []
    for centre in points:
        apart = np.hypot(*(points - centre).T)
        inside = [np.flatnonzero(apart <= radius) for radius in np.unique(apart)]
        expected += [tuple(zone.tolist()) for zone in inside if people[zone].sum() <= share * people.sum()]
    assert sorted(zones(circles(points, people, max_share=share))) == sorted(expected)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("share", "great_circle", "centre", "wards"),
    [(0.1, False, 49, 26), (0.5, False, 52, 28), (0.5, True, 52, 31)],
)
def test_the_circles_that_satscan_found_in_new_york_are_among_ours(
    shared_data, share, great_circle, centre, wards
):
    places = pd.read_csv(shared_data / "reference" / "new_york_leukaemia" / "nydf.csv")
    points = places[["longitude", "latitude"]].to_numpy()
    chains = circles(points, places["population"].to_numpy(float), max_share=share, great_circle=great_circle)
    assert chains.order[centre - 1, 0] == centre - 1
    assert chains.ends[centre - 1, wards - 1]
