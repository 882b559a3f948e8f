"""Police files counted by ward, theme and month: time beside the readers alone, and memory as rows grow.

    python benchmarks/stream.py [--rows 500000 5000000] [--per-file 11574] [--write docs/performance.md]

The files are made as data.police.uk writes them, one for each force and month, with distinct identifiers.
The peers only read four of the twelve columns; `count_files` reads five, finds the ward of each row in
England's wards (or in a made tessellation), compares the identifiers over all files and counts. A hundred
million rows need 23 GB of disk: `--rows 100000000 --per-file 50000`.
"""

import argparse
import multiprocessing
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import join
import numpy as np
import pandas as pd
import shapely
from memory import peak_mb

import wardmap as wm

MARKS = "<!-- printed by benchmarks/stream.py -->\n", "<!-- end of stream -->\n"
HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)
FOUR = ["Month", "Longitude", "Latitude", "Crime type"]
FORCES, MONTHS, PLACES = 36, 36, 700_000
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
    """Write a file for each force and month, with identifiers of its own; beyond three years, over again."""
    rng = np.random.default_rng(0)
    wards = gpd.GeoSeries(join.england() if join.ENGLAND.exists() else join.made_wards())
    near = np.argsort(wards.hilbert_distance().to_numpy())
    number = -(-rows // per_file)
    forces = [
        force_rows(rng, wards.to_numpy()[own], per_file)
        for own in np.array_split(near, FORCES)[: min(FORCES, number)]
    ]
    files = []
    for month, force in ((i // FORCES % MONTHS, i % FORCES) for i in range(number)):
        buffer, starts = forces[force]
        text = buffer.copy()
        digits = np.frombuffer(rng.bytes(32 * per_file).hex().encode(), dtype=np.uint8)
        text[starts[:-1, np.newaxis] + np.arange(64)] = digits.reshape(-1, 64)
        written = np.frombuffer(str(pd.Period("2011-01", "M") + month).encode(), dtype=np.uint8)
        text[starts[:-1, np.newaxis] + 65 + np.arange(7)] = written
        files.append(folder / f"{len(files):05d}-street.csv")
        last = starts[min(per_file, rows - (len(files) - 1) * per_file)]
        files[-1].write_bytes(HEADER.encode() + text[:last].tobytes())
    return files


def force_rows(rng: np.random.Generator, wards: np.ndarray, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a force's rows as bytes, and where each begins: four in five at places that occur again."""
    middle, size = shapely.get_coordinates(shapely.centroid(wards)), np.sqrt(shapely.area(wards))
    near = rng.integers(0, len(wards), PLACES // FORCES + rows)
    places = middle[near] + rng.normal(0, 0.4, (len(near), 2)) * size[near, np.newaxis]
    again = rng.integers(0, PLACES // FORCES, rows)
    x, y = places[np.where(rng.random(rows) < 0.8, again, PLACES // FORCES + np.arange(rows))].T
    nowhere, at_sea = rng.random((2, rows)) < 0.01
    lines = [
        f"{'0' * 64},2018-00,Some Police,Some Police,"
        f"{'' if gone else f'{-3.0 if sea else a:.6f}'},{'' if gone else f'{49.0 if sea else b:.6f}'},"
        f"On or near Some Street,E01000001,Some District 001A,{kind},"
        f"Investigation complete; no suspect identified,\n".encode()
        for a, b, gone, sea, kind in zip(x, y, nowhere, at_sea, rng.choice(TYPES, rows), strict=True)
    ]
    starts = np.cumsum([0, *map(len, lines)])
    return np.frombuffer(b"".join(lines), dtype=np.uint8), starts


def run(name: str, files: list[Path]) -> tuple[float, float]:
    """Run one tool in this process: seconds, and its peak memory in MB."""
    tool = TOOLS[name]
    wards = boundaries() if name == OURS else None
    start = time.perf_counter()
    rows = tool(files, wards)
    seconds = time.perf_counter() - start
    assert rows is None or rows == sum(file.read_bytes().count(b"\n") - 1 for file in files)
    return seconds, peak_mb()


def boundaries() -> gpd.GeoDataFrame:
    shapes = join.england() if join.ENGLAND.exists() else join.made_wards()
    codes = pd.Index([f"E{number:08d}" for number in range(len(shapes))], name="ward_code")
    return gpd.GeoDataFrame({"vintage": "2013"}, geometry=shapes, index=codes, crs="EPSG:4326")


def ours(files: list[Path], wards: gpd.GeoDataFrame) -> int:
    warnings.simplefilter("ignore", wm.errors.WardmapWarning)
    return int(wm.join.count_files(files, wards)["rows"].sum())


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
TOOLS: dict[str, Callable[..., int | None]] = {
    OURS: ours,
    "polars, reading only": polars,
    "pyarrow, reading only": arrow,
    "pandas, reading only": pandas_c,
}


if __name__ == "__main__":
    main()
