"""STATS19 road collisions and casualties as rows of incidents."""

import numpy as np
import pandas as pd
import pyproj

from wardmap import location
from wardmap.errors import InputError, counted, listed
from wardmap.formats import stats19
from wardmap.formats.geofile import crs_words
from wardmap.read.incidents.coordinates import location_codes
from wardmap.read.incidents.dates import read_dates
from wardmap.read.incidents.places import find_places
from wardmap.read.incidents.stack import constant
from wardmap.themes import ROAD_CASUALTIES, ROAD_COLLISIONS


def collision_rows(
    raw: pd.DataFrame, name: str, words: str, *, crs: str | int | None, date_format: str | None
) -> tuple[pd.DataFrame, pyproj.CRS]:
    """Turn collisions into rows of incidents, one each, however many people were hurt."""
    table = stats19.collisions(raw)
    words = f"STATS19 collisions, {words}"
    return _rows(table, table["index"], name, words, themes=ROAD_COLLISIONS, crs=crs, date_format=date_format)


def casualty_rows(
    raw: pd.DataFrame,
    collisions: pd.DataFrame,
    name: str,
    words: str,
    *,
    crs: str | int | None,
    date_format: str | None,
) -> tuple[pd.DataFrame, pyproj.CRS]:
    """Turn casualties into rows of incidents, one for each person, placed and dated by their collisions."""
    people = stats19.casualties(raw)
    where = stats19.collisions(collisions).drop(columns=["severity", *stats19.ADJUSTED], errors="ignore")
    _refuse_unmatched(people["index"], where["index"], name)
    table = where.merge(people, on="index", how="right", validate="1:m", suffixes=("_of_collision", ""))
    identifier = table["index"] + "/" + table["vehicle"].astype(str) + "/" + table["casualty"].astype(str)
    words = f"STATS19 casualties, {words}"
    return _rows(table, identifier, name, words, themes=ROAD_CASUALTIES, crs=crs, date_format=date_format)


def _refuse_unmatched(of_people: pd.Series, of_collisions: pd.Series, name: str) -> None:
    twice = of_collisions[of_collisions.duplicated()]
    if len(twice):
        raise InputError(
            "The table of collisions has some of them twice.",
            f"{counted(len(twice), 'collision')}: {listed(twice)}",
            mend="give each year once.",
        )
    strangers = ~of_people.isin(of_collisions)
    if strangers.any():
        raise InputError(
            f"Casualties of {name!r} belong to collisions that were not given.",
            f"{counted(int(strangers.sum()), 'row')} of collisions {listed(of_people[strangers].unique())}",
            mend="give the collisions of the same years and places as the casualties.",
        )


def _rows(
    table: pd.DataFrame,
    identifier: pd.Series,
    name: str,
    words: str,
    *,
    themes: tuple[str, ...],
    crs: str | int | None,
    date_format: str | None,
) -> tuple[pd.DataFrame, pyproj.CRS]:
    pairs = [part for part in ("easting", "northing", "longitude", "latitude") if part in table]
    known = {part: table[part].mask(table[part].astype(str).isin(stats19.BLANK)) for part in pairs}
    table = table.assign(**known)
    places = find_places(table, {part: part for part in pairs}, name, crs)
    codes = location_codes(places, name)
    severity = stats19.severity_codes(table["severity"], name)
    written = stats19.date_format(table["date"], date_format)
    dates, precision, when = read_dates(table["date"], written, name)
    method = f"{words}; {places.words}, {crs_words(places.system)}; {when}"
    rows = pd.DataFrame(
        {
            "incident_id": identifier,
            "date": dates,
            "date_precision": constant(precision, len(table)),
            "theme": pd.Categorical.from_codes(severity, categories=pd.Index(themes)),
            "x": places.x,
            "y": places.y,
            "location": pd.Categorical.from_codes(codes, categories=pd.Index(location.LOCATIONS)),
            "source": constant(name, len(table)),
        }
    )
    for part in stats19.ADJUSTED:
        if part in table:
            rows[part] = stats19.chances(table[part], part, name)
    if "serious_adjusted" in rows:
        rows["ksi_adjusted"] = np.where(severity == 0, 1.0, rows["serious_adjusted"])
        method += "; adjusted severities as published"
    if "lsoa_code" in table:
        code = table["lsoa_code"].astype(object)
        rows["lsoa_code"] = code.where(code.notna() & ~code.isin([*stats19.BLANK, ""]), None)
    rows["read_method"] = constant(f"{method}.", len(table))
    return rows, places.system
