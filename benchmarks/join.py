"""The join of points and wards: wardmap beside its peers, in one run, on the same points.

    python benchmarks/join.py [--points 100000 1000000] [--repeats 3] [--write docs/performance.md]

The wards are England's of 2013 where `../shared/data` has them, otherwise a made tessellation. The
points are as police data has them: 80 % on 700,000 shared places, the rest distinct, 1 % missing and 1 %
outside. Each tool runs in a process of its own, is warmed up on a thousand points, and counts the points
of each ward; the counts must agree. Seconds are the median of the repeats (above two million points, of
one run), memory is the peak of the whole process, points and libraries included. Report the ratios:
seconds are those of one machine.
"""

import argparse
import importlib.util
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from memory import peak_mb

from wardmap.join.point_index import PointIndex

ENGLAND = Path(__file__).parents[2] / "shared" / "data" / "boundaries" / "england_wards_2013.gpkg"
MARKS = "<!-- printed by benchmarks/join.py -->\n", "<!-- end -->\n"

Wards = Any
Count = Callable[[np.ndarray, np.ndarray, Wards], np.ndarray]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--points", type=int, nargs="+", default=[100_000, 1_000_000])
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--only", nargs="+", default=list(TOOLS))
    options.add_argument("--write", type=Path, help="a page in which to replace the table")
    asked = options.parse_args()
    wards = england() if ENGLAND.exists() else made_wards()
    vertices = int(shapely.get_num_coordinates(wards).sum())
    lines = [f"{len(wards):,} wards, {vertices:,} vertices, {multiprocessing.cpu_count()} cores.", ""]
    lines += ["| points | tool | seconds | wardmap is faster by | peak memory, MB |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/wards.npy", shapely.to_wkb(wards), allow_pickle=True)
        for number in asked.points:
            x, y = points(wards, number)
            np.save(f"{folder}/x.npy", x)
            np.save(f"{folder}/y.npy", y)
            lines += table(number, [name for name in asked.only if name in TOOLS], folder, asked.repeats)
    print("\n".join(lines))
    if asked.write:
        page = asked.write.read_text(encoding="utf-8")
        before, rest = page.split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        text = before + MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1] + after
        asked.write.write_text(text, encoding="utf-8")


def table(number: int, tools: list[str], folder: str, repeats: int) -> list[str]:
    """Run the tools one after the other and return their lines."""
    lines, base, counts = [], {}, None
    for name in tools:
        reason = absent(name, number)
        if reason:
            lines.append(f"| {number:,} | {name} | {reason} | | |")
            continue
        with multiprocessing.get_context("spawn").Pool(1) as process:
            seconds, megabytes, found = process.apply(run, (name, folder, repeats))
        base[name] = seconds
        against = "wardmap, index ready" if name == BANDWIDTH else "wardmap"
        ratio = seconds / base[against] if against in base else np.nan
        if found is not None:
            counts = found if counts is None else counts
            differ = int(np.abs(found - counts).sum())
            assert differ <= number / 1e5, f"{name} differs on {differ} points"  # `within` leaves out edges
        lines.append(f"| {number:,} | {name} | {seconds:.3f} | {ratio:.2g} × | {megabytes:,.0f} |")
        print(lines[-1], flush=True)
    return lines


def run(name: str, folder: str, repeats: int) -> tuple[float, float, np.ndarray | None]:
    """Run one tool in this process: seconds, peak memory in MB, points in each ward."""
    wards = shapely.from_wkb(np.load(f"{folder}/wards.npy", allow_pickle=True))
    x, y = np.load(f"{folder}/x.npy"), np.load(f"{folder}/y.npy")
    tool = TOOLS[name]
    if name == "wardmap, index ready":
        tool(x, y, wards)
    elif name != "wardmap, first call":
        tool(x[:1000].copy(), y[:1000].copy(), wards)
    taken = []
    for _ in range(1 if name == "wardmap, first call" or len(x) > 2_000_000 else repeats):
        start = time.perf_counter()
        counts = tool(x, y, wards)
        taken.append(time.perf_counter() - start)
    peak = peak_mb()
    return float(np.median(taken)), peak, counts


def absent(name: str, number: int) -> str:
    """Return why a tool does not take part, or nothing."""
    module = {"SedonaDB": "sedonadb", "DuckDB spatial": "duckdb", "polars-st": "polars_st"}.get(name)
    if module and importlib.util.find_spec(module) is None:
        return "not installed"
    if name == "DuckDB spatial":
        import duckdb

        try:
            duckdb.connect().execute("LOAD spatial")
        except duckdb.Error:
            return "its spatial extension is not installed"
    if number > 2_000_000 and name in {"geopandas sjoin(intersects)", "polars-st"}:
        return "not run at this size"
    return ""


# The tools ------------------------------------------------------------------------------------------


def wardmap(x: np.ndarray, y: np.ndarray, wards: Wards) -> np.ndarray:
    if len(x) == 1000:  # the warm-up: load the kernels too
        PointIndex(wards[:9]).place(np.zeros(200_001), np.zeros(200_001))
    return per_ward(PointIndex(wards).place(x, y)[0], wards)


_READY: dict[int, PointIndex] = {}


def wardmap_ready(x: np.ndarray, y: np.ndarray, wards: Wards) -> np.ndarray:
    if not _READY:  # in the warm-up, so that no timed run builds the grid
        _READY[0] = PointIndex(wards, expecting=10_000_000)
    index = _READY[0]
    return per_ward(index.place(x, y)[0], wards)


def sjoin(predicate: str) -> Count:
    def count(x: np.ndarray, y: np.ndarray, wards: Wards) -> np.ndarray:
        finite = np.isfinite(x)
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x[finite], y[finite]))
        joined = gpd.sjoin(points, gpd.GeoDataFrame(geometry=wards), predicate=predicate)
        first = (
            joined["index_right"].groupby(level=0).min()
            if predicate == "intersects"
            else joined["index_right"]
        )
        return per_ward(first.to_numpy(), wards)

    return count


def by_hand(x: np.ndarray, y: np.ndarray, wards: Wards) -> np.ndarray:
    finite = np.isfinite(x)
    x, y = x[finite], y[finite]
    shapely.prepare(wards)
    ward_of = np.full(len(x), -1)
    ward, point = shapely.STRtree(shapely.points(x, y)).query(shapely.box(*shapely.bounds(wards).T))
    order = np.argsort(ward, kind="stable")[::-1]  # the lowest last, so that it stays
    ward, point = ward[order], point[order]
    for rows in np.split(np.arange(len(ward)), np.flatnonzero(np.diff(ward)) + 1):
        if rows.size:
            inside = shapely.intersects_xy(wards[ward[rows[0]]], x[point[rows]], y[point[rows]])
            ward_of[point[rows[inside]]] = ward[rows[0]]
    return per_ward(ward_of, wards)


def sedona(x: np.ndarray, y: np.ndarray, wards: Wards) -> np.ndarray:
    import pyarrow as pa
    import sedonadb

    session = sedonadb.connect()
    session.create_data_frame(pa.table({"x": x, "y": y})).to_view("p", overwrite=True)
    boundaries = pa.table({"ward": np.arange(len(wards)), "wkb": shapely.to_wkb(wards)})
    session.create_data_frame(boundaries).to_view("w", overwrite=True)
    counts = session.sql(
        "SELECT w.ward, count(*) AS n FROM (SELECT ward, ST_GeomFromWKB(wkb) AS g FROM w) AS w "
        "JOIN (SELECT ST_Point(x, y) AS g FROM p WHERE x = x) AS p ON ST_Within(p.g, w.g) GROUP BY w.ward"
    )
    table = pa.RecordBatchReader.from_stream(counts).read_all().to_pandas()
    return by_code(table["ward"], table["n"], wards)


def duck(x: np.ndarray, y: np.ndarray, wards: Wards) -> np.ndarray:
    import duckdb

    session = duckdb.connect()
    session.execute("LOAD spatial")
    session.register("p", pd.DataFrame({"x": x, "y": y}))
    session.register("w", pd.DataFrame({"ward": np.arange(len(wards)), "wkb": shapely.to_wkb(wards)}))
    counts = session.execute(
        "SELECT w.ward, count(*) AS n FROM (SELECT ward, ST_GeomFromWKB(wkb) AS g FROM w) AS w "
        "JOIN (SELECT ST_Point(x, y) AS g FROM p WHERE NOT isnan(x)) AS p "
        "ON ST_Within(p.g, w.g) GROUP BY w.ward"
    ).df()
    return by_code(counts["ward"], counts["n"], wards)


def polars_st(x: np.ndarray, y: np.ndarray, wards: Wards) -> np.ndarray:
    import polars as pl
    import polars_st as st

    finite = np.isfinite(x)
    xy = pl.DataFrame({"x": x[finite], "y": y[finite]})
    points = xy.select(st.point(pl.concat_arr("x", "y")).alias("geometry"))
    boundaries = pl.DataFrame({"geometry": shapely.to_wkb(wards), "ward": np.arange(len(wards))})
    joined = points.st.sjoin(boundaries, on="geometry", predicate="within")
    return per_ward(joined["ward"].to_numpy(), wards)


def bandwidth(x: np.ndarray, y: np.ndarray, wards: Wards) -> None:  # noqa: ARG001 - as the others
    np.less(x, y, out=np.empty(len(x), dtype=bool))


BANDWIDTH = "memory alone: read x and y, write a byte"
TOOLS: dict[str, Callable[..., Any]] = {
    "wardmap": wardmap,
    "wardmap, first call": wardmap,
    "wardmap, index ready": wardmap_ready,
    "shapely by hand": by_hand,
    "geopandas sjoin(within)": sjoin("within"),
    "geopandas sjoin(intersects)": sjoin("intersects"),
    "SedonaDB": sedona,
    "DuckDB spatial": duck,
    "polars-st": polars_st,
    BANDWIDTH: bandwidth,
}


# The data -------------------------------------------------------------------------------------------


def england() -> np.ndarray:
    return shapely.make_valid(np.asarray(gpd.read_file(ENGLAND).sort_values("WD13CD").geometry))


def made_wards(across: int = 88, vertices: int = 25) -> np.ndarray:
    """Return a lattice of wards in the place of England's, with as many vertices."""
    lattice = [shapely.box(i, j, i + 1, j + 1) for i in range(across) for j in range(across)]
    wards = shapely.segmentize(np.array(lattice), 1 / vertices)

    def bend(xy: np.ndarray) -> np.ndarray:
        waves = np.column_stack([np.sin(9 * xy[:, 1]), np.sin(7 * xy[:, 0])])
        return (xy + 0.2 * waves) / across * 6 + (-5, 50)

    return shapely.transform(wards, bend)


def points(wards: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    size = np.sqrt(shapely.area(wards))

    def scattered(n: int) -> np.ndarray:
        ward = rng.integers(0, len(wards), n)
        middle = shapely.get_coordinates(shapely.centroid(wards))[ward]
        return middle + rng.normal(0, 0.4, (n, 2)) * size[ward, None]

    places = scattered(700_000)
    xy = places[rng.integers(0, len(places), number)]
    alone = rng.random(number) < 0.2
    xy[alone] = scattered(int(alone.sum()))
    xy[rng.random(number) < 0.01] = np.nan
    xy[rng.random(number) < 0.01] = (30.0, 10.0)
    return xy[:, 0].copy(), xy[:, 1].copy()


def per_ward(ward_of: np.ndarray, wards: Wards) -> np.ndarray:
    return np.bincount(ward_of[ward_of >= 0], minlength=len(wards))


def by_code(ward: pd.Series, number: pd.Series, wards: Wards) -> np.ndarray:
    counts = np.zeros(len(wards), dtype=int)
    counts[ward.to_numpy()] = number.to_numpy()
    return counts


if __name__ == "__main__":
    main()
