"""What wards are called: in one language or two, and what stands for a name that is not there."""

from collections.abc import Sequence

import pandas as pd

from wardmap.errors import RepairWarning, Use, counted, listed, warn
from wardmap.read import columns as habits

_USE = Use("read_wards", "name")


def ward_names(raw: pd.DataFrame, name: str | Sequence[str] | None, codes: pd.Series) -> pd.Series:
    """Return a name for every ward, from the columns given or the one found by habit.

    Names of several columns that differ are joined by ` / `. Where those columns are blank, as Welsh
    names are in England, the column found by habit gives the name, and after it the code.
    """
    asked = [name] if isinstance(name, str) else list(name or [])
    columns = [
        habits.find_column(raw, habits.WARD_NAME, column, "ward name", _USE) for column in asked
    ] or _by_habit(raw)
    if not columns:
        return codes
    names = _joined(raw, columns)
    if names.isna().any() and asked:
        names = names.fillna(_joined(raw, _by_habit(raw)))
    nameless = names.isna()
    if nameless.any():
        warn(
            RepairWarning,
            f"{counted(int(nameless.sum()), 'ward')} without a name: the code stands for it.",
            f"codes: {listed(codes[nameless].dropna().unique())}",
            f"column: {', '.join(map(repr, columns))}",
            mend=("fill the names in, or name another column:", _USE),
        )
    return names.fillna(codes)


def _by_habit(raw: pd.DataFrame) -> list[str]:
    column = habits.optional_column(raw, habits.WARD_NAME, None, "ward name", _USE)
    return [] if column is None else [column]


def _joined(raw: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the names of one ward side by side, each once; null where all are blank."""
    texts = [habits.clean_text(raw[column]) for column in columns]
    together = [
        " / ".join(dict.fromkeys(name for name in names if isinstance(name, str)))
        for names in zip(*texts, strict=True)
    ]
    names = pd.Series(together or [""] * len(raw), index=raw.index, dtype=object)
    return names.where(names != "", None)
