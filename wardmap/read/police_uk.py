"""data.police.uk street files: one row per crime or incident, months without days, points in degrees."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from wardmap import location, schema
from wardmap.errors import InputError, MissingColumnError, RepairWarning, counted, listed, warn
from wardmap.read.constant import constant
from wardmap.read.coordinates import Places, as_numbers, worth
from wardmap.files.rows import read_rows
from wardmap.files.text import Text
from wardmap.themes import NOT_RECORDED, TODAYS_TYPES

CRS = "EPSG:4326"

COLUMNS = ("Crime ID", "Month", "Longitude", "Latitude", "Crime type")


def read_street_file(text: Text) -> pd.DataFrame:
    """Read one street file as rows of incidents."""
    _require(text.header, text.name)
    raw = read_rows(text, COLUMNS, numbers=("Longitude", "Latitude"))
    return as_rows(raw, text.name, text.words())


def as_rows(raw: pd.DataFrame, name: str, words: str) -> pd.DataFrame:
    """Turn rows with the columns of a street file into rows of incidents; `words` say how they were read."""
    _require(raw.columns, name)
    raw = raw[list(COLUMNS)].reset_index(drop=True)
    x, x_blank = as_numbers(raw["Longitude"], name)
    y, y_blank = as_numbers(raw["Latitude"], name)
    where = worth(Places(x, y, x_blank | y_blank, pyproj.CRS(CRS), ("Longitude", "Latitude")), name)
    theme, note = _themes(raw["Crime type"], name)
    method = f"data.police.uk street file, {words}; points in {CRS}; dates by month{note}."
    return pd.DataFrame(
        {
            "incident_id": raw["Crime ID"],
            "date": _months(raw["Month"], name),
            "date_precision": constant("month", len(raw)),
            "theme": theme,
            "x": x,
            "y": y,
            "location": pd.Categorical.from_codes(where, categories=pd.Index(location.LOCATIONS)),
            "source": constant(name, len(raw)),
            "read_method": constant(method, len(raw)),
        }
    )


def _require(columns: pd.Index | tuple[str, ...], name: str) -> None:
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise MissingColumnError(
            f"{name!r} has no column {', '.join(map(repr, missing))}, as a data.police.uk street file has.",
            f"columns found, nearest first: {', '.join(schema.nearest(missing[0], columns)[:12])}",
            mend="rename the columns, or take the file that ends in -street.csv.",
        )


def _themes(types: pd.Series, name: str) -> tuple[Any, str]:
    """Return today's name of each type, and a note where an old one was mapped."""
    kind_of, distinct = pd.factorize(types)  # -1, the last one, where blank
    kinds = [str(kind) for kind in distinct]
    old = sorted(set(kinds) & set(TODAYS_TYPES))
    if old:
        warn(
            RepairWarning,
            f"{counted(int(types.isin(old).sum()), 'row')} of {name!r} of types no longer used "
            "went to today's nearest.",
            *(f"{kind!r} became {TODAYS_TYPES[kind]!r}" for kind in old),
            mend="nothing, but compare no type across May 2013, when the types changed.",
        )
    named = [TODAYS_TYPES.get(kind, kind) for kind in kinds]
    named += [NOT_RECORDED] if (kind_of < 0).any() else []
    themes = sorted(set(named))
    code_of = np.array([themes.index(kind) for kind in named], dtype=np.intp)
    note = "".join(f"; {kind!r} read as {TODAYS_TYPES[kind]!r}" for kind in old)
    return pd.Categorical.from_codes(code_of[kind_of], categories=pd.Index(themes, dtype=str)), note


def _months(values: pd.Series, name: str) -> npt.NDArray[np.datetime64]:
    """Return the first of each month; each of the few months that there are is read once."""
    month_of, distinct = pd.factorize(values)
    months = pd.Series([str(month) for month in distinct], dtype=object)
    dates = pd.to_datetime(months, format="%Y-%m", errors="coerce")
    if dates.isna().any():
        unreadable = np.isin(month_of, np.flatnonzero(dates.isna()))
        raise InputError(
            f"{counted(unreadable.sum(), 'month')} in {name!r} not written as YYYY-MM.",
            f"values: {listed(months[dates.isna()])}",
            mend='write months as in "2018-03".',
        )
    return np.append(dates.to_numpy("datetime64[us]"), np.datetime64("NaT"))[month_of]
