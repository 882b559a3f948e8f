"""Themes: the types in a file, and the named groups that a partnership reports by.

The rule that this file exists for: **anti-social behaviour and road collisions are not crime.**
They are incidents without a crime number, counted by other practices, so no group of wardmap's adds
them to crime.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wardmap.errors import InputError, Use, counted

ALL_CRIME = "all crime"
ASB = "Anti-social behaviour"
KSI = "Road collision, killed or seriously injured"

NOT_CRIME = frozenset({ASB, KSI})

ROAD_COLLISIONS = (
    "Road collision, fatal", "Road collision, serious", "Road collision, slight",
    "Road collision, severity not recorded",
)  # fmt: skip
ROAD_CASUALTIES = (
    "Road casualty, killed", "Road casualty, seriously injured", "Road casualty, slightly injured",
    "Road casualty, severity not recorded",
)  # fmt: skip

NOT_RECORDED = "(not recorded)"
"""The theme of rows whose source gives no type."""

FLAGS = ("domestic_abuse", "alcohol", "public_place", "youth", "hate")
"""What an extract may mark beside the type, as columns of true and false."""

TODAYS_TYPES = {
    "Violent crime": "Violence and sexual offences",
    "Public disorder and weapons": "Public order",
}
"""Types of the files up to April 2013, and what holds most of them since. "Public disorder and weapons"
was cut in two then, "Public order" and "Possession of weapons"; "Other theft" lost bicycles and persons."""

_ASB = re.compile(r"anti[- ]?social\b.*|asb\b.*", re.IGNORECASE)
_ROAD = re.compile(
    r"road (collision|casualty)\b.*|rtc\b.*|road traffic (collision|accident)s?\b.*", re.IGNORECASE
)
_VIOLENCE = re.compile(r"violen(ce|t)\b.*|.*\bassaults?\b.*|homicide", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A theme of rows that carry every one of some flags: of the named types, or of any type.

    Examples
    --------
    >>> Flagged(("domestic_abuse",)).types is None
    True
    """

    flags: tuple[str, ...]
    types: tuple[str, ...] | None = None


_SENSITIVE = ("sexual", "rape", "domestic", "stalking", "hate", "child", "slavery", "honour", "suicide")

Groups = Mapping[str, Iterable[str] | Flagged]


def is_crime(kind: str) -> bool:
    """Say whether a type is a crime: anything but anti-social behaviour and what happens on roads.

    Examples
    --------
    >>> [is_crime(kind) for kind in ("Burglary", "ASB - nuisance", "Road collision, fatal")]
    [True, False, False]
    """
    return not (_ASB.fullmatch(kind) or _ROAD.fullmatch(kind))


def is_asb(kind: str) -> bool:
    """Say whether a type is anti-social behaviour, as `ASB - nuisance` is.

    Examples
    --------
    >>> is_asb("Antisocial behaviour (environmental)")
    True
    """
    return _ASB.fullmatch(kind) is not None


def is_violence(kind: str) -> bool:
    """Say whether a type is violence against the person, alone or with sexual offences.

    Examples
    --------
    >>> [is_violence(kind) for kind in ("Violence and sexual offences", "Common assault", "Robbery")]
    [True, True, False]
    """
    return _VIOLENCE.fullmatch(kind) is not None


def with_all_crime(types: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return each type as a theme of its own, then `all crime`: every type that is a crime.

    Examples
    --------
    >>> with_all_crime(["Anti-social behaviour", "Burglary", "Robbery"])["all crime"]
    ('Burglary', 'Robbery')
    """
    names = sorted(set(types))
    crime = tuple(name for name in names if is_crime(name))
    themes: dict[str, tuple[str, ...]] = {name: (name,) for name in names}
    return {**themes, ALL_CRIME: crime} if crime else themes


def by_kind(incidents: pd.DataFrame, groups: Groups | None) -> tuple[Any, dict[str, tuple[str, ...]]]:
    """Return each row's kind as a category, and the groups in kinds; without groups, `with_all_crime`.

    A kind is a type, or where a group asks for flags, a type with the flags that a row carries: so
    one pass over the rows counts all groups, though a row may be in several. A type that no row has
    stays in its group, for the caller to refuse.

    Examples
    --------
    >>> rows = pd.DataFrame({"theme": ["Drugs", "Drugs"], "alcohol": [True, False]})
    >>> by_kind(rows, {"drugs": ["Drugs"], "drink": Flagged(("alcohol",))})[1]
    {'drugs': ('Drugs', 'Drugs [alcohol]'), 'drink': ('Drugs [alcohol]',)}
    """
    types = sorted(map(str, incidents["theme"].unique()))
    if groups is None:
        return pd.Categorical(incidents["theme"], categories=types), with_all_crime(types)
    flags = sorted({flag for of in groups.values() if isinstance(of, Flagged) for flag in of.flags})
    type_of = pd.Categorical(incidents["theme"], categories=types).codes.astype(np.intp)
    carried = np.zeros(len(incidents), dtype=np.intp)
    for bit, flag in enumerate(flags):
        carried += _carries(incidents, flag).astype(np.intp) << bit
    code_of, pairs = pd.factorize(type_of + len(types) * carried, sort=True)
    kinds = {
        _label(types[kind], flags, carried): (types[kind], carried)
        for carried, kind in (divmod(int(pair), len(types)) for pair in pairs)
    }
    expanded = {name: _kinds_of(of, kinds, flags) for name, of in groups.items()}
    return pd.Categorical.from_codes(code_of, categories=pd.Index(list(kinds))), expanded


def _carries(incidents: pd.DataFrame, flag: str) -> Any:
    if flag not in incidents.columns or incidents[flag].isna().any():
        unknown = int(incidents[flag].isna().sum()) if flag in incidents.columns else len(incidents)
        raise InputError(
            f"The flag {flag!r} is not recorded for {counted(unknown, 'row')}.",
            mend=(
                "read an extract that has it:",
                Use("read_incidents", "columns", {flag: "..."}),
                ", or leave other sources out.",
            ),
        )
    return incidents[flag].to_numpy(dtype=bool)


def _label(kind: str, flags: list[str], carried: int) -> str:
    there = [flag for bit, flag in enumerate(flags) if carried >> bit & 1]
    return f"{kind} [{', '.join(there)}]" if there else kind


def _kinds_of(
    of: Iterable[str] | Flagged, kinds: Mapping[str, tuple[str, int]], flags: list[str]
) -> tuple[str, ...]:
    asked = of if isinstance(of, Flagged) else Flagged((), tuple(of))
    needed = sum(1 << flags.index(flag) for flag in asked.flags)
    found = [
        label
        for label, (kind, carried) in kinds.items()
        if (asked.types is None or kind in asked.types) and carried & needed == needed
    ]
    known = {kind for kind, _ in kinds.values()}
    return (*found, *(kind for kind in asked.types or () if kind not in known))


def is_sensitive(theme: str) -> bool:
    """Say whether a theme's places may lead to a person: by the words in its name.

    Examples
    --------
    >>> is_sensitive("Violence and sexual offences"), is_sensitive("Burglary")
    (True, False)
    """
    return any(word in theme.lower() for word in _SENSITIVE)
