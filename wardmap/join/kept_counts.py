"""`Parts`: what each file came to, kept in a folder, so that counting can stop and go on.

`done.jsonl` has a line for each file that was counted to its end, and says where in a file of numbers its
tally lies and, for each row that has an identifier, its fingerprint and the row's key. These rows are in
bins by the first byte of the fingerprint, so that rows that repeat an earlier identifier are found some
bins at a time, over all files, in memory that does not grow with their number.
"""

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

from wardmap.formats.fingerprints import Fingerprints
from wardmap.join.tally import Keys, Tally, with_themes

_ROW = np.dtype([("print", np.uint64), ("key", np.int64)])
_BINS = 256
_EDGES_BYTES = 8 * (_BINS + 1)
_SLICE = 1_000_000  # identifiers to compare at once


Edges = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Run:
    """Identified rows that were kept together: in which file of numbers, from which byte on, and how many.

    Where each bin begins is written first, and then the rows.
    """

    file: str
    begin: int
    number: int

    @property
    def rows_begin(self) -> int:
        """Return from which byte on the rows lie."""
        return self.begin + _EDGES_BYTES

    @property
    def end(self) -> int:
        """Return the byte behind them."""
        return self.rows_begin + _ROW.itemsize * self.number


class Parts:
    """The counts of files under their stamps, names that belong to one state of a file and one set of wards.

    Safe to use from several threads; a file of numbers belongs to one run of the program.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done_file = folder / "done.jsonl"
        self._numbers = ""
        self._lock = threading.Lock()
        self._done: dict[str, Any] = {}
        if self._done_file.exists():
            for line in self._done_file.read_text(encoding="utf-8", errors="replace").splitlines():
                self._done.update(self._whole(line))

    def __contains__(self, stamp: str) -> bool:
        return stamp in self._done

    def keep_rows(self, prints: Fingerprints, keys: Keys) -> Run:
        """Keep identified rows."""
        binned = (prints >> np.uint64(56)).astype(np.uint8)
        order = np.argsort(binned, kind="stable")
        rows = np.empty(len(prints), dtype=_ROW)
        rows["print"], rows["key"] = prints[order], keys[order]
        edges = np.append(0, np.cumsum(np.bincount(binned, minlength=_BINS))).astype(np.int64)
        return Run(*self._append(edges.tobytes() + rows.tobytes()), len(rows))

    def finish(self, stamp: str, tally: Tally, themes: list[str], runs: list[Run]) -> None:
        """Keep a file's tally, and note that the file is done."""
        note = {
            "themes": themes,
            "tally": [*self._append(np.vstack([tally.keys, tally.rows]).tobytes()), len(tally.keys)],
            "runs": [[run.file, run.begin, run.number] for run in runs],
        }
        with self._lock, self._done_file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({stamp: note}) + "\n")
            self._done[stamp] = note

    def themes(self, stamp: str) -> list[str]:
        """Return a file's themes, in the order of their numbers in its keys."""
        return list(self._done[stamp]["themes"])

    def tally(self, stamp: str, theme_of: Keys) -> Tally:
        """Return a file's tally, with themes by their numbers among all files."""
        name, begin, size = self._done[stamp]["tally"]
        keys, rows = np.fromfile(self._folder / name, np.int64, 2 * size, offset=begin).reshape(2, -1)
        return Tally(with_themes(keys, theme_of), rows)

    def repeats(self, stamps: list[str], theme_of: list[Keys]) -> Iterator[Keys]:
        """Yield the keys of rows whose identifier an earlier row has, some bins of fingerprints at a time."""
        runs = [
            (Run(*run), of)
            for stamp, of in zip(stamps, theme_of, strict=True)
            for run in self._done[stamp]["runs"]
            if run[2]
        ]
        if not runs:
            return
        edges = np.array([self._edges(run) for run, _ in runs])

        def later(first: int, last: int) -> Keys:
            begins, ends = edges[:, first], np.cumsum(edges[:, last] - edges[:, first])
            rows = np.empty(ends[-1], dtype=_ROW)
            with ExitStack() as stack:
                files = {
                    name: stack.enter_context((self._folder / name).open("rb", buffering=0))
                    for name in {run.file for run, _ in runs}
                }
                for (run, _), begin, part in zip(runs, begins, np.split(rows, ends[:-1]), strict=True):
                    files[run.file].seek(run.rows_begin + begin * _ROW.itemsize)
                    files[run.file].readinto(part.view(np.uint8).data)
            found = _later(rows["print"])
            run_of = np.searchsorted(ends, found, side="right")
            keys = [with_themes(rows["key"][found[run_of == run]], runs[run][1]) for run in np.unique(run_of)]
            return np.concatenate([np.empty(0, dtype=np.int64), *keys])

        slices = _slices(edges.sum(axis=0))
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            yield from pool.map(later, slices[:-1], slices[1:])

    def _edges(self, run: Run) -> Edges:
        return np.fromfile(self._folder / run.file, np.int64, _BINS + 1, offset=run.begin)

    def _append(self, numbers: bytes) -> tuple[str, int]:
        """Write numbers behind those of this run, and return in which file and from which byte on."""
        with self._lock:
            if not self._numbers:
                with NamedTemporaryFile(dir=self._folder, prefix="numbers-", delete=False) as new:
                    self._numbers = Path(new.name).name
            with (self._folder / self._numbers).open("ab") as file:
                begin = file.tell()
                file.write(numbers)
            return self._numbers, begin

    def _whole(self, line: str) -> dict[str, Any]:
        """Return what a line says, or nothing if it, or what it speaks of, is not whole."""
        try:
            ((stamp, note),) = json.loads(line).items()
            name, begin, size = note["tally"]
            ends = [(name, begin + _ROW.itemsize * size)]
            ends += [(run.file, run.end) for run in (Run(*kept) for kept in note["runs"])]
            whole = all((self._folder / name).stat().st_size >= end for name, end in ends)
        except (ValueError, TypeError, AttributeError, LookupError, OSError):
            return {}
        return {stamp: note} if whole and isinstance(note["themes"], list) else {}


def _slices(so_far: Edges) -> list[int]:
    """Return bins between which there are few enough rows to be compared at once."""
    slices = [0]
    while slices[-1] < _BINS:
        fitting = int(np.searchsorted(so_far, so_far[slices[-1]] + _SLICE, side="right")) - 1
        slices.append(min(max(fitting, slices[-1] + 1), _BINS))
    return slices


def _later(prints: Fingerprints) -> npt.NDArray[np.intp]:
    """Return which rows are not the first of their fingerprint."""
    ordered = np.sort(prints)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    suspects = np.flatnonzero(np.isin(prints, twice)) if twice.size else np.empty(0, dtype=np.intp)
    order = suspects[np.argsort(prints[suspects], kind="stable")]
    later: npt.NDArray[np.intp] = order[1:][prints[order][1:] == prints[order][:-1]]
    return later
