"""`Part`: what one file came to, kept on disk, so that counting can stop and go on.

Beside the file's tally a part keeps, for each row that has an identifier, a hash of it and the row's
key, in runs sorted by hash. Rows that repeat an earlier identifier are then found a slice of hashes
at a time, over all files, in memory that does not grow with their number.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.join.tally import Keys, Tally, with_themes

_ROW = np.dtype([("hash", np.uint64), ("key", np.int64)])
_SLICE = 1_000_000  # identifiers to compare at once


@dataclass(frozen=True)
class Part:
    """The counts of one file under `place`, a path that belongs to this file and these wards."""

    place: Path

    def done(self) -> bool:
        """Return whether the file was counted to its end."""
        return self._file("json").exists()

    def add_run(self, number: int, identifiers: pd.Series, keys: Keys) -> None:
        """Keep the identified rows of a chunk; blank identifiers are never equal."""
        known = identifiers.notna().to_numpy()
        run = np.empty(int(known.sum()), dtype=_ROW)
        run["hash"] = pd.util.hash_array(identifiers.to_numpy(dtype=object)[known], categorize=False)
        run["key"] = keys[known]
        np.save(self._file(f"{number}.npy"), run[np.argsort(run["hash"], kind="stable")])

    def finish(self, tally: Tally, themes: list[str], runs: int) -> None:
        """Keep the tally, and last of all the note that the file is done."""
        np.save(self._file("tally.npy"), np.vstack([tally.keys, tally.rows]))
        note = self._file("tmp")
        note.write_text(json.dumps({"themes": themes, "runs": runs}), encoding="utf-8")
        note.replace(self._file("json"))

    def themes(self) -> list[str]:
        """Return the file's themes, in the order of their numbers in its keys."""
        return [str(name) for name in self._note()["themes"]]

    def tally(self, theme_of: Keys) -> Tally:
        """Return the file's tally, with themes by their numbers among all files."""
        keys, rows = np.load(self._file("tally.npy"))
        return Tally(with_themes(keys, theme_of), rows)

    def runs(self) -> list[Path]:
        """Return the files of its runs, in the order of the rows."""
        return [self._file(f"{number}.npy") for number in range(self._note()["runs"])]

    def _note(self) -> Any:
        return json.loads(self._file("json").read_text(encoding="utf-8"))

    def _file(self, ending: str) -> Path:
        return self.place.with_name(f"{self.place.name}.{ending}")


def repeats(parts: list[Part], theme_of: list[Keys]) -> Iterator[Keys]:
    """Yield the keys of rows whose identifier an earlier row has, a slice of hashes at a time."""
    runs = [(run, of) for part, of in zip(parts, theme_of, strict=True) for run in part.runs()]
    total = sum(len(np.load(run, mmap_mode="r")) for run, _ in runs)
    edges = np.linspace(0, 2.0**64, total // _SLICE + 2)[1:-1].astype(np.uint64)
    cuts = [np.searchsorted(np.load(run)["hash"], edges) for run, _ in runs]
    for number in range(len(edges) + 1):
        hashes, keys = [], []
        for (run, of), cut in zip(runs, cuts, strict=True):
            rows = np.load(run, mmap_mode="r")
            begin = cut[number - 1] if number else 0
            end = cut[number] if number < len(edges) else len(rows)
            hashes.append(np.array(rows["hash"][begin:end]))
            keys.append(with_themes(np.array(rows["key"][begin:end]), of))
        yield _later(np.concatenate(hashes), np.concatenate(keys)) if runs else np.empty(0, dtype=np.int64)


def _later(hashes: npt.NDArray[np.uint64], keys: Keys) -> Keys:
    """Return the keys of all rows but the first of each hash."""
    order = np.argsort(hashes, kind="stable")
    same = np.diff(hashes[order], prepend=hashes[order][:1] + np.uint64(1)) == 0
    later: Keys = keys[order][same]
    return later
