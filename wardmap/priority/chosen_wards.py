"""Ward codes: those that a person typed, and those of two tables that must be about the same wards."""

from collections.abc import Iterable

import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, listed


def checked_codes(codes: Iterable[object], names: pd.Series, what: str) -> list[str]:
    """Return the codes, trimmed and in capitals, in the order given.

    `names` holds the wards' names by code; `what` is what the codes make up, for the message.

    Raises
    ------
    InputError
        No ward, a code that is not there, or a ward twice.
    """
    wanted = [str(code).strip().upper() for code in codes]
    unknown = [code for code in wanted if code not in names.index]
    if unknown or not wanted:
        known = [f"{code} {ward}" for code, ward in names.items()]
        raise InputError(
            f"{what} names {'wards that are not there' if wanted else 'no ward'}.",
            f"unknown: {listed(unknown)}",
            f"wards, nearest first: {', '.join(schema.nearest((unknown or [what])[0], known)[:5])}",
            mend="name wards by their codes.",
        )
    twice = sorted({code for code in wanted if wanted.count(code) > 1})
    if twice:
        raise InputError(f"{what} names a ward twice.", f"ward codes: {listed(twice)}")
    return wanted


def ward_names(rows: pd.DataFrame) -> pd.Series:
    """Return the names by ward code; the codes themselves where the table has no names."""
    return rows["ward_name"] if "ward_name" in rows else pd.Series(rows.index, index=rows.index)


def check_same_wards(one: pd.Index, other: pd.Index, what: str) -> None:
    """Raise unless two tables, which are `what`, are about the same wards."""
    odd = one.symmetric_difference(other)
    if len(odd):
        raise AlignmentError(
            f"The two {what} are not about the same wards.",
            f"in one of them only: {listed(odd)}",
            mend="take boundaries of one year for both.",
        )
