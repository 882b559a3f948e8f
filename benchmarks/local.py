"""Gi* and local Moran: one variable and many, side by side with esda.

    python benchmarks/local.py [--wards 2000] [--variables 50] [--permutations 999]

Wards are random points with six nearest neighbours each. The peers are timed on one variable, after their
compilation, and multiplied by the number of variables: they have no batch.
"""

import argparse
import time
import warnings
from collections.abc import Callable

import esda
import numpy as np
from libpysal.graph import Graph
from scipy.spatial import cKDTree

from wardmap.hotspots.panel import links_of
from wardmap.hotspots.permutation import neighbour_tails


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--wards", type=int, default=2_000)
    options.add_argument("--variables", type=int, default=50)
    options.add_argument("--permutations", type=int, default=999)
    asked = options.parse_args()

    rng = np.random.default_rng(0)
    points = rng.random((asked.wards, 2))
    near = cKDTree(points).query(points, k=7)[1][:, 1:]
    graph = Graph.from_arrays(np.repeat(np.arange(asked.wards), 6), near.ravel(), np.ones(near.size))
    links = links_of(graph, list(range(asked.wards)))
    values = rng.gamma(1.0, size=(asked.wards, asked.variables))

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


def timed(work: Callable[[], object]) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        work()  # what is compiled is compiled now
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
