"""Counts, rates and comparison of all wards, against the bare arithmetic in numpy, side by side.

    python benchmarks/rates.py [--wards 7681] [--themes 14] [--months 36] [--incidents 1000000] [--runs 3]

The bare arithmetic is what the numbers cost without tables, checks, names, sentences and exact limits: a
count of codes, Byar's limits, the rest, log-normal limits at two levels and p, on plain arrays. The goal
is less than ten times its time. 7,681 wards are all those of England in 2013.
"""

import argparse
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import special

import wardmap as wm


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--wards", type=int, default=7_681)
    options.add_argument("--themes", type=int, default=14)
    options.add_argument("--months", type=int, default=36)
    options.add_argument("--incidents", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    asked = options.parse_args()
    wards, people, incidents, codes = district(asked.wards, asked.themes, asked.months, asked.incidents)
    shape = (asked.themes, asked.months, asked.wards)
    themes = {name: [name] for name in incidents["theme"].cat.categories}

    bare_s, whole_s, steps = [], [], []
    for _ in range(asked.runs):
        start = time.perf_counter()
        bare = arithmetic(codes, shape, people["population"].to_numpy())
        bare_s.append(time.perf_counter() - start)
        times = [time.perf_counter()]
        table = wm.count_incidents(incidents, wards, by_period="month", themes=themes)
        times.append(time.perf_counter())
        table = wm.add_rates(table, people)
        times.append(time.perf_counter())
        table = wm.compare(table)
        times.append(time.perf_counter())
        steps.append(np.diff(times))
        whole_s.append(times[-1] - times[0])

    np.testing.assert_array_equal(table["incidents"], bare[0].ravel())
    np.testing.assert_allclose(table["rate"], bare[1].ravel())
    there = np.isfinite(bare[2].ravel())
    np.testing.assert_allclose(table["ratio"][there], bare[2].ravel()[there], rtol=1e-9)
    counts, rates, comparison = np.median(steps, axis=0)
    bare_time, whole = np.median(bare_s), np.median(whole_s)
    print(
        f"{asked.wards:,} wards, {asked.themes} themes, {asked.months} months, {asked.incidents:,} incidents"
    )
    print(f"  bare numpy {bare_time:6.2f} s")
    print(f"  wardmap    {whole:6.2f} s   {whole / bare_time:.1f} times as long")
    print(f"    counts {counts:.2f} s, rates {rates:.2f} s, comparison {comparison:.2f} s")


def arithmetic(
    codes: tuple[np.ndarray, ...], shape: tuple[int, ...], people: np.ndarray
) -> tuple[np.ndarray, ...]:
    count = np.bincount(np.ravel_multi_index(codes, shape), minlength=np.prod(shape)).reshape(shape)
    z, z2 = special.ndtri(0.975), special.ndtri(0.999)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = 1000 * count / people
        byar = byar_limits(count.astype(float), z) * 1000 / people
        rest, elsewhere = count.sum(axis=2, keepdims=True) - count, people.sum() - people
        ratio = (count / people) / (rest / elsewhere)
        error = np.sqrt(1 / count + 1 / rest)
        log = np.log(ratio)
        limits = [np.exp(log + side * error) for side in (-z, z, -z2, z2)]
        p = 2 * special.ndtr(-np.abs(log) / error)
    return count, rate, ratio, byar, *limits, p


def byar_limits(count: np.ndarray, z: float) -> np.ndarray:
    more = count + 1
    return np.stack(
        [
            count * (1 - 1 / (9 * count) - z / (3 * np.sqrt(count))) ** 3,
            more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3,
        ]
    )


def district(
    wards: int, themes: int, months: int, incidents: int
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame, tuple[np.ndarray, ...]]:
    """Simulate wards, people and incidents that are already assigned, and their codes."""
    rng = np.random.default_rng(0)
    names = pd.Index([f"E{5_000_000 + n:08d}" for n in range(wards)], name="ward_code")
    table = gpd.GeoDataFrame(
        {"ward_name": [f"Ward {n}" for n in range(wards)], "vintage": pd.Categorical(["2013"] * wards)},
        geometry=[shapely.box(0, 0, 1, 1)] * wards,
        index=names,
        crs="EPSG:27700",
    ).assign(halo=False, district="England")
    people = pd.DataFrame({"population": rng.integers(2_000, 9_000, wards).astype(float)}, index=names)
    weights = people["population"].to_numpy() * rng.gamma(2, 0.5, wards)
    codes = (
        rng.choice(themes, incidents, p=np.arange(1, themes + 1) / np.arange(1, themes + 1).sum()),
        rng.integers(0, months, incidents),
        rng.choice(wards, incidents, p=weights / weights.sum()),
    )
    first_days = pd.date_range("2016-01-01", periods=months, freq="MS")
    rows = pd.DataFrame(
        {
            "theme": pd.Categorical.from_codes(codes[0], [f"Type {n:02d}" for n in range(themes)]),
            "date": first_days[codes[1]],
            "date_precision": pd.Categorical(["month"] * incidents),
            "ward_code": pd.Categorical.from_codes(codes[2], names),
            "match": pd.Categorical(["within"] * incidents, ["within", "outside", "duplicate"]),
        }
    )
    return table, people, rows, codes


if __name__ == "__main__":
    main()
