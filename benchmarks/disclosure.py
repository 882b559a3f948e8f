"""How long hiding takes, and how far the heuristic is from the cheapest: `python benchmarks/disclosure.py`.

Simulated counts of 13 types, 5 of them sensitive, by ward, with all crime and the district.
"""

import sys
import time

import numpy as np
import pandas as pd

from wardmap.reports import DisclosureRule, release
from wardmap.reports.disclosure.cube import cube_of
from wardmap.reports.disclosure.heuristic import nearly_optimal
from wardmap.reports.disclosure.linear_model import needs_of
from wardmap.reports.disclosure.primary import cells_of
from wardmap.reports.disclosure.suppress import suppress

SENSITIVE = tuple(f"type {n:02d}" for n in range(5))


def ward_table(wards: int, scale: float, seed: int, periods: tuple[str, ...] = ("2016",)) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    risk, volume = random.lognormal(0, 0.6, wards), random.lognormal(2.2, 1.1, 13) * scale
    counts = random.poisson(np.multiply.outer(volume, np.tile(risk, (len(periods), 1))) / len(periods))
    counts = np.concatenate([counts, counts.sum(axis=0, keepdims=True)])
    names = [*(f"type {n:02d}" for n in range(13)), "all crime"]
    codes = [f"E05{n:06d}" for n in range(wards)]
    index = pd.MultiIndex.from_product([names, periods, codes], names=["theme", "period", "ward_code"])
    return pd.DataFrame({"incidents": counts.ravel()}, index=index)


def one(wards: int, scale: float, seed: int, seconds: float) -> None:
    rule = DisclosureRule(sensitive=SENSITIVE, seconds=seconds)
    table = ward_table(wards, scale, seed)
    cells = cells_of(cube_of(table, {}, None, ()), rule, None)
    start = time.perf_counter()
    found = suppress(cells, seconds=seconds)
    exact = time.perf_counter()
    near = nearly_optimal(cells, needs_of(cells))
    done = time.perf_counter()
    release(table, DisclosureRule(round_to=5))
    rounded = time.perf_counter()
    gap = cells.total_cost(near) / found.bound - 1 if near is not None else float("nan")
    how = "exact" if found.exact else f"+{found.cost / found.bound - 1:.1%}"
    print(
        f"{wards:5} × 14  {scale:5} {seed:4}  {int(cells.primary.sum()):6} {int(found.hidden.sum()):6}  "
        f"{how:6} {found.cost:8.2f} {exact - start:7.1f} s   "
        f"+{gap:6.1%} {done - exact:6.1f} s   {rounded - done:6.2f} s",
        flush=True,
    )


def main(*sizes: str) -> None:
    print(" table      scale seed primary hidden   optimum     cost     time    heuristic           rounding")
    for wards in map(int, sizes or ("21",)):
        for scale in (1.0, 0.3, 0.1):
            for seed in range(3 if wards < 100 else 1):
                one(wards, scale, seed, seconds=60 if wards < 100 else 180)


if __name__ == "__main__":
    main(*sys.argv[1:])
