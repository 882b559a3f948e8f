"""Themes as sets of types and flags: what adds up to what."""

from collections.abc import Hashable, Iterable
from itertools import combinations

from wardmap.themes import ALL_CRIME, Flagged, Groups, is_crime


def theme_sets(names: Iterable[str], groups: Groups | None) -> dict[Hashable, frozenset[Hashable]]:
    """Return each theme's set of pairs of type and flags carried.

    A theme that `groups` does not name is a type; `all crime` is every type that is a crime.

    Examples
    --------
    >>> sets = theme_sets(["Violence", "domestic"], {"domestic": Flagged(("domestic_abuse",), ("Violence",))})
    >>> len(sets["Violence"]), len(sets["domestic"]), sets["domestic"] < sets["Violence"]
    (2, 1, True)
    """
    groups = dict(groups or {})
    names = list(names)
    types = {name for name in names if name not in groups and name != ALL_CRIME}
    for of in groups.values():
        types |= set(of.types or ()) if isinstance(of, Flagged) else set(of)
    flags = sorted({flag for of in groups.values() if isinstance(of, Flagged) for flag in of.flags})
    carried = [frozenset(some) for size in range(len(flags) + 1) for some in combinations(flags, size)]
    sets: dict[Hashable, frozenset[Hashable]] = {}
    for name in names:
        of = groups.get(name, filter(is_crime, sorted(types)) if name == ALL_CRIME else (name,))
        asked = of if isinstance(of, Flagged) else Flagged((), tuple(of))
        sets[name] = frozenset(
            (kind, some)
            for kind in (types if asked.types is None else asked.types)
            for some in carried
            if some >= set(asked.flags)
        )
    return sets
