"""Coordinates as sources write them: numbers or text, in degrees or metres; and whether they can be used."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from wardmap import location
from wardmap.errors import CRSError, RepairWarning, Use, counted, warn
from wardmap.formats.geofile import crs_words

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
            note="right for eastings and northings in metres.",
        )
    plain = text.mask(grouped, text.str.replace(r"[, ]", "", regex=True))
    numbers = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers, (text == "").to_numpy(dtype=bool)


def location_codes(places: Places, source: str) -> npt.NDArray[np.int8]:
    """Return for each pair a position in `location.LOCATIONS`, judged by what its system allows.

    Raises when most pairs cannot be in that system: swapped, degrees for metres, or metres for degrees.
    """
    system = places.system
    codes = location.classify(places.x, places.y, blank=places.blank, degrees=system.is_geographic)
    if system.is_geographic:
        words = crs_words(system)
        location.refuse_misplaced(places.x, places.y, codes, source=source, names=places.names, system=words)
        return codes
    if system == pyproj.CRS("EPSG:27700"):
        codes[(codes == location.LOCATED) & location.off_the_grid(places.x, places.y)] = location.INVALID
    _refuse_degrees(places, codes, source)
    return codes


def _refuse_degrees(places: Places, codes: npt.NDArray[np.int8], source: str) -> None:
    """Raise where most pairs of what should be metres are degrees, or off the grid."""
    given = np.isfinite(places.x) & np.isfinite(places.y) & (codes != location.NO_LOCATION)
    degrees = given & (np.abs(places.x) <= 180) & (np.abs(places.y) <= 90)
    wrong = degrees | (given & (codes == location.INVALID))
    if wrong.sum() > 0.5 * given.sum():
        guess = ("say which system they are in: degrees?", Use("read_incidents", "crs", "EPSG:4326"))
        raise CRSError(
            f"Most coordinates in {source!r} cannot be in {crs_words(places.system)}.",
            f"{wrong.sum():,} of {given.sum():,} rows with both",
            f"the first: x {places.x[wrong][0]:.8g}, y {places.y[wrong][0]:.8g}",
            mend=guess if 2 * degrees.sum() > wrong.sum() else location.OTHER_SYSTEM,
        )
