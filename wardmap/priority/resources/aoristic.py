"""Aoristic weights: what is known of the hour when an incident is known only to lie between two times."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]


def hourly_weights(start: pd.Series, end: pd.Series) -> Numbers:
    """Spread each incident evenly over its window, and return its share of every hour of the day.

    One row for each incident, 24 columns, each row summing to 1 (Ratcliffe 2000,
    doi:10.1080/136588100424963). A window of no length lies in the hour of its start; one of whole
    days knows nothing, and is even. Rows with a missing time, or that end before they start, are null.

    Examples
    --------
    >>> when = pd.Series(pd.to_datetime(["2018-03-01 23:30"]))
    >>> hourly_weights(when, when + pd.Timedelta(hours=2))[0, [23, 0, 1]].tolist()
    [0.25, 0.5, 0.25]
    """
    begin = (start - start.dt.normalize()).dt.total_seconds().to_numpy()[:, None] / 3600
    length = (end - start).dt.total_seconds().to_numpy()[:, None] / 3600
    hours = np.arange(24)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = (_until(begin + length, hours) - _until(begin, hours)) / length
    at_once = (np.floor(begin) == hours).astype(float)
    weights: Numbers = np.where(length > 0, spread, at_once)
    weights[~(length[:, 0] >= 0)] = np.nan
    return weights


def _until(time: Numbers, hours: npt.NDArray[np.int_]) -> Numbers:
    """Return how much of each hour of the day lies between midnight and `time`, days counted in."""
    whole: Numbers = np.floor(time / 24) + np.clip(time % 24 - hours, 0, 1)
    return whole
