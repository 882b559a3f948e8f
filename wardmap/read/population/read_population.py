"""`read_population`: denominators, with what they count and when."""

import re
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import DuplicateWardError, InputError, Use, counted, listed
from wardmap.formats.archive import file_member
from wardmap.formats.find import check_file
from wardmap.formats.table import TABLES, read_table
from wardmap.read import columns as habits
from wardmap.read.population.small_areas import to_wards

What = Literal["residents", "workday population", "households", "road km"]

_VERB = "read_population"
_POPULATION = {
    "residents": (
        r"population",
        r"pop(ulation)?_(?!dens).*",
        r"all_?ages",
        r"obs_value",
        r"people|residents",
    ),
    "workday population": (
        r"(?!.*dens)work(day|place)(_?(population|pop))?(_.*)?",
        r"daytime(_.*)?",
        r"obs_value",
    ),
    "households": (r"households?(_.*)?", r"dwellings?(_.*)?", r"obs_value"),
    "road km": (r"road_?(km|length)(_.*)?", r"length_km"),
}


def read_population(
    source: str | Path | pd.DataFrame,
    *,
    code: str | None = None,
    column: str | None = None,
    vintage: str | None = None,
    what: What = "residents",
    lookup: str | Path | pd.DataFrame | None = None,
    area: str | None = None,
    layer: str | None = None,
) -> pd.DataFrame:
    """Read how many people each ward has, and keep with the numbers what they count.

    Answers: out of how many? A rate is only as good as its denominator.

    Parameters
    ----------
    source
        A table with a column of ward codes (or, with `lookup`, of small areas) and one of people:
        CSV, TSV, Excel or Parquet, or a DataFrame.
    code, column
        The columns of ward codes and of people, where they cannot be found by habit, or where
        several columns could be meant (`pop_mid2017`, `pop_mid2019`).
    vintage
        When the people were counted, where the column's name does not tell ("mid-2017").
    what
        What is counted: `residents`, `workday population`, `households` or `road km`. Read several,
        and give each to `add_rates` with its own `into=`: the rates then stand side by side.
    lookup
        For people by small area (LSOA): the table that says which ward each belongs to, one row an
        area: `from_code` (small area) and `to_code` (ward), or as published, with codes found by habit.
        `code` is then the column of wards in the lookup.
    area
        The column of small areas, where it cannot be found by habit: in the table of people, and in the
        lookup if it is called the same there.
    layer
        The sheet of a workbook, if there are several.

    Returns
    -------
    DataFrame
        Index `ward_code`: `population` (people, or what `what` says; null where not known),
        `population_year` (whole number; null where not known) and `population_method`.

    Raises
    ------
    InputError
        No such file, text or negative numbers among the people, several columns that could be meant,
        a small area in two wards.
    MissingColumnError
        No column looks like a ward code or a population.
    DuplicateWardError
        A ward appears twice.

    Warns
    -----
    IncompleteWarning
        Small areas with people are not in the lookup, or areas of the lookup have no people on file:
        these wards' sums are too low.

    Notes
    -----
    Residents are a poor denominator in a town centre, where most who are there live elsewhere:
    the rate then measures footfall. Show the count beside the rate, and a second denominator. Small
    areas need not nest in wards: a lookup by best fit gives each to one ward, and a ward's sum is
    off by what lies across its line.

    Examples
    --------
    >>> import wardmap as wm
    >>> people = wm.read_population(wm.demo.population_file())
    >>> int(people["population"].sum()), int(people["population_year"].max())
    (117552, 2017)
    """
    if what not in get_args(What):
        raise InputError(f"There is no denominator {what!r}.", mend=f"what= one of {listed(get_args(What))}")
    raw, name = _open(source, layer)
    column = habits.find_column(
        raw, _POPULATION[what], column, "population" if what == "residents" else what, Use(_VERB, "column")
    )
    if lookup is None:
        code_column = habits.find_column(raw, habits.WARD_CODE, code, "ward code", Use(_VERB, "code"))
        codes = habits.clean_codes(raw[code_column])
        _refuse_bad_codes(codes, name)
        people, how = _numbers(raw[column], codes, column), f"column {column!r} of {name}"
    else:
        fit, fit_name = _open(lookup, None)
        areas = _by_area(raw, column, area, name)
        people, how = to_wards(areas, fit, code=code, area=area, names=(name, fit_name))
        codes, how = pd.Series(people.index), f"column {column!r} of {name}, {how}"
    when = vintage or _vintage(column)
    method = f"{what.capitalize()}{f', {when}' if when else ', date not known'}: {how}."
    population = pd.DataFrame({"population": people.to_numpy()}, index=pd.Index(codes, name="ward_code"))
    year = re.search(r"(?:19|20)\d\d", when)
    population["population_year"] = pd.array(
        [int(year[0]) if year else None] * len(population), dtype="Int64"
    )
    population["population_method"] = pd.Categorical([method] * len(population))
    population = population.sort_index()
    schema.check(population, schema.POPULATION)
    return population


def _open(source: str | Path | pd.DataFrame, layer: str | None) -> tuple[pd.DataFrame, str]:
    if isinstance(source, pd.DataFrame):
        raw, name = (source.reset_index() if source.index.name else source), "a table"
    else:
        path = Path(source)
        check_file(path, TABLES)
        raw, name = read_table(file_member(path), layer, verb=_VERB)[0], path.name
    habits.refuse_repeated(raw.columns, name)
    return raw, name


def _by_area(raw: pd.DataFrame, column: str, area: str | None, name: str) -> pd.Series:
    """Return people by small area."""
    area_column = habits.find_column(raw, habits.SMALL_AREA, area, "small area", Use(_VERB, "area"))
    areas = habits.clean_codes(raw[area_column])
    _refuse_bad_codes(areas, name)
    return pd.Series(_numbers(raw[column], areas, column).to_numpy(), index=pd.Index(areas, name=area_column))


def _refuse_bad_codes(codes: pd.Series, name: str) -> None:
    if codes.isna().any():
        raise InputError(
            f"{counted(codes.isna().sum(), 'row')} of {name} without a code.",
            f"rows: {listed(codes.index[codes.isna()])}",
            mend="take out totals and blank rows.",
        )
    if codes.duplicated().any():
        raise DuplicateWardError(
            f"{name} gives some areas more than one population.",
            f"codes: {listed(codes[codes.duplicated()].unique())}",
            mend="keep one row per area (one year, all ages, all persons).",
        )


def _numbers(values: pd.Series, codes: pd.Series, column: str) -> pd.Series:
    text = values.astype(object).where(values.notna(), "").astype(str).str.replace(",", "").str.strip()
    numbers = pd.to_numeric(text.where(values.notna()), errors="coerce")
    bad = (numbers.isna() & values.notna()) | (numbers < 0) | np.isinf(numbers)
    if bad.any():
        raise InputError(
            f"{counted(bad.sum(), 'value')} of {column!r} cannot be a number of people.",
            f"values: {listed(values[bad])}",
            f"areas: {listed(codes[bad])}",
            mend="leave the cell blank where the number is not known.",
        )
    return numbers.astype(float)


def _vintage(column: str) -> str:
    """Read `mid-2017` out of `pop_mid2017`, and `2017` out of `population_2017`."""
    found = re.search(r"(mid)?[_-]?((?:19|20)\d\d)", column, re.IGNORECASE)
    if not found:
        return ""
    return f"mid-{found[2]}" if found[1] else found[2]
