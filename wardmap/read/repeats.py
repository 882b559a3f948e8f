"""Which rows repeat the identifier of an earlier one: by fingerprint first, then by the identifier itself."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Fingerprints = npt.NDArray[np.integer[Any]]


def fingerprints(identifiers: pd.Series) -> Fingerprints:
    """Return four bytes for each identifier, the same for the same one within a session."""
    text = identifiers.to_numpy(dtype=object)
    return np.fromiter(map(hash, text), dtype=np.int64, count=len(text)).astype(np.int32)


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
