"""`count_files`: police files of any number and size into one small table, in constant memory."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import InputError, LeftOutWarning, RepairWarning, counted, first_lines, listed, warn
from wardmap.formats.archive import Member, archive_members, file_member, refuse_twice
from wardmap.formats.find import find_files
from wardmap.formats.police import CRS, TAKE_STREET, is_other_file
from wardmap.formats.street import COMPILED_FROM
from wardmap.join.file_counts import count_file, count_plain_files
from wardmap.join.kept_counts import Parts
from wardmap.join.place import warn_of_losses
from wardmap.join.tally import Tally, as_duplicates
from wardmap.join.ward_layer import WardLayer, ward_layer
from wardmap.themes import TODAYS_TYPES

_BYTES_PER_ROW = 200  # roughly, to know how many points there will be
_FORMAT = "2"  # of what is kept in a folder: another one is not taken up
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
        Street files of data.police.uk, a folder of them, a pattern, or the ZIP archive as it was
        downloaded, which is read in place.
    wards
        The wards table, best in EPSG:4326 as the files are.
    resume_in
        A folder for what each file came to. If counting is interrupted, the same call goes on with
        the files that are not there yet; a file that has changed since is counted again. By default
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
        As `assign_wards` and `read_incidents` do.

    Warns
    -----
    UnmatchedIncidentsWarning, EdgeIncidentsWarning, TransformWarning, RepairWarning
        As `assign_wards` and `read_incidents` do.
    LeftOutWarning
        Files of outcomes and of stop and search are there; or files were broken, and left out because
        that was asked for.

    Notes
    -----
    Memory holds some 100 MB of files for each processor, and the counts. Identifiers are compared over all
    files by fingerprints of 64 bits kept on disk (16 bytes a row): among a hundred million, the chance
    that any two different ones are taken for one is about 1 in 3,700. The first row in the order of file
    names is kept, as in `read_incidents`. Not for: files of another layout; read those in parts.

    Examples
    --------
    >>> import pathlib, tempfile, wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     wm.demo.extract().to_csv(pathlib.Path(folder) / "2018-03-demo-street.csv", index=False)
    ...     rows = wm.join.count_files(folder, wards)
    >>> table = wm.count_incidents(rows, wards, by_period="financial year")
    >>> int(table.loc[("all crime", "2016/17"), "incidents"].idxmax() == "E05006918")
    1
    """
    members = _members(paths)
    size = sum(member.size for member in members)
    large = size > COMPILED_FROM
    layer = ward_layer(wards, pyproj.CRS(CRS), expecting=size // _BYTES_PER_ROW)
    stamps = _stamps(members, layer)
    finished, broken = [], []
    with _folder(resume_in) as folder:
        parts = Parts(folder)
        plain = count_plain_files(members, stamps, layer, parts) if large else (s in parts for s in stamps)
        with closing(plain):  # else files would be counted on after an error
            work = tqdm(plain, "Counting", len(members), unit="file", delay=2, disable=None)
            for member, stamp, done in zip(members, stamps, work, strict=True):
                try:
                    if not done:
                        count_file(member, stamp, layer, parts, compiled=large)
                    finished.append(stamp)
                except InputError as error:
                    if not skip_broken:
                        raise
                    broken.append(error.headline)
        _warn_of_old_types(parts, finished)
        themes = sorted({_today(name) for stamp in finished for name in parts.themes(stamp)})
        tally = _add_up(parts, finished, themes)
    if broken:
        warn(LeftOutWarning, f"Left out: {counted(len(broken), 'broken file')}.", *first_lines(broken))
    _refuse_nothing(tally, layer)
    warn_of_losses(tally.matches())
    table = tally.frame(themes, layer.codes)
    table["theme"] = table["theme"].cat.remove_unused_categories()
    table["date_precision"] = pd.Categorical(["month"]).repeat(len(table))
    left = f", {counted(len(broken), 'broken file')} left out" if broken else ""
    method = f"{layer.words}. Counted from {counted(len(finished), 'street file')} of data.police.uk{left}."
    table = schema.write(table.drop(columns="match"), "match", {"match": table["match"]}, method)
    return table[schema.COUNTED.names()]


def _members(paths: str | Path | Iterable[str | Path]) -> list[Member]:
    """Return the files of incidents, and those in archives, in the order of their names."""
    members, others = list[Member](), list[str]()
    for path in find_files(paths, {".csv", ".gz", ".zip"}):
        if path.suffix.lower() == ".zip":
            inside, strangers = archive_members(path)
            members += inside
            others += [f"{path.name}/{name}" for name in strangers]
        else:
            members.append(file_member(path))
    others += [m.place for m in members if is_other_file(m.name)]
    if others:
        warn(
            LeftOutWarning,
            f"Left out, because they hold no incidents: {counted(len(others), 'file')}.",
            listed(others),
        )
    street = [member for member in members if member.place not in others]
    if not street:
        raise InputError("There are no street files to count.", mend=TAKE_STREET)
    refuse_twice(street)
    return street


@contextmanager
def _folder(resume_in: str | Path | None) -> Iterator[Path]:
    if resume_in is None:
        with TemporaryDirectory(prefix="wardmap-") as name:
            yield Path(name)
    else:
        folder = Path(resume_in)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


def _stamps(members: list[Member], layer: WardLayer) -> list[str]:
    """Return for each file a name that a changed file, or other wards, would not have."""
    digest = hashlib.blake2b("\n".join([_FORMAT, *map(str, layer.codes)]).encode(), digest_size=8)
    for shape in shapely.to_wkb(layer.index.shapes):
        digest.update(shape)
    salt = digest.digest()
    states = [
        f"{member.path.resolve()} {member.inside} {member.size} {member.path.stat().st_mtime_ns}"
        for member in members
    ]
    return [hashlib.blake2b(state.encode(), digest_size=16, salt=salt).hexdigest() for state in states]


def _add_up(parts: Parts, stamps: list[str], themes: list[str]) -> Tally:
    """Add up what the files came to, and make rows that repeat an earlier identifier duplicates."""
    theme_of = [
        np.array([themes.index(_today(name)) for name in parts.themes(stamp)], dtype=np.int64)
        for stamp in stamps
    ]
    total, waiting = Tally.sum_of(), list[Tally]()
    for stamp, of in zip(stamps, theme_of, strict=True):
        waiting.append(parts.tally(stamp, of))
        if sum(len(tally.keys) for tally in waiting) > _MERGE_AT:
            total, waiting = Tally.sum_of(total, *waiting), []
    total = Tally.sum_of(total, *waiting)
    repeated = Tally.sum_of()
    for keys in parts.repeats(stamps, theme_of):
        repeated = repeated.plus(Tally.of(keys)) if keys.size else repeated
    return total.minus(repeated).plus(Tally(as_duplicates(repeated.keys), repeated.rows))


def _today(name: str) -> str:
    return TODAYS_TYPES.get(name, name)


def _warn_of_old_types(parts: Parts, stamps: list[str]) -> None:
    old = sorted({name for stamp in stamps for name in parts.themes(stamp)} & set(TODAYS_TYPES))
    if old:
        warn(
            RepairWarning,
            "Types that are no longer used were given the name of today's nearest type.",
            *(f"{name!r} became {TODAYS_TYPES[name]!r}" for name in old),
            note="do not compare a type across May 2013, when the types changed.",
        )


def _refuse_nothing(tally: Tally, layer: WardLayer) -> None:
    numbers = dict(zip(schema.MATCHES, tally.matches(), strict=True))
    astray = numbers["outside"] + numbers["invalid"]
    if not tally.keys.size or (astray and not numbers["within"] + numbers["edge"]):
        raise InputError(
            f"Not one of {counted(int(tally.rows.sum()), 'row')} is in any ward.",
            f"located, but outside every ward: {numbers['outside']:,}; not on earth: {numbers['invalid']:,}",
            f"wards lie within {np.round(layer.bounds, 3).tolist()} (degrees)",
            mend="check that files and wards are about the same district.",
        )
