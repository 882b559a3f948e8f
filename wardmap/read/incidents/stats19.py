"""STATS19 road collisions and casualties, in the three generations of columns that have been published."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyproj

from wardmap import location
from wardmap.errors import InputError, MissingColumnError, counted, listed
from wardmap.formats.geofile import crs_words
from wardmap.read.columns import plain
from wardmap.read.incidents.constant import constant
from wardmap.read.incidents.coordinates import worth
from wardmap.read.incidents.dates import read_dates
from wardmap.read.incidents.fields import Fields
from wardmap.read.incidents.points import find_places
from wardmap.themes import ROAD_CASUALTIES, ROAD_COLLISIONS

_NAMES = {
    "index": ("collision_index", "accident_index"),
    "date": ("date",),
    "easting": ("location_easting_osgr",),
    "northing": ("location_northing_osgr",),
    "longitude": ("longitude",),
    "latitude": ("latitude",),
    "severity": ("collision_severity", "accident_severity"),
    "serious_adjusted": ("collision_adjusted_severity_serious", "adjusted_severity_serious"),
    "slight_adjusted": ("collision_adjusted_severity_slight", "adjusted_severity_slight"),
    "lsoa_code": ("lsoa_of_collision_location", "lsoa_of_accident_location"),
}
_CASUALTY_NAMES = {
    "index": _NAMES["index"],
    "vehicle": ("vehicle_reference",),
    "casualty": ("casualty_reference",),
    "severity": ("casualty_severity",),
    "serious_adjusted": ("casualty_adjusted_severity_serious", "adjusted_severity_serious"),
    "slight_adjusted": ("casualty_adjusted_severity_slight", "adjusted_severity_slight"),
}
_NEEDED = ("index", "date", "severity")
_ADJUSTED = ("serious_adjusted", "slight_adjusted")

_SEVERITIES = {"1": 0, "fatal": 0, "2": 1, "serious": 1, "3": 2, "slight": 2, "-1": 3, "": 3,
               "data missing or out of range": 3}  # fmt: skip
_BLANK = ("-1", "NULL", "NA")  # how the published files mark a coordinate that is not known


def collision_fields(columns: Iterable[object]) -> Fields:
    """Return which column holds what in a table of collisions."""
    return _find(columns, _NAMES, "collisions")


def casualty_fields(columns: Iterable[object]) -> Fields:
    """Return which column holds what in a table of casualties."""
    return _find(columns, _CASUALTY_NAMES, "casualties")


def collision_rows(
    raw: pd.DataFrame, name: str, words: str, *, crs: str | int | None, date_format: str | None
) -> tuple[pd.DataFrame, pyproj.CRS]:
    """Turn collisions into rows of incidents, one each, however many people were hurt."""
    table = _renamed(raw, collision_fields(raw.columns))
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
    people = _renamed(raw, casualty_fields(raw.columns))[list(casualty_fields(raw.columns))]
    where = _renamed(collisions, collision_fields(collisions.columns)).drop(
        columns=["severity", *_ADJUSTED], errors="ignore"
    )
    _refuse_unmatched(people["index"], where["index"], name)
    table = where.merge(people, on="index", how="right", validate="1:m", suffixes=("_of_collision", ""))
    identifier = table["index"] + "/" + table["vehicle"].astype(str) + "/" + table["casualty"].astype(str)
    words = f"STATS19 casualties, {words}"
    return _rows(table, identifier, name, words, themes=ROAD_CASUALTIES, crs=crs, date_format=date_format)


def _renamed(raw: pd.DataFrame, fields: Fields) -> pd.DataFrame:
    """Return the table with columns named alike in every generation."""
    taken = [column for column in raw.columns if str(column) in fields and column not in fields.values()]
    table = raw.reset_index(drop=True).drop(columns=taken)
    table = table.rename(columns={column: part for part, column in fields.items()})
    return table.assign(index=table["index"].astype(str).str.strip())


def _find(columns: Iterable[object], names: dict[str, tuple[str, ...]], what: str) -> Fields:
    there = {plain(str(column)): str(column) for column in columns}
    found = {
        part: next(there[alias] for alias in aliases if alias in there)
        for part, aliases in names.items()
        if any(alias in there for alias in aliases)
    }
    missing = [part for part in _NEEDED if part in names and part not in found]
    if missing:
        raise MissingColumnError(
            f"The table of STATS19 {what} has no column for {', '.join(missing)}.",
            f"called {' or '.join(names[missing[0]])} in the published files",
            f"columns found: {', '.join(there.values())}",
        )
    return found


def _refuse_unmatched(of_people: pd.Series, of_collisions: pd.Series, name: str) -> None:
    twice = of_collisions[of_collisions.duplicated()]
    if len(twice):
        raise InputError(
            f"{counted(len(twice), 'collision')} of the table of collisions come twice.",
            f"the first: {listed(twice)}",
            mend="give each year once.",
        )
    strangers = ~of_people.isin(of_collisions)
    if strangers.any():
        raise InputError(
            f"{counted(int(strangers.sum()), 'row')} of {name!r} belong to collisions that were not given.",
            f"their collisions: {listed(of_people[strangers].unique())}",
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
    table = table.assign(**{part: table[part].mask(table[part].astype(str).isin(_BLANK)) for part in pairs})
    places = find_places(table, {part: part for part in pairs}, name, crs)
    codes = worth(places, name)
    severity = _severity(table["severity"], name)
    dates, precision, when = read_dates(table["date"], _format(table["date"], date_format), name)
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
    for part in _ADJUSTED:
        if part in table:
            rows[part] = _chances(table[part], part, name)
    if "serious_adjusted" in rows:
        rows["ksi_adjusted"] = np.where(severity == 0, 1.0, rows["serious_adjusted"])
        method += "; adjusted severities as published"
    if "lsoa_code" in table:
        code = table["lsoa_code"].astype(object)
        rows["lsoa_code"] = code.where(code.notna() & ~code.isin([*_BLANK, ""]), None)
    rows["read_method"] = constant(f"{method}.", len(table))
    return rows, places.system


def _severity(values: pd.Series, name: str) -> Any:
    """Return severities as positions in the themes, codes and labels alike; blank and -1 are not recorded."""
    text = values.astype(object).where(values.notna(), "").astype(str).str.strip().str.lower()
    codes = text.str.removesuffix(".0").map(_SEVERITIES)
    if codes.isna().any():
        raise InputError(
            f"Severities of {name!r} are neither codes (1 to 3) nor labels (Fatal, Serious, Slight).",
            f"values: {listed(values[codes.isna()].unique())}",
        )
    return codes.to_numpy(dtype=np.int8)


def _chances(values: pd.Series, part: str, name: str) -> pd.Series:
    """Return published chances as numbers from 0 to 1; blank and -1 are null."""
    given = values.mask(values.astype(str).str.strip().isin([*_BLANK, "", "-1.0"]))
    numbers = pd.to_numeric(given, errors="coerce")
    wrong = given.notna() & ~numbers.between(0, 1)
    if wrong.any():
        raise InputError(
            f"{counted(int(wrong.sum()), 'value')} of {part.replace('_', ' ')} in {name!r} are no chances.",
            f"values: {listed(given[wrong].unique())}",
            mend="take the file as published: these are numbers from 0 to 1, or -1 where there is none.",
        )
    return numbers.astype(float)


def _format(dates: pd.Series, given: str | None) -> str | None:
    """Return the format: the published files write the day first, so nothing has to be asked."""
    if given is not None or pd.api.types.is_datetime64_any_dtype(dates.dtype):
        return given
    slashes = dates.dropna().astype(str).str.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}")
    return "%d/%m/%Y" if slashes.all() and len(slashes) else None
