"""Kulldorff's scan: plain numpy against the compiled walk, one map after the other, with the same answers.

    python benchmarks/scan.py [--wards 2000 7681] [--maps 999] [--numpy-maps 9] [--write docs/performance.md]

No Python package with a scan statistic was found, so the peer is numpy written plainly: for each centre
the cumulated incidents of all maps, then all ratios. It is timed on fewer maps and scaled up, which is
fair, as its time is proportional to them. Wards are random points, 7,681 as many as England had in 2013. The
last line is `wm.scan` on the 21 wards of the practice district, which compiles nothing.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import xlogy

import wardmap as wm
from wardmap import schema
from wardmap.hotspots.scans.zones import Chains, circles

MARKS = "<!-- printed by benchmarks/scan.py -->\n", "<!-- end of scan -->\n"
ROUNDS = 3


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--wards", type=int, nargs="+", default=[2_000, 7_681])
    options.add_argument("--maps", type=int, default=999)
    options.add_argument("--numpy-maps", type=int, default=9)
    options.add_argument("--incidents", type=int, default=20_000)
    options.add_argument("--write", type=Path, help="a page in which to replace the table")
    asked = options.parse_args()
    practice = few_wards()
    maps, times = f"{asked.maps:,} random maps", "zones and maps, s | plain numpy, s | compiled, s"
    lines = [
        f"{maps}, {asked.incidents:,} incidents, circles of up to half the people, {os.cpu_count()} cores.",
        "",
        f"| wards | zones | {times} | faster by | all in all, faster by |",
        "|---|---|---|---|---|---|---|",
    ]
    for wards in asked.wards:
        lines.append(line(wards, asked.maps, asked.numpy_maps, asked.incidents))
        print(lines[-1], flush=True)
    lines += ["", practice]
    print("\n".join(lines))
    if asked.write:
        page = asked.write.read_text(encoding="utf-8")
        before, rest = page.split(MARKS[0])
        text = before + MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1] + rest.split(MARKS[1])[1]
        asked.write.write_text(text, encoding="utf-8")


def line(wards: int, maps: int, numpy_maps: int, incidents: int) -> str:
    from wardmap.hotspots.scans import scan_kernel as _scan_kernel

    rng = np.random.default_rng(0)
    points = rng.random((wards, 2))
    people = rng.integers(2_000, 9_000, wards).astype(float)
    mean = incidents * people / people.sum()
    zones_s, chains = timed(lambda: circles(points, people, max_share=0.5))
    draws_s, draws = timed(
        lambda: rng.multinomial(incidents, people / people.sum(), size=maps).T.astype(float)
    )
    _scan_kernel.maxima(chains, mean, draws[:, :1])  # compiled, or loaded from the cache
    compiled, plain = [], []
    few = min(numpy_maps, maps)
    for _ in range(ROUNDS):
        seconds, best = timed(lambda: _scan_kernel.maxima(chains, mean, draws))
        compiled.append(seconds)
        seconds, peers = timed(lambda: plain_numpy(chains, mean, draws[:, :few]))
        plain.append(seconds * maps / few)
        np.testing.assert_allclose(best[:few], peers, rtol=1e-9)
    ours, theirs, shared = statistics.median(compiled), statistics.median(plain), zones_s + draws_s
    return (
        f"| {wards:,} | {len(chains):,} | {shared:.2f} | about {theirs:.1f} | {ours:.2f} "
        f"| {theirs / ours:.0f} × | {(theirs + shared) / (ours + shared):.0f} × |"
    )


def plain_numpy(chains: Chains, mean: np.ndarray, draws: np.ndarray) -> np.ndarray:
    total, best = mean.sum(), np.zeros(draws.shape[1])
    for order, ends in zip(chains.order, chains.ends, strict=True):
        inside = np.cumsum(draws[order], axis=0)[ends]
        expected = np.cumsum(mean[order])[ends, np.newaxis]
        ratio = xlogy(inside, inside / expected)
        ratio += xlogy(total - inside, (total - inside) / (total - expected))
        np.maximum(best, np.where(inside > expected, ratio, 0).max(axis=0, initial=0), out=best)
    return best


def few_wards() -> str:
    """Time one scan of the practice district, whose wards are few enough for numpy."""
    wards = wm.read_wards(wm.demo.wards_file())
    people = wm.read_population(wm.demo.population_file())["population"].reindex(wards.index)
    index = pd.MultiIndex.from_product([["all crime"], ["2017"], wards.index], names=schema.WARD_TABLE.index)
    counts = np.random.default_rng(0).multinomial(7_913, people / people.sum())
    table = pd.DataFrame({"incidents": counts, "population": people.to_numpy()}, index=index)
    seconds = statistics.median(
        timed(lambda: wm.scan(table, wards, replicates=9_999))[0] for _ in range(ROUNDS)
    )
    assert "wardmap.hotspots.scans.scan_kernel" not in sys.modules
    return f"`wm.scan` of {len(wards)} wards with 9,999 random maps: {seconds:.2f} s, nothing compiled."


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
