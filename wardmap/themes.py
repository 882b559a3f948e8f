"""Themes: the types in a file, and the named groups that a partnership reports by.

The rule that this file exists for: **anti-social behaviour and road collisions are not crime.**
They are incidents without a crime number, counted by other practices, so no group of wardmap's adds
them to crime.
"""

from collections.abc import Iterable, Mapping

ALL_CRIME = "all crime"
ASB = "Anti-social behaviour"
KSI = "Road collision, killed or seriously injured"

NOT_CRIME = frozenset({ASB, KSI})

NOT_RECORDED = "(not recorded)"
"""The theme of rows whose source gives no type."""

FLAGS = ("domestic_abuse", "alcohol", "public_place", "youth", "hate")
"""What an extract may mark beside the type, as columns of true and false."""

Groups = Mapping[str, Iterable[str]]


def with_all_crime(types: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return each type as a theme of its own, then `all crime`: every type that is a crime.

    Examples
    --------
    >>> with_all_crime(["Anti-social behaviour", "Burglary", "Robbery"])["all crime"]
    ('Burglary', 'Robbery')
    """
    names = sorted(set(types))
    crime = tuple(name for name in names if name not in NOT_CRIME)
    themes: dict[str, tuple[str, ...]] = {name: (name,) for name in names}
    return {**themes, ALL_CRIME: crime} if crime else themes
