"""Which rows repeat the identifier of an earlier one: by fingerprint first, then by the identifier itself."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Prints = npt.NDArray[np.uint32]


def repeated(identifiers: pd.Series, prints: Prints) -> npt.NDArray[np.bool_]:
    """Return which rows have the identifier of an earlier row; null identifiers are never equal.

    `prints` are four bytes of each fingerprint. Only rows whose four bytes occur twice are compared in
    full: identifiers of police files are 64 letters long, and a table of five million of them takes more
    memory than all else.
    """
    given = identifiers.notna().to_numpy(dtype=bool)
    ordered = np.sort(prints[given])
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    suspects = given & pd.Series(prints, copy=False).isin(twice).to_numpy()
    found = np.zeros(len(identifiers), dtype=bool)
    found[suspects] = identifiers[suspects].astype(object).duplicated().to_numpy()
    return found
