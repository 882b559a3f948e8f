"""Ordnance Survey grid references: `SK 245 231` to the middle of its square, in metres (EPSG:27700)."""

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # the grid has no I
_REFERENCE = re.compile(r"([HJNOST][A-HJ-Z])((?:\d\d){1,5})")

Numbers = npt.NDArray[np.float64]


def parse(values: pd.Series) -> tuple[Numbers, Numbers, npt.NDArray[np.bool_]]:
    """Return eastings, northings (NaN where it is no reference), and which values were left blank.

    A reference names a square, of 100 m for six figures: its middle is the point that is least wrong.
    """
    text = values.astype(object).where(values.notna(), "").astype(str)
    code_of, distinct = pd.factorize(text.str.replace(r"\s+", "", regex=True).str.upper())
    pairs = np.array([_middle(reference) for reference in distinct], dtype=np.float64).reshape(-1, 2)
    return pairs[code_of, 0], pairs[code_of, 1], (distinct == "")[code_of]


def _middle(reference: str) -> tuple[float, float]:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return np.nan, np.nan
    first, second = (_LETTERS.index(letter) for letter in found[1])
    half = len(found[2]) // 2
    size = 10.0 ** (5 - half)
    # 500 km squares are lettered from the north-west in rows of five, S at the origin; 100 km ones likewise
    east = ((first - 2) % 5) * 500_000 + (second % 5) * 100_000
    north = (19 - (first // 5) * 5 - second // 5) * 100_000
    return east + (int(found[2][:half]) + 0.5) * size, north + (int(found[2][half:]) + 0.5) * size
