"""Rates that lean on other wards by the spread between wards: smoothed, or put on one scale of doubt."""

from typing import Any

import numpy as np

from wardmap.stats.checks import Numbers


def marshall(incidents: Numbers, people: Numbers, together: Any) -> tuple[Numbers, Numbers]:
    """Return smoothed rates per person and the weight of each ward's own rate (Marshall 1991).

    `together` has a row for each ward, or one for all, and holds 1 for every ward that is leant on: an array
    or a sparse one.
    """
    all_people, many = together @ people, together @ np.ones(len(people))
    mean = (together @ incidents) / all_people
    spread = (together @ (incidents**2 / people)) / all_people - mean**2  # n r² is O²/n
    between = np.maximum(spread - mean * many / all_people, 0)
    chance = mean / people
    with np.errstate(invalid="ignore"):  # 0/0 where nobody around has an incident: no weight
        weight = np.nan_to_num(between / (between + chance))
    return mean + weight * (incidents / people - mean), weight


def standardised(incidents: Numbers, people: Numbers) -> Numbers:
    """Return how many standard deviations each rate lies from that of all wards (Assunção and Reis 1999).

    Where the variance between wards is so far below 0 that a ward's would be negative, that of chance alone
    is taken, ward by ward.

    Examples
    --------
    Eight wards of about 100 people, the example of esda's documentation.

    >>> o = np.array([30.0, 25, 25, 15, 33, 21, 30, 20])
    >>> standardised(o, np.array([100.0, 100, 110, 90, 100, 90, 110, 90]))[:4].round(5)
    array([ 1.03844, -0.04099, -0.5625 , -1.73062])
    """
    rate, overall = incidents / people, incidents.sum() / people.sum()
    variance = (people * (rate - overall) ** 2).sum() / people.sum()
    by_chance = overall / people
    total = variance - overall / people.mean() + by_chance
    with np.errstate(divide="ignore", invalid="ignore"):  # wards of one size and one rate: nothing varies
        return np.asarray((rate - overall) / np.sqrt(np.where(total < 0, by_chance, total)))
