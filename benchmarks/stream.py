"""Police files counted by ward, theme and month: time beside the readers alone, and memory as rows grow.

    python benchmarks/stream.py [--rows 500000 5000000] [--per-file 11574] [--write docs/performance.md]

The files are made as data.police.uk writes them, with distinct identifiers. The peers only read four of
the twelve columns; `count_files` reads five, finds the ward of each row in England's wards (or in a made
tessellation), compares the identifiers over all files and counts. A hundred million rows need 22 GB of
disk, more than memory keeps of them: `--rows 100000000 --per-file 50000`.
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
HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)
FOUR = ["Month", "Longitude", "Latitude", "Crime type"]
_KINDS = 4
TYPES = np.array(["Anti-social behaviour", "Burglary", "Drugs", "Other theft", "Public order", "Robbery"])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, nargs="+", default=[500_000, 5_000_000])
    options.add_argument("--per-file", type=int, default=11_574)
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
    """Write files of a few kinds over and over, each with identifiers and a month of its own."""
    rng = np.random.default_rng(0)
    kinds = [_kind(rng, per_file) for _ in range(min(_KINDS, -(-rows // per_file)))]
    files = []
    for number, begin in enumerate(range(0, rows, per_file)):
        buffer, starts = kinds[number % len(kinds)]
        text = buffer.copy()
        digits = np.frombuffer(rng.bytes(32 * per_file).hex().encode(), dtype=np.uint8)
        text[starts[:-1, np.newaxis] + np.arange(64)] = digits.reshape(-1, 64)
        month = np.frombuffer(f"2018-{number % 12 + 1:02d}".encode(), dtype=np.uint8)  # ever more forces
        text[starts[:-1, np.newaxis] + 65 + np.arange(7)] = month
        files.append(folder / f"{number:05d}-street.csv")
        files[-1].write_bytes(HEADER.encode() + text[: starts[min(per_file, rows - begin)]].tobytes())
    return files


def _kind(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of a file as bytes, and where each begins."""
    wards = join.england() if join.ENGLAND.exists() else join.made_wards()
    x, y = join.points(wards, rows)
    x[np.isfinite(x) & (x > 20)] = -3.0  # some at sea
    y[np.isfinite(y) & (y < 20)] = 49.0
    kind = TYPES[rng.integers(0, len(TYPES), rows)]
    lines = [
        f"{'0' * 64},2018-00,Some Police,Some Police,"
        f"{'' if np.isnan(a) else f'{a:.6f}'},{'' if np.isnan(b) else f'{b:.6f}'},"
        f"On or near Some Street,E01000001,Some District 001A,{c},"
        f"Investigation complete; no suspect identified,\n".encode()
        for a, b, c in zip(x, y, kind, strict=True)
    ]
    starts = np.cumsum([0, *map(len, lines)])
    return np.frombuffer(b"".join(lines), dtype=np.uint8), starts


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
