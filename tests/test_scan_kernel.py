import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmap.hotspots.scans import candidates, likelihood
from wardmap.hotspots.scans import scan_kernel as _scan_kernel
from wardmap.hotspots.scans.candidates import Fixed
from wardmap.hotspots.scans.zones import Chains, circles, ellipses, joined


def maps(seed, wards, incidents, number=70):
    rng = np.random.default_rng(seed)
    people = rng.gamma(0.5, size=wards) + 1e-3
    mean = incidents * people / people.sum()
    draws = rng.multinomial(incidents, people / people.sum(), size=number).T.astype(float)
    return rng.random((wards, 2)), people, mean, draws


@given(seed=st.integers(0, 10_000), incidents=st.sampled_from([1, 3, 40, 5_000, 16_000_000]))
@settings(max_examples=25)
def test_what_is_skipped_could_not_have_been_the_best(seed, incidents):
    """The oracle: numpy, which works out every ratio."""
    points, people, mean, draws = maps(seed, 12, incidents)
    chains = joined(
        [
            circles(points, people, max_share=0.5),
            ellipses(points, people, max_share=0.5, penalty=1),
        ]
    )
    np.testing.assert_allclose(
        _scan_kernel.maxima(chains, mean, draws), likelihood.maxima(chains, mean, draws), rtol=1e-9
    )


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15)
def test_strong_clusters_and_every_incident_in_one_ward(seed):
    points, people, mean, draws = maps(seed, 12, 500)
    draws[:, :12] = 500 * np.eye(12)
    draws[:, 12:24] = np.floor(0.5 * draws[:, 12:24]) + 1
    draws[np.arange(12), np.arange(12, 24)] += 500 - draws[:, 12:24].sum(axis=0)
    chains = circles(points, people, max_share=0.5)
    np.testing.assert_allclose(
        _scan_kernel.maxima(chains, mean, draws), likelihood.maxima(chains, mean, draws), rtol=1e-9
    )


def test_zones_that_end_once_and_chains_without_any():
    order = np.array([[0, 1], [2, 0], [1, 0]], dtype=np.int32)
    ends = np.array([[False, True], [True, False], [False, False]])
    chains = Chains(order, ends, np.ones(3))
    mean = np.full(4, 5.0)
    draws = np.array([[9.0, 0, 5], [9, 0, 5], [1, 20, 5], [1, 0, 5]])
    np.testing.assert_allclose(
        _scan_kernel.maxima(chains, mean, draws), likelihood.maxima(chains, mean, draws), rtol=1e-12
    )


def test_the_number_of_threads_and_of_maps_does_not_matter():
    points, people, mean, draws = maps(0, 40, 900, number=300)
    chains = circles(points, people, max_share=0.5)
    best = _scan_kernel.maxima(chains, mean, draws)
    np.testing.assert_array_equal(_scan_kernel.maxima(chains, mean, draws[:, :65]), best[:65])
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        np.testing.assert_array_equal(_scan_kernel.maxima(chains, mean, draws), best)
    finally:
        numba.set_num_threads(threads)


@pytest.mark.parametrize(("limit", "compiled"), [(1, True), (10**12, False)])
def test_large_jobs_are_compiled_and_small_ones_are_not(monkeypatch, limit, compiled):
    called = []
    monkeypatch.setattr(_scan_kernel, "maxima", lambda *_: called.append(True))
    monkeypatch.setattr(candidates, "COMPILE_FROM", limit)
    points, people, mean, draws = maps(0, 12, 40)
    Fixed(circles(points, people, max_share=0.5)).best(mean, draws)
    assert bool(called) is compiled
