from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import poisson

from wardmap.errors import InputError
from wardmap.hotspots.scans import flexible
from wardmap.hotspots.scans.flexible import Neighbourhoods, flexible_zones, restricted_zones
from wardmap.hotspots.scans.zones import nearest_first

ROW = csr_array(np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1))
PLACES = np.array([[0.0, 0.0], [1.0, 0.0], [2.1, 0.0], [3.3, 0.0], [4.6, 0.0]])


def zones(chains):
    return sorted(tuple(chains.wards(row, step).tolist()) for row, step in np.argwhere(chains.ends))


def test_five_wards_in_a_row_by_hand():
    hoods = Neighbourhoods(PLACES, ROW, nearest=3, great_circle=False)
    everything = flexible_zones(hoods, np.ones(5), max_share=1.0)
    pairs_and_triples = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 1, 2), (1, 2, 3), (2, 3, 4)]
    assert zones(everything) == sorted([(i,) for i in range(5)] + pairs_and_triples)
    assert zones(flexible_zones(hoods, np.ones(5), max_share=0.4)) == sorted(
        [(i,) for i in range(5)] + pairs_and_triples[:4]
    )


def random_district(seed, wards=8):
    rng = np.random.default_rng(seed)
    points = rng.random((wards, 2))
    touching = np.triu(rng.random((wards, wards)) < 0.35, 1)
    return points, csr_array((touching | touching.T).astype(float)), rng


def all_connected(points, links, nearest, members):
    """Every set of wards, one by one: the long way round."""
    near = [set(row) for row in nearest_first(points, nearest, great_circle=False).tolist()]
    for zone in chain.from_iterable(combinations(members, size) for size in range(1, len(members) + 1)):
        part = links.toarray()[np.ix_(zone, zone)]
        if any(set(zone) <= near[centre] for centre in zone) and connected_components(part)[0] == 1:
            yield zone


@given(seed=st.integers(0, 1_000), nearest=st.integers(2, 8))
@settings(max_examples=30)
def test_every_connected_set_is_there_once(seed, nearest):
    points, links, _ = random_district(seed)
    hoods = Neighbourhoods(points, links, nearest=nearest, great_circle=False)
    found = zones(flexible_zones(hoods, np.ones(8), max_share=1.0))
    assert found == sorted(all_connected(points, links, nearest, range(8)))


@given(seed=st.integers(0, 1_000), nearest=st.integers(2, 8))
@settings(max_examples=30)
def test_restricted_zones_are_those_of_high_wards(seed, nearest):
    points, links, rng = random_district(seed)
    mean = rng.uniform(1, 6, size=8)
    cases = rng.poisson(mean * 1.5).astype(float)
    mid_p = poisson.sf(cases, mean) + poisson.pmf(cases, mean) / 2
    hoods = Neighbourhoods(points, links, nearest=nearest, great_circle=False)
    found = zones(restricted_zones(hoods, np.ones(8), cases, mean, max_share=1.0))
    assert found == sorted(all_connected(points, links, nearest, np.flatnonzero(mid_p < 0.2).tolist()))


def test_no_ward_looks_high():
    hoods = Neighbourhoods(PLACES, ROW, nearest=3, great_circle=False)
    assert len(restricted_zones(hoods, np.ones(5), np.full(5, 2.0), np.full(5, 2.0), max_share=0.5)) == 0


def test_too_many_zones_are_refused_with_a_smaller_number(monkeypatch):
    monkeypatch.setattr(flexible, "MOST_ZONES", 10)
    hoods = Neighbourhoods(PLACES, ROW, nearest=3, great_circle=False)
    with pytest.raises(InputError, match=r"(?s)more than 10.*nearest=2"):
        flexible_zones(hoods, np.ones(5), max_share=1.0)
