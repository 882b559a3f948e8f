"""Gi* and local Moran: one variable and many, side by side with esda.

    python benchmarks/local.py [--wards 2000] [--variables 50] [--permutations 999]
    python benchmarks/local.py --memory --wards 7681 --variables 504

Wards are random points with six nearest neighbours each. The peers are timed on one variable, after their
compilation, and multiplied by the number of variables: they have no batch. With --memory, `gi_star` alone
is run on a ward table, and the peak of the whole process, libraries and table included, is printed.
"""

import argparse
import resource
import time
import warnings
from collections.abc import Callable

import esda
import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy.spatial import cKDTree

from wardmap import schema
from wardmap.hotspots.local import gi_star
from wardmap.hotspots.panel import links_of
from wardmap.hotspots.permutation import neighbour_tails


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--wards", type=int, default=2_000)
    options.add_argument("--variables", type=int, default=50)
    options.add_argument("--permutations", type=int, default=999)
    options.add_argument("--memory", action="store_true")
    asked = options.parse_args()

    rng = np.random.default_rng(0)
    points = rng.random((asked.wards, 2))
    near = cKDTree(points).query(points, k=7)[1][:, 1:]
    graph = Graph.from_arrays(np.repeat(np.arange(asked.wards), 6), near.ravel(), np.ones(near.size))
    links = links_of(graph, list(range(asked.wards)))
    values = rng.gamma(1.0, size=(asked.wards, asked.variables))
    if asked.memory:
        print_peak(values, graph, asked.permutations)
        return

    def ours(columns: int) -> Callable[[], object]:
        return lambda: neighbour_tails(values[:, :columns], links, permutations=asked.permutations, seed=0)

    def theirs(statistic: type, **options: object) -> Callable[[], object]:
        return lambda: statistic(
            values[:, 0], graph, permutations=asked.permutations, seed=0, n_jobs=1, **options
        )

    one, many = timed(ours(1)), timed(ours(asked.variables))
    print(f"{asked.wards:,} wards, {asked.variables} variables, {asked.permutations:,} permutations")
    print(f"  wardmap: one variable {one:.3f} s, all {many:.3f} s")
    peers = {
        "esda Gi*": theirs(esda.G_Local, transform="B", star=True),
        "esda local Moran": theirs(esda.Moran_Local),
    }
    for name, peer in peers.items():
        seconds = timed(peer)
        print(f"  {name}: one {seconds:.3f} s ({seconds / one:.0f} times ours), ", end="")
        print(
            f"all about {seconds * asked.variables:.0f} s ({seconds * asked.variables / many:.0f} times ours)"
        )


def print_peak(values: np.ndarray, graph: Graph, permutations: int) -> None:
    wards, variables = values.shape
    levels = [[f"theme {number}" for number in range(variables)], ["2017"], range(wards)]
    index = pd.MultiIndex.from_product(levels, names=schema.WARD_TABLE.index)
    table = pd.DataFrame({"rate": values.ravel()}, index=index)
    before = peak_mb()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gi_star(table, graph, permutations=permutations)
    print(f"{wards:,} wards, {variables} variables, {permutations:,} permutations")
    print(f"  peak of the process: {before:,.0f} MB before gi_star, {peak_mb():,.0f} MB after")


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux: KB


def timed(work: Callable[[], object]) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        work()  # what is compiled is compiled now
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
