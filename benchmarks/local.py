"""Gi* and local Moran: one variable and many, beside esda and pygeoda, in one run.

    python benchmarks/local.py [--variables 504] [--rounds 5] [--write docs/performance.md]

The wards are England's of 2013 and their queen neighbours where `../shared/data` has them, otherwise
random points with six nearest each. wardmap takes a ward table and returns one, with z, p, the adjusted and
the attainable p, class and method. The peers take numbers and return numbers, after their compilation; they
are timed on one variable (pygeoda's own batch on twenty) and multiplied by the number of variables. Rounds
go through all tools in turn, and medians are printed: read the ratios. Memory is the peak of a process of
its own, libraries and table included. pygeoda is left out where it is not installed.
"""

import argparse
import importlib.util
import multiprocessing
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import esda
import numpy as np
import pandas as pd
from join import ENGLAND
from libpysal.graph import Graph
from memory import peak_mb
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

import wardmap as wm
from wardmap import schema
from wardmap.hotspots.panel import links_of

MARKS = "<!-- printed by benchmarks/local.py -->\n", "<!-- end of local -->\n"
BATCH = 20  # variables on which pygeoda's own batch is timed
OURS = {"Gi*": wm.gi_star, "local Moran": wm.hotspots.local_moran}

Work = Callable[[], object]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--variables", type=int, default=504)
    options.add_argument("--permutations", type=int, default=999)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--write", type=Path, help="a page in which to replace the table")
    asked = options.parse_args()
    warnings.simplefilter("ignore")
    graph = neighbours()
    table = ward_table(graph, asked.variables)
    many, links = f"{asked.variables} variables, s", f"{graph.n:,} wards, {graph.n_edges:,} links"
    rounds = f"medians of {asked.rounds} rounds"
    lines = [
        f"{links}, {asked.permutations:,} permutations, {os.cpu_count()} cores, {rounds}.",
        "",
        f"| statistic | tool | one variable, s | wardmap is faster by | {many} | wardmap is faster by |",
        "|---|---|---|---|---|---|",
        *compared(table, graph, asked.variables, asked.permutations, asked.rounds),
        "",
        *peaks(graph, asked.variables, asked.permutations),
        small(asked.variables),
    ]
    if importlib.util.find_spec("pygeoda") is None:
        lines.append("\npygeoda is not installed here and did not take part.")
    print("\n".join(lines))
    if asked.write:
        page = asked.write.read_text(encoding="utf-8")
        before, rest = page.split(MARKS[0])
        text = before + MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1] + rest.split(MARKS[1])[1]
        asked.write.write_text(text, encoding="utf-8")


def compared(table: pd.DataFrame, graph: Graph, variables: int, permutations: int, rounds: int) -> list[str]:
    """Time every tool in every round, and return their lines."""
    first = table.iloc[: graph.n].copy()
    one: dict[tuple[str, str], Work] = {}
    many: dict[tuple[str, str], tuple[Work, int]] = {}
    for name, verb in OURS.items():
        one[name, "wardmap"] = bound(verb, first, graph, permutations=permutations)
        many[name, "wardmap"] = bound(verb, table, graph, permutations=permutations), variables
    one |= peers_esda(first["rate"].to_numpy(), graph, permutations)
    if importlib.util.find_spec("pygeoda") is not None:
        numbers = table["rate"].to_numpy().reshape(variables, -1)
        single, batch = peers_pygeoda(numbers, links_of(graph, sorted(graph.unique_ids)), permutations)
        one |= single
        many |= batch
    seconds = medians({**{(*key, 1): work for key, work in one.items()},
                       **{(*key, of): work for key, (work, of) in many.items()}}, rounds)  # fmt: skip
    lines = []
    for name in OURS:
        base, whole = seconds[name, "wardmap", 1], seconds[name, "wardmap", variables]
        for tool in dict.fromkeys(tool for of, tool, _ in seconds if of == name):
            alone = seconds.get((name, tool, 1))
            timed = [(took, n) for (of, by, n), took in seconds.items() if (of, by) == (name, tool) and n > 1]
            took, n = timed[0] if timed else (alone, 1)
            total = took * variables / n
            single_cells = f"{alone:.3f} | {times(alone / base)}" if alone else " | "
            about = "" if n == variables else "about "
            lines.append(
                f"| {name} | {tool} | {single_cells} | {about}{total:.2f} | {times(total / whole)} |"
            )
    return lines


def times(ratio: float) -> str:
    return f"{ratio:.1f} ×" if ratio < 10 else f"{ratio:.0f} ×"


def medians(works: dict[Any, Work], rounds: int) -> dict[Any, float]:
    """Run all in turn, round after round; the first round compiles and warms up, and does not count."""
    seconds: dict[Any, list[float]] = {key: [] for key in works}
    for _ in range(rounds + 1):
        for key, work in works.items():
            start = time.perf_counter()
            work()
            seconds[key].append(time.perf_counter() - start)
    return {key: statistics.median(taken[1:]) for key, taken in seconds.items()}


def bound(work: Callable[..., object], *given: Any, **options: Any) -> Work:
    return lambda: work(*given, **options)


# The peers ------------------------------------------------------------------------------------------


def peers_esda(values: np.ndarray, graph: Graph, permutations: int) -> dict[tuple[str, str], Work]:
    shared = {"permutations": permutations, "seed": 0, "n_jobs": 1}
    return {
        ("Gi*", "esda"): bound(esda.G_Local, values, graph, transform="B", star=True, **shared),
        ("local Moran", "esda"): bound(esda.Moran_Local, values, graph, **shared),
    }


def peers_pygeoda(
    numbers: np.ndarray, links: csr_array, permutations: int
) -> tuple[dict[tuple[str, str], Work], dict[tuple[str, str], tuple[Work, int]]]:
    """Return pygeoda's ways for one variable, and its own batch with the number of its variables."""
    import pygeoda

    neighbours = np.split(links.indices, links.indptr[1:-1])
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/links.gal"
        with Path(path).open("w", encoding="ascii") as file:
            file.write(f"0 {len(neighbours)} wards code\n")
            file.writelines(
                f"{ward} {len(others)}\n{' '.join(map(str, others))}\n"
                for ward, others in enumerate(neighbours)
            )
        weights = pygeoda.read_gal(path, [str(ward) for ward in range(len(neighbours))])
    one: dict[tuple[str, str], Work] = {}
    many: dict[tuple[str, str], tuple[Work, int]] = {}
    for method in ("lookup-table", "complete"):
        options = {
            "permutations": permutations, "permutation_method": method, "cpu_threads": os.cpu_count()
        }  # fmt: skip
        values, portion = numbers[0].tolist(), numbers[:BATCH].tolist()
        one["Gi*", f"pygeoda, {method}"] = bound(pygeoda.local_gstar, weights, values, **options)
        one["local Moran", f"pygeoda, {method}"] = bound(pygeoda.local_moran, weights, values, **options)
        batch = bound(pygeoda.batch_local_moran, weights, portion, **options)
        many["local Moran", f"pygeoda batch, {method}"] = batch, len(portion)
    return one, many


# Memory, and few wards ------------------------------------------------------------------------------


def peaks(graph: Graph, variables: int, permutations: int) -> list[str]:
    lines = []
    for name, verb in OURS.items():
        with multiprocessing.get_context("spawn").Pool(1) as process:
            before, after = process.apply(peak, (name, graph.adjacency, variables, permutations))
        lines.append(
            f"Memory of `{verb.__name__}` on {variables} variables: at most {after:,.0f} MB, of which "
            f"{before:,.0f} MB before it began.\n"
        )
    return lines


def peak(name: str, adjacency: pd.Series, variables: int, permutations: int) -> tuple[float, float]:
    warnings.simplefilter("ignore")
    graph = Graph(adjacency, is_sorted=True)
    table = ward_table(graph, variables)
    before = peak_mb()
    OURS[name](table, graph, permutations=permutations)
    return before, peak_mb()


def small(variables: int) -> str:
    wards = wm.read_wards(wm.demo.wards_file())
    graph = wm.neighbours(wards)
    table = ward_table(graph, variables)
    one, many = (
        medians({0: bound(wm.gi_star, part, graph)}, 3)[0] for part in (table.iloc[: graph.n].copy(), table)
    )
    return (
        f"{graph.n} wards, every arrangement counted: one variable {one:.3f} s, "
        f"{variables} variables {many:.2f} s."
    )


# The data -------------------------------------------------------------------------------------------


def neighbours() -> Graph:
    if ENGLAND.exists():
        return wm.neighbours(wm.read_wards(ENGLAND))
    points = np.random.default_rng(0).random((7_681, 2))
    near = cKDTree(points).query(points, k=7)[1]
    codes = np.array([f"W{number:04}" for number in range(len(near))])
    return Graph.from_arrays(codes.repeat(6), codes[near[:, 1:].ravel()], np.ones(6 * len(near)))


def ward_table(graph: Graph, variables: int) -> pd.DataFrame:
    """Return a table of random rates: every variable is a theme, and knows nothing of the others."""
    levels = [[f"theme {number:03}" for number in range(variables)], ["2017"], sorted(graph.unique_ids)]
    index = pd.MultiIndex.from_product(levels, names=schema.WARD_TABLE.index)
    return pd.DataFrame({"rate": np.random.default_rng(0).gamma(1.0, size=len(index))}, index=index)


if __name__ == "__main__":
    main()
