"""`count_files`: police files of any number and size into one small table, in constant memory."""

import glob
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import InputError, LeftOutWarning, RepairWarning, counted, listed, warn
from wardmap.join.layer import WardLayer, ward_layer
from wardmap.join.matches import MATCH_OF
from wardmap.join.part import Part, repeats
from wardmap.join.place import place, warn_of_losses
from wardmap.join.street_chunks import CRS, street_chunks
from wardmap.join.tally import Tally, as_duplicates, pack
from wardmap.themes import NOT_RECORDED, TODAYS_TYPES

_BYTES_PER_ROW = 200  # roughly, to know what the index is in for
_MERGE_AT = 1_000_000  # keys that may wait before they are added up


def count_files(
    paths: str | Path | Iterable[str | Path],
    wards: gpd.GeoDataFrame,
    *,
    resume_in: str | Path | None = None,
    skip_broken: bool = False,
) -> pd.DataFrame:
    """Count police files that are larger than memory by ward, theme and month.

    Answers: how many, where, when, for all forces and years at once? The result takes the place of an
    incidents table in `count_incidents` and `ledger`, which give what they would have given for the
    rows themselves, had `read_incidents` and `assign_wards` read them.

    Parameters
    ----------
    paths
        Street files of data.police.uk, a folder (its `*-street.csv`, at any depth) or a pattern.
    wards
        The wards table, best in EPSG:4326 as the files are.
    resume_in
        A folder for what each file came to. If counting is interrupted, the same call goes on with
        the files that are not there yet; a file that has changed since is counted anew. By default
        nothing is kept.
    skip_broken
        True leaves out files that cannot be read, names them in a warning and counts the rest.

    Returns
    -------
    DataFrame
        One row per theme, month, ward and match that occurs: `theme` (category), `date` (first of
        the month), `date_precision` (`month`), `ward_code` (category; null where in no ward), `match`
        (category), `rows` (how many incidents; whole number) and `match_method`.

    Raises
    ------
    InputError
        No files, one file twice, a broken file (unless `skip_broken`), or no incident in any ward.
    CRSError, GeometryError, DuplicateWardError
        As `assign_wards` does.

    Warns
    -----
    UnmatchedIncidentsWarning, EdgeIncidentsWarning, TransformWarning, RepairWarning
        As `assign_wards` and `read_incidents` do.
    LeftOutWarning
        Files were broken, and left out because that was asked for.

    Notes
    -----
    Memory holds 64 MB of a file at a time, and the counts. Identifiers are compared over all files by
    a hash of 64 bits kept on disk (16 bytes for each): among a hundred million, the chance that any
    two different ones are taken for one is about 1 in 3,700. The first row in the order of file
    names is kept, as in `read_incidents`. Not for: files of another layout; read those in parts.

    Examples
    --------
    >>> import pathlib, tempfile, wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     wm.demo.extract().to_csv(pathlib.Path(folder) / "2018-03-demo-street.csv", index=False)
    ...     rows = wm.count_files(folder, wards)
    >>> table = wm.count_incidents(rows, wards, period="financial year")
    >>> int(table.loc[("all crime", "2016/17"), "incidents"].idxmax() == "E05006918")
    1
    """
    files = _files(paths)
    rows = sum(file.stat().st_size for file in files) // _BYTES_PER_ROW
    layer = ward_layer(wards, pyproj.CRS(CRS), expecting=rows)
    salt = _fingerprint(layer)
    parts, broken = [], []
    with _folder(resume_in) as folder:
        for file in tqdm(files, desc="Counting", unit="file", delay=2, disable=None):
            part = Part(folder / _stamp(file, salt))
            try:
                if not part.done():
                    _count_file(file, layer, part)
                parts.append(part)
            except InputError as error:
                if not skip_broken:
                    raise
                broken.append(str(error).splitlines()[0])
        _warn_of_old_types(parts)
        themes = sorted({_today(name) for part in parts for name in part.themes()})
        tally = _add_up(parts, themes)
    if broken:
        warn(LeftOutWarning, f"{counted(len(broken), 'broken file')} left out.", *broken[:8])
    _refuse_nothing(tally, layer)
    warn_of_losses(tally.matches())
    table = tally.frame(themes, layer.codes)
    table["theme"] = table["theme"].cat.remove_unused_categories()
    table["date_precision"] = pd.Categorical(["month"]).repeat(len(table))
    left = f", {counted(len(broken), 'broken file')} left out" if broken else ""
    method = f"{layer.words}. Counted from {counted(len(parts), 'street file')} of data.police.uk{left}."
    table = schema.write(table.drop(columns="match"), "match", {"match": table["match"]}, method)
    return table[schema.COUNTED.names()]


def _files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """Return the files in the order of their names, each once."""
    entries = [paths] if isinstance(paths, str | Path) else list(paths)
    found: set[Path] = set()
    for entry in map(str, entries):
        if Path(entry).is_dir():
            found.update(Path(entry).rglob("*-street.csv"))
        elif glob.has_magic(entry) and not Path(entry).exists():
            found.update(map(Path, glob.glob(entry, recursive=True)))  # noqa: PTH207 - may be absolute
        else:
            found.add(Path(entry))
    files = sorted(found)
    absent = [str(file) for file in files if not file.is_file()]
    if absent or not files:
        raise InputError(
            f"There is no file {absent[0]!r}." if absent else "There are no street files to count.",
            f"looked for: {listed(entries)}",
            mend='wm.count_files("police/*/*-street.csv", wards)',
        )
    twice = [name for name, times in Counter(file.name for file in files).items() if times > 1]
    if twice:
        raise InputError(
            f"{counted(len(twice), 'file')} come twice, and would be counted twice.",
            f"{twice[0]!r}: {listed(file for file in files if file.name == twice[0])}",
            mend="name the files of one download: rows without a Crime ID cannot be told apart.",
        )
    return files


@contextmanager
def _folder(resume_in: str | Path | None) -> Iterator[Path]:
    if resume_in is None:
        with TemporaryDirectory(prefix="wardmap-") as name:
            yield Path(name)
    else:
        folder = Path(resume_in)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


def _fingerprint(layer: WardLayer) -> bytes:
    """Return what tells these wards from others, so that no part is taken for one of theirs."""
    digest = hashlib.blake2b("\n".join(map(str, layer.codes)).encode(), digest_size=8)
    for shape in shapely.to_wkb(layer.index.shapes):
        digest.update(shape)
    return digest.digest()


def _stamp(file: Path, salt: bytes) -> str:
    """Return a name that a changed file, or other wards, would not have."""
    state = file.stat()
    said = f"{file.resolve()} {state.st_size} {state.st_mtime_ns}".encode()
    return hashlib.blake2b(said, digest_size=16, salt=salt).hexdigest()


def _count_file(file: Path, layer: WardLayer, part: Part) -> None:
    tally, themes, runs = Tally.of(np.empty(0, dtype=np.int64)), list[str](), 0
    for chunk in street_chunks(file):
        names = [*chunk.theme.categories, NOT_RECORDED]  # the last for rows of code -1
        themes += [name for name in names if name not in themes]
        number_of = np.array([themes.index(name) for name in names])
        ward, match = place(chunk.x, chunk.y, MATCH_OF[chunk.location], layer)
        keys = pack(number_of[chunk.theme.codes], chunk.month, ward, match)
        part.add_run(runs, chunk.identifier, keys)
        tally = tally.plus(Tally.of(keys))
        runs += 1
    part.finish(tally, themes, runs)


def _add_up(parts: list[Part], themes: list[str]) -> Tally:
    """Add up what the files came to, and make rows that repeat an earlier identifier duplicates."""
    theme_of = [
        np.array([themes.index(_today(name)) for name in part.themes()], dtype=np.int64) for part in parts
    ]
    total, waiting = Tally.of(np.empty(0, dtype=np.int64)), list[Tally]()
    for part, of in zip(parts, theme_of, strict=True):
        waiting.append(part.tally(of))
        if sum(len(tally.keys) for tally in waiting) > _MERGE_AT:
            total, waiting = total.plus(*waiting), []
    total = total.plus(*waiting)
    for keys in repeats(parts, theme_of):
        if keys.size:
            total = total.minus(keys).plus(Tally.of(as_duplicates(keys)))
    return total


def _today(name: str) -> str:
    return TODAYS_TYPES.get(name, name)


def _warn_of_old_types(parts: list[Part]) -> None:
    old = sorted({name for part in parts for name in part.themes()} & set(TODAYS_TYPES))
    if old:
        warn(
            RepairWarning,
            "Types that are no longer used went to today's nearest.",
            *(f"{name!r} became {TODAYS_TYPES[name]!r}" for name in old),
            mend="nothing, but compare no type across May 2013, when the types changed.",
        )


def _refuse_nothing(tally: Tally, layer: WardLayer) -> None:
    numbers = dict(zip(schema.MATCHES, tally.matches(), strict=True))
    if not tally.keys.size or (numbers["outside"] and not numbers["within"] + numbers["edge"]):
        raise InputError(
            f"Not one of {counted(int(tally.rows.sum()), 'row')} is in any ward.",
            f"located, but outside every ward: {numbers['outside']:,}",
            f"wards lie within {np.round(layer.bounds, 3).tolist()} (degrees)",
            mend="check that files and wards are about the same district.",
        )
