"""Police files counted by ward, theme and month: time beside the readers alone, and memory as rows grow.

    python benchmarks/stream.py [--rows 500000 2000000] [--per-file 25000] [--write docs/performance.md]

The files are made as data.police.uk writes them, with distinct identifiers. The peers only read four of
the twelve columns; `count_files` reads five, finds the ward of each row in England's wards (or in a made
tessellation), compares the identifiers over all files and counts. A hundred million rows need 25 GB of
disk: `--rows 100000000`.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import join
import numpy as np
import pandas as pd

import wardmap as wm

MARKS = "<!-- printed by benchmarks/stream.py -->\n", "<!-- end of stream -->\n"
FOUR = ["Month", "Longitude", "Latitude", "Crime type"]
TYPES = np.array(["Anti-social behaviour", "Burglary", "Drugs", "Other theft", "Public order", "Robbery"])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, nargs="+", default=[500_000, 2_000_000])
    options.add_argument("--per-file", type=int, default=25_000)
    options.add_argument("--write", type=Path, help="a page in which to replace the table")
    asked = options.parse_args()
    lines = ["| rows | files | GB | tool | seconds | times the fastest reader | peak memory, MB |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as folder:
            files = make(Path(folder), rows, asked.per_file)
            size = sum(file.stat().st_size for file in files) / 1e9
            found = {}
            for name in TOOLS:
                with multiprocessing.get_context("spawn").Pool(1) as process:
                    found[name] = process.apply(run, (name, files))
            fastest = min(seconds for name, (seconds, _) in found.items() if name != OURS)
            lines += [
                f"| {rows:,} | {len(files):,} | {size:.2f} | {name} | {seconds:.2f} "
                f"| {seconds / fastest:.2g} | {peak:,.0f} |"
                for name, (seconds, peak) in found.items()
            ]
            print("\n".join(lines[-len(TOOLS) :]), flush=True)
    if asked.write:
        page = asked.write.read_text(encoding="utf-8")
        before, rest = page.split(MARKS[0])
        text = before + MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1] + rest.split(MARKS[1])[1]
        asked.write.write_text(text, encoding="utf-8")


def make(folder: Path, rows: int, per_file: int) -> list[Path]:
    import pyarrow as pa
    import pyarrow.csv

    rng = np.random.default_rng(0)
    wards = join.england() if join.ENGLAND.exists() else join.made_wards()
    files = []
    for number, begin in enumerate(range(0, rows, per_file)):
        n = min(per_file, rows - begin)
        x, y = join.points(wards, n)
        x[np.isfinite(x) & (x > 20)] = -3.0  # some at sea
        y[np.isfinite(y) & (y < 20)] = 49.0
        digits = rng.bytes(32 * n).hex()
        month = f"2018-{number % 12 + 1:02d}"  # a year of ever more forces
        blank, place = pa.nulls(n, pa.string()), pa.array(["On or near Some Street"] * n)
        table = pa.table(
            {
                "Crime ID": [digits[64 * i : 64 * i + 64] for i in range(n)],
                "Month": [month] * n,
                "Reported by": ["Some Police"] * n,
                "Falls within": ["Some Police"] * n,
                "Longitude": pa.array(np.round(x, 6), from_pandas=True),
                "Latitude": pa.array(np.round(y, 6), from_pandas=True),
                "Location": place,
                "LSOA code": ["E01000001"] * n,
                "LSOA name": ["Some District 001A"] * n,
                "Crime type": TYPES[rng.integers(0, len(TYPES), n)],
                "Last outcome category": ["Investigation complete; no suspect identified"] * n,
                "Context": blank,
            }
        )
        files.append(folder / f"{number:05d}-street.csv")
        style = pyarrow.csv.WriteOptions(quoting_style="none")
        pyarrow.csv.write_csv(table, files[-1], style)
    return files


def run(name: str, files: list[Path]) -> tuple[float, float]:
    """Run one tool in this process: seconds, and its peak memory in MB."""
    tool = TOOLS[name]
    wards = boundaries() if name == OURS else None
    start = time.perf_counter()
    tool(files, wards)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def boundaries() -> gpd.GeoDataFrame:
    shapes = join.england() if join.ENGLAND.exists() else join.made_wards()
    codes = pd.Index([f"E{number:08d}" for number in range(len(shapes))], name="ward_code")
    return gpd.GeoDataFrame({"vintage": "2013"}, geometry=shapes, index=codes, crs="EPSG:4326")


def ours(files: list[Path], wards: gpd.GeoDataFrame) -> None:
    warnings.simplefilter("ignore", wm.errors.WardmapWarning)
    counts = wm.count_files(files, wards)
    assert counts["rows"].sum() == sum(1 for file in files for _ in file.open("rb")) - len(files)


def polars(files: list[Path], _: None) -> None:
    import polars as pl

    for file in files:
        pl.read_csv(file, columns=FOUR)


def arrow(files: list[Path], _: None) -> None:
    import pyarrow.csv

    for file in files:
        pyarrow.csv.read_csv(file, convert_options=pyarrow.csv.ConvertOptions(include_columns=FOUR))


def pandas_c(files: list[Path], _: None) -> None:
    for file in files:
        pd.read_csv(file, usecols=FOUR)


OURS = "wardmap count_files, to counts by ward"
TOOLS: dict[str, Callable[..., None]] = {
    OURS: ours,
    "polars, reading only": polars,
    "pyarrow, reading only": arrow,
    "pandas, reading only": pandas_c,
}


if __name__ == "__main__":
    main()
