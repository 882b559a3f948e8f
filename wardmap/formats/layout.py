"""Which layout is it? Told by the names of the columns, never by the name of the file."""

from collections.abc import Iterable
from typing import Literal

from wardmap.formats import police, stats19
from wardmap.formats.rows import plain_name

Layout = Literal["street", "outcomes", "stop and search", "collisions", "casualties", "vehicles", "other"]

_SIGNS: dict[Layout, frozenset[str]] = {
    "outcomes": police.OUTCOMES,
    "stop and search": police.SEARCHES,
    "street": police.STREET,
    "casualties": stats19.CASUALTIES,
    "vehicles": stats19.VEHICLES,
}

NOT_INCIDENTS: dict[Layout, str] = {
    "outcomes": "outcomes of crimes that are in the street files already",
    "stop and search": "searches by the police, which are no incidents",
    "vehicles": "vehicles of collisions that are in another file",
}


def layout_of(columns: Iterable[str]) -> Layout:
    """Return the first layout whose telling columns are all there."""
    given = list(columns)
    names = {*given, *map(plain_name, given)}
    if stats19.are_collisions(names):
        return "collisions"
    return next((layout for layout, signs in _SIGNS.items() if signs <= names), "other")
