import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmap.hotspots.scans.clusters import non_overlapping
from wardmap.hotspots.scans.likelihood import log_likelihood_ratio
from wardmap.hotspots.scans.zones import circles, ellipses


def all_zones(chains, mean, cases):
    """Every zone with its weighted ratio, best first: the long way round."""
    found = []
    for chain, step in np.argwhere(chains.ends):
        wards = chains.wards(chain, step)
        ratio = log_likelihood_ratio(cases[wards].sum(), mean[wards].sum(), mean.sum())
        found.append((float(ratio) * chains.weight[chain], frozenset(wards.tolist())))
    return sorted(found, key=lambda pair: -pair[0])


@given(seed=st.integers(0, 500), long=st.booleans())
@settings(max_examples=40)
def test_clusters_are_the_best_of_what_is_left(seed, long):
    rng = np.random.default_rng(seed)
    points, people = rng.random((10, 2)), rng.integers(50, 200, size=10).astype(float)
    cases = rng.poisson(6, size=10).astype(float)
    mean = cases.sum() * people / people.sum()
    chains = (
        ellipses(points, people, max_share=0.5, penalty=0.5)
        if long
        else circles(points, people, max_share=0.5)
    )
    left = all_zones(chains, mean, cases)
    for cluster in non_overlapping(chains, mean, cases, above=0.0):
        best, _ = left[0]
        np.testing.assert_allclose(cluster.statistic, best)
        zone = frozenset(cluster.wards.tolist())
        assert any(zone == other for value, other in left if np.isclose(value, best))
        assert cluster.incidents == cases[cluster.wards].sum()
        left = [(value, other) for value, other in left if not zone & other]
    assert not left or left[0][0] <= 0


def test_only_those_above_the_limit():
    points, people = np.array([[0.0, 0], [1, 0], [3, 0], [9, 0]]), np.ones(4)
    cases = np.array([9.0, 0.0, 0.0, 6.0])
    mean = np.full(4, 15 / 4)
    chains = circles(points, people, max_share=0.5)
    found = list(non_overlapping(chains, mean, cases, above=0.0))
    assert [cluster.wards.tolist() for cluster in found] == [[0], [3]]
    assert found[0].llr(15.0) == found[0].statistic
    assert len(list(non_overlapping(chains, mean, cases, above=found[1].statistic))) == 1
