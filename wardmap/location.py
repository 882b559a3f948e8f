"""What an incident's coordinates are worth: `located`, `no_location` or `invalid`.

The one rule, for files that are read whole and for files that are streamed.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

LOCATIONS = ("located", "no_location", "invalid")
LOCATED, NO_LOCATION, INVALID = range(3)

Numbers = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.complex128]


def classify(
    x: Numbers, y: Numbers, *, blank: npt.NDArray[np.bool_] | None = None, degrees: bool = True
) -> npt.NDArray[np.int8]:
    """Return for each pair of coordinates a position in `LOCATIONS`.

    Parameters
    ----------
    x, y
        Longitude and latitude, or eastings and northings; NaN where there is no number.
    blank
        Where the source left a coordinate empty, so that text which is no number can be told from
        nothing at all. When left out, NaN counts as empty.
    degrees
        Whether the numbers are degrees, and so bounded by 180 and 90.

    Notes
    -----
    A pair of zeroes is no location: data.police.uk writes it for points too far from any map point,
    and on the British National Grid it is open sea.

    Examples
    --------
    >>> classify(np.array([-1.6, np.nan, 0.0, 200.0]), np.array([52.8, 52.8, 0.0, 52.8])).tolist()
    [0, 1, 1, 2]
    """
    if blank is None:
        blank = np.isnan(x) | np.isnan(y)
    usable = np.isfinite(x) & np.isfinite(y)
    if degrees:
        with np.errstate(invalid="ignore"):
            usable &= (np.abs(x) <= 180) & (np.abs(y) <= 90)
    codes = np.where(usable, np.int8(LOCATED), np.int8(INVALID))
    codes[blank | ((x == 0) & (y == 0))] = NO_LOCATION
    return codes


def pairs(x: Numbers, y: Numbers, located: npt.NDArray[np.bool_]) -> Pairs:
    """Return the place of each row as one number, x + iy, and not a number where it is not `located`."""
    made = np.full(len(x), np.nan, dtype=np.complex128)
    np.copyto(made.real, x, where=located)
    np.copyto(made.imag, y, where=located)
    return made


def points(places: Pairs) -> npt.NDArray[Any]:
    """Return a Point for each pair, null where there is none; rows at one place share one Point.

    Published police data repeats a fixed list of places, and a shared Point costs a tenth of the
    memory of one for each row.

    Examples
    --------
    >>> made = points(pairs(np.array([1.0, 1.0]), np.array([2.0, 2.0]), np.array([True, False])))
    >>> made[0].wkt, made[1]
    ('POINT (1 2)', None)
    """
    import pandas as pd  # noqa: PLC0415 - a corridor file must not make its importers wait
    import shapely  # noqa: PLC0415

    code_of, distinct = pd.factorize(places)  # -1, the last one, where there is none
    return np.append(shapely.points(distinct.real, distinct.imag), None)[code_of]
