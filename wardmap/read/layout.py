"""Which layout is it? Told by the names of the columns, never by the name of the file."""

from collections.abc import Iterable
from typing import Literal

Layout = Literal["street", "outcomes", "stop and search", "other"]

_SIGNS: dict[Layout, frozenset[str]] = {
    "outcomes": frozenset({"Crime ID", "Outcome type"}),
    "stop and search": frozenset({"Object of search"}),
    "street": frozenset({"Month", "Crime type"}),
}

NOT_INCIDENTS: dict[Layout, str] = {
    "outcomes": "outcomes of crimes that are in the street files already",
    "stop and search": "searches by the police, which are no incidents",
}


def layout_of(columns: Iterable[str]) -> Layout:
    """Return the first layout whose telling columns are all there."""
    names = set(columns)
    return next((layout for layout, signs in _SIGNS.items() if signs <= names), "other")
