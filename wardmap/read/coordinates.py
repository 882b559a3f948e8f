"""Coordinates as sources write them: numbers or text, in degrees or metres, and what they are worth."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from wardmap import location
from wardmap.errors import CRSError, RepairWarning, counted, warn
from wardmap.read.geofile import crs_words

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_THOUSANDS = r"[+-]?\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?"


@dataclass(frozen=True, slots=True)
class Places:
    """Coordinates, which of them were left blank, their system, their columns, and where they come from."""

    x: Numbers
    y: Numbers
    blank: Flags
    system: pyproj.CRS
    names: tuple[str, str]
    words: str = ""


def as_numbers(values: pd.Series, source: str) -> tuple[Numbers, Flags]:
    """Return coordinates as numbers (NaN where they are none), and which of them were left blank.

    A comma or a space counts as a thousands mark, with a warning, only where it stands every three
    digits, so that a decimal comma is never read as one.
    """
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return numbers, np.isnan(numbers)
    text = values.astype(object).where(values.notna(), "").astype(str).str.strip()
    grouped = text.str.fullmatch(_THOUSANDS)
    if grouped.any():
        warn(
            RepairWarning,
            f"Thousands marks in {values.name!r} of {source!r} were taken out.",
            f"{counted(int(grouped.sum()), 'value')}; the first: {text[grouped].iloc[0]!r}",
            mend="nothing, if these are eastings or northings in metres.",
        )
    plain = text.mask(grouped, text.str.replace(r"[, ]", "", regex=True))
    numbers = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers, (text == "").to_numpy(dtype=bool)


def worth(places: Places, source: str) -> npt.NDArray[np.int8]:
    """Return for each pair a position in `location.LOCATIONS`, judged by what its system allows.

    Raises when most pairs cannot be in that system: swapped, degrees for metres, or metres for degrees.
    """
    system = places.system
    codes = location.classify(places.x, places.y, blank=places.blank, degrees=system.is_geographic)
    if system == pyproj.CRS("EPSG:27700"):
        codes[(codes == location.LOCATED) & off_the_grid(places.x, places.y)] = location.INVALID
    if system.is_geographic:
        location.refuse_swapped(places.x, places.y, source, places.names)
    given = np.isfinite(places.x) & np.isfinite(places.y) & (codes != location.NO_LOCATION)
    if given.any():
        x, y, invalid = places.x[given], places.y[given], codes[given] == location.INVALID
        _refuse_wrong_system(x, y, invalid, system, source)
    return codes


def off_the_grid(x: Numbers, y: Numbers) -> Flags:
    """Whether a place is beyond the British National Grid, which is 700 by 1,300 km."""
    return np.asarray((x < 0) | (x > 700_000) | (y < 0) | (y > 1_300_000))


def _refuse_wrong_system(x: Numbers, y: Numbers, invalid: Flags, system: pyproj.CRS, source: str) -> None:
    wrong = invalid if system.is_geographic else invalid | ((np.abs(x) <= 180) & (np.abs(y) <= 90))
    if wrong.mean() > 0.5:
        raise CRSError(
            f"Most coordinates in {source!r} cannot be in {crs_words(system)}.",
            f"{wrong.sum():,} of {x.size:,} rows with both",
            f"the first: x {x[wrong][0]:.8g}, y {y[wrong][0]:.8g}",
            mend=f"say which system they are in: {_guess(x[wrong], y[wrong], system)}",
        )


def _guess(x: Numbers, y: Numbers, system: pyproj.CRS) -> str:
    """Say which system the coordinates look like, in words that lead to `crs=`."""
    if ((np.abs(x) <= 180) & (np.abs(y) <= 90)).mean() > 0.5:
        return 'degrees? crs="EPSG:4326"'
    if system.is_geographic and not off_the_grid(x, y).mean() > 0.5:
        return 'metres? crs="EPSG:27700"'
    return 'metres or feet of another system? crs="..."; the publisher knows its number.'
