"""Which rows repeat the identifier of an earlier one: by fingerprint first, then by the identifier itself."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Fingerprints = npt.NDArray[np.integer[Any]]

_AT_ONCE = 10_000
"""Identifiers held as objects at one time; a table of text needs a third of their memory."""


def fingerprints(identifiers: pd.Series) -> Fingerprints:
    """Return four bytes for each identifier, the same for the same one within a session."""
    prints = np.empty(len(identifiers), dtype=np.int32)
    for start in range(0, len(identifiers), _AT_ONCE):
        text = identifiers.iloc[start : start + _AT_ONCE].to_numpy(dtype=object)
        prints[start : start + len(text)] = np.fromiter(map(hash, text), np.int64, len(text)).astype(np.int32)
    return prints


def repeated(identifiers: pd.Series, prints: Fingerprints) -> npt.NDArray[np.bool_]:
    """Return which rows have the identifier of an earlier row; null identifiers are never equal.

    Only rows whose fingerprint occurs twice are compared in full: identifiers of police files are 64
    letters long, and a table of five million of them takes more memory than all else.
    """
    given = identifiers.notna().to_numpy(dtype=bool)
    ordered = np.sort(prints[given])
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    suspects = given & pd.Series(prints, copy=False).isin(twice).to_numpy()
    found = np.zeros(len(identifiers), dtype=bool)
    found[suspects] = identifiers[suspects].astype(object).duplicated().to_numpy()
    return found
