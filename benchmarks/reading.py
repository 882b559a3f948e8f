"""Reading police files: wardmap against pandas' own reader of the same five columns, side by side.

    python benchmarks/reading.py [--rows 500000 5000000] [--runs 3] [--write docs/performance.md]

Each side runs in a process of its own, so that peak memory is its own; imports are not timed. The peer
reads the columns and puts the files under each other. wardmap also finds encoding and separator, checks
the width of every row, reads dates, makes points, tells located rows from others, and marks repeats.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from memory import peak_mb

MARKS = "<!-- printed by benchmarks/reading.py -->\n", "<!-- end of reading -->\n"
COLUMNS = ["Crime ID", "Month", "Longitude", "Latitude", "Crime type"]
TYPES = ["Anti-social behaviour", "Burglary", "Shoplifting", "Vehicle crime", "Violence and sexual offences"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, nargs="+", default=[500_000])
    options.add_argument("--per-file", type=int, default=13_888)
    options.add_argument("--runs", type=int, default=1)
    options.add_argument("--write", type=Path, help="a page in which to replace the table")
    options.add_argument("--side", choices=["pandas", "wardmap"], help=argparse.SUPPRESS)
    options.add_argument("--folder", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.side:
        print(json.dumps(one_side(asked.side, asked.folder)))
        return
    lines = ["| rows | files | MB | run | pandas | wardmap | times the time | times the memory |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as folder:
            files = -(-rows // asked.per_file)
            size = make(Path(folder), rows, files)
            for number in range(asked.runs):
                peer, ours = (run(side, folder) for side in ("pandas", "wardmap"))
                assert peer["rows"] == ours["rows"] == rows
                sides = [f"{found['seconds']:.2f} s, {found['megabytes']:,.0f} MB" for found in (peer, ours)]
                ratios = [f"{ours[what] / peer[what]:.2f}" for what in ("seconds", "megabytes")]
                cells = [f"{rows:,}", f"{files:,}", f"{size / 1e6:,.0f}", str(number + 1), *sides, *ratios]
                lines.append(f"| {' | '.join(cells)} |")
                print(lines[-1], flush=True)
    if asked.write:
        page = asked.write.read_text(encoding="utf-8")
        before, rest = page.split(MARKS[0])
        text = before + MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1] + rest.split(MARKS[1])[1]
        asked.write.write_text(text, encoding="utf-8")


def run(side: str, folder: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--side", side, "--folder", folder]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # noqa: S603


def one_side(side: str, folder: str) -> dict[str, float]:
    import wardmap as wm

    read_incidents = wm.read_incidents
    before = peak_mb()
    start = time.perf_counter()
    if side == "pandas":
        files = sorted(Path(folder).glob("*.csv"))
        read = pd.concat([pd.read_csv(file, usecols=COLUMNS) for file in files], ignore_index=True)
    else:
        warnings.simplefilter("ignore")
        read = read_incidents(folder)
    seconds = time.perf_counter() - start
    return {"rows": len(read), "seconds": seconds, "megabytes": peak_mb() - before}


def make(folder: Path, rows: int, files: int) -> int:
    """Write files as data.police.uk does: shared places, a tenth without one, no identifier for ASB."""
    rng = np.random.default_rng(0)
    months = pd.period_range("2015-01", periods=36, freq="M")
    for number, share in enumerate(np.array_split(np.arange(rows), files)):
        size = len(share)
        place = rng.integers(0, 8_000, size)
        longitude, latitude = -2.5 + place * 1e-4, 52.5 + (place % 97) * 1e-3
        kind = rng.choice(TYPES, size)
        digits = rng.bytes(32 * size).hex()
        table = pd.DataFrame(
            {
                "Crime ID": [digits[64 * i : 64 * (i + 1)] for i in range(size)],
                "Month": str(months[number % 36]),
                "Reported by": "Practice Police",
                "Falls within": "Practice Police",
                "Longitude": np.round(longitude, 6),
                "Latitude": np.round(latitude, 6),
                "Location": "On or near Practice Street",
                "LSOA code": "E01000001",
                "LSOA name": "Practice 001A",
                "Crime type": kind,
                "Last outcome category": "Investigation complete; no suspect identified",
                "Context": None,
            }
        )
        table.loc[kind == "Anti-social behaviour", "Crime ID"] = None
        table.loc[rng.random(size) < 0.1, ["Longitude", "Latitude"]] = None
        force = f"practice-{chr(97 + number // 36)}"
        table.to_csv(folder / f"{months[number % 36]}-{force}-street.csv", index=False)
    return sum(file.stat().st_size for file in folder.iterdir())


if __name__ == "__main__":
    main()
