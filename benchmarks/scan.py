"""Kulldorff's scan of many wards: plain numpy against the compiled walk, side by side, same answers.

    python benchmarks/scan.py [--wards 2000] [--maps 99] [--numpy-maps 9]

No Python package with a scan statistic was found, so the peer is numpy written plainly: for each centre
the cumulated incidents of all maps, then all ratios. It is timed on fewer maps and scaled up, which is
fair, as its time is proportional to them. 7,681 wards are all those of England in 2013.
"""

import argparse
import time

import numpy as np
from scipy.special import xlogy

from wardmap.hotspots import _scan_kernel
from wardmap.hotspots.zones import Chains, circles


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--wards", type=int, default=2_000)
    options.add_argument("--maps", type=int, default=99)
    options.add_argument("--numpy-maps", type=int, default=9)
    options.add_argument("--incidents", type=int, default=20_000)
    asked = options.parse_args()

    rng = np.random.default_rng(0)
    points = rng.random((asked.wards, 2))
    people = rng.integers(2_000, 9_000, asked.wards).astype(float)
    mean = asked.incidents * people / people.sum()

    start = time.perf_counter()
    chains = circles(points, people, max_share=0.5)
    zones_s = time.perf_counter() - start
    start = time.perf_counter()
    draws = rng.multinomial(asked.incidents, people / people.sum(), size=asked.maps).T.astype(float)
    draws_s = time.perf_counter() - start

    _scan_kernel.maxima(chains, mean, draws[:, :1])  # compiled, or loaded from the cache
    start = time.perf_counter()
    compiled = _scan_kernel.maxima(chains, mean, draws)
    compiled_s = time.perf_counter() - start

    few = min(asked.numpy_maps, asked.maps)
    start = time.perf_counter()
    plain = plain_numpy(chains, mean, draws[:, :few])
    numpy_s = (time.perf_counter() - start) * asked.maps / few
    np.testing.assert_allclose(compiled[:few], plain, rtol=1e-9)

    print(f"{asked.wards:,} wards, {len(chains):,} zones, {asked.maps:,} maps, half the people at most")
    print(f"  both: zones {zones_s:.2f} s, random maps {draws_s:.2f} s")
    print(f"  plain numpy      {numpy_s:8.2f} s (from {few} maps)")
    print(f"  compiled walk    {compiled_s:8.2f} s   {numpy_s / compiled_s:5.0f} times as fast")
    whole = zones_s + draws_s
    ratio = (numpy_s + whole) / (compiled_s + whole)
    print(f"  with zones and random maps, which both need: {ratio:.0f} times")


def plain_numpy(chains: Chains, mean: np.ndarray, draws: np.ndarray) -> np.ndarray:
    total, best = mean.sum(), np.zeros(draws.shape[1])
    for order, ends in zip(chains.order, chains.ends, strict=True):
        inside = np.cumsum(draws[order], axis=0)[ends]
        expected = np.cumsum(mean[order])[ends, np.newaxis]
        ratio = xlogy(inside, inside / expected)
        ratio += xlogy(total - inside, (total - inside) / (total - expected))
        np.maximum(best, np.where(inside > expected, ratio, 0).max(axis=0, initial=0), out=best)
    return best


if __name__ == "__main__":
    main()
