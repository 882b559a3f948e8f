"""The layout of data.police.uk: how its files and folders are called, and which columns they have."""

import re

CRS = "EPSG:4326"

IDENTIFIER, MONTH, TYPE = "Crime ID", "Month", "Crime type"
PLACE = ("Longitude", "Latitude")
COLUMNS = (IDENTIFIER, MONTH, *PLACE, TYPE)
"""The columns of a street file that hold what an incident is."""

OUTCOMES = frozenset({IDENTIFIER, "Outcome type"})
SEARCHES = frozenset({"Object of search"})
STREET = frozenset({MONTH, TYPE})
"""By which columns a table shows that it holds outcomes, searches, or incidents."""

TAKE_STREET = "take the files that end in -street.csv."

_OTHERS = ("-outcomes.csv", "-stop-and-search.csv")
_MONTH = r"\d{4}-\d{2}"
_NAME = rf"{_MONTH}-(?P<force>[a-z-]+)-(?:street|outcomes|stop-and-search)\.csv"
_MEMBER = re.compile(rf"(?:{_MONTH}/)?{_NAME}")
_STREET_NAME = re.compile(rf"{_MONTH}-(?P<force>[a-z-]+)-street\.csv\Z")


def is_police_file(name: str) -> bool:
    """Return whether a file, in its folder of a month or without it, is named as a download names it.

    Examples
    --------
    >>> is_police_file("2018-03/2018-03-staffordshire-street.csv"), is_police_file("street.csv")
    (True, False)
    """
    return _MEMBER.fullmatch(name) is not None


def is_other_file(name: str) -> bool:
    """Return whether the name is that of a file of outcomes or searches, which are no incidents."""
    return name.endswith(_OTHERS)


def force_of(name: str) -> str | None:
    """Return the force whose street file it is, wherever it lies; None where it is no such file.

    Examples
    --------
    >>> force_of("download.zip/2018-03/2018-03-west-mercia-street.csv")
    'west-mercia'
    """
    found = _STREET_NAME.search(name)
    return found["force"] if found else None
