"""`read_population`: denominators, with what they count and when."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from wardmap.errors import DuplicateWardError, InputError, counted, listed
from wardmap.read import columns as habits
from wardmap.read.files import check_file

_POPULATION = (r"population", r"pop(ulation)?_(?!dens).*", r"all_?ages", r"obs_value", r"people|residents")


def read_population(
    source: str | Path | pd.DataFrame,
    *,
    code: str | None = None,
    column: str | None = None,
    vintage: str | None = None,
) -> pd.DataFrame:
    """Read how many people each ward has, and keep with the numbers what they count.

    Answers: out of how many? A rate is only as good as its denominator.

    Parameters
    ----------
    source
        A CSV file with a column of ward codes and one of people, or such a DataFrame.
    code, column
        The columns of ward codes and of people, where they cannot be found by habit, or where
        several columns could be meant (`pop_mid2017`, `pop_mid2019`).
    vintage
        When the people were counted, where the column's name does not tell ("mid-2017").

    Returns
    -------
    DataFrame
        Index `ward_code`: `population` (people; null where not known) and `population_method`.

    Raises
    ------
    InputError
        No such file, text or negative numbers among the people, several columns that could be meant.
    MissingColumnError
        No column looks like a ward code or a population.
    DuplicateWardError
        A ward appears twice.

    Notes
    -----
    Residents are a poor denominator in a town centre, where most who are there live elsewhere:
    the rate then measures footfall. Show the count beside the rate.

    Examples
    --------
    >>> import wardmap as wm
    >>> people = wm.read_population(wm.demo.population_file())
    >>> int(people["population"].sum())
    117552
    """
    if isinstance(source, pd.DataFrame):
        raw, name = source.reset_index() if source.index.name else source, "a table"
    else:
        path = Path(source)
        check_file(path, {".csv"})
        raw, name = _read_csv(path), path.name
    code_column = habits.find_column(raw, habits.WARD_CODE, code, "ward code", 'code="..."')
    column = habits.find_column(raw, _POPULATION, column, "population", 'column="..."')
    codes = habits.clean_codes(raw[code_column])
    _refuse_bad_codes(codes, name)
    people = _numbers(raw[column], codes, column)
    when = vintage or _vintage(column)
    method = f"Residents{f', {when}' if when else ', date not known'}: column {column!r} of {name}."
    population = pd.DataFrame({"population": people.to_numpy()}, index=pd.Index(codes, name="ward_code"))
    population["population_method"] = pd.Categorical([method] * len(population))
    return population.sort_index()


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            f"{path.name!r} is not a readable CSV file.", str(error).strip(), mend="save it as 'CSV UTF-8'."
        ) from error


def _refuse_bad_codes(codes: pd.Series, name: str) -> None:
    if codes.isna().any():
        raise InputError(
            f"{counted(codes.isna().sum(), 'row')} of {name} without a ward code.",
            f"rows: {codes.index[codes.isna()].tolist()[:8]}",
            mend="take out totals and blank rows.",
        )
    if codes.duplicated().any():
        raise DuplicateWardError(
            f"{name} gives some wards more than one population.",
            f"ward codes: {listed(codes[codes.duplicated()].unique())}",
            mend="keep one row per ward (one year, all ages, all persons).",
        )


def _numbers(values: pd.Series, codes: pd.Series, column: str) -> pd.Series:
    text = values.astype(str).str.replace(",", "").str.strip()
    numbers = pd.to_numeric(text.where(values.notna()), errors="coerce")
    bad = (numbers.isna() & values.notna()) | (numbers < 0) | np.isinf(numbers)
    if bad.any():
        raise InputError(
            f"{counted(bad.sum(), 'value')} of {column!r} cannot be a number of people.",
            f"values: {listed(values[bad])}",
            f"wards: {listed(codes[bad])}",
            mend="leave the cell blank where the number is not known.",
        )
    return numbers.astype(float)


def _vintage(column: str) -> str:
    """Read `mid-2017` out of `pop_mid2017`, and `2017` out of `population_2017`."""
    found = re.search(r"(mid)?[_-]?((?:19|20)\d\d)", column, re.IGNORECASE)
    if not found:
        return ""
    return f"mid-{found[2]}" if found[1] else found[2]
