"""`read_incidents`: one door for every layout of incidents."""

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import InputError
from wardmap.read import police_uk
from wardmap.read.files import find_files

Files = str | Path | Iterable[str | Path]

FRAME = "(a DataFrame)"


def read_incidents(source: Files | pd.DataFrame) -> gpd.GeoDataFrame:
    """Read incidents from files as data.police.uk publishes them. Every row read comes back.

    Answers: what happened, when, and where, in one table whose rows can all be accounted for. A row
    without a usable place is kept and says so in `location`.

    Parameters
    ----------
    source
        A street file (`2018-03-staffordshire-street.csv`), a list of them, a pattern
        (`"police/*/*-street.csv"`), or a DataFrame with the same columns.

    Returns
    -------
    GeoDataFrame
        The incidents table, in EPSG:4326 (degrees): `incident_id` (null where the source gives
        none), `date` (the first of the month, as `date_precision` says), `theme` (the crime type),
        `geometry` (null where there is no usable place), `location` (`located`, `no_location`,
        `invalid`), `duplicate` (an earlier row has the same identifier; blank identifiers, as all
        anti-social behaviour has, are never equal) and `source` (the file).

    Raises
    ------
    InputError
        No such file, not a CSV file, rows that do not fit their header, unreadable months, no rows.
    MissingColumnError
        A column of the layout is absent.
    CRSError
        Longitude and latitude look swapped.

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
        incidents = police_uk.as_incidents(source, FRAME)
    else:
        files = find_files(source, {".csv"})
        names = _names(files)
        bar = tqdm(files, desc="Reading", unit="file", delay=1, disable=None)
        parts = [police_uk.read_street_file(path, name) for path, name in zip(bar, names, strict=True)]
        incidents = _stack(parts, names)
    if incidents.empty:
        raise InputError(
            "There are no incidents to read: the header is there, but no row follows it.",
            f"read: {incidents['source'].cat.categories.tolist()[:5]}",
            mend="check that the download finished and that the period asked for has data.",
        )
    incidents["duplicate"] = incidents["incident_id"].notna() & incidents.duplicated("incident_id")
    schema.check(incidents, schema.INCIDENTS)
    return incidents


def _names(files: list[Path]) -> list[str]:
    """Name each file by its file name, or by its path where file names recur."""
    names = [path.name for path in files]
    return names if len(set(names)) == len(names) else [path.as_posix() for path in files]


def _stack(parts: list[gpd.GeoDataFrame], names: list[str]) -> gpd.GeoDataFrame:
    """Put tables under each other with categories shared, so that they stay categories."""
    themes = sorted({theme for part in parts for theme in part["theme"].cat.categories})
    aligned = [
        part.assign(
            theme=part["theme"].cat.set_categories(themes),
            source=part["source"].cat.set_categories(names),
        )
        for part in parts
    ]
    return pd.concat(aligned, ignore_index=True)
