"""Statuses in words: where an interval lies, and which way something changed."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema


def status(lower: npt.ArrayLike, upper: npt.ArrayLike, *, least: npt.ArrayLike, most: npt.ArrayLike) -> Any:
    """Say `Above` where all of the interval is above the band, `Below` where all of it is below.

    Otherwise `Similar`; null where the interval or the band is not known. An upper end may be infinite.
    """
    low, high, bottom, top = (np.asarray(end, dtype=float) for end in (lower, upper, least, most))
    known = np.isfinite(low) & np.isfinite(bottom)
    positions = np.select([known & (low > top), known & (high < bottom), known], [0, 2, 1], default=-1)
    return _words(positions, schema.STATUSES)


def status_of_signs(signs: npt.ArrayLike, *, known: npt.ArrayLike) -> Any:
    """Say `Above` for 1, `Below` for -1, `Similar` for 0; null where not known."""
    return _words(np.where(known, 1 - np.asarray(signs, dtype=int), -1), schema.STATUSES)


def verdict(towards: npt.ArrayLike, p: npt.ArrayLike, confidence: float, words: tuple[str, str, str]) -> Any:
    """Say the first word where `towards` is positive, the second where negative, if p tells it from chance.

    The third word is for what cannot be told, p not known among it.
    """
    sign, told = np.sign(np.asarray(towards, dtype=float)), np.asarray(p) < 1 - confidence
    return _words(np.select([told & (sign > 0), told & (sign < 0)], [0, 1], default=2), words)


def _words(positions: npt.NDArray[Any], words: tuple[str, ...]) -> Any:
    return pd.Categorical.from_codes(positions, categories=pd.Index(words))
