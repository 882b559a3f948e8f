"""The layout of STATS19: its columns in the three generations that were published, its codes and blanks."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from wardmap.errors import InputError, MissingColumnError, counted, listed
from wardmap.formats.rows import plain_name
from wardmap.schema import found_words

_COLLISION = {
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
_CASUALTY = {
    "index": _COLLISION["index"],
    "vehicle": ("vehicle_reference",),
    "casualty": ("casualty_reference",),
    "severity": ("casualty_severity",),
    "serious_adjusted": ("casualty_adjusted_severity_serious", "adjusted_severity_serious"),
    "slight_adjusted": ("casualty_adjusted_severity_slight", "adjusted_severity_slight"),
}
_NEEDED = ("index", "date", "severity")
ADJUSTED = ("serious_adjusted", "slight_adjusted")

CASUALTIES = frozenset({"casualty_severity", "casualty_reference"})
VEHICLES = frozenset({"vehicle_reference", "vehicle_type"})
"""By which columns a table shows that it holds casualties, or vehicles."""

BLANK = ("-1", "NULL", "NA")
"""How the published files mark what is not known."""

_SEVERITIES = {"1": 0, "fatal": 0, "2": 1, "serious": 1, "3": 2, "slight": 2, "-1": 3, "": 3,
               "data missing or out of range": 3}  # fmt: skip


def are_collisions(names: set[str]) -> bool:
    """Return whether a table with these columns holds collisions."""
    return bool(names & set(_COLLISION["index"]) and names & set(_COLLISION["severity"]))


def collisions(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the table of collisions with its columns named alike in every generation."""
    return _renamed(raw, _fields(raw.columns, _COLLISION, "collisions"))


def casualties(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the known columns of the table of casualties, named alike in every generation."""
    fields = _fields(raw.columns, _CASUALTY, "casualties")
    return _renamed(raw, fields)[list(fields)]


def severity_codes(values: pd.Series, name: str) -> Any:
    """Return severities, given as codes or labels: 0 fatal, 1 serious, 2 slight, 3 not recorded."""
    text = values.astype(object).where(values.notna(), "").astype(str).str.strip().str.lower()
    codes = text.str.removesuffix(".0").map(_SEVERITIES)
    if codes.isna().any():
        raise InputError(
            f"Severities of {name!r} are neither codes (1 to 3) nor labels (Fatal, Serious, Slight).",
            f"values: {listed(values[codes.isna()].unique())}",
        )
    return codes.to_numpy(dtype="int8")


def chances(values: pd.Series, part: str, name: str) -> pd.Series:
    """Return published chances as numbers from 0 to 1; blank and -1 are null."""
    given = values.mask(values.astype(str).str.strip().isin([*BLANK, "", "-1.0"]))
    numbers = pd.to_numeric(given, errors="coerce")
    wrong = given.notna() & ~numbers.between(0, 1)
    if wrong.any():
        raise InputError(
            f"{counted(int(wrong.sum()), 'value')} of {part.replace('_', ' ')} in {name!r} "
            "cannot be a chance, which lies between 0 and 1.",
            f"values: {listed(given[wrong].unique())}",
            mend="take the file as published: these are numbers from 0 to 1, or -1 where there is none.",
        )
    return numbers.astype(float)


def date_format(dates: pd.Series, given: str | None) -> str | None:
    """Return the format of the dates: the published files write the day first, so nothing has to be asked."""
    if given is not None or pd.api.types.is_datetime64_any_dtype(dates.dtype):
        return given
    slashes = dates.dropna().astype(str).str.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}")
    return "%d/%m/%Y" if slashes.all() and len(slashes) else None


def _fields(columns: Iterable[object], names: dict[str, tuple[str, ...]], what: str) -> dict[str, str]:
    """Return which column holds what."""
    there = {plain_name(str(column)): str(column) for column in columns}
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
            found_words("columns", names[missing[0]][0], there.values()),
        )
    return found


def _renamed(raw: pd.DataFrame, fields: dict[str, str]) -> pd.DataFrame:
    taken = [column for column in raw.columns if str(column) in fields and column not in fields.values()]
    table = raw.reset_index(drop=True).drop(columns=taken)
    table = table.rename(columns={column: part for part, column in fields.items()})
    return table.assign(index=table["index"].astype(str).str.strip())
