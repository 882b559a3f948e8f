"""Any table of incidents, by its fields: rows with dates, themes, flags and places."""

from typing import Any

import numpy as np
import pandas as pd
import pyproj

from wardmap import location
from wardmap.errors import InputError, listed
from wardmap.formats.geofile import crs_words
from wardmap.read.incidents.coordinates import location_codes
from wardmap.read.incidents.dates import from_parts, read_dates
from wardmap.read.incidents.fields import PLACE, Fields
from wardmap.read.incidents.places import find_places
from wardmap.read.incidents.stack import constant
from wardmap.themes import FLAGS, NOT_RECORDED

_YES = {"y", "yes", "true", "t", "1", "1.0"}
_NO = {"n", "no", "false", "f", "0", "0.0", ""}


def extract_rows(
    raw: pd.DataFrame,
    fields: Fields,
    name: str,
    words: str,
    *,
    crs: str | int | None,
    date_format: str | None,
) -> tuple[pd.DataFrame, pyproj.CRS]:
    """Turn any table into rows of incidents and their coordinate system; `words` say how it was read."""
    raw = raw.reset_index(drop=True)
    place = find_places(raw, fields, name, crs)
    codes = location_codes(place, name)
    dates, precision, when = _dates(raw, fields, name, date_format)
    used = ", ".join(f"{field} from {column!r}" for field, column in fields.items() if field not in PLACE)
    method = f"Table, {words}: {used or 'no column known'}; {place.words}, {crs_words(place.system)}; {when}."
    rows = pd.DataFrame(
        {
            "incident_id": _text(raw, fields.get("incident_id")),
            "date": dates,
            "date_precision": constant(precision, len(raw)),
            "theme": _themes(raw, fields.get("theme")),
            "x": place.x,
            "y": place.y,
            "location": pd.Categorical.from_codes(codes, categories=pd.Index(location.LOCATIONS)),
            "source": constant(name, len(raw)),
            "read_method": constant(method, len(raw)),
        }
    )
    for code in ("offence_code", "lsoa_code"):
        if code in fields:
            rows[code] = _text(raw, fields[code])
    for flag in FLAGS:
        if flag in fields:
            rows[flag] = _flag(raw[fields[flag]], name)
    return rows, place.system


def _dates(raw: pd.DataFrame, fields: Fields, name: str, date_format: str | None) -> tuple[Any, str, str]:
    if "date" in fields:
        return read_dates(raw[fields["date"]], date_format, name)
    parts = {part: raw[fields[part]] for part in ("year", "month", "day") if part in fields}
    if parts:
        return from_parts(pd.DataFrame(parts), name)
    return np.full(len(raw), np.datetime64("NaT"), dtype="datetime64[us]"), "day", "no dates"


def _themes(raw: pd.DataFrame, column: str | None) -> Any:
    if column is None:
        return constant(NOT_RECORDED, len(raw))
    text = raw[column].astype(object)
    return pd.Categorical(
        text.where(text.notna(), NOT_RECORDED).astype(str).str.strip().replace("", NOT_RECORDED)
    )


def _text(raw: pd.DataFrame, column: str | None) -> pd.Series:
    """Return a column as text, blank as null."""
    if column is None:
        return pd.Series(None, index=raw.index, dtype=object)
    values = raw[column].astype(object)
    text = values.where(values.notna(), "").astype(str).str.strip().astype(object)
    return text.where(text != "", None)


def _flag(values: pd.Series, name: str) -> pd.Series:
    """Return a flag as true or false; blank is false, because sources mark only what is flagged."""
    text = values.astype(object).where(values.notna(), "").astype(str).str.strip().str.lower()
    unknown = ~text.isin(_YES | _NO)
    if unknown.any():
        raise InputError(
            f"The flag {values.name!r} of {name!r} holds values that are neither yes nor no.",
            f"values: {listed(values[unknown].unique())}",
            mend="make it a column of Y and N before reading.",
        )
    return text.isin(_YES).astype("boolean")
