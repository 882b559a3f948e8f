"""What can go wrong, as a tree that an analyst can catch or silence branch by branch.

    WardmapError(Exception)
    ├─ InputError(WardmapError, ValueError)
    │  ├─ MissingColumnError(InputError, KeyError)
    │  ├─ ColumnClashError(InputError)
    │  ├─ CRSError(InputError)
    │  ├─ GeometryError(InputError)
    │  ├─ VintageError(InputError)
    │  └─ DuplicateWardError(InputError)
    ├─ AlignmentError(WardmapError, ValueError)
    ├─ TooFewWardsError(WardmapError, ValueError)
    └─ DownloadError(WardmapError, OSError)
    WardmapWarning(UserWarning)
    ├─ LargeFileWarning           ├─ TilesWarning
    ├─ UnmatchedIncidentsWarning  ├─ EdgeIncidentsWarning
    ├─ RepairWarning              ├─ TransformWarning
    ├─ IslandWarning              ├─ SmallNumbersWarning
    ├─ ResolutionWarning          ├─ MixedMethodsWarning
    ├─ IncompleteWarning          ├─ LeftOutWarning
    ├─ CoverageWarning            ├─ MisfitWarning
    ├─ PopulationYearWarning      ├─ OneWayWarning
    └─ NotWardsWarning

Every message has three parts: a headline, the facts with their values, and the line that mends it. Where
nothing has to be done, a note says so instead. An error and a warning keep these parts as `headline`,
`facts`, `mend` and `note`; what a mend asks for is data (`Use`), so that the command line can say it as an
option. Errors are for what makes the answer wrong, warnings for what makes it weaker.
"""

import json
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

_MOST = 8  # names or lines that a message shows


@dataclass(frozen=True, slots=True)
class Use:
    """What mends it, as data: a verb, one of its arguments, and the value to give it.

    Parameters
    ----------
    verb
        As the front door names it: `read_incidents`, or `join.count_files` for a verb of a room.
    argument
        The keyword.
    value
        What to give; `"..."` where only the user knows. A mapping for `columns`.

    Examples
    --------
    >>> str(Use("read_incidents", "crs", "EPSG:27700"))
    'wm.read_incidents(..., crs="EPSG:27700")'
    >>> str(Use("read_incidents", "columns", {"date": "..."}).filled("Committed from"))
    'wm.read_incidents(..., columns={"date": "Committed from"})'
    """

    verb: str
    argument: str
    value: Any = "..."

    def __str__(self) -> str:
        return f"wm.{self.verb}(..., {self.argument}={_literal(self.value)})"

    def filled(self, value: Any) -> "Use":
        """Return the same with `value` in the place of what only the user knew."""
        fields = self.value
        return replace(self, value=dict.fromkeys(fields, value) if isinstance(fields, Mapping) else value)


Mend: TypeAlias = str | Use | Sequence[str | Use]
"""What mends it: words, a `Use`, or several of both in the order in which they are read."""


class Message:
    """The parts that an error and a warning are made of, and how they are put together."""

    headline: str
    facts: tuple[str, ...]
    mend: tuple[str | Use, ...]
    note: str

    def __init__(self, headline: str, *facts: str, mend: Mend = "", note: str = "") -> None:
        super().__init__(headline)  # type: ignore[call-arg]  # the next class is an exception
        parts = (mend,) if isinstance(mend, str | Use) else tuple(mend)
        self.headline, self.facts, self.note = headline, facts, note
        self.mend = tuple(part for part in parts if part)

    def __str__(self) -> str:  # KeyError would show the repr, with its line breaks escaped
        return self.said()

    def said(self, show: Callable[[Use], str] = str) -> str:
        """Return the message as text; `show` says how a `Use` is written."""
        lines = [self.headline, *(f"  {fact}" for fact in self.facts)]
        if self.mend:
            words = " ".join(part if isinstance(part, str) else show(part) for part in self.mend)
            lines.append(f"  Mend it: {words.replace(' ,', ',').replace(' ;', ';')}")
        if self.note:
            lines.append(f"  Note: {self.note}")
        return "\n".join(lines)


class WardmapError(Message, Exception):
    """The root: catch this to catch everything that wardmap raises on purpose."""


class InputError(WardmapError, ValueError):
    """What was given cannot be used: the message names the values and the mend."""


class MissingColumnError(InputError, KeyError):
    """A column that the verb needs is not there; the message lists those that are, nearest first."""


class ColumnClashError(InputError):
    """The verb would overwrite a column that wardmap did not write."""


class CRSError(InputError):
    """The coordinate system is missing, swapped, or of the wrong kind."""


class GeometryError(InputError):
    """A geometry is of the wrong type, null, empty, or cannot be repaired."""


class VintageError(InputError):
    """Ward codes of two boundary years meet in one analysis."""


class DuplicateWardError(InputError):
    """Two different wards carry one code."""


class AlignmentError(WardmapError, ValueError):
    """Two tables, or a table and a graph, are not about the same wards."""


class TooFewWardsError(WardmapError, ValueError):
    """There are too few wards, or there is no variation: the statistic is undefined."""


class DownloadError(WardmapError, OSError):
    """A server did not give what was asked of it; nothing of it was kept."""


class WardmapWarning(Message, UserWarning):
    """The root: filter this to silence everything that wardmap warns of."""


class UnmatchedIncidentsWarning(WardmapWarning):
    """Some incidents are in no ward; the ledger says how many and why."""


class EdgeIncidentsWarning(WardmapWarning):
    """Some incidents lie on an edge or in an overlap, and went to the lowest ward code."""


class RepairWarning(WardmapWarning):
    """Input was mended before use; the message says what and by how much."""


class TransformWarning(WardmapWarning):
    """Coordinates were transformed with less than full accuracy."""


class IslandWarning(WardmapWarning):
    """Some wards have no neighbour, so local statistics cannot test them."""


class OneWayWarning(WardmapWarning):
    """A ward names a neighbour that does not name it."""


class CoverageWarning(WardmapWarning):
    """The share of incidents that has a place differs from one period to the next."""


class SmallNumbersWarning(WardmapWarning):
    """Counts are too small for what was asked of them."""


class ResolutionWarning(WardmapWarning):
    """The permutations cannot reach the p-value that a finding would need."""


class MixedMethodsWarning(WardmapWarning):
    """One column holds numbers that were made in different ways."""


class IncompleteWarning(WardmapWarning):
    """Months are missing, or hold far fewer rows than usual."""


class LargeFileWarning(WardmapWarning):
    """A file is so large that it will be hard to hand on."""


class TilesWarning(WardmapWarning):
    """The map asks the internet for tiles, and tells a host which places are looked at."""


class LeftOutWarning(WardmapWarning):
    """Files were left out: they hold something else than incidents, or are broken and that was allowed."""


class PopulationYearWarning(WardmapWarning):
    """People were counted in another year than the incidents that are divided by them."""


class MisfitWarning(WardmapWarning):
    """Wards overlap, or leave gaps between them; the message says where and how large."""


class NotWardsWarning(WardmapWarning):
    """The codes are those of another kind of area than wards."""


def warn(category: type[WardmapWarning], headline: str, *facts: str, mend: Mend = "", note: str = "") -> None:
    """Warn, pointing at the first line outside wardmap: the line that the user can change."""
    warnings.warn(category(headline, *facts, mend=mend, note=note), stacklevel=_users_level())


def listed(values: Iterable[object], limit: int = _MOST) -> str:
    """Name the first values and count the rest: `'a', 'b' and 3 more`."""
    names = [repr(str(value)) for value in values]
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit:,} more"


def first_lines(lines: Sequence[str], limit: int = _MOST) -> list[str]:
    """Return the first of many facts, and a last one that counts the rest."""
    rest = [f"and {len(lines) - limit:,} more"] if len(lines) > limit else []
    return [*lines[:limit], *rest]


def counted(number: int, what: str) -> str:
    """Say how many, in the singular where it is one: `1 ward`, `2,048 wards`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _literal(value: object) -> str:
    """Write a value as Python does, text in double quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return repr(value)


def _users_level() -> int:
    house = str(Path(__file__).parent)
    level, frame = 1, sys._getframe(1)  # noqa: SLF001 - the only way to the caller
    while frame.f_back is not None and frame.f_code.co_filename.startswith(house):
        level, frame = level + 1, frame.f_back
    return level
