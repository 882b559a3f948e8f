"""`read_incidents`: one door for every layout of incidents."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from geopandas.array import GeometryArray
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import CRSError, InputError, LeftOutWarning, counted, first_lines, listed, warn
from wardmap.formats.archive import Member, archive_members, file_member, refuse_twice
from wardmap.formats.find import find_files
from wardmap.formats.fingerprints import SEED, fingerprints, repeated
from wardmap.formats.frames import read_query
from wardmap.formats.geofile import crs_words
from wardmap.formats.police import TAKE_STREET
from wardmap.formats.street import COMPILED_FROM
from wardmap.formats.table import ENDINGS, TABLES, read_table
from wardmap.read.incidents.completeness import warn_of_gaps
from wardmap.read.incidents.shared_points import CompiledSharedPoints, GivenPoints, SharedPoints
from wardmap.read.incidents.stack import Columns, Stack
from wardmap.read.incidents.table_rows import VERB, NotIncidentsError, Options, Rows, read_frame, read_member

Files = str | Path | Iterable[str | Path]

FRAME = "(a DataFrame)"
QUERY = "(a query)"


def read_incidents(
    source: Files | pd.DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    crs: str | int | None = None,
    date_format: str | None = None,
    layer: str | None = None,
    connection: Any = None,
    collisions: Files | pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Read incidents from any analyst's files. Every row read comes back.

    Answers: what happened, when, and where, in one table whose rows can all be accounted for. A row
    without a usable place is kept and says so in `location`.

    Parameters
    ----------
    source
        Street files of data.police.uk: one, a folder of months and forces, or the ZIP archive as it
        was downloaded (read in place, never unpacked). Or any extract: CSV (also packed, `.csv.gz`),
        TSV, Excel, Parquet, GeoPackage, GeoJSON, Shapefile, FlatGeobuf, KML. Or a list of files, a
        pattern (`"police/*/*-street.csv"`), a DataFrame, a GeoDataFrame, or with `connection` an SQL
        query.
    columns
        Which column holds what, where habit does not find it: `{"date": "Committed from", "theme":
        "Offence", "easting": "X", "northing": "Y"}`. What can be mapped: `incident_id`, `date` or
        `year`, `month` and `day`, `theme`, `offence_code` (Home Office), a place (`easting` and
        `northing`; `longitude` and `latitude`; `x` and `y`, which need `crs`; `grid_reference`), and
        the flags `domestic_abuse`, `alcohol`, `public_place`, `youth`, `hate`.
    crs
        The coordinate system of the coordinates, for a source that does not say. Of a source with
        eastings and longitudes it chooses the pair: give that of the wards, and nothing has to be
        transformed. It never overrides a source that says its own.
    date_format
        How dates are written ("%d/%m/%Y"), where that cannot be told. Dates that are valid both day
        first and month first are refused without it.
    layer
        The layer of a geographic file, or the sheet of a workbook, if there are several.
    connection
        An SQLAlchemy engine or connection, or a DB-API connection, for a query. Let the query give
        coordinates as columns: `SELECT ST_X(geom) AS easting, ...`.
    collisions
        With a file of STATS19 casualties, the collisions that they belong to, which hold their
        places and dates. Without it a file of collisions is read as one incident for each collision.

    Returns
    -------
    GeoDataFrame
        The incidents table, in the coordinate system of the source: `incident_id` (null where the
        source gives none), `date` (the day, or the first of the month, as `date_precision` says),
        `theme` (the type, by today's name), `geometry` (null where there is no usable place),
        `location` (`located`, `no_location`, `invalid`), `duplicate` (an earlier row has the same
        identifier; blank identifiers, as all anti-social behaviour has, are never equal), `source`
        (the file) and `read_method` (how it was read). With an extract that has them: `offence_code`
        (text) `lsoa_code` (text) and the flags (boolean; null where another source does not record them).
        With STATS19: `serious_adjusted` and `slight_adjusted` (numbers, 0 to 1: the published chances
        that it would be serious or slight had all forces recorded by injury) and `ksi_adjusted` (number,
        0 to 1: that it would be killed or seriously injured); null where the file has none.

    Raises
    ------
    InputError
        No such file, not what its name says, rows that do not fit their header, a quote that is never
        closed, coordinates that are mostly text, dates that cannot be read or can be read two ways, no
        rows, one file twice, an archive that is broken or larger inside than any download.
    MissingColumnError
        A column is absent, or none looks like a place.
    CRSError
        Longitude and latitude look swapped, the system is not known or not the one that it is said
        to be, or the files are in several.
    GeometryError
        The layer holds lines or areas.

    Warns
    -----
    LeftOutWarning
        Files of outcomes and of stop and search are there; they are not incidents.
    IncompleteWarning
        Months are missing, or hold far fewer rows than usual; `completeness` shows which.
    RepairWarning
        Types by their old names, rows cut short, thousands marks, an encoding that had to be assumed.

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

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"Committed": ["30/04/2018"], "What": ["Theft"], "E": [424500], "N": [323100]})
    >>> mapping = {"date": "Committed", "theme": "What", "easting": "E", "northing": "N"}
    >>> wm.read_incidents(rows, columns=mapping).crs.to_string()
    'EPSG:27700'
    """
    options = Options(columns or {}, crs, date_format, layer, collisions=_whole(collisions))
    shared = SharedPoints()
    if isinstance(source, pd.DataFrame):
        raw, system = read_frame(source, FRAME, "from a DataFrame", options)
        if isinstance(source, gpd.GeoDataFrame) and source.active_geometry_name is not None:
            shared = GivenPoints(source.geometry.to_numpy())
        rows = pd.DataFrame(_columns(raw, shared))
    elif connection is not None:
        raw, system = read_frame(read_query(str(source), connection), QUERY, "from a query", options)
        rows = pd.DataFrame(_columns(raw, shared))
    else:
        members = _members(find_files(source, ENDINGS))
        large = sum(member.size for member in members) > COMPILED_FROM
        shared = CompiledSharedPoints() if large else shared
        rows, system = _read_members(members, replace(options, compiled=large), shared)
    if rows.empty:
        raise InputError(
            "There are no incidents to read: the header is there, but no row follows it.",
            f"read: {listed(rows['source'].cat.categories)}",
            mend="check that the download finished and that the period asked for has data.",
        )
    incidents = _finished(rows, shared, system)
    schema.check(incidents, schema.INCIDENTS)
    warn_of_gaps(incidents)
    return incidents


def _whole(collisions: Files | pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the tables of collisions, put under each other."""
    if collisions is None or isinstance(collisions, pd.DataFrame):
        return collisions
    files = find_files(collisions, TABLES)
    return pd.concat([read_table(file_member(path), verb=VERB)[0] for path in files], ignore_index=True)


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
            f"Left out, because not named as police files are: {counted(len(strangers), 'file')}.",
            listed(strangers),
        )
    refuse_twice(members)
    names = [member.name for member in members]
    if len(set(names)) == len(names):
        return members
    return [replace(member, name=member.place) for member in members]


def _read_members(members: list[Member], options: Options, shared: SharedPoints) -> Rows:
    stack = Stack()
    systems: dict[str, pyproj.CRS] = {}
    left_out: list[str] = []
    for member in tqdm(members, desc="Reading", unit="file", delay=1, disable=None):
        try:
            rows, system = read_member(member, options)
        except NotIncidentsError as error:
            left_out.append(error.headline)
        else:
            stack.add(_columns(rows, shared))
            systems[member.name] = system
    if left_out and not systems:
        raise InputError(
            "None of the files holds incidents.",
            *first_lines(left_out),
            mend=TAKE_STREET,
        )
    if left_out:
        warn(
            LeftOutWarning,
            f"Left out, because they hold no incidents: {counted(len(left_out), 'file')}.",
            *first_lines(left_out),
        )
    return stack.table(), _only(systems)


def _only(systems: dict[str, pyproj.CRS]) -> pyproj.CRS:
    """Return the one coordinate system of all files."""
    first, system = next(iter(systems.items()))
    other = next((name for name, found in systems.items() if found != system), None)
    if other is not None:
        raise CRSError(
            "The files are in several coordinate systems.",
            f"{first!r}: {crs_words(system)}; {other!r}: {crs_words(systems[other])}",
            mend="read them one by one, bring all but one into its system with to_crs, and pd.concat them.",
        )
    return system


def _columns(rows: pd.DataFrame, shared: SharedPoints) -> Columns:
    """Return the columns of rows, with four bytes of each fingerprint, and a place for two coordinates."""
    columns = {str(name): column for name, column in rows.items()}
    x, y = columns.pop("x").to_numpy(), columns.pop("y").to_numpy()
    located = (rows["location"] == "located").to_numpy()
    columns["place"] = pd.Series(shared.number(x, y, located))
    if "fingerprint" in columns:
        prints = columns["fingerprint"].to_numpy()
    else:
        known = rows["incident_id"].notna().to_numpy(dtype=bool)
        prints = np.full(len(rows), SEED)  # that of nothing
        prints[known] = fingerprints(rows["incident_id"][known].tolist())
    columns["fingerprint"] = pd.Series((prints >> np.uint64(32)).astype(np.uint32))
    return columns


def _finished(rows: pd.DataFrame, shared: SharedPoints, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Mark repeated identifiers, and make the places a geometry in their system."""
    duplicate = repeated(rows["incident_id"], rows.pop("fingerprint").to_numpy())
    rows.insert(list(rows).index("source"), "duplicate", duplicate)
    points = GeometryArray(shared.points(rows.pop("place").to_numpy()), crs=crs)
    return gpd.GeoDataFrame(rows, geometry=points, copy=False)
