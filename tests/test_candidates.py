import numpy as np
from scipy.sparse import csr_array

from wardmap.hotspots.scans.candidates import Fixed, Restricted, random_maxima
from wardmap.hotspots.scans.flexible import Neighbourhoods, flexible_zones
from wardmap.hotspots.scans.likelihood import maxima
from wardmap.hotspots.scans.zones import circles

MEAN = np.array([3.0, 4.0, 5.0, 6.0])
POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [7.0, 0.0]])
ROW = csr_array(np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1))


def test_the_first_maps_do_not_depend_on_how_many_follow():
    best = Fixed(circles(POINTS, MEAN, max_share=0.5)).best
    few, many = (random_maxima(best, MEAN, maps=maps, seed=1) for maps in (99, 999))
    np.testing.assert_array_equal(few, many[:99])
    assert (random_maxima(best, MEAN, maps=99, seed=2) != few).any()


def test_portions_of_maps_do_not_matter(monkeypatch):
    best = Fixed(circles(POINTS, MEAN, max_share=0.5)).best
    whole = random_maxima(best, MEAN, maps=99, seed=1)
    monkeypatch.setattr("wardmap.hotspots.scans.candidates._DRAWN_AT_ONCE", 40)
    np.testing.assert_array_equal(random_maxima(best, MEAN, maps=99, seed=1), whole)


def test_random_maps_keep_the_number_of_incidents_and_follow_the_people():
    drawn = []

    def watch(_, draws):
        drawn.append(draws)
        return np.zeros(draws.shape[1])

    random_maxima(watch, MEAN, maps=2_000, seed=0)
    maps = np.concatenate(drawn, axis=1)
    assert (maps.sum(axis=0) == MEAN.sum()).all()
    np.testing.assert_allclose(maps.mean(axis=1), MEAN, atol=5 * np.sqrt(MEAN.max() / 2_000))


def test_a_restricted_maximum_is_found_map_by_map_and_never_beats_the_unrestricted():
    hoods = Neighbourhoods(POINTS, ROW, nearest=4, great_circle=False)
    draws = np.random.default_rng(0).multinomial(18, MEAN / 18, size=50).T.astype(float)
    restricted = Restricted(hoods, MEAN, 0.5)
    found = restricted.best(MEAN, draws)
    for number, cases in enumerate(draws.T):
        assert found[number] == maxima(restricted.zones(cases, MEAN), MEAN, cases[:, np.newaxis])[0]
    assert (found <= Fixed(flexible_zones(hoods, MEAN, max_share=0.5)).best(MEAN, draws) + 1e-12).all()
