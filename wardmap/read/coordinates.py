"""Coordinates as sources write them: numbers, or text with thousands commas; swapped or not."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.errors import CRSError

Numbers = npt.NDArray[np.float64]

_THOUSANDS = r"[+-]?\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?"


def as_numbers(values: pd.Series) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Return coordinates as numbers (NaN where they are none), and which of them were left blank.

    A comma or a space counts as a thousands mark only where it stands every three digits, so that
    a decimal comma is never read as one.
    """
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return numbers, np.isnan(numbers)
    text = values.astype("object").where(values.notna(), "").astype(str).str.strip()
    grouped = text.str.fullmatch(_THOUSANDS)
    plain = text.mask(grouped, text.str.replace(r"[, ]", "", regex=True))
    numbers = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers, (text == "").to_numpy(dtype=bool)


def refuse_swapped(x: Numbers, y: Numbers, names: tuple[str, str], source: str) -> None:
    """Raise when most located rows lie in Britain only if longitude and latitude change places."""
    swapped = (x > 49) & (x < 61) & (y > -9) & (y < 2)
    if x.size and swapped.mean() > 0.5:
        raise CRSError(
            f"Longitude and latitude look swapped in {source!r}.",
            f"{swapped.sum():,} of {x.size:,} located rows have {names[0]} 49 to 61, {names[1]} -9 to 2",
            f"the first: {names[0]} {x[swapped][0]}, {names[1]} {y[swapped][0]}",
            mend=f'frame.rename(columns={{"{names[0]}": "{names[1]}", "{names[1]}": "{names[0]}"}})',
        )
