"""`fingerprints` and `repeated`: identifiers as numbers of 64 bits, and which rows repeat an earlier one.

Identifiers of police files are 64 letters long: five million of them take more memory than all else. Two
different ones share a fingerprint with a probability of 1 in 2**64; who must be sure compares the text too.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Fingerprints = npt.NDArray[np.uint64]

SEED = np.uint64(0x9E3779B97F4A7C15)
FACTOR = np.uint64(0xFF51AFD7ED558CCD)

_MASKS = np.array([(1 << (8 * size)) - 1 for size in range(9)], dtype=np.uint64)


def fingerprints(identifiers: Sequence[str]) -> Fingerprints:
    """Return the fingerprint of each identifier.

    Its bytes in UTF-8 are taken eight at a time, the first lowest; each eight are mixed into what the ones
    before came to. The compiled reader of street files (`street_kernel`) does the same.

    Examples
    --------
    >>> prints = fingerprints(["a1", "a2", "a1"])
    >>> bool(prints[0] == prints[2]), bool(prints[0] == prints[1])
    (True, False)
    """
    encoded = [str(identifier).encode("utf-8", "surrogatepass") for identifier in identifiers]
    length = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    begin = np.cumsum(length) - length
    flat = np.frombuffer(b"".join(encoded) + bytes(8), dtype=np.uint8)
    eights = np.lib.stride_tricks.sliding_window_view(flat, 8)
    mixed = SEED ^ length.astype(np.uint64)
    rows, at = np.flatnonzero(length > 0), 0
    while rows.size:
        word = eights[begin[rows] + at].view("<u8").ravel() & _MASKS[np.minimum(length[rows] - at, 8)]
        now = (mixed[rows] ^ word) * FACTOR  # beyond 64 bits it wraps, as it should
        mixed[rows] = now ^ (now >> np.uint64(32))
        at += 8
        rows = rows[length[rows] > at]
    return mixed


def repeated(identifiers: pd.Series, prints: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Return which rows have the identifier of an earlier row; null identifiers are never equal.

    `prints` are four bytes of each fingerprint. Only rows whose four bytes occur twice are compared in full.
    """
    given = identifiers.notna().to_numpy(dtype=bool)
    ordered = np.sort(prints[given])
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    suspects = given & pd.Series(prints, copy=False).isin(twice).to_numpy()
    found = np.zeros(len(identifiers), dtype=bool)
    found[suspects] = identifiers[suspects].astype(object).duplicated().to_numpy()
    return found
