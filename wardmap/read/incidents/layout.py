"""Which layout is it? Told by the names of the columns, never by the name of the file."""

from collections.abc import Iterable
from typing import Literal

from wardmap.read.columns import plain

Layout = Literal["street", "outcomes", "stop and search", "collisions", "casualties", "vehicles", "other"]

_SIGNS: dict[Layout, frozenset[str]] = {
    "outcomes": frozenset({"Crime ID", "Outcome type"}),
    "stop and search": frozenset({"Object of search"}),
    "street": frozenset({"Month", "Crime type"}),
    "casualties": frozenset({"casualty_severity", "casualty_reference"}),
    "vehicles": frozenset({"vehicle_reference", "vehicle_type"}),
}

_COLLISION_INDEX = {"accident_index", "collision_index"}
_COLLISION_SEVERITY = {"accident_severity", "collision_severity"}

NOT_INCIDENTS: dict[Layout, str] = {
    "outcomes": "outcomes of crimes that are in the street files already",
    "stop and search": "searches by the police, which are no incidents",
    "vehicles": "vehicles of collisions that are in another file",
}


def layout_of(columns: Iterable[str]) -> Layout:
    """Return the first layout whose telling columns are all there."""
    given = list(columns)
    names = {*given, *map(plain, given)}
    if names & _COLLISION_INDEX and names & _COLLISION_SEVERITY:
        return "collisions"
    return next((layout for layout, signs in _SIGNS.items() if signs <= names), "other")
