"""What an incident's coordinates are worth: `located`, `no_location` or `invalid`.

The one rule, for files that are read whole and for files that are streamed.
"""

import numpy as np
import numpy.typing as npt

from wardmap.errors import CRSError, Use

LOCATIONS = ("located", "no_location", "invalid")
LOCATED, NO_LOCATION, INVALID = range(3)

OTHER_SYSTEM = (
    "say which system they are in: metres or feet of another system?",
    Use("read_incidents", "crs"),
    "with its number, which the publisher knows.",
)

Numbers = npt.NDArray[np.float64]


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


def refuse_misplaced(
    x: Numbers,
    y: Numbers,
    codes: npt.NDArray[np.int8],
    *,
    source: str,
    names: tuple[str, str],
    system: str,
) -> None:
    """Raise where most pairs of what should be degrees are swapped, or cannot be on earth at all.

    `codes` are those of `classify`, `names` the columns that hold x and y, `system` how theirs is called.
    """
    given = np.isfinite(x) & np.isfinite(y) & (codes != NO_LOCATION)
    swapped, nowhere = looks_swapped(x, y), given & (codes == INVALID)
    if swapped.sum() > 0.5 * given.sum():
        raise CRSError(
            f"Longitude and latitude look swapped in {source!r}.",
            f"{swapped.sum():,} of {given.sum():,} rows with both lie where they should only if swapped",
            f"the first: {names[0]} {x[swapped][0]}, {names[1]} {y[swapped][0]}",
            mend=Use("read_incidents", "columns", {"longitude": names[1], "latitude": names[0]}),
        )
    if nowhere.sum() > 0.5 * given.sum():
        x, y = x[nowhere], y[nowhere]
        british = off_the_grid(x, y).mean() <= 0.5
        raise CRSError(
            f"Most coordinates in {source!r} cannot be in {system}.",
            f"{nowhere.sum():,} of {given.sum():,} rows with both",
            f"the first: x {x[0]:.8g}, y {y[0]:.8g}",
            mend=("say which system they are in: metres?", Use("read_incidents", "crs", "EPSG:27700"))
            if british
            else OTHER_SYSTEM,
        )


def looks_swapped(x: Numbers, y: Numbers) -> npt.NDArray[np.bool_]:
    """Return which places in degrees are in Britain, or on earth at all, only if x and y trade places."""
    britain = (x > 49) & (x < 61) & (y > -9) & (y < 2)
    return np.asarray(britain | ((np.abs(x) <= 90) & (np.abs(y) > 90) & (np.abs(y) <= 180)))


def off_the_grid(x: Numbers, y: Numbers) -> npt.NDArray[np.bool_]:
    """Return which places are beyond the British National Grid, which is 700 by 1,300 km."""
    return np.asarray((x < 0) | (x > 700_000) | (y < 0) | (y > 1_300_000))
