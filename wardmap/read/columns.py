"""Which column is which: the naming habits of those who publish wards, populations and incidents.

A habit is a pattern for a column's name in lower case with `_` for spaces and hyphens.
"""

import re
from collections.abc import Iterable

import pandas as pd

from wardmap.errors import InputError, MissingColumnError, Use, listed
from wardmap.formats.rows import plain_name
from wardmap.schema import alike, found_words

WARD_CODE = (
    r"wd\d\d_?cd",
    r"ward_?\d{0,2}_?code",
    r"gss_?code",
    r"wardcode",
    r"area_?(code|numbe(r)?)",
    r"code|mapid",
)
SMALL_AREA = (
    r"lsoa(\d\d)?_?(cd|code)",
    r"(data_?zone|dz|small_?area)(\d{2,4})?_?(cd|code)?",
    r"oa(\d\d)?_?(cd|code)",
)
WARD_NAME = (
    r"wd\d\d_?nm",
    r"ward_?\d{0,2}_?name",
    r"wardname",
    r"area_?name",
    r"name|community(_area)?",
    r"wd\d\d_?nmw",  # Welsh, where there is no other
)
DISTRICT_NAME = (r"lad\d\d_?nm", r"(lad|district|borough|local_authority)(_?name)?")
DISTRICT_CODE = (r"lad\d\d_?cd", r"(lad|district|borough|local_authority)_?code", r"lb_gss_cd")


def find_column(
    columns: Iterable[object], habits: tuple[str, ...], given: str | None, what: str, use: Use
) -> str:
    """Return the column that was given, or the one that the first fitting habit finds.

    Raises when the given column is absent, when no habit fits, and when one fits several columns.
    `use` is how a caller names it.
    """
    columns = list(columns)
    found = optional_column(columns, habits, given, what, use)
    if found is None:
        raise MissingColumnError(
            f"No column looks like the {what}.",
            f"columns found: {listed(columns)}",
            mend=("name it:", use),
        )
    return found


def optional_column(
    columns: Iterable[object], habits: tuple[str, ...], given: str | None, what: str, use: Use | None
) -> str | None:
    """Do as `find_column` does, but return None where no habit fits."""
    names = [str(column) for column in columns]
    if given is not None:
        if given not in names:
            fitting = [name for habit in habits for name in names if re.fullmatch(habit, plain_name(name))]
            best = [*alike(given, names), *fitting, "..."]
            raise MissingColumnError(
                f"There is no column {given!r} for the {what}.",
                found_words("columns", given, names),
                mend=(
                    "name one that is there:",
                    use.filled(best[0]) if use else "",
                ),
            )
        return given
    for habit in habits:
        fitting = [name for name in names if re.fullmatch(habit, plain_name(name))]
        if len(fitting) > 1:
            raise InputError(
                f"Several columns could be the {what}.",
                f"candidates: {listed(fitting)}",
                mend=("name one:", use.filled(fitting[-1]))
                if use
                else "rename all but the one that is meant.",
            )
        if fitting:
            return fitting[0]
    return None


def refuse_repeated(columns: pd.Index, name: str) -> None:
    """Raise when two columns of a table have one name."""
    if not columns.is_unique:
        raise InputError(
            f"{name!r} has two or more columns of the same name.",
            f"columns: {listed(columns[columns.duplicated()].unique())}",
            mend="rename all but one: which of them is meant cannot be guessed.",
        )


def clean_codes(codes: pd.Series) -> pd.Series:
    """Return codes as upper-case text without spaces around them; blank stays null."""
    return clean_text(codes).map(str.upper, na_action="ignore")


def clean_text(values: pd.Series) -> pd.Series:
    """Return values as text without spaces around them; whole numbers without a point, blank as null."""
    text = values.astype(object).where(values.notna(), None)
    return text.map(lambda value: _text(value) or None, na_action="ignore")


def _text(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()  # as files hold numbers beside blank cells
    return str(int(value) if whole else value).strip()  # type: ignore[call-overload]
