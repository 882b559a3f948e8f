"""`read_incidents`: one door for every layout of incidents."""

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
from tqdm.auto import tqdm

from wardmap import location, schema
from wardmap.errors import InputError, LeftOutWarning, counted, listed, warn
from wardmap.read import police_uk
from wardmap.read.archive import Member, archive_members, file_member, refuse_twice
from wardmap.read.completeness import warn_of_gaps
from wardmap.read.files import find_files
from wardmap.read.layout import NOT_INCIDENTS, layout_of
from wardmap.read.text import open_text

Files = str | Path | Iterable[str | Path]

FRAME = "(a DataFrame)"
ENDINGS = {".csv", ".zip"}


def read_incidents(source: Files | pd.DataFrame) -> gpd.GeoDataFrame:
    """Read incidents from files as data.police.uk publishes them. Every row read comes back.

    Answers: what happened, when, and where, in one table whose rows can all be accounted for. A row
    without a usable place is kept and says so in `location`.

    Parameters
    ----------
    source
        A street file (`2018-03-staffordshire-street.csv`), a folder of months and forces, the ZIP
        archive as it was downloaded (read in place, never unpacked), a list of these, a pattern
        (`"police/*/*-street.csv"`), or a DataFrame with the same columns.

    Returns
    -------
    GeoDataFrame
        The incidents table, in EPSG:4326 (degrees): `incident_id` (null where the source gives
        none), `date` (the first of the month, as `date_precision` says), `theme` (the crime type, by
        today's name), `geometry` (null where there is no usable place), `location` (`located`,
        `no_location`, `invalid`), `duplicate` (an earlier row has the same identifier; blank
        identifiers, as all anti-social behaviour has, are never equal), `source` (the file) and
        `read_method` (how it was read).

    Raises
    ------
    InputError
        No such file, not a CSV file, rows that do not fit their header, unreadable months, no rows,
        one file twice, an archive that is broken or larger inside than any download.
    MissingColumnError
        A column of the layout is absent.
    CRSError
        Longitude and latitude look swapped.

    Warns
    -----
    LeftOutWarning
        Files of outcomes and of stop and search are there; they are not incidents.
    IncompleteWarning
        Months are missing, or hold far fewer rows than usual; `completeness` shows which.
    RepairWarning
        Types by their old names, rows cut short, an encoding that had to be assumed.

    Notes
    -----
    Published points are moved to the nearest of a fixed list of map points, so an incident near a
    ward's edge may be counted next door. About a tenth of crimes, and half of shoplifting, carry no
    place at all: do not read a ward's count as all that happened there.

    Examples
    --------
    >>> import wardmap as wm
    >>> incidents = wm.read_incidents(wm.demo.extract())
    >>> sorted(incidents["location"].unique())
    ['located', 'no_location']
    """
    if isinstance(source, pd.DataFrame):
        rows = police_uk.as_rows(source, FRAME, "from a DataFrame")
    else:
        rows = _read_members(_members(find_files(source, ENDINGS)))
    if rows.empty:
        raise InputError(
            "There are no incidents to read: the header is there, but no row follows it.",
            f"read: {rows['source'].cat.categories.tolist()[:5]}",
            mend="check that the download finished and that the period asked for has data.",
        )
    incidents = _with_points(rows, police_uk.CRS)
    schema.check(incidents, schema.INCIDENTS)
    warn_of_gaps(incidents)
    return incidents


def _members(files: list[Path]) -> list[Member]:
    """Return the tables to read, named by file name, or by place where file names recur."""
    members, strangers = [], []
    for path in files:
        if path.suffix.lower() == ".zip":
            inside, others = archive_members(path)
            members += inside
            strangers += [f"{path.name}/{name}" for name in others]
        else:
            members.append(file_member(path))
    if not members:
        raise InputError(
            "The archive holds no file of data.police.uk.",
            f"in it: {listed(strangers)}",
            mend="unpack it, and name the files to read.",
        )
    if strangers:
        warn(
            LeftOutWarning,
            f"{counted(len(strangers), 'file')} of an archive left out: not named as data.police.uk does.",
            listed(strangers),
        )
    refuse_twice(members)
    names = [member.name for member in members]
    if len(set(names)) == len(names):
        return members
    return [Member(member.place, member.place, member.read) for member in members]


def _read_members(members: list[Member]) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    left_out: list[str] = []
    for member in tqdm(members, desc="Reading", unit="file", delay=1, disable=None):
        text = open_text(member.read(), member.name)
        layout = layout_of(text.header)
        if layout in NOT_INCIDENTS:
            left_out.append(f"{member.name}: {NOT_INCIDENTS[layout]}")
        else:
            parts.append(police_uk.read_street_file(text))
    if left_out and not parts:
        raise InputError(
            "None of the files holds incidents.",
            *left_out[:8],
            mend="take the files that end in -street.csv.",
        )
    if left_out:
        warn(LeftOutWarning, f"{counted(len(left_out), 'file')} left out: not incidents.", *left_out[:8])
    return _stack(parts)


def _stack(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tables under each other with categories shared, so that they stay categories."""
    if len(parts) == 1:
        return parts[0]
    categories = ["date_precision", "theme", "source", "read_method"]
    shared = {
        name: pd.Index(sorted({kind for part in parts for kind in part[name].cat.categories}))
        for name in categories
    }
    aligned = [
        part.assign(**{name: part[name].cat.set_categories(shared[name]) for name in categories})
        for part in parts
    ]
    return pd.concat(aligned, ignore_index=True)


def _with_points(rows: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """Mark repeated identifiers, and turn coordinates into points where there is a usable place."""
    located = (rows["location"] == "located").to_numpy()
    points = location.points(rows["x"].to_numpy(), rows["y"].to_numpy(), located)
    duplicate = rows["incident_id"].notna() & rows.duplicated("incident_id")
    columns = rows.drop(columns=["x", "y"])
    columns.insert(list(columns).index("source"), "duplicate", duplicate.to_numpy(dtype=bool))
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(points, crs=crs))
