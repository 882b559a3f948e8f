"""data.police.uk street files: one row per crime or incident, months without days, points in degrees."""

import csv
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import CRSError, InputError, MissingColumnError, counted, listed

_COLUMNS = ("Crime ID", "Month", "Longitude", "Latitude", "Crime type")
_NOT_RECORDED = "(not recorded)"


def read_street_file(path: Path, name: str) -> gpd.GeoDataFrame:
    """Read one street file as an incidents table whose `source` is `name`."""
    try:
        _check_width(path)
        raw = pd.read_csv(
            path, dtype=str, keep_default_na=False, na_values=[""], index_col=False, encoding="utf-8-sig"
        )
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name!r} is not text in UTF-8, as data.police.uk publishes it.",
            f"byte {error.object[error.start]:#04x} at position {error.start:,}",
            mend="save it as 'CSV UTF-8'.",
        ) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            f"{path.name!r} is not a readable CSV file: its rows do not fit its header.",
            str(error).strip(),
            mend="look at that line in a text editor: an extra comma or an open quote shifts columns.",
        ) from error
    return as_incidents(raw, name)


def _check_width(path: Path) -> None:
    """Raise when rows are wider than the header: pandas would shift or cut their values in silence."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header, first = next(rows, []), next(rows, [])
    if len(first) > len(header):
        raise pd.errors.ParserError(f"the header names {len(header)} columns, line 2 has {len(first)} values")


def as_incidents(raw: pd.DataFrame, name: str) -> gpd.GeoDataFrame:
    """Turn rows with the columns of a street file into an incidents table; `duplicate` is still False."""
    missing = [column for column in _COLUMNS if column not in raw.columns]
    if missing:
        raise MissingColumnError(
            f"{name!r} has no column {', '.join(map(repr, missing))}, as a data.police.uk street file has.",
            f"columns found, nearest first: {', '.join(schema.nearest(missing[0], raw.columns)[:12])}",
            mend="rename the columns, or take the file that ends in -street.csv.",
        )
    x, x_blank = _numbers(raw["Longitude"])
    y, y_blank = _numbers(raw["Latitude"])
    location = _location(x, y, x_blank | y_blank)
    located = location == "located"
    _refuse_swapped(x[located], y[located], name)
    points = gpd.points_from_xy(np.where(located, x, np.nan), np.where(located, y, np.nan), crs="EPSG:4326")
    points[~located] = None
    return gpd.GeoDataFrame(
        {
            "incident_id": raw["Crime ID"].astype(object).where(raw["Crime ID"].notna(), None),
            "date": _months(raw["Month"], name),
            "date_precision": _constant("month", len(raw)),
            "theme": raw["Crime type"].fillna(_NOT_RECORDED).astype("category"),
            "location": pd.Categorical(location, categories=schema.LOCATIONS),
            "duplicate": np.zeros(len(raw), dtype=bool),
            "source": _constant(name, len(raw)),
        },
        geometry=points,
        index=pd.RangeIndex(len(raw)),
    )


def _numbers(values: pd.Series) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return coordinates as numbers (NaN where they are not), and which of them were left blank."""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return numbers, values.isna().to_numpy()


def _location(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], blank: npt.NDArray[np.bool_]
) -> npt.NDArray[np.str_]:
    # data.police.uk writes zeroes for points that are too far from any map point
    nowhere = blank | ((x == 0) & (y == 0))
    with np.errstate(invalid="ignore"):
        on_earth = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    return np.where(nowhere, "no_location", np.where(on_earth, "located", "invalid"))


def _refuse_swapped(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], name: str) -> None:
    swapped = (x > 49) & (x < 61) & (y > -9) & (y < 2)
    if x.size and swapped.mean() > 0.5:
        raise CRSError(
            f"Longitude and latitude look swapped in {name!r}.",
            f"{swapped.sum():,} of {x.size:,} located rows: Longitude from 49 to 61, Latitude from -9 to 2",
            f"the first: Longitude {x[swapped][0]}, Latitude {y[swapped][0]}",
            mend='frame.rename(columns={"Longitude": "Latitude", "Latitude": "Longitude"})',
        )


def _months(values: pd.Series, name: str) -> pd.Series:
    dates = pd.to_datetime(values, format="%Y-%m", errors="coerce")
    unreadable = dates.isna() & values.notna()
    if unreadable.any():
        raise InputError(
            f"{counted(unreadable.sum(), 'month')} in {name!r} not written as YYYY-MM.",
            f"values: {listed(pd.unique(values[unreadable]))}",
            mend='write months as in "2018-03".',
        )
    return dates.reset_index(drop=True)


def _constant(value: str, length: int) -> Any:
    return pd.Categorical.from_codes(np.zeros(length, dtype=np.int8), categories=pd.Index([value]))
